"""What the README and docs/ say of files, settings and commands is so."""

import re

import pytest
from typer.main import get_command

from hotline.cli import COMMANDS, commands
from hotline.resources import ROOT
from hotline.settings import Settings
from tests.privacy import columns

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("loadtests/*.md")])
LINK = re.compile(r"\]\((?!\w+:)([^)#]*)(?:#([^)]+))?\)")
BLOCK = re.compile(r"^```\n(.*?)^```", re.MULTILINE | re.DOTALL)
QUOTED = re.compile(r"`([^`\n]+)`")
COMMAND = re.compile(r"^(?:\.venv/bin/)?hotline (.+)$", re.MULTILINE)
FILE = re.compile(r"(?<![\w./~-])(?:config|deploy|docs|hotline|loadtests|templates|tests|workers)/[\w./-]*\w")

HOTLINE = get_command(commands())

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


@each_page
def test_every_link_of_a_page_leads_somewhere(page):
    assert [link for link, place in LINK.findall(page.read_text()) if not leads_somewhere(page, link, place)] == []


@each_page
def test_every_command_that_a_page_names_is_there_with_its_options(page):
    named = COMMAND.findall("\n".join(as_typed(page)))
    assert [line for line in named if not can_be_typed(line.partition(" #")[0])] == []


@each_page
def test_every_file_that_a_page_names_is_there(page):
    named = FILE.findall("\n".join(as_typed(page)))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_what_cannot_be_typed_is_noticed():
    assert can_be_typed("integrators add NAME --scope intake") and can_be_typed("keys rotate")
    assert not any(map(can_be_typed, ("keyz rotate", "keys rotated", "keys rotate --never")))


def test_the_operator_finds_every_setting_with_its_default():
    told = dict(
        re.findall(r"^\| `(HOTLINE_\w+)` \| (.*?) \|", (ROOT / "docs" / "operation.md").read_text(), re.MULTILINE)
    )
    fields = {f"HOTLINE_{name.upper()}": field.default for name, field in Settings.model_fields.items()}
    assert told.keys() == fields.keys()
    in_words = {"HOTLINE_DATA_DIR", "HOTLINE_KEYS_FILE", "HOTLINE_ERASURES_FILE"}
    for name in fields.keys() - in_words:
        assert told[name] == f"`{str(fields[name]).lower() if isinstance(fields[name], bool) else fields[name]}`"


def test_every_column_that_can_hold_words_says_whether_it_may_name_a_citizen_and_when_it_goes():
    may, cannot = columns.listed()
    assert [one for one in columns.can_hold_words() if one not in may + cannot] == []
    assert [one for one in may + cannot if one not in columns.can_hold_words() or (may + cannot).count(one) > 1] == []


def test_the_readme_names_only_commands_that_there_are():
    blocks = "\n".join(BLOCK.findall((ROOT / "README.md").read_text()))
    named = set(re.findall(r"\.venv/bin/hotline (\w+)", blocks))
    assert len(named) >= 6
    assert named - set(COMMANDS) == set()
    targets = set(re.findall(r"^make (\w+)", blocks, re.MULTILINE))
    assert {"demo", "test", "setup"} <= targets
    assert [one for one in targets if not re.search(rf"^{one}:", (ROOT / "Makefile").read_text(), re.MULTILINE)] == []


def test_the_map_of_the_readme_shows_every_folder_and_none_that_is_not():
    drawn = (ROOT / "README.md").read_text().partition("## The map")[2].partition("\n## ")[0]
    shown = set(re.findall(r"(?<![\w/.])([a-z]+)/(?=[ ,\n])", drawn))
    folders = {path.parent.name for path in (ROOT / "hotline").glob("*/__init__.py")}
    assert folders - shown == set()
    places = (ROOT, ROOT / "hotline", ROOT / "tests")
    assert [one for one in shown if not any((place / one).is_dir() for place in places)] == []


def as_typed(page):
    """What a page quotes: its blocks, and whatever stands between backticks in a line."""
    text = page.read_text()
    return BLOCK.findall(text) + QUOTED.findall(BLOCK.sub("", text))


def can_be_typed(line):
    """Whether `hotline` has this command, and the command every option; groups may be named without one."""
    found, options = HOTLINE, set(re.findall(r"--[a-z-]+", line))
    for word in re.sub(r"\W\|\W|…", " ", line).split():
        if not getattr(found, "commands", None):
            break
        found = found.commands.get(word)
        if found is None:
            return False
    known = {name for option in found.params for name in (*option.opts, *option.secondary_opts)}
    return options <= known


def leads_somewhere(page, link, place):
    target = page.parent / link if link else page
    if not place:
        return target.exists()
    headings = re.findall(r"^#+ (.*)$", target.read_text(), re.MULTILINE)
    return place in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
