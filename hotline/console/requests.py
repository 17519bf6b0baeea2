"""What a signed-in person may say of themselves, and what /me answers."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from hotline.agents.models import Presence
from hotline.offers.requests import Reason, Request


class PresenceRequest(Request):
    """What the agent does from now on."""

    state: Presence
    reason: Reason | None = None


class PhoneRequest(Request):
    """Where the agent is rung from now on: a telephone of the exchange, a number, or null."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"endpoint": "PJSIP/agent1"}]})

    endpoint: Annotated[str, StringConstraints(max_length=60, pattern=r"^[^\x00]*$")] | None


class PhoneAnswer(BaseModel):
    """Where the agent is rung; a number as E.164."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"endpoint": "PJSIP/agent1"}]})

    endpoint: str | None


class Me(BaseModel):
    """The signed-in person; offers and inquiries are empty for those who do not answer any.

    An inquiry's `cpr` lists the numbers that were taken out of it: `n` to name it by, its `place` (`citizen`, `text`,
    `note:` and the note's id, `attributes:` and a JSON pointer), `at` (which token of that place it is, from 1), and
    `may_reveal`. Its `draft` (`text`, `outcome`, `changed_at`) is what the agent is still writing of it, if anything,
    `answer` (`text`, `changed_at`) what they are answering. `messages` is its thread, of a long one the last 200
    (`id`, `at`, `from`, `by`, `text`, and `read_at` of those that the citizen wrote).
    `there` says of a chat at the citizens' own page since when that is closed (`left_at`) and when they typed last
    (`typed_at`); null elsewhere.
    `missed` is what the last offer was about that lapsed (`topic`, `municipality`, `at`, and `count` in a row), until
    the agent answers one or says what they do. `phone` is where they are rung.
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
    phone: str | None = None
    missed: dict[str, Any] | None = None
    offers: list[dict[str, Any]] = []
    inquiries: list[dict[str, Any]] = []
