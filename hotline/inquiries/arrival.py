"""From when an inquiry counts: figures do not grow by what nobody could have done."""

from datetime import UTC, datetime, timedelta

from hotline.inquiries.models import Inquiry

LONGEST_ON_THE_WAY = timedelta(days=1)


def counts_from(inquiry: Inquiry) -> datetime:
    """When it came in, but no more than a day before the hotline got it.

    An archive of old mail that is handed in today would else open the figures of months that are settled, and count
    months of waiting. When it was handed in stands in its id, to the millisecond.
    """
    handed_in = datetime.fromtimestamp((inquiry.id.int >> 80) / 1000, UTC)
    return max(inquiry.received_at, handed_in - LONGEST_ON_THE_WAY)
