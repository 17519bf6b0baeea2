"""What an integrator may send, and what it is answered."""

import json
import re
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from hotline.inquiries.links import Links
from hotline.inquiries.models import Channel
from hotline.languages import Language
from hotline.moments import Moment
from hotline.privacy.subjects import FROM_CHARACTERS
from hotline.settings import settings
from hotline.whole import WHOLE

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
ATTRIBUTES_CHARACTERS = 8_000


def _no_longer_than_is_set(text: str) -> str:
    if len(text) > settings().max_text_characters:
        raise ValueError(f"text is longer than {settings().max_text_characters} characters")
    return text


AsLongAsSet = AfterValidator(_no_longer_than_is_set)
LONGEST_TEXT = "20,000 characters at the most, unless the hotline is set otherwise."


class TopicHint(BaseModel):
    """The guess of a bot or a phone menu, from 0 (none) to 1 (certain)."""

    model_config = ConfigDict(extra="forbid")

    topic: Slug
    confidence: Annotated[float, Field(ge=0, le=1, strict=True)]


class CitizenIn(BaseModel):
    """Who asks, as far as the integrator knows. Each field is encrypted before it is stored."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None = None
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=FROM_CHARACTERS)] | None = None
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=FROM_CHARACTERS)] | None = None
    cpr: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}[- ]?[0-9A-Za-z]{4}$")] | None = None


class InquiryIn(BaseModel):
    """A call, form, mail, chat or message to take in. Fields that are left out or null are found out by the hotline."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "channel": "phone",
                    "municipality": "0751",
                    "text": "Borger ringer, har fået ny telefon og kan ikke komme ind på MitID",
                    "citizen": {"phone": "+45 20 12 34 56"},
                    "external_id": "pbx-2026-000123",
                }
            ]
        },
    )

    channel: Channel
    municipality: Code
    text: Annotated[str, AsLongAsSet] = Field(default="", description=LONGEST_TEXT)
    topic: Slug | None = None
    topic_hint: TopicHint | None = None
    language: Language | None = None
    priority: Annotated[int, Field(ge=1, le=3, strict=True), WHOLE] | None = None
    citizen: CitizenIn | None = None
    external_id: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = Field(
        default=None,
        description="What you call it. Once for each integrator; a CPR number in it is shown as a mark that stays the "
        "same.",
    )
    received_at: Moment | None = Field(
        default=None,
        description="Where it is ahead of the hotline's clock, or before 1990 as from a clock that was never set, it "
        "counts as now.",
    )
    attributes: dict[Annotated[str, StringConstraints(max_length=100)], Any] | None = None

    @model_validator(mode="before")
    @classmethod
    def _text_may_be_null(cls, body: Any) -> Any:
        if isinstance(body, dict) and body.get("text", "") is None:
            return body | {"text": ""}
        return body

    @field_validator("attributes")
    @classmethod
    def _attributes_fit(cls, attributes: dict[str, Any] | None) -> dict[str, Any] | None:
        if attributes and len(_as_json(attributes)) > ATTRIBUTES_CHARACTERS:
            raise ValueError(f"attributes are larger than {ATTRIBUTES_CHARACTERS} characters")
        return attributes


class InquiryAnswer(BaseModel):
    """An inquiry as it was taken in. Topic and language are empty until it is classified, unless they were given.

    `callback` offers that the citizen hangs up and is rung: nobody on duty could take this call or chat just now.
    """

    id: UUID
    reference: str
    state: str
    topic: str | None
    language: str | None
    priority: int
    municipality: str
    received_at: datetime
    callback: bool
    links: Links


# PostgreSQL stores no NUL. An escaped one in JSON has an odd number of backslashes before its u.
ESCAPED_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def _as_json(value: dict[str, Any]) -> str:
    """Raises ValueError for infinity and the like, which some JSON texts hold and PostgreSQL does not store."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def has_nul(body: bytes) -> bool:
    """Whether a JSON text holds a NUL character in one of its strings."""
    return ESCAPED_NUL.search(body) is not None
