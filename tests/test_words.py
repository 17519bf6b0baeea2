"""The words are those of the README's list: folders, tables, states, events, headings and the catalogues' keys."""

import ast
import re
from itertools import chain

import pytest
from sqlmodel import SQLModel

import hotline.migrations.metadata  # noqa: F401  every table
from hotline.inquiries.offer import OfferState
from hotline.inquiries.states import Event, State
from hotline.resources import ROOT
from hotline.web.language import catalogue

SECTION = (ROOT / "README.md").read_text().partition("## The words\n")[2].partition("\n## ")[0]
ROWS = [[cell.strip() for cell in row.split("|")[1:-1]] for row in SECTION.splitlines() if row.startswith("| ")][1:]
ENGLISH, DANISH = ([re.split(", ", row[column]) for row in ROWS] for column in (0, 1))
SAID_BESIDE = {word for row in ROWS for word in re.findall(r"\*([a-z]+)\*", row[2].partition("never a ")[0])}
WORDS = {re.sub(r"[ -]", "_", word.lower()) for word in chain(*ENGLISH, SAID_BESIDE)}
NEVER = {word for row in ROWS for word in re.findall(r"\*([a-z]+)\*", row[2].partition("never a ")[2])}

# What carries the rooms.
CARRY = {"bench", "cli", "client", "demo", "embedded", "migrations", "shared", "static", "web"}
# What is on every page, and beside the desk.
AROUND = {"menu", "page", "error", "recent", "look", "leaving"}

MEANS_ONE_THING = {
    "find": ("privacy/cpr",),  # CPR numbers in a text
    "refuse": ("offers", "client"),  # an offer
    "refused": ("inquiries", "offers"),
    "refusal": ("offers", "routing"),
    "keep": ("privacy", "directory", "handling"),  # by a rule of retention
    "current": ("policies",),
    "reader": ("classification",),  # of a text
    "identity": ("privacy",),  # a citizen's
    "interval": ("statistics",),
}


def test_a_word_stands_in_the_list_once_and_has_its_danish():
    every = list(chain(*ENGLISH))
    assert sorted(every) == sorted(set(every))
    assert [row for row, danish in zip(ENGLISH, DANISH, strict=True) if len(row) != len(danish) or "" in danish] == []


@pytest.mark.parametrize("kind", [State, Event, OfferState])
def test_what_happens_to_an_inquiry_has_its_word(kind):
    assert {str(one) for one in kind} - WORDS - {OfferState.OPEN} == set()


@pytest.mark.parametrize("place", ["hotline", "templates"])
def test_a_room_is_named_by_a_word_of_the_list(place):
    rooms = {path.parent.name for path in (ROOT / place).glob("*/*") if path.suffix in (".py", ".html")}
    assert [room for room in rooms - CARRY if not known(room)] == []


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_catalogues_speak_of_what_is_in_the_list(language):
    first = {key.partition(".")[0] for key in catalogue(language)}
    assert [key for key in first - CARRY - AROUND if not known(key)] == []


def test_nothing_is_called_by_a_word_that_means_it_no_longer():
    """Of modules, tables, columns, keys of the catalogues and headings."""
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    names = [
        *(str(path.relative_to(ROOT)) for path in ROOT.glob("hotline/**/*.py") if "versions" not in path.parts),
        *(column.name for table in SQLModel.metadata.tables.values() for column in (table, *table.columns)),
        *catalogue("en"),
        *chain(*(re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE) for page in pages)),
    ]
    assert NEVER
    assert [name for name in names if NEVER & {word.rstrip("s") for word in re.findall(r"[a-z]+", name.lower())}] == []


def test_the_desk_is_the_agents_page_and_nothing_else():
    """In the product's own words; addresses and texts of that page begin with it."""
    of_the_page = re.compile(r"/desk|(menu|console)[./]desk")
    beside = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for folder in ("hotline", "workers", "config/policies")
        for path in sorted((ROOT / folder).rglob("*.*"))
        if path.suffix in (".py", ".toml") and "versions" not in path.parts and "console" not in path.parts
        for line in path.read_text().splitlines()
        if re.search(r"desk(?!top)", of_the_page.sub("", line), re.IGNORECASE)
    ]
    beside += map(str, (ROOT / "tests").rglob("desk.py"))
    assert beside == []


@pytest.mark.parametrize(("word", "rooms"), MEANS_ONE_THING.items())
def test_what_is_defined_by_such_a_word_is_in_the_rooms_where_it_means_that(word, rooms):
    beside = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in sorted((ROOT / "hotline").rglob("*.py"))
        if not path.relative_to(ROOT / "hotline").as_posix().startswith((*rooms, "migrations/"))
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and {word, word + "s"} & {part.lower() for part in re.findall(r"[A-Z]?[a-z]+", node.name)}
    ]
    assert beside == []


def known(name):
    """Whether this is a word of the list, or more than one of it."""
    return bool({name, name.removesuffix("s"), re.sub("ies$", "y", name)} & WORDS)
