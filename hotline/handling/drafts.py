"""draft(), draft_answer(): keep what an agent is writing of what is in hand, so that no tab or sign-in can lose it."""

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
    INSERT INTO note_draft AS d (inquiry_id, agent_id, kind, text, outcome, changed_at)
    VALUES (:inquiry, :agent, :kind, :text, :outcome, :now)
    ON CONFLICT (inquiry_id, agent_id, kind) DO UPDATE SET text = :text, outcome = :outcome, changed_at = :now
    WHERE (d.text, d.outcome) IS DISTINCT FROM (:text, :outcome)
""")
EMPTY = text("DELETE FROM note_draft WHERE inquiry_id = :inquiry AND agent_id = :agent AND kind = :kind")
NOTE, ANSWER = "note", "answer"


def draft(session: Session, inquiry: Inquiry, agent: Agent, note: str, outcome: Outcome | None, now: datetime) -> bool:
    """Keep the note as far as it is written and the outcome if one is chosen; whether that is anything new.

    CPR numbers are taken out and not kept: they are sealed with the note itself. Raises WrongState if not in hand.
    """
    return _keep(session, inquiry, agent, NOTE, note, outcome, now)


def draft_answer(session: Session, inquiry: Inquiry, agent: Agent, answer: str, now: datetime) -> bool:
    """The same of the answer to the citizen."""
    return _keep(session, inquiry, agent, ANSWER, answer, None, now)


def forget_draft(session: Session, inquiry: Inquiry, agent: Agent, kind: str) -> None:
    """It is written, and no draft any more."""
    session.execute(EMPTY, {"inquiry": inquiry.id, "agent": agent.id, "kind": kind})


def _keep(
    session: Session, inquiry: Inquiry, agent: Agent, kind: str, words: str, outcome: Outcome | None, now: datetime
) -> bool:
    must_hold(inquiry, agent)
    asked = {"inquiry": inquiry.id, "agent": agent.id, "kind": kind}
    kept = redact(words)[0]
    if kept or outcome:
        changed = rows_changed(session, KEEP, asked | {"text": kept, "outcome": outcome, "now": now})
    else:
        changed = rows_changed(session, EMPTY, asked)
    if changed:
        tell_agents_later(session, [agent.id])
    return bool(changed)
