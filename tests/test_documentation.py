"""What the README and docs/ say of files, settings and commands is so."""

import re

import pytest
from typer.main import get_command

from hotline.cli import app
from hotline.settings import ROOT, Settings

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("loadtests/*.md")])
LINK = re.compile(r"\]\((?!\w+:)([^)#]+)\)")
BLOCK = re.compile(r"^```\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page):
    assert [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()] == []


def test_the_operator_finds_every_setting_with_its_default():
    told = dict(
        re.findall(r"^\| `(HOTLINE_\w+)` \| (.*?) \|", (ROOT / "docs" / "operation.md").read_text(), re.MULTILINE)
    )
    fields = {f"HOTLINE_{name.upper()}": field.default for name, field in Settings.model_fields.items()}
    assert told.keys() == fields.keys()
    in_words = {"HOTLINE_DATA_DIR", "HOTLINE_KEYS_FILE"}
    for name in fields.keys() - in_words:
        assert told[name] == f"`{str(fields[name]).lower() if isinstance(fields[name], bool) else fields[name]}`"


def test_the_readme_names_only_commands_that_there_are():
    blocks = "\n".join(BLOCK.findall((ROOT / "README.md").read_text()))
    named = set(re.findall(r"\.venv/bin/hotline (\w+)", blocks))
    assert len(named) >= 6
    assert named - get_command(app).commands.keys() == set()
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
