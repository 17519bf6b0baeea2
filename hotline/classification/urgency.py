"""Says whether a text is urgent: somebody is in danger, or loses within days what nobody can give back."""

import re
import tomllib
from collections.abc import Callable

from hotline.classification.words import plain
from hotline.resources import CONFIG

URGENCY = CONFIG / "urgency.toml"


def rules_of(text: str, topic: str | None = None) -> list[str]:
    """The rules of RULES that the text meets.

    `topic` is what the text is about, where that is known: citizens with rats seldom call them rats. Anger, capitals,
    exclamation marks and long waits make nothing urgent, nor a swindle that nobody fell for.
    """
    said = plain(text)
    return [name for name, rule in RULES.items() if rule(said, topic)]


def _patterns() -> dict[str, re.Pattern[str]]:
    lists = tomllib.loads(URGENCY.read_text(encoding="utf-8"))
    return {name: re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})") for name, patterns in lists.items()}


_SAYS = _patterns()
_CHILD = r"(?:\w*barn\w*|\w*boern\w*|\w*soen\w*|\w*datter\w*|dreng\w*|pige\w*)"
_CHILD_HIT = re.compile(
    rf"(?<!\w)(?:slaar|taesker|banker|sparker|mishandler) (?:\w+ ){{0,2}}{_CHILD}"
    rf"|(?<!\w){_CHILD} (?:\w+ ){{0,2}}(?:slaaet|taesket|banket|mishandlet)\b"
    r"|(?:child|kid|boy|girl|son|daughter)\w* (?:\w+ ){0,2}(?:beaten|hit|abused)"
    r"|(?:hits|hitting|beats|beating) (?:\w+ ){0,2}(?:child|kid|son|daughter|boy|girl)|schlaegt (?:\w+ ){0,2}kind"
)


def _says(what: str, said: str) -> bool:
    return _SAYS[what].search(said) is not None


def _travel_soon(said: str, topic: str | None) -> bool:
    if not _says("soon", said):
        return False
    return _says("flying", said) or (_says("leaving", said) and _says("papers", said))


def _fraud_going_on(said: str, topic: str | None) -> bool:
    return _says("fraud", said) and _says("fraud_goes_on", said) and not _says("not_fallen_for", said)


def _somebody_threatened(said: str, topic: str | None) -> bool:
    return _says("threat", said) and _says("safety", said) and not _says("no_threat_to_a_person", said)


def _deadline_with_a_loss(said: str, topic: str | None) -> bool:
    return _says("soon", said) and _says("deadline", said) and _says("loss", said)


def _rats_indoors(said: str, topic: str | None) -> bool:
    rats = _says("rat", said) or _says("running_or_gnawing", said) or topic == "pest-control"
    return bool(rats and _says("indoors", said) and not _says("outdoors_or_another_matter", said))


def _helpless_missing_or_child_hit(said: str, topic: str | None) -> bool:
    return (_says("helpless", said) and _says("missing", said)) or _CHILD_HIT.search(said) is not None


# By the names that people are told them by.
RULES: dict[str, Callable[[str, str | None], bool]] = {
    "travel within three days": _travel_soon,
    "fraud going on": _fraud_going_on,
    "somebody threatened": _somebody_threatened,
    "a deadline with a loss": _deadline_with_a_loss,
    "rats indoors": _rats_indoors,
    "somebody helpless missing, or a child hit": _helpless_missing_or_child_hit,
}
