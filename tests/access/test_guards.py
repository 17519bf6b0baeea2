"""Who may read which inquiry, and who may change it."""

from types import SimpleNamespace

import pytest
from sqlmodel import select

from hotline.access.guards import KeyHolder
from hotline.access.models import ApiKey, Integrator
from hotline.access.sessions import token_hash
from hotline.clock import now
from hotline.directory.models import Person
from hotline.errors import NotFound
from hotline.inquiries import guards
from hotline.inquiries.models import Inquiry
from hotline.offers.actions import accept, refuse
from hotline.queue.run import route
from tests.builders import HJORRING, SKANDERBORG, Api, a_key, a_person, a_pool, a_ready_agent, signed_in
from tests.building import accounts, transaction
from tests.offers.doing import a_journalled_inquiry, by, offer_of


@pytest.fixture
def people(with_facts):
    """An inquiry from Hjørring in the hands of an agent of Skanderborg, whom a colleague left it to, and everybody."""
    a_pool()
    keys = {"own key": a_key(), "other key": a_key()}
    with accounts() as session:
        holder = {
            name: session.get_one(Integrator, session.get_one(ApiKey, token_hash(key)).integrator_id)
            for name, key in keys.items()
        }
    inquiry = a_journalled_inquiry(integrator_id=holder["own key"].id)
    refuser = a_ready_agent()
    assert route() == 1
    refusing(refuser, offer_of(inquiry).id)
    handler = a_ready_agent()
    assert route() == 1
    waiting = a_journalled_inquiry("doctor", integrator_id=holder["other key"].id, municipality=SKANDERBORG)
    by(handler, accept, offer_of(inquiry).id)
    names = {
        "viewer": a_person("viewer", HJORRING),
        "team lead": a_person("team_lead", HJORRING),
        "other team lead": a_person("team_lead", SKANDERBORG),
        "secretariat": a_person("secretariat"),
        "administrator": a_person("administrator"),
    }
    with transaction() as session:
        callers = {
            name: session.exec(select(Person).where(Person.username == one)).one() for name, one in names.items()
        }
        callers |= {"handler": session.get_one(Person, handler), "refuser": session.get_one(Person, refuser)}
    callers |= {name: KeyHolder(one.id, one.name) for name, one in holder.items()}
    return SimpleNamespace(callers=callers, names=names, keys=keys, inquiry=inquiry, waiting=waiting)


def refusing(agent_id, offer_id):
    by(agent_id, lambda session, agent, at: refuse(session, offer_id, agent, None, at))


# The other team lead: it is in the hands of an agent of theirs, who may have to be relieved of it.
READERS = {"own key", "team lead", "other team lead", "secretariat", "administrator", "handler"}
READERS_OF_THE_OTHER = {"other key", "other team lead", "secretariat", "administrator"}


def test_an_inquiry_is_read_by_those_it_concerns_and_by_nobody_else(people):
    def readers(inquiry_id):
        found = set()
        with transaction() as session:
            for name, caller in people.callers.items():
                try:
                    assert guards.inquiry(session, caller, inquiry_id).id == inquiry_id
                    found.add(name)
                except NotFound:
                    pass
                listed = session.exec(select(Inquiry.id).where(guards.may_see(caller))).all()
                assert (inquiry_id in listed) is (name in found), name  # a list shows what can be opened, no more
        return found

    assert readers(people.inquiry) == READERS
    assert readers(people.waiting) == READERS_OF_THE_OTHER


def test_only_who_has_or_had_an_inquiry_in_hand_gets_it_to_work_on(people):
    with transaction() as session:
        ids = {name: people.callers[name].id for name in ("handler", "refuser")}
        assert guards.held_inquiry(session, ids["handler"], people.inquiry).agent_id == ids["handler"]
        with pytest.raises(NotFound):
            guards.held_inquiry(session, ids["refuser"], people.inquiry)


def test_over_http_the_same_holds(people, web):
    apis = {name: signed_in(web, one) for name, one in people.names.items()}
    apis |= {name: Api(web, key) for name, key in people.keys.items()}
    for name, api in apis.items():
        for inquiry, readers in ((people.inquiry, READERS), (people.waiting, READERS_OF_THE_OTHER)):
            answer = api.get(f"/inquiries/{inquiry}")
            assert answer.status_code == (200 if name in readers else 404), name
            listed = [one["id"] for one in api.get("/inquiries").json()["items"]]
            assert (str(inquiry) in listed) is (name in readers), name
    pages = apis["secretariat"].get("/inquiries", params={"limit": 1}).json()
    rest = apis["secretariat"].get("/inquiries", params={"limit": 1, "cursor": pages["next_cursor"]}).json()
    assert {pages["items"][0]["id"], rest["items"][0]["id"]} == {str(people.inquiry), str(people.waiting)}
    assert rest["next_cursor"] is None


def test_a_key_that_was_ended_or_whose_integrator_was_is_worth_nothing(web):
    a_pool()
    good, ended, inactive = a_key(), a_key(), a_key()
    with accounts() as session:
        session.get_one(ApiKey, token_hash(ended)).ends_at = now()
        session.get_one(Integrator, session.get_one(ApiKey, token_hash(inactive)).integrator_id).active = False
    body = {"channel": "web", "municipality": HJORRING}
    for key, status in ((good, 201), (ended, 401), (inactive, 401), (good[:-1], 401), (good.upper(), 401)):
        assert Api(web, key).post("/inquiries", json=body).status_code == status
        assert Api(web, key).get("/inquiries").status_code == (200 if status == 201 else 401)
