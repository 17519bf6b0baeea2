"""Makes of a sign-in's claims what the hotline wants to know, by the rules of config/access."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from hotline.access import bpp
from hotline.directory.models import Role
from hotline.errors import NoPlace, SignInNotProven
from hotline.settings import CONFIG, settings

LONGEST = 200  # characters of a name
LONGEST_SUBJECT = 255  # as OpenID Connect has it
# What no list can show on a line or shows as something else, and halves of surrogate pairs, which cannot be stored.
UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
MOST = 500  # values of one claim


class NoRules(Exception):
    """There are no rules of this name in config/access, or they cannot be read."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PersonRules(_Part):
    """Claims that name the person."""

    username: tuple[str, ...]
    name: tuple[str, ...]


class MunicipalityRules(_Part):
    """Claims that say where the person works: a CVR number, a municipality's code, or both."""

    cvr: tuple[str, ...] = ()
    code: tuple[str, ...] = ()


class RoleRules(_Part):
    """The claim that lists roles, and what each is here; of several the first of `values` counts."""

    claim: tuple[str, ...] = ()
    values: dict[str, Role] = {}


class ListRules(_Part):
    """A claim that is a list."""

    claim: tuple[str, ...] = ()


class PrivilegeRules(_Part):
    """The claim with OIO-BPP, what each privilege is here, and constraints that need not be understood."""

    claim: tuple[str, ...] = ()
    roles: dict[str, Role] = {}
    set_aside: tuple[str, ...] = ()


class Rules(_Part):
    """One file of config/access."""

    scope: str = "openid"
    person: PersonRules
    municipality: MunicipalityRules = MunicipalityRules()
    role: RoleRules = RoleRules()
    skills: ListRules = ListRules()
    languages: ListRules = ListRules()
    privileges: PrivilegeRules = PrivilegeRules()
    required: dict[str, tuple[str, ...]] = {}  # claims that must have one of these values, such as a level of assurance


@dataclass(frozen=True)
class Said:
    """What a sign-in says of a person. Of `topics` (names or KLE patterns) and `languages` None says nothing."""

    subject: str
    username: str
    name: str
    role: Role
    cvr: str | None = None
    code: str | None = None
    topics: frozenset[str] | None = None
    languages: tuple[str, ...] | None = None


@dataclass(frozen=True)
class _Granted:
    """What privileges came to: a role, for an organisation, and KLE patterns where every grant was held to some."""

    role: Role | None = None
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
    cvr, code = _text(claims, rules.municipality.cvr), _text(claims, rules.municipality.code)
    listed = set(_list(claims, rules.role.claim) or ())
    role = next((role for value, role in rules.role.values.items() if value in listed), None)
    granted = _granted(claims, rules.privileges, cvr)
    if role is None:
        role = granted.role
    if role is None:
        raise NoPlace("the sign-in gives no role in the hotline")
    topics, languages = _list(claims, rules.skills.claim), _list(claims, rules.languages.claim)
    return Said(
        subject=_subject(claims),
        username=username,
        name=_text(claims, rules.person.name) or username,
        role=role,
        cvr=cvr or granted.cvr,
        code=code,
        topics=granted.kle if topics is None else frozenset(topics),
        languages=None if languages is None else tuple(_languages(languages)),
    )


@lru_cache
def current() -> Rules:
    """The rules that HOTLINE_OIDC_CLAIMS names. Raises NoRules."""
    path = CONFIG / "access" / f"{settings().oidc_claims}.toml"
    try:
        return Rules.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise NoRules(f"{path.name}: {error.strerror}") from None
    except tomllib.TOMLDecodeError as error:
        raise NoRules(f"{path.name}: {error}") from None
    except ValidationError as error:
        wrong = error.errors()[0]
        raise NoRules(f"{path.name}: {'.'.join(map(str, wrong['loc']))}: {wrong['msg']}") from None


def _granted(claims: Mapping[str, Any], rules: PrivilegeRules, cvr: str | None) -> _Granted:
    """What the privileges give to somebody of this organisation, or of the only one that they speak of."""
    encoded = _text(claims, rules.claim, longest=bpp.LARGEST, one_line=False)
    if not encoded:
        return _Granted()
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
            return _Granted(role, granting[0].cvr, kle)
    return _Granted()


def _understood(group: bpp.PrivilegeGroup, rules: PrivilegeRules) -> bool:
    return set(group.constraints) <= {bpp.KLE, *rules.set_aside}


def _languages(values: Iterable[str]) -> Iterable[str]:
    """Two-letter codes, small, each once: `da-DK` is `da`."""
    codes = (value.lower().split("-")[0].split("_")[0] for value in values)
    return dict.fromkeys(code for code in codes if re.fullmatch("[a-z]{2}", code))


def _subject(claims: Mapping[str, Any]) -> str:
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
