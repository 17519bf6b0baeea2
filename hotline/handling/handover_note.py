"""handover_note(): what the citizen's own municipality needs to go on with a case, for its case system."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict
from sqlmodel import Session, col, select

from hotline.db import acting
from hotline.directory.models import Municipality, Topic
from hotline.inquiries.messages import From, Message
from hotline.inquiries.models import Citizen, Inquiry
from hotline.inquiries.notes import Note
from hotline.inquiries.states import State
from hotline.privacy.lookups import HANDED_OVER, looked
from hotline.privacy.models import Look
from hotline.privacy.vault import unsealed

EXAMPLE: dict[str, Any] = {
    "reference": "H-ZSB9-FX67",
    "municipality": "0730",
    "municipality_name": "Randers",
    "kle": "23.09.02",
    "topic": "passport",
    "topic_name": "Pas og legitimationskort",
    "channel": "phone",
    "language": "da",
    "received_at": "2026-11-30T08:12:40.102334Z",
    "handed_over_at": "2026-11-30T08:19:02.774001Z",
    "citizen": {"name": "Ane Eksempel", "phone": "+4520123456", "email": None},
    "text": "Mit pas udløber",
    "messages": [],
    "notes": [{"at": "2026-11-30T08:18:55.010200Z", "text": "Skal rejse om tre dage"}],
}


class HandoverCitizen(BaseModel):
    """Who asked, as far as it is known and may be read."""

    name: str | None
    phone: str | None
    email: str | None


class HandoverMessage(BaseModel):
    """What the citizen or an agent wrote to the other."""

    at: datetime
    sender: From
    text: str


class HandoverWords(BaseModel):
    """What an agent wrote down."""

    at: datetime
    text: str


class HandoverNote(BaseModel):
    """One inquiry for another system; without CPR numbers, and without agents' names."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    reference: str
    municipality: str
    municipality_name: str
    kle: str | None
    topic: str | None
    topic_name: str | None
    channel: str
    language: str | None
    received_at: datetime
    handed_over_at: datetime | None
    citizen: HandoverCitizen
    text: str
    messages: list[HandoverMessage]
    notes: list[HandoverWords]


def handover_note(session: Session, inquiry: Inquiry) -> HandoverNote:
    """The inquiry as far as whoever asks may read it, which is written down as a look."""
    topic = session.get(Topic, inquiry.topic) if inquiry.topic else None
    citizen = session.get(Citizen, inquiry.id)
    who = {name: unsealed(getattr(citizen, name), name) if citizen else None for name in HandoverCitizen.model_fields}
    messages = session.exec(select(Message).where(Message.inquiry_id == inquiry.id).order_by(col(Message.id))).all()
    notes = session.exec(select(Note).where(Note.inquiry_id == inquiry.id).order_by(col(Note.id))).all()
    found = HandoverNote(
        reference=inquiry.reference,
        municipality=inquiry.municipality,
        municipality_name=session.get_one(Municipality, inquiry.municipality).name,
        kle=topic.kle if topic else None,
        topic=inquiry.topic,
        topic_name=topic.name if topic else None,
        channel=inquiry.channel,
        language=inquiry.language,
        received_at=inquiry.received_at,
        handed_over_at=inquiry.ended_at if inquiry.state == State.HANDED_OVER else None,
        citizen=HandoverCitizen(**who),
        text=inquiry.text,
        messages=[HandoverMessage(at=one.at, sender=From(one.sender), text=one.text) for one in messages],
        notes=[HandoverWords(at=one.at, text=one.text) for one in notes],
    )
    with acting(session):
        looked(session, Look.EXPORTED, HANDED_OVER, inquiry.id)
    return found
