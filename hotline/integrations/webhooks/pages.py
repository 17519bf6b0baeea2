"""The administrators' page of webhooks: who hears what, how it is with that, and what to send again."""

from fastapi import APIRouter, Request
from sqlalchemy import text
from sqlmodel import Session
from starlette.responses import HTMLResponse

from hotline.access.errors import NotAllowed
from hotline.access.pages import Visitor
from hotline.clock import now
from hotline.db import Db, act
from hotline.directory.models import Person, Role
from hotline.errors import NotFound
from hotline.integrations.webhooks import hooks
from hotline.integrations.webhooks.api import Number
from hotline.integrations.webhooks.models import Webhook
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)

WEBHOOKS = text("""
    SELECT w.id, i.name AS integrator, w.url, w.events, w.active, w.ended_because, w.failures, w.rests_until,
           count(d.id) FILTER (WHERE d.state = 'waiting') AS waiting,
           count(d.id) FILTER (WHERE d.state = 'done') AS done,
           count(d.id) FILTER (WHERE d.state = 'failed') AS failed
    FROM webhook w JOIN integrator i ON i.id = w.integrator_id LEFT JOIN webhook_delivery d ON d.webhook_id = w.id
    GROUP BY w.id, i.name ORDER BY i.name, w.id DESC LIMIT 200
""")
NOT_TAKEN = text("""
    SELECT d.id AS n, d.webhook_id, i.name AS integrator, d.event,
           coalesce(q.reference, '–') AS reference, d.state, d.attempts, d.due_at,
           w.active, coalesce(d.tries -> -1 ->> 'status', d.tries -> -1 ->> 'why') AS last
    FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook_id JOIN integrator i ON i.id = w.integrator_id
    LEFT JOIN inquiry q ON q.id = d.inquiry_id
    WHERE d.state = 'failed' OR d.state = 'waiting' AND d.tries <> '[]' ORDER BY d.id DESC LIMIT 50
""")


@router.get("/integrations/webhooks")
def read_webhooks(request: Request, person: Visitor, db: Db) -> HTMLResponse:
    """Every webhook, and what its receiver has not taken."""
    _may_administrate(person)
    return _shown(request, db, "integrations/webhooks.html")


@router.post("/integrations/webhooks/{webhook_id}/deliveries/{n}/redelivery")
def create_redelivery(request: Request, webhook_id: Number, n: Number, person: Visitor, db: Db) -> HTMLResponse:
    """Send it again."""
    _may_administrate(person)
    act(db)
    webhook = db.get(Webhook, webhook_id, with_for_update=True)
    if webhook is None:
        raise NotFound
    hooks.redeliver(db, webhook, n, now())
    return _shown(request, db, "integrations/_webhooks.html")


def _shown(request: Request, db: Session, template: str) -> HTMLResponse:
    return page(request, template, webhooks=db.execute(WEBHOOKS).all(), not_taken=db.execute(NOT_TAKEN).all())


def _may_administrate(person: Person) -> None:
    if person.role != Role.ADMINISTRATOR:
        raise NotAllowed("webhooks are the administrators'")
