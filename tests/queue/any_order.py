"""A hotline where anything happens in any order, by a clock of its own: to citizens, agents, members and routers."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from hotline import db
from hotline.access.guards import KeyHolder
from hotline.agents.models import Presence
from hotline.agents.presence import say
from hotline.callbacks.due import call_backs
from hotline.callbacks.promise import request
from hotline.clock import danish, now
from hotline.directory import collaborations
from hotline.directory.models import Agent, Collaboration
from hotline.handling import actions
from hotline.handling.assignment import assign
from hotline.handling.errors import (
    AgentAway,
    AgentFull,
    AgentHasIt,
    AgentOfOthers,
    AgentOnBreak,
    AgentWithoutTopic,
)
from hotline.handling.leads import release
from hotline.inquiries.guards import held_inquiry
from hotline.inquiries.models import Inquiry, Outcome
from hotline.inquiries.offer import Offer, OfferState
from hotline.inquiries.states import ENDED, HELD, PARKED, QUEUED, State
from hotline.offers.abandon import abandon
from hotline.offers.actions import accept, refuse
from hotline.offers.errors import OfferGone
from hotline.offers.sweep import absences, lapses
from hotline.policies import current_policy
from hotline.queue.run import route
from hotline.queue.widen import widen
from hotline.statistics.models import FIGURES
from tests.builders import HJORRING, SKANDERBORG, a_pool, a_ready_agent, a_waiting_inquiry
from tests.building import accounts, owner, session, transaction
from tests.databases import WITH_FACTS
from tests.invariants import check
from tests.offers.doing import by
from tests.queue.left_idle import left_idle
from tests.statistics.lines import take_all
from tests.statistics.recount import kept, recounted

ODDER = "0727"
POOLS = (HJORRING, SKANDERBORG), (SKANDERBORG, ODDER)
ANY = st.integers(0, 99)
KEY = KeyHolder(1, "PBX")
BETWEEN_ROUNDS = 35  # seconds, after which whoever said no may be asked again
MOST_ROUNDS = 60
IN_THE_WAY = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'
"""


