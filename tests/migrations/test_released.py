"""A data folder of the last released shape comes up under the new one, with all that was in it, and work goes on there.

`released.sql` is what pg_dump wrote of a database of that shape, after a day of two agents and six inquiries of one
invented citizen; `released_ring.json` are the keys of her fields.
"""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text

from hotline.migrations.rights import differing
from hotline.migrations.run import differences, migrate, missing
from hotline.privacy import vault
from hotline.settings import settings
from tests.builders import HJORRING, Api, a_key, signed_in
from tests.building import owner
from tests.offers.doing import events_of, sound

HERE = Path(__file__).parent
RELEASED = (HERE / "released.sql").read_text()
COUNTS = Counter(re.findall(r"^INSERT INTO public\.(\w+)", RELEASED, re.MULTILINE))
SUMS = "SELECT * FROM interval_sum ORDER BY start, municipality, topic, channel"
ROLE = "DO $$ BEGIN CREATE ROLE hotline_desk NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"


def counted(connection, tables):
    """How many rows each of these tables has."""
    return {one: connection.execute(text(f"SELECT count(*) FROM {one}")).scalar_one() for one in tables}


@pytest.fixture
def released(with_facts):
    """The database of a data folder that the last release has written, and its key ring."""
    with owner().begin() as connection:
        connection.exec_driver_sql(
            "DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO public"
        )
        connection.exec_driver_sql(ROLE)
        connection.connection.dbapi_connection.execute(RELEASED)
    shutil.copy(HERE / "released_ring.json", settings().key_ring)
    vault.forget()


@pytest.fixture
def migrated(released):
    """The same under the new shape."""
    migrate(owner())


def test_nothing_is_lost_on_the_way_to_the_new_shape(released):
    with owner().connect() as connection:
        before = counted(connection, COUNTS.keys() - {"alembic_version"})
        sums = connection.execute(text(SUMS)).mappings().all()
    assert before == {table: COUNTS[table] for table in before} and len(before) > 20
    migrate(owner())
    with owner().connect() as connection:
        assert (missing(connection), differences(connection), differing(connection)) == ([], [], [])
        assert counted(connection, before) == before
        assert counted(connection, ["agent_work"]) == {"agent_work": before["agent"]}
        after = connection.execute(text(SUMS)).mappings().all()
    assert [{name: row[name] for name in sums[0]} for row in after] == [dict(row) for row in sums]
    sound()


def test_what_was_in_hand_is_ended_and_what_comes_is_taken_in(migrated, web):
    anna = signed_in(web, "anna")
    [held] = anna.get("/me").json()["inquiries"]
    assert held["citizen"]["name"] == "Karla Opdigtet" and held["text"] == "Hvornår er mit pas klar?"
    ended = anna.post(f"/inquiries/{held['id']}/closure", json={"outcome": "resolved", "note": "Fredag"})
    assert (ended.status_code, events_of(held["id"])[-2:]) == (200, ["accepted", "closed"])
    asked = {"channel": "web", "municipality": HJORRING, "text": "Hvad koster et pas?"}
    assert Api(web, a_key()).post("/inquiries", json=asked).status_code == 201
    sound()
