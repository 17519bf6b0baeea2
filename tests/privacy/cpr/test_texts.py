"""What is found of the texts in texts.tsv, by kind: everyday ones, hard ones, and what only looks like a number."""

from collections import defaultdict
from pathlib import Path

import pytest

from hotline.privacy.cpr import find, redact

EVERYDAY = {
    "dash", "blank", "together", "signs", "year in full", "form", "lines", "said digit by digit", "said in pairs",
    "said half", "said day", "month", "two parts", "nought lost", "label first", "four first", "birth and code",
    "in brackets", "loose day",
}  # fmt: skip


def texts():
    """Kind, the ten digits of the number or None, and the text."""
    for line in (Path(__file__).parent / "texts.tsv").read_text("utf-8").split("\n"):
        if line and not line.startswith("#"):
            kind, number, text = line.split("\t")
            text = text.replace("\\\\", "\0").replace("\\n", "\n").replace("\\t", "\t").replace("\0", "\\")
            yield kind, None if number == "-" else number, text


@pytest.fixture(scope="module")
def missed():
    """Of each kind, how many texts there are and which were not read rightly."""
    counted, wrong = defaultdict(int), defaultdict(list)
    for kind, number, text in texts():
        counted[kind] += 1
        if [one.number for one in find(text)] != ([number] if number else []):
            wrong[kind].append(text)
    for kind, count in counted.items():
        print(f"{kind:24} {count - len(wrong[kind]):3} of {count:3}", *map(repr, wrong[kind]))
    return {kind: (count, wrong[kind]) for kind, count in counted.items()}


def share(missed, kinds):
    """The share of the texts of these kinds that were read rightly."""
    count = sum(missed[kind][0] for kind in kinds)
    return 1 - sum(len(missed[kind][1]) for kind in kinds) / count


def test_numbers_are_found_in_nineteen_of_twenty_everyday_texts(missed):
    assert share(missed, EVERYDAY) >= 0.95


def test_numbers_are_found_in_nine_of_ten_hard_texts(missed):
    assert share(missed, {kind for kind in missed if not kind.startswith("lookalike")} - EVERYDAY) >= 0.9


def test_no_more_than_two_of_a_hundred_other_texts_lose_anything(missed):
    assert share(missed, {kind for kind in missed if kind.startswith("lookalike")}) >= 0.98


def test_of_no_number_that_is_found_the_last_four_stay(missed):
    for _, number, text in texts():
        redacted, found = redact(text)
        assert all(text[one.start : one.end] == one.text for one in found)
        assert not (found and number and number[-4:] in redacted), text
