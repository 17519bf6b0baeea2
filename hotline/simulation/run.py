"""A scenario from its first second to its last, by the decisions of the live hotline."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hotline.routing import rings
from hotline.routing.cover import Cover
from hotline.routing.eligibility import units
from hotline.routing.fronts import MOST_OF_A_CLASS
from hotline.routing.learned import Learned
from hotline.routing.matching import match
from hotline.routing.model import ANY_LANGUAGE, Ability, Agent, Inquiry
from hotline.routing.moment import Moment
from hotline.routing.outside import is_taken_in
from hotline.routing.policy import Policy
from hotline.routing.timing import asks_for_language, deadline
from hotline.routing.written import begins_at
from hotline.simulation.clock import Clock, Event, Kind
from hotline.simulation.opening import Openings
from hotline.simulation.queue import Queue
from hotline.simulation.scenario import Arrival, Scenario, policy_for
from hotline.simulation.shifts import shifts


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an inquiry: taken by an agent from `at` to `ended_at`, given up at `at`, or refused as it came."""

    arrival: Arrival
    at: float
    agent: str | None = None
    ended_at: float | None = None
    refused: bool = False

    @property
    def waited(self) -> float:
        """Seconds in the queue, of those who gave up too."""
        return self.at - self.arrival.at


class Run:
    """One run. Nothing is drawn by lot: the same scenario and policy always end in the same fates."""

    def __init__(self, scenario: Scenario, policy: Policy) -> None:
        self.scenario, self.policy = scenario, policy_for(scenario, policy)
        self.clock, self.queue, self.cover = Clock(), Queue(), Cover()
        self.learned = Learned() if scenario.learned is None else Learned.of(scenario.learned)
        self.openings = Openings(scenario.agreements)
        self.agreements = rings.home_first(scenario.agreements or ())
        self.arrivals = {one.id: one for one in scenario.inquiries}
        self.agents = {number: _agent(number, scenario) for number in range(len(scenario.agents))}
        self.until: dict[int, float] = {}  # of those at work, when their shift ends
        self.begun: dict[str, tuple[int, float]] = {}  # of what is in hand, whose and since when
        self.somebody_left = False  # since it was looked at last

    def fates(self) -> Iterator[Fate]:
        """What becomes of each inquiry, in the order in which it is known."""
        self._plan()
        for event in self.clock:
            yield from self._happens(event)
            if event.kind > Kind.IS_FREE or not self.clock.is_next(event.at, Kind.IS_FREE):
                yield from self._look(event.at)
            if event.kind is Kind.COMES and event.inquiry in self.queue:
                self._plan_what_comes(self.queue[event.inquiry])

    def _plan(self) -> None:
        for number, worker in enumerate(self.scenario.agents):
            for begins, ends in shifts(worker):
                self.clock.plan(begins, Kind.SIGNS_IN, number)
                self.clock.plan(ends, Kind.SIGNS_OFF, number)
        self.clock.plan_all((one.at, Kind.COMES, -1, one.id) for one in self.scenario.inquiries)

    def _plan_what_comes(self, inquiry: Inquiry) -> None:
        """What will happen to one that has come and waits."""
        arrival = self.arrivals[inquiry.id]
        self.clock.plan(arrival.at + arrival.patience_seconds, Kind.GIVES_UP, inquiry=arrival.id)
        self._plan_widening(arrival.id)
        if self.scenario.settings.languages_widen:
            self.clock.plan(arrival.at + self.policy.language_grace, Kind.WIDENS, inquiry=arrival.id)
        if inquiry.is_written:
            self.clock.plan(max(arrival.at, begins_at(inquiry, self.policy)), Kind.MAY_BEGIN, inquiry=arrival.id)

    def _happens(self, event: Event) -> Iterator[Fate]:
        now = event.at
        if event.kind is Kind.COMES:
            yield from self._comes(self.arrivals[event.inquiry], now)
        elif event.kind is Kind.IS_FREE:
            self._is_free(event.agent, event.inquiry, now)
        elif event.kind is Kind.SIGNS_IN:
            self._signs_in(event.agent, now)
        elif event.kind is Kind.SIGNS_OFF:
            self._signs_off(event.agent)
        elif event.inquiry not in self.queue:
            return
        elif event.kind is Kind.GIVES_UP:
            gone = self._leaves(event.inquiry)
            yield Fate(self.arrivals[gone.id], now)
        elif event.kind is Kind.WIDENS:
            self._widens(self.queue[event.inquiry], now)

    def _comes(self, arrival: Arrival, now: float) -> Iterator[Fate]:
        if not is_taken_in(not arrival.member, self.policy):
            yield Fate(arrival, now, refused=True)
            return
        inquiry = self._spoken(self.openings.begin(_inquiry(arrival, self.policy), now, self.cover), now)
        if not inquiry.is_written:
            self.learned.came(arrival.topic, arrival.language, now, arrival.municipality)
        self.queue.enter(inquiry)

    def _is_free(self, number: int, inquiry: str, now: float) -> None:
        agent, arrival = self.agents[number], self.arrivals[inquiry]
        _, since = self.begun.pop(inquiry)
        is_call = arrival.channel == "phone"
        spent = (now - since) / self.policy.pace[agent.topics[arrival.topic]]
        self.learned.was_handled(arrival.topic, is_call, spent, agent.municipality)
        load = 0 if is_call else agent.load - 1
        self.agents[number] = replace(agent, load=load, idle_since=agent.idle_since if load else now)
        if not load and number in self.until:
            self.cover.is_idle(agent)

    def _signs_in(self, number: int, now: float) -> None:
        worker = self.scenario.agents[number]
        self.until[number] = next(ends for begins, ends in shifts(worker) if begins == now)
        known = self.until[number] if self.scenario.settings.shift_ends_known else None
        agent = replace(self.agents[number], until=known)
        self.agents[number] = agent if agent.load else replace(agent, idle_since=now)
        self.cover.sign_in(agent)
        if not agent.load:
            self.cover.is_idle(agent)

    def _signs_off(self, number: int) -> None:
        del self.until[number]
        self.cover.sign_off(self.agents[number])
        if not self.agents[number].load:
            self.cover.is_busy(self.agents[number])
        self.somebody_left = True

    def _nobody_left(self, now: float) -> None:
        """After somebody signed off: what waits for a ring or a language that nobody serves any more is opened
        further."""
        self.somebody_left = False
        for inquiry in self.openings.stale(self.queue, self.cover, now):
            self._widens(inquiry, now)
        if self.scenario.settings.languages_widen:
            for inquiry in [one for one in self.queue if self._spoken(one, now) is not one]:
                self._widens(inquiry, now)

    def _widens(self, inquiry: Inquiry, now: float) -> None:
        self.queue.change(self._spoken(self.openings.widen(inquiry, now, self.cover), now))
        self._plan_widening(inquiry.id)

    def _spoken(self, inquiry: Inquiry, now: float) -> Inquiry:
        """The inquiry, in any language once it does not wait for its own any more; by then all rings are open."""
        if not self.scenario.settings.languages_widen or inquiry.language == ANY_LANGUAGE:
            return inquiry
        is_spoken = self.openings.widens_at(inquiry.id) is not None or self.cover.at_work(inquiry) > 0
        if asks_for_language(inquiry.language, inquiry.queued_at, is_spoken, now, self.policy):
            return inquiry
        return replace(inquiry, language=ANY_LANGUAGE)

    def _plan_widening(self, inquiry: str) -> None:
        at = self.openings.widens_at(inquiry)
        if at is not None:
            self.clock.plan(at, Kind.WIDENS, inquiry=inquiry)

    def _look(self, now: float) -> Iterator[Fate]:
        """What the live hotline would do now: who has room is given what waits, until nothing more can be given."""
        if self.somebody_left:
            self._nobody_left(now)
        while room := self._room():
            theirs = [(self.cover.abilities(one), one.capacity - one.load) for one in room]
            fronts = self.queue.fronts(lambda ability: _units(ability, theirs))  # noqa: B023
            if not fronts:
                return
            moment = Moment(
                now, self.policy, self.learned, self.cover, self._waiting_for, self.queue.calls, self.agreements
            )
            made = [self._begins(pair.inquiry.id, pair.agent.id, now) for pair in match(room, fronts, moment)]
            if not made:
                return
            yield from made

    def _room(self) -> list[Agent]:
        agents = self.agents
        return [agents[one] for one in self.until if agents[one].load < agents[one].capacity]

    def _begins(self, id: str, number: int, now: float) -> Fate:
        agent, arrival, inquiry = self.agents[number], self.arrivals[id], self._leaves(id)
        if not agent.load:
            self.cover.is_busy(agent)
        self.agents[number] = replace(agent, load=agent.load + units(agent, inquiry))
        self.begun[inquiry.id] = number, now
        ends = now + arrival.handle_seconds * self.policy.pace[agent.topics[inquiry.topic]]
        self.clock.plan(ends + self.scenario.settings.wrap_up_seconds, Kind.IS_FREE, number, inquiry.id)
        return Fate(arrival, now, self.scenario.agents[number].id, ends)

    def _leaves(self, inquiry: str) -> Inquiry:
        left = self.queue.leave(inquiry)
        self.openings.forget(inquiry)
        return left

    def _waiting_for(self, agent: Agent) -> list[Inquiry]:
        return self.queue.fronts(self.cover.abilities(agent).__contains__)


def _units(ability: Ability, room: list[tuple[frozenset[Ability], int]]) -> int:
    """For how much of this there is room, 20 at the most."""
    return min(MOST_OF_A_CLASS, sum(some for can, some in room if ability in can))


def _agent(number: int, scenario: Scenario) -> Agent:
    worker = scenario.agents[number]
    return Agent(number, worker.municipality, worker.skills, worker.languages, worker.capacity, 0, 0.0)


def _inquiry(arrival: Arrival, policy: Policy) -> Inquiry:
    live = arrival.channel in ("phone", "chat")
    return Inquiry(
        arrival.id,
        arrival.municipality,
        arrival.topic,
        arrival.language,
        arrival.channel,
        arrival.at,
        deadline(arrival.at, live, arrival.priority, policy),
        is_outside=not arrival.member,
    )