class AnyOrder(RuleBasedStateMachine):
    """Two collaborations that share Skanderborg, whose one agent can do everything; the second asks home first."""

    def __init__(self, databases):
        super().__init__()
        self.databases, self.now, self.today = databases, now(), danish(now()).date()
        db.engine().dispose()
        databases.emptied(WITH_FACTS)
        db.engine.cache_clear()  # with what this process has kept of the people of the last one
        pools = a_pool(*POOLS[0]), a_pool(*POOLS[1], home_first_seconds=20)
        with transaction() as looking:
            self.pools = [looking.get_one(Collaboration, pool).name for pool in pools]
        self.members = [set(codes) for codes in POOLS]
        self.agents = [
            a_ready_agent(topics=("passport", "mitid"), languages=("da", "en"), municipality=SKANDERBORG),
            a_ready_agent(topics=("passport",), municipality=HJORRING, capacity=1),
            a_ready_agent(topics=("mitid",), municipality=ODDER, capacity=2),
        ]
        self.came, self.age, self.follows = [], {}, {}

    @rule(
        channel=st.sampled_from(("phone", "phone", "email", "email", "chat")),
        topic=st.sampled_from(("passport", "mitid")),
        language=st.sampled_from(("da", "da", "en", "ar")),
        place=st.sampled_from((HJORRING, SKANDERBORG, ODDER)),
        priority=st.sampled_from((1, 2, 3)),
        number=st.integers(1, 3),
    )
    def come(self, channel, topic, language, place, priority, number):
        for _ in range(number):
            self.enters(channel, topic, language, place, priority)

    def enters(self, channel, topic, language, place, priority, **more):
        """Somebody new waits; the inquiry's id."""
        within = timedelta(seconds=current_policy().answer_within(channel in ("phone", "chat"), priority))
        when = {"received_at": self.now, "queued_at": self.now, "deadline": self.now + within}
        one = a_waiting_inquiry(topic, channel, language, place, journalled=True, priority=priority, **when, **more)
        self.came.append(one)
        self.age[one] = self.now
        return one

    @rule(seconds=st.sampled_from((0, 1, 5, 21, BETWEEN_ROUNDS, 130)))
    def time_passes(self, seconds):
        self.now += timedelta(seconds=seconds)
        lapses(self.now)
        absences(self.now, current_policy())
        call_backs(self.now)
        with transaction() as widening:
            widen(widening, self.now, current_policy())
        self.routes()

    @rule()
    def two_route_at_once(self):
        self.routes(2)

    @rule()
    def a_router_dies_in_the_middle_of_a_pass(self):
        with owner().connect() as held, ThreadPoolExecutor(1) as router:
            held.execute(text("SELECT FROM agent_work FOR UPDATE"))
            passing = router.submit(route, lambda: self.now)
            with self.databases.superuser() as killer:
                while not passing.done() and not killer.execute(IN_THE_WAY, (WITH_FACTS,)).rowcount:
                    time.sleep(0.002)
            held.rollback()
            with suppress(OperationalError):
                passing.result()

    @rule(which=ANY, accepts=st.booleans())
    def answers(self, which, accepts):
        open_ones = self.offers(Offer.state == OfferState.OPEN)
        if not open_ones:
            return
        offer = open_ones[which % len(open_ones)]
        if not accepts:
            by(offer.agent_id, lambda of, agent, at: refuse(of, offer.id, agent, None, at), at=self.now)
            return
        is_gone = offer.lapses_at <= self.now or not self.may_answer(offer)
        try:
            by(offer.agent_id, accept, offer.id, at=self.now)
        except OfferGone:
            assert is_gone
        else:
            assert not is_gone

    @rule(which=ANY, does=st.sampled_from(("wraps up", "closes", "passes on", "hands over", "promises")), to=ANY)
    def works(self, which, does, to):
        held = self.inquiries(HELD)
        if not held:
            return
        one = held[which % len(held)]
        colleague = [None, *(agent for agent in self.agents if agent != one.agent_id)][to % len(self.agents)]

        def act(of, agent, at):
            inquiry = held_inquiry(of, agent.id, one.id)
            if does == "wraps up":
                actions.wrap_up(of, inquiry, agent, at)
            elif does == "closes":
                actions.close(of, inquiry, agent, Outcome.RESOLVED, None, at)
            elif does == "hands over":
                actions.hand_over(of, inquiry, agent, None, at)
            elif does == "promises":
                actions.call_back(of, inquiry, agent, self.number(one), None, at)
            else:
                topic = "mitid" if colleague is None else None
                actions.transfer(of, inquiry, agent, topic, colleague, None, at)

        with suppress(actions.Invalid, AgentAway, AgentOfOthers, AgentOnBreak):  # a colleague who cannot
            by(one.agent_id, act, at=self.now)

    @rule(which=ANY)
    def asks_to_be_rung(self, which):
        queued = self.inquiries(QUEUED)
        if queued:
            one = queued[which % len(queued)]
            with transaction() as asking:
                request(asking, KEY, one.id, self.number(one), None, self.now)

    @rule(which=ANY, hung_up=st.booleans())
    def rings_again(self, which, hung_up):
        queued = [one for one in self.inquiries((*QUEUED, *PARKED)) if one.id not in self.follows.values()]
        if not queued:
            return
        one = queued[which % len(queued)]
        again = self.enters("phone", one.topic, one.language, one.municipality, one.priority, resumes=one.id)
        self.follows[again] = one.id
        if one.call_from is None:
            if hung_up:
                self.routes()
            with transaction() as hearing:
                abandon(hearing, hearing.get_one(Inquiry, one.id), self.now)

    @rule(which=ANY, to=ANY, assigns=st.booleans())
    def somebody_leads(self, which, to, assigns):
        found = self.inquiries((State.WAITING, State.OFFERED, *HELD) if assigns else HELD)
        if not found:
            return
        one, agent = found[which % len(found)], self.agents[to % len(self.agents)]
        with suppress(AgentHasIt, AgentAway, AgentOnBreak, AgentOfOthers, AgentWithoutTopic, AgentFull):
            with transaction() as leading:
                inquiry = leading.get_one(Inquiry, one.id, with_for_update=True)
                if assigns:
                    assign(leading, inquiry, None, agent, "the election", self.now)
                else:
                    release(leading, inquiry, None, "off sick", self.now)
            self.routes()
            open_ones = self.offers(Offer.inquiry_id == one.id, Offer.state == OfferState.OPEN)
            is_as_assigned = [offer.agent_id for offer in open_ones] == [agent]
            assert is_as_assigned or not assigns, "what was assigned is overwritten"

    @rule(which=ANY, presence=st.sampled_from((*[Presence.AVAILABLE] * 3, Presence.BREAK, Presence.OFFLINE)))
    def says(self, which, presence):
        agent = self.agents[which % len(self.agents)]
        with transaction() as saying:
            say(saying, agent, presence, None, self.now)

    @rule(pool=st.sampled_from((0, 1)))
    def leaves_or_joins(self, pool):
        code = (HJORRING, ODDER)[pool]
        with accounts() as changing:
            if code in self.members[pool]:
                collaborations.leave(changing, self.pools[pool], [code], self.today, self.today)
            else:
                collaborations.join(changing, self.pools[pool], [code], self.today)
        self.members[pool] ^= {code}

    @invariant()
    def everything_is_as_it_must_be(self):
        with session() as looking:
            wrong = check(looking)
        assert not wrong, "\n".join(wrong)
        found = {one.id: one for one in self.inquiries(State)}
        assert found.keys() == set(self.came)
        for one in found.values():
            assert one.queued_at <= self.age[one.id], f"{one.id} has lost its age"
            first = found.get(self.follows.get(one.id))
            if first is not None and (first.state == State.ABANDONED or first.outcome == Outcome.DUPLICATE):
                self.age[one.id] = min(self.age[one.id], first.queued_at)
                assert one.queued_at <= first.queued_at, f"{one.id} has lost the age of {first.id}, {first.state}"

    def teardown(self):
        """Once all are there and answer whatever they are offered, everything has an end, and the figures are right."""
        for pool, codes in enumerate(POOLS):
            if self.members[pool] != set(codes):
                self.leaves_or_joins(pool)
        for agent in range(len(self.agents)):
            self.says(agent, Presence.AVAILABLE)
        for _ in range(MOST_ROUNDS):
            self.time_passes(BETWEEN_ROUNDS)
            for _ in self.offers(Offer.state == OfferState.OPEN):
                self.answers(0, accepts=True)
            for _ in self.inquiries(HELD):
                self.works(0, "closes", 0)
            if not self.inquiries(set(State) - set(ENDED)):
                return self.is_counted()
        raise AssertionError(f"starved: {self.inquiries(set(State) - set(ENDED))}")

    def is_counted(self):
        """Whatever happened, every figure is what a second count of the journal finds."""
        with session() as counting:
            take_all(counting)
            assert kept(counting, FIGURES.tables) == recounted(counting)

    def routes(self, at_once=1):
        """Passes of so many routers; nobody is given what is not theirs, or left idle for no reason."""
        before = max((offer.id for offer in self.offers()), default=0)
        with ThreadPoolExecutor(at_once) as routers:
            for passing in [routers.submit(route, lambda: self.now) for _ in range(at_once)]:
                passing.result()
        made = self.offers(Offer.id > before)
        assert all(map(self.may_answer, made))
        with session() as looking:
            wrong = left_idle(looking, self.now, made)
        assert not wrong, "\n".join(wrong)

    def may_answer(self, offer):
        """Whether the agent's municipality and the citizen's are one, or share a collaboration."""
        with transaction() as looking:
            citizen = looking.get_one(Inquiry, offer.inquiry_id).municipality
            agent = looking.get_one(Agent, offer.agent_id).municipality
        return citizen == agent or any({citizen, agent} <= codes for codes in self.members)

    def offers(self, *such_that):
        """Offers in the order they were made."""
        with transaction() as looking:
            return looking.exec(select(Offer).where(*such_that).order_by(col(Offer.id))).all()

    def inquiries(self, states):
        """Those in one of these states, in the order they came."""
        with transaction() as looking:
            found = {one.id: one for one in looking.exec(select(Inquiry).where(col(Inquiry.state).in_(states)))}
        return [found[one] for one in self.came if one in found]

    def number(self, inquiry):
        """The number of its citizen."""
        while inquiry.id in self.follows:
            inquiry = self.inquiries(State)[self.came.index(self.follows[inquiry.id])]
        return f"+4520123{self.came.index(inquiry.id):03}"
