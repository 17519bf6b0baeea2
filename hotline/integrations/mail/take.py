"""take(): a mail that was read becomes an inquiry, a message of one, or a word to the agent; once, whatever dies."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select
from starlette.concurrency import run_in_threadpool

from hotline.access.guards import KeyHolder
from hotline.access.keys import Scope
from hotline.db import rows_changed, transaction
from hotline.handling import messages
from hotline.inquiries.models import Channel, Inquiry
from hotline.inquiries.states import OPEN
from hotline.intake.api import hand_in
from hotline.intake.errors import DuplicateExternalId
from hotline.intake.resources import Intake
from hotline.integrations.mail.body import Attached
from hotline.integrations.mail.kinds import Kind
from hotline.integrations.mail.models import MailAddress, Mailbox, ReceivedMail
from hotline.integrations.mail.moderation import must_have_room
from hotline.integrations.mail.read import Mail
from hotline.integrations.mail.thread import Head, answered, hash_of, is_of_somebody_else
from hotline.integrations.mail.undelivered import not_arrived
from hotline.settings import settings
from hotline.tenant import at_work

MAIL = "mail"
INQUIRY, MESSAGE, NOTHING = "inquiry", "message", "nothing"
CUT = "\n[…]"
MEGABYTE = 1_000_000

COMES = text("""
    INSERT INTO received_mail (message_hash, mailbox_id, at) VALUES (:hash, :mailbox, :now)
    ON CONFLICT (message_hash) DO NOTHING
""")
HAS_BECOME = text("""
    UPDATE received_mail SET became = :became, inquiry_id = :inquiry, head = :head WHERE message_hash = :hash
