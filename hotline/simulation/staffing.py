"""How many agents, with which skills, each half hour of the day, so that a share of all is answered in target."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil

from hotline.routing.policy import Policy
from hotline.simulation.figures import is_in_target
from hotline.simulation.run import Fate, Run
from hotline.simulation.scenario import Scenario, Worker, policy_for
from hotline.simulation.shifts import shifts

HALF_HOUR = 1800.0
MOST_ROUNDS = 40

Can = tuple[frozenset[tuple[str, int]], frozenset[str]]  # skills with levels, and languages


class NotToBeHad(Exception):
    """However many there were, too few would be answered in target."""


@dataclass(frozen=True, slots=True)
class HalfHour:
    """One half hour of the day, `begins` seconds after its start: how many work in it now and on average over the days,
    what share is answered in target; and how many have to, how many of them with each topic, and the share then."""

    begins: float
    now: float
    in_target_now: float | None
    needed: int
    with_topic: dict[str, int]
    in_target: float | None


def staffing(
    scenario: Scenario, policy: Policy, target: float, told: Callable[[int], None] = lambda _: None
) -> list[HalfHour]:
    """The half hours of a day in which somebody comes, each with who is needed on every day of the scenario.

    It begins with those who are there, as many as the work takes without a pause. Wherever fewer than `target` (a
    share) are answered in target somebody is added who can most of what was late, until it is reached. `told` hears
    of each round. Raises NotToBeHad.
    """
    day, held_to = scenario.settings.day_seconds, policy_for(scenario, policy)
    before = _shares(Run(scenario, policy).fates(), held_to, day)
    there, people = _there(scenario), _kinds(scenario)
    needed = {slot: there[slot][: ceil(hours)] for slot, hours in _work(scenario).items()}
    for number in range(MOST_ROUNDS):
        told(number)
        fates = list(Run(_staffed(scenario, needed), policy).fates())
        shares = _shares(fates, held_to, day)
        short = [slot for slot, share in shares.items() if share < target]
        if not short:
            return [
                _half_hour(slot, scenario, needed.get(slot, []), before.get(slot), shares.get(slot))
                for slot in sorted({*shares, *(slot for slot, some in needed.items() if some)})
            ]
        late = _late(fates, held_to, day)
        for slot in short:
            helper = _who_helps(people, late[slot])
            if helper is None:
                raise NotToBeHad
            needed.setdefault(slot, []).append(helper)
    raise NotToBeHad


def _half_hour(
    slot: int, scenario: Scenario, people: Sequence[Worker], before: float | None, after: float | None
) -> HalfHour:
    begins = slot * HALF_HOUR
    present = sum(
        max(0.0, min(to, start + begins + HALF_HOUR) - max(since, start + begins))
        for worker in scenario.agents
        for since, to in shifts(worker)
        for start in _days(scenario)
    )
    topics = Counter(topic for one in people for topic in one.skills)
    return HalfHour(
        begins,
        present / HALF_HOUR / max(1, len(_days(scenario))),
        before,
        len(people),
        dict(sorted(topics.items())),
        after,
    )


def _days(scenario: Scenario) -> list[float]:
    """When each day begins on which somebody comes."""
    day = scenario.settings.day_seconds
    return sorted({one.at // day * day for one in scenario.inquiries})


def _slot(at: float, day: float) -> int:
    return int(at % day // HALF_HOUR)


def _shares(fates: Iterable[Fate], policy: Policy, day: float) -> dict[int, float]:
    """Of those who came in each half hour, over all days, the share answered in target."""
    came, served = Counter[int](), Counter[int]()
    for one in fates:
        if not one.refused:
            slot = _slot(one.arrival.at, day)
            came[slot] += 1
            served[slot] += is_in_target(one, policy)
    return {slot: served[slot] / number for slot, number in came.items()}


def _late(fates: Iterable[Fate], policy: Policy, day: float) -> dict[int, Counter[tuple[str, str]]]:
    late: dict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
    for one in fates:
        if not one.refused and not is_in_target(one, policy):
            late[_slot(one.arrival.at, day)][one.arrival.topic, one.arrival.language] += 1
    return late


def _work(scenario: Scenario) -> dict[int, float]:
    """How many agents the work of each half hour keeps busy on an average day."""
    seconds: dict[int, float] = defaultdict(float)
    for one in scenario.inquiries:
        seconds[_slot(one.at, scenario.settings.day_seconds)] += one.handle_seconds + scenario.settings.wrap_up_seconds
    return {slot: some / HALF_HOUR / len(_days(scenario)) for slot, some in seconds.items()}


def _there(scenario: Scenario) -> dict[int, list[Worker]]:
    """Who works in each half hour of any day, those who can most first."""
    there: dict[int, dict[str, Worker]] = defaultdict(dict)
    for worker in sorted(scenario.agents, key=lambda one: (-len(one.skills) * len(one.languages), one.id)):
        for since, to in shifts(worker):
            for number in range(int(since // HALF_HOUR), ceil(to / HALF_HOUR)):
                there[_slot(number * HALF_HOUR, scenario.settings.day_seconds)][worker.id] = worker
    return defaultdict(list, {slot: list(some.values()) for slot, some in there.items()})


def _kinds(scenario: Scenario) -> list[Worker]:
    """One agent of each kind that there is."""
    kinds: dict[Can, Worker] = {}
    for worker in scenario.agents:
        kinds.setdefault((frozenset(worker.skills.items()), worker.languages), worker)
    return list(kinds.values())


def _who_helps(people: Sequence[Worker], late: Counter[tuple[str, str]]) -> Worker | None:
    """Who can most of what was late; None where nobody can any of it."""

    def could(worker: Worker) -> int:
        return sum(
            n for (topic, language), n in late.items() if topic in worker.skills and language in worker.languages
        )

    best = max(people, key=could, default=None)
    return best if best is not None and could(best) else None


def _staffed(scenario: Scenario, needed: dict[int, list[Worker]]) -> Scenario:
    """The scenario with these at work in each half hour of each day, and nobody else."""
    agents = [
        replace(
            worker,
            id=f"{slot}-{number}",
            shifts=tuple((start + slot * HALF_HOUR, start + (slot + 1) * HALF_HOUR) for start in _days(scenario)),
        )
        for slot, people in needed.items()
        for number, worker in enumerate(people)
    ]
    return replace(scenario, agents=tuple(agents))
