"""Invents the people of the sample region; the same region and the same chance give the same people."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from hotline.directory.models import Role
from hotline.sample.region import Names, Region
from hotline.text import folded

# Letters that are more than a plain letter with a mark, spelt as in mail addresses.
SPELT = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ł": "l", "ı": "i"})


@dataclass(frozen=True)
class Invented:
    """Somebody of the sample region. `skills` (topic to level, 1 to 3) and `languages` are empty but for agents."""

    username: str
    name: str
    role: str
    municipality: str | None
    skills: Mapping[str, int]
    languages: tuple[str, ...]


def invent(region: Region, random: Random) -> list[Invented]:
    """The agents, then a viewer for each municipality, then the staff that the region names.

    The first agents are one of each municipality, the largest first. Of every run of agents that is as long as the
    list of duties each has another one, so the first forty together can do everything several times over.
    """
    duties = list(_duties(region, random))
    languages = _languages(region, duties, random)
    taken: set[str] = set()
    people = []
    for home, duty, spoken in zip(_homes(region), duties, languages, strict=True):
        username, name = _name(_names_of(region, spoken), taken, random)
        people.append(Invented(username, name, Role.AGENT, home, _levels(region, duty, random), ("da", *spoken)))
    posts = [(str(Role.VIEWER), code) for code in _largest_first(region)]
    for role, municipality in posts + [(staff.role, staff.municipality) for staff in region.staff]:
        username, name = _name(region.danish_names, taken, random)
        people.append(Invented(username, name, role, municipality, {}, ()))
    return people


def username_of(name: str) -> str:
    """A name as a user name: small ASCII letters and full stops, `Åse Sjöberg` becomes `aase.sjoberg`."""
    plain = unicodedata.normalize("NFKD", folded(name).lower().translate(SPELT))
    return "".join("." if sign == " " else sign for sign in plain if sign == " " or (sign.isascii() and sign.isalnum()))


def _duties(region: Region, random: Random) -> Iterator[frozenset[str]]:
    deck: list[frozenset[str]] = []
    for _ in range(region.agents):
        if not deck:
            deck = random.sample(region.duties, len(region.duties))
        yield deck.pop()


def _languages(region: Region, duties: list[frozenset[str]], random: Random) -> list[list[str]]:
    """What each agent speaks besides Danish: every covered language somebody for every topic, then the shares."""
    spoken: list[list[str]] = [[] for _ in duties]
    for language in region.covered_languages:
        missing = frozenset().union(*duties)
        while missing:
            able = [i for i in range(len(duties)) if not _origin(region, spoken[i]) and language not in spoken[i]]
            chosen = max(random.sample(able, len(able)), key=lambda i: len(duties[i] & missing))
            spoken[chosen].append(language)
            missing -= duties[chosen]
    for language, share in region.language_shares.items():
        for languages in spoken:
            if language not in languages and random.random() < share:
                languages.append(language)
    return spoken


def _origin(region: Region, languages: list[str]) -> str | None:
    return next((language for language in languages if language in region.other_names), None)


def _names_of(region: Region, languages: list[str]) -> Names:
    origin = _origin(region, languages)
    return region.other_names[origin] if origin else region.danish_names


def _homes(region: Region) -> Iterator[str]:
    """One seat for each municipality, then one after the other by size (Sainte-Laguë's rule)."""
    seats = dict.fromkeys(_largest_first(region), 1)
    yield from seats
    for _ in range(region.agents - len(seats)):
        home = max(seats, key=lambda code: region.sizes[code] / (2 * seats[code] + 1))
        seats[home] += 1
        yield home


def _largest_first(region: Region) -> list[str]:
    return sorted(region.sizes, key=lambda code: (-region.sizes[code], code))


def _name(names: Names, taken: set[str], random: Random) -> tuple[str, str]:
    while True:  # ends: there are many more names than people
        name = f"{random.choice(names.first)} {random.choice(names.last)}"
        username = username_of(name)
        if username not in taken:
            taken.add(username)
            return username, name


def _levels(region: Region, duty: frozenset[str], random: Random) -> dict[str, int]:
    topics = sorted(duty)
    return dict(
        zip(topics, random.choices(list(region.levels), list(region.levels.values()), k=len(topics)), strict=True)
    )
