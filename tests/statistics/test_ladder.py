"""Any period is made of few wholes, and a wait is found again within a tenth."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.clock import danish
from hotline.statistics.ladder import Rung, after, begin, steps
from hotline.statistics.waits import bucket_of, percentile

FIRST = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 10 * 366 * 86_400).map(lambda seconds: FIRST + timedelta(seconds=seconds))


@given(MOMENTS, MOMENTS)
def test_steps_follow_each_other_begin_at_danish_midnights_and_are_few(one, other):
    start, end = min(one, other), max(one, other)
    parts = steps(start, end)
    assert [part.start for part in parts[1:]] == [part.end for part in parts[:-1]]
    assert (parts[0].start, parts[-1].end) == (start, end) if start < end else parts == []
    wholes = [part for part in parts if part.rung is not None]
    for part in wholes:
        first = danish(part.start)
        assert (first.hour, first.minute, part.start) == (0, 0, begin(part.rung, part.start))
        assert part.rung == Rung.DAY or (first.day == 1 and (part.rung == Rung.MONTH or first.month == 1))
    assert sum((part.end - part.start for part in parts if part.rung is None), timedelta()) < timedelta(hours=50)
    assert sum((part.end - part.start).days for part in parts if part.rung == Rung.DAY) <= 61
    assert sum((part.end - part.start).days for part in parts if part.rung == Rung.MONTH) <= 23 * 31


@pytest.mark.parametrize("month, hours", [(3, 31 * 24 - 1), (10, 31 * 24 + 1), (2, 28 * 24)])
def test_a_month_is_as_long_as_its_clock_shows(month, hours):
    begun = begin(Rung.MONTH, datetime(2026, month, 15, tzinfo=UTC))
    assert (after(Rung.MONTH, begun) - begun) / timedelta(hours=1) == hours


@pytest.mark.parametrize("longest", [3, 100, 5_000, 200_000])
def test_percentiles_of_sums_are_those_of_all_waits_within_a_tenth(longest):
    chance = random.Random(longest)
    waits = sorted(chance.random() ** 3 * longest for _ in range(5_000))
    found = {}
    for wait in waits:
        found[bucket_of(wait)] = found.get(bucket_of(wait), 0) + 1
    for share in (0.5, 0.9, 0.95):
        exact = waits[int(share * len(waits))]
        assert percentile(found, share) == pytest.approx(min(exact, 2 ** (135 / 8)), rel=0.1, abs=1)
    assert percentile({3: 19}, 0.5) is None and percentile({}, 0.5) is None
    assert percentile({0: 20}, 0.5) == 0.5
