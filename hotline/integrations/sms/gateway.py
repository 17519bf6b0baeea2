"""A gateway: whatever hands an SMS on. `SmsGate` is the one that is built in; another needs `hand_on` alone."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hotline.integrations.errors import AddressNotAllowed
from hotline.integrations.transport import Reply, Transport, Unreachable

TAKEN_BEFORE = 409  # it has a message with this id
FOR_GOOD = frozenset({400, 413, 422})  # the message is at fault, and will be tomorrow
LONGEST = 1_000  # bytes of a password's file


@dataclass(frozen=True)
class Sms:
    """`words` to the number `to` (E.164), under an id that is the same at every try."""

    id: str
    to: str
    words: str


@dataclass(frozen=True)
class Handed:
    """What came of a try: taken where `why` is None, else the reason, whether it is for good, and when the gateway
    asks to be tried again."""

    why: str | None = None
    for_good: bool = False
    retry_after: str | None = None


class Gateway(Protocol):
    """Hands on; it raises nothing of the other side's."""

    async def hand_on(self, sms: Sms) -> Handed:
        """Give it to whoever sends it; the same id twice is one SMS."""


class SmsGate:
    """SMS Gateway for Android (SMSGate), on a telephone or a server of one's own: `POST …/messages` as JSON."""

    def __init__(self, transport: Transport, url: str, username: str, password_file: str) -> None:
        self._transport, self._url = transport, url.rstrip("/") + "/messages"
        self._username, self._password_file = username, password_file

    async def hand_on(self, sms: Sms) -> Handed:
        """Give it to the gateway, with a word asked for once it has arrived."""
        try:
            with Path(self._password_file).open(encoding="utf-8") as file:
                password = file.read(LONGEST).strip()
        except (OSError, ValueError):
            return Handed("password_file")
        word = base64.b64encode(f"{self._username}:{password}".encode()).decode()
        body = {
            "id": sms.id,
            "phoneNumbers": [sms.to],
            "textMessage": {"text": sms.words},
            "withDeliveryReport": True,
        }
        headers = {"Authorization": f"Basic {word}", "Content-Type": "application/json"}
        try:
            return _handed(await self._transport.post(self._url, headers, json.dumps(body).encode()))
        except Unreachable as error:
            return Handed(str(error))
        except AddressNotAllowed as error:
            return Handed(str(error.members["why"]))


def _handed(reply: Reply) -> Handed:
    if 200 <= reply.status < 300 or reply.status == TAKEN_BEFORE:
        return Handed()
    return Handed(str(reply.status), reply.status in FOR_GOOD, reply.retry_after)
