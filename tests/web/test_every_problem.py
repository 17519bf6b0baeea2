"""Whatever is sent: a problem document with a stable type, never a 5xx, and nothing half done."""

import gzip
import json
from types import SimpleNamespace

import httpx
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from hotline.access.keys import Scope
from hotline.app import create_app
from hotline.directory.models import Topic
from hotline.errors import all_errors
from hotline.migrations.metadata import metadata
from hotline.offers.actions import accept
from hotline.queue.run import route
from hotline.web.problems import fields_of
from tests.builders import HJORRING, SKANDERBORG, Api, a_key, a_person, a_pool, an_agent, signed_in
from tests.building import accounts, owner, transaction
from tests.offers.doing import a_journalled_inquiry, by, offer_of, sound

GOOD = {"channel": "web", "municipality": HJORRING, "text": "Mit pas udløber"}
AS_JSON = {"Content-Type": "application/json"}
DEEP = b'{"a":' * 5_000 + b"1" + b"}" * 5_000
HUGE = b"9" * 5_000
NOBODY = "00000000-0000-7000-8000-000000000000"
LARGEST_BODY = 262_144
INTAKE = "/inquiries"
HELD = "/inquiries/{held}"
FIGURES = f"/statistics/municipalities/{HJORRING}"


def raw(body):
    return {"content": body, "headers": AS_JSON}


def packed(sent, encoding="gzip", how=gzip.compress):
    return {"content": how(json.dumps(sent).encode()), "headers": AS_JSON | {"Content-Encoding": encoding}}


def with_key(key):
    return {"json": GOOD, "headers": {"Idempotency-Key": key}}


# What is sent to POST /inquiries with a valid key: a body, or how it differs from a good one; then the problem's type.
INTAKE_BODIES = {
    "empty body": (b"", "broken-request"),
    "no JSON": (b"{", "broken-request"),
    "half a string": (b'{"channel": "we', "broken-request"),
    "invalid UTF-8": (b'{"channel": "web", "municipality": "0860", "text": "\xff\xfe"}', "broken-request"),
    "UTF-16": (json.dumps(GOOD).encode("utf-16"), "broken-request"),
    "deep nesting": (DEEP, "broken-request"),
    "deep nesting within": (b'{"channel":"web","municipality":"0860","attributes":' + DEEP + b"}", "broken-request"),
    "lone surrogate": (b'{"channel": "web", "municipality": "0860", "text": "\\ud800"}', "broken-request"),
    "NUL": (b'{"channel": "web", "municipality": "0860", "text": "a\\u0000b"}', "invalid"),
    "NUL in a name": (b'{"channel":"web","municipality":"0860","attributes":{"\\u0000":1}}', "invalid"),
    "a list": (b"[]", "invalid"),
    "null": (b"null", "invalid"),
    "a number": (b"1", "invalid"),
    "a huge number": (HUGE, "broken-request"),
    "huge within": (b'{"channel":"web","municipality":"0860","attributes":{"a":' + HUGE + b"}}", "broken-request"),
    "NaN": (b'{"channel": "web", "municipality": "0860", "attributes": {"a": [NaN]}}', "invalid"),
    "infinity": (b'{"channel": "web", "municipality": "0860", "attributes": {"a": -Infinity}}', "invalid"),
    "a float beyond all": (b'{"channel": "web", "municipality": "0860", "attributes": {"a": 1e999}}', "invalid"),
    "over the limit": (b" " * (LARGEST_BODY + 1), "too-large"),
    "text of 1 MB": ({"text": "a" * 1_000_000}, "too-large"),
    "text too long": ({"text": "a" * 20_001}, "invalid"),
    "attributes too large": ({"attributes": {"a": "b" * 8_000}}, "invalid"),
    "no channel": ({"channel": None}, "invalid"),
    "unknown channel": ({"channel": "pigeon"}, "invalid"),
    "channel a list": ({"channel": ["web"]}, "invalid"),
    "no municipality": ({"municipality": None}, "invalid"),
    "municipality a number": ({"municipality": 860}, "invalid"),
    "municipality a word": ({"municipality": "Hjørring"}, "invalid"),
    "municipality with a line end": ({"municipality": "0860\n"}, "invalid"),
    "municipality that is none": ({"municipality": "0001"}, "unknown-municipality"),
    "unknown topic": ({"topic": "dragons"}, "unknown-topic"),
    "topic no slug": ({"topic": "No Slug"}, "invalid"),
    "topic a number": ({"topic": 1}, "invalid"),
    "closed topic": ({"topic": "childcare"}, "topic-closed"),
    "hint to an unknown topic": ({"topic_hint": {"topic": "dragons", "confidence": 0.5}}, "unknown-topic"),
    "hint without confidence": ({"topic_hint": {"topic": "passport"}}, "invalid"),
    "hint too sure": ({"topic_hint": {"topic": "passport", "confidence": 1.5}}, "invalid"),
    "hint a word": ({"topic_hint": "passport"}, "invalid"),
    "text a number": ({"text": 1}, "invalid"),
    "text a list": ({"text": ["a"]}, "invalid"),
    "language a name": ({"language": "Danish"}, "invalid"),
    "priority 0": ({"priority": 0}, "invalid"),
    "priority 4": ({"priority": 4}, "invalid"),
    "priority a word": ({"priority": "1"}, "invalid"),
    "priority true": ({"priority": True}, "invalid"),
    "priority huge": ({"priority": 2**70}, "invalid"),
    "citizen a word": ({"citizen": "Karla"}, "invalid"),
    "citizen with more": ({"citizen": {"shoe_size": 43}}, "invalid"),
    "phone a number": ({"citizen": {"phone": 20123456}}, "invalid"),
    "cpr no cpr": ({"citizen": {"cpr": "0101"}}, "invalid"),
    "external id empty": ({"external_id": ""}, "invalid"),
    "external id long": ({"external_id": "a" * 201}, "invalid"),
    "arrival without zone": ({"received_at": "2026-11-21T08:00:00"}, "invalid"),
    "arrival no time": ({"received_at": "yesterday"}, "invalid"),
    "attributes a list": ({"attributes": []}, "invalid"),
    "a member nobody knows": ({"colour": "red"}, "invalid"),
}  # fmt: skip

