"""not_arrived(): an answer has not reached its citizen, and whoever wrote it is told."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from hotline.agents.models import AgentWork, Presence
from hotline.db import rows_changed
from hotline.directory.models import Agent
from hotline.handling.errors import NoRoom
from hotline.handling.reopen import reopen
from hotline.inquiries.errors import WrongState
from hotline.inquiries.messages import Message
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import HELD
from hotline.live import tell_agents_later

FIRST = text("UPDATE message SET undelivered = :why WHERE id = :id AND undelivered IS NULL")
FAILED = text("UPDATE sent_mail SET state = 'failed', why = :why WHERE message_id = :id")


def not_arrived(session: Session, inquiry: Inquiry, message: Message, why: str, now: datetime) -> None:
    """The message is marked with `why` (a status, or a word of ours), once. The inquiry's row must be locked.

    What its agent has closed today is in their hands again, where they are there and have room: nobody else would
    write to the citizen another way. Else it stands beside the message alone.
    """
    session.execute(FAILED, {"id": message.id, "why": why})
    if not rows_changed(session, FIRST, {"id": message.id, "why": why}):
        return
    if inquiry.state in HELD and inquiry.agent_id is not None:
        tell_agents_later(session, [inquiry.agent_id])
        return
    work = session.get(AgentWork, message.person_id, populate_existing=True) if message.person_id else None
    if work is not None and work.connected and work.presence != Presence.OFFLINE:
        with suppress(WrongState, NoRoom):  # it has gone another way since
            reopen(session, inquiry, session.get_one(Agent, work.agent_id), now)
