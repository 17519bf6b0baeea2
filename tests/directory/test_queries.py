"""Pages and the intake path read the same directory, and neither sees an old one for long."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import asyncpg
import pytest
from sqlmodel import update

from hotline.directory.errors import UnknownMunicipality
from hotline.directory.hours import Opening
from hotline.directory.models import Collaboration, Membership, Municipality, Topic
from hotline.directory.queries import READ, SNAPSHOT, Cache, load, load_async
from hotline.directory.snapshot import Directory
from hotline.sample.seed import seed

NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)  # a Monday
NIGHT = datetime(2026, 11, 23, 22, tzinfo=UTC)
TUESDAY_AT_EIGHT = datetime(2026, 11, 24, 7, tzinfo=UTC)


def in_the_async_path(db, act):
    """Run `act(pool)` on the test's database as the intake path does."""

    async def run():
        url = db.get_bind().url.set(drivername="postgresql").render_as_string(hide_password=False)
        async with asyncpg.create_pool(url, min_size=1, max_size=2) as pool:
            return await act(pool)

    return asyncio.run(run())


def a_directory(*memberships, hours=(), always_open=False):
    both = {n: Collaboration(id=n, name=f"collaboration {n}", always_open=always_open) for n in (1, 2)}
    aarhus = Municipality(code="0751", name="Aarhus", region="Midtjylland")
    return Directory({"0751": aarhus}, {}, both, memberships, dict.fromkeys(both, tuple(hours)))


def a_membership(collaboration, joined):
    return Membership(collaboration_id=collaboration, municipality="0751", joined=joined)


def test_both_paths_read_the_same_directory(db):
    seed(db, Random(1), NOON)
    db.commit()
    directory = load(db)
    assert in_the_async_path(db, load_async) == directory
    assert len(directory.municipalities) == 98
    assert len(directory.members(NOON)) == 36
    assert directory.topics["passport"].name == "Pas og legitimationskort"
    assert directory.hours[directory.collaboration_of("0860", NOON).id][4] == Opening(4, time(8), time(16))


def test_what_has_not_changed_is_not_made_anew(db):
    seed(db, Random(1), NOON)
    before = load(db)
    assert load(db).topics["passport"] is before.topics["passport"]
    db.exec(update(Topic).where(Topic.slug == "passport").values(open=False))
    assert not load(db).topics["passport"].open and before.topics["passport"].open


@pytest.mark.parametrize("model", READ)
def test_every_column_of_a_model_is_read(db, model):
    assert all(f"'{name}', " in SNAPSHOT for name in model.model_fields)


def test_an_empty_database_is_an_empty_directory(db):
    directory = load(db)
    assert (len(directory.municipalities), len(directory.topics), directory.members(NOON)) == (0, 0, [])


def test_the_sample_keeps_its_hours_unless_it_is_always_open(db):
    seed(db, Random(1), NOON)
    for always_open, opens in [(False, TUESDAY_AT_EIGHT), (True, None)]:
        db.exec(update(Collaboration).values(always_open=always_open))
        assert load(db).opening("0751", NIGHT) == opens


def test_a_topic_closed_by_an_administrator_is_closed_for_everyone_two_seconds_later(db):
    seed(db, Random(1), NOON)
    db.commit()
    time_passed = [NOON]
    cache = Cache(clock=lambda: time_passed[0])

    async def ask(pool):
        seen = [(await cache.get_async(pool)).topics["passport"].open]
        db.exec(update(Topic).where(Topic.slug == "passport").values(open=False))
        db.commit()
        for seconds in (1.9, 2.0):
            time_passed[0] = NOON + timedelta(seconds=seconds)
            seen.append((await cache.get_async(pool)).topics["passport"].open)
        return seen

    assert in_the_async_path(db, ask) == [True, True, False]


def test_a_clock_that_is_set_back_does_not_keep_an_old_directory(db):
    time_passed = [NOON]
    cache = Cache(clock=lambda: time_passed[0])

    async def ask(pool):
        old = await cache.get_async(pool)
        time_passed[0] = NOON - timedelta(hours=1)
        return old, await cache.get_async(pool)

    old, new = in_the_async_path(db, ask)
    assert new is not old


def test_of_many_who_ask_at_once_one_reads_and_all_get_the_same(db):
    async def ask(pool):
        cache = Cache(clock=lambda: NOON)
        return await asyncio.gather(*(cache.get_async(pool) for _ in range(50)))

    assert len({id(one) for one in in_the_async_path(db, ask)}) == 1


@pytest.mark.parametrize(
    ("day", "member"),
    [(date(2025, 12, 31), False), (date(2026, 1, 1), True), (date(2026, 6, 30), True), (date(2026, 7, 1), False)],
)
def test_a_municipality_is_a_member_from_the_day_it_joins_until_the_day_it_leaves(db, day, member):
    seed(db, Random(1), NOON)
    db.exec(update(Membership).values(joined=date(2026, 1, 1), left=date(2026, 7, 1)))
    assert load(db).is_member("0751", datetime.combine(day, time(12), UTC)) is member


def test_members_change_at_danish_midnight():
    directory = a_directory(a_membership(1, date(2026, 7, 1)))
    midnight = datetime(2026, 6, 30, 22, tzinfo=UTC)
    assert not directory.is_member("0751", midnight - timedelta(seconds=1))
    assert directory.is_member("0751", midnight)


@pytest.mark.parametrize("code", ["0101", "9999", ""])
def test_those_who_are_no_members_have_no_opening(code):
    with pytest.raises(UnknownMunicipality):
        a_directory(a_membership(1, date(2026, 1, 1))).opening(code, NOON)


def test_of_several_collaborations_one_that_is_open_is_enough():
    both = [a_membership(n, date(2026, 1, n)) for n in (1, 2)]
    directory = a_directory(*both, hours=[Opening(1, time(8), time(20))])
    assert directory.opening("0751", NOON) == TUESDAY_AT_EIGHT
    night_shift = Collaboration(id=2, name="at night", always_open=True)
    wider = replace(directory, collaborations={1: directory.collaborations[1], 2: night_shift})
    assert wider.opening("0751", NOON) is None
    assert wider.collaboration_of("0751", NOON).id == 1


def test_a_topic_that_it_keeps_from_the_open_collaboration_goes_by_the_hours_of_the_other():
    both = [a_membership(n, date(2026, 1, n)) for n in (1, 2)]
    directory = a_directory(*both, hours=[Opening(1, time(8), time(20))])
    night_shift = Collaboration(id=2, name="at night", always_open=True)
    keeping = {"collaborations": {1: directory.collaborations[1], 2: night_shift}}
    kept = replace(directory, **keeping, kept=frozenset({(2, "0751", "passport"), (2, "0860", "mitid")}))
    assert [kept.opening("0751", NOON, topic) for topic in ("passport", "mitid", None)] == [
        TUESDAY_AT_EIGHT,
        None,
        None,
    ]
    everywhere = replace(kept, kept=kept.kept | {(1, "0751", "passport")})
    assert everywhere.opening("0751", NOON, "passport") is None
