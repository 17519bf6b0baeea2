"""What a citizen has filled in, and what of it is to be mended before it can be handed in."""

import json
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from hotline.callbacks.errors import NumberNotCalled
from hotline.callbacks.numbers import number_to_call
from hotline.settings import settings

PAGE, CHAT, PHONE = "page", "chat", "phone"  # how to be answered
WAYS = (PAGE, CHAT, PHONE)
SUBJECT, NAME = 150, 100  # characters
KEY = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True)
class Asked:
    """The fields of the form, as they were filled in. `form` is a word of its own: sent twice it is one inquiry."""

    form: str
    municipality: str = ""
    subject: str = ""
    text: str = ""
    name: str = ""
    way: str = PAGE
    phone: str = ""

    @classmethod
    def of(cls, fields: Mapping[str, Any]) -> "Asked":
        """What was sent; files and what no database keeps are left out."""
        said = {name: _words(fields.get(name)) for name in cls.__dataclass_fields__}
        said["form"] = said["form"] if KEY.fullmatch(said["form"]) else new_form()
        said["way"] = said["way"] if said["way"] in WAYS else PAGE
        return cls(**said)

    def wrong(self, members: Collection[str]) -> dict[str, str]:
        """The fields that must be mended, each with the key of what to do; `members` are codes of municipalities."""
        found = {
            "municipality": self.municipality not in members and "municipality",
            "subject": len(self.subject) > SUBJECT and "subject_long",
            "text": (not self.text and "text")
            or (len(self.whole_text()) > settings().max_text_characters and "text_long"),
            "name": len(self.name) > NAME and "name_long",
            "phone": self.way == PHONE and not self._can_be_rung() and "phone",
        }
        return {field: key for field, key in found.items() if key}

    def whole_text(self) -> str:
        """What is read: the subject stands above the text."""
        return "\n\n".join(filter(None, (self.subject, self.text)))

    def body(self) -> bytes:
        """The inquiry as an integrator sends it; the same fields give the same bytes."""
        citizen = {"name": self.name, "phone": number_to_call(self.phone) if self.way == PHONE else ""}
        return json.dumps(
            {
                "channel": "chat" if self.way == CHAT else "web",
                "municipality": self.municipality,
                "text": self.whole_text(),
                "citizen": {name: value for name, value in citizen.items() if value} or None,
            }
        ).encode()

    def _can_be_rung(self) -> bool:
        try:
            return bool(number_to_call(self.phone))
        except NumberNotCalled:
            return False


def new_form() -> str:
    """The word of a form that nobody has filled in yet."""
    return secrets.token_hex(16)


def _words(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    return value.replace("\r\n", "\n").replace("\0", "").strip()
