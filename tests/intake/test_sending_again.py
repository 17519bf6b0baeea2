"""Whatever is sent again, by whom and at the same moment: stored once, answered alike."""

import json
import subprocess
import sys
import uuid
from contextlib import contextmanager
from datetime import datetime, timedelta

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import select

from hotline.classification.waiting import UNREAD, classify_waiting
from hotline.clock import danish, now
from hotline.directory.models import Collaboration
from hotline.inquiries.journal import JournalLine
from hotline.inquiries.models import Citizen, Inquiry
from hotline.intake.models import IdempotencyKey
from hotline.queue.run import route
from tests.builders import HJORRING, SKANDERBORG, Api, a_key, a_pool, a_ready_agent
from tests.building import accounts, owner, transaction
from tests.conftest import serving
from tests.offers.doing import a_journalled_inquiry, look_at, sound
from tests.racing import at_once
from tests.waiting import until

GOOD = {"channel": "web", "municipality": HJORRING, "text": "Mit pas udløber", "topic": "passport"}
AS_JSON = {"Content-Type": "application/json", "Idempotency-Key": "a"}
CALL = GOOD | {"channel": "phone", "citizen": {"phone": "+45 20 12 34 56"}}


def post(api, body=GOOD, key=None):
    return api.post("/inquiries", json=body, headers={"Idempotency-Key": key} if key else {})


def stored(table=Inquiry):
    with transaction() as session:
        return len(session.exec(select(table)).all())


def test_the_same_key_and_body_are_answered_as_the_first_time_and_another_body_is_refused(web):
    a_pool()
    api = Api(web, a_key())
    first, again = post(api, key='"a"'), post(api, key="a")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content and first.headers["location"] == again.headers["location"]
    other = post(api, GOOD | {"text": "Noget andet"}, key="a")
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")
    assert post(Api(web, a_key()), key="a").json()["id"] != first.json()["id"]  # another's key is another key
    assert (stored(), stored(IdempotencyKey), stored(JournalLine)) == (2, 2, 2)


def test_a_body_that_is_only_written_otherwise_is_the_same_body(web):
    a_pool()
    api = Api(web, a_key())
    said = GOOD | {"priority": 1, "attributes": {"b": [1, 2.5], "a": 10**500}}
    turned = dict(reversed(said.items()))
    first = api.post("/inquiries", content=json.dumps(said), headers=AS_JSON)
    assert first.status_code == 201, first.text
    for again in (
        json.dumps(said, indent=4),
        json.dumps(turned, ensure_ascii=False, separators=(",", ":")) + "\r\n",
        json.dumps(said).replace('"priority": 1', '"priority": 1.0'),
    ):
        assert api.post("/inquiries", content=again, headers=AS_JSON).content == first.content, again
    for other in (said | {"priority": 2}, GOOD | {"priority": 1}, said | {"text": "Mit  pas udløber"}):
        answer = api.post("/inquiries", content=json.dumps(other), headers=AS_JSON)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/key-reused"), other


def test_the_first_answer_tells_the_arrival_as_every_later_one_does(web):
    a_pool()
    api = Api(web, a_key())
    arrived = danish(now() - timedelta(minutes=1)).replace(microsecond=120_000)
    for sent in ({}, {"received_at": arrived.isoformat()}):
        first = post(api, GOOD | sent).json()
        assert first["received_at"] == api.get(f"/inquiries/{first['id']}").json()["received_at"]


def test_of_a_key_nothing_is_kept_but_its_hash(web):
    a_pool()
    assert post(Api(web, a_key()), key="010165-1237").status_code == 201
    with transaction() as session:
        [kept] = session.exec(select(IdempotencyKey)).all()
    assert len(kept.key) == 64 and "010165" not in kept.key


def test_a_key_is_looked_at_before_the_external_id(web):
    a_pool()
    api, named = Api(web, a_key()), GOOD | {"external_id": "pbx-1"}
    first = post(api, named, key="a")
    assert post(api, named, key="a").json() == first.json()
    for key in (None, "b"):
        twice = post(api, named, key=key)
        assert (twice.status_code, twice.json()["type"]) == (409, "/problems/duplicate-external-id")
        assert twice.json()["id"] == first.json()["id"]
    assert post(Api(web, a_key()), named).status_code == 201  # unique within an integrator
    assert (stored(), stored(IdempotencyKey)) == (2, 1)


