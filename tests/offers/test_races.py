"""Many hands on one offer, with a connection each: one wins, and everything adds up."""

import random
import threading
import time
from collections import Counter
from datetime import timedelta

from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from hotline.access.sessions import still_in
from hotline.agents import presence
from hotline.agents.models import AgentWork, Presence
from hotline.clock import now
from hotline.directory.models import Agent, AgentSkill
from hotline.errors import HotlineError
from hotline.handling import actions as handling
from hotline.inquiries.guards import held_inquiry
from hotline.inquiries.models import Inquiry, Outcome
from hotline.inquiries.offer import Offer, OfferState
from hotline.inquiries.states import State
from hotline.offers.abandon import abandon
from hotline.offers.actions import accept, lapse, refuse, withdraw
from hotline.offers.sweep import absences, lapses, take_back_from_the_absent
from hotline.policies import current_policy
from hotline.queue.run import one_pass, route
from hotline.queue.widen import widen
from tests.builders import a_key, a_ready_agent, a_sign_in
from tests.building import transaction
from tests.offers.doing import a_journalled_inquiry, an_offer, by, in_, look_at, offer_of, sound
from tests.racing import at_once

TOPICS = ("passport", "mitid", "doctor")


def taking(offer_id, agent_id, at=None):
    def act():
        with transaction() as session:
            accept(session, offer_id, session.get_one(Agent, agent_id), at or now())
        return "accepted"

    return act


def refusing(offer_id, agent_id):
    def act():
        with transaction() as session:
            refuse(session, offer_id, session.get_one(Agent, agent_id), None, now())
        return "refused"

    return act


def lapsing(offer_id, at):
    def act():
        with transaction() as session:
            return "lapsed" if lapse(session, offer_id, at) else "too late"

    return act


def withdrawing(offer_id):
    def act():
        with transaction() as session:
            return "withdrawn" if withdraw(session, offer_id, now(), "test") else "too late"

    return act


def hanging_up(inquiry_id):
    def act():
        with transaction() as session:
            abandon(session, session.get_one(Inquiry, inquiry_id), now())
        return "abandoned"

    return act


def test_of_eight_who_take_one_offer_one_gets_it(with_facts):
    offer_id, agent_id, inquiry_id = an_offer()
    strangers = [a_ready_agent(topics=("doctor",)) for _ in range(4)]
    answers = at_once(*[taking(offer_id, agent_id)] * 4, *(taking(offer_id, one) for one in strangers))
    assert Counter(answers) == {"accepted": 1, "OfferGone": 3, "NotFound": 4}
    with transaction() as session:
        assert session.get_one(Inquiry, inquiry_id).agent_id == agent_id
    sound()


def test_an_offer_ends_in_one_way_however_many_are_tried_at_once(with_facts):
    for seed in range(8):
        offer_id, agent_id, inquiry_id = an_offer()
        late = in_(minutes=1)  # for the sweep the time has run out, for the agent it has not
        acts = [
            taking(offer_id, agent_id),
            refusing(offer_id, agent_id),
            lapsing(offer_id, late),
            lapsing(offer_id, late),
            withdrawing(offer_id),
            hanging_up(inquiry_id),
        ]
        random.Random(seed).shuffle(acts)
        answers = at_once(*acts)
        won = [one for one in answers if one in {"accepted", "refused", "lapsed", "withdrawn"}]
        offer, inquiry = look_at(Offer, offer_id), look_at(Inquiry, inquiry_id)
        if won:
            assert won == [offer.state]
            assert inquiry.state == (State.HANDLING if won == ["accepted"] else State.ABANDONED)
        else:
            assert (offer.state, inquiry.state) == (OfferState.WITHDRAWN, State.ABANDONED)
        assert ("abandoned" in answers) is (inquiry.state == State.ABANDONED)
        with transaction() as session:
            session.get_one(AgentWork, agent_id).presence = Presence.OFFLINE
    sound()


