"""Each municipality by itself: what its own agents would do for its own citizens."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hotline.routing.policy import Policy
from hotline.simulation.run import Fate, Run
from hotline.simulation.scenario import Scenario


def alone(scenario: Scenario, policy: Policy) -> Iterator[Fate]:
    """What would become of the citizens of those municipalities that have an agent at all; nobody's from outside."""
    for one in scenario.municipalities:
        agents = tuple(worker for worker in scenario.agents if worker.municipality == one.code)
        arrivals = tuple(a for a in scenario.inquiries if a.member and a.municipality == one.code)
        if agents and arrivals:
            itself = replace(scenario.settings, collaborations=None)
            yield from Run(
                replace(scenario, municipalities=(one,), agents=agents, inquiries=arrivals, settings=itself), policy
            ).fates()


@dataclass(frozen=True, slots=True)
class NoAgents:
    """How many municipalities have nobody, and how many of their citizens came."""

    municipalities: int
    inquiries: int


def without_agents(scenario: Scenario) -> NoAgents:
    """Those that could answer nobody alone."""
    have = {worker.municipality for worker in scenario.agents}
    lack = {one.code for one in scenario.municipalities if one.code not in have}
    return NoAgents(len(lack), sum(one.member and one.municipality in lack for one in scenario.inquiries))
