"""The whole way through a real provider: who comes in, as whom, and which lies do not come through."""

import base64
from functools import cache
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from limits import RateLimitItemPerMinute
from sqlmodel import Session, select, update
from typer.testing import CliRunner

from hotline.access import claim_rules, oidc, oidc_pages, throttle
from hotline.access.claim_rules import PoolRules
from hotline.access.guards import COOKIE
from hotline.access.models import SignInSession
from hotline.access.oidc_tables import OidcAttempt, OidcPerson
from hotline.agents.models import AgentWork, Presence
from hotline.clock import now
from hotline.directory.cvr import CvrNumber
from hotline.directory.models import Agent, AgentSkill, Person
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import State
from hotline.offers.actions import accept
from hotline.queue.run import route
from hotline.settings import settings
from tests.access.provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    KEYS,
    STRANGERS,
    providing,
    signed_by_hand,
    signed_by_somebody_else,
    signed_with_the_client_secret,
    signed_with_the_public_key,
    unsigned,
)
from tests.builders import HJORRING, PATIENCE, SKANDERBORG, Api, a_person, a_pool, a_sign_in
from tests.building import accounts, owner, transaction
from tests.cli.commands import app
from tests.offers.doing import a_journalled_inquiry, by, offer_of

CVR = {HJORRING: "99000860", SKANDERBORG: "99000746"}
KARLA = {"sub": "s-karla", "preferred_username": "karla", "name": "Karla Klog", "cvr": CVR[HJORRING]}
AGENT = KARLA | {"roles": ["hotline-agent"], "topics": ["passport", "23.15.*"], "languages": ["da", "en"]}


@pytest.fixture(scope="module")
def one_provider():
    with providing() as provider:
        yield provider


@pytest.fixture
def provider(one_provider):
    fresh = type(one_provider)()
    one_provider.__dict__.update({k: v for k, v in vars(fresh).items() if k not in ("app", "url")})
    one_provider.person = dict(AGENT)
    return one_provider


@pytest.fixture
def url(provider, web, monkeypatch, tmp_path):
    """A web process that trusts the provider, and two municipalities with invented CVR numbers."""
    (tmp_path / "secret").write_text(CLIENT_SECRET + "\n")
    monkeypatch.setenv("HOTLINE_OIDC_ISSUER", provider.url)
    monkeypatch.setenv("HOTLINE_OIDC_CLIENT_ID", CLIENT_ID)
    monkeypatch.setenv("HOTLINE_OIDC_CLIENT_SECRET_FILE", str(tmp_path / "secret"))
    settings.cache_clear()
    oidc.forget()
    a_pool()
    with accounts() as session:
        for code, cvr in CVR.items():
            session.add(CvrNumber(cvr=cvr, municipality=code, invented=True))
    yield web
    claim_rules.read.cache_clear()


@pytest.fixture
def browser(url):
    with httpx.Client(base_url=url, headers={"Accept": "text/html"}, timeout=PATIENCE) as client:
        yield client


def to_the_provider(browser, next="/"):
    """Press the button; the provider's address."""
    answer = browser.get("/sign-in/oidc", params={"next": next})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def back(address):
    """What the provider answers: the address of the way back."""
    return httpx.get(address, timeout=PATIENCE).headers["location"]


def comes_in(browser, next="/"):
    return browser.get(back(to_the_provider(browser, next)))


def stays_out(browser, answer, status=401):
    assert (answer.status_code, COOKIE in browser.cookies) == (status, False), answer.text
    with accounts() as session:
        assert session.exec(select(SignInSession)).all() == []


def me(browser):
    return Api(str(browser.base_url).rstrip("/"), browser.cookies[COOKIE]).get("/me").json()


def person(subject="s-karla"):
    with accounts() as session:
        return session.exec(select(Person).join(OidcPerson).where(OidcPerson.subject == subject)).first()


def skills(person_id):
    with transaction() as session:
        return {
            one.topic: one.level for one in session.exec(select(AgentSkill).where(AgentSkill.agent_id == person_id))
        }


