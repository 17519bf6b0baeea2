"""What a municipality's page says of hours and days that have not come, and of its topics."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hotline.inquiries.states import Event
from hotline.statistics.pages import rows, topics
from hotline.statistics.queries import totals
from hotline.statistics.spans import Span, window
from tests.statistics.desk import MORNING, take_all, write

SATURDAY = date(2026, 11, 21)
QUARTER_PAST_TEN = datetime(2026, 11, 21, 9, 15, tzinfo=UTC)


@pytest.mark.parametrize(("span", "counted", "ahead"), [(Span.DAY, 3, 9), (Span.WEEK, 6, 1), (Span.MONTH, 21, 9)])
def test_what_has_not_begun_lies_ahead_and_is_no_nought(db, span, counted, ahead):
    lines = rows(db, "0751", window(span, SATURDAY), "D", QUARTER_PAST_TEN)
    assert [line.ahead for line in lines] == [False] * counted + [True] * ahead


def test_a_topic_of_which_nothing_came_in_but_something_was_answered_or_given_up_stands_in_the_table(db):
    waited = {"wait_seconds": 20.0, "target_seconds": 60}
    write(db, Event.CLASSIFIED, MORNING - timedelta(days=1), received_at=MORNING - timedelta(days=1), topic="mitid")
    write(db, Event.ACCEPTED, topic="mitid", answering="0751", first=True, **waited)
    write(db, Event.ABANDONED, topic="doctor", received_at=MORNING - timedelta(days=1), classified=True, **waited)
    write(db, Event.CLOSED, topic="relocation", outcome="other", first_contact=False, talk_seconds=9, wrap_seconds=0)
    write(db, Event.CLASSIFIED)
    db.commit()
    take_all(db)
    shown = window(Span.DAY, SATURDAY)
    lines = topics(db, "0751", shown, "D", {})
    assert [line.name for line in lines] == ["–", "–", "–"]
    for name in ("offered", "answered", "abandoned"):
        assert sum(line.counts[name] for line in lines) == totals(db, "0751", shown.start, shown.end)[name] == 1
