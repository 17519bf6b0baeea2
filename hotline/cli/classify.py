"""hotline classify: reads texts from standard input and says what they are about."""

import json
import sys
import time
import tomllib
from collections.abc import Callable, Iterator
from io import TextIOWrapper
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from hotline.classification.examples import TOPICS
from hotline.cli.frame import with_keywords
from hotline.privacy import cpr
from hotline.settings import settings
from hotline.web.formats import Formats
from hotline.web.language import translator

if TYPE_CHECKING:
    from hotline.classification.reading import Reader, Reading

BATCH = 256


def classify(
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help='Lines of {"text": …} in, a line of JSON out for each.')
    ] = False,
) -> None:
    """Say what a text on standard input is about, its language, whether it is urgent, and where CPR numbers stand."""
    from hotline.classification.reading import Reader

    with with_keywords("classify"):
        reader = Reader.load(settings().data_dir / "models", _told())
    if not jsonl:
        _for_people(reader, _standard_input("replace").read())
        return
    texts = _texts()
    while batch := list(islice(texts, BATCH)):
        for text, reading in zip(batch, reader.read(batch), strict=True):
            print(json.dumps(_line(text or "", reading), ensure_ascii=False))
        sys.stdout.flush()


def _told() -> Callable[[str], None]:
    """Says what takes long on standard error, with the seconds since it began."""
    begun = time.monotonic()
    return lambda line: typer.echo(f"{time.monotonic() - begun:5.1f} s  {line}", err=True)


def _standard_input(errors: str) -> TextIO:
    """Standard input as UTF-8 whatever the terminal's language; `errors` says what stands for bytes that are none."""
    return TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", errors=errors)


def _texts() -> Iterator[str | None]:
    """The text of each line on standard input; ends the command with one clear line where a line holds none."""
    for number, line in enumerate(_standard_input("surrogateescape"), start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
            json.dumps(fields, ensure_ascii=False).encode()  # half of a surrogate pair is no text that could go out
        except (ValueError, RecursionError):
            fields = None
        if not isinstance(fields, dict) or not isinstance(fields.get("text"), str | None):
            sys.stdout.flush()
            typer.echo(f'Line {number} is not {{"text": "…"}}.', err=True)
            raise typer.Exit(2)
        yield fields.get("text")


def _line(text: str, reading: "Reading") -> dict[str, Any]:
    redacted, found = cpr.redact(text)
    return {
        "topic": reading.topic,
        "confidence": reading.confidence,
        "language": reading.language,
        "urgent": reading.urgent,
        "urgent_because": reading.urgent_because,
        "redacted": redacted,
        "cpr": [one.text for one in found],
        "routed": reading.routed,
        "alternatives": [{"topic": topic, "confidence": confidence} for topic, confidence in reading.alternatives],
    }


def _for_people(reader: "Reader", text: str) -> None:
    [reading] = reader.read([text])
    redacted, found = cpr.redact(text)
    percent, because = Formats("en").percent, translator("en")
    names = {topic["slug"]: topic["name"] for topic in tomllib.loads(TOPICS.read_text(encoding="utf-8"))["topic"]}
    others = ", ".join(f"{names[topic]} {percent(confidence)}" for topic, confidence in reading.alternatives)
    unsure = "" if reading.routed else ", not sure enough"
    print(f"topic      {names[reading.topic]} {percent(reading.confidence)}{unsure}")
    print(f"or         {others or '-'}")
    print(f"language   {reading.language}")
    print(f"urgent     {because(f'inquiry.urgent_because.{reading.urgent_because}') if reading.urgent else 'no'}")
    print(f"CPR        {len(found)} found")
    print(f"text       {redacted.strip()}")
