"""Home first: whose agents a citizen's inquiry is open to by and by, in the real database and over HTTP."""

import pytest
from sqlalchemy import text
from sqlmodel import col, update

from hotline.agents.models import AgentWork, Presence
from hotline.clock import danish, now
from hotline.directory import agreements, collaborations
from hotline.directory.models import Collaboration, KeptTopic, Partner
from hotline.handling.actions import transfer
from hotline.handling.errors import AgentOfOthers
from hotline.inquiries.guards import held_inquiry
from hotline.inquiries.models import Inquiry
from hotline.inquiries.offer import OfferState
from hotline.offers.actions import accept, refuse
from hotline.offers.errors import OfferGone
from hotline.offers.sweep import NOT_TOGETHER, absences
from hotline.policies import current_policy
from hotline.queue.run import route
from hotline.queue.widen import widen
from tests.board.test_explanation import explain
from tests.builders import HJORRING, SKANDERBORG, Api, a_key, a_pool, a_ready_agent, an_agent, signed_in
from tests.building import accounts, transaction
from tests.callbacks.steps import a_call, taken
from tests.handling.test_leads import lines
from tests.offers.doing import a_journalled_inquiry, by, in_, look_at, offer_of, sound

ODDER, MORSO = "0727", "0773"
RINGS = {"home_first_seconds": 60, "partner_seconds": 30}


def a_ringed_pool(*codes, partner=None, kept=(), **rules):
    """A collaboration in which Hjørring comes first with its citizens, then its partner; its id."""
    pool = a_pool(*codes, **(RINGS | rules))
    with accounts() as session:
        if partner:
            session.add(Partner(collaboration_id=pool, municipality=HJORRING, partner=partner))
        session.add_all(KeptTopic(collaboration_id=pool, municipality=HJORRING, topic=topic) for topic in kept)
    return pool


def busy(municipality, **facts):
    """Somebody at work who is offered nothing just now."""
    agent = a_ready_agent(municipality=municipality, **facts)
    with transaction() as session:
        session.exec(update(AgentWork).where(col(AgentWork.agent_id) == agent).values(rests_until=in_(hours=1)))
    return agent


def later(seconds):
    """As if so many seconds had passed in the queue, and the router had looked."""
    with transaction() as session:
        ago = "make_interval(secs => :s)"
        session.execute(text(f"UPDATE inquiry SET queued_at = queued_at - {ago}, widens_at = widens_at - {ago},"
                             " opened = (SELECT coalesce(jsonb_object_agg("
                             "key, CASE jsonb_typeof(value) WHEN 'null' THEN value"
                             " ELSE to_jsonb(value::text::float8 - :s) END), '{}') FROM jsonb_each(opened))"),
                        {"s": seconds})  # fmt: skip
    return route()


def agent_offered(inquiry):
    offer = offer_of(inquiry)
    return offer and offer.agent_id


def test_home_is_asked_first_then_the_partner_then_all_members_and_nobody_else(with_facts):
    a_ringed_pool(HJORRING, SKANDERBORG, ODDER, partner=SKANDERBORG)
    busy(HJORRING)
    partner, member = a_ready_agent(municipality=SKANDERBORG), a_ready_agent(municipality=ODDER)
    a_ready_agent(municipality=MORSO)
    first, second = a_journalled_inquiry(channel="phone"), a_journalled_inquiry(channel="phone")
    own = a_journalled_inquiry(municipality=ODDER, channel="phone")
    assert route() == 1 and agent_offered(own) == member
    assert later(59.0) == 0
    assert later(1.5) == 1 and agent_offered(first) == partner
    says_no(member, own)
    assert later(28.0) == 0
    assert later(2.0) == 1 and agent_offered(second) == member
    assert look_at(Inquiry, second).widens_at is None
    told = [line.data for line in lines(second, "widened")]
    assert told == [{"municipalities": 2}, {"municipalities": 3}]
    code, out, _ = explain(str(second))
    assert code == 0 and "opened to agents of 2 municipalities: it had waited for those before long enough" in out
    sound()


