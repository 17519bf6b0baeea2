"""call_backs(): what the router looks after once a second: who is to be rung from now on, and who no longer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlmodel import Session

from hotline.callbacks.park import next_open, park
from hotline.clock import seconds_between
from hotline.db import transaction
from hotline.directory.queries import load
from hotline.directory.snapshot import Directory
from hotline.directory.together import together
from hotline.duties import NOT_ASIDE, each
from hotline.inquiries.facts import Due, Unread
from hotline.inquiries.models import Channel, Inquiry, Outcome
from hotline.inquiries.states import PARKED, QUEUED, State, sql
from hotline.inquiries.step import step
from hotline.lanes import later
from hotline.offers.abandon import give_place
from hotline.offers.end import end_untaken
from hotline.queue.enter import enter
from hotline.tenant import at_work

CALLBACK = "callback"
AT_ONCE = 200

TO_CALL = f"""
    SELECT i.id FROM inquiry i
    WHERE i.call_from IS NOT NULL AND i.state IN {sql((*PARKED, *QUEUED))} AND {{and_}}
      AND {NOT_ASIDE.format(duty=CALLBACK, item="i.id::text")}
    ORDER BY i.call_from LIMIT {AT_ONCE}
"""
RINGS_IN = text(TO_CALL.format(and_="EXISTS (SELECT 1 FROM inquiry f WHERE f.resumes = i.id)"))
IS_DUE = text(TO_CALL.format(and_="i.state = 'callback' AND i.call_from <= :now"))
AFTER_HOURS = text(
    TO_CALL.format(
        and_="i.state = 'waiting' AND (i.municipality, i.topic, i.outside) IN"
        " (SELECT * FROM unnest(CAST(:places AS text[]), CAST(:topics AS text[]), CAST(:outside AS boolean[])))"
    )
)
WHERE_WAITING = text(
    "SELECT DISTINCT municipality, topic, outside FROM inquiry WHERE call_from IS NOT NULL AND state = 'waiting'"
)
PARKED_AT = text("SELECT max(at) FROM journal WHERE inquiry_id = :id AND event = 'callback'")
# Who has promised to ring, or has rung in vain, is asked first while they are there to do it.
KNOWN = text("""
    SELECT j.agent_id FROM journal j JOIN agent_work w ON w.agent_id = j.agent_id
    JOIN person p ON p.id = j.agent_id JOIN agent_skill s ON s.agent_id = j.agent_id AND s.topic = :topic
    WHERE j.inquiry_id = :id AND j.event = 'callback' AND p.active AND w.connected AND w.presence = 'available'
    ORDER BY j.id DESC LIMIT 1
""")


def call_backs(now: datetime) -> None:
    """End those whose citizen has rung meanwhile, put those that are due into the queue, and keep for the next opening
    what nobody has taken when the hotline closes. Each is a transaction of its own."""
    with transaction(at_work("sweep")) as session:
        rings, due = _ids(session, RINGS_IN), _ids(session, IS_DUE, now=now)
        waiting = session.execute(WHERE_WAITING).all()
        directory = load(session) if due or waiting else None
        closed = [one for one in waiting if directory and next_open(directory, one[0], now, *one[1:]) > now]
        columns = zip(("places", "topics", "outside"), map(list, zip(*closed, strict=True)), strict=True)
        late = _ids(session, AFTER_HOURS, **dict(columns)) if closed else []
    each(CALLBACK, rings, lambda one, inquiry_id: rung_meanwhile(one, inquiry_id, now))
    if directory is not None:
        each(CALLBACK, due, lambda one, inquiry_id: ring(one, inquiry_id, now, directory))
        each(CALLBACK, late, lambda one, inquiry_id: put_off_until_tomorrow(one, inquiry_id, now))


def ring(session: Session, inquiry_id: UUID, now: datetime, directory: Directory) -> bool:
    """Into the queue at its age, as a call that its agent makes; of two who try one does, and the other hears false.

    It is kept for a while (policy.only_agent_seconds) for the agent who promised it or has rung before. Where the
    hotline is closed by now it stays parked until it opens.
    """
    inquiry = session.get_one(Inquiry, inquiry_id, with_for_update=True, populate_existing=True)
    if inquiry.state != State.CALLBACK or inquiry.call_from is None or inquiry.call_from > now:
        return False
    opens = next_open(directory, inquiry.municipality, now, inquiry.topic, inquiry.outside)
    if opens > now:
        inquiry.call_from = opens
        session.add(inquiry)
        return False
    parked = seconds_between(session.execute(PARKED_AT, {"id": inquiry_id}).scalar_one(), now)
    inquiry.came_by = inquiry.came_by or inquiry.channel
    inquiry.channel = Channel.PHONE
    if inquiry.deadline is None:
        step(session, inquiry, Unread(parked), now)
        later(session, "classify")
    else:
        known = session.execute(KNOWN, {"id": inquiry_id, "topic": inquiry.topic}).scalar_one_or_none()
        enter(session, inquiry, Due(parked), now, together(session, now), only_agent=known)
    return True


def rung_meanwhile(session: Session, inquiry_id: UUID, now: datetime) -> bool:
    """The citizen's own call takes the place, and the call-back ends; false where an agent has it by now."""
    inquiry = session.get_one(Inquiry, inquiry_id, with_for_update=True, populate_existing=True)
    if inquiry.state not in (*PARKED, *QUEUED):
        return False
    end_untaken(session, inquiry, Outcome.DUPLICATE, now, "citizen rang")
    give_place(session, inquiry)
    return True


def put_off_until_tomorrow(session: Session, inquiry_id: UUID, now: datetime) -> bool:
    """Nobody is rung after hours: parked until the next opening; false where somebody is offered it by now."""
    inquiry = session.get_one(Inquiry, inquiry_id, with_for_update=True, populate_existing=True)
    if inquiry.state != State.WAITING:
        return False
    park(session, inquiry, now, now, again=True)
    return True


def _ids(session: Session, statement: TextClause, **values: object) -> list[UUID]:
    return list(session.execute(statement, values).scalars())
