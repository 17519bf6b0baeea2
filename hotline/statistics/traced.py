"""The inquiries behind a number of a municipality's page, from the lines of the journal that it was counted from.

They are read as the asker: nobody finds an inquiry here that they may not see.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from hotline.inquiries.journal import COUNTED

PAGE = 50
READ_LATE = timedelta(days=14)  # an arrival is told of by a later line: when it was read, or had gone unread


class Number(StrEnum):
    """What can be traced."""

    OFFERED = "offered"
    ANSWERED = "answered"
    ABANDONED = "abandoned"


@dataclass(frozen=True)
class Listed:
    """Some inquiries in the order of the journal, and where the next ones begin, if there are more."""

    rows: Sequence[sa.Row[Any]]
    following: str | None


LEFT = "event = 'abandoned' AND NOT coalesce(CAST(data ->> 'answered' AS boolean), false)"
ARRIVED = "CAST(data ->> 'received_at' AS timestamptz)"
# When each number is booked, and by which lines (counting.py says the same).
BOOKED = {
    Number.OFFERED: (
        ARRIVED,
        f"(event IN ('classified', 'closed') OR {LEFT} AND NOT CAST(data ->> 'classified' AS boolean))",
    ),
    Number.ANSWERED: ("at", "event = 'accepted' AND CAST(data ->> 'first' AS boolean)"),
    Number.ABANDONED: ("at", LEFT),
}
FOUND = """
    SELECT j.*, i.reference, i.state
    FROM (SELECT id, inquiry_id, topic, channel, at, {moment} AS booked,
                 CAST(data ->> 'wait_seconds' AS float8) AS waited
          FROM journal
          WHERE municipality = :code AND ({counted}) AND at >= :at AND at < :until AND {conditions}
          ORDER BY at, id LIMIT :most) j
    LEFT JOIN inquiry i ON i.id = j.inquiry_id
    ORDER BY j.at, j.id
"""


def inquiries(
    session: Session,
    code: str,
    number: Number,
    start: datetime,
    end: datetime,
    channel: str | None = None,
    topic: str | None = None,
    after: str | None = None,
) -> Listed:
    """Those of a municipality that were counted from `start` and before `end` (aware), a page of them.

    `topic` is a slug, "" for those without one, None for all; `after` is where the page before ended. Raises
    ValueError where that is no such place.
    """
    moment, booked = BOOKED[number]
    at, _, id = after.rpartition("_") if after else (start.isoformat(), "", "0")
    conditions = [booked, f"{moment} >= :start", f"{moment} < :end", "(at, id) > (:at, :id)"]
    conditions += ["channel = :channel"] if channel else []
    conditions += [] if topic is None else ["topic = :topic" if topic else "topic IS NULL"]
    asked = {
        "code": code, "start": start, "end": end, "channel": channel, "topic": topic, "most": PAGE + 1,
        "until": end + READ_LATE if number == Number.OFFERED else end, "at": _moment(at, start), "id": int(id),
    }  # fmt: skip
    found = sa.text(FOUND.format(moment=moment, counted=COUNTED, conditions=" AND ".join(conditions)))
    rows = session.execute(found, asked).all()
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Listed(rows[:PAGE], f"{last.at.isoformat()}_{last.id}" if last else None)


def _moment(text: str, start: datetime) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    return max(moment, start)