@pytest.mark.parametrize("algorithm", ["RS256", "PS256", "ES256"])
def test_somebody_new_comes_in_as_what_their_organisation_says(browser, provider, algorithm):
    provider.algorithm = algorithm
    answer = comes_in(browser, "/desk")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    assert "httponly" in answer.headers["set-cookie"].lower() and oidc.LASTS.total_seconds() == 600
    said = me(browser)
    assert (said["username"], said["role"], said["municipality"]) == ("karla", "agent", HJORRING)
    assert set(skills(person().id)) == {"passport", "mitid", "digital-post", "digital-post-exemption"}
    with accounts() as session:
        assert session.get_one(Agent, person().id).languages == ["da", "en"]
    with owner().connect() as session:
        assert session.execute(select(OidcAttempt)).all() == []
    assert "hotline_oidc" not in browser.cookies


def test_no_address_begins_sign_ins_without_end(browser, provider, monkeypatch):
    monkeypatch.setattr(oidc_pages, "MOST", RateLimitItemPerMinute(3))
    begun = [browser.get("/sign-in/oidc").status_code for _ in range(7)]
    assert 303 in begun and begun[-1] == 429
    with Session(owner()) as session:
        assert len(session.exec(select(OidcAttempt)).all()) == begun.count(303)


def test_what_leaves_the_browser_does_not_tell_its_secret(browser):
    asked = {name: value for name, [value] in parse_qs(urlsplit(to_the_provider(browser)).query).items()}
    assert asked["redirect_uri"] == f"{browser.base_url}/sign-in/oidc/callback".replace("//sign", "/sign")
    secret = browser.cookies["hotline_oidc"]
    assert secret not in str(asked) and "code_verifier" not in asked
    assert len({asked["state"], asked["nonce"], asked["code_challenge"], secret}) == 4


def test_kombits_privileges_make_an_agent_of_somebody(browser, provider, monkeypatch):
    monkeypatch.setenv("HOTLINE_OIDC_CLAIMS", "kombit")
    settings.cache_clear()
    claim_rules.read.cache_clear()
    xml = f"""<bpp:PrivilegeList xmlns:bpp="http://digst.dk/oiosaml/basic_privilege_profile">
        <PrivilegeGroup Scope="urn:dk:gov:saml:cvrNumberIdentifier:{CVR[SKANDERBORG]}">
        <Privilege>http://hotline.example/roles/usersystemrole/agent/1</Privilege>
        <Constraint Name="urn:dk:kombit:KLE">23.09.*</Constraint></PrivilegeGroup></bpp:PrivilegeList>"""
    provider.person = {
        "sub": "s-karla",
        "email": "karla@skanderborg.example",
        "https://data.gov.dk/concept/core/nsis/loa": "Substantial",
        "https://data.gov.dk/model/core/eid/privilegesIntermediate": base64.b64encode(xml.encode()).decode(),
    }
    comes_in(browser)
    said = me(browser)
    assert (said["username"], said["role"], said["municipality"]) == (
        "karla@skanderborg.example", "agent", SKANDERBORG,
    )  # fmt: skip
    assert set(skills(person().id)) == {"passport", "driving-licence"}


def test_at_the_next_sign_in_the_person_is_kept_in_step(browser, provider):
    comes_in(browser)
    before = person()
    with accounts() as session:
        session.get_one(AgentSkill, (before.id, "passport")).level = 3
    provider.person |= {
        "name": "Karla Ny", "preferred_username": "karla.ny", "cvr": CVR[SKANDERBORG], "topics": ["passport", "doctor"],
    }  # fmt: skip
    comes_in(browser)
    after = person()
    assert after.id == before.id
    assert (after.username, after.name, after.municipality) == ("karla.ny", "Karla Ny", SKANDERBORG)
    assert skills(after.id) == {"passport": 3, "doctor": 2}
    with transaction() as session:
        assert session.get_one(Agent, after.id).municipality == SKANDERBORG
    for name in ("topics", "languages"):
        provider.person.pop(name)
    comes_in(browser)
    assert skills(after.id) == {"passport": 3, "doctor": 2}


