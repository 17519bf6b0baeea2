"""Erases by rule: who asked, then what was written; figures stay for ever. Each run leaves a line of counts."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid
from sqlmodel import Session

from hotline.privacy.models import RetentionRun

BATCH = 1000
IDENTITY_DAYS, TEXT_DAYS = 30, 180  # of a municipality that is in no collaboration any more
UNDO_HOURS = 24  # after the end, for numbers that are there only to be put back where they were none

ENDED = "i.state IN ('closed', 'abandoned', 'handed_over')"
# Of several collaborations of a municipality, former ones too, the strictest holds.
RULES = f"""
    WITH rule AS (
        SELECT m.code, coalesce(min(c.identity_days), {IDENTITY_DAYS}) AS identity_days,
               coalesce(min(c.text_days), {TEXT_DAYS}) AS text_days,
               coalesce(bool_or(c.hand_over_notes), false) AS hand_over
        FROM municipality m
        LEFT JOIN membership s ON s.municipality = m.code LEFT JOIN collaboration c ON c.id = s.collaboration_id
        GROUP BY m.code
    )
"""
NOW = "CAST(:now AS timestamptz)"
IDENTITY_IS_DUE = f"{ENDED} AND i.ended_at < {NOW} - make_interval(days => r.identity_days)"
# The first condition is the same for all, so that the index is read no further than needed.
TEXTS_ARE_DUE = (
    f"i.ended_at < {NOW} - make_interval(days => (SELECT min(text_days) FROM rule)) AND i.texts_erased_at IS NULL"
    f" AND {ENDED} AND i.ended_at < {NOW} - make_interval(days => r.text_days)"
)
MARKED_NAME = "external_id LIKE '%[CPR]%'"  # as the index has it: with its hash it could be tried whose number it was
TO_HAND_OVER = "r.hand_over AND EXISTS (SELECT 1 FROM note n WHERE n.inquiry_id = i.id AND n.handed_over_at IS NULL)"

IDENTITIES_DUE = f"""{RULES}
    SELECT i.id FROM (SELECT inquiry_id FROM citizen UNION SELECT inquiry_id FROM kept_cpr
                      UNION SELECT inquiry_id FROM idempotency_key
                      UNION SELECT id FROM inquiry WHERE {MARKED_NAME}) held
    JOIN inquiry i ON i.id = held.inquiry_id JOIN rule r ON r.code = i.municipality
    WHERE {IDENTITY_IS_DUE} LIMIT :most
"""
TEXTS_DUE = f"""{RULES}
    SELECT i.id FROM inquiry i JOIN rule r ON r.code = i.municipality
    WHERE {TEXTS_ARE_DUE} AND NOT ({TO_HAND_OVER}) LIMIT :most
"""
PUT_BACK_IS_OVER = f"""
    DELETE FROM kept_cpr WHERE (inquiry_id, n) IN (
        SELECT k.inquiry_id, k.n FROM kept_cpr k JOIN inquiry i ON i.id = k.inquiry_id
        WHERE NOT k.may_reveal AND {ENDED} AND i.ended_at < {NOW} - make_interval(hours => {UNDO_HOURS}) LIMIT :most)
"""
HELD_BACK = f"""{RULES}
    SELECT count(*) FROM inquiry i JOIN rule r ON r.code = i.municipality WHERE {TEXTS_ARE_DUE} AND {TO_HAND_OVER}
"""
IDS = bindparam("ids", type_=ARRAY(Uuid()))


def retain(session: Session, now: datetime, most: int = BATCH) -> RetentionRun:
    """Erase what is due at `now` (aware) of at most `most` inquiries each, and write down how much that was.

    Only inquiries that have ended count. Where more is due the counts reach `most`, and another call goes on.
    """
    due = session.execute(text(IDENTITIES_DUE), {"now": now, "most": most}).scalars().all()
    identities, kept_cpr, request_keys = erase_identities(session, due)
    kept_cpr += _rows(session, PUT_BACK_IS_OVER, {"now": now, "most": most})
    due = session.execute(text(TEXTS_DUE), {"now": now, "most": most}).scalars().all()
    texts, notes = erase_texts(session, due, now)
    lookups = "DELETE FROM lookup WHERE at < CAST(:now AS timestamptz) - interval '2 years' - interval '1 day'"
    run = RetentionRun(
        at=now,
        identities=identities,
        kept_cpr=kept_cpr,
        request_keys=request_keys,
        texts=texts,
        notes=notes,
        lookups=_rows(session, lookups, {"now": now}),
        held_back=session.execute(text(HELD_BACK), {"now": now}).scalar_one(),
    )
    session.add(run)
    session.flush()
    return run


def more_is_due(run: RetentionRun, most: int = BATCH) -> bool:
    """Whether this run stopped at its limit rather than at the end."""
    return max(run.identities, run.kept_cpr, run.request_keys, run.texts) >= most


def erase_identities(session: Session, inquiry_ids: Sequence[UUID]) -> tuple[int, int, int]:
    """Who asked: the citizen's fields, kept CPR numbers and the marks of repeated requests; how many of each.

    An external id in which a number stood is such a mark.
    """
    ids = {"ids": list(inquiry_ids)}
    return (
        _rows(session, "DELETE FROM citizen WHERE inquiry_id = ANY(:ids)", ids),
        _rows(session, "DELETE FROM kept_cpr WHERE inquiry_id = ANY(:ids)", ids),
        _rows(session, "DELETE FROM idempotency_key WHERE inquiry_id = ANY(:ids)", ids)
        + _rows(session, f"UPDATE inquiry SET external_id = NULL WHERE id = ANY(:ids) AND {MARKED_NAME}", ids),
    )


def erase_texts(session: Session, inquiry_ids: Sequence[UUID], now: datetime) -> tuple[int, int]:
    """What was written: text, attributes, notes and agents' reasons; how many inquiries, and how many notes."""
    ids = {"ids": list(inquiry_ids)}
    notes = _rows(session, "DELETE FROM note WHERE inquiry_id = ANY(:ids)", ids)
    _rows(session, "UPDATE offer SET answer_reason = NULL WHERE inquiry_id = ANY(:ids) AND state = 'refused'", ids)
    texts = _rows(
        session,
        "UPDATE inquiry SET text = '', attributes = '{}', topic_hint = NULL, texts_erased_at = :now"
        " WHERE id = ANY(:ids)",
        ids | {"now": now},
    )
    return texts, notes


def _rows(session: Session, statement: str, values: Mapping[str, object]) -> int:
    prepared = text(statement)
    if "ids" in values:
        prepared = prepared.bindparams(IDS)
    return session.connection().execute(prepared, values).rowcount
