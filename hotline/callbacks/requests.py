"""What may be asked of a call-back, and what is answered."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from hotline.moments import Moment
from hotline.offers.requests import Request
from hotline.privacy.subjects import FROM_CHARACTERS


class CallbackRequest(Request):
    """At which number the citizen is rung, and from when on; left out: as soon as somebody is free.

    A time at which the hotline is closed counts as its next opening.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"phone": "+45 20 12 34 56", "not_before": "2026-11-24T08:00:00+01:00"}]}
    )

    phone: Annotated[str, StringConstraints(max_length=FROM_CHARACTERS, pattern=r"^[^\x00]*$")]
    not_before: Moment | None = Field(default=None, description="At the most two weeks ahead")


class CallbackAnswer(BaseModel):
    """The call-back: of two requests by one number the first, whose `id` this is. It is rung from `not_before` on."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "01a2000d-4ae5-77dc-a275-fa0701ef8661",
                    "state": "callback",
                    "not_before": "2026-11-24T07:00:00Z",
                }
            ]
        }
    )

    id: UUID
    state: str
    not_before: datetime | None