# What else may go wrong: who asks, method and path, what is sent; then the problem's type.
CALLS = {
    "no key": ("nobody", "POST", INTAKE, {"json": GOOD}, "not-signed-in"),
    "wrong key": ("stranger", "POST", INTAKE, {"json": GOOD}, "not-signed-in"),
    "a sign-in is no key": ("agent", "POST", INTAKE, {"json": GOOD}, "wrong-kind-of-key"),
    "an ended sign-in": ("ended", "POST", INTAKE, {"json": GOOD}, "not-signed-in"),
    "no content type": ("pbx", "POST", INTAKE, {"content": json.dumps(GOOD)}, "wrong-content-type"),
    "a form": ("pbx", "POST", INTAKE, {"data": GOOD}, "wrong-content-type"),
    "packed": ("pbx", "POST", INTAKE, packed(GOOD), "wrong-content-type"),
    "said to be packed": ("pbx", "POST", INTAKE, packed(GOOD, "identity, br", bytes), "wrong-content-type"),
    "sign-in, packed": ("nobody", "POST", "/sessions", packed({"username": "a"}), "wrong-content-type"),
    "key twice": ("pbx", "POST", INTAKE, {"json": GOOD, "headers": [("Idempotency-Key", "k")] * 2}, "invalid"),
    "key empty": ("pbx", "POST", INTAKE, with_key(""), "broken-request"),
    "key quotes alone": ("pbx", "POST", INTAKE, with_key('""'), "broken-request"),
    "key too long": ("pbx", "POST", INTAKE, with_key("k" * 256), "broken-request"),
    "key not ASCII": ("pbx", "POST", INTAKE, with_key("æ".encode()), "broken-request"),
    "no such way": ("pbx", "GET", "/nothing", {}, "not-found"),
    "no such method": ("pbx", "PUT", INTAKE, {"json": GOOD}, "method-not-allowed"),
    "sign-in without password": ("nobody", "POST", "/sessions", {"json": {"username": "a"}}, "invalid"),
    "sign-in with NUL": ("nobody", "POST", "/sessions", {"json": {"username": "a\0", "password": "b"}}, "invalid"),
    "sign-in with a surrogate": ("nobody", "POST", "/sessions", raw(b'{"username":"\\ud800","password":"b"}'),
        "invalid"),
    "sign-in with a long name": ("nobody", "POST", "/sessions", {"json": {"username": "a" * 201, "password": "b"}},
        "invalid"),
    "sign-in wrong": ("nobody", "POST", "/sessions", {"json": {"username": "a", "password": "b"}}, "wrong-sign-in"),
    "sign-in of 1 MB": ("nobody", "POST", "/sessions", {"json": {"username": "a" * 1_000_000, "password": "b"}},
        "too-large"),
    "me, unknown": ("nobody", "GET", "/me", {}, "not-signed-in"),
    "me, by key": ("pbx", "GET", "/me", {}, "wrong-kind-of-key"),
    "me, by a wrong key": ("stranger", "GET", "/me", {}, "not-signed-in"),
    "events, unknown": ("nobody", "GET", "/me/events", {}, "not-signed-in"),
    "events of a viewer": ("viewer", "GET", "/me/events", {}, "not-allowed"),
    "presence of a viewer": ("viewer", "PUT", "/me/presence", {"json": {"state": "break"}}, "not-allowed"),
    "presence unknown": ("agent", "PUT", "/me/presence", {"json": {"state": "asleep"}}, "invalid"),
    "presence with NUL": ("agent", "PUT", "/me/presence", {"json": {"state": "break", "reason": "\0"}}, "invalid"),
    "presence with more": ("agent", "PUT", "/me/presence", raw(b'{"state":"break","\\ud800":1}'), "invalid"),
    "presence no JSON": ("agent", "PUT", "/me/presence", raw(b"{"), "broken-request"),
    "presence as a form": ("agent", "PUT", "/me/presence", {"data": {"state": "break"}}, "wrong-content-type"),
    "presence deep": ("agent", "PUT", "/me/presence", raw(DEEP * 20), "too-large"),
    "presence deep but small": ("agent", "PUT", "/me/presence", raw(DEEP), None),
    "presence not UTF-8": ("agent", "PUT", "/me/presence", raw(b'{"state":"\xff"}'), "broken-request"),
    "presence huge number": ("agent", "PUT", "/me/presence", raw(b'{"state":' + HUGE + b"}"), "broken-request"),
    "offer of somebody else": ("agent", "POST", "/offers/{open}/acceptance", {}, "not-found"),
    "refuse somebody else's": ("agent", "POST", "/offers/{open}/refusal", {}, "not-found"),
    "accept twice": ("agent", "POST", "/offers/{taken}/acceptance", {}, "offer-gone"),
    "refuse after accepting": ("agent", "POST", "/offers/{taken}/refusal", {}, "offer-gone"),
    "accept as a viewer": ("viewer", "POST", "/offers/{open}/acceptance", {}, "not-allowed"),
    "accept by key": ("pbx", "POST", "/offers/{open}/acceptance", {}, "wrong-kind-of-key"),
    "no such offer": ("agent", "POST", "/offers/999999/acceptance", {}, "not-found"),
    "offer 0": ("agent", "POST", "/offers/0/acceptance", {}, "invalid"),
    "offer beyond the column": ("agent", "POST", f"/offers/{2**70}/acceptance", {}, "invalid"),
    "offer a word": ("agent", "POST", "/offers/first/acceptance", {}, "invalid"),
    "refusal reason a list": ("asked", "POST", "/offers/{open}/refusal", {"json": {"reason": []}}, "invalid"),
    "read without a key": ("nobody", "GET", HELD, {}, "not-signed-in"),
    "read another's": ("other", "GET", HELD, {}, "not-found"),
    "read as a viewer": ("viewer", "GET", HELD, {}, "not-found"),
    "read none": ("pbx", "GET", f"/inquiries/{NOBODY}", {}, "not-found"),
    "id no uuid": ("pbx", "GET", "/inquiries/42", {}, "invalid"),
    "id with NUL": ("pbx", "GET", "/inquiries/%00", {}, "invalid"),
    "hang up another's": ("other", "POST", HELD + "/abandonment", {}, "not-found"),
    "hang up what is answered": ("pbx", "POST", HELD + "/abandonment", {}, "wrong-state"),
    "hang up as an agent": ("agent", "POST", HELD + "/abandonment", {}, "not-allowed"),
    "call back another's": ("other", "POST", HELD + "/callback", {"json": {"phone": "20123456"}}, "not-found"),
    "call back what is answered": ("pbx", "POST", HELD + "/callback", {"json": {"phone": "20123456"}}, "wrong-state"),
    "call back 112": ("pbx", "POST", HELD + "/callback", {"json": {"phone": "112"}}, "number-not-called"),
    "call back no number": ("pbx", "POST", HELD + "/callback", {"json": {}}, "invalid"),
    "call back NUL": ("pbx", "POST", HELD + "/callback", {"json": {"phone": "\0"}}, "invalid"),
    "call back at no time": ("agent", "POST", HELD + "/callback", {"json": {"phone": "20123456",
        "not_before": "2026-11-24T08:00:00"}}, "invalid"),
    "call back in a hundred years": ("agent", "POST", HELD + "/callback", {"json": {"phone": "20123456",
        "not_before": "9999-12-31T23:59:59Z"}}, "invalid"),
    "call back as a viewer": ("viewer", "POST", HELD + "/callback", {"json": {"phone": "20123456"}}, "not-allowed"),
    "call back by key": ("webhooks", "POST", HELD + "/callback", {"json": {"phone": "20123456"}}, "missing-scope"),
    "wrap up another's": ("asked", "POST", HELD + "/wrap-up", {}, "not-found"),
    "wrap up what is only offered": ("asked", "POST", "/inquiries/{offered}/wrap-up", {}, "not-found"),
    "close another's": ("asked", "POST", HELD + "/closure", {"json": {"outcome": "resolved"}}, "not-found"),
    "close without outcome": ("agent", "POST", HELD + "/closure", {"json": {}}, "invalid"),
    "close without a body": ("agent", "POST", HELD + "/closure", {}, "invalid"),
    "close with a strange outcome": ("agent", "POST", HELD + "/closure", {"json": {"outcome": "fine"}}, "invalid"),
    "close with NUL": ("agent", "POST", HELD + "/closure", {"json": {"outcome": "other", "note": "\0"}}, "invalid"),
    "close with a long note": ("agent", "POST", HELD + "/closure", {"json": {"outcome": "other",
        "note": "a" * 10_001}}, "invalid"),
    "close with a surrogate": ("agent", "POST", HELD + "/closure",
        raw(b'{"outcome":"other","note":"\\udc00"}'), "invalid"),
    "transfer nowhere": ("agent", "POST", HELD + "/transfer", {"json": {}}, "invalid"),
    "transfer to two": ("agent", "POST", HELD + "/transfer", {"json": {"topic": "doctor", "municipality": HJORRING}},
        "invalid"),
    "transfer to an unknown topic": ("agent", "POST", HELD + "/transfer", {"json": {"topic": "dragons"}},
        "unknown-topic"),
    "transfer to a closed topic": ("agent", "POST", HELD + "/transfer", {"json": {"topic": "childcare"}},
        "topic-closed"),
    "transfer to nobody": ("agent", "POST", HELD + "/transfer", {"json": {"agent": "nobody"}}, "invalid"),
    "transfer to a viewer": ("agent", "POST", HELD + "/transfer", {"json": {"agent": "{viewer}"}}, "invalid"),
    "transfer to one who cannot": ("agent", "POST", HELD + "/transfer", {"json": {"agent": "{asked}"}}, "invalid"),
    "transfer to oneself": ("agent", "POST", HELD + "/transfer", {"json": {"agent": "{agent}"}}, "invalid"),
    "hand over to another municipality": ("agent", "POST", HELD + "/transfer", {"json": {"municipality": "0746"}},
        "invalid"),
    "correct to an unknown topic": ("agent", "PATCH", HELD, {"json": {"topic": "dragons"}}, "unknown-topic"),
    "correct to priority 9": ("agent", "PATCH", HELD, {"json": {"priority": 9}}, "invalid"),
    "correct the state": ("agent", "PATCH", HELD, {"json": {"state": "closed"}}, "invalid"),
    "correct another's": ("asked", "PATCH", HELD, {"json": {"priority": 1}}, "not-found"),
    "correct nothing": ("agent", "PATCH", HELD, {"json": {}}, "invalid"),
    "list without a key": ("nobody", "GET", INTAKE, {}, "not-signed-in"),
    "list by a strange state": ("pbx", "GET", INTAKE, {"params": {"state": "lost"}}, "invalid"),
    "list nothing": ("pbx", "GET", INTAKE, {"params": {"limit": 0}}, "invalid"),
    "list too much": ("pbx", "GET", INTAKE, {"params": {"limit": 10**30}}, "invalid"),
    "list by a word": ("pbx", "GET", INTAKE, {"params": {"limit": "many"}}, "invalid"),
    "list since nobody knows": ("pbx", "GET", INTAKE, {"params": {"since": "2026-11-21"}}, "invalid"),
    "list after nonsense": ("pbx", "GET", INTAKE, {"params": {"cursor": "x"}}, "invalid"),
    "list after letters": ("pbx", "GET", INTAKE, {"params": {"cursor": "ææææ"}}, "invalid"),
    "list of a long cursor": ("pbx", "GET", INTAKE, {"params": {"cursor": "a" * 41}}, "invalid"),
    "list of topic with NUL": ("pbx", "GET", INTAKE, {"params": {"topic": "a\0"}}, "invalid"),
    "figures of another": ("viewer", "GET", "/statistics/municipalities/0746", {}, "not-allowed"),
    "figures by key": ("webhooks", "GET", FIGURES, {}, "missing-scope"),
    "exchange by key": ("webhooks", "GET", "/statistics/exchange", {}, "missing-scope"),
    "hand in by key": ("webhooks", "POST", INTAKE, {"json": GOOD}, "missing-scope"),
    "list by key": ("webhooks", "GET", INTAKE, {}, "missing-scope"),
    "hang up by key": ("webhooks", "POST", HELD + "/abandonment", {}, "missing-scope"),
    "hand in elsewhere": ("bound", "POST", INTAKE, {"json": GOOD}, "not-allowed"),
    "figures of others by key": ("bound", "GET", FIGURES, {}, "not-allowed"),
    "figures of bad dates": ("viewer", "GET", FIGURES, {"params": {"from": "soon"}}, "invalid"),
    "figures of the last day": ("viewer", "GET", FIGURES, {"params": {"from": "9999-12-31"}}, "invalid"),
    "figures of the first day": ("viewer", "GET", FIGURES, {"params": {"from": "0001-01-01T00:00:00+14:00"}},
        "invalid"),
    "figures backwards": ("viewer", "GET", FIGURES, {"params": {"from": "2026-11-22", "to": "2026-11-21"}}, "invalid"),
    "figures by the minute": ("viewer", "GET", FIGURES, {"params": {"interval": "1m"}}, "invalid"),
    "exchange of bad dates": ("viewer", "GET", "/statistics/exchange", {"params": {"to": "\0"}}, "invalid"),
}  # fmt: skip


