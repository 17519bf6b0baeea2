"""PUT /me/phone: where the telephone rings when a call is offered to me."""

import re
from datetime import datetime

from fastapi import APIRouter
from sqlalchemy import text
from sqlmodel import Session

from hotline.access.guards import ActingAgent
from hotline.agents.models import AgentPhone
from hotline.callbacks.errors import NumberNotCalled
from hotline.callbacks.numbers import number_to_call
from hotline.clock import now
from hotline.console.errors import PhoneInUse, PhoneNotRung
from hotline.console.requests import PhoneAnswer, PhoneRequest
from hotline.db import Db
from hotline.live import tell_agents_later
from hotline.web.problems import problems
from hotline.web.shown import Shown

router = APIRouter(tags=["agents"], route_class=Shown)

# A telephone of the exchange by its name alone. More than that (an address, a channel within the exchange, a number
# behind a trunk) would let whoever signs in have the exchange dial whatever they like.
TELEPHONE = re.compile(r"PJSIP/[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
NUMBER = re.compile(r"[+0-9][0-9 ()./-]{2,30}")

GIVE_UP = text("""
    DELETE FROM agent_phone p USING agent_work w
    WHERE p.endpoint = :endpoint AND w.agent_id = p.agent_id AND p.agent_id <> :agent
      AND (NOT w.connected OR w.presence = 'offline')
""")
OTHERS = text("SELECT 1 FROM agent_phone WHERE endpoint = :endpoint AND agent_id <> :agent")
IN_TURN = text("SELECT pg_advisory_xact_lock(hashtextextended(:endpoint, 0))")
FORGET = text("DELETE FROM agent_phone WHERE agent_id = :agent")


@router.put("/me/phone", responses=problems(401, 403, 409, 422))
def update_phone(body: PhoneRequest, agent: ActingAgent, db: Db) -> PhoneAnswer:
    """Say where I am rung: `PJSIP/` and the name of a telephone, a phone number, or null for nowhere.

    A telephone that was a colleague's who has gone is mine from now on; one of a colleague at work is refused.
    """
    endpoint = rung_at(body.endpoint or "")
    say(db, agent.id, endpoint, now())
    return PhoneAnswer(endpoint=endpoint)


def rung_at(said: str) -> str | None:
    """The telephone as it is kept; None of nothing. Raises PhoneNotRung, with why it is not rung as its `why`."""
    words = said.strip()
    if not words or TELEPHONE.fullmatch(words):
        return words or None
    if not NUMBER.fullmatch(words):
        raise PhoneNotRung(why="shape")
    try:
        return number_to_call(words)
    except NumberNotCalled as error:
        raise PhoneNotRung(why=error.members["why"]) from None


def say(session: Session, agent_id: int, endpoint: str | None, now: datetime) -> None:
    """The agent is rung there from now on, None: nowhere. Raises PhoneInUse where a colleague at work is rung there."""
    if endpoint is None:
        session.execute(FORGET, {"agent": agent_id})
    else:
        asked = {"agent": agent_id, "endpoint": endpoint}
        session.execute(IN_TURN, {"endpoint": f"phone {endpoint}"})
        session.execute(GIVE_UP, asked)
        if session.execute(OTHERS, asked).first() is not None:
            raise PhoneInUse
        session.merge(AgentPhone(agent_id=agent_id, endpoint=endpoint, said_at=now))
        session.flush()
    tell_agents_later(session, [agent_id])
