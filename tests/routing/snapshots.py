"""Builders of what the core sees, the policy it runs on, and snapshots of any kind for Hypothesis."""

from typing import Any

from hypothesis import strategies as st

from hotline.resources import CONFIG
from hotline.routing.engine import decide
from hotline.routing.model import ANY_LANGUAGE, Agent, Inquiry, Match, Snapshot, Wait
from hotline.routing.policy import Policy

NOW = 10_000.0
DEFAULT = Policy.from_toml((CONFIG / "policies" / "default.toml").read_text())

TOPICS = ("doctor", "mitid", "passport")
LANGUAGES = ("ar", "da", "en")
CHANNELS = ("chat", "email", "phone", "web")
CODES = ("0746", "0860")


def an_agent(id: int = 1, topics: Any = ("passport",), idle_for: float = 0.0, **facts: Any) -> Agent:
    """An agent of Skanderborg who speaks Danish, has room for three, and has been idle for so many seconds."""
    levels = topics if isinstance(topics, dict) else dict.fromkeys(topics, 2)
    usual = {"municipality": "0746", "languages": frozenset({"da"}), "capacity": 3, "load": 0}
    return Agent(id=id, topics=levels, idle_since=NOW - idle_for, **(usual | facts))


def an_inquiry(id: str = "a", due_in: float = 60.0, **facts: Any) -> Inquiry:
    """A form about a passport, from a citizen of Hjørring, in Danish, to be answered within a minute."""
    usual = {"municipality": "0860", "topic": "passport", "language": "da", "channel": "web"}
    waited = facts.pop("waited", 60.0 - due_in)
    return Inquiry(id=id, queued_at=NOW - waited, deadline=NOW + due_in, **(usual | facts))


def a_snapshot(*people_and_inquiries: Agent | Inquiry, **facts: Any) -> Snapshot:
    """Now, with these agents and inquiries."""
    return Snapshot(
        now=NOW,
        **facts,
        waiting=tuple(one for one in people_and_inquiries if isinstance(one, Inquiry)),
        agents=tuple(one for one in people_and_inquiries if isinstance(one, Agent)),
    )


def given(*people_and_inquiries: Agent | Inquiry, policy: Policy = DEFAULT, **facts: Any) -> dict[str, int]:
    """Which inquiry the core gives to which agent."""
    decisions = decide(a_snapshot(*people_and_inquiries, **facts), policy)
    return {one.inquiry: one.agent for one in decisions if isinstance(one, Match)}


def not_able(*people_and_inquiries: Agent | Inquiry) -> dict[str, int]:
    """Why the only inquiry waits: how many could not take it for which reason."""
    [decision] = decide(a_snapshot(*people_and_inquiries), DEFAULT)
    assert isinstance(decision, Wait)
    return dict(decision.not_able)


@st.composite
def agents(draw: st.DrawFn, id: int) -> Agent:
    """Any agent with this id, with room or without."""
    capacity = draw(st.integers(1, 4))
    return Agent(
        id=id,
        municipality=draw(st.sampled_from(CODES)),
        topics=draw(st.dictionaries(st.sampled_from(TOPICS), st.integers(1, 3))),
        languages=draw(st.frozensets(st.sampled_from(LANGUAGES))),
        capacity=capacity,
        load=draw(st.integers(0, capacity)),
        idle_since=NOW - draw(st.integers(0, 3)),
    )


@st.composite
def inquiries(draw: st.DrawFn, id: str, agent_ids: list[int]) -> Inquiry:
    """Any inquiry with this id; some were refused by, some are meant for, these agents or one who is not there."""
    some = st.sampled_from([*agent_ids, 99])
    due_in = draw(st.integers(-3, 3))
    answered_by = draw(st.none() | st.frozensets(st.sampled_from(CODES)))
    open_to = (
        None if answered_by is None else draw(st.none() | st.frozensets(st.sampled_from(sorted(answered_by) or CODES)))
    )
    return Inquiry(
        id=id,
        municipality=draw(st.sampled_from(CODES)),
        topic=draw(st.sampled_from(TOPICS)),
        language=draw(st.sampled_from((*LANGUAGES, ANY_LANGUAGE))),
        channel=draw(st.sampled_from(CHANNELS)),
        queued_at=NOW + due_in - draw(st.sampled_from((20, 60))),
        deadline=NOW + due_in,
        answered_by=answered_by,
        open_to=open_to,
        is_outside=draw(st.booleans()),
        said_no=draw(st.frozensets(some, max_size=3)),
        had_it=draw(st.frozensets(some, max_size=2)),
        only_agent=draw(st.none() | st.none() | some),
    )


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """Any small snapshot, in any order."""
    ids = list(range(1, 1 + draw(st.integers(0, 7))))
    people = draw(st.permutations([draw(agents(id)) for id in ids]))
    names = [f"{number:02}" for number in range(draw(st.integers(0, 10)))]
    queue = draw(st.permutations([draw(inquiries(name, ids)) for name in names]))
    return Snapshot(now=NOW, waiting=tuple(queue), agents=tuple(people))