def test_of_two_who_end_the_same_work_in_different_ways_one_does(with_facts):
    offer_id, agent_id, inquiry_id = an_offer()
    taking(offer_id, agent_id)()

    def with_it(act, *more):
        def run():
            with transaction() as session:
                agent = session.get_one(Agent, agent_id)
                act(session, held_inquiry(session, agent_id, inquiry_id), agent, *more, now())
            return act.__name__

        return run

    closing = with_it(handling.close, Outcome.RESOLVED, None)
    passing_on = with_it(handling.transfer, "doctor", None, None)
    answers = at_once(closing, closing, passing_on, passing_on, with_it(handling.hand_over, None))
    assert Counter(answers)["WrongState"] == 4
    with transaction() as session:
        ended = session.get_one(Inquiry, inquiry_id).state
        assert session.get_one(AgentWork, agent_id).load == 0
    [won] = [one for one in answers if one != "WrongState"]
    assert ended == {"close": State.CLOSED, "transfer": State.WAITING, "hand_over": State.HANDED_OVER}[won]
    sound()


def test_several_routers_at_once_double_nothing_and_overload_nobody(with_facts):
    for _ in range(6):
        a_ready_agent(capacity=3)
    for number in range(30):
        a_journalled_inquiry(channel="phone" if number % 5 == 0 else "web")
    made = [offered for offered, _ in at_once(*[one_pass] * 4)]
    made += at_once(*[route] * 4)
    with transaction() as session:
        offers = session.exec(select(Offer)).all()
    assert sum(made) == len(offers)
    assert len({offer.inquiry_id for offer in offers}) == len(offers)
    sound()
    with transaction() as session:
        assert all(one.load == one.capacity for one in session.exec(select(AgentWork)).all())


def test_an_agent_who_goes_on_break_while_offers_are_made_is_left_with_none(with_facts):
    for _ in range(5):
        agent_id = a_ready_agent(capacity=4)
        for _ in range(4):
            a_journalled_inquiry()

        def pause(agent_id=agent_id):
            with transaction() as session:
                presence.say(session, agent_id, Presence.BREAK, None, now())

        at_once(one_pass, pause, one_pass)
        take_back_from_the_absent(now())
        with transaction() as session:
            open_offers = select(Offer).where(Offer.agent_id == agent_id, col(Offer.state) == OfferState.OPEN)
            assert session.exec(open_offers).all() == []
    sound()


def test_a_break_and_callers_who_hang_up_never_lock_each_other(with_facts):
    agent_id = a_ready_agent(capacity=6)
    for _ in range(6):
        by(agent_id, lambda session, agent, at: presence.say(session, agent.id, Presence.AVAILABLE, None, at))
        ids = [a_journalled_inquiry() for _ in range(6)]
        assert route() == 6

        def pause():
            by(agent_id, lambda session, agent, at: presence.say(session, agent.id, Presence.BREAK, None, at))
            take_back_from_the_absent(now())
            return "paused"

        assert Counter(at_once(*map(hanging_up, ids[3:]), pause)) == {"paused": 1, "abandoned": 3}
        for inquiry_id in ids[:3]:
            hanging_up(inquiry_id)()
    sound()


def test_an_offer_that_lapses_and_one_that_is_taken_never_lock_each_other(with_facts):
    for _ in range(12):
        agent_id = a_ready_agent(capacity=2)
        first, second = (a_journalled_inquiry() for _ in range(2))
        assert route() == 2
        late = in_(minutes=1)
        answers = at_once(lapsing(offer_of(first).id, late), taking(offer_of(second).id, agent_id))
        assert answers == ["lapsed", "accepted"]
        hanging_up(first)()
        with transaction() as session:  # who has been idle for longest would get the next offer, too
            session.get_one(AgentWork, agent_id).presence = Presence.OFFLINE
    sound()