@pytest.mark.parametrize(
    ("at_home", "waits"),
    [
        ({}, True),
        ({"presence": Presence.BREAK}, True),
        ({"presence": Presence.OFFLINE}, False),
        ({"connected": False}, False),
        ({"topics": ("mitid",)}, False),
        ({"languages": ("en",)}, False),
    ],
    ids=["busy", "on a break", "off duty", "gone", "without the topic", "without the language"],
)
def test_a_ring_is_waited_for_only_while_somebody_of_it_is_signed_in_who_could(with_facts, at_home, waits):
    a_ringed_pool(HJORRING, SKANDERBORG, ODDER, partner=SKANDERBORG)
    busy(HJORRING, **at_home)
    agent = a_ready_agent(municipality=ODDER)  # nobody of the partner is there at all
    inquiry = a_journalled_inquiry()
    assert route() == (not waits)
    assert agent_offered(inquiry) == (None if waits else agent)
    assert look_at(Inquiry, inquiry).speaks == "da"
    told = [line.data for line in lines(inquiry, "widened")]
    assert told == ([] if waits else [{"municipalities": 3, "early": True}])
    assert waits or "nobody at work of those before could take it" in explain(str(inquiry))[1]


def test_once_the_last_of_a_ring_has_gone_it_is_skipped_and_stays_open_though_they_come_back(with_facts):
    a_ringed_pool(HJORRING, SKANDERBORG, ODDER, partner=SKANDERBORG)
    alone, agent = busy(HJORRING), a_ready_agent(municipality=SKANDERBORG, capacity=1)
    inquiry, next_one = a_journalled_inquiry(), a_journalled_inquiry()
    assert route() == 0
    there(alone, False)
    assert route() == 1 and agent_offered(inquiry) == agent
    there(alone, True)
    says_no(agent, inquiry)
    assert route() == 1 and agent_offered(next_one) == agent
    assert set(look_at(Inquiry, inquiry).opened) == set(look_at(Inquiry, next_one).opened) != set()
    fresh = a_journalled_inquiry()
    route()
    assert look_at(Inquiry, fresh).opened == {}


def test_of_two_collaborations_the_earlier_moment_counts_and_each_keeps_what_it_keeps(with_facts):
    a_ringed_pool(HJORRING, SKANDERBORG, MORSO, kept=["doctor"], home_first_seconds=60, partner_seconds=0)
    a_ringed_pool(HJORRING, ODDER, MORSO, home_first_seconds=30, partner_seconds=0)
    busy(HJORRING, topics=("passport", "doctor"))
    topics = ("passport", "doctor")
    one = a_ready_agent(municipality=SKANDERBORG, topics=topics, capacity=1)
    passport, doctor = a_journalled_inquiry(), a_journalled_inquiry(topic="doctor")
    assert later(31) == 0
    of_both = a_ready_agent(municipality=MORSO, capacity=1)
    assert route() == 1 and agent_offered(passport) == of_both
    other = a_ready_agent(municipality=ODDER, topics=topics, capacity=1)
    assert route() == 1 and agent_offered(doctor) == other
    says_no(other, doctor)
    there(other, False)
    assert later(31) == 0  # Skanderborg has room, and is never asked for what Hjørring keeps
    mine = a_journalled_inquiry(municipality=SKANDERBORG, topic="doctor")
    assert route() == 1 and agent_offered(mine) == one
    sound()


def test_what_waits_goes_by_new_rules_at_once_and_what_was_open_stays_so(with_facts):
    pool = a_ringed_pool(HJORRING, SKANDERBORG, home_first_seconds=0, partner_seconds=0)
    home = busy(HJORRING)
    old = a_journalled_inquiry()
    changed(pool, {"home_first_seconds": 300})
    young = a_journalled_inquiry()
    agent = a_ready_agent(municipality=SKANDERBORG)
    assert route() == 1 and agent_offered(old) == agent and agent_offered(young) is None
    changed(pool, {"home_first_seconds": 0})
    assert route() == 1 and agent_offered(young) == agent
    assert home != agent


def test_a_topic_that_is_kept_from_now_on_is_taken_back_from_others_and_hidden_from_who_answered_it(web):
    pool = a_pool(HJORRING, SKANDERBORG)
    agent_id, username = an_agent(presence=Presence.AVAILABLE, connected=True)
    agent, pbx = signed_in(web, username), Api(web, a_key())
    done, offered = a_call(pbx), None
    taken(agent, agent_id, done)
    assert agent.post(f"/inquiries/{done}/closure", json={"outcome": "resolved"}).status_code == 200
    offered = a_journalled_inquiry()
    other = a_journalled_inquiry(topic="mitid")
    assert route() == 1
    assert agent.get(f"/inquiries/{done}").status_code == 200
    keeps(pool, "passport")
    assert agent.get(f"/inquiries/{done}").status_code == 404
    assert agent.get("/me").json()["offers"] == []
    offer = offer_of(offered)
    assert agent.post(f"/offers/{offer.id}/acceptance").status_code == 409
    with pytest.raises(OfferGone):
        by(agent_id, lambda session, one, at: accept(session, offer.id, one, at))
    absences(now(), current_policy())
    assert (offer_of(offered).state, offer_of(offered).answer_reason) == (OfferState.WITHDRAWN, NOT_TOGETHER)
    assert route() == 0 and offer_of(other) is None
    own = a_ready_agent(municipality=HJORRING)
    assert route() == 1 and agent_offered(offered) == own
    keeps(pool)
    assert agent.get(f"/inquiries/{done}").status_code == 200


