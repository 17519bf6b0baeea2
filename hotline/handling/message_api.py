"""The thread of an inquiry over HTTP: the citizen writes by their integrator, the agent who has it answers."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from hotline.access.guards import ActingAgent, Caller, HandsIn, KeyHolder, acting_agent, signed_in_agent
from hotline.clock import now
from hotline.db import Db
from hotline.errors import Invalid
from hotline.handling import drafts, messages
from hotline.handling.requests import AnswerDraft, MessageRequest, ReadRequest
from hotline.inquiries import guards
from hotline.inquiries.guards import Held
from hotline.inquiries.messages import From, Message
from hotline.intake.api import idempotency_key
from hotline.web.problems import problems
from hotline.web.shown import Shown

router = APIRouter(tags=["inquiries"], route_class=Shown)

After = Annotated[int, Query(ge=0, le=2**63 - 1, description="Only those behind this one")]
Key = Annotated[str | None, Header(alias="Idempotency-Key", description="The same word is the same message")]
EXAMPLE: dict[str, Any] = {
    "id": 17,
    "at": "2026-11-23T09:41:12.004711Z",
    "from": "agent",
    "text": "Så tag det med kl. 10.",
    "undelivered": None,
}


class MessageAnswer(BaseModel):
    """One message of a thread; CPR numbers have been taken out of it."""

    model_config = ConfigDict(populate_by_name=True, json_schema_extra={"examples": [EXAMPLE]})

    id: int
    at: datetime
    sender: From = Field(alias="from")
    text: str
    undelivered: str | None = Field(default=None, description="Why an answer has not reached the citizen, if so.")

    @classmethod
    def of(cls, message: Message) -> "MessageAnswer":
        """The message as it is told."""
        return cls(
            id=message.id or 0,
            at=message.at,
            sender=From(message.sender),
            text=message.text,
            undelivered=message.undelivered,
        )


@router.post("/inquiries/{inquiry_id}/messages", status_code=201, responses=problems(400, 401, 403, 404, 409, 422))
def create_message(
    request: Request, inquiry_id: UUID, body: MessageRequest, caller: HandsIn, db: Db, key: Key = None
) -> MessageAnswer:
    """The citizen writes more, as the integrator that handed the inquiry in tells; or the agent who has it answers.

    CPR numbers are taken out before it is kept. Once the inquiry has ended it is 409, and so is a call: nobody reads
    there. An agent's answer reaches the integrator by `GET …/messages?after=`.
    """
    word = idempotency_key(key)
    sender = From.CITIZEN if isinstance(caller, KeyHolder) else From.AGENT
    if body.sender not in (None, sender):
        raise Invalid(f"what is written here is from: {sender}")
    if isinstance(caller, KeyHolder):
        return MessageAnswer.of(messages.tell(db, caller, inquiry_id, body.text, now(), word))
    agent = acting_agent(request, signed_in_agent(caller, db), db)
    inquiry = guards.held_inquiry(db, agent.id, inquiry_id)
    return MessageAnswer.of(messages.write(db, inquiry, body.text, now(), by=agent, key=word))


@router.get("/inquiries/{inquiry_id}/messages", responses=problems(401, 403, 404, 422))
def read_messages(inquiry_id: UUID, caller: Caller, db: Db, after: After = 0) -> list[MessageAnswer]:
    """The thread, oldest first, a thousand at once; the inquiry's own text stands before it and is none of it.

    With `after` those alone that came since: so an integrator hears what agents answer.
    """
    inquiry = guards.inquiry(db, caller, inquiry_id)
    return [MessageAnswer.of(one) for one in messages.thread(db, inquiry.id, after)]


@router.put(
    "/inquiries/{inquiry_id}/messages/read",
    status_code=204,
    responses=problems(401, 403, 404, 409, 422),
)
def update_read(inquiry: Held, body: ReadRequest, agent: ActingAgent, db: Db) -> None:
    """I have read what the citizen wrote, up to this message; `inquiries[].messages[].read_at` in /me tells it."""
    messages.read(db, inquiry, agent, body.last, now())


@router.put(
    "/inquiries/{inquiry_id}/messages/draft",
    status_code=204,
    responses=problems(401, 403, 404, 409, 422),
)
def update_answer_draft(inquiry: Held, body: AnswerDraft, agent: ActingAgent, db: Db) -> None:
    """Keep what I am answering, as the draft of a note is kept; `inquiry.answer` in /me shows it."""
    drafts.draft_answer(db, inquiry, agent, body.text, now())
