"""The years that figures are timed on are closed inquiries with a journal that can be counted, and sums like those."""

from datetime import UTC, datetime

import psycopg
import pytest
import sqlalchemy as sa

from hotline.bench.sums import sum_up
from hotline.bench.years import YEARS, live_through
from hotline.directory.shipped import seed_facts
from hotline.statistics.models import COUNTS, FIGURES
from tests.statistics.lines import take_all, total
from tests.statistics.recount import kept, recounted

UNTIL = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.mark.thorough
def test_three_years_of_closed_inquiries_are_counted_whole(db):
    seed_facts(db)
    db.commit()
    url = db.get_bind().url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as owner:
        largest, *others = live_through(owner, 400, UNTIL, lambda so_far: None)
    take_all(db)
    counted_by_lines = kept(db, FIGURES.tables)
    db.commit()
    with psycopg.connect(url, autocommit=True) as owner:
        sum_up(owner)
    counted = total(db)
    assert {name: counted[name] for name in ("offered", "answered", "closed")} == dict.fromkeys(COUNTS[:2], 400) | {
        "closed": 400
    }
    assert kept(db, FIGURES.tables) == counted_by_lines == recounted(db)
    came = db.execute(sa.text("SELECT municipality, min(received_at), max(received_at) FROM inquiry GROUP BY 1")).all()
    assert max(row[2] for row in came) - min(row[1] for row in came) < YEARS
    assert len(others) == 97 and largest in {row[0] for row in came}
