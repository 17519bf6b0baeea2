"""Keys of phone systems and forms: for what, for whom, until when."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from hotline.access import errors, keys
from hotline.access.keys import Grant, Scope
from hotline.access.models import ApiKey
from hotline.access.sessions import token_hash
from hotline.clock import now
from hotline.db import TenantSession
from hotline.settings import settings
from hotline.tenant import Tenant
from tests.builders import HJORRING, SKANDERBORG, Api, a_key, a_pool
from tests.building import accounts, transaction
from tests.waiting import until

FIGURES = f"/statistics/municipalities/{HJORRING}"


def an_inquiry(municipality=HJORRING):
    return {"channel": "web", "municipality": municipality, "text": "Mit pas udløber"}


def kept(key):
    with accounts() as session:
        return session.get_one(ApiKey, token_hash(key))


def test_a_key_is_kept_as_a_hash_and_known_by_its_beginning(with_facts):
    key = a_key()
    row = kept(key)
    assert key.startswith(row.prefix) and len(row.prefix) < len(key) / 4
    with accounts() as session:
        [stored] = session.execute(text("SELECT api_key::text FROM api_key")).all()
    assert key not in stored[0] and key[len(row.prefix) :] not in stored[0]


# Of each scope: what it lets a key do, and what it does not.
DOES = {
    Scope.INTAKE: {"hand in", "hang up"},
    Scope.READ: {"list", "read"},
    Scope.STATISTICS: {"figures", "table", "exchange"},
    Scope.WEBHOOKS: set(),
}


@pytest.mark.parametrize("scope", Scope)
def test_a_key_does_what_its_scope_says_and_nothing_else(web, scope):
    a_pool()
    api = Api(web, a_key("PBX", scopes=(scope,)))
    with accounts() as session:  # another key of the same phone system hands in what this one asks for
        other = keys.give(session, keys.of(session, "PBX")[0], Grant(), now())
    inquiry = Api(web, other).post("/inquiries", json=an_inquiry()).json()["id"]
    answers = {
        "hand in": api.post("/inquiries", json=an_inquiry()),
        "list": api.get("/inquiries"),
        "read": api.get(f"/inquiries/{inquiry}"),
        "hang up": api.post(f"/inquiries/{inquiry}/abandonment"),
        "figures": api.get(FIGURES),
        "table": api.get(FIGURES + ".csv"),
        "exchange": api.get("/statistics/exchange"),
    }
    refused = {name: answer for name, answer in answers.items() if answer.status_code == 403}
    assert {name for name, answer in answers.items() if answer.status_code < 300} == DOES[scope]
    assert answers.keys() - refused.keys() == DOES[scope]
    assert {answer.json()["type"] for answer in refused.values()} <= {"/problems/missing-scope"}


def test_a_key_of_one_municipality_hands_in_and_sees_nothing_of_another(web):
    a_pool()
    bound = a_key("PBX", municipalities=(HJORRING,))
    with accounts() as session:
        free = Api(web, keys.give(session, keys.of(session, "PBX")[0], Grant(), now()))
    api = Api(web, bound)
    answer = api.post("/inquiries", json=an_inquiry(SKANDERBORG))
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-allowed")
    own, other = (free.post("/inquiries", json=an_inquiry(code)).json()["id"] for code in (HJORRING, SKANDERBORG))
    assert [one["id"] for one in api.get("/inquiries").json()["items"]] == [own]
    assert {one["id"] for one in free.get("/inquiries").json()["items"]} == {own, other}
    assert [api.get(f"/inquiries/{one}").status_code for one in (own, other)] == [200, 404]
    assert api.post(f"/inquiries/{other}/abandonment").status_code == 404
    assert api.get(f"/statistics/municipalities/{SKANDERBORG}").status_code == 403
    assert api.get(FIGURES).status_code == 200


def test_the_database_itself_holds_a_key_to_its_municipalities_and_its_scopes(web):
    a_pool()
    free = Api(web, a_key("PBX"))
    for code in (HJORRING, SKANDERBORG):
        assert free.post("/inquiries", json=an_inquiry(code)).status_code == 201
    with accounts() as session:
        integrator = keys.of(session, "PBX")[0].id
    with transaction() as session:
        for code in (HJORRING, SKANDERBORG):
            session.execute(
                text(
                    "INSERT INTO exchange_sum (start, home, answering, inquiries, talk_seconds)"
                    " VALUES (date_trunc('day', now()), :code, :code, 1, 1)"
                ),
                {"code": code},
            )

    def seen(table, column, scopes="read,statistics", municipalities=HJORRING):
        tenant = Tenant("integrator", "a key", None, None, integrator, scopes, municipalities)
        with TenantSession(tenant) as session:
            return {row[0] for row in session.execute(text(f"SELECT {column} FROM {table}"))}

    assert seen("inquiry", "municipality") == {HJORRING}
    assert seen("inquiry", "municipality", municipalities="") == {HJORRING, SKANDERBORG}
    assert seen("exchange_sum", "home") == {HJORRING}
    assert seen("exchange_sum", "home", municipalities="") == {HJORRING, SKANDERBORG}
    assert seen("exchange_sum", "home", scopes="read") == set()
    assert seen("exchange_sum", "home", scopes="") == set()


def test_a_rotated_key_and_the_new_one_hold_side_by_side_until_the_overlap_ends(with_facts):
    a_pool()
    moment = now()
    with accounts() as session:
        grant = Grant((Scope.INTAKE,), (HJORRING,), moment + timedelta(days=90))
        old = keys.add(session, "PBX", grant, moment)
        later = moment + timedelta(days=80)
        new = keys.rotate(session, "PBX", timedelta(hours=24), later)

    def valid(key, at):
        with accounts() as session:
            return keys.holder(session, key, at) is not None

    ends = later + timedelta(hours=24)
    assert [valid(key, ends - timedelta(seconds=1)) for key in (old, new)] == [True, True]
    assert [valid(key, ends) for key in (old, new)] == [False, True]
    assert (kept(new).scopes, kept(new).municipalities) == (["intake"], [HJORRING])
    assert kept(new).ends_at == later + timedelta(days=90)


def test_rotating_never_lets_a_key_live_longer_than_it_would_have(with_facts):
    moment = now()
    with accounts() as session:
        old = keys.add(session, "PBX", Grant(ends_at=moment + timedelta(hours=1)), moment)
        keys.rotate(session, "PBX", timedelta(days=1), moment)
    assert kept(old).ends_at == moment + timedelta(hours=1)


def test_a_revoked_key_is_worth_nothing_and_its_name_may_be_given_again(with_facts):
    moment = now()
    with accounts() as session:
        key = keys.add(session, "PBX", Grant(), moment)
        with pytest.raises(errors.IntegratorExists):
            keys.add(session, "PBX", Grant(), moment)
        with pytest.raises(errors.NoSuchKey):
            keys.revoke(session, "PBX", "hk_other", moment)
        assert keys.revoke(session, "PBX", None, moment) == 1
        assert keys.holder(session, key, moment) is None
        with pytest.raises(errors.NoSuchKey):
            keys.rotate(session, "PBX", timedelta(0), moment)
        again = keys.add(session, "PBX", Grant(), moment)
        assert keys.holder(session, again, moment) is not None
        with pytest.raises(errors.UnknownIntegrator):
            keys.revoke(session, "nobody", None, moment)


def last_use(key):
    return until(lambda: kept(key).last_used_at, "intake, which does it beside the request, wrote it down")


@pytest.mark.parametrize("way", ["read", "hand in"])
def test_the_last_use_is_written_down_once_a_minute(web, way):
    a_pool()
    key = a_key()
    use = {
        "read": lambda: Api(web, key).get("/inquiries"),
        "hand in": lambda: Api(web, key).post("/inquiries", json=an_inquiry()),
    }[way]
    assert kept(key).last_used_at is None
    assert use().status_code < 300
    first = last_use(key)
    assert abs(now() - first) < timedelta(minutes=1)
    assert use().status_code < 300
    assert kept(key).last_used_at == first


def test_a_use_is_written_again_after_a_minute_and_never_waited_for(with_facts):
    key, moment = a_key(), now()
    at = [moment + timedelta(seconds=seconds) for seconds in (0, 59, 60)]
    for when, written in zip(at, (at[0], at[0], at[2]), strict=True):
        with accounts() as session:
            assert keys.holder(session, key, when) is not None
        assert kept(key).last_used_at == written
    with accounts() as one, accounts() as other:
        other.execute(text("SET LOCAL lock_timeout = '100ms'"))
        for session in (one, other):  # the second finds the row locked, and leaves it
            assert keys.holder(session, key, moment + timedelta(minutes=5)) is not None


def test_beyond_its_limit_a_key_is_asked_to_wait(web, monkeypatch):
    a_pool()
    monkeypatch.setenv("HOTLINE_KEY_REQUESTS_PER_SECOND", "1")
    settings.cache_clear()
    key, other = a_key(), a_key()
    api = Api(web, key)
    for ask in (lambda: api.get("/inquiries"), lambda: api.post("/inquiries", json=an_inquiry())):
        answers = [ask() for _ in range(30)]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert refused and {answer.status_code for answer in answers} - {200, 201, 429} == set()
        assert refused[0].json()["type"] == "/problems/too-many-requests"
        assert refused[0].headers["retry-after"] == "1"
    assert Api(web, other).get("/inquiries").status_code == 200


def test_in_the_demo_a_key_has_no_limit(web, monkeypatch):
    a_pool()
    monkeypatch.setenv("HOTLINE_KEY_REQUESTS_PER_SECOND", "1")
    monkeypatch.setenv("HOTLINE_DEMO", "1")
    settings.cache_clear()
    api = Api(web, a_key())
    assert {api.get("/inquiries").status_code for _ in range(20)} == {200}
