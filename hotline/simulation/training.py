"""Which one agent learning which one topic would spare citizens the most waiting."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hotline.routing.policy import Policy
from hotline.simulation.run import Fate, Run
from hotline.simulation.scenario import Scenario, Worker
from hotline.simulation.shifts import shifts

TOPICS, AGENTS = 3, 2  # tried: the topics waited for most, each with the agents who had most time left
LEVEL = 2


@dataclass(frozen=True, slots=True)
class Training:
    """An agent of this municipality learns this topic: so many seconds in the queue are spared a day, of all."""

    agent: str
    municipality: str
    topic: str
    spared: float


def trainings(scenario: Scenario, policy: Policy) -> list[Training]:
    """Those that were tried, the one that helps most first."""
    fates = list(Run(scenario, policy).fates())
    before = sum(one.waited for one in fates)
    tried = [
        training(scenario, worker, topic, before, sum(one.waited for one in trained(scenario, policy, worker, topic)))
        for worker, topic in candidates(scenario, fates)
    ]
    return sorted(tried, key=lambda one: (-one.spared, one.agent))


def candidates(scenario: Scenario, fates: Sequence[Fate]) -> list[tuple[Worker, str]]:
    """Who might learn what, after a run that ended in these fates."""
    waited: dict[tuple[str, str], float] = defaultdict(float)
    busy: dict[str, float] = defaultdict(float)
    for one in fates:
        waited[one.arrival.topic, one.arrival.language] += one.waited
        if one.agent is not None and one.ended_at is not None:
            busy[one.agent] += one.ended_at - one.at
    found = []
    for topic, language in sorted(waited, key=lambda kind: (-waited[kind], kind))[:TOPICS]:
        could = [a for a in scenario.agents if topic not in a.skills and language in a.languages]
        left = {a.id: sum(ends - begins for begins, ends in shifts(a)) - busy[a.id] for a in could}
        found += [(a, topic) for a in sorted(could, key=lambda a: (-left[a.id], a.id))[:AGENTS]]
    return found


def trained(scenario: Scenario, policy: Policy, worker: Worker, topic: str) -> Iterator[Fate]:
    """A run in which this agent knows that topic."""
    pupil = replace(worker, skills={**worker.skills, topic: LEVEL})
    agents = tuple(pupil if one.id == worker.id else one for one in scenario.agents)
    return Run(replace(scenario, agents=agents), policy).fates()


def training(scenario: Scenario, worker: Worker, topic: str, before: float, after: float) -> Training:
    """What it spared, by the seconds that all waited before and after."""
    days = len({one.at // scenario.settings.day_seconds for one in scenario.inquiries})
    return Training(worker.id, worker.municipality, topic, (before - after) / max(1, days))