def test_who_is_an_agent_no_more_goes_off_duty(browser, provider):
    comes_in(browser)
    with transaction() as session:
        session.get_one(AgentWork, person().id).presence = Presence.AVAILABLE
    provider.person["roles"] = ["hotline-viewer"]
    comes_in(browser)
    assert me(browser)["role"] == "viewer" and skills(person().id) == {}
    with transaction() as session:
        assert session.get_one(AgentWork, person().id).presence == Presence.OFFLINE


def test_who_has_a_citizen_in_hand_is_an_agent_until_that_has_ended(browser, provider):
    comes_in(browser)
    inquiry = a_journalled_inquiry()
    with transaction() as session:
        agent = session.get_one(AgentWork, person().id)
        agent.presence, agent.connected = Presence.AVAILABLE, True
    assert route() == 1
    by(person().id, accept, offer_of(inquiry).id)
    provider.person["roles"] = ["hotline-viewer"]
    comes_in(browser)
    assert (me(browser)["role"], me(browser)["presence"]) == ("agent", "offline")
    with transaction() as session:
        session.get_one(Inquiry, inquiry).state = State.CLOSED
    comes_in(browser)
    assert me(browser)["role"] == "viewer"


@pytest.fixture
def the_pools(monkeypatch):
    """Have Hjørring's CVR number, and one that is no municipality's, give out the roles of the pool."""
    named = PoolRules(cvr=[CVR[HJORRING], "99000001"])
    rules = claim_rules.read().model_copy(update={"pool": named})
    monkeypatch.setattr(claim_rules, "read", cache(lambda: rules))


@pytest.mark.parametrize(
    "said", [{"roles": []}, {"roles": None}, {"roles": ["hotline-administrator"]}, {"cvr": "99999999"}, {"cvr": None}]
)
def test_who_has_no_place_any_more_loses_the_sign_ins_that_they_have(url, browser, provider, said):
    comes_in(browser)
    before = Api(url, browser.cookies[COOKIE])
    inquiry = a_journalled_inquiry()
    with transaction() as session:
        agent = session.get_one(AgentWork, person().id)
        agent.presence, agent.connected = Presence.AVAILABLE, True
    assert route() == 1
    provider.person |= said
    with httpx.Client(base_url=url, headers={"Accept": "text/html"}, timeout=PATIENCE) as elsewhere:
        stays_out(elsewhere, comes_in(elsewhere), 403)
    assert before.get("/me").status_code == 401
    assert route() == 0
    with transaction() as session:
        assert not session.get_one(AgentWork, person().id).connected
        assert session.get_one(Inquiry, inquiry).state == State.WAITING


def test_whoever_cannot_prove_who_they_are_ends_nobodys_sign_in(url, browser, provider):
    comes_in(browser)
    before = Api(url, browser.cookies[COOKIE])
    provider.person |= {"roles": []}
    for forged in (unsigned, signed_by_somebody_else, signed_with_the_public_key):
        provider.forged = forged
        assert comes_in(browser).status_code == 401
    provider.forged, provider.person["sub"] = None, "s-another"
    assert comes_in(browser).status_code == 403
    assert before.get("/me").status_code == 200


def test_coming_in_over_another_sign_in_of_the_browser_ends_that_one(url, browser):
    former = a_sign_in(a_person("secretariat"))
    browser.cookies.set(COOKIE, former)
    assert comes_in(browser).status_code == 303
    assert Api(url, former).get("/me").status_code == 401


@pytest.mark.parametrize("cvr", [CVR[HJORRING], "99000001"])
def test_the_secretariat_serves_all_municipalities(browser, provider, the_pools, cvr):
    provider.person |= {"roles": ["hotline-secretariat"], "cvr": cvr}
    comes_in(browser)
    assert (person().role, person().municipality) == ("secretariat", None)


