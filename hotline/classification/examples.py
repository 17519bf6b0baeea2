"""Example texts with their labels, and the topics with their keywords: what the reader learns from."""

import hashlib
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path

from hotline.resources import CONFIG

TOPICS = CONFIG / "topics.toml"
TRAINING = CONFIG / "training"
HELD_OUT = TRAINING / "held_out.jsonl"


@dataclass(frozen=True)
class Example:
    """A text as a citizen or an agent wrote it, with the labels a careful reader gives it."""

    text: str
    topic: str
    language: str
    urgent: bool


@dataclass(frozen=True)
class Keyword:
    """A word or phrase that points to a topic; a weak example."""

    text: str
    topic: str


def training_files() -> list[Path]:
    """The files that the reader learns from, in a fixed order; the held-out file is not among them."""
    return sorted(path for path in TRAINING.glob("*.jsonl") if path != HELD_OUT)


def examples(files: list[Path]) -> list[Example]:
    """The examples of these files, in their order. Raises ValueError naming the line that is no example."""
    return [_example(path, number, line) for path in files for number, line in _lines(path)]


def keywords(path: Path = TOPICS) -> list[Keyword]:
    """The keywords of every topic in topics.toml, in their order."""
    topics = tomllib.loads(path.read_text(encoding="utf-8"))["topic"]
    return [Keyword(text, topic["slug"]) for topic in topics for text in topic["keywords"]]


def fingerprint(files: list[Path]) -> str:
    """A short digest of what these files hold: other contents, other digest."""
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.name} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:24]


def _lines(path: Path) -> list[tuple[int, str]]:
    lines = path.read_text(encoding="utf-8").split("\n")
    return [(number, line) for number, line in enumerate(lines, start=1) if line.strip()]


def _example(path: Path, number: int, line: str) -> Example:
    try:
        fields = json.loads(line)
        return Example(fields["text"], fields["topic"], fields["language"], fields["urgent"])
    except (KeyError, TypeError, json.JSONDecodeError) as wrong:
        raise ValueError(f"{path.name}:{number} is no example: {wrong}") from wrong
