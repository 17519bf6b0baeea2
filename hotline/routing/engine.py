"""Decides who is offered what. The live hotline and the simulator both call it."""

from collections import Counter, defaultdict
from dataclasses import replace

from hotline.routing.eligibility import units, why_not
from hotline.routing.model import ANY_LANGUAGE, CALL, Agent, Decision, Inquiry, Match, Snapshot, Wait
from hotline.routing.policy import Policy


def decide(snapshot: Snapshot, policy: Policy) -> list[Decision]:
    """Serve the earliest deadline first, each by the able agent whose time is worth least elsewhere.

    One decision for each inquiry of the snapshot, in the order they were served. Nothing is decided beyond an agent's
    room, and the same snapshot always gives the same answer. Whoever had the inquiry before is asked after all others.
    """
    agents = {agent.id: agent for agent in snapshot.agents}
    with_topic: dict[str, list[int]] = defaultdict(list)
    for agent in sorted(snapshot.agents, key=lambda a: a.id):
        for topic in agent.topics:
            with_topic[topic].append(agent.id)
    worth = {agent.id: worth_elsewhere(agent, with_topic) for agent in snapshot.agents}
    decisions: list[Decision] = []
    for inquiry in sorted(snapshot.waiting, key=lambda i: (i.deadline, i.id)):
        refusals = Counter[str]()
        able = []
        for agent_id in with_topic.get(inquiry.topic, ()):
            reason = why_not(agents[agent_id], inquiry, snapshot.now, policy)
            if reason is None:
                able.append(agents[agent_id])
            else:
                refusals[reason] += 1
        if not able:
            decisions.append(Wait(inquiry.id, _nobody(inquiry, refusals)))
            continue
        best = min(able, key=lambda a: _rank(a, inquiry, worth))
        taken = units(best, inquiry)
        agents[best.id] = replace(best, load=best.load + taken)
        decisions.append(Match(inquiry.id, best.id, taken, inquiry.channel == CALL, _because(best, inquiry, able)))
    return decisions


def worth_elsewhere(agent: Agent, with_topic: dict[str, list[int]]) -> float:
    """How much the pool would miss this agent: for each of their topics, one over the number of those free for it.

    Rounded, so that agents who differ by nothing that matters are told apart by who has been idle longest.
    """
    return round(sum(1 / len(with_topic[topic]) for topic in agent.topics), 1)


def _rank(agent: Agent, inquiry: Inquiry, worth: dict[int, float]) -> tuple[object, ...]:
    """The lowest of those able is chosen."""
    had_it = agent.id in inquiry.had_it
    return (had_it, agent.load > 0, worth[agent.id], -agent.topics[inquiry.topic], agent.idle_since, agent.id)


def _because(agent: Agent, inquiry: Inquiry, able: list[Agent]) -> str:
    speaks = "" if inquiry.language == ANY_LANGUAGE else f", speaks {inquiry.language}"
    home = "own municipality" if agent.municipality == inquiry.municipality else f"for {inquiry.municipality}"
    return f"least needed elsewhere of {len(able)} able{speaks}, {home}"


def _nobody(inquiry: Inquiry, refusals: Counter[str]) -> str:
    if not refusals:
        return f"nobody free for {inquiry.topic}"
    return "nobody free: " + ", ".join(f"{reason} {count}" for reason, count in sorted(refusals.items()))
