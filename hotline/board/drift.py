"""How well texts are read by now: how often the reader is sure, what agents correct, and what is new among the rest."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlmodel import Session

from hotline.classification.days import DAYS, today
from hotline.classification.examples import UNKNOWN
from hotline.clock import danish
from hotline.ids import new_id
from hotline.kept import Kept

if TYPE_CHECKING:
    from hotline.board.kinds import Kind

MOST = 600  # inquiries, the newest, that are grouped; their likeness takes memory and time of the square
CORRECTED_DAYS = 28
KINDS_DAYS = 14
READ = text("SELECT day, guessed, sure FROM reading_day WHERE day > :since ORDER BY day")
CORRECTED = text("""
    SELECT was, topic, count(*) AS n FROM lesson WHERE at > :since AND topic <> was
    GROUP BY was, topic ORDER BY count(*) DESC, was, topic LIMIT 10
""")
# Ids sort by time, so that the newest are found by the primary key.
UNSURE = text(f"""
    SELECT id, text FROM inquiry
    WHERE id > :since AND topic = '{UNKNOWN}' AND topic_confidence IS NOT NULL AND text <> ''
    ORDER BY id DESC LIMIT {MOST}
""")


@dataclass(frozen=True)
class Week:
    """A week by its Monday: how many inquiries were read for their topic, and of how many the reader was sure."""

    monday: date
    read: int
    sure: int


@dataclass(frozen=True)
class Corrections:
    """How often agents said `topic` of what the reader had taken for `was`."""

    was: str
    topic: str
    count: int


@dataclass(frozen=True)
class Drift:
    """Twelve weeks, newest first; corrections of four weeks, most frequent first; kinds among those of two weeks."""

    weeks: tuple[Week, ...]
    corrected: tuple[Corrections, ...]
    kinds: "tuple[Kind, ...]"


KEPT: Kept[Drift] = Kept()


def drift(session: Session, now: datetime) -> Drift:
    """What the whole pool's inquiries say of the reader at `now` (aware), counted once for all who look."""
    return KEPT.get(lambda: _drift(session, now))


def _drift(session: Session, now: datetime) -> Drift:
    from hotline.board.kinds import kinds  # scikit-learn: a second and 70 MB, for this page alone

    day = danish(now).date()
    read: Counter[date] = Counter()
    sure: Counter[date] = Counter()
    days = [(row.day, row.guessed, row.sure) for row in session.execute(READ, {"since": day - timedelta(days=DAYS)})]
    for one, guessed, certain in [*days, (day, *today(session, now))]:
        monday = one - timedelta(days=one.weekday())
        read[monday] += guessed
        sure[monday] += certain
    corrected = session.execute(CORRECTED, {"since": now - timedelta(days=CORRECTED_DAYS)})
    unsure = session.execute(UNSURE, {"since": new_id(now - timedelta(days=KINDS_DAYS))})
    return Drift(
        weeks=tuple(Week(monday, read[monday], sure[monday]) for monday in sorted(read, reverse=True) if read[monday]),
        corrected=tuple(Corrections(row.was, row.topic, row.n) for row in corrected),
        kinds=tuple(kinds([(row.id, row.text) for row in unsure])),
    )
