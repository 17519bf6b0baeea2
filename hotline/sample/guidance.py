"""The guidance of the sample region, from config/seeds/guidance.toml."""

import tomllib
from datetime import datetime, timedelta

from sqlmodel import Session

from hotline.clock import danish
from hotline.directory.names import municipality_names
from hotline.guidance.phrases import add_phrase
from hotline.guidance.writing import Written, write
from hotline.resources import CONFIG

REVIEW_IN = 120  # days, unless a line says otherwise


def add_guidance(session: Session, now: datetime) -> None:
    """Its phrases, and its first versions, to be reviewed so many days after `now` (aware)."""
    said = tomllib.loads((CONFIG / "seeds" / "guidance.toml").read_text(encoding="utf-8"))
    for one in said["phrase"]:
        add_phrase(session, one.get("municipality"), one["name"], one["text"])
    names, today = municipality_names(session), danish(now).date()
    for one in said["guidance"]:
        home = one.get("municipality")
        written = Written(
            text=one["text"],
            hours=one.get("hours", ""),
            owner=f"Borgerservice i {names[home]}" if home else "Sekretariatet",
            review_by=today + timedelta(days=one.get("review_in", REVIEW_IN)),
            for_citizens=one.get("for_citizens", True),
        )
        write(session, one["topic"], home, written, after=0)
