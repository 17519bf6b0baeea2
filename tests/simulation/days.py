"""Scenarios for the simulator: builders of small ones, any day for Hypothesis, and what every run keeps to."""

from collections import defaultdict
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import strategies as st

from hotline.policies import named
from hotline.simulation.run import Fate, Run
from hotline.simulation.scenario import Arrival, Collaboration, Municipality, Scenario, Settings, Worker, policy_for

DEFAULT = named("default")
CODES = ("0746", "0860", "0727")
TOPICS = ("mitid", "passport", "doctor")
LANGUAGES = ("da", "en")
TARGETS = {1: 15.0, 2: 60.0, 3: 180.0}
WRITTEN = {1: 600.0, 2: 3600.0, 3: 10800.0}


def an_agent(id: str = "a", **facts: Any) -> Worker:
    """One of Skanderborg who knows passports, speaks Danish, has room for three, and works for ten hours."""
    usual: dict[str, Any] = {
        "municipality": "0746",
        "languages": frozenset({"da"}),
        "capacity": 3,
        "skills": {"passport": 2},
        "shifts": ((0.0, 36000.0),),
    }
    return Worker(id=id, **(usual | facts))


def a_call(id: str, at: float = 0.0, **facts: Any) -> Arrival:
    """A citizen of Hjørring who calls about a passport for 100 seconds, and waits for an hour."""
    usual: dict[str, Any] = {
        "municipality": "0860",
        "topic": "passport",
        "language": "da",
        "channel": "phone",
        "priority": 2,
        "handle_seconds": 100.0,
        "patience_seconds": 3600.0,
    }
    return Arrival(id=id, at=at, **(usual | facts))


def a_day(*agents_and_inquiries: Worker | Arrival, **settings: Any) -> Scenario:
    """A scenario of these."""
    return Scenario(
        "a day",
        tuple(Municipality(code, code, 1.0) for code in CODES),
        tuple(one for one in agents_and_inquiries if isinstance(one, Worker)),
        tuple(one for one in agents_and_inquiries if isinstance(one, Arrival)),
        Settings(**({"target_seconds": TARGETS, "target_seconds_written": WRITTEN} | settings)),
    )


def run(scenario: Scenario) -> dict[str, Fate]:
    """What became of each inquiry, in the order it became known in."""
    return {one.arrival.id: one for one in Run(scenario, DEFAULT).fates()}


def taken(scenario: Scenario) -> dict[str, tuple[str | None, float]]:
    """By whom each was taken, and when; nobody where it was given up."""
    return {id: (one.agent, one.at) for id, one in run(scenario).items()}


def a_busy_day(seed: int, **settings: Any) -> Scenario:
    """Twelve agents and four hours of calls, chats and mails that keep them busy, from three municipalities."""
    random = Random(seed)
    agents = [
        an_agent(
            f"a{number}",
            municipality=random.choice(CODES),
            languages=frozenset({"da", *random.sample(LANGUAGES, 1)}),
            skills={topic: random.randint(1, 3) for topic in random.sample(TOPICS, random.randint(1, 3))},
            shifts=((random.choice((0.0, 1800.0)), random.choice((9000.0, 14400.0))),),
        )
        for number in range(12)
    ]
    inquiries, at = [], 0.0
    for number in range(700):
        at += random.expovariate(1 / 20)
        inquiries.append(an_arrival(random, f"i{number}", round(at, 3)))
    return a_day(*agents, *inquiries, **settings)


def an_arrival(random: Random, id: str, at: float) -> Arrival:
    """Any inquiry that comes at this time."""
    channel = random.choice(("phone", "phone", "phone", "chat", "email"))
    return a_call(
        id,
        at,
        municipality=random.choice(CODES),
        topic=random.choice(TOPICS),
        language=random.choice(("da", "da", "en")),
        channel=channel,
        priority=random.choice((1, 2, 2, 3)),
        handle_seconds=random.expovariate(1 / 200),
        patience_seconds=21600.0 if channel == "email" else random.expovariate(1 / 600),
    )


