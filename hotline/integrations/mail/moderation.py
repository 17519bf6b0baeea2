"""must_have_room(): a flood, or two machines that answer each other, must not fill the queue for everybody else."""

import tomllib
from functools import lru_cache

from limits import RateLimitItem, parse

from hotline.access.throttle import has_room, within
from hotline.integrations.mail.models import Mailbox
from hotline.integrations.mail.read import Mail
from hotline.privacy import subjects
from hotline.privacy.vault import search_hash
from hotline.resources import CONFIG


class TooManyOfOneSender(Exception):
    """So many letters have come of whom this one's answer would go to that it is set aside."""


class TooManyForOneMailbox(Exception):
    """So many letters have come into this mailbox that it is set aside."""


@lru_cache
def bounds() -> dict[str, RateLimitItem]:
    """What config/mail.toml says."""
    said = tomllib.loads((CONFIG / "mail.toml").read_text(encoding="utf-8"))
    return {name: parse(said[name]) for name in ("of_sender", "of_mailbox")}


def must_have_room(mailbox: Mailbox, mail: Mail) -> None:
    """Count this letter. Raises TooManyOfOneSender or TooManyForOneMailbox, and then counts it for nobody.

    It counts for the address that an answer goes to: a form's machine sends for many citizens. Redis learns a keyed
    hash of it, for as long as it is counted.
    """
    most, whose = bounds(), str(mailbox.id)
    asked: list[tuple[str, str, RateLimitItem, type[Exception]]] = [
        ("mailbox", whose, most["of_mailbox"], TooManyForOneMailbox)
    ]
    if email := subjects.email(mail.address):
        theirs = f"{whose} {search_hash(email, 'email').hex()}"
        asked.insert(0, ("sender", theirs, most["of_sender"], TooManyOfOneSender))
    for kind, who, limit, over in asked:
        if not has_room(kind, who, limit):
            raise over
    for kind, who, limit, _ in asked:
        within(kind, who, limit)
