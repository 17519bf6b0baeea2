"""Walks every way into the hotline as everybody: who may, who is asked to sign in, who may not, who finds nothing."""

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta

import httpx
import pytest
from fastapi.routing import iter_route_contexts
from sqlalchemy import text
from sqlmodel import select

from hotline.access.guards import COOKIE
from hotline.access.models import ApiKey, SignInSession
from hotline.access.sessions import PREFIX, csrf_token, token_hash
from hotline.app import create_app
from hotline.clock import now
from hotline.directory.models import Agent, Person
from hotline.inquiries.models import Citizen, Inquiry
from hotline.offers.actions import accept
from hotline.offers.make import make
from hotline.policies import current_policy
from hotline.privacy.models import KeptCpr
from hotline.privacy.vault import seal
from hotline.routing.model import Match
from hotline.routing.why import Why
from tests.access.decisions import CALLERS, KEYS, NOBODY, PEOPLE, Decision, decided
from tests.builders import HJORRING, PASSWORD, PATIENCE, SKANDERBORG, a_key, a_person, a_pool, an_agent
from tests.building import accounts, owner, transaction
from tests.offers.doing import a_journalled_inquiry, by, offer_of

NAME, SECRET, NUMBER = "Karla Opdigtet", "en sag om et pas der bortkom, [CPR]", "120367-1240"
MAY_SEE_THE_CITIZEN = {"agent", "team lead", "secretariat", "administrator"}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
EVERY_WAY = decided()
BY_KEY_OR_WITHOUT = {  # ways that no cookie opens
    "POST /api/v1/inquiries",
    "POST /api/v1/sessions",
    "POST /sign-in",
}


def ways(app):
    """Every method and path of the table of routes; a mounted folder counts as one way."""
    found = set()
    for route in iter_route_contexts(app.routes):
        methods = getattr(route, "methods", None) or {"GET"}
        path = route.path if getattr(route, "methods", None) else f"{route.path}/{{path}}"
        found |= {f"{method} {path}" for method in methods - {"HEAD", "OPTIONS"}}
    return found


def documented(app):
    """Every method and path of the API's document."""
    return {f"{method.upper()} {path}" for path, calls in app.openapi()["paths"].items() for method in calls}


def undecided(app):
    """The ways that nobody has decided about."""
    return (ways(app) | documented(app)) - EVERY_WAY.keys()


def test_of_every_way_in_it_is_decided_who_may():
    app = create_app()
    assert undecided(app) == set()
    assert documented(app) <= ways(app)
    assert EVERY_WAY.keys() - ways(app) == set(), "decided about, but not there"
    for way, decision in EVERY_WAY.items():
        assert decision.expected.keys() == set(CALLERS), way


def test_a_new_way_in_is_noticed_whether_it_is_documented_or_a_page():
    app = create_app()
    before = undecided(create_app())

    @app.get("/api/v1/citizens")
    def citizens() -> None:
        """Everybody."""

    @app.post("/citizens/{citizen}", include_in_schema=False)
    def page(citizen: str) -> None: ...

    app.mount("/archive", app=create_app())
    assert undecided(app) - before == {"GET /api/v1/citizens", "POST /citizens/{citizen}", "GET /archive/{path}"}


@dataclass
class World:
    """Everybody, and an inquiry that is made anew whenever somebody has changed it."""

    http: httpx.Client
    people: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    made: dict[str, tuple] = field(default_factory=dict)

    def token(self, caller):
        """A fresh sign-in of this person: some ways end it."""
        token = f"{PREFIX}{caller}-{len(self.made)}-{now().timestamp()}".replace(" ", "-")
        with accounts() as session:
            person = session.exec(select(Person).where(Person.username == self.people[caller])).one()
            times = {"begun_at": now(), "ends_at": now() + timedelta(days=1), "seen_at": now()}
            session.add(SignInSession(token_hash=token_hash(token), person_id=person.id, **times))
        return token

    def names(self, needs):
        """What stands in a path: of the inquiry in the state that is needed, and of what never changes."""
        names = {"code": HJORRING, "slug": "not-found", "username": self.people["viewer"], "password": PASSWORD}
        names["agent"], names["other_agent"] = self.people["agent"], self.people["other agent"]
        if needs:
            names |= dict(zip(("inquiry_id", "offer_id"), self._inquiry(needs), strict=True))
        return names

    def changed(self):
        """Somebody has done something: clear the desk."""
        self.made.clear()
        with owner().begin() as session:
            for one in (
                "UPDATE offer SET state = CASE state WHEN 'open' THEN 'withdrawn' ELSE state END, released_at = now()",
                "UPDATE inquiry SET state = 'closed', outcome = 'resolved', ended_at = now()",
                "UPDATE agent_work SET load = 0, presence = 'available', connected = true, rests_until = NULL",
            ):
                session.execute(text(one))

    def _inquiry(self, needs):
        if needs not in self.made:
            self.changed()
            self.made[needs] = self._made(needs)
        return self.made[needs]

    def _made(self, needs):
        inquiry = a_journalled_inquiry(municipality=HJORRING, integrator_id=self.ids["integrator"], text=SECRET)
        with transaction() as session:
            session.add(Citizen(inquiry_id=inquiry, name=seal(NAME, "name")))
            session.add(KeptCpr(inquiry_id=inquiry, n=1, place="text", position=0, sealed=seal(NUMBER, "kept_cpr")))
        if needs == "waiting":
            return inquiry, 0
        match = Match(inquiry=str(inquiry), agent=self.ids["agent"], units=1, is_call=False, why=Why())
        without_haste = replace(current_policy(), offer_seconds=3600)  # it is asked for by one caller after another
        with transaction() as session:
            assert make(session, [match], now(), without_haste) == 1
        offer = offer_of(inquiry).id
        if needs == "held":
            by(self.ids["agent"], accept, offer)
        return inquiry, offer


