"""is_there(), is_writing(), note_who_left(): the agent who has a chat hears whether its citizen is still there."""

from datetime import datetime

from sqlmodel import Session

from hotline.db import acting
from hotline.inquiries import there
from hotline.inquiries.models import Channel, Inquiry
from hotline.inquiries.states import HELD, OPEN
from hotline.live import tell_agents_later


def is_there(session: Session, inquiry: Inquiry, now: datetime) -> None:
    """The page of a chat is open; whoever has it hears so where it was closed before."""
    if not _is_a_chat(inquiry):
        return
    with acting(session):
        came_back = there.has_left(session, inquiry.id)
        there.seen(session, inquiry.id, now)
        if came_back:
            _tell(session, inquiry)


def is_writing(session: Session, inquiry: Inquiry, now: datetime) -> None:
    """The citizen of a chat types."""
    if not _is_a_chat(inquiry):
        return
    with acting(session):
        there.typed(session, inquiry.id, now)
        _tell(session, inquiry)


def note_who_left(session: Session, now: datetime) -> None:
    """What the router looks after: whoever has a chat hears that its page has been closed for a while."""
    for inquiry_id in there.note_who_left(session, now):
        _tell(session, session.get_one(Inquiry, inquiry_id))


def _is_a_chat(inquiry: Inquiry) -> bool:
    return inquiry.channel == Channel.CHAT and inquiry.state in OPEN


def _tell(session: Session, inquiry: Inquiry) -> None:
    if inquiry.agent_id is not None and inquiry.state in HELD:
        tell_agents_later(session, [inquiry.agent_id])
