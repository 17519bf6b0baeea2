"""The page of the mailboxes: whose citizens write there, when each was looked into, and what is wrong, in words."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from sqlalchemy import text
from sqlmodel import Session
from starlette.responses import HTMLResponse

from hotline.access.guards import may_see_the_pool
from hotline.access.pages import Visitor
from hotline.clock import now
from hotline.db import Db, act, rows_changed
from hotline.directory.models import Person
from hotline.directory.names import municipality_names, topic_names
from hotline.errors import NotFound
from hotline.web.language import chosen
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]

MAILBOXES = text("""
    SELECT m.id, m.name, m.active, m.looked_at, m.failures, m.why,
           (SELECT jsonb_agg(jsonb_build_object('address', a.address, 'municipality', a.municipality, 'topic', a.topic)
                             ORDER BY a.address) FROM mail_address a WHERE a.mailbox_id = m.id) AS addresses,
           (SELECT count(*) FROM sent_mail s WHERE s.mailbox_id = m.id AND s.state = 'waiting') AS waiting,
           (SELECT count(*) FROM sent_mail s WHERE s.mailbox_id = m.id AND s.state = 'failed') AS failed
    FROM mailbox m ORDER BY m.name LIMIT 200
""")
ON = text("UPDATE mailbox SET active = true, failures = 0, due_at = :now WHERE id = :id")
OFF = text("UPDATE mailbox SET active = false WHERE id = :id")

# What servers.py says is wrong, as the page has words for it; anything else is said as `other`.
KNOWN = ("password_file", "sign_in", "no_connection", "no_tls", "no_imap", "refused", "late")


@router.get("/integrations/mailboxes")
def read_mailboxes(request: Request, person: Visitor, db: Db) -> HTMLResponse:
    """Every mailbox, and how it is with it."""
    may_see_the_pool(person)
    return _shown(request, db, "integrations/mailboxes.html")


@router.post("/integrations/mailboxes/{mailbox_id}/looks")
def create_looks(request: Request, mailbox_id: Number, person: Visitor, db: Db) -> HTMLResponse:
    """Look into it from now on, and answer from it; at once, whatever was wrong before."""
    return _turned(request, db, person, mailbox_id, on=True)


@router.delete("/integrations/mailboxes/{mailbox_id}/looks")
def delete_looks(request: Request, mailbox_id: Number, person: Visitor, db: Db) -> HTMLResponse:
    """Look into it no more, and send nothing from it; what comes meanwhile is taken once it is on again."""
    return _turned(request, db, person, mailbox_id, on=False)


def _turned(request: Request, db: Session, person: Person, mailbox_id: int, *, on: bool) -> HTMLResponse:
    may_see_the_pool(person)
    act(db)
    asked = {"id": mailbox_id} | ({"now": now()} if on else {})
    if not rows_changed(db, ON if on else OFF, asked):
        raise NotFound
    return _shown(request, db, "integrations/_mailboxes.html")


def _shown(request: Request, db: Session, template: str) -> HTMLResponse:
    return page(
        request,
        template,
        mailboxes=db.execute(MAILBOXES).all(),
        known=KNOWN,
        municipality_names=municipality_names(db),
        topic_names=topic_names(db, chosen(request)),
    )
