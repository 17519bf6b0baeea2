"""What agents may send about the inquiry that they have in hand."""

from typing import Annotated

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from hotline.inquiries.messages import From
from hotline.inquiries.models import Outcome
from hotline.intake.requests import LONGEST_TEXT, AsLongAsSet, Code, Slug
from hotline.languages import Language
from hotline.offers.requests import Reason, Request, Words
from hotline.whole import WHOLE

CprNumber = Annotated[int, Path(ge=0, le=100_000)]  # 0 is the one that the citizen gave, the others were taken out
Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
NoteText = Annotated[str, StringConstraints(max_length=10_000, pattern=r"^[^\x00]*$")]


class ClosureRequest(Request):
    """How it ended. With `held_by` (user name), only if it is still in those hands."""

    outcome: Outcome
    note: NoteText | None = None
    held_by: Words | None = None


class DraftRequest(Request):
    """The note as far as it is written, and the outcome where one is chosen; with neither nothing is kept."""

    note: NoteText = ""
    outcome: Outcome | None = None


class MessageRequest(Request):
    """What is written; who writes it goes without saying."""

    model_config = ConfigDict(
        populate_by_name=True,
        json_schema_extra={"examples": [{"text": "Jeg har fundet mit gamle pas", "from": "citizen"}]},
    )

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\x00]*$"), AsLongAsSet] = (
        Field(description=LONGEST_TEXT)
    )
    sender: From | None = Field(default=None, alias="from")


class AnswerDraft(Request):
    """The answer as far as it is written; of nothing nothing is kept."""

    text: NoteText = ""


class ReadRequest(Request):
    """The last message that was read, by its id."""

    last: Annotated[int, Field(ge=0, le=2**63 - 1)]


class TransferRequest(Request):
    """Where it goes: to another topic, to an agent (by user name), or to the citizen's own municipality.

    With `held_by` (user name), only if it is still in those hands.
    """

    topic: Slug | None = None
    agent: Words | None = None
    municipality: Code | None = None
    note: NoteText | None = None
    held_by: Words | None = None

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
    priority: Annotated[int, Field(ge=1, le=3, strict=True), WHOLE] | None = None
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


class AssignmentRequest(Request):
    """To whom (user name), and why: whoever answers it reads that."""

    agent: Words
    reason: Why


class CprRequest(Request):
    """Why the number is asked for, or why it is none."""

    reason: Reason | None = None


class RevealedCpr(BaseModel):
    """The number, as the citizen wrote it."""

    number: str