@pytest.fixture
def busy(web):
    """A web process, who calls it by name, and the ids that the table speaks of."""
    a_pool()
    with accounts() as session:
        session.get_one(Topic, "childcare").open = False
    (busy, agent), (_, asked), viewer = an_agent(), an_agent(topics=("doctor",)), a_person("viewer", HJORRING)
    people = {"agent": agent, "asked": asked, "viewer": viewer, "lead": a_person("secretariat")}
    callers = {
        "nobody": Api(web),
        "stranger": Api(web, "hk_wrong"),
        "ended": Api(web, "hs_wrong"),
        "pbx": Api(web, a_key()),
        "other": Api(web, a_key()),
        "webhooks": Api(web, a_key(scopes=(Scope.WEBHOOKS,))),
        "bound": Api(web, a_key(municipalities=(SKANDERBORG,))),
    }
    callers |= {name: signed_in(web, who) for name, who in people.items()}
    held, offered = a_journalled_inquiry(), a_journalled_inquiry("doctor")
    with transaction() as session:
        session.execute(text("UPDATE agent_work SET connected = true, presence = 'available'"))
    assert route() == 2
    ids = {"held": held, "offered": offered, "taken": offer_of(held).id, "open": offer_of(offered).id}
    by(busy, accept, ids["taken"])
    return SimpleNamespace(url=web, callers=callers, ids=ids | {"agent": agent, "asked": asked, "viewer": viewer})