class Storm:
    """Everybody does anything at any time, by one seed, for so long and until all of `needed` has happened; what
    raises is kept."""

    def __init__(self, seed, seconds, needed):
        a_key()  # the phone system that all inquiries come from
        self.seed, self.needed = seed, needed
        self.until, self.at_the_latest = (time.monotonic() + more for more in (seconds, 90))
        self.agents = [a_ready_agent(topics=random.Random(n).sample(TOPICS, 2), capacity=1 + n % 3) for n in range(8)]
        for agent_id in self.agents:
            a_sign_in(agent_id)
        self.broken, self.done = [], Counter()

    def blow(self):
        acts = (self.citizens, self.citizens, self.agents_answer, self.agents_answer, self.agents_answer,
                self.routers, self.routers, self.sweeper, self.moods)  # fmt: skip
        threads = [
            threading.Thread(target=self._run, args=(act, random.Random(f"{self.seed} {number}")))
            for number, act in enumerate(acts)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(150)
        assert not any(thread.is_alive() for thread in threads), "somebody hangs"

    def _goes_on(self):
        at = time.monotonic()
        return at < self.until or (at < self.at_the_latest and not all(self.done[one] for one in self.needed))

    def _run(self, act, r):
        while self._goes_on():
            try:
                self.done[act(r)] += 1
            except HotlineError as error:
                self.done[type(error).__name__] += 1
            except OperationalError as error:
                self.broken.append(f"{act.__name__}: {type(error.orig).__name__}: {error.orig}")
            except Exception as error:  # a thread that dies silently would leave a storm that proves nothing
                self.broken.append(f"{act.__name__}: {error!r}")

    def citizens(self, r):
        if r.random() < 0.6:
            a_journalled_inquiry(r.choice(TOPICS), r.choice(("phone", "web", "chat")), age=r.uniform(0, 90))
            return "asked"
        return hanging_up(self._any(r, Inquiry.id, col(Inquiry.ended_at).is_(None)))()

    def agents_answer(self, r):
        found = self._any(r, Offer.id, col(Offer.released_at).is_(None))
        with transaction() as session:
            offer = session.get_one(Offer, found)
            agent = session.get_one(Agent, offer.agent_id)
            if offer.state == OfferState.OPEN:
                if r.random() < 0.8:
                    accept(session, found, agent, now())
                    return "accepted"
                refuse(session, found, agent, "storm", now())
                return "refused"
            inquiry = held_inquiry(session, agent.id, offer.inquiry_id)
            what = r.random()
            if what < 0.2:
                handling.wrap_up(session, inquiry, agent, now())
                return "wrapped up"
            if what < 0.6:
                handling.close(session, inquiry, agent, Outcome.RESOLVED, "done", now())
                return "closed"
            if what < 0.7:
                handling.hand_over(session, inquiry, agent, None, now())
                return "handed over"
            if what < 0.8:
                handling.correct(session, inquiry, agent, {"priority": r.randint(1, 3)}, None, now())
                return "corrected"
            topic = r.choice(TOPICS)
            able = select(AgentSkill.agent_id).where(AgentSkill.topic == topic, AgentSkill.agent_id != agent.id)
            other = r.choice([None, *session.exec(able).all()])
            handling.transfer(session, inquiry, agent, topic, other, "you know this", now())
            return "transferred"

    def routers(self, r):
        made, _ = one_pass()
        time.sleep(r.uniform(0, 0.02))
        return "offered" if made else "nothing to offer"

    def sweeper(self, r):
        later = now() + timedelta(seconds=r.choice((0, 0, 15, 30)))
        lapses(later)
        absences(later, current_policy())
        with transaction() as session:
            widen(session, later, current_policy())
        time.sleep(0.05)
        return "swept"

    def moods(self, r):
        time.sleep(r.uniform(0, 0.05))
        agent_id = r.choice(self.agents)
        with transaction() as session:
            if r.random() < 0.3:
                presence.beat(session, r.sample(self.agents, 3), now(), 6, still_in)
                return "heard of"
            mood = r.choice((Presence.AVAILABLE, Presence.AVAILABLE, Presence.BREAK))
            presence.say(session, agent_id, mood, None, now())
            return str(mood)

    def _any(self, r, column, *where):
        with transaction() as session:
            found = session.exec(select(column).where(*where).limit(40)).all()
        if not found:
            a_journalled_inquiry(r.choice(TOPICS))
            return self._any(r, Inquiry.id) if column is Inquiry.id else self._wait_for_an_offer(r)
        return r.choice(found)

    def _wait_for_an_offer(self, r):
        time.sleep(0.01)
        raise HotlineError


def test_after_a_storm_of_everything_at_once_everything_adds_up(with_facts):
    happens = ("asked", "accepted", "refused", "closed", "transferred", "handed over", "abandoned", "offered")
    storm = Storm(seed=20261121, seconds=6, needed=happens)
    storm.blow()
    assert storm.broken == []
    sound()
    assert all(storm.done[one] for one in happens), storm.done
