"""Erases by rule and on request: who asked, then what was written; figures stay, and each run leaves its counts."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import Uuid
from sqlmodel import Session

from hotline.duties import NOT_ASIDE, forget, is_no_rows_fault, said, set_aside
from hotline.inquiries import states
from hotline.inquiries.states import sql
from hotline.logs import log
from hotline.privacy.lookups import OURS
from hotline.privacy.models import RetentionRun
from hotline.privacy.typed import WISHES, forget_reasons

BATCH = 1000
RETAIN = "retain"
AT_ONCE = "retain at once"  # the statements that are about more than inquiries, each by its name
TRIED = NOT_ASIDE.format(duty=RETAIN, item="i.id::text")
T = TypeVar("T")
IDENTITY_DAYS, TEXT_DAYS = 30, 180  # of a municipality that is in no collaboration any more
UNDO_HOURS = 24  # after the end, for numbers that are there only to be put back where they were none

ENDED = f"i.state IN {sql(states.ENDED)}"
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
NOT_HANDED_OVER = "EXISTS (SELECT 1 FROM {table} n WHERE n.inquiry_id = i.id AND n.handed_over_at IS NULL)"
TO_HAND_OVER = f"r.hand_over AND ({' OR '.join(NOT_HANDED_OVER.format(table=one) for one in ('note', 'message'))})"

# An id of an integrator's own may be anything, a mail address as well; so may a reason that somebody typed.
IDENTITIES_DUE = f"""{RULES}
    SELECT i.id FROM (SELECT inquiry_id FROM citizen UNION SELECT inquiry_id FROM kept_cpr
                      UNION SELECT inquiry_id FROM idempotency_key
                      UNION SELECT inquiry_id FROM message WHERE key IS NOT NULL
                      UNION SELECT inquiry_id FROM received_mail WHERE head IS NOT NULL AND inquiry_id IS NOT NULL
                      UNION SELECT id FROM inquiry WHERE external_id IS NOT NULL AND ended_at IS NOT NULL
                      UNION SELECT inquiry_id FROM offer WHERE answer_reason IS NOT NULL AND state = 'refused') held
    JOIN inquiry i ON i.id = held.inquiry_id JOIN rule r ON r.code = i.municipality
    WHERE {IDENTITY_IS_DUE} AND {TRIED} LIMIT :most
"""
TEXTS_DUE = f"""{RULES}
    SELECT i.id FROM inquiry i JOIN rule r ON r.code = i.municipality
    WHERE {TEXTS_ARE_DUE} AND NOT ({TO_HAND_OVER}) AND {TRIED} LIMIT :most
"""
# What a citizen asked for while the inquiry was still open.
ASKED_FOR = f"""{RULES}
    SELECT i.id, {TO_HAND_OVER} AS must_hand_over FROM inquiry i JOIN rule r ON r.code = i.municipality
    WHERE i.erase_asked_at IS NOT NULL AND {ENDED} AND {TRIED}
      AND (NOT ({TO_HAND_OVER}) OR i.external_id IS NOT NULL
           OR EXISTS (SELECT 1 FROM citizen c WHERE c.inquiry_id = i.id)
           OR EXISTS (SELECT 1 FROM kept_cpr k WHERE k.inquiry_id = i.id)) LIMIT :most
"""
# Reasons beside an inquiry: of looks at what is erased by now or at nothing, and of agents' breaks.
LOOKS_REASONS = f"""{RULES}
    UPDATE lookup SET why = NULL WHERE id IN (
        SELECT l.id FROM lookup l LEFT JOIN inquiry i ON i.id = l.inquiry_id LEFT JOIN rule r ON r.code = i.municipality
        WHERE l.why IS NOT NULL AND l.why <> ALL(:ours)
          AND CASE WHEN i.id IS NULL THEN l.at < {NOW} - make_interval(days => {IDENTITY_DAYS})
                   ELSE {IDENTITY_IS_DUE} END
        LIMIT :most)
"""
BREAKS_REASONS = f"""
    UPDATE presence_change SET reason = NULL WHERE id IN (
        SELECT id FROM presence_change
        WHERE reason IS NOT NULL AND at < {NOW} - make_interval(days => {IDENTITY_DAYS}) LIMIT :most)
"""
BREAK_REASONS_OF_NOW = f"""
    UPDATE agent_work w SET presence_reason = NULL
    WHERE w.presence_reason IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM presence_change c WHERE c.agent_id = w.agent_id AND c.reason = w.presence_reason
        AND c.at >= {NOW} - make_interval(days => {IDENTITY_DAYS}))
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
    asked = {"now": now, "most": most}
    due = session.execute(text(ASKED_FOR), asked).all()
    free = [row.id for row in due if not row.must_hand_over]
    ids = dict.fromkeys([row.id for row in due] + list(session.execute(text(IDENTITIES_DUE), asked).scalars()))
    identities = Identities(0, 0, 0, 0)
    asked_for = {row.id for row in due}
    for done in _each(session, ids, lambda some: erase_identities(session, some, asked_for)):
        identities = identities.and_(done)
    kept_cpr = identities.kept_cpr + _alone(session, "put back", PUT_BACK_IS_OVER, asked)
    reasons = identities.reasons + _alone(session, "looks", LOOKS_REASONS, asked | {"ours": list(OURS)})
    for part, statement in (("breaks", BREAKS_REASONS), ("breaks of now", BREAK_REASONS_OF_NOW), ("wishes", WISHES)):
        reasons += _alone(session, part, statement, asked)
    ids = dict.fromkeys(free + list(session.execute(text(TEXTS_DUE), asked).scalars()))
    erased = _each(session, ids, lambda some: erase_texts(session, some, now))
    texts, notes = (sum(counts) for counts in zip((0, 0), *erased, strict=True))
    lookups = "DELETE FROM lookup WHERE at < CAST(:now AS timestamptz) - interval '2 years' - interval '1 day'"
    run = RetentionRun(
        at=now,
        identities=identities.citizens,
        kept_cpr=kept_cpr,
        request_keys=identities.request_keys,
        reasons=reasons,
        texts=texts,
        notes=notes,
        lookups=_alone(session, "lookups", lookups, {"now": now}),
        held_back=session.execute(text(HELD_BACK), {"now": now}).scalar_one(),
    )
    session.add(run)
    session.flush()
    return run


