"""seconds_since_last(): the citizen has rung about this before; it is said when a call ends, for later nobody can."""

from sqlalchemy import text
from sqlmodel import Session

from hotline.clock import seconds_between
from hotline.inquiries.models import Channel, Inquiry, Outcome
from hotline.inquiries.states import State, sql

# Whom nobody reached, and what was a duplicate itself, was not dealt with. More than a week later is another question.
LAST = text(f"""
    SELECT max(i.ended_at) FROM citizen me
    JOIN citizen c ON c.phone_hash = me.phone_hash JOIN inquiry i ON i.id = c.inquiry_id
    WHERE me.inquiry_id = :inquiry AND i.id <> :inquiry AND i.topic = :topic AND i.municipality = :municipality
      AND i.state IN {sql((State.CLOSED, State.HANDED_OVER))}
      AND coalesce(i.outcome, '') NOT IN ('{Outcome.NO_ANSWER}', '{Outcome.DUPLICATE}')
      AND i.ended_at <= :came AND i.ended_at > CAST(:came AS timestamptz) - interval '7 days'
""")


def seconds_since_last(session: Session, inquiry: Inquiry) -> float | None:
    """Seconds from the end of this caller's last inquiry about the same topic to this call; None where there is none
    of the last seven days, or it is no call."""
    if (inquiry.came_by or inquiry.channel) != Channel.PHONE:
        return None
    asked = {"inquiry": inquiry.id, "topic": inquiry.topic, "municipality": inquiry.municipality}
    ended = session.execute(LAST, asked | {"came": inquiry.received_at}).scalar_one()
    return None if ended is None else seconds_between(ended, inquiry.received_at)
