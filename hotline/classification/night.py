"""What agents corrected is learned from once a night, and taken only where texts held out are read no worse with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from psycopg.types.json import Jsonb
from scipy.sparse import csr_matrix
from sqlalchemy import text
from sqlmodel import Session

from hotline.classification import artefact, embedding
from hotline.classification.judgement import figures, judged
from hotline.classification.lessons import Kept, kept
from hotline.classification.model import Model
from hotline.classification.models import TaughtState
from hotline.classification.reading import LONGEST
from hotline.classification.supplement import Supplement, learn
from hotline.classification.weights import weights
from hotline.clock import danish
from hotline.db import rows_changed
from hotline.text import readable

MOST, MOST_EMBEDDED = 1000, 200  # lessons, the newest: memory of their square, and a tenth of a second for each
NIGHT = range(1, 5)  # hours of a Danish clock in which nobody waits for a reader
LATELY = "at > CAST(:now AS timestamptz) - interval '12 hours'"
ASKED = text(f"SELECT EXISTS (SELECT 1 FROM taught WHERE {LATELY})")
LIVE = text("SELECT id, base, lessons FROM taught WHERE state = 'live' ORDER BY id DESC LIMIT 1")
NEVER_AGAIN = text(
    "SELECT lessons FROM taught WHERE state IN ('worse', 'taken_back') AND at > :now - interval '90 days'"
)
# Of two workers who have come to the same night the first to write has it.
WRITE = text(f"""
    INSERT INTO taught (at, base, state, lessons, figures)
    SELECT :now, :base, :state, :lessons, :figures WHERE NOT EXISTS (SELECT 1 FROM taught WHERE {LATELY})
""")
TAKE_BACK = text("UPDATE taught SET state = 'taken_back' WHERE id = :id AND state = 'live'")
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('hotline taught'))")


@dataclass(frozen=True)
class Night:
    """What was learned from which lessons, [inquiry, topic, weight], and the figures that say why."""

    state: TaughtState
    lessons: list[list[Any]]
    figures: dict[str, Any]


def is_night(session: Session, now: datetime) -> bool:
    """Whether at `now` (aware) the corrections of the day are to be learned from, which nobody has done yet."""
    return danish(now).hour in NIGHT and not session.execute(ASKED, {"now": now}).scalar_one()


def new_lessons(session: Session, model: Model, now: datetime) -> list[Kept] | None:
    """The lessons that count at `now`; None where no night has anything to learn from them.

    Those of a night that made the reader worse, or that somebody took back, never count again.
    """
    held = session.execute(LIVE).one_or_none()
    live = {UUID(one) for one, *_ in held.lessons} if held else set()
    dropped = {UUID(one) for row in session.execute(NEVER_AGAIN, {"now": now}) for one, *_ in row.lessons} - live
    most = MOST if model.meaning is None else MOST_EMBEDDED
    lessons = [one for one in kept(session, now, most, dropped) if one.topic in model.topics]
    known = held is None or held.base == artefact.key()
    return None if {one.inquiry for one in lessons} == live and known else lessons


def learn_from(model: Model, lessons: list[Kept]) -> Night:
    """What becomes of these lessons. Takes seconds, and with an embedding as long as reading them."""
    believed = weights([one.said for one in lessons])
    state, told = judge(model, lessons, believed) if lessons else (TaughtState.LIVE, {})
    pairs = zip(lessons, believed, strict=True)
    return Night(state, [[str(one.inquiry), one.topic, round(weight, 4)] for one, weight in pairs], told)


def write_down(session: Session, night: Night, now: datetime) -> bool:
    """From now on it holds, if it does; whether this worker was the first of those who came to the same night."""
    session.execute(ONE_AT_A_TIME)
    facts = {"state": night.state, "lessons": Jsonb(night.lessons), "figures": Jsonb(night.figures)}
    return rows_changed(session, WRITE, {"now": now, "base": artefact.key(), **facts}) == 1


def judge(model: Model, lessons: list[Kept], believed: list[float]) -> tuple[TaughtState, dict[str, Any]]:
    """What becomes of these lessons, each believed so much, and the figures that say why."""
    topics = [one.topic for one in lessons]
    made, by_others, alone = _made(model, [one.text for one in lessons], topics, believed, [o.person for o in lessons])
    added = made.of(model.known[: len(model.right)])
    helped = int((_right(model, alone + by_others, topics) - _right(model, alone, topics)).sum())
    return judged(figures(model), figures(model, added), helped)


def supplement(model: Model, texts: list[str], topics: list[str], believed: list[float]) -> Supplement:
    """What these lessons add to the model."""
    return _made(model, texts, topics, believed, list(range(len(texts))))[0]


def take_back(session: Session) -> int | None:
    """Read without what the last night taught, for good; the id of that, None where nothing is live.

    What the night before it taught holds again.
    """
    live = session.execute(LIVE).one_or_none()
    return int(live.id) if live and rows_changed(session, TAKE_BACK, {"id": live.id}) else None


def _made(
    model: Model, texts: list[str], topics: list[str], believed: list[float], people: list[int]
) -> tuple[Supplement, NDArray[np.float64], NDArray[np.float64]]:
    shortened = [readable(one)[:LONGEST] for one in texts]
    seen: csr_matrix = model.features.of(shortened)
    alone = model.scores(shortened, seen, embedding.embed if model.meaning is not None else None)[:, :-1]
    wanted = np.zeros_like(alone)
    wanted[np.arange(len(topics)), [model.topics.index(one) for one in topics]] = 1
    made, by_others = learn(seen, wanted - alone, believed, people)
    return made, by_others, alone


def _right(model: Model, scores: NDArray[np.float64], topics: list[str]) -> NDArray[np.int_]:
    columns = model.topic.of(scores).argmax(axis=1)
    return np.array([model.topics[column] == topic for column, topic in zip(columns, topics, strict=True)], np.int_)