def more_is_due(run: RetentionRun, most: int = BATCH) -> bool:
    """Whether this run stopped at its limit rather than at the end."""
    return max(run.identities, run.kept_cpr, run.request_keys, run.reasons, run.texts) >= most


@dataclass(frozen=True)
class Identities:
    """How much was erased of who asked: citizens' fields, CPR numbers, marks of requests, reasons that somebody typed.

    An external id counts as a mark of its request.
    """

    citizens: int
    kept_cpr: int
    request_keys: int
    reasons: int

    def and_(self, other: "Identities") -> "Identities":
        """Both together."""
        return Identities(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


def _each(session: Session, ids: Iterable[UUID], erase: Callable[[list[UUID]], T]) -> list[T]:
    """All at once; where that breaks a rule of the database one by one, and what fails alone is set aside."""
    some = list(ids)
    try:
        with session.begin_nested():
            done = erase(some)
            forget(session, RETAIN, *some)
            return [done]
    except DBAPIError as error:
        if is_no_rows_fault(error):
            raise
        log(__name__).warning("one by one", duty=RETAIN, error=said(error))
    alone = []
    for one in some:
        try:
            with session.begin_nested():
                alone.append(erase([one]))
                forget(session, RETAIN, one)
        except DBAPIError as error:
            if is_no_rows_fault(error):
                raise
            set_aside(RETAIN, one, error)
    return alone


def _alone(session: Session, part: str, statement: str, values: Mapping[str, object]) -> int:
    """The rows of a statement; where it breaks a rule of the database none, and the part is set aside by its name."""
    try:
        with session.begin_nested():
            rows = _rows(session, statement, values)
            forget(session, AT_ONCE, part)
            return rows
    except DBAPIError as error:
        if is_no_rows_fault(error):
            raise
        set_aside(AT_ONCE, part, error)
        return 0


def erase_identities(session: Session, inquiry_ids: Sequence[UUID], asked_for: Collection[UUID] = ()) -> Identities:
    """Everything beside texts and notes by which it could be told who asked.

    Of those whose citizen has `asked_for` it, what was typed beside them meanwhile as well.
    """
    meanwhile = forget_reasons(session, None, [one for one in inquiry_ids if one in asked_for])
    ids = {"ids": list(inquiry_ids)}
    _rows(session, "UPDATE received_mail SET head = NULL WHERE inquiry_id = ANY(:ids) AND head IS NOT NULL", ids)
    typed = "state = 'refused' AND answer_reason IS NOT NULL"
    refusals = f"UPDATE offer SET answer_reason = NULL WHERE inquiry_id = ANY(:ids) AND {typed}"
    looks = "UPDATE lookup SET why = NULL WHERE inquiry_id = ANY(:ids) AND why IS NOT NULL AND why <> ALL(:ours)"
    return Identities(
        citizens=_rows(session, "DELETE FROM citizen WHERE inquiry_id = ANY(:ids)", ids),
        kept_cpr=_rows(session, "DELETE FROM kept_cpr WHERE inquiry_id = ANY(:ids)", ids),
        request_keys=_rows(session, "DELETE FROM idempotency_key WHERE inquiry_id = ANY(:ids)", ids)
        + _rows(session, "UPDATE message SET key = NULL WHERE inquiry_id = ANY(:ids) AND key IS NOT NULL", ids)
        + _rows(session, "UPDATE inquiry SET external_id = NULL WHERE id = ANY(:ids) AND external_id IS NOT NULL", ids),
        reasons=_rows(session, refusals, ids) + _rows(session, looks, ids | {"ours": list(OURS)}) + meanwhile,
    )


def erase_texts(session: Session, inquiry_ids: Sequence[UUID], now: datetime) -> tuple[int, int]:
    """What was written: text, attributes, messages, notes and their drafts; how many inquiries, and how many notes."""
    ids = {"ids": list(inquiry_ids)}
    for table in ("note_draft", "message", "received_mail"):
        _rows(session, f"DELETE FROM {table} WHERE inquiry_id = ANY(:ids)", ids)
    notes = _rows(session, "DELETE FROM note WHERE inquiry_id = ANY(:ids)", ids)
    texts = _rows(
        session,
        "UPDATE inquiry SET text = '', attributes = '{}', topic_hint = NULL, erase_asked_at = NULL,"
        " texts_erased_at = :now WHERE id = ANY(:ids)",
        ids | {"now": now},
    )
    return texts, notes


def _rows(session: Session, statement: str, values: Mapping[str, object]) -> int:
    prepared = text(statement)
    if "ids" in values:
        prepared = prepared.bindparams(IDS)
    return session.connection().execute(prepared, values).rowcount
