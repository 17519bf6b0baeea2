"""Two collaborations in one hotline: nobody is offered, shown or counted what those they answer with did not ask."""

from datetime import timedelta

import pytest

from hotline.board.board import board
from hotline.clock import danish, now
from hotline.directory import collaborations
from hotline.directory.models import Collaboration, Person
from hotline.inquiries.models import Inquiry
from hotline.inquiries.offer import Offer, OfferState
from hotline.inquiries.reading import detail
from hotline.inquiries.states import State
from hotline.offers.actions import accept
from hotline.offers.errors import OfferGone
from hotline.offers.sweep import NOT_TOGETHER, absences
from hotline.policies import current_policy
from hotline.queue.run import route
from hotline.queue.widen import widen
from tests.builders import HJORRING, SKANDERBORG, a_person, a_pool, a_ready_agent
from tests.building import accounts, transaction
from tests.offers.doing import a_journalled_inquiry, by, look_at, offer_of, sound

REBILD, MORSO, ODDER = "0840", "0773", "0727"


@pytest.mark.parametrize(
    ("agents", "citizens", "offered"),
    [
        (HJORRING, SKANDERBORG, True),
        (HJORRING, REBILD, False),
        (REBILD, HJORRING, False),
        (MORSO, HJORRING, True),
        (MORSO, REBILD, True),
        (ODDER, HJORRING, False),
        (HJORRING, ODDER, False),
        (ODDER, ODDER, True),
    ],
)
def test_those_who_share_a_collaboration_are_offered_each_others_citizens_and_everybody_their_own(
    with_facts, agents, citizens, offered
):
    two_pools()
    agent = a_ready_agent(municipality=agents)
    inquiry = a_journalled_inquiry(municipality=citizens)
    assert route() == offered
    assert [offer_of(inquiry).agent_id] == [agent] if offered else offer_of(inquiry) is None
    sound()


def test_the_long_queue_of_others_does_not_hide_what_is_theirs(with_facts):
    two_pools()
    for age in range(60):
        a_journalled_inquiry(municipality=REBILD, age=900 + age)
    agent = a_ready_agent(municipality=HJORRING, capacity=1)
    mine = a_journalled_inquiry(municipality=SKANDERBORG)
    assert route() == 1
    assert offer_of(mine).agent_id == agent


def test_after_a_municipality_has_left_its_agents_are_offered_no_more_and_what_waits_finds_others(with_facts):
    pool, _ = two_pools()
    gone, stays = a_ready_agent(municipality=SKANDERBORG, idle_for=90), a_ready_agent(municipality=HJORRING)
    theirs, ours = a_journalled_inquiry(municipality=SKANDERBORG), a_journalled_inquiry(municipality=HJORRING)
    leaves(pool, SKANDERBORG)
    assert route() == 2
    assert (offer_of(theirs).agent_id, offer_of(ours).agent_id) == (gone, stays)
    sound()


def test_an_offer_that_is_open_as_a_municipality_leaves_cannot_be_accepted_and_goes_back(with_facts):
    pool, _ = two_pools()
    gone = a_ready_agent(municipality=SKANDERBORG)
    inquiry = a_journalled_inquiry(municipality=HJORRING)
    assert route() == 1
    offer = offer_of(inquiry)
    leaves(pool, SKANDERBORG)
    with pytest.raises(OfferGone):
        by(gone, accept_of(offer.id))
    absences(now(), current_policy())
    back = look_at(Offer, offer.id)
    assert (back.state, back.answer_reason) == (OfferState.WITHDRAWN, NOT_TOGETHER)
    assert look_at(Inquiry, inquiry).state == State.WAITING
    sound()


def test_offers_among_those_who_answer_together_stay(with_facts):
    two_pools()
    a_ready_agent(municipality=MORSO)
    inquiry = a_journalled_inquiry(municipality=REBILD)
    assert route() == 1
    absences(now(), current_policy())
    assert offer_of(inquiry).state == OfferState.OPEN


def test_a_language_that_only_others_speak_is_not_waited_for(with_facts):
    two_pools()
    a_ready_agent(municipality=REBILD, languages=("ar",))
    speaks_none = a_journalled_inquiry(municipality=HJORRING, speaks="ar")
    spoken = a_journalled_inquiry(municipality=MORSO, speaks="ar")
    with transaction() as session:
        widen(session, now(), current_policy())
    assert (look_at(Inquiry, speaks_none).speaks, look_at(Inquiry, spoken).speaks) == ("*", "ar")


def test_what_is_kept_for_one_agent_goes_to_all_once_they_may_not_answer_it(with_facts, moment):
    pool, _ = two_pools()
    agent = a_ready_agent(municipality=SKANDERBORG)
    later = moment + timedelta(seconds=90)
    a_ready_agent(municipality=HJORRING)
    inquiry = a_journalled_inquiry(municipality=HJORRING, only_agent=agent, only_until=later)
    with transaction() as session:
        assert widen(session, now(), current_policy()) == 0
    leaves(pool, SKANDERBORG)
    with transaction() as session:
        assert widen(session, now(), current_policy()) == 1
    assert look_at(Inquiry, inquiry).only_agent is None


def test_the_place_in_the_queue_and_the_wait_go_by_those_who_answer(with_facts):
    two_pools()
    for municipality in (REBILD, MORSO, HJORRING, ODDER):
        a_journalled_inquiry(municipality=municipality, age=90)
    a_ready_agent(municipality=REBILD), a_ready_agent(municipality=HJORRING)
    inquiry = a_journalled_inquiry(municipality=SKANDERBORG)
    lead = a_person("secretariat")
    with transaction() as session:
        who = session.get_one(Person, session.execute(Person.__table__.select().filter_by(username=lead)).one().id)
        told = detail(session, who, session.get_one(Inquiry, inquiry), now())
    # Before it are those whom agents who may answer it answer as well: not Odder's. One agent of the two may answer it.
    assert (told["position"], told["estimated_wait_seconds"]) == (4, 4 * 375)


def test_the_queue_counts_the_agents_of_members(with_facts):
    two_pools()
    a_ready_agent(municipality=HJORRING), a_ready_agent(municipality=REBILD), a_ready_agent(municipality=ODDER)
    with transaction() as session:
        assert board(session, now()).agents.ready == 2


@pytest.mark.parametrize(("days", "offered"), [(-1, False), (0, False), (1, True)])
def test_the_day_on_which_it_leaves_is_the_first_on_which_it_is_no_member(with_facts, days, offered):
    pool, _ = two_pools()
    a_ready_agent(municipality=SKANDERBORG)
    a_journalled_inquiry(municipality=HJORRING)
    leaves(pool, SKANDERBORG, days)
    assert route() == offered


def two_pools():
    """Hjørring, Skanderborg and Morsø in one; Rebild and Morsø in another; Odder in none. Their names."""
    pools = a_pool(HJORRING, SKANDERBORG, MORSO), a_pool(REBILD, MORSO)
    with transaction() as session:
        return [session.get_one(Collaboration, pool).name for pool in pools]


def leaves(pool, code, in_days=0):
    today = danish(now()).date()
    with accounts() as session:
        collaborations.leave(session, pool, [code], today + timedelta(days=in_days), today)


def accept_of(offer_id):
    return lambda session, agent, at: accept(session, offer_id, agent, at)