def test_over_http_a_ring_that_was_opened_stays_open_through_refusal_transfer_and_redial(web):
    a_ringed_pool(HJORRING, SKANDERBORG, partner_seconds=0)
    home = busy(HJORRING, topics=("passport", "mitid"))
    agent_id, username = an_agent(topics=("passport", "mitid"), presence=Presence.AVAILABLE, connected=True)
    agent, pbx = signed_in(web, username), Api(web, a_key())
    call = a_call(pbx)
    assert route() == 0
    there(home, False)  # for a moment nobody is at home
    assert route() == 1
    there(home, True)
    offer = offer_of(call)
    assert agent.post(f"/offers/{offer.id}/refusal", json={"reason": "optaget"}).status_code == 204
    taken(agent, agent_id, call)
    assert agent.post(f"/inquiries/{call}/transfer", json={"topic": "mitid"}).status_code == 200
    taken(agent, agent_id, call)
    assert agent.post(f"/inquiries/{call}/closure", json={"outcome": "resolved"}).status_code == 200

    hangs_up = a_call(pbx, "+4520123457")
    assert route() == 0
    there(home, False)
    assert route() == 1
    there(home, True)
    assert pbx.post(f"/inquiries/{hangs_up}/abandonment").status_code == 200
    rings_again, fresh = a_call(pbx, "+4520123457"), a_call(pbx, "+4520123458")
    assert route() == 1 and agent_offered(rings_again) == agent_id
    assert offer_of(fresh) is None
    sound()


def test_a_colleague_by_name_is_of_those_to_whom_the_inquiry_is_open(with_facts):
    pool = a_ringed_pool(HJORRING, SKANDERBORG, home_first_seconds=300)
    home, other = a_ready_agent(municipality=HJORRING, capacity=1), a_ready_agent(municipality=SKANDERBORG)
    inquiry = a_journalled_inquiry()
    assert route() == 1
    by(home, lambda session, agent, at: accept(session, offer_of(inquiry).id, agent, at))

    def passed_on(session, agent, at):
        transfer(session, held_inquiry(session, agent.id, inquiry), agent, None, other, None, at)

    with pytest.raises(AgentOfOthers):
        by(home, passed_on)
    changed(pool, {"home_first_seconds": 0})
    by(home, passed_on)
    assert route() == 1 and agent_offered(inquiry) == other


def test_a_language_is_waited_for_while_a_ring_may_open_to_those_who_speak_it(with_facts):
    a_ringed_pool(HJORRING, SKANDERBORG)
    busy(HJORRING), a_ready_agent(municipality=SKANDERBORG, languages=("da", "ar"), capacity=1)
    inquiry = a_journalled_inquiry(speaks="ar")
    with transaction() as session:
        assert widen(session, now(), current_policy()) == 0
    assert look_at(Inquiry, inquiry).speaks == "ar"
    assert route() == 1


def test_written_work_waits_for_a_call_that_is_open_to_its_agent_only_later(with_facts):
    a_ringed_pool(HJORRING, SKANDERBORG)
    busy(HJORRING), a_ready_agent(municipality=SKANDERBORG)
    a_journalled_inquiry(channel="phone", target=20.0)
    a_journalled_inquiry(municipality=SKANDERBORG, channel="email", target=600.0)
    assert route() == 0


def says_no(agent, inquiry):
    by(agent, lambda session, one, at: refuse(session, offer_of(inquiry).id, one, None, at))


def there(agent, connected):
    with transaction() as session:
        session.exec(update(AgentWork).where(col(AgentWork.agent_id) == agent).values(connected=connected))


def changed(pool, rules):
    with accounts() as session:
        collaborations.change(session, session.get_one(Collaboration, pool).name, rules)


def keeps(pool, *topics):
    with accounts() as session:
        name = session.get_one(Collaboration, pool).name
        agreements.keep_topics(session, name, HJORRING, topics, danish(now()).date())
