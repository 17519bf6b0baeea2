"""Webhooks over HTTP: an integrator says where it wants to hear what happens to its inquiries."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Path as InPath

from hotline.access.errors import NotAllowed
from hotline.access.guards import KeyHolder, caller_with
from hotline.access.keys import Scope
from hotline.clock import now
from hotline.db import Db, act, let_go
from hotline.directory.models import Person
from hotline.errors import Invalid
from hotline.integrations.transport import check
from hotline.integrations.webhooks import hooks, outcome
from hotline.integrations.webhooks.models import Webhook, WebhookDelivery
from hotline.integrations.webhooks.requests import (
    AlertEvent,
    Deliveries,
    DeliveryOut,
    NewSecret,
    WebhookIn,
    WebhookMade,
    WebhookOut,
    Webhooks,
)
from hotline.web.one_thread import OneThread, needs
from hotline.web.problems import problems

router = APIRouter(tags=["webhooks"], route_class=OneThread)

LARGEST = 2**63 - 1
Number = Annotated[int, InPath(ge=1, le=LARGEST)]


def key_alone(caller: Annotated[KeyHolder | Person, needs(caller_with(Scope.WEBHOOKS))], db: Db) -> KeyHolder:
    """The key with the scope for it; from here on the hotline acts for it. Raises NotAllowed for people."""
    if not isinstance(caller, KeyHolder):
        raise NotAllowed("webhooks are integrators'")
    caller.must_have(Scope.READ)
    act(db)
    return caller


Key = Annotated[KeyHolder, needs(key_alone)]


@router.post("/webhooks", status_code=201, responses=problems(401, 403, 409, 422))
def create_webhook(body: WebhookIn, key: Key, db: Db) -> WebhookMade:
    """Have what happens to this key's inquiries sent to an address from now on, as CloudEvents 1.0 JSON, signed by the
    Standard Webhooks rules with the secret that this answers once.

    What is sent is what `GET /inquiries/{id}` shows of the event. It is tried for a day; the lines of an inquiry come
    in order, and any of them may come twice, with the same `webhook-id`. 410 ends the webhook.
    """
    if any(isinstance(one, AlertEvent) for one in body.events):
        key.must_have(Scope.STATISTICS)
    let_go(db)
    check(body.url)
    made, secret = hooks.make(db, key, body.url, [str(event) for event in body.events], now())
    return WebhookMade(**_told(made).model_dump(), secret=secret)


@router.get("/webhooks", responses=problems(401, 403))
def read_webhooks(key: Key, db: Db) -> Webhooks:
    """Those of this key, and of others of this integrator that may do the same; without the secrets."""
    return Webhooks(items=[_told(one) for one in hooks.of(db, key)])


@router.delete("/webhooks/{webhook_id}", status_code=204, responses=problems(401, 403, 404, 422))
def delete_webhook(webhook_id: Number, key: Key, db: Db) -> None:
    """Nothing is sent there any more, nor what was to be tried again."""
    webhook = hooks.one_of(db, key, webhook_id)
    outcome.end(db, webhook_id, hooks.DELETED)
    webhook.active, webhook.ended_because = False, hooks.DELETED
    db.add(webhook)


@router.post("/webhooks/{webhook_id}/secret", responses=problems(401, 403, 404, 409, 422))
def create_secret(webhook_id: Number, key: Key, db: Db) -> NewSecret:
    """Another secret. For a day each delivery carries a signature by the new one and one by the former."""
    secret, until = hooks.replace_secret(db, hooks.one_of(db, key, webhook_id), now())
    return NewSecret(secret=secret, former_until=until)


@router.get("/webhooks/{webhook_id}/deliveries", responses=problems(401, 403, 404, 422))
def read_deliveries(
    webhook_id: Number,
    key: Key,
    db: Db,
    cursor: Annotated[str | None, Query(max_length=20)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Deliveries:
    """What was sent and what waits, of the last 30 days, with each try. Of bodies nothing is kept."""
    webhook = hooks.one_of(db, key, webhook_id)
    if cursor is not None and not (cursor.isascii() and cursor.isdecimal() and int(cursor) <= LARGEST):
        raise Invalid("cursor is not one that a page gave")
    found = hooks.deliveries(db, webhook, int(cursor) if cursor is not None else None, limit + 1)
    more = str(found[limit - 1].id) if len(found) > limit else None
    return Deliveries(items=[_delivery(one) for one in found[:limit]], next_cursor=more)


@router.post(
    "/webhooks/{webhook_id}/deliveries/{n}/redelivery", status_code=202, responses=problems(401, 403, 404, 409, 422)
)
def create_redelivery(webhook_id: Number, n: Number, key: Key, db: Db) -> DeliveryOut:
    """Send it again, for a day if need be."""
    return _delivery(hooks.redeliver(db, hooks.one_of(db, key, webhook_id), n, now()))


def _told(webhook: Webhook) -> WebhookOut:
    return WebhookOut.model_validate(webhook, from_attributes=True)


def _delivery(one: WebhookDelivery) -> DeliveryOut:
    return DeliveryOut.model_validate({"n": one.id, **one.model_dump()})
