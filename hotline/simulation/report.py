"""report(): a scenario by one policy or two, step by step, as what a page shows of it."""

from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from hotline.routing.policy import Policy
from hotline.simulation.alone import alone, without_agents
from hotline.simulation.beside import FEWEST_DAYS, differences
from hotline.simulation.fairness import exchange
from hotline.simulation.figures import figures
from hotline.simulation.run import Fate, Run
from hotline.simulation.scenario import Scenario, policy_for
from hotline.simulation.training import Training, candidates, trained, training

HOUR = 3600.0
Report = dict[str, Any]


def report(scenario: Scenario, policies: Mapping[str, Policy]) -> Generator[float, None, Report]:
    """Yields after each inquiry which share of the whole is done, and returns the report.

    It holds what became of all by each policy, the first beside what each municipality could do alone and beside each
    training that was tried, and the second beside the first. Of fewer than three days hours are drawn anew, not days.
    """
    names = list(policies)
    total, done = max(1, len(scenario.inquiries) * (len(names) + 1)), 0
    runs: dict[str, list[Fate]] = {}
    for name in names:
        runs[name] = []
        for fate in Run(scenario, policies[name]).fates():
            runs[name].append(fate)
            done += 1
            yield min(0.5, 0.5 * done / total)
    first = policies[names[0]]
    by_itself = []
    for fate in alone(scenario, first):
        by_itself.append(fate)
        done += 1
        yield min(0.5, 0.5 * done / total)
    tried, learning = candidates(scenario, runs[names[0]]), []
    waited = sum(one.waited for one in runs[names[0]])
    for number, (worker, topic) in enumerate(tried):
        after = 0.0
        for place, fate in enumerate(trained(scenario, first, worker, topic)):
            after += fate.waited
            yield 0.5 + 0.5 * (number + place / max(1, len(scenario.inquiries))) / len(tried)
        learning.append(training(scenario, worker, topic, waited, after))
    best = max(learning, key=lambda one: one.spared, default=None)
    return {
        "inquiries": len(scenario.inquiries),
        "agents": len(scenario.agents),
        "policies": [told(name, scenario, policies[name], runs[name]) for name in names],
        "beside": _beside(scenario, policies, runs) if len(names) > 1 else None,
        "alone": beside_alone(scenario, first, runs[names[0]], by_itself),
        "training": _training(best) if best is not None and best.spared > 0 else None,
    }


def told(name: str, scenario: Scenario, policy: Policy, fates: Sequence[Fate]) -> Report:
    """What became of all by this policy: in all, by topic, by municipality and by hour of the day."""
    held_to = policy_for(scenario, policy)

    def by(key: Callable[[Fate], str]) -> dict[str, Report]:
        groups: dict[str, list[Fate]] = defaultdict(list)
        for one in fates:
            if not one.refused:
                groups[key(one)].append(one)
        return {kind: _figures(scenario, held_to, groups[kind]) for kind in sorted(groups)}

    swaps = {one.municipality: one for one in exchange(fates, scenario)}
    places = by(lambda one: one.arrival.municipality)
    nothing = _figures(scenario, held_to, [])
    return {
        "name": name,
        "figures": _figures(scenario, held_to, fates),
        "topics": by(lambda one: one.arrival.topic),
        "municipalities": {
            code: places.get(code, nothing) | {"given": swap.given, "got": swap.got} for code, swap in swaps.items()
        },
        "hours": by(lambda one: f"{int(one.arrival.at % scenario.settings.day_seconds // HOUR):02}"),
    }


def beside_alone(scenario: Scenario, policy: Policy, pooled: Sequence[Fate], by_itself: Sequence[Fate]) -> Report:
    """What the citizens of those who have agents waited together and each by itself, and those of nobody's apart.

    Of each municipality, too: who has no agents would have answered nobody, and has no figures alone.
    """
    same = {one.arrival.id for one in by_itself}
    held_to = policy_for(scenario, policy)
    together, itself = _by_home(pooled), _by_home(by_itself)
    return {
        "municipalities": {
            code: {
                "pooled": _figures(scenario, held_to, fates),
                "alone": _figures(scenario, held_to, itself[code]) if code in itself else None,
            }
            for code, fates in together.items()
        },
        "nobody": asdict(without_agents(scenario)),
        "pooled": _figures(scenario, held_to, (one for one in pooled if one.arrival.id in same)),
        "alone": _figures(scenario, held_to, by_itself),
    }


def _by_home(fates: Iterable[Fate]) -> dict[str, list[Fate]]:
    """Those of members' citizens that were let in, by municipality."""
    found: dict[str, list[Fate]] = defaultdict(list)
    for one in fates:
        if one.arrival.member and not one.refused:
            found[one.arrival.municipality].append(one)
    return found


def _figures(scenario: Scenario, policy: Policy, fates: Iterable[Fate]) -> Report:
    some = [one for one in fates if not one.refused]
    return {"number": len(some), **figures(some, policy, scenario.settings.service_level_seconds)}


def _beside(scenario: Scenario, policies: Mapping[str, Policy], runs: Mapping[str, list[Fate]]) -> Report:
    (one, first), (other, second) = policies.items()
    both = policy_for(scenario, first), policy_for(scenario, second)
    day = scenario.settings.day_seconds
    days = len({arrival.at // day for arrival in scenario.inquiries})
    drawn = day if days >= FEWEST_DAYS else HOUR
    found = differences(runs[one], runs[other], both, drawn)
    return {"drawn": "days" if drawn == day else "hours"} | {name: asdict(way) for name, way in found.items()}


def _training(best: Training) -> Report:
    """Without who that would be."""
    return {"municipality": best.municipality, "topic": best.topic, "spared": best.spared}