def test_a_number_in_an_external_id_is_kept_by_a_mark_that_tells_citizens_apart(web):
    a_pool()
    api, other = Api(web, a_key()), Api(web, a_key())
    karla, bent = (GOOD | {"external_id": f"cpr-{number}-1"} for number in ("010165-1237", "020270-1111"))
    first = post(api, karla).json()
    twice = post(api, karla)
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/duplicate-external-id")
    assert twice.json()["id"] == first["id"]
    assert post(api, bent).status_code == post(other, karla).status_code == 201
    named = [one["external_id"] for one in api.get("/inquiries").json()["items"]]
    assert len(set(named)) == 2 and api.get(f"/inquiries/{first['id']}").json()["external_id"] == named[1]
    with owner().connect() as connection:
        rows = connection.execute(text("SELECT i::text, j::text FROM inquiry i, journal j")).all()
    for number in ("010165", "65-1237", "020270", "0101651237"):  # four digits alone stand in many an id
        assert number not in str(named) + twice.text and number not in str(rows)


def test_two_who_send_the_same_number_at_once_store_it_once(web):
    a_pool()
    api = Api(web, a_key())
    answers = at_once(*[lambda: post(api, GOOD | {"external_id": "010165-1237"})] * 8)
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
    assert stored() == 1


def test_what_was_taken_in_is_answered_again_after_closing_time(web):
    pool = a_pool()
    api, named = Api(web, a_key()), CALL | {"external_id": "pbx-1", "received_at": now().isoformat()}
    first = post(api, named, key="a")
    assert first.status_code == 201
    with accounts() as session:
        session.get_one(Collaboration, pool).queue_limit = 0
    until(lambda: post(api, CALL | {"citizen": {}}).status_code == 409, "the queue is full")  # for who is not in it
    before = stored()
    assert post(api, named, key="a").content == first.content
    assert post(api, named).json()["id"] == first.json()["id"]
    assert stored() == before


def test_those_who_ring_at_a_closed_hour_hear_when_it_opens(web):
    pool = a_pool(always_open=False)
    tomorrow = (now() + timedelta(days=2)).isoweekday() - 1
    with accounts() as session:
        opening = text("INSERT INTO opening_hours VALUES (:pool, :weekday, '08:00', '20:00')")
        session.execute(opening, {"pool": pool, "weekday": tomorrow})
    api = Api(web, a_key())
    refused = post(api, CALL)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/closed")
    assert datetime.fromisoformat(refused.json()["opens_at"]) > now() and refused.json()["callback"] is True
    assert post(api).status_code == 201
    assert stored() == 1


def test_many_who_send_the_same_at_once_through_two_web_processes_store_it_once(web):
    a_pool()
    key = a_key()
    with serving() as second:
        apis = [Api(url, key) for url in (web, second)]
        for body, header in (
            (GOOD, "same"),
            (GOOD | {"external_id": "same"}, None),
            (GOOD | {"external_id": "x"}, "both"),
        ):
            before = stored()
            answers = at_once(*[lambda api=apis[n % 2], b=body, h=header: post(api, b, h) for n in range(16)])
            assert stored() == before + 1
            if header:
                done = [answer for answer in answers if not still_running(answer)]
                assert {answer.status_code for answer in done} == {201}
                # Once the first is through, however many ask at the same moment are all told what it was told.
                again = at_once(*[lambda api=apis[n % 2], b=body, h=header: post(api, b, h) for n in range(16)])
                assert {answer.content for answer in again} == {answer.content for answer in done}
                assert len({answer.content for answer in done}) == 1
            else:
                assert sorted(answer.status_code for answer in answers) == [201] + [409] * 15
                assert len({answer.json()["id"] for answer in answers}) == 1
        many = at_once(*[lambda api=apis[n % 2]: post(api, key=uuid.uuid4().hex) for n in range(16)])
        assert len({answer.json()["id"] for answer in many}) == 16


