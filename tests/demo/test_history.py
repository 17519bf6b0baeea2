"""A new demo has a past, in which everything is as if it had been lived."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random

import psycopg
import pytest
import sqlalchemy as sa
from sqlmodel import Session, func, select

from hotline.clock import danish
from hotline.demo import history
from hotline.inquiries.journal import JournalLine
from hotline.inquiries.models import Inquiry
from hotline.sample.seed import seed
from hotline.settings import settings
from hotline.statistics.models import FIGURES
from hotline.statistics.rebuild import rebuild
from hotline.statistics.summarize import summarize
from tests.building import TEST, owner, transaction
from tests.invariants import check

NOW = datetime(2026, 12, 1, 11, tzinfo=UTC)


@pytest.fixture
def lived(with_facts, monkeypatch):
    """A week of the past in the sample region, which is enough to look at; how many inquiries it has."""
    monkeypatch.setattr(history, "WEEKS", 1)
    monkeypatch.setattr(history, "A_DAY", 80.0)
    with Session(owner()) as session:
        seed(session, Random(1), NOW)
        session.commit()
    with psycopg.connect(settings().owner_url, autocommit=True) as connection:
        yield history.give_history(connection, NOW)


def sums(session):
    return [sorted(map(tuple, session.execute(sa.select(table)))) for table in FIGURES.tables]


def test_the_past_of_a_demo_is_one_that_a_hotline_could_have_had(lived):
    with Session(owner()) as session:
        assert check(session) == []
        assert lived == session.exec(select(func.count()).select_from(Inquiry)).one() > 200
        events = Counter(session.exec(select(JournalLine.event)))
        days = {danish(at).date() for at in session.exec(select(Inquiry.received_at))}
        ends = session.exec(select(func.max(JournalLine.at))).one()
    rare = ("abandoned", "refused", "lapsed", "transferred", "handed_over")
    assert all(0 < events[event] < events["accepted"] / 5 for event in rare), events
    assert days == {date(2026, 11, day) for day in (24, 25, 26, 27, 29, 30)}  # on Saturday nobody answers
    assert ends < NOW - timedelta(hours=11)  # yesterday, so that today is what has happened


def test_every_figure_of_the_past_is_counted_from_its_journal_and_there_is_one_past(lived):
    with transaction() as session:
        assert summarize(session, 10**6) > 5 * lived
        counted = sums(session)
        offered = session.execute(sa.select(sa.func.sum(FIGURES.intervals.c.offered))).scalar_one()
    assert offered == lived
    rebuild(TEST)
    with transaction() as session:
        assert sums(session) == counted
    with psycopg.connect(settings().owner_url, autocommit=True) as connection:
        assert history.give_history(connection, NOW) == 0  # there are inquiries
