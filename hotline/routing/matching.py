"""Who gets what of some agents and some inquiries: the step that the live router and the simulator both take."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush

from hotline.routing.absence import whom
from hotline.routing.eligibility import units, why_not
from hotline.routing.fronts import lines
from hotline.routing.model import Agent, Inquiry
from hotline.routing.moment import Moment
from hotline.routing.outside import comes_last
from hotline.routing.pressing import crowd_of, pressing, suits
from hotline.routing.why import Rank
from hotline.routing.written import is_held_back, is_late, may_begin

Press = tuple[bool, float, float, str]  # sorts what presses most to the front


@dataclass(frozen=True, slots=True)
class Pair:
    """This inquiry to this agent (as they were before they got it), of so many who could have taken it.

    `ranks` is how those rank, in any order; empty where there was one.
    """

    inquiry: Inquiry
    agent: Agent
    ranks: Sequence[Rank]
    able: int


def match(agents: Iterable[Agent], inquiries: Iterable[Inquiry], moment: Moment) -> Iterator[Pair]:
    """The inquiry that presses most goes to the agent whose absence costs least, then the next, while there is room.

    Calls, chats and what is late first; then written work, the earliest due first. One who asks for the next pair has
    seen to it that `moment` knows of the last one.
    """
    room = {agent.id: agent for agent in agents if agent.load < agent.capacity}
    some = list(inquiries)
    for pair in _live(room, [one for one in some if not one.is_written or is_late(one, moment.now)], moment):
        yield _taken(room, pair)
    written = [one for one in some if one.is_written and not is_late(one, moment.now)]
    for inquiry in sorted(written, key=lambda one: (comes_last(one, moment.policy), one.deadline, one.id)):
        if not room:
            return
        able = [one for one in _able(room, inquiry, moment) if may_begin(one, inquiry, moment)]
        if able:
            yield _taken(room, Pair(inquiry, *whom(inquiry, able, moment), len(able)))


def _live(room: dict[int, Agent], inquiries: list[Inquiry], moment: Moment) -> Iterator[Pair]:
    """A heap of the lines that wait, by how much who is due first in each presses; what presses less by now, as who
    suits it best is taken, is put back into its place."""
    some = [(line, able) for line in lines(inquiries) if (able := _first_able(room, line, moment))]
    if len(some) == 1 and len(some[0][0]) == 1:
        [([inquiry], able)] = some
        yield Pair(inquiry, *whom(inquiry, able, moment), len(able))
        return
    crowd = crowd_of({(line[-1].topic, line[-1].language) for line, _ in some}, moment)
    heap = [(_press(line[-1], able, moment, crowd), line) for line, able in some]
    heapify(heap)
    while heap and room:
        press, line = heappop(heap)
        inquiry, able = line[-1], _able(room, line[-1], moment)
        if able:
            now = _press(inquiry, able, moment, crowd)
            if now > press and heap and now > heap[0][0]:
                heappush(heap, (now, line))
                continue
            yield Pair(inquiry, *whom(inquiry, able, moment), len(able))
        line.pop()
        if able := _first_able(room, line, moment):
            heappush(heap, (_press(line[-1], able, moment, crowd), line))


def _first_able(room: dict[int, Agent], line: list[Inquiry], moment: Moment) -> list[Agent]:
    """Who could take the first of a line; whom nobody could take has left it."""
    while line and room:
        if able := _able(room, line[-1], moment):
            return able
        line.pop()
    return []


def _press(inquiry: Inquiry, able: list[Agent], moment: Moment, crowd: float) -> Press:
    best = max(suits(agent, inquiry, moment) for agent in able)
    return (comes_last(inquiry, moment.policy), -pressing(inquiry, moment, crowd) - best, inquiry.deadline, inquiry.id)


def _able(room: dict[int, Agent], inquiry: Inquiry, moment: Moment) -> list[Agent]:
    skilled = (agent for agent in room.values() if inquiry.topic in agent.topics)  # most are not: quicker than to ask
    able = [agent for agent in skilled if why_not(agent, inquiry) is None]
    if inquiry.is_written:
        able = [agent for agent in able if not is_held_back(agent, inquiry, moment)]
    if comes_last(inquiry, moment.policy):
        able = [agent for agent in able if not _has_a_member(agent, moment)]
    return able


def _has_a_member(agent: Agent, moment: Moment) -> bool:
    """Whether something of a member waits that this agent could be given instead."""
    return any(not one.is_outside and why_not(agent, one) is None for one in moment.waiting_for(agent))


def _taken(room: dict[int, Agent], pair: Pair) -> Pair:
    agent = pair.agent
    load = agent.load + units(agent, pair.inquiry)
    if load < agent.capacity:
        room[agent.id] = replace(agent, load=load)
    else:
        del room[agent.id]
    return pair
