"""Says whether a text is urgent: somebody is in danger, or loses within days what nobody can give back."""

import re
import tomllib
from collections.abc import Callable

from hotline.classification.words import plain
from hotline.resources import CONFIG

URGENCY = CONFIG / "urgency.toml"


ALIKE = "alike"  # the reason where no rule speaks, but texts that are like it were urgent


def rules_of(text: str, topic: str | None = None) -> list[str]:
    """The rules of RULES that the text meets, the gravest first.

    `topic` is what the text is about, where that is known: citizens with rats seldom call them rats. Anger, capitals,
    exclamation marks and long waits make nothing urgent, nor a swindle that nobody fell for.
    """
    said = plain(text)
    return [name for name, rule in RULES.items() if rule(said, topic)]


def _patterns() -> dict[str, re.Pattern[str]]:
    lists = tomllib.loads(URGENCY.read_text(encoding="utf-8"))
    return {name: re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})") for name, patterns in lists.items()}


_SAYS = _patterns()


def _says(what: str, said: str) -> bool:
    return _SAYS[what].search(said) is not None


def _danger(said: str, topic: str | None) -> bool:
    return _says("danger", said)


def _helpless(said: str, topic: str | None) -> bool:
    return (_says("helpless", said) and _says("missing", said)) or _says("child_hit", said)


def _threat(said: str, topic: str | None) -> bool:
    threatened = _says("threat", said) and _says("safety", said) and not _says("no_threat_to_a_person", said)
    return threatened or (_says("protected", said) and _says("found_out", said))


def _fraud(said: str, topic: str | None) -> bool:
    return _says("fraud", said) and _says("fraud_goes_on", said) and not _says("not_fallen_for", said)


def _rats(said: str, topic: str | None) -> bool:
    rats = _says("rat", said) or _says("running_or_gnawing", said) or topic == "pest-control"
    if _says("rat", said) and _says("surely_indoors", said):
        return True
    return bool(rats and _says("indoors", said) and not _says("outdoors_or_another_matter", said))


def _travel(said: str, topic: str | None) -> bool:
    if not _says("soon", said):
        return False
    return _says("flying", said) or (_says("leaving", said) and _says("papers", said))


def _deadline(said: str, topic: str | None) -> bool:
    return _says("soon", said) and _says("deadline", said) and _says("loss", said)


# By their codes, whose words in both languages are [inquiry.urgent_because] of the locales.
RULES: dict[str, Callable[[str, str | None], bool]] = {
    "danger": _danger,
    "helpless": _helpless,
    "threat": _threat,
    "fraud": _fraud,
    "rats": _rats,
    "travel": _travel,
    "deadline": _deadline,
}
