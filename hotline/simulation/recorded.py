"""recorded(): days that were, from the journal, as a scenario that names nobody."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import chain, groupby
from random import Random
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from hotline.clock import DANISH_TIME, danish
from hotline.directory.names import municipality_names
from hotline.directory.together import together
from hotline.queue.learning import learned_before
from hotline.routing.policy import Policy
from hotline.simulation.patience import Guess
from hotline.simulation.scenario import Arrival, Collaboration, Municipality, Scenario, Settings, Worker
from hotline.simulation.spells import BEGINS, Spell, spells

A_DAY = 86_400.0  # seconds
MOST_DAYS = 31

LINES = text("""
    SELECT j.inquiry_id, j.at, j.event, j.municipality, j.topic, j.channel, j.agent_id, j.data,
           coalesce(i.outside, false) AS is_outside
    FROM journal j LEFT JOIN inquiry i ON i.id = j.inquiry_id
    WHERE j.inquiry_id IN (SELECT inquiry_id FROM journal
                           WHERE at >= :since AND at < :until AND event = ANY(:begins))
    ORDER BY j.inquiry_id, j.id
""")
PEOPLE = text("""
    WITH said AS (
        SELECT agent_id, at, presence = 'available' AND connected AS here,
               lead(at, 1, :until) OVER (PARTITION BY agent_id ORDER BY at, id) AS next
        FROM presence_change WHERE at < :until
    ), shift AS (
        SELECT agent_id, greatest(at, :since) AS begins, least(next, :until) AS ends
        FROM said WHERE here AND next > :since
    )
    SELECT a.id, a.municipality, a.languages, w.capacity,
           (SELECT jsonb_object_agg(topic, level) FROM agent_skill WHERE agent_id = a.id) AS skills,
           (SELECT array_agg(begins ORDER BY begins) FROM shift WHERE agent_id = a.id) AS begins,
           (SELECT array_agg(ends ORDER BY begins) FROM shift WHERE agent_id = a.id) AS ends
    FROM agent a JOIN agent_work w ON w.agent_id = a.id
    WHERE a.id IN (SELECT agent_id FROM shift WHERE begins < ends)
    ORDER BY a.municipality, a.id
""")


@dataclass(frozen=True)
class Days:
    """Danish days from the first on, so many of them; as seconds of a clock on the wall, each day has as many."""

    first: date
    number: int = 1

    @property
    def since(self) -> datetime:
        """When the first begins."""
        return datetime.combine(self.first, time(), DANISH_TIME)

    @property
    def until(self) -> datetime:
        """When the last is over."""
        return datetime.combine(self.first + timedelta(self.number), time(), DANISH_TIME)

    def second(self, moment: datetime) -> float:
        """How far a clock on the wall has come by then since it began; an hour that comes twice is one."""
        wall = danish(moment).replace(tzinfo=None)
        return round((wall - datetime.combine(self.first, time())).total_seconds(), 3)


def recorded(session: Session, days: Days, policy: Policy, now: datetime) -> Scenario:
    """These days by `now` (aware): who was at work when, and what came. What it does not know it guesses
    (patience.py), always the same.

    What nobody takes before the days are over waits until then: who would take it later is not among its agents.
    Of people and inquiries it tells what routing asks for; their numbers are new ones, in an order that says nothing.
    Skills, languages and room are those of today, and what routing had learned is of the ten days before.
    """
    until = min(days.until, now)
    people = session.execute(PEOPLE, {"since": days.since, "until": until}).all()
    levels: dict[int, Mapping[str, int]] = {row.id: row.skills or {} for row in people}
    everything = [one for one in _spells(session, days.since, until) if days.since <= one.since < until]
    everything.sort(key=lambda one: one.since)
    guess = Guess(everything, Random(0))
    arrivals = tuple(
        _arrival(f"i{number}", one, days, until, guess, policy.pace[levels.get(one.agent or 0, {}).get(one.topic, 2)])
        for number, one in enumerate(everything, 1)
    )
    settings = _settings(session, days, policy)
    agents = sorted((_worker(row, days) for row in people), key=lambda one: (one.municipality, one.shifts))
    return Scenario(
        f"{days.first}" + (f" +{days.number}" if days.number > 1 else ""),
        tuple(_municipalities(session, arrivals, agents, settings)),
        tuple(replace(one, id=f"a{number}") for number, one in enumerate(agents, 1)),
        arrivals,
        settings,
        learned_before(session, days.since, policy).sums(),
    )


def _spells(session: Session, since: datetime, until: datetime) -> Iterator[Spell]:
    lines = session.execute(LINES, {"since": since, "until": until, "begins": [str(one) for one in BEGINS]})
    for _, some in groupby(lines, key=lambda line: line.inquiry_id):
        yield from spells(some)


def _arrival(id: str, one: Spell, days: Days, until: datetime, guess: Guess, pace: float) -> Arrival:
    return Arrival(
        id=id,
        at=days.second(one.since),
        municipality=one.municipality,
        topic=one.topic,
        language=one.language,
        channel=one.channel,
        priority=one.priority,
        handle_seconds=round(guess.seconds(one) / pace, 3),
        patience_seconds=round(min(guess.patience(one), (until - one.since).total_seconds()), 3),
        member=not one.is_outside,
    )


def _worker(row: Any, days: Days) -> Worker:
    shifts = zip(map(days.second, row.begins), map(days.second, row.ends), strict=True)
    known = row.skills or {}
    return Worker("", row.municipality, frozenset(row.languages), row.capacity, known, tuple(shifts))


def _municipalities(
    session: Session, arrivals: tuple[Arrival, ...], agents: list[Worker], settings: Settings
) -> Iterator[Municipality]:
    """Those that take part, each with how many of its citizens came."""
    came = Counter(one.municipality for one in arrivals if one.member)
    members = chain.from_iterable(one.members for one in settings.collaborations or ())
    names = municipality_names(session)
    for code in sorted({*came, *members, *(one.municipality for one in agents)}):
        yield Municipality(code, names.get(code, code), float(came[code]))


def _settings(session: Session, days: Days, policy: Policy) -> Settings:
    agreed = together(session, days.since).agreements.values()
    return Settings(
        proficiency_factor=dict(policy.pace),
        collaborations=tuple(
            Collaboration(one.members, one.home_first_seconds, one.partner_seconds, dict(one.partners), dict(one.kept))
            for one in agreed
        ),
        outside="last" if policy.outside == "last" else None,
        day_seconds=A_DAY,
        shift_ends_known=False,
        languages_widen=True,
    )
