"""What a municipality's page says of hours and days that have not come."""

from datetime import UTC, date, datetime

import pytest

from hotline.statistics.pages import rows
from hotline.statistics.spans import Span, window

SATURDAY = date(2026, 11, 21)
QUARTER_PAST_TEN = datetime(2026, 11, 21, 9, 15, tzinfo=UTC)


@pytest.mark.parametrize(("span", "counted", "ahead"), [(Span.DAY, 3, 9), (Span.WEEK, 6, 1), (Span.MONTH, 21, 9)])
def test_what_has_not_begun_lies_ahead_and_is_no_nought(db, span, counted, ahead):
    lines = rows(db, "0751", window(span, SATURDAY), "D", QUARTER_PAST_TEN)
    assert [line.ahead for line in lines] == [False] * counted + [True] * ahead