@contextmanager
def in_mid_storing(integrator, key):
    """A web process that has stored an inquiry under this key and is not through: its pid and its way out, a line.

    A line on its standard input lets it commit; killed, it leaves its transaction open for PostgreSQL to find.
    """
    body = httpx.Request("POST", "http://hotline", json=GOOD).content.decode()  # to the byte as `post` sends it
    command = (sys.executable, "-m", "tests.intake.in_mid_storing", str(integrator), key, body)
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "stored\n"
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("ends", ["commits", "is killed"])
def test_while_the_first_request_is_running_a_repeat_is_told_so_until_it_is_through_or_dead(web, ends):
    a_pool()
    api, other = Api(web, a_key()), Api(web, a_key())
    [first, _] = integrators()
    with in_mid_storing(first, "a") as process:
        for body in (GOOD, GOOD | {"text": "Noget andet"}, GOOD | {"external_id": "pbx-1"}):
            answer = post(api, body, key="a")
            assert still_running(answer) and answer.headers["content-type"] == "application/problem+json"
            assert "id" not in answer.json()
        beside = [post(api, key="b"), post(api), post(other, key="a")]  # whatever is not this one's key is taken in
        assert [answer.status_code for answer in beside] == [201] * 3
        assert stored() == 3
        if ends == "commits":
            process.communicate("\n")
            assert process.returncode == 0
        else:
            process.kill()
            process.wait()
            until(lambda: not still_running(post(api, key="a")), "PostgreSQL has found the dead")
    through = post(api, key="a")
    assert through.status_code == 201 and post(api, key="a").content == through.content
    assert stored() == 4
    assert post(api, GOOD | {"text": "Noget andet"}, key="a").json()["type"] == "/problems/key-reused"


def integrators():
    """The ids of those who hold a key, the oldest first."""
    with transaction() as session:
        return list(session.connection().exec_driver_sql("SELECT id FROM integrator ORDER BY id").scalars())


def still_running(answer):
    return (answer.status_code, answer.json().get("type")) == (409, "/problems/still-running")


def test_a_citizen_who_rings_again_takes_the_old_place_once(web):
    a_pool()
    api = Api(web, a_key())
    long_ago = now() - timedelta(minutes=5)
    first = post(api, CALL | {"received_at": long_ago.isoformat()}).json()
    assert api.post(first["links"]["abandonment"].removeprefix("/api/v1")).status_code == 200
    assert api.post(first["links"]["abandonment"].removeprefix("/api/v1")).status_code == 200  # said twice
    someone_else = CALL | {"citizen": {"phone": "+45 20 12 34 57"}}
    with serving() as second:
        same_number = CALL | {"citizen": {"phone": "20123456"}}
        apis = [api, Api(second, api.token)]
        again = at_once(*[lambda api=apis[n % 2]: post(api, same_number) for n in range(6)])
    assert post(api, someone_else).status_code == 201
    with transaction() as session:
        rows = session.exec(select(Inquiry)).all()
        assert len(session.exec(select(Citizen)).all()) == 8
    resumed = [row for row in rows if str(row.resumes) == first["id"]]
    assert [row.queued_at for row in resumed] == [long_ago]
    assert str(resumed[0].id) in {answer.json()["id"] for answer in again}
    assert all(row.queued_at == row.received_at for row in rows if row not in resumed)


@pytest.mark.parametrize("withheld", ["00000000", "+266696687", "Private 00000", "sip:anonymous@anonymous.invalid"])
def test_two_callers_who_withhold_their_numbers_are_two_people(web, withheld):
    a_pool()
    api = Api(web, a_key())
    hidden = CALL | {"citizen": {"phone": withheld}}
    first = post(api, hidden).json()
    api.post(first["links"]["abandonment"].removeprefix("/api/v1"))
    post(api, hidden)
    with transaction() as session:
        assert [row.resumes for row in session.exec(select(Inquiry)).all()] == [None, None]


