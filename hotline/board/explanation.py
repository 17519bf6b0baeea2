"""explanation(): why an inquiry was offered to whom it was and not to others, and why it waits, as data."""

import uuid
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import text
from sqlmodel import Session

from hotline.board.not_able import not_able
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import State
from hotline.policies import current_policy
from hotline.queue.snapshot import BEHIND_ANOTHER

MOST = 20  # offers of one inquiry, the newest

OFFERS = text("""
    SELECT * FROM (
        SELECT o.id, o.agent_id, o.state, o.made_at, o.answered_at, o.reason, o.why
        FROM offer o WHERE o.inquiry_id = :inquiry ORDER BY o.id DESC LIMIT :most) newest
    ORDER BY id
""")
WIDENED = text("""
    SELECT at, CAST(data->>'municipalities' AS int) AS municipalities,
           coalesce(CAST(data->>'early' AS boolean), false) AS early
    FROM journal WHERE inquiry_id = :inquiry AND event = 'widened' ORDER BY id DESC LIMIT :most
""")
NAMES = text("""
    SELECT a.id, p.username, p.name, a.municipality, m.name AS municipality_name
    FROM agent a JOIN person p ON p.id = a.id JOIN municipality m ON m.code = a.municipality WHERE a.id = ANY(:agents)
""")
BEHIND = text(f"""
    SELECT e.reference FROM inquiry w JOIN inquiry e ON e.id = w.resumes
    WHERE w.id = :inquiry AND {BEHIND_ANOTHER}
""")


class Named(BaseModel):
    """An agent; without a name for who does not lead them."""

    username: str | None
    name: str | None
    municipality: str
    municipality_name: str


class Beside(BaseModel):
    """Who could have taken it as well: in what they came after, and how many times as much they would be missed."""

    agent: Named
    behind: str
    times: float


class Offered(BaseModel):
    """One offer. `able` could take it, of whom those of `beside` came next; `not_able` counts the others who had room
    and the topic by reason; `at_work` had topic and language, busy or not. Of old offers there is a `reason` alone."""

    id: int
    agent: Named
    state: str
    made_at: datetime
    answered_at: datetime | None
    able: int | None = None
    at_work: int | None = None
    language: str | None = None
    at_home: bool = False
    by_name: bool = False
    by_hand: bool = False
    beside: list[Beside] = []
    not_able: dict[str, int] = {}
    reason: str | None = None


class Widened(BaseModel):
    """When a ring opened it to how many municipalities in all; `early` where nobody at work was there to be asked."""

    at: datetime
    municipalities: int
    early: bool


class Waiting(BaseModel):
    """Why it waits now: of those with its topic who may answer, how many cannot take it for which reason; and `behind`
    which earlier call of the same caller about the same, by its reference, which is answered first."""

    since: datetime
    only_agent: Named | None
    behind: str | None = None
    not_able: dict[str, int]


class Explanation(BaseModel):
    """Why an inquiry went where it did: its last twenty offers and rings, the oldest first, and why it waits, if it
    does."""

    id: uuid.UUID
    reference: str
    state: str
    offers: list[Offered]
    widened: list[Widened] = []
    waiting: Waiting | None


def explanation(session: Session, inquiry: Inquiry, now: datetime, municipality: str | None = None) -> Explanation:
    """At `now` (aware). With a `municipality` only its own agents and whom it was offered to are named.

    The session must be one that may read other people's offers (db.acting).
    """
    offers = session.execute(OFFERS, {"inquiry": inquiry.id, "most": MOST}).all()
    ids = {row.agent_id for row in offers} | {
        one["agent"] for row in offers for one in (row.why or {}).get("beside", ())
    }
    rows = session.execute(NAMES, {"agents": sorted(ids | {inquiry.only_agent or 0})})
    names = {row.id: Named.model_validate(row._mapping) for row in rows}
    return Explanation(
        id=inquiry.id,
        reference=inquiry.reference,
        state=inquiry.state,
        offers=[_offered(row._mapping, names, municipality) for row in offers],
        widened=[
            Widened.model_validate(row._mapping)
            for row in reversed(session.execute(WIDENED, {"inquiry": inquiry.id, "most": MOST}).all())
        ],
        waiting=_waiting(session, inquiry, now, names) if inquiry.state == State.WAITING else None,
    )


def _offered(row: Any, names: dict[int, Named], municipality: str | None) -> Offered:
    why = dict(row["why"] or {})
    beside = [
        Beside(agent=_to(names[one["agent"]], municipality), behind=one["behind"], times=one["times"])
        for one in why.pop("beside", ())
    ]
    return Offered(**row, agent=names[row["agent_id"]], beside=beside, **why)


def _waiting(session: Session, inquiry: Inquiry, now: datetime, names: dict[int, Named]) -> Waiting:
    return Waiting(
        since=inquiry.queued_at,
        only_agent=names.get(inquiry.only_agent or 0),
        behind=session.execute(BEHIND, {"inquiry": inquiry.id}).scalar(),
        not_able=not_able(session, inquiry, now, current_policy()),
    )


def _to(agent: Named, municipality: str | None) -> Named:
    """The agent as somebody may read of them who leads this municipality alone."""
    if municipality in (None, agent.municipality):
        return agent
    return agent.model_copy(update={"username": None, "name": None})
