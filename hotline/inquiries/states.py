"""Where an inquiry may be, and which event leads from where to where: the one table that all others are made from."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where an inquiry is; it is in exactly one of these at any time."""

    RECEIVED = "received"
    WAITING = "waiting"
    OFFERED = "offered"
    HANDLING = "handling"
    WRAPPING = "wrapping"
    CLOSED = "closed"
    ABANDONED = "abandoned"
    CALLBACK = "callback"
    HANDED_OVER = "handed_over"


class Event(StrEnum):
    """What happens to an inquiry; the lines of its timeline."""

    RECEIVED = "received"
    CLASSIFIED = "classified"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"
    TRANSFERRED = "transferred"
    WRAPPING = "wrapping"
    CLOSED = "closed"
    ABANDONED = "abandoned"
    CALLBACK = "callback"
    HANDED_OVER = "handed_over"
    CORRECTED = "corrected"
    FLAGGED = "flagged"
    RELEASED = "released"
    TAKEN_OVER = "taken_over"
    REOPENED = "reopened"
    MESSAGE = "message"
    DUE = "due"
    UNREAD = "unread"
    WIDENED = "widened"


QUEUED = (State.RECEIVED, State.WAITING, State.OFFERED)  # nobody has answered yet
HELD = (State.HANDLING, State.WRAPPING)  # in an agent's hands
PARKED = (State.CALLBACK,)  # keeps its place until the citizen is rung
OPEN = (*QUEUED, *HELD, *PARKED)
ENDED = (State.CLOSED, State.ABANDONED, State.HANDED_OVER)


@dataclass(frozen=True)
class Step:
    """An event, the states in which it may happen, and the state that it leads to; None where it leaves it as it is.

    No state to come from: it is how an inquiry begins.
    """

    event: Event
    sources: tuple[State, ...]
    leads_to: State | None


STEPS = {
    step.event: step
    for step in (
        Step(Event.RECEIVED, (), State.RECEIVED),
        Step(Event.CLASSIFIED, (State.RECEIVED,), State.WAITING),
        Step(Event.OFFERED, (State.WAITING,), State.OFFERED),
        Step(Event.ACCEPTED, (State.OFFERED,), State.HANDLING),
        Step(Event.REFUSED, (State.OFFERED,), State.WAITING),
        Step(Event.LAPSED, (State.OFFERED,), State.WAITING),
        Step(Event.WITHDRAWN, (State.OFFERED,), State.WAITING),
        Step(Event.WRAPPING, (State.HANDLING,), State.WRAPPING),
        Step(Event.TRANSFERRED, HELD, State.WAITING),
        Step(Event.RELEASED, HELD, State.WAITING),
        Step(Event.CLOSED, (*HELD, *PARKED, State.RECEIVED, State.WAITING), State.CLOSED),
        Step(Event.REOPENED, (State.CLOSED,), State.WRAPPING),
        Step(Event.HANDED_OVER, (*HELD, State.WAITING), State.HANDED_OVER),
        Step(Event.ABANDONED, QUEUED, State.ABANDONED),
        Step(Event.CALLBACK, (*QUEUED, *HELD), State.CALLBACK),
        Step(Event.DUE, PARKED, State.WAITING),
        Step(Event.UNREAD, PARKED, State.RECEIVED),
        Step(Event.WIDENED, (State.WAITING,), None),
        Step(Event.CORRECTED, HELD, None),
        Step(Event.MESSAGE, OPEN, None),
        Step(Event.FLAGGED, HELD, None),
        Step(Event.TAKEN_OVER, (*HELD, State.WAITING), None),
    )
}


def sql(states: Iterable[State]) -> str:
    """The states as SQL reads them after IN: `('handling', 'wrapping')`."""
    return "(" + ", ".join(f"'{state}'" for state in states) + ")"


def diagram() -> str:
    """The machine as a Mermaid diagram, for docs/inquiry.md."""
    lines = ["stateDiagram-v2"]
    for step in STEPS.values():
        if step.leads_to is None:
            continue
        lines += [f"    {source} --> {step.leads_to}: {step.event}" for source in step.sources or ("[*]",)]
    lines += [f"    {state} --> [*]" for state in ENDED]
    return "\n".join(lines)
