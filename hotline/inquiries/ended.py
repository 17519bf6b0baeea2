"""forget_if_asked(): an inquiry ends whose citizen wanted it erased while it was still open."""

from sqlmodel import Session

from hotline.inquiries.models import Inquiry
from hotline.lanes import later


def forget_if_asked(session: Session, inquiry: Inquiry) -> None:
    """Have retention erase it at once; it would do so within the hour by itself."""
    if inquiry.erase_asked_at is not None and inquiry.ended_at is not None:
        later(session, "retain")