@pytest.mark.parametrize("role", ["hotline-secretariat", "hotline-administrator"])
@pytest.mark.parametrize(
    "said",
    [{"cvr": CVR[SKANDERBORG]}, {"cvr": None}, {"municipality": SKANDERBORG}, {"cvr": None, "municipality": "0860"}],
)
def test_no_other_organisation_makes_its_own_people_rulers_of_the_pool(browser, provider, the_pools, role, said):
    provider.person |= said | {"roles": [role]}
    stays_out(browser, comes_in(browser), 403)
    assert person() is None


def test_who_ruled_the_pool_for_an_organisation_does_not_for_another(browser, provider, the_pools):
    provider.person["roles"] = ["hotline-administrator", "hotline-viewer"]
    comes_in(browser)
    assert person().role == "administrator"
    provider.person["cvr"] = CVR[SKANDERBORG]
    comes_in(browser)
    assert (person().role, person().municipality) == ("viewer", SKANDERBORG)


def test_who_was_deactivated_does_not_come_in(browser):
    comes_in(browser)
    with accounts() as session:
        session.get_one(Person, person().id).active = False
        for one in session.exec(select(SignInSession)):
            session.delete(one)
    browser.cookies.clear()
    stays_out(browser, comes_in(browser), 403)


@pytest.mark.parametrize(
    "said, kind",
    [
        ({"cvr": "99999999"}, "unknown-organisation"),
        ({"cvr": None, "municipality": "9999"}, "unknown-organisation"),
        ({"cvr": "99999999", "roles": ["hotline-secretariat"]}, "no-place"),
        ({"cvr": None}, "no-place"),
        ({"municipality": SKANDERBORG}, "no-place"),
        ({"roles": ["somebody"]}, "no-place"),
        ({"preferred_username": None}, "no-place"),
    ],
)
def test_who_has_no_place_is_told_so(browser, provider, said, kind):
    provider.person |= said
    address = back(to_the_provider(browser))
    answer = browser.get(address, headers={"Accept": "application/json"})
    assert answer.json()["type"] == f"/problems/{kind}"
    stays_out(browser, answer, 403)
    assert person() is None


def test_a_name_alone_takes_nobody_over_however_it_is_spelled(browser, provider):
    a_person("team_lead", HJORRING, username="kå")
    for name in ("kå", "KÅ", " Kå ", "ka\u030a"):
        provider.person["preferred_username"] = name
        stays_out(browser, comes_in(browser), 403)


def test_who_was_entered_beforehand_is_the_one_who_comes_in(browser):
    with accounts() as session:
        entered = Person(username="karla", name="K", role="viewer", municipality=HJORRING)
        session.add(entered)
        session.flush()
        beforehand = entered.id
    comes_in(browser)
    assert person().id == beforehand


def test_who_was_entered_beforehand_elsewhere_is_somebody_else(browser):
    with accounts() as session:
        session.add(Person(username="karla", name="K", role="viewer", municipality=SKANDERBORG))
    stays_out(browser, comes_in(browser), 403)


