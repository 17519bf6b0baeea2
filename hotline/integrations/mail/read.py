"""read(): the bytes of a mail become what the hotline goes by. It asks nobody and keeps nothing."""

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from hotline.ids import read_reference
from hotline.integrations.mail.body import Attached, words_of
from hotline.integrations.mail.charsets import header, raw_header, words
from hotline.integrations.mail.kinds import Kind, failed_for, kind_of
from hotline.integrations.mail.quoted import parted

# Each is looked for where it may begin alone: a head as long as somebody likes is read through once.
ADDRESS = re.compile(r"(?<![^\s<>,;:\"()\[\]@])[^\s<>,;:\"()\[\]@]+@[^\s<>,;:\"()\[\]]+")
IN_ANGLES = re.compile(r"<\s*([^<>\s@]+@[^<>\s]+)\s*>")
MESSAGE_ID = re.compile(r"<([^<>\s]{1,500})>")
REFERENCE = re.compile(r"\bH-?[0-9A-Z]{4}-?[0-9A-Z]{4}\b", re.IGNORECASE)
SENT_TO = ("delivered-to", "x-original-to", "to", "cc")
LONGEST_SUBJECT = 300
MOST_ANSWERED = 30  # mails that one refers to
# Every line is compared with each boundary that is open: of a mail with more than MANY less is read.
MANY, OF_MANY = 30, 100_000  # boundaries, bytes


@dataclass(frozen=True)
class Mail:
    """A mail as the hotline reads it.

    `message_id` is without its angle brackets, and made of the bytes where the mail has none. `answers` are those that
    it refers to, the nearest first; `reference` is that of an inquiry in its subject. `name` and `address` are of whom
    an answer goes to, `sender` is the address that it says it is from, `to` are those that it was sent to, in small
    letters. `text` is what was written now, `history` what stands below it. `failed` says of a bounce what could not be
    done; None of one that is a warning.
    """

    message_id: str
    answers: tuple[str, ...]
    reference: str | None
    name: str
    address: str
    sender: str
    to: tuple[str, ...]
    subject: str
    text: str
    history: str
    attached: tuple[Attached, ...]
    more_attached: int
    kind: Kind
    failed: str | None = None


def read(raw: bytes, own: Collection[str] = ()) -> Mail:
    """What these bytes say, whatever is wrong with them. `own` are the addresses of our mailboxes, in small letters."""
    if raw.lower().count(b"boundary") > MANY:
        raw = raw[:OF_MANY]
    message = message_from_bytes(raw)  # the newer policies raise what they like at heads that are cut off
    body = words_of(message)
    subject = header(message, "subject")[:LONGEST_SUBJECT]
    sender_name, sender = _somebody(raw_header(message, "from"))
    name, address = _somebody(raw_header(message, "reply-to"))
    if not address or address.lower() in own:
        name, address = sender_name, sender
    message_id = next(iter(MESSAGE_ID.findall(raw_header(message, "message-id"))), "")
    answers = [*_ids(message, "in-reply-to"), *reversed(_ids(message, "references"))]
    kind = kind_of(message, message_id, sender.lower(), subject, answers, own)
    failed = None
    if kind is Kind.BOUNCE:
        failed, returned = failed_for(message, raw)
        answers = [*returned, *answers]
    text, history = parted(body.text, subject)
    found = REFERENCE.search(subject)
    return Mail(
        message_id=message_id or f"{hashlib.sha256(raw).hexdigest()}@none",
        answers=tuple(dict.fromkeys(answers))[:MOST_ANSWERED],
        reference=read_reference(found[0]) if found else None,
        name=name or sender_name,
        address=address,
        sender=sender,
        to=tuple(dict.fromkeys(one.lower() for at in SENT_TO for one in ADDRESS.findall(_all(message, at)))),
        subject=subject,
        text=text,
        history=history,
        attached=body.attached,
        more_attached=body.more,
        kind=kind,
        failed=failed,
    )


def _somebody(raw: str) -> tuple[str, str]:
    """Name and address of a mail's head, also where the name holds commas that it should have quoted."""
    if inner := IN_ANGLES.search(raw):
        return words(raw[: inner.start()]).strip("\"' "), inner[1]
    address = ADDRESS.search(raw)
    if address is None:
        return "", ""
    return words(raw.replace(address[0], "", 1)).strip("\"'() "), address[0]


def _ids(message: Message, name: str) -> list[str]:
    return MESSAGE_ID.findall(raw_header(message, name))


def _all(message: Message, name: str) -> str:
    return " ".join(value for known, value in message.raw_items() if known.lower() == name)
