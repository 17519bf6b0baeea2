"""What a call about an inquiry answers, as the API's document describes it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from hotline.inquiries.links import Links


class InquirySummary(BaseModel):
    """An inquiry in a list."""

    id: UUID
    reference: str
    state: str
    channel: str
    topic: str | None
    language: str | None
    priority: int
    urgent: bool
    municipality: str
    received_at: datetime
    external_id: str | None
    links: Links


class AgentName(BaseModel):
    """Who has it."""

    username: str
    name: str


class InquiryDetail(InquirySummary):
    """An inquiry with its place in the queue and its timeline.

    `nobody_since` is since when nobody on duty can take it; for a call or a chat `callback` then offers that
    the citizen hangs up and is rung (`POST /inquiries/{id}/callback`).
    """

    topic_confidence: float | None
    position: int | None
    estimated_wait_seconds: int | None
    nobody_since: datetime | None
    callback: bool
    agent: AgentName | None
    answered_by_municipality: str | None
    outcome: str | None
    timeline: list[dict[str, Any]]


class InquiryPage(BaseModel):
    """Newest first; `next_cursor` leads on."""

    items: list[InquirySummary]
    next_cursor: str | None


class StateAnswer(BaseModel):
    """Where the inquiry is after what was done."""

    id: UUID
    state: str
