"""What the router learns of its topics as it goes, and whom it knows to be at work."""

from datetime import timedelta
from random import Random

import pytest
import sqlalchemy as sa
from sqlmodel import col, select, update

from hotline.agents.models import AgentWork, Presence
from hotline.agents.presence import say
from hotline.directory.together import together
from hotline.handling import actions as handling
from hotline.inquiries.journal import JournalLine
from hotline.inquiries.models import Inquiry, Outcome
from hotline.offers.actions import accept
from hotline.policies import current_policy
from hotline.queue.learning import learn, learned
from hotline.queue.signed_in import SignedIn
from hotline.queue.snapshot import load_snapshot
from hotline.routing.cover import Cover
from hotline.routing.learned import FIRST_GUESS, Learned
from hotline.routing.model import Agent
from tests.builders import HJORRING, SKANDERBORG, a_ready_agent, an_agent
from tests.building import transaction
from tests.offers.doing import a_journalled_inquiry, an_offer, by

POLICY = current_policy.__wrapped__()
A_DAY = timedelta(days=1)


def taken():
    """How many lines told of something."""
    with transaction() as session:
        return learn(session, POLICY)


def known(at):
    with transaction() as session:
        return learned(session, at)


def close(session, inquiry, agent, at):
    handling.close(session, session.get_one(Inquiry, inquiry), agent, Outcome.RESOLVED, None, at)


def test_each_line_is_learned_once_and_nothing_is_used_before_a_day_has_been_learned(with_facts, moment):
    a_journalled_inquiry(channel="phone", topic="mitid")
    assert taken() == 0  # it begins with what comes from now on
    offer, agent, inquiry = an_offer(channel="phone")
    a_journalled_inquiry(channel="email", topic="mitid")
    by(agent, accept, offer, at=moment)
    by(agent, close, inquiry, at=moment + timedelta(seconds=100))
    assert (taken(), taken()) == (3, 0)
    assert not known(moment + A_DAY - timedelta(minutes=1)).has_heard_of_any
    told = known(moment + A_DAY + timedelta(minutes=1))
    alike = Learned()
    with transaction() as session:
        [came] = session.exec(
            select(JournalLine.at).where(JournalLine.event == "classified", JournalLine.inquiry_id == inquiry)
        )
    alike.came("passport", "da", came.timestamp(), HJORRING)
    alike.was_handled("passport", True, 100 / POLICY.pace[2], SKANDERBORG)
    assert told.sums() == alike.sums()
    assert told.handling("passport", is_call=True) < FIRST_GUESS[True]
    assert taken() == 0 and known(moment + 2 * A_DAY) is known(moment + 2 * A_DAY)


def test_what_came_with_a_restore_from_a_busier_server_stops_no_learning(with_facts):
    taken()
    with transaction() as session:
        session.execute(sa.text("UPDATE learning SET xid = '999999999999'"))
    assert taken() == 0
    a_journalled_inquiry(channel="phone")
    assert taken() == 1


def test_a_pass_knows_who_is_busy_as_well(with_facts, moment):
    a_ready_agent(topics=("passport",), languages=("da",))
    busy = a_ready_agent(topics=("passport",), languages=("da",))
    with transaction() as session:
        session.exec(update(AgentWork).where(col(AgentWork.agent_id) == busy).values(load=3))
        snapshot = load_snapshot(session, moment, POLICY, together(session, moment), (), set())
    assert snapshot.signed_in.everywhere["passport", "da"] == 2


@pytest.mark.parametrize("seed", range(3))
def test_who_is_at_work_is_the_same_whether_kept_or_counted_anew(with_facts, moment, seed):
    random = Random(seed)
    agents = [an_agent(topics=("passport", "mitid")[: 1 + n % 2], connected=True)[0] for n in range(6)]
    kept = SignedIn()
    for _ in range(8):
        with transaction() as session:
            for agent in random.sample(agents, 2):
                say(session, agent, random.choice(list(Presence)), None, moment)
        with transaction() as session:
            one, anew = kept.look(session, ()), SignedIn().look(session, ())
        assert +one.everywhere == +anew.everywhere and +one.at_work_at == +anew.at_work_at


def test_an_agent_who_is_seen_with_other_skills_is_counted_with_those(with_facts):
    agent = a_ready_agent(topics=("passport",))
    kept = SignedIn()
    with transaction() as session:
        kept.look(session, ())
        seen = Agent(agent, HJORRING, {"mitid": 1}, frozenset({"en"}), 3, 0, 0.0)
        cover = kept.look(session, [seen])
    alone = Cover()
    alone.sign_in(seen)
    assert +cover.everywhere == alone.everywhere