BRINGING = {"alg": "RS256", "kid": "r1", "jwk": STRANGERS.as_dict(private=False)}
LIES = {
    "another nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"claims": {"nonce": None}},
    "another audience": {"claims": {"aud": "another"}},
    "an audience that is none": {"claims": {"aud": {"a": 1}}},
    "two audiences and no party": {"claims": {"aud": [CLIENT_ID, "another"]}},
    "another party": {"claims": {"aud": [CLIENT_ID, "another"], "azp": "another"}},
    "two audiences, another first": {"claims": {"aud": ["another", CLIENT_ID]}},
    "another party alone": {"claims": {"azp": "another"}},
    "a party that is none": {"claims": {"azp": [CLIENT_ID]}},
    "an audience of another's spelling": {"claims": {"aud": CLIENT_ID.upper()}},
    "no audience": {"claims": {"aud": None}},
    "another issuer": {"claims": {"iss": "https://a.example"}},
    "several issuers": {"claims": {"iss": ["https://a.example"]}},
    "expired": {"claims": {"exp": int(now().timestamp()) - 3600}},
    "not before tomorrow": {"claims": {"nbf": int(now().timestamp()) + 86_400}},
    "not before what is no time": {"claims": {"nbf": "soon"}},
    "no end": {"claims": {"exp": None}},
    "an end that is none": {"claims": {"exp": "soon"}},
    "issued tomorrow": {"claims": {"iat": int(now().timestamp()) + 86_400}},
    "no subject": {"claims": {"sub": None}},
    "a subject that is none": {"claims": {"sub": 7}},
    "several subjects": {"claims": {"sub": ["s-karla"]}},
    "a subject that is an object": {"claims": {"sub": {"s-karla": 1}}},
    "an empty subject": {"claims": {"sub": ""}},
    "unsigned": {"forged": unsigned},
    "signed with the public key": {"forged": signed_with_the_public_key},
    "signed with the client's secret": {"forged": signed_with_the_client_secret},
    "signed by somebody else": {"forged": signed_by_somebody_else},
    "signed under the name of another key": {"forged": signed_by_hand({"alg": "RS256", "kid": "e1"})},
    "signed under the name of no key": {"forged": signed_by_hand({"alg": "RS256", "kid": "r9"})},
    "signed under the name of no algorithm": {"forged": signed_by_hand({"alg": "nOnE", "kid": "r1"})},
    "signed by a key that it brings": {"forged": signed_by_hand(BRINGING, STRANGERS)},
    "signed by a key that it brings and does not name": {"forged": signed_by_hand(BRINGING | {"kid": ""}, STRANGERS)},
    "more to understand than we do": {"forged": signed_by_hand({"alg": "RS256", "kid": "r1", "crit": ["x"], "x": 1})},
    "no token": {"forged": lambda claims: None},
    "rubbish": {"forged": lambda claims: "a.b.c"},
    "more rubbish": {"forged": lambda claims: "æ" * 40},
    "another token's hash": {"claims": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}},
    "an error": {"answer": {"error": "access_denied", "code": ""}},
    "another code": {"answer": {"code": "another"}},
    "another state": {"answer": {"state": "another"}},
    "no state": {"answer": {"state": ""}},
    "from another provider": {"answer": {"iss": "https://a.example"}},
}


def test_no_lie_comes_through(browser, provider):
    answers = {}
    for lie, told in LIES.items():
        vars(provider).update({"claims": {}, "forged": None, "answer": {}} | told)
        answer = browser.get(back(to_the_provider(browser)), headers={"Accept": "application/json"})
        answers[lie] = (answer.status_code, answer.json().get("type"))
    assert {lie: said for lie, said in answers.items() if said != (401, "/problems/sign-in-not-proven")} == {}
    stays_out(browser, answer)
    assert person() is None
    vars(provider).update({"claims": {}, "forged": None, "answer": {}})
    assert comes_in(browser).status_code == 303


def test_an_answer_is_good_once_even_where_the_provider_gives_the_token_again(browser, provider):
    provider.replay = True
    address = to_the_provider(browser)
    cookie, answer = browser.cookies["hotline_oidc"], back(address)
    assert browser.get(answer).status_code == 303
    browser.cookies.clear()
    again = browser.get(answer, headers={"Cookie": f"hotline_oidc={cookie}"})
    assert (again.status_code, COOKIE in browser.cookies) == (401, False)
    with accounts() as session:
        assert len(session.exec(select(SignInSession)).all()) == 1


def test_a_code_of_another_attempt_does_not_fit(browser, url):
    theirs = parse_qs(urlsplit(back(to_the_provider(httpx.Client(base_url=url, timeout=PATIENCE)))).query)["code"][0]
    mine = urlsplit(back(to_the_provider(browser)))
    state = parse_qs(mine.query)["state"][0]
    stays_out(browser, browser.get(mine.path, params={"code": theirs, "state": state}))


