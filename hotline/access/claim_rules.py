"""Reads a file of config/access: which claims of a sign-in say what."""

import tomllib
from functools import lru_cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from hotline.directory.models import Role
from hotline.resources import CONFIG
from hotline.settings import settings


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


class PoolRules(_Part):
    """Organisations, as the claims name them, whose word makes somebody secretariat or administrator of the pool.

    Where none is named, no sign-in does.
    """

    cvr: frozenset[Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]] = frozenset()
    code: frozenset[Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]] = frozenset()


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
    pool: PoolRules = PoolRules()
    skills: ListRules = ListRules()
    languages: ListRules = ListRules()
    privileges: PrivilegeRules = PrivilegeRules()
    required: dict[str, tuple[str, ...]] = {}  # claims that must have one of these values, such as a level of assurance


@lru_cache
def read() -> Rules:
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
