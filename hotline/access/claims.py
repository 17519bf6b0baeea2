"""Makes of a sign-in's claims what the hotline wants to know, by the rules of config/access."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from hotline.access import bpp
from hotline.access.claim_rules import PrivilegeRules, Rules
from hotline.access.errors import NoPlace, SignInNotProven
from hotline.directory.models import WHOLE_POOL, Role
from hotline.directory.usernames import hides_something
from hotline.languages import CODE, usual

LONGEST = 200  # characters of a name
LONGEST_SUBJECT = 255  # as OpenID Connect has it
# What no list can show on a line or shows as something else, and halves of surrogate pairs, which cannot be stored.
UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
MOST = 500  # values of one claim


@dataclass(frozen=True)
class Said:
    """What a sign-in says of a person. Of `topics` (names or KLE patterns) and `languages` None says nothing.

    `of_the_pool`: the rules name this very CVR number, so it need be no municipality of the hotline.
    """

    subject: str
    username: str
    name: str
    role: Role
    cvr: str | None = None
    code: str | None = None
    of_the_pool: bool = False
    topics: frozenset[str] | None = None
    languages: tuple[str, ...] | None = None


@dataclass(frozen=True)
class _Granted:
    """A role, for the organisation of this CVR number, and KLE patterns where every grant was held to some."""

    role: Role
    cvr: str | None = None
    kle: frozenset[str] | None = None


def read(claims: Mapping[str, Any], rules: Rules) -> Said:
    """What these claims of a validated token say.

    Raises NoPlace where they give no role here, and SignInNotProven where they cannot be read.
    """
    for name, values in rules.required.items():
        if _text(claims, (name,)) not in values:
            raise NoPlace(f"the claim {name} has none of the values that are required")
    username = _text(claims, rules.person.username)
    if not username:
        raise NoPlace("the sign-in names no user")
    if hides_something(username):
        raise SignInNotProven("there is something in the user name that nobody sees")
    cvr, code = _organisation(claims, rules.municipality.cvr), _organisation(claims, rules.municipality.code)
    listed = set(_list(claims, rules.role.claim) or ())
    given = (_Granted(role, cvr) for value, role in rules.role.values.items() if value in listed)
    all_given = chain(given, _granted(claims, rules.privileges, cvr))
    granted = next((one for one in all_given if _may(one, code, rules)), None)
    if granted is None:
        raise NoPlace("the sign-in gives no role in the hotline that this organisation may give out")
    topics, languages = _list(claims, rules.skills.claim), _list(claims, rules.languages.claim)
    return Said(
        subject=subject_of(claims),
        username=username,
        name=_text(claims, rules.person.name) or username,
        role=granted.role,
        cvr=granted.cvr,
        code=code,
        of_the_pool=granted.role in WHOLE_POOL and granted.cvr in rules.pool.cvr,
        topics=granted.kle if topics is None else frozenset(topics),
        languages=None if languages is None else tuple(_languages(languages)),
    )


def _may(granted: _Granted, code: str | None, rules: Rules) -> bool:
    """Whether the organisation may give this role out; none but those of the rules gives out the whole pool's."""
    return granted.role not in WHOLE_POOL or granted.cvr in rules.pool.cvr or code in rules.pool.code


def _granted(claims: Mapping[str, Any], rules: PrivilegeRules, cvr: str | None) -> Iterator[_Granted]:
    """What the privileges give to somebody of this organisation, or of the only one that they speak of."""
    encoded = _text(claims, rules.claim, longest=bpp.LARGEST, one_line=False)
    if not encoded:
        return
    try:
        groups = [group for group in bpp.read(encoded) if _understood(group, rules) and cvr in (None, group.cvr)]
    except bpp.BrokenPrivileges as error:
        raise SignInNotProven(str(error)) from None
    for privilege, role in rules.roles.items():
        granting = [group for group in groups if privilege in group.privileges]
        if len({group.cvr for group in granting}) > 1:
            raise NoPlace("the privileges are for several organisations, and the sign-in names none of them")
        if granting:
            held = [group.constraints.get(bpp.KLE) for group in granting]
            kle = None if None in held else frozenset(pattern for one in held for pattern in one or ())
            yield _Granted(role, granting[0].cvr, kle)


def _understood(group: bpp.PrivilegeGroup, rules: PrivilegeRules) -> bool:
    return set(group.constraints) <= {bpp.KLE, *rules.set_aside}


def _languages(values: Iterable[str]) -> Iterable[str]:
    """Codes of two or three letters, small, each once: `da-DK` is `da`."""
    codes = (value.lower().split("-")[0].split("_")[0] for value in values)
    return dict.fromkeys(usual(code) for code in codes if CODE.fullmatch(code))


def subject_of(claims: Mapping[str, Any]) -> str:
    """Who the provider says this is. Raises SignInNotProven for what cannot be kept."""
    subject = str(claims["sub"])
    if len(subject) > LONGEST_SUBJECT or UNFIT.search(subject):
        raise SignInNotProven("the claim sub cannot be used")
    return subject


def _text(claims: Mapping[str, Any], names: Iterable[str], longest: int = LONGEST, one_line: bool = True) -> str | None:
    """The first of these claims that holds text; a list of one is as good as its only value."""
    for name in names:
        value = _value(claims, name)
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, str) and value.strip():
            value = value.strip()
            if len(value) > longest or (one_line and UNFIT.search(value)):
                raise SignInNotProven(f"the claim {name} cannot be used")
            return value
    return None


def _organisation(claims: Mapping[str, Any], names: Iterable[str]) -> str | None:
    """The same of a claim that names an organisation: one that is there and is no text leaves nothing to guess."""
    for name in names:
        if _value(claims, name) not in (None, "", []):
            said = _text(claims, (name,))
            if said is None:
                raise SignInNotProven(f"the claim {name} names no organisation")
            return said
    return None


def _list(claims: Mapping[str, Any], names: Iterable[str]) -> list[str] | None:
    """The first of these claims that is there, as a list; text may hold several values, parted by spaces or commas."""
    for name in names:
        value = _value(claims, name)
        if isinstance(value, str):
            value = re.split(r"[,;\s]+", value)
        if isinstance(value, list):
            if len(value) > MOST:
                raise SignInNotProven(f"the claim {name} is too long")
            return [one.strip() for one in value if isinstance(one, str) and one.strip()]
    return None


def _value(claims: Mapping[str, Any], name: str) -> Any:
    if name in claims:
        return claims[name]
    value: Any = claims
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value