def counted():
    """How many rows each table has, without those that time alone writes."""
    with owner().connect() as session:
        return {
            table.name: session.execute(text(f'SELECT count(*) FROM "{table.name}"')).scalar_one()
            for table in metadata.sorted_tables
            if table.name not in {"agent_seen", "web_clock", "presence_change"}
        }


def what_is_wrong(answer, kind=None):
    """Why this answer is not the problem that was to come, or not the sender's problem at all; None where it is."""
    if answer.headers.get("content-type") != "application/problem+json":
        return f"{answer.status_code} {answer.headers.get('content-type')}: {answer.text[:200]}"
    body = answer.json()
    known = {f"/problems/{error.slug()}": error.status for error in all_errors()}
    if known.get(body.get("type")) != answer.status_code or body.get("status") != answer.status_code:
        return f"no problem of ours: {answer.status_code} {body}"
    if not body.get("title"):
        return f"no title: {body}"
    fits = answer.status_code < 500 if kind is None else body["type"] == f"/problems/{kind}"
    return None if fits else f"{body}"


def body_of(case):
    return case if isinstance(case, bytes) else json.dumps(GOOD | case).encode()


def test_every_bad_inquiry_is_refused_by_its_name_and_leaves_nothing(busy):
    before, wrong = counted(), {}
    for name, (case, kind) in INTAKE_BODIES.items():
        answer = busy.callers["pbx"].post(INTAKE, content=body_of(case), headers=AS_JSON)
        if found := what_is_wrong(answer, kind):
            wrong[name] = found
    assert wrong == {}
    assert counted() == before


