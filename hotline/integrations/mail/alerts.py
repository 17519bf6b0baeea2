"""Alerts by mail: written down with the alert itself, claimed by one, tried for a day; in Danish."""

from collections.abc import Sequence
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from random import Random

from markupsafe import Markup
from sqlalchemy import text
from sqlmodel import Session

from hotline.clock import danish
from hotline.db import rows_changed
from hotline.directory.names import municipality_names, topic_names
from hotline.integrations.mail.models import AlertMail, Mailbox
from hotline.integrations.mail.send import AT_ONCE, ENDED, LEASE, Claimed
from hotline.integrations.webhooks.retries import next_try
from hotline.web.formats import Formats
from hotline.web.language import translator
from hotline.web.templates import environment

LANGUAGE = "da"

WRITTEN = text("""
    INSERT INTO alert_mail (notice_id, address, mailbox_id, made_at, due_at)
    SELECT n.id, r.address, r.mailbox_id, :now, :now
    FROM alert_notice n JOIN alert a ON a.id = n.alert_id JOIN alert_address r ON r.kind = a.kind
    WHERE n.id = ANY(:notices)
    ON CONFLICT (notice_id, address) DO NOTHING
""")
# That one is over is said once that it began has been sent or given up.
CLAIM = text("""
    WITH due AS (
        SELECT m.id, row_number() OVER (PARTITION BY m.mailbox_id ORDER BY m.id) AS n
        FROM alert_mail m JOIN alert_notice t ON t.id = m.notice_id
        WHERE m.state = 'waiting' AND m.due_at <= :now AND NOT EXISTS (
            SELECT 1 FROM alert_mail e JOIN alert_notice f ON f.id = e.notice_id
            WHERE e.state = 'waiting' AND e.address = m.address AND f.alert_id = t.alert_id AND f.id < t.id)
    )
    UPDATE alert_mail m SET attempts = m.attempts + 1, due_at = :lease FROM due d
    WHERE m.id = d.id AND d.n <= :most AND m.state = 'waiting' AND m.due_at <= :now
    RETURNING m.id, m.mailbox_id, m.attempts
""")
WRITE = text("""
    UPDATE alert_mail SET state = :state, due_at = coalesce(:due, due_at), why = :why
    WHERE id = :id AND state = 'waiting' AND attempts = :attempts
""")
FORGET = text("""
    DELETE FROM alert_mail WHERE id IN (
        SELECT id FROM alert_mail WHERE made_at < CAST(:now AS timestamptz) - interval '30 days' LIMIT 1000)
""")
NOTICE = text("""
    SELECT n.id, n.event, n.at, n.value, a.id AS alert_id, a.kind, a.subject, a.begun_at
    FROM alert_notice n JOIN alert a ON a.id = n.alert_id WHERE n.id = :notice
""")


def write_down(session: Session, notices: Sequence[int], now: datetime) -> None:
    """Each of these (numbers of alert_notice) is sent once to every address of its rule."""
    session.execute(WRITTEN, {"notices": list(notices), "now": now})
    session.execute(FORGET, {"now": now})


def claim(session: Session, now: datetime, most: int = AT_ONCE) -> list[Claimed]:
    """Those that are due and from now on the caller's."""
    rows = session.execute(CLAIM, {"now": now, "lease": now + LEASE, "most": most})
    return [Claimed(*row) for row in rows]


def letter_of(session: Session, claimed: Claimed, now: datetime) -> tuple[Mailbox, str, EmailMessage] | None:
    """By which mailbox what is sent to whom; None where the mailbox has ended, which is written down."""
    mail, mailbox = session.get_one(AlertMail, claimed.message_id), session.get_one(Mailbox, claimed.mailbox_id)
    if not mailbox.active:
        _write(session, claimed, "failed", ENDED)
        return None
    return mailbox, mail.address, _letter(session, mail, mailbox)


def sent(session: Session, claimed: Claimed) -> None:
    """The server has it."""
    _write(session, claimed, "done", None)


def not_sent(
    session: Session, claimed: Claimed, why: str, now: datetime, random: Random, *, for_good: bool = False
) -> None:
    """It is tried again, for a day, unless it was refused for good."""
    made = session.get_one(AlertMail, claimed.message_id).made_at
    due = None if for_good else next_try(made, claimed.attempts, now, random)
    _write(session, claimed, "failed" if due is None else "waiting", why, due)


def _write(session: Session, claimed: Claimed, state: str, why: str | None, due: datetime | None = None) -> None:
    row = {"id": claimed.message_id, "attempts": claimed.attempts, "state": state, "why": why, "due": due}
    rows_changed(session, WRITE, row)


def _letter(session: Session, mail: AlertMail, mailbox: Mailbox) -> EmailMessage:
    """What began, or how bad it was at its worst, in a thread of its own; nobody is to answer it by a program."""
    told = session.execute(NOTICE, {"notice": mail.notice_id}).one()
    t, fmt = translator(LANGUAGE), Formats(LANGUAGE)
    names = {"promise": municipality_names(session)}
    names |= dict.fromkeys(("waiting", "surge"), topic_names(session, LANGUAGE))
    said = environment().get_template("statistics/_alert.html").module.words(told, told.value, names, t, fmt)  # type: ignore[attr-defined]
    words = Markup(said).unescape().strip()
    event = told.event.removeprefix("alert_")
    made = EmailMessage(policy=policy.SMTP)
    made["To"] = Address(addr_spec=mail.address)
    made["From"] = Address(display_name=mailbox.name, addr_spec=mailbox.address)
    made["Date"] = format_datetime(danish(told.at))
    host = mailbox.address.rpartition("@")[2]
    made["Message-ID"] = f"<alert.{told.alert_id}.{event}@{host}>"
    if event == "ended":
        made["In-Reply-To"] = made["References"] = f"<alert.{told.alert_id}.began@{host}>"
    made["Auto-Submitted"] = "auto-generated"
    about = names[told.kind].get(told.subject, told.subject)
    made["Subject"] = t(f"statistics.alert.mail.{event}_subject", about=about)
    made.set_content(
        t(f"statistics.alert.mail.{event}", words=words, begun=fmt.moment(told.begun_at), at=fmt.moment(told.at))
    )
    return made
