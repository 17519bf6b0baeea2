"""make, replace_secret, redeliver: what an integrator does with its webhooks."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, text
from sqlmodel import Session, col, select

from hotline.access.guards import KeyHolder
from hotline.db import rows_changed
from hotline.errors import NotFound
from hotline.integrations.errors import TooManyWebhooks, WebhookEnded
from hotline.integrations.webhooks.message import SECRET
from hotline.integrations.webhooks.models import Webhook, WebhookDelivery
from hotline.integrations.webhooks.signing import new_secret
from hotline.privacy.vault import seal

MOST = 20  # of an integrator
DELETED = "deleted"
OVERLAP = timedelta(days=1)  # in which both secrets sign

AGAIN = text("""
    UPDATE webhook_delivery SET state = 'waiting', attempts = 0, made_at = :now, due_at = :now
    WHERE id = :n AND webhook_id = :webhook AND state <> 'waiting'
""")


def theirs(holder: KeyHolder) -> ColumnElement[bool]:
    """The condition on Webhook that says which ones this key may see: those made by one that may do the same."""
    return and_(
        col(Webhook.integrator_id) == holder.integrator_id,
        col(Webhook.municipalities) == sorted(holder.municipalities),
        col(Webhook.ended_because).is_distinct_from(DELETED),
    )


def of(session: Session, holder: KeyHolder) -> Sequence[Webhook]:
    """The newest first."""
    return session.exec(select(Webhook).where(theirs(holder)).order_by(col(Webhook.id).desc())).all()


def one_of(session: Session, holder: KeyHolder, webhook_id: int) -> Webhook:
    """This one, its row locked until the transaction ends. Raises NotFound."""
    wanted = select(Webhook).where(theirs(holder), col(Webhook.id) == webhook_id).with_for_update()
    found = session.exec(wanted.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def make(session: Session, holder: KeyHolder, url: str, events: Sequence[str], now: datetime) -> tuple[Webhook, str]:
    """A webhook that hears what happens from now on, and its secret. Raises TooManyWebhooks.

    That the address is one to which something may be sent, the caller has looked at.
    """
    if len([one for one in of(session, holder) if one.active]) >= MOST:
        raise TooManyWebhooks(most=MOST)
    secret = new_secret()
    made = Webhook(
        integrator_id=holder.integrator_id,
        municipalities=sorted(holder.municipalities),
        url=url,
        events=sorted(set(events)),
        secret=seal(secret, SECRET),
        made_at=now,
    )
    session.add(made)
    session.flush()
    return made, secret


def replace_secret(session: Session, webhook: Webhook, now: datetime) -> tuple[str, datetime]:
    """Another secret, and until when the one before it signs as well. Raises WebhookEnded."""
    if not webhook.active:
        raise WebhookEnded
    secret, until = new_secret(), now + OVERLAP
    webhook.former, webhook.former_until = webhook.secret, until
    webhook.secret = seal(secret, SECRET)
    session.add(webhook)
    session.flush()
    return secret, until


def redeliver(session: Session, webhook: Webhook, n: int, now: datetime) -> WebhookDelivery:
    """Have it sent again, for a day if need be; what is to be sent anyway stays so. Raises NotFound, WebhookEnded."""
    if not webhook.active:
        raise WebhookEnded
    rows_changed(session, AGAIN, {"n": n, "webhook": webhook.id, "now": now})
    return delivery(session, webhook, n)


def delivery(session: Session, webhook: Webhook, n: int) -> WebhookDelivery:
    """Raises NotFound."""
    wanted = select(WebhookDelivery).where(WebhookDelivery.id == n, WebhookDelivery.webhook_id == webhook.id)
    found = session.exec(wanted.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound
    return found


def deliveries(session: Session, webhook: Webhook, before: int | None, limit: int) -> Sequence[WebhookDelivery]:
    """The newest first, those before this one alone."""
    wanted = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id)
    if before is not None:
        wanted = wanted.where(col(WebhookDelivery.id) < before)
    return session.exec(wanted.order_by(col(WebhookDelivery.id).desc()).limit(limit)).all()
