"""Random days, both clock changes and a turn of the year among them, counted a second time: equal in every cell."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

from hotline.statistics import queries
from hotline.statistics.ladder import Rung, begin
from hotline.statistics.models import COUNTS, FIGURES
from hotline.statistics.spans import Grain
from tests.statistics.lines import CODES, take_all, write_a_day
from tests.statistics.recount import kept, recounted

NIGHTS = ("2026-03-28T20:00Z", "2026-10-24T20:00Z", "2026-12-31T18:00Z", "2026-06-30T17:00Z")
FIRST = datetime(2025, 11, 1, 6, tzinfo=UTC)


def test_every_figure_is_what_a_second_count_of_the_journal_finds_and_any_period_is_the_sum_of_its_quarters(db):
    chance = random.Random(11)
    days = [FIRST + timedelta(days=chance.randrange(500)) for _ in range(5)]
    for number, begun in enumerate([*map(datetime.fromisoformat, NIGHTS), *days]):
        write_a_day(db, number, inquiries=25, morning=begun)
    db.commit()
    take_all(db, batch=400)
    second = recounted(db)
    assert kept(db, FIGURES.tables) == second
    assert {cell[0] for cell in second} == {table.name for table in FIGURES.tables} and len(second) > 5_000

    quarters = {cell: number for cell, number in second.items() if cell[0] in ("interval_sum", "exchange_sum")}
    for _ in range(12):
        code, whole = chance.choice([None, *CODES]), chance.random() < 0.5
        start, end = sorted(FIRST + timedelta(hours=chance.randrange(13_000)) for _ in range(2))
        end += timedelta(hours=1)
        if whole:
            start, end = (begin(Rung.DAY, moment) for moment in (start, end + timedelta(days=1)))
        within = {cell: number for cell, number in quarters.items() if start <= cell[2] < end}
        found = queries.totals(db, code, start, end)
        assert found == {name: _sum(within, "interval_sum", name, code) for name in COUNTS}
        for grain in (Grain.DAY, Grain.WEEK, Grain.MONTH):
            points = queries.series(db, code, start, end, grain)
            assert sum(point.counts["offered"] for point in points) == found["offered"]
        if whole:
            assert queries.waits(db, code, start, end) == _waits(second, start, end, code)
        pairs = queries.exchange(db, start, end, code)
        for name in ("answered", "inquiries", "talk_seconds", "wrap_seconds"):
            ours = {cell: n for cell, n in within.items() if code is None or code in cell[3:]}
            assert sum(getattr(pair, name) for pair in pairs) == _sum(ours, "exchange_sum", name, None)


def _waits(cells, start, end, code):
    found = Counter()
    for cell, number in cells.items():
        if cell[0] == "wait_sum" and cell[2] == "day" and start <= cell[3] < end and code in (None, cell[4]):
            found[cell[6]] += number
    return found


def _sum(cells, table, name, code):
    return sum(number for cell, number in cells.items() if cell[:2] == (table, name) and code in (None, cell[3]))
