"""Example texts with their labels, and the topics with their keywords: what the reader learns from."""

import hashlib
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotline.resources import CONFIG

TOPICS = CONFIG / "topics.toml"
TRAINING = CONFIG / "training"
TEST = TRAINING / "test"
KEYWORD_WEIGHT = 0.5  # of an example's, where topics.toml names no other
HEAVIEST = 5.0
MOST_OWN = 1000  # words of a file of one's own: training takes the cube of them
LONGEST_OWN = 100  # characters of each
UNKNOWN = "other"  # the topic of what says nothing, or nothing that is sure enough


@dataclass(frozen=True)
class Example:
    """A text as a citizen or an agent wrote it, with the labels a careful reader gives it, and where it comes from.

    `writer`: the name of its file; `style`: how it reached the hotline; `kind`: what makes it hard.
    """

    text: str
    topic: str
    language: str
    urgent: bool
    writer: str = ""
    style: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Keyword:
    """A word or phrase that points to a topic: an example that weighs less than a whole text."""

    text: str
    topic: str
    weight: float = KEYWORD_WEIGHT


def training_files() -> list[Path]:
    """The files that the reader learns from, one a writer, in a fixed order."""
    return sorted(TRAINING.glob("*.jsonl"))


def unseen_files() -> list[Path]:
    """The files that the reader never learns from: it is judged by them."""
    return sorted(TEST.glob("*.jsonl"))


def examples(files: list[Path]) -> list[Example]:
    """The examples of these files, in their order. Raises ValueError naming the line that is no example."""
    return [_example(path, number, line) for path in files for number, line in _lines(path)]


def keywords(path: Path = TOPICS) -> list[Keyword]:
    """The keywords of every topic in topics.toml, in their order: a phrase, or {text = "…", weight = 1.5}."""
    topics = tomllib.loads(path.read_text(encoding="utf-8"))["topic"]
    return [_keyword(one, topic["slug"]) for topic in topics for one in topic["keywords"]]


def own_keywords(path: Path) -> list[Keyword]:
    """The keywords of a file of one's own, by topic: `passport = ["rejsepas", {text = "nødpas", weight = 1.5}]`.

    Raises OSError where it cannot be read, ValueError that says what in it is none.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as wrong:
        raise ValueError(f"{path.name} is no TOML: {wrong}") from None
    known = {topic["slug"] for topic in tomllib.loads(TOPICS.read_text(encoding="utf-8"))["topic"]}
    for topic, words in found.items():
        if topic not in known:
            raise ValueError(f"{path.name}: `{topic}` is no topic of topics.toml")
        if not isinstance(words, list) or not all(map(_is_keyword, words)):
            raise ValueError(f'{path.name}: `{topic}` is no list of words or {{text = "…", weight = 1.5}}')
    if sum(map(len, found.values())) > MOST_OWN:
        raise ValueError(f"{path.name} has more than {MOST_OWN} words, which would make training slow")
    return [_keyword(one, topic) for topic, words in found.items() for one in words]


def fingerprint(files: list[Path]) -> str:
    """A short digest of what these files hold: other contents, other digest."""
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:24]


def _keyword(one: str | dict[str, Any], topic: str) -> Keyword:
    return Keyword(one, topic) if isinstance(one, str) else Keyword(one["text"], topic, float(one["weight"]))


def _is_keyword(one: object) -> bool:
    if not isinstance(one, dict):
        return _is_word(one)
    text, weight = one.get("text"), one.get("weight")
    if not isinstance(weight, int | float) or isinstance(weight, bool):
        return False
    return _is_word(text) and 0 < weight <= HEAVIEST


def _is_word(text: object) -> bool:
    return isinstance(text, str) and bool(text.strip()) and len(text) <= LONGEST_OWN


def _lines(path: Path) -> list[tuple[int, str]]:
    lines = path.read_text(encoding="utf-8").split("\n")
    return [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _example(path: Path, number: int, line: str) -> Example:
    try:
        fields = json.loads(line)
        text, topic, language, urgent = (fields[name] for name in ("text", "topic", "language", "urgent"))
        if not all(isinstance(one, str) for one in (text, topic, language)) or not isinstance(urgent, bool):
            raise TypeError("text, topic and language are words, urgent is true or false")
        style, kind = (str(fields.get(name) or "") for name in ("style", "kind"))
        return Example(text, topic, language, urgent, str(fields.get("writer") or path.stem), style, kind)
    except (KeyError, TypeError, ValueError) as wrong:
        raise ValueError(f"{path.name}:{number} is no example: {wrong}") from wrong
