"""Which reader is live, in one line: its hash, how well it reads texts held out, and what it was taught since."""

import json
from pathlib import Path

from sqlalchemy import text
from sqlmodel import Session

from hotline.classification import artefact
from hotline.clock import danish

LAST = text("""
    SELECT (SELECT count(*) FROM lesson) AS corrected, t.at, t.base, t.figures, jsonb_array_length(t.lessons) AS lessons
    FROM (SELECT 1) one LEFT JOIN (SELECT * FROM taught WHERE state = 'live' ORDER BY id DESC LIMIT 1) t ON true
""")


def standing(session: Session, folder: Path) -> str:
    """Of the models in this folder and the lessons in the database; a machine without workers has no models."""
    return f"{_model(folder)}; {_lessons(session)}"


def _model(folder: Path) -> str:
    key = artefact.key()
    for name, file in (("joined", artefact.joined_file(folder)), ("linear", artefact.linear_file(folder))):
        try:
            told = json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        return (
            f"{name} {key[:12]}, macro-F1 {told['macro_f1']:.3f} of writers left out,"
            f" routed {told['routed']:.3f} at {told['routed_accuracy']:.3f}"
        )
    return "no model of this release is here"


def _lessons(session: Session) -> str:
    last = session.execute(LAST).one()
    if last.at is None:
        return f"nothing taught, {last.corrected} corrections kept"
    if last.base != artefact.key():
        return "what was taught waits for a night to be judged anew"
    before, after = last.figures.get("macro_f1", (0.0, 0.0))
    night = f"{danish(last.at):%Y-%m-%d %H:%M}"
    return f"{last.lessons} corrections since {night}, macro-F1 {before:.3f} before, {after:.3f} with them"
