"""Invents what a hotline has lived through: the inquiries of past days, each with all that happened to it. Pure.

A day has agents on duty, one run of them early and one late; each inquiry goes to the first of them who is free and
able, rather at home than elsewhere, and callers hang up when their patience is over. So waits, answers and minutes are
those of a queue, but nobody decided anything: it is far simpler than the router, and five hundred times as fast.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from uuid import UUID

from hotline.clock import DANISH_TIME
from hotline.demo.agents import OUTCOMES
from hotline.demo.drawn import Drawn
from hotline.directory.hours import Opening, SpecialDays, spans
from hotline.ids import new_id
from hotline.inquiries.facts import (
    Abandoned,
    Accepted,
    Classified,
    Closed,
    Fact,
    HandedOver,
    Lapsed,
    Offered,
    Received,
    Refused,
    Spent,
    Transferred,
    Wrapping,
)
from hotline.inquiries.models import LIVE_CHANNELS, USUAL_PRIORITY
from hotline.inquiries.offer import OfferState
from hotline.policies import current_policy

ON_DUTY = 13  # agents in a run: as many as there are different duties, so that they can do everything together
FULL_DAY = timedelta(hours=10)  # open for longer, a day has two runs
OVERLAP = timedelta(minutes=30)
HOLDS = timedelta(seconds=20)  # an offer
REFUSES, MISSES, TRANSFERS, HANDS_OVER = 0.03, 0.015, 0.04, 0.02
BESIDE = 1100.0  # seconds, by the mean, for which agents do something else between two inquiries
ELSEWHERE = timedelta(seconds=15)  # so much longer is waited for an agent at home


@dataclass(frozen=True)
class Hand:
    """An agent who was there."""

    id: int
    municipality: str
    topics: frozenset[str]
    languages: frozenset[str]


@dataclass(frozen=True)
class Duty:
    """When an agent was there; `pause` is when half an hour of it was a break."""

    agent: Hand
    begins: datetime
    ends: datetime
    pause: datetime


@dataclass(frozen=True)
class Made:
    """An offer, and what became of it."""

    id: int
    agent: Hand
    at: datetime
    state: OfferState
    answered_at: datetime
    released_at: datetime

    @property
    def lapses_at(self) -> datetime:
        """When it would have been taken back."""
        return self.at + HOLDS


@dataclass
class Past:
    """An inquiry as it ended: what happened (fact, when, by whom) in its order, and its offers."""

    id: UUID
    drawn: Drawn
    topic: str
    came_at: datetime
    lines: list[tuple[Fact, datetime, str, Hand | None]] = field(default_factory=list)
    offers: list[Made] = field(default_factory=list)

    @property
    def answered(self) -> Made | None:
        """The last offer that was taken."""
        return next((one for one in reversed(self.offers) if one.state == OfferState.ACCEPTED), None)

    def happened(self, fact: Fact, at: datetime, by: Hand | None = None) -> None:
        """This, then, about the topic that it has by now."""
        self.lines.append((fact, at, self.topic, by))


def opening(day: date, hours: Sequence[Opening], special: SpecialDays) -> tuple[datetime, datetime] | None:
    """From when until when that day was open (aware); None for a closed one."""
    open_times = spans(hours, day, special)
    if not open_times:
        return None
    begins, ends = open_times[0][0], open_times[-1][1]
    return datetime.combine(day, begins, DANISH_TIME), datetime.combine(day, min(ends, time(23, 59)), DANISH_TIME)


def on_duty(agents: Sequence[Hand], number: int, begins: datetime, ends: datetime) -> list[Duty]:
    """Who was there on the open day of that number, between these moments; days that follow have others."""
    halves = [(begins, ends)]
    if ends - begins > FULL_DAY:
        middle = begins + (ends - begins) / 2
        halves = [(begins, middle + OVERLAP), (middle - OVERLAP, ends)]
    found = []
    for half, (comes, goes) in enumerate(halves):
        first = (2 * number + half) * ON_DUTY
        for place in range(ON_DUTY):
            pause = comes + (goes - comes) / 2 + timedelta(minutes=20 * (place % 4) - 40)
            found.append(Duty(agents[(first + place) % len(agents)], comes, goes, pause))
    return list({one.agent.id: one for one in found}.values())  # nobody works twice a day


class Day:
    """One open day, lived through in the order in which citizens come."""

    def __init__(self, random: Random, duties: Sequence[Duty], offer_ids: Iterator[int]) -> None:
        """With these on duty; every offer takes its id from `offer_ids`."""
        self.random, self.duties, self.ids = random, duties, offer_ids
        self.free = {one.agent.id: one.begins for one in duties}

    def live_through(self, at: datetime, drawn: Drawn) -> Past:
        """All that happens to what comes at this moment (aware)."""
        past = Past(new_id(at), drawn, drawn.topic, at)
        came = at.isoformat()
        past.happened(Received(received_at=came), at)
        at += timedelta(seconds=0.2)
        read = Classified(
            received_at=came,
            language=drawn.language,
            priority=USUAL_PRIORITY,
            urgent=False,
            guessed=True,
            confidence=round(self.random.uniform(0.55, 0.98), 2),
            sure=self.random.random() < 0.8,
        )
        past.happened(read, at)
        self._wait(past, at)
        return past

    def _wait(self, past: Past, at: datetime, refused: frozenset[int] = frozenset()) -> None:
        """In the queue from this moment on, until an agent has it or the citizen goes."""
        duty = min(self._able(past, refused), key=lambda one: (self._worth(one, past, at), one.agent.id))
        agent, made_at = duty.agent, max(self.free[duty.agent.id], at)
        answered_before = past.answered is not None
        patience = past.drawn.patience_seconds
        if patience is not None and not answered_before:
            gone = max(past.came_at + timedelta(seconds=patience), at)
            if made_at > gone:
                past.happened(self._abandoned(past, (gone - past.came_at).total_seconds()), gone)
                return
        id, mood = next(self.ids), self.random.random()
        past.happened(Offered(offer_id=id, lapses_at=(made_at + HOLDS).isoformat()), made_at, agent)
        if mood < MISSES:
            self._returned(past, Made(id, agent, made_at, OfferState.LAPSED, made_at + HOLDS, made_at + HOLDS), refused)
        elif mood < MISSES + REFUSES:
            said = made_at + timedelta(seconds=self.random.uniform(2, 9))
            self._returned(past, Made(id, agent, made_at, OfferState.REFUSED, said, said), refused)
        else:
            self._answer(past, id, agent, made_at)

    def _able(self, past: Past, refused: frozenset[int]) -> list[Duty]:
        left = [one for one in self.duties if one.agent.id not in refused] or list(self.duties)
        able = [one for one in left if past.topic in one.agent.topics]
        return [one for one in able if past.drawn.language in one.agent.languages] or able or left

    def _worth(self, duty: Duty, past: Past, at: datetime) -> datetime:
        away = duty.agent.municipality != past.drawn.municipality
        return max(self.free[duty.agent.id], at) + (ELSEWHERE if away else timedelta(0))

    def _abandoned(self, past: Past, waited: float) -> Abandoned:
        return Abandoned(
            received_at=past.came_at.isoformat(),
            wait_seconds=round(waited, 3),
            target_seconds=promised(past.drawn.channel),
            classified=True,
        )

    def _returned(self, past: Past, made: Made, refused: frozenset[int]) -> None:
        past.offers.append(made)
        fact = (Refused if made.state == OfferState.REFUSED else Lapsed)(offer_id=made.id)
        past.happened(fact, made.answered_at, made.agent)
        self._wait(past, made.answered_at, refused | {made.agent.id})

    def _answer(self, past: Past, id: int, agent: Hand, made_at: datetime) -> None:
        answered_at = made_at + timedelta(seconds=self.random.uniform(1, 7))
        first = past.answered is None
        waited = round((answered_at - past.came_at).total_seconds(), 3)
        past.happened(
            Accepted(offer_id=id, first=first, wait_seconds=waited, target_seconds=promised(past.drawn.channel)),
            answered_at,
            agent,
        )
        passes_on = first and past.drawn.other_topic is not None and self.random.random() < TRANSFERS
        talk = timedelta(seconds=round(past.drawn.handle_seconds / (3 if passes_on else 1), 3))
        wrap = timedelta(seconds=0 if passes_on else round(self.random.uniform(8, 55), 3))
        over = answered_at + talk + wrap
        past.offers.append(Made(id, agent, made_at, OfferState.ACCEPTED, answered_at, over))
        self.free[agent.id] = over + timedelta(seconds=self.random.expovariate(1 / BESIDE))
        spent: Spent = {"talk_seconds": talk.total_seconds(), "wrap_seconds": wrap.total_seconds()}
        if passes_on:
            past.happened(Transferred(**spent, to_topic=past.drawn.other_topic), over, agent)
            past.topic = past.drawn.other_topic or past.topic
            self._wait(past, over, frozenset({agent.id}))
            return
        past.happened(Wrapping(), answered_at + talk, agent)
        if self.random.random() < HANDS_OVER:
            past.happened(HandedOver(**spent), over, agent)
            return
        outcome = self.random.choices(list(OUTCOMES), weights=list(OUTCOMES.values()))[0]
        past.happened(Closed(**spent, outcome=outcome, first_contact=first), over, agent)


@cache
def promised(channel: str) -> float:
    """Seconds within which it is to be answered, as the policy in force says."""
    return current_policy().answer_within(channel in LIVE_CHANNELS, USUAL_PRIORITY)
