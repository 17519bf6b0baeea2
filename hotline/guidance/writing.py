"""write(), wish(), done(): the next version of a guidance, and what agents miss in one."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlmodel import Session

from hotline.db import rows_changed
from hotline.directory.errors import UnknownMunicipality, UnknownTopic
from hotline.directory.models import Municipality, Topic
from hotline.guidance import opening
from hotline.guidance.errors import BadGuidance, GuidanceChanged
from hotline.guidance.models import GuidanceWish
from hotline.privacy.cpr import redact

LONGEST, LONGEST_OWNER = 10_000, 200  # characters
NEXT = text("""
    INSERT INTO guidance (topic, municipality, version, text, hours, owner, review_by, for_citizens)
    SELECT :topic, CAST(:municipality AS text), :after + 1, :text, :hours, :owner, :review_by, :for_citizens
    WHERE :after = coalesce((SELECT max(version) FROM guidance WHERE topic = :topic
                             AND municipality IS NOT DISTINCT FROM CAST(:municipality AS text)), 0)
    ON CONFLICT DO NOTHING
""")
DONE = text("DELETE FROM guidance_wish WHERE id = :id AND (CAST(:home AS text) IS NULL OR municipality = :home)")


@dataclass(frozen=True)
class Written:
    """What an editor has written: see the table."""

    text: str
    owner: str
    review_by: date
    hours: str = ""
    for_citizens: bool = False


def write(session: Session, topic: str, municipality: str | None, written: Written, after: int) -> None:
    """Keep the version that follows the one numbered `after`, 0 where there was none; an empty text takes it back.

    Raises UnknownTopic, UnknownMunicipality, BadHours, BadGuidance, and GuidanceChanged where it is not the last.
    """
    known(session, topic, municipality)
    words, owner = written.text.replace("\r\n", "\n").strip(), " ".join(written.owner.split())
    if len(words) > LONGEST or len(written.hours) > LONGEST_OWNER or "\0" in words + written.hours:
        raise BadGuidance(why="length", most=LONGEST)
    if not owner or len(owner) > LONGEST_OWNER or "\0" in owner:
        raise BadGuidance(why="owner", most=LONGEST_OWNER)
    opening.read(written.hours)
    values = {
        "topic": topic,
        "municipality": municipality,
        "after": after,
        "text": words,
        "hours": written.hours.replace("\r\n", "\n").strip(),
        "owner": owner,
        "review_by": written.review_by,
        "for_citizens": written.for_citizens,
    }
    if rows_changed(session, NEXT, values) != 1:
        raise GuidanceChanged


def wish(session: Session, topic: str, municipality: str, words: str) -> None:
    """Tell the editors what an agent missed, without CPR numbers. Raises UnknownTopic, UnknownMunicipality."""
    known(session, topic, municipality)
    session.add(GuidanceWish(topic=topic, municipality=municipality, text=redact(words)[0]))
    session.flush()


def done(session: Session, number: int, home: str | None) -> bool:
    """An editor of `home` (None: of all) has dealt with it; whether it was theirs and still there."""
    return bool(rows_changed(session, DONE, {"id": number, "home": home}))


def known(session: Session, topic: str | None, municipality: str | None) -> None:
    """Raises UnknownTopic, UnknownMunicipality where what is named is none."""
    if topic is not None and session.get(Topic, topic) is None:
        raise UnknownTopic(topic)
    if municipality is not None and session.get(Municipality, municipality) is None:
        raise UnknownMunicipality(code=municipality)
