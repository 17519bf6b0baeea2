"""How an inquiry stands, as its citizen reads it."""

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from hotline.db import acting
from hotline.directory.queries import Cache
from hotline.handling.messages import thread
from hotline.inquiries.messages import From, Message
from hotline.inquiries.models import Channel, Inquiry, Outcome
from hotline.inquiries.place import place
from hotline.inquiries.states import ENDED, OPEN, State

AGAIN = {True: 3, False: 20}  # seconds until a page asks again, of a chat and of what is written


WRITING = timedelta(seconds=8)  # after the agent's last key
WRITES = text("""
    SELECT EXISTS (SELECT FROM note_draft WHERE inquiry_id = :inquiry AND kind = 'answer' AND changed_at > :since)
""")


@dataclass(frozen=True)
class Standing:
    """`word` is what has become of it; place and wait (seconds) are there while it waits for somebody who is there.

    `opens_at` is when it goes on, where nobody answers at this hour; `writes` says that the agent of a chat does.
    """

    word: str
    municipality: str
    position: int | None = None
    wait: int | None = None
    opens_at: datetime | None = None
    at: datetime | None = None
    writes: bool = False


def standing(
    session: Session, inquiry: Inquiry, written: Sequence[Message], directory: Cache, now: datetime
) -> Standing:
    """How it stands at `now` (aware). The citizen is told of the queue what the hotline knows, and of nobody in it."""
    word = _word(inquiry, written)
    with acting(session):
        known = directory.get(session)
        name = known.municipalities[inquiry.municipality].name
        if word == State.WAITING:
            position, wait = place(session, inquiry, now)
            opens_at = known.opening(inquiry.municipality, now, inquiry.topic)
            return Standing(word, name, position, _in_minutes(wait), opens_at)
        writes = inquiry.channel == Channel.CHAT and bool(session.execute(WRITES, _lately(inquiry, now)).scalar_one())
    return Standing(word, name, at=inquiry.texts_erased_at or inquiry.ended_at, writes=writes)


def seen(session: Session, inquiry: Inquiry, directory: Cache, now: datetime) -> tuple[Standing, Sequence[Message]]:
    """How it stands, and the whole thread."""
    written = thread(session, inquiry.id)
    return standing(session, inquiry, written, directory, now), written


def version(standing: Standing) -> str:
    """The same word for what reads the same, so that a page knows whether it shows it already."""
    return hashlib.blake2b(repr(astuple(standing)).encode(), digest_size=6).hexdigest()


def may_write(inquiry: Inquiry) -> bool:
    """Whether somebody reads what the citizen writes more."""
    return inquiry.state in OPEN and inquiry.channel != Channel.PHONE and inquiry.call_from is None


def again_after(inquiry: Inquiry) -> int | None:
    """After how many seconds the page asks again; None once nothing more comes."""
    return None if inquiry.state in ENDED else AGAIN[inquiry.channel == Channel.CHAT]


def _lately(inquiry: Inquiry, now: datetime) -> dict[str, Any]:
    return {"inquiry": inquiry.id, "since": now - WRITING}


def _word(inquiry: Inquiry, written: Sequence[Message]) -> str:
    if inquiry.texts_erased_at is not None:
        return "erased"
    if inquiry.state == State.CLOSED and inquiry.outcome == Outcome.DUPLICATE:
        return "duplicate"
    if inquiry.call_from is not None and inquiry.state not in (*ENDED, State.HANDLING, State.WRAPPING):
        return State.CALLBACK
    if inquiry.state in (State.WAITING, State.OFFERED):
        return State.WAITING
    if inquiry.state == State.HANDLING and written and written[-1].sender == From.AGENT:
        return "answered"
    return inquiry.state


def _in_minutes(seconds: int | None) -> int | None:
    """No more exact than it is known."""
    return None if seconds is None else max(60, -(-seconds // 60) * 60)
