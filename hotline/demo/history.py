"""Gives a new demo a past: eight weeks of invented inquiries with their journal, from which every figure follows."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

import psycopg

from hotline.clock import danish
from hotline.demo.drawn import Draws, arrivals
from hotline.demo.past import Day, Duty, Hand, Made, Past, on_duty, opening, promised
from hotline.directory.hours import Opening
from hotline.ids import reference_of
from hotline.inquiries.facts import Abandoned, Accepted, Closed, Transferred, Wrapping
from hotline.inquiries.models import USUAL_PRIORITY
from hotline.inquiries.states import STEPS
from hotline.sample.region import region

WEEKS = 8
A_DAY = 160.0  # inquiries on a whole usual day
OF_WEEKDAY = (1.2, 1.05, 1.0, 0.95, 0.9, 1.0, 1.0)
AHEAD = timedelta(days=14)  # for which shifts are planned
CHANCE = 2018  # the same past for the same days

AGENTS = """
    SELECT a.id, a.municipality, array_agg(s.topic), a.languages
    FROM agent a JOIN agent_skill s ON s.agent_id = a.id GROUP BY a.id ORDER BY a.id
"""
INQUIRIES = """
    COPY inquiry (id, reference, integrator_id, channel, municipality, text, state, topic, language, speaks, priority,
                  priority_given, received_at, queued_at, deadline, agent_id, answered_at, wrapping_at, ended_at,
                  outcome, transfers, texts_erased_at) FROM STDIN
"""
OFFERS = """
    COPY offer (id, inquiry_id, agent_id, units, is_call, state, made_at, lapses_at, answered_at, released_at)
    FROM STDIN
"""
JOURNAL = "COPY journal (at, event, inquiry_id, municipality, topic, channel, agent_id, answering, data) FROM STDIN"
PRESENCE = "COPY presence_change (agent_id, at, presence, connected) FROM STDIN"
SHIFTS = "COPY shift (agent_id, begins, ends) FROM STDIN"


def give_history(owner: psycopg.Connection[Any], now: datetime) -> int:
    """Invent the eight weeks that end with yesterday (Danish days before `now`, which is aware); how many inquiries.

    All in one transaction. Nothing where there are inquiries already, and 0 then. `owner` is a connection of the
    tables' owner to a database with the sample region. What was written is erased, as after the days that the rules
    give it; the sums are counted by the workers, from the journal.
    """
    with owner.transaction():
        if owner.execute("SELECT 1 FROM inquiry LIMIT 1").fetchone():
            return 0
        agents = [
            Hand(id, home, frozenset(topics), frozenset(spoken)) for id, home, topics, spoken in owner.execute(AGENTS)
        ]
        [[integrator, first]] = owner.execute(
            "SELECT (SELECT min(id) FROM integrator), nextval(pg_get_serial_sequence('offer', 'id'))"
        )
        today = danish(now).date()
        planned = list(_days(today - timedelta(weeks=WEEKS), today + AHEAD, agents))
        lived = [(day, duties) for day, duties in planned if day < today]
        pasts = list(_lived(lived, count(first)))
        _copy(owner, INQUIRIES, (_inquiry(past, integrator) for past in pasts))
        _copy(owner, OFFERS, (_offer(past, made) for past in pasts for made in past.offers))
        _copy(owner, JOURNAL, sorted((line for past in pasts for line in _lines(past)), key=lambda line: line[0]))
        _copy(
            owner,
            PRESENCE,
            sorted((said for _, duties in lived for one in duties for said in _said(one)), key=lambda said: said[1]),
        )
        _copy(owner, SHIFTS, ((one.agent.id, one.begins, one.ends) for _, duties in planned for one in duties))
        last = max((made.id for past in pasts for made in past.offers), default=first)
        owner.execute("SELECT setval(pg_get_serial_sequence('offer', 'id'), %s)", [last])
    owner.execute("ANALYZE inquiry, offer, journal")
    return len(pasts)


def _days(first: date, end: date, agents: Sequence[Hand]) -> Iterator[tuple[date, list[Duty]]]:
    """Each open day, and who is on duty."""
    sample = region()
    hours = [Opening(day, one.opens, one.closes) for one in sample.hours for day in one.weekdays]
    special = dict.fromkeys(sample.closed, ())
    day = first
    while day < end:
        if (open_time := opening(day, hours, special)) is not None:
            yield day, on_duty(agents, day.toordinal(), *open_time)
        day += timedelta(days=1)


def _lived(days: Sequence[tuple[date, list[Duty]]], offer_ids: Iterator[int]) -> Iterator[Past]:
    draws = Draws(region().sizes)
    for day, duties in days:
        random = Random(f"{CHANCE} {day}")
        lives = Day(random, duties, offer_ids)
        begins, ends = min(one.begins for one in duties), max(one.ends for one in duties)
        busy = A_DAY * OF_WEEKDAY[day.weekday()] * random.uniform(0.88, 1.12)
        for at in arrivals(random, begins, ends, busy):
            yield lives.live_through(at, draws.one(random))


def _inquiry(past: Past, integrator: int) -> tuple[Any, ...]:
    at = {type(fact): moment for fact, moment, _, _ in past.lines}
    last, ended_at, _, by = past.lines[-1]
    answer = past.answered
    return (
        past.id,
        reference_of(past.id),
        integrator,
        past.drawn.channel,
        past.drawn.municipality,
        "",
        STEPS[last.EVENT].leads_to,
        past.topic,
        past.drawn.language,
        past.drawn.language,
        USUAL_PRIORITY,
        False,
        past.came_at,
        past.came_at,
        past.came_at + timedelta(seconds=promised(past.drawn.channel)),
        None if isinstance(last, Abandoned) or by is None else by.id,
        None if answer is None else at[Accepted],
        at.get(Wrapping),
        ended_at,
        last.outcome if isinstance(last, Closed) else None,
        sum(isinstance(fact, Transferred) for fact, _, _, _ in past.lines),
        ended_at,
    )


def _offer(past: Past, made: Made) -> tuple[Any, ...]:
    of_it = (made.id, past.id, made.agent.id, 1, past.drawn.channel == "phone", made.state)
    return *of_it, made.at, made.lapses_at, made.answered_at, made.released_at


def _lines(past: Past) -> Iterator[tuple[Any, ...]]:
    for fact, at, topic, by in past.lines:
        answering = (by.id, by.municipality) if by else (None, None)
        about = (fact.EVENT, past.id, past.drawn.municipality, topic, past.drawn.channel)
        yield at, *about, *answering, json.dumps(fact.data())


def _said(duty: Duty) -> Iterator[tuple[Any, ...]]:
    back = duty.pause + timedelta(minutes=30)
    for at, presence, connected in (
        (duty.begins, "available", True),
        (duty.pause, "break", True),
        (back, "available", True),
        (duty.ends, "offline", False),
    ):
        yield duty.agent.id, at, presence, connected


def _copy(owner: psycopg.Connection[Any], statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with owner.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
