"""A list is walked through page by page, while others write."""

import base64
import uuid
from dataclasses import replace
from itertools import chain

import pytest
from sqlalchemy import event, text

from hotline.access.guards import KeyHolder
from hotline.clock import now
from hotline.db import transaction
from hotline.directory.models import Person, Role
from hotline.ids import new_id, reference_of
from hotline.inquiries.facts import Received
from hotline.inquiries.journal import record
from hotline.inquiries.listing import Walk, listed
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import State
from hotline.tenant import Tenant
from tests import building
from tests.builders import Api, a_key, a_person, a_pool, signed_in
from tests.building import owner
from tests.inquiries.test_reading import integrator_of
from tests.offers.doing import a_journalled_inquiry


@pytest.fixture
def key(web):
    """A key of a phone system, in a pool where nobody answers."""
    a_pool()
    return a_key()


def under_way(key, inquiry_id):
    """An open transaction that stores an inquiry under this id."""
    session = building.session()
    at = now()
    inquiry = Inquiry(
        id=inquiry_id,
        reference=reference_of(inquiry_id),
        integrator_id=integrator_of(key),
        channel="web",
        municipality="0860",
        state=State.RECEIVED,
        priority=2,
        priority_given=False,
        received_at=at,
        queued_at=at,
    )
    session.add(inquiry)
    session.flush()
    record(session, inquiry, Received(at.isoformat()), at)
    return session


def walk(api, between=(), **asked):
    return list(chain(*pages(api, between, **asked)))


