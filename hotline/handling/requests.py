"""What agents and integrators may send about an inquiry, and what they are answered."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from hotline.directory.models import Presence
from hotline.inquiries.links import Links
from hotline.inquiries.models import Outcome
from hotline.intake.requests import Code, Slug
from hotline.languages import Language
from hotline.privacy.cpr import redact

# NUL is what PostgreSQL cannot store.
Words = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
Reason = Annotated[Words, AfterValidator(lambda words: redact(words)[0])]
Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
OfferId = Annotated[int, Path(ge=1, le=2**63 - 1)]
CprNumber = Annotated[int, Path(ge=0, le=100_000)]  # 0 is the one that the citizen gave, the others were taken out
NoteText = Annotated[str, StringConstraints(max_length=10_000, pattern=r"^[^\x00]*$")]


class Request(BaseModel):
    """A body in which every member must be known."""

    model_config = ConfigDict(extra="forbid")


class PresenceRequest(Request):
    """What the agent does from now on."""

    state: Presence
    reason: Reason | None = None


class RefusalRequest(Request):
    """Why the agent does not take it."""

    reason: Reason | None = None


class ClosureRequest(Request):
    """How it ended."""

    outcome: Outcome
    note: NoteText | None = None


class TransferRequest(Request):
    """Where it goes: to another topic, to an agent (by user name), or to the citizen's own municipality."""

    topic: Slug | None = None
    agent: Words | None = None
    municipality: Code | None = None
    note: NoteText | None = None

    @model_validator(mode="after")
    def _somewhere(self) -> "TransferRequest":
        if self.topic is None and self.agent is None and self.municipality is None:
            raise ValueError("say a topic, an agent or a municipality")
        if self.municipality is not None and (self.topic is not None or self.agent is not None):
            raise ValueError("municipality stands alone: it hands the case over")
        return self


class CorrectionRequest(Request):
    """What the agent knows better. A member that is left out stays as it is."""

    topic: Slug | None = None
    priority: Annotated[int, Field(ge=1, le=3, strict=True)] | None = None
    language: Language | None = None
    note: NoteText | None = None

    @model_validator(mode="after")
    def _something(self) -> "CorrectionRequest":
        if self.topic is None and self.priority is None and self.language is None and self.note is None:
            raise ValueError("say a topic, a priority, a language or a note")
        return self


class ReleaseRequest(Request):
    """Why it is taken out of somebody's hands; whoever answers it next reads that.

    With `agent`, only if it is still in their hands.
    """

    reason: Why
    agent: Words | None = None


class CprRequest(Request):
    """Why the number is asked for, or why it is none."""

    reason: Reason | None = None


class RevealedCpr(BaseModel):
    """The number, as the citizen wrote it."""

    number: str


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
    """An inquiry with its place in the queue and its timeline."""

    topic_confidence: float | None
    position: int | None
    estimated_wait_seconds: int | None
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


class Me(BaseModel):
    """The signed-in person; offers and inquiries are empty for those who do not answer any.

    An inquiry's `cpr` lists the numbers that were taken out of it: `n` to name it by, its `place` (`citizen`, `text`,
    `note:` and the note's id, `attributes:` and a JSON pointer), `at` (which token of that place it is, from 1), and
    `may_reveal`.
    """

    username: str
    name: str
    role: str
    municipality: str | None
    skills: list[dict[str, Any]] = []
    languages: list[str] = []
    capacity: int = 0
    load: int = 0
    presence: str | None = None
    reason: str | None = None
    offers: list[dict[str, Any]] = []
    inquiries: list[dict[str, Any]] = []