def test_every_bad_call_is_refused_by_its_name_and_leaves_nothing(busy):
    before, wrong = counted(), {}
    for name, (who, method, path, sent, kind) in CALLS.items():
        if "json" in sent and "agent" in sent["json"]:
            sent = {"json": {"agent": sent["json"]["agent"].format(**busy.ids)}}
        answer = busy.callers[who].request(method, path.format(**busy.ids), **sent)
        if found := what_is_wrong(answer, kind):
            wrong[name] = found
    assert wrong == {}
    assert counted() == before
    sound()


def test_every_call_that_takes_json_takes_nothing_else(busy):
    calls = [
        (method, path)
        for path, methods in create_app().openapi()["paths"].items()
        for method, call in methods.items()
        if "application/json" in call.get("requestBody", {}).get("content", {})
    ]
    values = {"inquiry_id": busy.ids["held"], "offer_id": busy.ids["open"], "n": 1}
    values |= {"token": busy.callers["pbx"].token, "webhook_id": 1}
    taken, before = {}, counted()
    for method, path in calls:
        sent = {"content": b'{"state": "break"}', "headers": {"Content-Type": "text/plain"}}
        where = path.removeprefix("/api/v1").format(**values)
        answers = [busy.callers[who].request(method, where, **sent) for who in ("nobody", "pbx", "agent", "lead")]
        taken[f"{method} {path}"] = {answer.json()["type"].removeprefix("/problems/") for answer in answers}
    assert len(calls) > 9
    as_json = {call: kinds for call, kinds in taken.items() if "wrong-content-type" not in kinds or "invalid" in kinds}
    assert as_json == {}
    assert counted() == before


