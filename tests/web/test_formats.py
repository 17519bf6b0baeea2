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


@pytest.mark.parametrize(
    ("share", "written"),
    [
        (0.9995, ">99 %"), (0.99999999, ">99 %"), (0.995, ">99 %"), (0.9901, ">99 %"), (1, "100 %"), (0.99, "99 %"),
        (0.0005, "<1 %"), (1e-12, "<1 %"), (0.005, "<1 %"), (0.0, "0 %"), (0.01, "1 %"), (0.5, "50 %"),
    ],
)  # fmt: skip
def test_nearly_all_is_not_all_and_nearly_nothing_not_nothing(share, written):
    assert (DA.percent(share), EN.percent(share)) == (written, written)


@pytest.mark.parametrize(
    ("moment", "danish", "english"),
    [
        ("2026-11-30T04:59:00+00:00", "05.59", "05:59"),
        ("2026-11-29T04:59:00+00:00", "29. nov. kl. 05.59", "29 Nov, 05:59"),
        ("2026-11-29T23:30:00+00:00", "00.30", "00:30"),
        ("2026-11-29T22:59:00+00:00", "29. nov. kl. 23.59", "29 Nov, 23:59"),
        ("2026-06-30T22:30:00+00:00", "1. jul. kl. 00.30", "1 Jul, 00:30"),
        ("2025-12-31T12:00:00+00:00", "31. dec. 2025 kl. 13.00", "31 Dec 2025, 13:00"),
    ],
)
def test_a_time_that_is_not_todays_says_its_day(moment, danish, english):
    now = datetime(2026, 11, 30, 8, tzinfo=UTC)
    assert (DA.when(moment, now), EN.when(moment, now)) == (danish, english)


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
