"""Figures as people write them."""

from datetime import UTC, date, datetime

import pytest

from hotline.classification.language import LANGUAGES
from hotline.web.formats import Formats

DA, EN = Formats("da"), Formats("en")


@pytest.mark.parametrize(
    "seconds, said",
    [(None, "–"), (0, "0 s"), (59.4, "59 s"), (60, "1 min"), (200, "3 min 20 s"), (3900, "1 t 5 min"), (-2, "0 s")],
)
def test_a_wait_is_said_in_the_two_largest_units(seconds, said):
    assert DA.duration(seconds) == said


def test_danes_and_britons_write_numbers_in_their_own_way():
    assert (DA.number(12345), EN.number(12345)) == ("12.345", "12,345")
    assert (DA.percent(0.874), EN.percent(0.874)) == ("87 %", "87 %")


def test_nothing_counted_is_a_dash_and_not_zero():
    assert (DA.number(None), DA.percent(None)) == ("–", "–")


def test_the_clock_is_the_one_on_a_danish_wall_summer_and_winter():
    assert DA.clock(datetime(2026, 1, 5, 11, 30, tzinfo=UTC)) == "12.30"
    assert EN.clock("2026-07-05T11:30:00+00:00") == "13:30"


def test_a_day_is_written_out():
    assert DA.day(date(2026, 11, 23)) == "23. november 2026"


def test_a_language_is_called_by_its_name():
    assert (DA.language_name("so"), EN.language_name("so")) == ("Somali", "Somali")
    assert (DA.language_name("ru"), EN.language_name("ru")) == ("Russisk", "Russian")


@pytest.mark.parametrize("reader", [DA, EN], ids=["da", "en"])
def test_every_language_that_the_hotline_tells_has_a_name(reader):
    assert [code for code in LANGUAGES if reader.language_name(code) == code] == []


def test_a_language_that_is_none_is_called_as_it_was_said():
    assert DA.language_name("zz") == "zz"
