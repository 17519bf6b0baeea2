"""Reads a list of people and roles in the manner of OS2rollekatalog; the shape is told in docs/access.md."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from sqlmodel import Session, col, select

from hotline.directory.cvr import CvrNumber
from hotline.directory.errors import BadListing
from hotline.directory.in_step import Wanted
from hotline.directory.kle import covers, is_pattern
from hotline.directory.models import WHOLE_POOL, Municipality, Role, Topic
from hotline.directory.usernames import as_kept
from hotline.languages import Language
from hotline.text import folded
from hotline.whole import WHOLE

# Of several roles of one person the one that may do most holds.
RANK = (Role.ADMINISTRATOR, Role.SECRETARIAT, Role.TEAM_LEAD, Role.AGENT, Role.VIEWER)
CVR = re.compile(r"^[0-9]{8}$")

# Without control characters, of which NUL cannot be stored, and others forge a line of a log or a list.
WORD_PATTERN = r"^[^\x00-\x1f\x7f]*$"


def _one_line(word: str) -> str:
    if not (plain := folded(word).strip()) or "\n" in plain:
        raise ValueError("it is no word on one line")
    return plain


WORD = StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=WORD_PATTERN)
Word = Annotated[str, WORD, AfterValidator(_one_line)]


class SkillIn(BaseModel):
    """A topic, by its slug or a KLE number, and how well: 1 (learning) to 3 (expert)."""

    model_config = ConfigDict(extra="forbid")

    topic: Word
    level: Annotated[int, Field(ge=1, le=3, strict=True), WHOLE] | None = None


class UserIn(BaseModel):
    """One person. What OS2rollekatalog says besides is not looked at."""

    userId: Word
    name: Word
    disabled: bool = False
    municipality: Word | None = None
    roles: list[Word] = []
    topics: list[Word | SkillIn] = []
    languages: list[Language] = ["da"]


class ListingIn(BaseModel):
    """The file."""

    version: Literal[1] = 1
    municipality: Word | None = None
    users: Annotated[list[UserIn], Field(min_length=1)]


@dataclass(frozen=True)
class Listing:
    """Who is to be here: all people of `municipality`, or of the whole hotline where that is None."""

    municipality: str | None
    people: tuple[Wanted, ...]
    unknown_kle: tuple[str, ...]


def read(session: Session, said: str) -> Listing:
    """The list in a JSON text, with municipalities and topics as this database knows them.

    KLE numbers of which no topic is are left out and told. Raises BadListing, which names the place.
    """
    try:
        listing = ListingIn.model_validate(json.loads(said))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise BadListing(why="shape", where=where, found=first["msg"]) from None
    except (ValueError, RecursionError):
        raise BadListing(why="json") from None
    return _Understanding(session, listing).read()


class _Understanding:
    def __init__(self, session: Session, listing: ListingIn) -> None:
        self._listing = listing
        self._codes = frozenset(session.exec(select(Municipality.code)))
        self._cvr = {number.cvr: number.municipality for number in session.exec(select(CvrNumber))}
        topics = session.exec(select(Topic).order_by(col(Topic.slug))).all()
        self._kle = {topic.slug: topic.kle for topic in topics}
        self._unknown_kle: set[str] = set()

    def read(self) -> Listing:
        of = self._listing.municipality
        home = self._code(of, "municipality") if of is not None else None
        people: dict[str, Wanted] = {}
        for number, user in enumerate(self._listing.users):
            where = f"users.{number} ({user.userId})"
            wanted = self._wanted(user, home, where)
            if as_kept(user.userId) in people:
                raise BadListing(why="twice", where=where)
            if wanted is not None:
                people[as_kept(user.userId)] = wanted
        return Listing(home, tuple(people.values()), tuple(sorted(self._unknown_kle)))

    def _wanted(self, user: UserIn, home: str | None, where: str) -> Wanted | None:
        """None for those who are disabled or have no role here."""
        known = {role.value for role in Role}
        roles = {
            Role(name)
            for name in (role.removeprefix("hotline-").replace("-", "_") for role in user.roles)
            if name in known
        }
        if user.disabled or not roles:
            return None
        role = min(roles, key=RANK.index)
        if role in WHOLE_POOL:
            if home is not None:
                raise BadListing(why="pool", where=where, role=role)
            return Wanted(user.userId, user.name, role, None)
        municipality = self._code(user.municipality, where) if user.municipality is not None else home
        if municipality is None:
            raise BadListing(why="nowhere", where=where, role=role)
        if home not in (None, municipality):
            raise BadListing(why="elsewhere", where=where, home=home, code=municipality)
        if role != Role.AGENT:
            return Wanted(user.userId, user.name, role, municipality)
        languages = tuple(dict.fromkeys(user.languages)) or ("da",)
        return Wanted(user.userId, user.name, role, municipality, self._skills(user, where), languages)

    def _code(self, said: str, where: str) -> str:
        code = self._cvr.get(said) if CVR.match(said) else said
        if code is None:
            raise BadListing(why="cvr", where=where, cvr=said)
        if code not in self._codes:
            raise BadListing(why="code", where=where, code=code)
        return code

    def _skills(self, user: UserIn, where: str) -> Mapping[str, int | None]:
        skills: dict[str, int | None] = {}
        for one in user.topics:
            skill = one if isinstance(one, SkillIn) else SkillIn(topic=one)
            for slug in self._slugs(skill.topic, where):
                skills[slug] = skill.level if skill.level is not None else skills.get(slug)
        return skills

    def _slugs(self, said: str, where: str) -> list[str]:
        """The topic of this slug, or all whose KLE number is this one or lies below it (`23.05.*`, `23.*`)."""
        if said in self._kle:
            return [said]
        if not is_pattern(said):
            raise BadListing(why="topic", where=where, topic=said)
        found = [slug for slug, kle in self._kle.items() if kle and covers(said, kle)]
        if not found:
            self._unknown_kle.add(said)
        return found
