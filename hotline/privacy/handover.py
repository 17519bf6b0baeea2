"""Notes and messages that must outlive the hotline's own time limit, for the municipality's case system."""

from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, text
from sqlmodel import Session

from hotline.privacy.lookups import HANDED_OVER, looked
from hotline.privacy.models import Look
from hotline.privacy.retention import ENDED, RULES

SENDERS = {"note": "NULL", "message": "n.sender"}  # of what is handed over, by its table
DUE = f"""{RULES}
    SELECT n.id, '{{kind}}' AS kind, {{sender}} AS "from", i.id AS inquiry, i.reference, i.municipality, i.topic, t.kle,
           i.channel, i.outcome, i.received_at, i.ended_at, n.at, n.text
    FROM {{kind}} n JOIN inquiry i ON i.id = n.inquiry_id JOIN rule r ON r.code = i.municipality
    LEFT JOIN topic t ON t.slug = i.topic
    WHERE n.handed_over_at IS NULL AND {ENDED}
      AND i.ended_at < CAST(:now AS timestamptz) + make_interval(days => :within) - make_interval(days => r.text_days)
    ORDER BY n.id
    FOR UPDATE OF n
"""


def hand_over(session: Session, now: datetime, within_days: int) -> list[dict[str, Any]]:
    """The notes and messages not handed over yet whose texts expire within so many days of `now` (aware), ready for
    JSON: inquiry by inquiry, as they were written.

    Each has its `kind`, of a message whom it is `from`, the KLE number of its topic and the inquiry's reference. They
    are marked in this transaction, and that somebody had them is a look at each of the inquiries: commit once they are
    safely where they go.
    """
    rows: list[RowMapping] = []
    for kind, sender in SENDERS.items():
        due = text(DUE.format(kind=kind, sender=sender))
        found = session.execute(due, {"now": now, "within": within_days}).mappings().all()
        mark = text(f"UPDATE {kind} SET handed_over_at = :now WHERE id = ANY(:ids)")
        session.execute(mark, {"now": now, "ids": [row["id"] for row in found]})
        rows += found
    rows.sort(key=lambda row: (row["municipality"], row["ended_at"], row["inquiry"], row["at"]))
    if inquiries := list(dict.fromkeys(row["inquiry"] for row in rows)):
        looked(session, Look.EXPORTED, HANDED_OVER, *inquiries)
    return [{name: _plain(value) for name, value in row.items() if name != "id"} for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, int | str) or value is None else str(value)
