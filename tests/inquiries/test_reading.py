"""One inquiry as it is read: counted over everybody's, and told no further than to whom it concerns."""

import pytest
from sqlalchemy import text
from sqlmodel import select

from hotline.access.models import ApiKey
from hotline.access.sessions import token_hash
from hotline.directory.models import Person
from hotline.offers.actions import accept, refuse
from hotline.queue.run import route
from tests.builders import HJORRING, SKANDERBORG, Api, a_key, a_person, a_pool, a_ready_agent, signed_in
from tests.building import accounts, owner, transaction
from tests.offers.doing import a_journalled_inquiry, by, offer_of

WHY = "kender borgeren"


def integrator_of(key):
    with accounts() as session:
        return session.get_one(ApiKey, token_hash(key)).integrator_id


def username_of(agent_id):
    with transaction() as session:
        return session.exec(select(Person.username).where(Person.id == agent_id)).one()


def test_a_place_in_the_queue_counts_everybodys_inquiries_and_everybodys_agents(web):
    a_pool()
    keys = a_key(), a_key(municipalities=(HJORRING,))
    a_journalled_inquiry(municipality=SKANDERBORG, integrator_id=integrator_of(keys[0]), age=60)
    last = a_journalled_inquiry(municipality=HJORRING, integrator_id=integrator_of(keys[1]))
    for _ in range(2):
        a_ready_agent()
    told = Api(web, keys[1]).get(f"/inquiries/{last}").json()
    assert (told["position"], told["estimated_wait_seconds"]) == (
        2,
        375,
    )  # 300 s each, of which two take one, and a quarter
    boss = signed_in(web, a_person("secretariat")).get(f"/inquiries/{last}").json()
    assert boss["position"] == told["position"]


@pytest.fixture
def refused(web):
    """An inquiry that one agent refused, for a reason, and another has: the id, the key, both, and a third agent."""
    a_pool()
    key = a_key()
    inquiry = a_journalled_inquiry(integrator_id=integrator_of(key))
    refuser = a_ready_agent()
    assert route() == 1
    offer = offer_of(inquiry).id
    by(refuser, lambda session, agent, at: refuse(session, offer, agent, WHY, at))
    handler = a_ready_agent()
    assert route() == 1
    return inquiry, key, refuser, handler


def test_a_team_lead_reads_why_their_own_agents_refused_it_and_not_why_others_did(web):
    a_pool()
    inquiry = a_journalled_inquiry(municipality=HJORRING)
    refuser = a_ready_agent(municipality=SKANDERBORG)
    assert route() == 1
    offer = offer_of(inquiry).id
    by(refuser, lambda session, agent, at: refuse(session, offer, agent, WHY, at))
    another = a_ready_agent(municipality=SKANDERBORG)
    assert route() == 1
    by(another, accept, offer_of(inquiry).id)
    of_the_citizen, of_the_refuser = (a_person("team_lead", code) for code in (HJORRING, SKANDERBORG))
    for lead, reads in ((of_the_citizen, False), (of_the_refuser, True), (a_person("secretariat"), True)):
        assert (WHY in signed_in(web, lead).get(f"/inquiries/{inquiry}").text) is reads


def test_why_an_agent_refused_it_is_not_for_the_phone_system_nor_for_whom_it_is_offered_to(web, refused):
    inquiry, key, _, handler = refused
    lead, boss = a_person("team_lead", SKANDERBORG), a_person("secretariat")
    other_lead = signed_in(web, a_person("team_lead", "0727"))

    def timeline(api):
        return api.get(f"/inquiries/{inquiry}").json()["timeline"]

    offered_to, phone_system = signed_in(web, username_of(handler)), Api(web, key)
    for api in (offered_to, phone_system):
        assert "refused" in [line["event"] for line in timeline(api)]
        assert WHY not in str(timeline(api))
    by(handler, accept, offer_of(inquiry).id)
    for api in (offered_to, signed_in(web, lead), signed_in(web, boss)):
        assert [line["reason"] for line in timeline(api) if line["event"] == "refused"] == [WHY]
    assert WHY not in str(timeline(phone_system))
    assert other_lead.get(f"/inquiries/{inquiry}").status_code == 404
    with owner().connect() as connection:
        assert connection.execute(text(f"SELECT count(*) FROM journal WHERE data::text LIKE '%{WHY}%'")).scalar() == 0
