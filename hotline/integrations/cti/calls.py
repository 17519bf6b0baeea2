"""What was heard of a call becomes what happened to its inquiry: in this order, however the events came in.

A call begins, is answered, ends. Each is heard once, however often it is told; what comes before its turn waits for
what must come before it. So every order of the same events leads to the same journal.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlmodel import Session, col, select

from hotline.db import rows_changed, transaction
from hotline.directory.models import Agent
from hotline.duties import NOT_ASIDE, each
from hotline.inquiries.states import HELD, State
from hotline.integrations.cti import talk
from hotline.integrations.cti.events import CallEvent, Kind
from hotline.integrations.cti.models import CtiCall
from hotline.integrations.cti.numbers import agent_of
from hotline.privacy.vault import search_hash
from hotline.settings import settings
from hotline.tenant import at_work

CALLS = "calls"
# Exchanges use their ids again, a counter after a restart; nobody repeats an event after so long.
USED_AGAIN = timedelta(hours=12)
# So long after a hang-up an answer may still come that was given before it.
SETTLES = timedelta(seconds=1)
UNREAD = timedelta(seconds=0.2)  # until the reader is likely to have been there
KEPT = timedelta(days=30)

RETIRE = text("""
    UPDATE cti_call SET current = false, due_at = NULL
    WHERE integrator_id = :integrator AND call_hash = :call AND current AND heard_at < :before
""")
HEAR = text("""
    INSERT INTO cti_call AS c (integrator_id, call_hash, first_at, heard_at, began_at, answers, hung_up_at, forwarded,
                               due_at)
    VALUES (:integrator, :call, :now, :now, :began, :answers, :hung_up, :forwarded, :now)
    ON CONFLICT (integrator_id, call_hash) WHERE current DO UPDATE SET
        heard_at = greatest(c.heard_at, excluded.heard_at),
        began_at = coalesce(c.began_at, excluded.began_at),
        answers = CASE WHEN excluded.answers = '[]' OR c.answers @> jsonb_build_array((excluded.answers -> 0) - 'at')
                       THEN c.answers ELSE c.answers || excluded.answers END,
        hung_up_at = coalesce(c.hung_up_at, excluded.hung_up_at),
        forwarded = c.forwarded OR excluded.forwarded
    RETURNING id
""")
LINK = text("""
    UPDATE cti_call SET inquiry_id = :inquiry, calls_back = :calls_back WHERE id = :id AND inquiry_id IS NULL
""")
NOTHING = text("UPDATE cti_call SET in_vain = :why, called = :called WHERE id = :id AND inquiry_id IS NULL")
DUE = text(f"""
    SELECT id FROM cti_call WHERE due_at <= :now AND {NOT_ASIDE.format(duty=CALLS, item="cti_call.id::text")}
    ORDER BY due_at LIMIT 200
""")
FORGET = text("""
    DELETE FROM cti_call WHERE id IN (SELECT id FROM cti_call WHERE heard_at < :before ORDER BY heard_at LIMIT 1000)
""")


def hear(session: Session, integrator_id: int, event: CallEvent, now: datetime) -> CtiCall:
    """Write down that this was told of a call; the call, as far as it is known by now."""
    call_hash = search_hash(event.call_id, "call")
    known = {"integrator": integrator_id, "call": call_hash}
    session.execute(RETIRE, known | {"before": now - USED_AGAIN})
    answers: list[dict[str, Any]] = []
    if event.kind is Kind.ANSWER:
        agent = agent_of(session, event.answered_by)
        answers = [{"agent": agent.id if agent else None, "at": now.isoformat()}]
    told = {
        "now": now,
        "began": now if event.kind is Kind.NEW_CALL else None,
        "answers": Jsonb(answers),
        "hung_up": now if event.kind is Kind.HANGUP else None,
        "forwarded": event.kind is Kind.HANGUP and event.forwarded,
    }
    call_id = session.execute(HEAR, known | told).scalar_one()
    return session.get_one(CtiCall, call_id, populate_existing=True)


def needs_inquiry(call: CtiCall) -> bool:
    """Whether it has begun, as a newCall or an answer says, and nothing has come of it yet."""
    return call.inquiry_id is None and call.in_vain is None and (call.began_at is not None or bool(call.answers))


def became(session: Session, call: CtiCall, inquiry_id: UUID, calls_back: bool = False) -> None:
    """This inquiry was made of the call, and whether its citizen is rung who hangs up; whoever comes second changes
    nothing."""
    rows_changed(session, LINK, {"id": call.id, "inquiry": inquiry_id, "calls_back": calls_back})


def came_to_nothing(session: Session, call: CtiCall, why: str, called: str) -> None:
    """No inquiry comes of it, for a reason of ours, or because nobody knows the number that was `called`."""
    rows_changed(session, NOTHING, {"id": call.id, "why": why, "called": called})


def settle(session: Session, call_id: int, now: datetime) -> None:
    """Do what is due of the call by now, each once, and note when to look again."""
    wanted = select(CtiCall).where(col(CtiCall.id) == call_id).with_for_update()
    call = session.exec(wanted.execution_options(populate_existing=True)).one()
    if not call.over:
        call.due_at = _settled(session, call, now)
        session.add(call)
        session.flush()


def settle_due(now: datetime) -> None:
    """What the router looks after: calls that wait for something, and those of which nothing was heard for too long."""
    with transaction(at_work(CALLS)) as session:
        due = session.execute(DUE, {"now": now}).scalars().all()
    each(CALLS, due, lambda session, call_id: settle(session, call_id, now))


def forget_old(session: Session, now: datetime) -> None:
    """Of calls that nobody tells of any more nothing is kept."""
    session.execute(FORGET, {"before": now - KEPT})


def _settled(session: Session, call: CtiCall, now: datetime) -> datetime | None:
    """Do it; when to look again, never where nothing more can come of the call by itself."""
    if call.inquiry_id is None:
        return None
    inquiry = talk.locked(session, call.inquiry_id)
    for answer in call.answers[call.told :]:
        if inquiry.state == State.RECEIVED:
            return now + UNREAD
        agent = session.get_one(Agent, answer["agent"]) if answer["agent"] is not None else None
        talk.talks(session, inquiry, agent, datetime.fromisoformat(answer["at"]))
        call.told += 1
    if call.hung_up_at is None:
        silent_at = call.heard_at + timedelta(minutes=settings().call_silent_minutes)
        if now < silent_at:
            return silent_at
        if inquiry.state not in HELD:
            talk.goes_silent(session, inquiry, now)
            call.over = True
        return None
    heard = [call.hung_up_at, call.began_at or call.hung_up_at]
    if not call.answers and now < max(heard) + SETTLES:
        return max(heard) + SETTLES
    answered = [datetime.fromisoformat(answer["at"]) for answer in call.answers]
    talk.ends(session, inquiry, max(call.hung_up_at, call.first_at, *answered), call.forwarded, call.calls_back)
    call.over = True
    return None
