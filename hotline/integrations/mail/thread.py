"""What holds a thread of mails together: our own Message-IDs, and the heads of those that came in."""

import hmac
import json
from dataclasses import asdict, dataclass
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from hotline.clock import danish
from hotline.inquiries.messages import Message
from hotline.inquiries.models import Citizen, Inquiry
from hotline.integrations.mail.kinds import OURS
from hotline.integrations.mail.models import Mailbox, ReceivedMail
from hotline.integrations.mail.read import Mail
from hotline.privacy import subjects
from hotline.privacy.cpr import redact
from hotline.privacy.vault import seal, search_hash, unsealed

HEAD = "mail_head"  # the field that a head is sealed for
MOST_REFERENCES = 20
ANSWERS = "SV: "

OF_HASH = text("SELECT inquiry_id FROM received_mail WHERE message_hash = :hash AND inquiry_id IS NOT NULL")
OF_REFERENCE = text("""
    SELECT i.id FROM inquiry i JOIN citizen c ON c.inquiry_id = i.id
    WHERE i.reference = :reference AND c.email_hash = :email ORDER BY i.id DESC LIMIT 1
""")


@dataclass(frozen=True)
class Head:
    """Of a mail that came in: its Message-ID, those that it refers to, the oldest first, and its subject, in which the
    token stands for CPR numbers."""

    message_id: str
    references: tuple[str, ...]
    subject: str

    @classmethod
    def of(cls, mail: Mail) -> "Head":
        """What of this mail an answer to it needs."""
        return cls(mail.message_id, tuple(reversed(mail.answers))[-MOST_REFERENCES:], redact(mail.subject)[0])

    def sealed(self) -> bytes:
        """Ready to be stored."""
        return seal(json.dumps(asdict(self)), HEAD)


def hash_of(message_id: str) -> bytes:
    """By which a Message-ID is known again."""
    return search_hash(message_id, "message_id")


def our_id(message_id: int, address: str) -> str:
    """The Message-ID under which message number `message_id` is sent, however often; nobody else can make one."""
    return f"hotline.{message_id}.{_word(message_id)}@{address.rpartition('@')[2]}"


def number_in(message_id: str) -> int | None:
    """The number of the message that was sent under this Message-ID; None where it is none that we made."""
    if not OURS.fullmatch(message_id):
        return None
    _, number, rest = message_id.split(".", 2)
    return int(number) if hmac.compare_digest(rest.partition("@")[0], _word(int(number))) else None


def answered(session: Session, mail: Mail) -> tuple[UUID | None, Message | None]:
    """The inquiry that this mail is about, and which of our messages it answers, if one.

    A reference in the subject counts from the citizen's own address alone: anybody may have read it somewhere, and
    anybody may have the answer go there.
    """
    for one in mail.answers:
        number = number_in(one)
        message = session.get(Message, number) if number is not None else None
        if message is not None:
            return message.inquiry_id, message
    for one in mail.answers:
        found = session.execute(OF_HASH, {"hash": hash_of(one)}).scalar_one_or_none()
        if found is not None:
            return found, None
    email = _hash_of_sender(mail)
    if mail.reference is None or email is None:
        return None, None
    asked = {"reference": mail.reference, "email": email}
    return session.execute(OF_REFERENCE, asked).scalar_one_or_none(), None


def is_of_somebody_else(session: Session, inquiry: Inquiry, mail: Mail) -> bool:
    """Whether it is not from the address of whoever asked: a Message-ID is read by all who were sent a copy.

    Of an inquiry whose citizen is erased nobody knows, so it is.
    """
    citizen = session.get(Citizen, inquiry.id)
    return citizen is None or citizen.email_hash is None or citizen.email_hash != _hash_of_sender(mail)


def _hash_of_sender(mail: Mail) -> bytes | None:
    email = subjects.email(mail.sender)
    return search_hash(email, "email") if email else None


def letter(session: Session, mailbox: Mailbox, message: Message, inquiry: Inquiry) -> tuple[str, EmailMessage] | None:
    """To whom and what is sent of an agent's message; None where nobody knows (any more) to whom."""
    citizen = session.get(Citizen, inquiry.id)
    to = unsealed(citizen.email, "email") if citizen else None
    if not to or subjects.email(to) is None:
        return None
    head = _last_head(session, inquiry)
    made = EmailMessage(policy=policy.SMTP)
    try:
        made["To"] = Address(addr_spec=to)
    except ValueError:
        return None
    made["From"] = Address(display_name=mailbox.name, addr_spec=mailbox.address)
    made["Reply-To"] = Address(addr_spec=mailbox.address)
    made["Date"] = format_datetime(danish(message.at))
    made["Message-ID"] = f"<{our_id(message.id or 0, mailbox.address)}>"
    go_on(made, head, inquiry.reference)
    made.set_content(message.text)
    return to, made


def go_on(made: EmailMessage, head: Head | None, reference: str) -> None:
    """Put what this mail goes on with into its head: the subject, and the mails before it."""
    made["Subject"] = _as_written(_subject(head.subject if head else "", reference))
    if head is not None:
        made["In-Reply-To"] = _as_written(f"<{head.message_id}>")
        before = (*head.references, head.message_id)[-MOST_REFERENCES:]
        made["References"] = _as_written(" ".join(f"<{one}>" for one in before))


def _as_written(said: str) -> str:
    """With nothing that the library reads as an encoded word: it would write out the line breaks in it as they are."""
    return said.replace("=?", "= ?")


def _subject(subject: str, reference: str) -> str:
    said = subject if subject.lower().startswith(("sv:", "re:")) else ANSWERS + subject
    return said if reference in said else f"{said.strip()} [{reference}]"


def _last_head(session: Session, inquiry: Inquiry) -> Head | None:
    came = select(ReceivedMail.head).where(
        col(ReceivedMail.inquiry_id) == inquiry.id, col(ReceivedMail.head).is_not(None)
    )
    sealed = session.exec(came.order_by(col(ReceivedMail.id).desc())).first()
    opened = unsealed(sealed, HEAD)
    if opened is None:
        return None
    said = json.loads(opened)
    return Head(said["message_id"], tuple(said["references"]), said["subject"])


def _word(message_id: int) -> str:
    return search_hash(str(message_id), "sent_mail").hex()[:20]