@pytest.mark.parametrize(
    "sent",
    [
        {"010190-1234": 1},
        {"attributes": {"010190-1234" + "a" * 100: 1}},
        {"topic": "cpr-010190-1234"},
        {"citizen": {"0101901234": "x"}},
    ],
)
def test_a_cpr_number_that_was_sent_as_a_name_does_not_come_back_in_the_error(busy, sent):
    answer = busy.callers["pbx"].post(INTAKE, json=GOOD | sent)
    assert answer.status_code == 422 and ("[CPR]" in answer.text or "[key]" in answer.text)
    assert "010190" not in answer.text and what_is_wrong(answer) is None


def test_who_sends_too_much_is_told_how_much_there_is_room_for(busy):
    answer = busy.callers["pbx"].post(INTAKE, content=b" " * (LARGEST_BODY + 1), headers=AS_JSON)
    assert answer.status_code == 413 and str(LARGEST_BODY) in answer.json()["detail"]


def test_a_body_that_does_not_say_its_length_is_given_up_at_the_limit(busy):
    before = counted()

    def endless():
        for _ in range(1_000):
            yield b" " * 10_000

    for path, caller in ((INTAKE, "pbx"), ("/sessions", "nobody")):
        try:
            answer = busy.callers[caller].post(path, content=endless(), headers=AS_JSON)
        except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
            continue  # it was cut off before all was sent: as good an answer
        assert what_is_wrong(answer, "too-large") is None, path
    assert counted() == before


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NEARLY = st.fixed_dictionaries(
    {},
    optional={
        "channel": st.sampled_from(["web", "phone"]) | JUNK,
        "municipality": st.just(HJORRING) | JUNK,
        **dict.fromkeys(("text", "topic", "topic_hint", "language", "priority", "citizen", "external_id"), JUNK),
        **dict.fromkeys(("received_at", "attributes", "outcome", "note", "state", "reason", "agent", "username"), JUNK),
    },
)


