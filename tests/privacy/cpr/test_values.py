"""CPR numbers are found in attributes: as numbers of JSON, by the members' names, and over several of them."""

import pytest

from hotline.privacy.cpr.values import find_in

HELD = [
    {"id": 101651237},
    {"id": 101651237.0},
    {"id": 2811996124.0},
    [2811996124],
    {"cpr": "10165-1237"},
    {"cprNumber": "101651237"},
    {"CPR_nr_2": "10165-1237"},
    {"person_number": "1.1.65-1237"},
    {"label": "CPR-nummer", "value": "10165-1237"},
    {"a": {"b": ["er mit cpr 101651237", {"c": "0101651237"}]}},
    {"birth": "010165", "last4": "1237"},
    {"birth": 10165, "last4": 1237},
    {"last4": "1237", "birth": "1965-01-01"},
    {"dateOfBirth": "1965-01-01", "suffix": "1237"},
    {"dateOfBirth": "01.01.1965", "cpr": 1237},
    {"foedselsdato": "01-01-1965", "loebenr": "1237"},
    {"fødselsdag": "1/1 1965", "sidste fire": "1237"},
    {"a": "010165", "b": "1237"},
    ["010165", "1237"],
    ["01", "01", "65", "1237"],
    [{"name": "birthday", "value": "010165"}, {"name": "last four", "value": "1237"}],
    {"birth": "født 1. januar 1965", "rest": "sidste fire er 1237"},
    list("0101651237"),
    {"html": "<b>010165</b>-1237"},
]
FREE = [
    {"date": "010165", "postcode": "8800"},
    {"date": "120324", "time": "1430"},
    {"birth": "010165", "zip": "8800", "city": "Viborg"},
    {"from": "010126", "to": "1430"},
    {"phone": "+4520304050", "queue": 4, "wait": 12.5},
    [21, 10, 62, 56, 29],
    {"started": 1764486000, "ended": 1764486123.5},
    {"lat": 55.676098, "lon": 12.568337},
    {"cpr": None, "phone": "20304050", "consent": True},
    {"amount": 101265, "count": 1237},
]


def left(value):
    """What of the value is still to be read."""
    return " ".join(
        leaf.text if not leaf.found else "".join(leaf.text[: leaf.found[0].start] + leaf.text[leaf.found[-1].end :])
        for leaf in find_in(value)
    )


@pytest.mark.parametrize("value", HELD, ids=repr)
def test_of_a_number_in_attributes_nothing_is_left(value):
    assert {one.number for leaf in find_in(value) for one in leaf.found} & {"0101651237", "2811996124"}
    assert not any(part in left(value) for part in ("1237", "6124", "010165", "10165", "01.01.1965", "1965-01-01"))


@pytest.mark.parametrize("value", FREE, ids=repr)
def test_other_attributes_are_left_alone(value):
    assert [leaf.found for leaf in find_in(value) if leaf.found] == []