def test_an_answer_for_another_browser_signs_nobody_in(browser, url):
    with httpx.Client(base_url=url, timeout=PATIENCE) as other:
        theirs = back(to_the_provider(other))
    stays_out(browser, browser.get(theirs))
    to_the_provider(browser)
    stays_out(browser, browser.get(theirs))


def test_who_comes_back_without_having_left_is_counted_like_any_wrong_sign_in(browser):
    most = throttle.LIMITS.address.amount
    tried = [browser.get("/sign-in/oidc/callback?state=x&code=y").status_code for _ in range(most + 1)]
    assert tried == [401] * most + [429]


def test_a_claim_that_cannot_be_kept_is_refused_in_words(browser, provider):
    provider.person = AGENT | {"name": "Karla\x1b[2J"}
    stays_out(browser, comes_in(browser))


def test_an_attempt_does_not_last(browser):
    answer = back(to_the_provider(browser))
    with owner().begin() as session:
        assert session.execute(update(OidcAttempt).values(ends_at=now())).rowcount == 1
    stays_out(browser, browser.get(answer))


def test_afterwards_one_stays_on_our_pages(browser):
    for elsewhere in ("//a.example", "https://a.example", "/\\a.example"):
        location = comes_in(browser, elsewhere).headers["location"]
        assert browser.base_url.join(location).host == browser.base_url.host


def test_a_provider_may_change_its_keys(browser, provider):
    comes_in(browser)
    asked = provider.asked.count("jwks")
    comes_in(browser)
    assert provider.asked.count("jwks") == asked
    provider.keys = {"RSA": type(KEYS["RSA"]).generate_key(2048, {"kid": "r2"})}
    browser.cookies.clear()
    assert comes_in(browser).status_code == 303 and COOKIE in browser.cookies
    assert provider.asked.count("jwks") == asked + 1


def test_when_the_provider_is_away_the_page_says_so(browser, monkeypatch):
    monkeypatch.setenv("HOTLINE_OIDC_ISSUER", "http://127.0.0.1:9")
    settings.cache_clear()
    assert browser.get("/sign-in/oidc").status_code == 503


def test_the_button_is_there_where_there_is_a_provider(browser, monkeypatch):
    assert 'href="/sign-in/oidc?next=/queue"' in browser.get("/sign-in", params={"next": "/queue"}).text
    monkeypatch.delenv("HOTLINE_OIDC_ISSUER")
    settings.cache_clear()
    assert "/sign-in/oidc" not in browser.get("/sign-in").text
    assert browser.get("/sign-in/oidc").status_code == 404
    assert browser.get("/sign-in/oidc/callback").status_code == 404


@pytest.mark.parametrize("name, value", [("CLAIMS", "nowhere"), ("CLIENT_SECRET_FILE", "/nowhere/secret")])
def test_a_web_process_does_not_begin_where_nobody_could_sign_in(database, monkeypatch, name, value):
    monkeypatch.setenv("HOTLINE_OIDC_ISSUER", "https://a.example")
    monkeypatch.setenv(f"HOTLINE_OIDC_{name}", value)
    settings.cache_clear()
    claim_rules.read.cache_clear()
    answer = CliRunner().invoke(app, ["serve", "--port", "0"])
    assert answer.exit_code == 1 and "nowhere" in answer.stderr and len(answer.stderr.splitlines()) == 1


@pytest.mark.parametrize("issuer", ["http://a.example", "ftp://127.0.0.1", "a.example", "http://127.0.0.1.a.example"])
def test_a_provider_is_reached_over_https_alone(monkeypatch, issuer):
    monkeypatch.setenv("HOTLINE_OIDC_ISSUER", issuer)
    settings.cache_clear()
    with pytest.raises(ValueError, match="https"):
        settings()
    settings.cache_clear()
