"""take(): what a citizen wrote becomes an inquiry, or a message of the one of theirs that is open; once."""

import json
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select
from starlette.concurrency import run_in_threadpool

from hotline.access.guards import KeyHolder
from hotline.db import rows_changed, transaction
from hotline.errors import NotFound
from hotline.handling import messages
from hotline.inquiries.models import Channel, Inquiry
from hotline.inquiries.states import OPEN, sql
from hotline.intake.api import hand_in
from hotline.intake.errors import DuplicateExternalId
from hotline.intake.resources import Intake
from hotline.integrations.sms.models import SmsGateway
from hotline.integrations.sms.told import Came
from hotline.privacy.vault import search_hash
from hotline.settings import settings
from hotline.tenant import at_work

SMS = "sms"
INQUIRY, MESSAGE = "inquiry", "message"

COMES = text("""
    INSERT INTO received_sms (integrator_id, known_by, at) VALUES (:integrator, :known_by, :now)
    ON CONFLICT (integrator_id, known_by) DO NOTHING
""")
HELD = text("""
    SELECT became FROM received_sms WHERE integrator_id = :integrator AND known_by = :known_by FOR UPDATE
""")
BECAME = text("""
    UPDATE received_sms SET became = :became WHERE integrator_id = :integrator AND known_by = :known_by
""")
STORED = text("SELECT 1 FROM inquiry WHERE integrator_id = :integrator AND external_id = :external_id")
THEIRS = text(f"""
    SELECT i.id FROM citizen c JOIN inquiry i ON i.id = c.inquiry_id
    WHERE c.phone_hash = :phone AND i.integrator_id = :integrator AND i.channel = 'sms' AND i.state IN {sql(OPEN)}
    ORDER BY i.id DESC LIMIT 1
""")


async def take(intake: Intake, holder: KeyHolder, came: Came, now: datetime) -> str | None:
    """What it became; None where that was said before. Raises NotFound where the integrator has no gateway, and what
    intake raises.

    Whoever dies in between has left a row that says nothing yet, and the same is done when the gateway tells it again.
    """
    known_by = search_hash(came.known_by, "message_id")
    begun = await run_in_threadpool(_begin, holder.integrator_id, known_by, came, now)
    if not isinstance(begun, SmsGateway):
        return begun
    body = {
        "channel": str(Channel.SMS),
        "municipality": begun.municipality,
        "text": came.words[: settings().max_text_characters],
        "topic_hint": {"topic": begun.topic, "confidence": 0.5} if begun.topic else None,
        "citizen": {"phone": came.number} if came.number else None,
        "external_id": _external_id(known_by),
    }
    with suppress(DuplicateExternalId):  # whoever died had come so far
        await hand_in(intake, holder, json.dumps(body).encode(), None, now)
    await run_in_threadpool(_became, holder.integrator_id, known_by, INQUIRY)
    return INQUIRY


def _begin(integrator_id: int, known_by: bytes, came: Came, now: datetime) -> SmsGateway | str | None:
    row = {"integrator": integrator_id, "known_by": known_by}
    with transaction(at_work(SMS)) as session:
        gateway = session.get(SmsGateway, integrator_id)
        if gateway is None or not gateway.active:
            raise NotFound
        rows_changed(session, COMES, row | {"now": now})
        if session.execute(HELD, row).scalar_one() is not None:
            return None
        inquiry = _theirs(session, integrator_id, came.number)
        if inquiry is None:
            return gateway
        # Looked for after theirs: what another who was told the same has stored just now is no former one of theirs.
        if session.execute(STORED, {"integrator": integrator_id, "external_id": _external_id(known_by)}).first():
            rows_changed(session, BECAME, row | {"became": INQUIRY})
            return None
        messages.write(session, inquiry, came.words[: settings().max_text_characters], now)
        rows_changed(session, BECAME, row | {"became": MESSAGE})
        return MESSAGE


def _external_id(known_by: bytes) -> str:
    return f"sms-{known_by.hex()[:32]}"


def _became(integrator_id: int, known_by: bytes, what: str) -> None:
    with transaction(at_work(SMS)) as session:
        rows_changed(session, BECAME, {"integrator": integrator_id, "known_by": known_by, "became": what})


def _theirs(session: Session, integrator_id: int, number: str) -> Inquiry | None:
    """The newest of this number's that came by this gateway and is open, locked."""
    if not number:
        return None
    asked = {"phone": search_hash(number, "phone"), "integrator": integrator_id}
    found: UUID | None = session.execute(THEIRS, asked).scalar_one_or_none()
    if found is None:
        return None
    wanted = select(Inquiry).where(col(Inquiry.id) == found).with_for_update()
    inquiry = session.exec(wanted.execution_options(populate_existing=True)).one()
    return inquiry if inquiry.state in OPEN else None
