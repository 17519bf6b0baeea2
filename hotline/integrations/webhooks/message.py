"""message(): what a delivery says, as CloudEvents 1.0 JSON, read as the key itself would read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import text
from sqlmodel import Session, select

from hotline.access.guards import KeyHolder
from hotline.access.keys import Scope
from hotline.db import transaction
from hotline.errors import NotFound
from hotline.inquiries import guards
from hotline.inquiries.journal import JournalLine
from hotline.inquiries.reading import summary, told
from hotline.integrations.webhooks import alerts
from hotline.integrations.webhooks.models import Webhook
from hotline.privacy.vault import unseal
from hotline.tenant import Tenant, at_work

MEDIA_TYPE = "application/cloudevents+json"
SOURCE = "/api/v1/inquiries"
TYPE = "hotline.inquiry."
SECRET = "webhook_secret"  # the field that it is sealed for
OF_INQUIRY = ("id", "reference", "external_id", "channel", "municipality", "topic", "links")  # as it is by now
EVENT = TypeAdapter(dict[str, Any])
NEEDED = (Scope.READ, Scope.WEBHOOKS)

# A key that was replaced leaves its webhooks to the one that may do the same.
IN_FORCE = text("""
    SELECT EXISTS (
        SELECT 1 FROM api_key k JOIN integrator i ON i.id = k.integrator_id
        WHERE k.integrator_id = :integrator AND i.active AND (k.ends_at IS NULL OR k.ends_at > :now)
          AND CAST(k.scopes AS text[]) @> CAST(:scopes AS text[])
          AND CAST(k.municipalities AS text[]) = CAST(:municipalities AS text[]))
""")


@dataclass(frozen=True)
class Message:
    """What is sent where, and the secrets that sign it."""

    id: str
    url: str
    body: bytes
    secrets: tuple[str, ...]


def message(webhook: Webhook, line_id: int, inquiry_id: UUID | None, now: datetime) -> Message | None:
    """The same bytes at each try; None where no key of this integrator may see the inquiry, or the alert where there is
    none (any more)."""
    if inquiry_id is None:
        return _of_alert(webhook, line_id, now)
    holder = KeyHolder(webhook.integrator_id, "", frozenset(NEEDED), frozenset(webhook.municipalities))
    with transaction(_tenant(holder)) as session:
        if not _in_force(session, holder, NEEDED, now):
            return None
        try:
            inquiry = guards.inquiry(session, holder, inquiry_id)
        except NotFound:
            return None
        line = session.exec(select(JournalLine).where(JournalLine.id == line_id)).first()
        if line is None:
            return None
        event = {
            "specversion": "1.0",
            "id": f"line_{line.id}",
            "source": SOURCE,
            "type": f"{TYPE}{line.event}",
            "subject": str(inquiry.id),
            "time": line.at,
            "datacontenttype": "application/json",
            "data": {"inquiry": {name: summary(inquiry)[name] for name in OF_INQUIRY}, **told(line, line.at)},
        }
        return _signed_by(webhook, event, now)


def _of_alert(webhook: Webhook, line_id: int, now: datetime) -> Message | None:
    """What an alert is, the hotline reads: it is nobody's row."""
    holder = KeyHolder(webhook.integrator_id, "", frozenset(alerts.NEEDED), frozenset(webhook.municipalities))
    with transaction(_tenant(holder)) as session:
        if not _in_force(session, holder, alerts.NEEDED, now):
            return None
    with transaction(at_work("deliver")) as session:
        return _signed_by(webhook, alerts.event(session, line_id), now)


def _signed_by(webhook: Webhook, event: dict[str, Any], now: datetime) -> Message:
    return Message(str(event["id"]), webhook.url, EVENT.dump_json(event), secrets_of(webhook, now))


def secrets_of(webhook: Webhook, now: datetime) -> tuple[str, ...]:
    """The secret, and the former one while it still counts."""
    sealed = [webhook.secret]
    if webhook.former is not None and webhook.former_until is not None and now < webhook.former_until:
        sealed.append(webhook.former)
    return tuple(unseal(one, SECRET) for one in sealed)


def _in_force(session: Session, holder: KeyHolder, needed: Sequence[Scope], now: datetime) -> bool:
    asked = {"integrator": holder.integrator_id, "now": now, "scopes": sorted(needed)}
    return bool(session.execute(IN_FORCE, asked | {"municipalities": sorted(holder.municipalities)}).scalar_one())


def _tenant(holder: KeyHolder) -> Tenant:
    words: Sequence[str] = sorted(holder.scopes)
    return Tenant(
        "integrator",
        f"integrator {holder.integrator_id}",
        integrator=holder.integrator_id,
        scopes=",".join(words),
        municipalities=",".join(sorted(holder.municipalities)),
    )
