"""From when an inquiry counts: figures do not grow by what nobody could have done."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session

from hotline.clock import seconds_between
from hotline.inquiries.models import Inquiry

LONGEST_ON_THE_WAY = timedelta(days=1)
PARKED = text("""
    SELECT coalesce(sum((data ->> 'parked_seconds')::float8), 0) FROM journal
    WHERE inquiry_id = :id AND event IN ('due', 'unread')
""")


def counts_from(inquiry: Inquiry) -> datetime:
    """When it came in, but no more than a day before the hotline got it.

    An archive of old mail that is handed in today would else open the figures of months that are settled, and count
    months of waiting. When it was handed in stands in its id, to the millisecond.
    """
    handed_in = datetime.fromtimestamp((inquiry.id.int >> 80) / 1000, UTC)
    return max(inquiry.received_at, handed_in - LONGEST_ON_THE_WAY)


def waited(session: Session, inquiry: Inquiry, now: datetime) -> float:
    """Seconds until `now` (aware) in which its citizen waited for an answer, without those while it was parked."""
    whole = seconds_between(counts_from(inquiry), now)
    if inquiry.call_from is None:
        return whole
    parked: float = session.execute(PARKED, {"id": inquiry.id}).scalar_one()
    return max(whole - parked, 0.0)
