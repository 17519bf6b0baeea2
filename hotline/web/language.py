"""The words of the pages: one catalogue a language in config/locales, Danish first."""

import tomllib
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from starlette.requests import HTTPConnection

from hotline.resources import CONFIG

LANGUAGES = {"da": "Dansk", "en": "English"}
COOKIE = "language"

Words = dict[str, str | dict[str, str]]


def chosen(request: HTTPConnection) -> str:
    """The language code of this visitor: what they chose, else Danish.

    The browser's own language is not asked: Danish offices often run English browsers, and work in Danish.
    """
    language = request.cookies.get(COOKIE, "da")
    return language if language in LANGUAGES else "da"


def translator(language: str) -> Callable[..., str]:
    """A function `t(key, **values)` that gives the words for `key`; with `count` it picks the singular or the plural.

    Raises KeyError for a key that the catalogue lacks: a page never shows a key to a person.
    """
    words = catalogue(language)

    def t(key: str, **values: Any) -> str:
        text = words[key]
        if isinstance(text, dict):
            text = text["one" if values["count"] == 1 else "other"]
        return text.format(**values) if values else text

    return t


@lru_cache
def catalogue(language: str) -> Words:
    """Every text of this language by its dotted key; a text with `one` and `other` is kept as a pair."""
    with (CONFIG / "locales" / f"{language}.toml").open("rb") as file:
        return dict(_flat(tomllib.load(file), ""))


def _flat(tree: dict[str, Any], prefix: str) -> list[tuple[str, str | dict[str, str]]]:
    found: list[tuple[str, str | dict[str, str]]] = []
    for name, value in tree.items():
        if isinstance(value, dict) and set(value) != {"one", "other"}:
            found += _flat(value, f"{prefix}{name}.")
        else:
            found.append((f"{prefix}{name}", value))
    return found
