"""What people read: rows, series, topics, all municipalities, and who answered for whom."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session

from hotline.directory.models import Collaboration, Membership, Municipality
from hotline.inquiries.states import Event
from hotline.statistics import promises, queries
from hotline.statistics.queries import Exchange
from hotline.statistics.spans import Grain
from tests.statistics.lines import MORNING, take_all, write

DAY = (MORNING.replace(hour=0), MORNING.replace(hour=0) + timedelta(days=1))
CLOSED = {"outcome": "resolved", "first_contact": True, "talk_seconds": 60.0, "wrap_seconds": 5.0}
WAITED = {"wait_seconds": 10.0, "target_seconds": 60, "first": True}


def test_a_row_is_one_interval_topic_and_channel(db: Session):
    write(db, Event.OFFERED)
    write(db, Event.OFFERED, MORNING + timedelta(minutes=5))
    write(db, Event.OFFERED, channel="email", topic=None)
    write(db, Event.OFFERED, MORNING + timedelta(minutes=30), topic="mitid")
    write(db, Event.OFFERED, municipality="0860")
    db.commit()
    take_all(db)
    rows = queries.municipality_rows(db, "0751", *DAY, Grain.QUARTER)
    assert [(r.start.isoformat(), r.topic, r.channel, r.counts["offers_made"]) for r in rows] == [
        ("2026-11-21T09:00:00+01:00", None, "email", 1),
        ("2026-11-21T09:00:00+01:00", "passport", "phone", 2),
        ("2026-11-21T09:30:00+01:00", "mitid", "phone", 1),
    ]
    by_hour = queries.municipality_rows(db, "0751", *DAY, Grain.HOUR)
    assert {(r.start.isoformat(), r.topic) for r in by_hour} == {
        ("2026-11-21T09:00:00+01:00", topic) for topic in (None, "passport", "mitid")
    }


@pytest.mark.parametrize("day, hours", [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 21), 24)])
def test_a_danish_day_has_as_many_hours_as_its_clock_shows(db: Session, day: date, hours: int):
    noon_before = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) - timedelta(days=1)
    for hour in range(48):
        write(db, Event.OFFERED, noon_before + timedelta(hours=hour))
    db.commit()
    take_all(db)
    within = (noon_before, noon_before + timedelta(days=2))
    days = queries.series(db, "0751", *within, Grain.DAY)
    [counted] = [point for point in days if point.start.date() == day]
    assert counted.counts["offers_made"] == hours
    assert (counted.start.hour, counted.start.minute) == (0, 0)
    assert len(queries.series(db, "0751", *within, Grain.HOUR)) == 48


def test_a_period_begins_with_its_first_moment_and_ends_before_its_last(db: Session):
    start = MORNING.replace(minute=0, second=0)
    for minutes in (-15, 0, 15, 30):
        write(db, Event.OFFERED, start + timedelta(minutes=minutes))
    db.commit()
    take_all(db)
    assert queries.totals(db, "0751", start, start + timedelta(minutes=30))["offers_made"] == 2


def test_totals_are_the_sums_of_the_rows_the_topics_and_the_municipalities(db: Session):
    for code, name in (("0751", "Aarhus"), ("0860", "Hjørring"), ("0746", "Skanderborg")):
        db.add(Municipality(code=code, name=name, region="Midtjylland"))
    for code, topic in (("0751", "passport"), ("0751", "mitid"), ("0860", "passport"), ("0860", None)):
        write(db, Event.ACCEPTED, municipality=code, topic=topic, answering="0860", **WAITED)
        write(db, Event.CLOSED, municipality=code, topic=topic, answering="0860", **CLOSED)
    db.commit()
    take_all(db)
    everything = queries.totals(db, None, *DAY)
    assert (everything["closed"], everything["talk_seconds"], everything["answered_for_others"]) == (4, 240.0, 2)
    topics = queries.by_topic(db, None, *DAY)
    assert [(one.topic, one.counts["closed"]) for one in topics] == [(None, 1), ("mitid", 1), ("passport", 2)]
    assert [(one.topic, one.counts["closed"]) for one in queries.by_topic(db, "0860", *DAY)] == [
        (None, 1), ("mitid", 0), ("passport", 1),
    ]  # fmt: skip
    figures = {one.code: one for one in queries.overview(db, *DAY)}
    assert {code: one.counts["closed"] for code, one in figures.items()} == {"0746": 0, "0751": 2, "0860": 2}
    assert figures["0860"].name == "Hjørring"
    assert figures["0751"].measures.service_level == 1
    assert figures["0746"].measures.service_level is None


def test_a_period_without_anything_counts_nothing(db: Session):
    assert set(queries.totals(db, "0751", *DAY).values()) == {0}
    assert queries.municipality_rows(db, "0751", *DAY, Grain.DAY) == []
    assert queries.exchange(db, *DAY) == []


def test_the_exchange_says_who_answered_for_whom(db: Session):
    for answering in ("0860", "0860", "0751"):
        write(db, Event.CLOSED, answering=answering, **CLOSED)
    write(db, Event.TRANSFERRED, answering="0791", talk_seconds=30.0, wrap_seconds=0.0)
    write(db, Event.CLOSED, municipality="0860", answering="0791", **CLOSED)
    db.commit()
    take_all(db)
    assert queries.exchange(db, *DAY) == [
        Exchange("0751", "0751", 0, 1, 60.0, 5.0),
        Exchange("0751", "0791", 0, 0, 30.0, 0.0),
        Exchange("0751", "0860", 0, 2, 120.0, 10.0),
        Exchange("0860", "0791", 0, 1, 60.0, 5.0),
    ]
    assert {(one.home, one.answering) for one in queries.exchange(db, *DAY, only="0860")} == {
        ("0751", "0860"),
        ("0860", "0791"),
    }


def test_the_collaboration_chooses_the_formula_while_a_municipality_is_in_it(db: Session):
    db.add(Municipality(code="0751", name="Aarhus", region="Midtjylland"))
    pool = Collaboration(name="Pool", sl_formula="B")
    db.add(pool)
    db.flush()
    db.add(Membership(collaboration_id=pool.id, municipality="0751", joined=date(2026, 11, 1), left=date(2026, 12, 1)))
    db.flush()
    assert [promises.sl_formula(db, "0751", MORNING + timedelta(days=days)) for days in (-30, 0, 30)] == ["D", "B", "D"]
    [aarhus] = queries.overview(db, *DAY)
    assert aarhus.measures.sl_formula == "B"