def pages(api, between=(), **asked):
    """The ids on each page of a walk, with something done after the first, the second … of them."""
    told, cursor, between = [], None, list(between)
    while True:
        answer = api.get("/inquiries", params=asked | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        told.append([uuid.UUID(one["id"]) for one in answer.json()["items"]])
        cursor = answer.json()["next_cursor"]
        if between:
            between.pop(0)()
        if cursor is None:
            return told
        assert len(told) < 50, "the walk does not end"


@pytest.mark.parametrize("committed_after", [1, 2])
def test_what_is_committed_late_with_a_smaller_id_is_told_once(web, key, committed_after):
    oldest = a_journalled_inquiry(integrator_id=integrator_of(key))
    ids = sorted(new_id(now()) for _ in range(2))
    late = [under_way(key, one) for one in ids]
    others = [a_journalled_inquiry(integrator_id=integrator_of(key)) for _ in range(4)]

    def commit():
        for one in late:
            one.commit()
            one.close()

    between = [*[lambda: None] * (committed_after - 1), commit]
    told = pages(Api(web, key), between, limit=2)
    assert sorted(chain(*told)) == sorted([oldest, *ids, *others])
    assert told[0] == others[:1:-1]
    assert told[-1] == sorted(ids, reverse=True)  # what came behind the walk's back is at its end, newest first


def test_a_walk_goes_round_until_nothing_was_committed_behind_its_back(web, key):
    ids = sorted(new_id(now()) for _ in range(4))
    late = [under_way(key, one) for one in ids]
    others = [a_journalled_inquiry(integrator_id=integrator_of(key)) for _ in range(3)]
    told = walk(Api(web, key), [one.commit for one in late], limit=1)
    for one in late:
        one.close()
    assert sorted(told) == sorted([*ids, *others])


def test_a_walk_ends_though_new_inquiries_come_in_all_the_time(web, key):
    known = [a_journalled_inquiry(integrator_id=integrator_of(key)) for _ in range(4)]
    told = walk(Api(web, key), [lambda: a_journalled_inquiry(integrator_id=integrator_of(key))] * 20, limit=1)
    assert told == known[::-1]


def test_what_is_committed_late_is_told_to_those_alone_who_may_see_it(web, key):
    other = a_key()
    ids = sorted(new_id(now()) for _ in range(2))
    late = [under_way(key, ids[0]), under_way(other, ids[1])]
    mine = [a_journalled_inquiry(integrator_id=integrator_of(key)) for _ in range(2)]

    def commit():
        for one in late:
            one.commit()
            one.close()

    assert walk(Api(web, key), [commit], limit=1) == [*sorted(mine)[::-1], ids[0]]
    boss = signed_in(web, a_person("secretariat"))
    assert set(walk(boss, limit=1)) == {*ids, *mine}
    assert walk(boss, limit=1, state="received") == ids[::-1]


GIVEN = Walk(uuid.uuid4(), uuid.uuid4(), "10:20:10,15").cursor()


@pytest.mark.parametrize(
    "said",
    [
        b"x" * 16,  # as they were before a walk went in rounds
        b"",
        b"x" * 32,
        b"x" * 32 + b"10:20: 10:20: ",
        b"x" * 32 + b"20:10: ",
        b"x" * 32 + b"0:10: ",
        b"x" * 32 + b"10:20:25 ",
        b"x" * 32 + b"10:20:15,12 ",
        b"x" * 32 + b"10:20:10 10:20:x",
        b"x" * 32 + b"1:99999999999999999999: ",
        b"x" * 32 + "1\u0661:20: ".encode(),
    ],
)
def test_a_cursor_that_no_page_gave_is_refused(web, key, said):
    cursor = base64.urlsafe_b64encode(said).decode().rstrip("=")
    answer = Api(web, key).get("/inquiries", params={"cursor": cursor or "A"})
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("invalid")
    assert Api(web, key).get("/inquiries", params={"cursor": GIVEN}).status_code == 200


MANY = 3000
PAST = """
    INSERT INTO inquiry (id, reference, integrator_id, channel, municipality, text, state, priority, priority_given,
                         received_at, queued_at, ended_at)
    SELECT gen_random_uuid(), n::text, :integrator, 'web', '0860', '', 'closed', 2, false, now(), now(), now()
    FROM generate_series(1, :many) n
"""
THEIR_LINES = """
    INSERT INTO journal (at, event, inquiry_id, municipality, channel)
    SELECT now(), event, id, '0860', 'web' FROM inquiry, unnest(ARRAY['received', 'classified']) event
"""
SECRETARIAT = Tenant("secretariat", "a test")


def nodes_of(plan):
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes_of(below)


def statements_of(session, look):
    """What was asked of inquiries, statement and values."""
    asked = []

    def note(*call):
        asked.append(call[2:4])

    event.listen(session.connection(), "before_cursor_execute", note)
    look()
    event.remove(session.connection(), "before_cursor_execute", note)
    return [one for one in asked if "inquiry" in one[0]]


def test_a_page_reads_what_it_tells_and_what_was_written_since_it_began(web, key):
    with owner().begin() as connection:
        connection.execute(text(PAST), {"integrator": integrator_of(key), "many": MANY})
        connection.execute(text(THEIR_LINES))
    with owner().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    phone = Tenant("integrator", "a test", integrator=integrator_of(key))
    for caller, tenant in (
        (Person(role=Role.SECRETARIAT), SECRETARIAT),
        (KeyHolder(integrator_of(key), "PBX"), phone),
    ):
        with transaction(tenant) as session:
            asked = {"state": None, "municipality": None, "topic": None, "since": None, "limit": 10}
            _, cursor = listed(session, caller, cursor=None, **asked)
            last = Walk.of(cursor)
            last = replace(last, passed=uuid.UUID(int=0), newest=uuid.UUID(int=2**128 - 1))
            looks = statements_of(session, lambda: listed(session, caller, cursor=cursor, **asked))  # noqa: B023
            looks += statements_of(session, lambda: listed(session, caller, cursor=last.cursor(), **asked))  # noqa: B023
            assert len(looks) == 3
            raw = session.connection().connection.cursor()
            for statement, values in looks:
                raw.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values)
                for node in nodes_of(raw.fetchone()[0][0]["Plan"]):
                    read = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
                    assert read <= 40, f"{tenant.role}: {node}"