@st.composite
def days(draw: st.DrawFn) -> Scenario:
    """Any short day, in one pool or by rings."""
    random = Random(draw(st.integers(0, 10**9)))
    agents = [
        an_agent(
            f"a{number}",
            municipality=random.choice(CODES),
            capacity=random.randint(1, 3),
            languages=frozenset(random.sample(LANGUAGES, random.randint(1, 2))),
            skills={topic: random.randint(1, 3) for topic in random.sample(TOPICS, random.randint(0, 3))},
            shifts=tuple(sorted((b := float(random.randint(0, 900)), b + random.randint(0, 900)) for _ in range(2))),
        )
        for number in range(draw(st.integers(0, 5)))
    ]
    inquiries = [
        replace(an_arrival(random, f"i{number}", float(random.randint(0, 1500))), member=random.random() < 0.8)
        for number in range(draw(st.integers(0, 40)))
    ]
    settings: dict[str, Any] = {"wrap_up_seconds": 20.0, "outside": draw(st.sampled_from(("equal", "last", "refuse")))}
    if draw(st.booleans()):
        settings["collaborations"] = (a_collaboration(*CODES[:2]), a_collaboration(*CODES[1:]))
    return a_day(*agents, *inquiries, **settings)


def a_collaboration(*members: str, **facts: Any) -> Collaboration:
    """Home for half a minute, then the next one for another, then all; doctors each keeps for its own."""
    partners = {code: frozenset({members[number - 1]}) for number, code in enumerate(members)}
    usual: dict[str, Any] = {"home_first_seconds": 30.0, "partner_seconds": 30.0, "partners": partners}
    return Collaboration(frozenset(members), **(usual | {"kept": {members[0]: frozenset({"doctor"})}} | facts))


def broken(scenario: Scenario) -> list[str]:
    """What a run did that no run may do; reckoned from the fates alone, by other means than the run's own."""
    wrong, fates = [], list(Run(scenario, DEFAULT).fates())
    agents = {one.id: one for one in scenario.agents}
    pace = policy_for(scenario, DEFAULT).pace
    in_hand: dict[str, list[tuple[float, float, bool]]] = defaultdict(list)
    if sorted(one.arrival.id for one in fates) != sorted(one.id for one in scenario.inquiries):
        wrong.append("not every inquiry has one fate")
    for one in fates:
        arrival = one.arrival
        if one.refused != (not arrival.member and scenario.settings.outside == "refuse"):
            wrong.append(f"{arrival.id} refused, or not")
        if one.waited < 0 or one.waited > arrival.patience_seconds + 0.001:
            wrong.append(f"{arrival.id} waited {one.waited}")
        if one.agent is None or one.ended_at is None:
            continue
        agent = agents[one.agent]
        if arrival.topic not in agent.skills or arrival.language not in agent.languages:
            wrong.append(f"{arrival.id} to {agent.id}, who cannot")
        if not any(begins <= one.at <= ends for begins, ends in agent.shifts):
            wrong.append(f"{agent.id} at {one.at}, off shift")
        if abs(one.ended_at - one.at - arrival.handle_seconds * pace[agent.skills[arrival.topic]]) > 0.001:
            wrong.append(f"{arrival.id} took {one.ended_at - one.at}")
        ends = one.ended_at + scenario.settings.wrap_up_seconds
        in_hand[agent.id].append((one.at, ends, arrival.channel == "phone"))
    for id, pieces in in_hand.items():
        for begins, _, is_call in pieces:
            others = [one for one in pieces if one[0] <= begins < one[1] - 0.001]
            if len(others) > (1 if is_call or any(one[2] for one in others) else agents[id].capacity):
                wrong.append(f"{id} has {len(others)} in hand at {begins}")
    return wrong
