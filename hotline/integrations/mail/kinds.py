"""kind_of(): whether a person wrote the mail, or a machine, and which."""

import re
from collections.abc import Collection, Sequence
from email.message import Message
from enum import StrEnum

from hotline.integrations.mail.charsets import header, raw_header

# Our own Message-IDs: the number of the message, and a word that nobody else can make (sent.py).
OURS = re.compile(r"hotline\.\d{1,19}\.[0-9a-f]{20}@[^\s<>]+")
AUTOMATIC = re.compile(
    r"(?:automatisk(?:t)? svar|autosvar|auto(?:matic)?[- ]?reply|out of (?:the )?office|ikke til stede|fravær"
    r"|automatische antwort|abwesenheitsnotiz|fraværsbesked|ikke på kontoret)\b",
    re.IGNORECASE,
)
RETURNED = re.compile(
    r"(?:undeliver|returned mail|mail delivery|delivery (?:status|failure)|failure notice|kan ikke leveres|ikke leveret"
    r"|kunne ikke leveres)",
    re.IGNORECASE,
)
DAEMONS = ("mailer-daemon@", "postmaster@")
SEARCHED = 200_000  # bytes of a bounce in which our own Message-ID may stand


class Kind(StrEnum):
    """What a mail is."""

    LETTER = "letter"
    BOUNCE = "bounce"  # what was sent has not arrived, or not yet
    OUT_OF_OFFICE = "out_of_office"  # a machine answers for somebody: who is away, has read it, or has received it
    OWN_ANSWER = "own_answer"
    LIST = "list"  # sent to many


def kind_of(
    message: Message, message_id: str, sender: str, subject: str, answers: Sequence[str], own: Collection[str]
) -> Kind:
    """What it is, by what its head says; a form that a machine sends for a citizen is a letter."""
    if sender in own or OURS.fullmatch(message_id):
        return Kind.OWN_ANSWER
    content, report = message.get_content_type(), str(message.get_param("report-type", "")).lower()
    if content == "multipart/report" and report == "delivery-status":
        return Kind.BOUNCE
    is_daemon = sender.startswith(DAEMONS) or raw_header(message, "return-path") == "<>"
    if is_daemon and RETURNED.search(subject):
        return Kind.BOUNCE
    if content == "multipart/report" and report == "disposition-notification":
        return Kind.OUT_OF_OFFICE
    answers_ours = any(OURS.fullmatch(one) for one in answers)
    said = header(message, "auto-submitted").lower().partition(";")[0].strip()
    if said == "auto-replied" or (said not in ("", "no") and answers_ours):
        return Kind.OUT_OF_OFFICE
    if header(message, "x-autoreply") or header(message, "x-autorespond") or AUTOMATIC.match(subject):
        return Kind.OUT_OF_OFFICE
    precedence = header(message, "precedence").lower()
    if precedence == "auto_reply":
        return Kind.OUT_OF_OFFICE
    to_many = precedence in ("bulk", "list", "junk") or "list-unsubscribe" in message or "list-id" in message
    return Kind.LIST if to_many and not answers_ours else Kind.LETTER


def failed_for(message: Message, raw: bytes) -> tuple[str | None, list[str]]:
    """The status (RFC 3463, such as 5.1.1) that a bounce gives, and the Message-IDs of ours that it returns.

    None where it only warns that it takes longer.
    """
    returned = [one.decode("ascii", "replace") for one in re.findall(OURS.pattern.encode(), raw[:SEARCHED])]
    statuses: list[tuple[str, str]] = []
    for part in message.walk():
        returned += OURS.findall(raw_header(part, "message-id"))
        blocks = part.get_payload() if part.get_content_type() == "message/delivery-status" else []
        told = [one for one in blocks if isinstance(one, Message)] if isinstance(blocks, list) else []
        statuses += [(header(one, "action").lower(), header(one, "status")[:20]) for one in told if "action" in one]
    failed = [status for action, status in statuses if action == "failed"]
    if statuses and not failed:
        return None, returned
    return next(filter(None, failed), "5.0.0"), returned