def test_whoever_rings_again_before_we_hear_that_they_hung_up_takes_the_old_place_then(web):
    a_pool(), a_ready_agent(), a_ready_agent()
    api, long_ago = Api(web, a_key()), now() - timedelta(minutes=5)
    call = CALL | {"topic": "passport", "language": "da"}
    first = post(api, call | {"received_at": long_ago.isoformat()}).json()
    again = post(api, call).json()
    classify_waiting(Nothing())
    assert route() == 1  # one citizen: never two agents at once
    assert [look_at(Inquiry, uuid.UUID(one["id"])).state for one in (first, again)] == ["offered", "waiting"]
    before = look_at(Inquiry, uuid.UUID(again["id"])).deadline
    assert api.post(first["links"]["abandonment"].removeprefix("/api/v1")).status_code == 200
    later = look_at(Inquiry, uuid.UUID(again["id"]))
    assert later.queued_at == long_ago and later.deadline == before - (later.received_at - long_ago)
    assert route() == 1 and look_at(Inquiry, later.id).state == "offered"
    sound()


def test_a_queue_is_full_of_the_calls_and_chats_of_its_own_collaboration_and_lets_in_who_rings_again(web):
    a_pool(HJORRING, queue_limit=1)
    a_pool(SKANDERBORG)
    for channel, code in (("phone", SKANDERBORG), ("chat", SKANDERBORG), ("web", HJORRING), ("email", HJORRING)):
        a_journalled_inquiry(channel=channel, municipality=code)
    api = Api(web, a_key())
    first = post(api, CALL)
    assert first.status_code == 201
    classify_waiting(Nothing())
    numbers = iter(range(20123457, 20133457))
    until(lambda: post(api, CALL | {"citizen": {"phone": str(next(numbers))}}).status_code == 409, "the queue is full")
    full = post(api, CALL | {"citizen": {"phone": "20999999"}}).json()
    assert full["type"] == "/problems/queue-full" and "detail" not in full
    assert post(api, CALL).status_code == 201  # has a place already
    assert post(api, CALL | {"municipality": SKANDERBORG}).status_code == 201


class Nothing:
    """Reads nothing from any text."""

    def read(self, texts):
        return [UNREAD for _ in texts]


def test_after_the_redial_window_a_caller_is_a_new_one(web):
    a_pool(redial_seconds=600)
    api = Api(web, a_key())
    first = post(api, CALL).json()
    api.post(first["links"]["abandonment"].removeprefix("/api/v1"))
    with transaction() as session:
        session.execute(text("UPDATE inquiry SET ended_at = ended_at - interval '11 minutes'"))
    post(api, CALL)
    with transaction() as session:
        assert [row.resumes for row in session.exec(select(Inquiry)).all()] == [None, None]


def test_the_redial_window_is_that_of_the_citizens_own_collaboration(web):
    a_pool(HJORRING, redial_seconds=0)
    a_pool(SKANDERBORG, redial_seconds=600)
    api = Api(web, a_key())
    for code in (HJORRING, SKANDERBORG):
        call = CALL | {"municipality": code}
        first = post(api, call).json()
        api.post(first["links"]["abandonment"].removeprefix("/api/v1"))
        post(api, call)
    with transaction() as session:
        resumed = [row.municipality for row in session.exec(select(Inquiry)).all() if row.resumes is not None]
    assert resumed == [SKANDERBORG]


def test_names_and_numbers_of_citizens_are_nowhere_in_the_clear(web):
    a_pool()
    api = Api(web, a_key())
    cpr = "010190-1234"
    citizen = {"name": "Karla Opdigtet", "phone": "+4520123456", "email": "karla@example.dk", "cpr": cpr}
    body = CALL | {"citizen": citizen, "text": f"Mit cpr er {cpr}", "attributes": {"note": f"cpr {cpr}"}}
    assert post(api, body).status_code == 201
    with transaction() as session:
        everything = str(
            session.execute(text("SELECT i::text, c::text, j::text FROM inquiry i, citizen c, journal j")).all()
        )
    for secret in (*citizen.values(), "0101901234"):
        assert secret not in everything and secret.encode().hex() not in everything