""")


async def take(intake: Intake, mailbox: Mailbox, mail: Mail, now: datetime) -> str | None:
    """What it became; None where that was said before, or another mailbox has it.

    Raises TooManyOfOneSender and TooManyForOneMailbox (moderation.py), and has changed nothing then.
    Whoever dies in between has left a row that says nothing yet, and the same is done again.
    """
    begun = await run_in_threadpool(_begin, mailbox, mail, now)
    if not isinstance(begun, _New):
        return begun
    holder = KeyHolder(mailbox.integrator_id, mailbox.name, frozenset({Scope.INTAKE}), frozenset())
    body = json.dumps(inquiry_of(mail, begun, now)).encode()
    try:
        inquiry_id = json.loads((await hand_in(intake, holder, body, None, now)).body)["id"]
    except DuplicateExternalId as known:
        inquiry_id = known.members["id"]
    await run_in_threadpool(_finish, mail, UUID(inquiry_id))
    return INQUIRY


def inquiry_of(mail: Mail, new: "_New", now: datetime) -> dict[str, Any]:
    """The inquiry that intake is handed: the subject and all that was written, the files by their names alone."""
    address = new.address
    attributes: dict[str, Any] = {"former": new.former} if new.former else {}
    if new.of_a_stranger:
        attributes["stranger"] = True
    if mail.attached:
        attributes["attachments"] = named(mail)
    citizen = {"name": mail.name[:200] or None, "email": mail.address[:400]} if mail.address else None
    words = "\n\n".join(filter(None, (mail.subject, mail.text, mail.history)))
    return {
        "channel": str(Channel.EMAIL),
        "municipality": address.municipality,
        "text": _short(words),
        "topic_hint": {"topic": address.topic, "confidence": 0.5} if address.topic else None,
        "citizen": citizen,
        "external_id": f"mail-{hash_of(mail.message_id).hex()[:32]}",
        "received_at": now.isoformat(),
        "attributes": attributes or None,
    }


def named(mail: Mail) -> list[str]:
    """The files that came along, in words; of their bytes nothing is kept."""
    more = [f"+{mail.more_attached}"] if mail.more_attached else []
    return [_named(one) for one in mail.attached] + more


@dataclass(frozen=True)
class _New:
    """Nobody knows of it: it becomes an inquiry of whoever wrote to this address.

    It names the `former` one where that is the sender's own. `of_a_stranger` is one that goes on with somebody else's
    mail: its agent is to know that, and of whose mail and inquiry it speaks it says nothing.
    """

    address: MailAddress
    former: str | None = None
    of_a_stranger: bool = False


def _begin(mailbox: Mailbox, mail: Mail, now: datetime) -> "str | _New | None":
    known_by = hash_of(mail.message_id)
    with transaction(at_work(MAIL)) as session:
        rows_changed(session, COMES, {"hash": known_by, "mailbox": mailbox.id, "now": now})
        wanted = select(ReceivedMail).where(col(ReceivedMail.message_hash) == known_by).with_for_update()
        row = session.exec(wanted).one()
        if row.became is not None or row.mailbox_id != mailbox.id:
            return None
        if mail.kind not in (Kind.LETTER, Kind.BOUNCE):
            return _became(session, mail, str(mail.kind))
        if mail.kind is Kind.LETTER:
            must_have_room(mailbox, mail)
        inquiry_id, message = answered(session, mail)
        inquiry = _locked(session, inquiry_id) if inquiry_id else None
        if mail.kind is Kind.BOUNCE:
            if message is not None and inquiry is not None and mail.failed:
                not_arrived(session, inquiry, message, mail.failed, now)
            return _became(session, mail, str(mail.kind), inquiry_id)
        stranger = inquiry is not None and is_of_somebody_else(session, inquiry, mail)
        goes_on = message is not None or not stranger  # what we sent proves that somebody let them have it
        if inquiry is not None and goes_on and inquiry.state in OPEN and inquiry.channel != Channel.PHONE:
            words = "\n".join([mail.text, *(f"[{one}]" for one in named(mail))]).strip()
            if not words:
                return _became(session, mail, NOTHING, inquiry.id)
            if stranger:  # its agent is to know that, and the citizen is answered as before
                words = f"[{mail.sender or '?'}]\n{words}"
            messages.write(session, inquiry, _short(words), now)
            return _became(session, mail, MESSAGE, inquiry.id, None if stranger else Head.of(mail).sealed())
        former = None if inquiry is None or stranger else inquiry.reference
        return _New(_written_to(session, mailbox, mail), former, stranger)


def _finish(mail: Mail, inquiry_id: UUID) -> None:
    with transaction(at_work(MAIL)) as session:
        _became(session, mail, INQUIRY, inquiry_id, Head.of(mail).sealed())


def _became(session: Session, mail: Mail, what: str, inquiry_id: UUID | None = None, head: bytes | None = None) -> str:
    known_by = hash_of(mail.message_id)
    rows_changed(session, HAS_BECOME, {"hash": known_by, "became": what, "inquiry": inquiry_id, "head": head})
    return what


def _written_to(session: Session, mailbox: Mailbox, mail: Mail) -> MailAddress:
    """Of the mailbox's addresses the first that the mail names, else its own."""
    known = select(MailAddress).where(col(MailAddress.mailbox_id) == mailbox.id)
    addresses = {one.address: one for one in session.exec(known)}
    return next((addresses[one] for one in mail.to if one in addresses), addresses[mailbox.address])


def _locked(session: Session, inquiry_id: UUID) -> Inquiry:
    wanted = select(Inquiry).where(col(Inquiry.id) == inquiry_id).with_for_update()
    return session.exec(wanted.execution_options(populate_existing=True)).one()


def _short(words: str) -> str:
    most = settings().max_text_characters
    return words if len(words) <= most else words[: most - len(CUT)] + CUT


def _named(one: Attached) -> str:
    size = f"{one.size / MEGABYTE:.1f} MB" if one.size >= MEGABYTE else f"{max(one.size // 1000, 1)} kB"
    return " · ".join(filter(None, (one.name, one.kind, size)))