def test_random_bodies_never_break_anything(busy):
    ways = [
        ("pbx", "POST", INTAKE),
        ("agent", "POST", f"/inquiries/{busy.ids['held']}/transfer"),
        ("agent", "POST", f"/inquiries/{busy.ids['held']}/closure"),
        ("agent", "PATCH", f"/inquiries/{busy.ids['held']}"),
        ("asked", "POST", f"/offers/{busy.ids['open']}/refusal"),
        ("asked", "PUT", "/me/presence"),
        ("nobody", "POST", "/sessions"),
    ]

    @settings(max_examples=120, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(
        st.sampled_from(ways), NEARLY | JUNK | st.just(GOOD).flatmap(lambda good: NEARLY.map(lambda more: good | more))
    )
    def try_it(way, body):
        who, method, path = way
        answer = busy.callers[who].request(method, path, content=json.dumps(body).encode(), headers=AS_JSON)
        if answer.status_code >= 400:
            assert what_is_wrong(answer) is None

    try_it()
    sound()


def test_while_the_database_is_away_every_way_says_so_and_afterwards_all_is_well(busy, database):
    name = psycopg.conninfo.conninfo_to_dict(database)["dbname"]
    elsewhere = database.replace(f"/{name}?", "/postgres?").replace("hotline@", "postgres@")
    with psycopg.connect(elsewhere, autocommit=True) as maintenance:
        maintenance.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        try:
            maintenance.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            answers = [
                busy.callers["pbx"].post(INTAKE, json=GOOD),
                Api(busy.url, "hk_never_seen_before").post(INTAKE, json=GOOD),
                busy.callers["pbx"].get(INTAKE),
                busy.callers["agent"].get("/me"),
                busy.callers["agent"].get("/me/events"),
                busy.callers["nobody"].post("/sessions", json={"username": "a", "password": "b"}),
            ]
        finally:
            maintenance.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert [what_is_wrong(answer, "not-ready") for answer in answers] == [None] * len(answers)
    answer = busy.callers["pbx"].post(INTAKE, json=GOOD)
    assert answer.status_code == 201, answer.text


POINTED_AT = {
    "#": ("body",),
    "#/citizen/cpr": ("body", "citizen", "cpr"),
    "#/attributes/a~1b~0c": ("body", "attributes", "a/b~c"),
}


@pytest.mark.parametrize("pointer", POINTED_AT)
def test_an_error_points_at_the_very_part_of_the_body(pointer):
    assert fields_of([{"loc": POINTED_AT[pointer], "msg": "no"}]) == [{"detail": "no", "pointer": pointer}]


def test_names_of_any_length_and_number_make_no_long_answer(busy):
    long, many = {"010165\n1430 " * 4000: 1}, {f"unknown-{number}": 1 for number in range(2000)}
    for citizen in (long, many):
        answer = busy.callers["pbx"].post(INTAKE, json=GOOD | {"citizen": citizen})
        assert answer.status_code == 422 and len(answer.content) < 10_000
    assert answer.json()["errors"][0]["pointer"] == "#/citizen/unknown-0"