@pytest.fixture
def world(web):
    """The callers of the table, known to a web process."""
    a_pool()
    client = httpx.Client(base_url=web, timeout=PATIENCE)
    found = World(client)
    for name in ("agent", "other agent"):
        found.ids[name], found.people[name] = an_agent(municipality=SKANDERBORG, connected=True, presence="available")
    roles = {
        "team lead": ("team_lead", HJORRING),
        "viewer": ("viewer", HJORRING),
        "other viewer": ("viewer", SKANDERBORG),
        "secretariat": ("secretariat", None),
        "administrator": ("administrator", None),
    }
    found.people |= {name: a_person(*facts) for name, facts in roles.items()}
    for name, code in zip(KEYS, (HJORRING, SKANDERBORG), strict=True):
        found.keys[name] = a_key(municipalities=(code,))
        with accounts() as session:
            found.ids[name] = session.get_one(ApiKey, token_hash(found.keys[name])).integrator_id
    with client:
        yield found


def filled_in(values, names):
    filled = {
        name: value.format(**names) if isinstance(value, str) else value for name, value in (values or {}).items()
    }
    return filled or None


def asks(world, way, decision: Decision, caller, by_cookie=False, headers=None):
    """The status and text that this caller gets; pages are asked as by a browser, by its cookie."""
    method, path = way.split(" ")
    names = world.names(decision.needs) | (decision.params or {})
    sent = {"Accept": "application/json"}
    if caller in PEOPLE:
        token = world.token(caller)
        if path.startswith("/api/") and not by_cookie:
            sent["Authorization"] = f"Bearer {token}"
        else:
            sent |= {"Cookie": f"{COOKIE}={token}", "X-CSRF-Token": csrf_token(token)}
    elif caller in KEYS:
        sent["Authorization"] = f"Bearer {world.keys[caller]}"
    with world.http.stream(
        method,
        path.format(**names),
        json=filled_in(decision.json, names),
        data=filled_in(decision.form, names),
        headers=sent | (headers or {}),
    ) as answer:
        if answer.headers.get("content-type", "").startswith("text/event-stream"):
            said = next(answer.iter_text())  # it never ends
        else:
            said = answer.read().decode(errors="replace")  # a spreadsheet is no text
        assert answer.headers.get("cache-control") == "no-store" or path.startswith("/static/"), way
    world.http.cookies.clear()
    if method in UNSAFE and answer.status_code < 400 and decision.needs:
        world.changed()
    return answer.status_code, said


def test_everybody_gets_on_every_way_what_was_decided(world):
    for way, decision in EVERY_WAY.items():
        got = {}
        for caller in CALLERS:
            got[caller], said = asks(world, way, decision, caller)
            if got[caller] >= 400:
                assert json.loads(said)["status"] == got[caller], (way, caller)
            assert NUMBER not in said or (caller == "agent" and way.endswith("/reveal")), (way, caller)
            if caller not in MAY_SEE_THE_CITIZEN:
                assert NAME not in said and SECRET not in said, (way, caller)
        assert got == decision.expected, way


def test_who_may_see_the_inquiry_really_does(world):
    """Otherwise that others do not see it would prove nothing."""
    world.names("held")
    said = asks(world, "GET /desk", EVERY_WAY["GET /desk"], "agent")[1]
    assert NAME in said and SECRET in said


def test_every_change_by_cookie_needs_the_word_of_the_page(world):
    for way, decision in EVERY_WAY.items():
        if way.split(" ")[0] not in UNSAFE or way in BY_KEY_OR_WITHOUT:
            continue
        for caller in (one for one in PEOPLE if decision.expected[one] < 400):
            for word in ("", csrf_token("hs_somebody_else")):
                got, _ = asks(world, way, decision, caller, by_cookie=True, headers={"X-CSRF-Token": word})
                assert got == 403, (way, caller)


def test_no_cookie_opens_what_is_for_keys(world):
    way = "POST /api/v1/inquiries"
    for caller in PEOPLE:
        assert asks(world, way, EVERY_WAY[way], caller, by_cookie=True)[0] == 401, caller


def test_a_form_of_another_site_signs_nobody_in(world):
    way = "POST /sign-in"
    for site in ("cross-site", "same-site"):
        assert asks(world, way, EVERY_WAY[way], NOBODY, headers={"Sec-Fetch-Site": site})[0] == 403
    with accounts() as session:
        assert session.exec(select(SignInSession)).all() == []


def test_the_world_is_as_the_table_says(world):
    inquiry = world.names("held")["inquiry_id"]
    with transaction() as session:
        found = session.get_one(Inquiry, inquiry)
        assert (found.state, found.agent_id, found.municipality) == ("handling", world.ids["agent"], HJORRING)
        assert session.get_one(Agent, world.ids["agent"]).municipality == SKANDERBORG
