"""draft(): keep what an agent is writing of an inquiry in hand, so that neither tab nor sign-in can lose it."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session

from hotline.db import rows_changed
from hotline.directory.models import Agent
from hotline.inquiries.guards import must_hold
from hotline.inquiries.models import Inquiry, Outcome
from hotline.live import tell_agents_later
from hotline.privacy.cpr import redact

KEEP = text("""
    INSERT INTO note_draft AS d (inquiry_id, agent_id, text, outcome, changed_at)
    VALUES (:inquiry, :agent, :text, :outcome, :now)
    ON CONFLICT (inquiry_id, agent_id) DO UPDATE SET text = :text, outcome = :outcome, changed_at = :now
    WHERE (d.text, d.outcome) IS DISTINCT FROM (:text, :outcome)
""")
EMPTY = text("DELETE FROM note_draft WHERE inquiry_id = :inquiry AND agent_id = :agent")


def draft(session: Session, inquiry: Inquiry, agent: Agent, note: str, outcome: Outcome | None, now: datetime) -> bool:
    """Keep the note as far as it is written and the outcome if one is chosen; whether that is anything new.

    CPR numbers are taken out and not kept: they are sealed with the note itself. Raises WrongState if not in hand.
    """
    must_hold(inquiry, agent)
    asked = {"inquiry": inquiry.id, "agent": agent.id}
    kept = redact(note)[0]
    if kept or outcome:
        asked |= {"text": kept, "outcome": outcome, "now": now}
        changed = rows_changed(session, KEEP, asked)
    else:
        changed = rows_changed(session, EMPTY, asked)
    if changed:
        tell_agents_later(session, [agent.id])
    return bool(changed)
