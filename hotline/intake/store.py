"""store(): many drafts, one statement, one transaction; each stored once, whatever is sent again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from pydantic import ConfigDict, TypeAdapter

from hotline.errors import HotlineError
from hotline.inquiries.facts import Received
from hotline.inquiries.states import QUEUED, Event, sql
from hotline.inquiries.step import lines, then
from hotline.intake.draft import Answer, Draft
from hotline.intake.errors import DuplicateExternalId, KeyReused, StillRunning

# A draft whose key or external id is known already is left out; `explain` says what became of it. So is one whose key
# another transaction holds at this very moment: until it ends, however it ends, its lock on the key says so. An
# external id that another stores just now makes the statement wait and then fail, and the caller tries again.
# A call whose number another transaction is storing a call of just now is tried again once that is through, or the two
# would not know of each other; after a hundred tries it is stored all the same, for the other may hang.
# The call of this caller that draft `d` follows: one that is in the queue still, and keeps its place until it is given
# up (offers/abandon.py); or one given up a short while ago, or parked to be called back, whose place the new one takes.
# It is among the last that this number rang; a switchboard's number may have rung thousands of times before.
LONG_BEHIND = 100
LAST = 20
EARLIER = f"""
    SELECT i.id, CASE WHEN i.state IN ('abandoned', 'callback') THEN i.queued_at END AS place
    FROM (SELECT inquiry_id FROM citizen WHERE phone_hash = decode(d.phone_hash, 'hex')
          ORDER BY inquiry_id DESC LIMIT {LAST}) c
    JOIN inquiry i ON i.id = c.inquiry_id
    WHERE d.channel = 'phone' AND d.phone_hash IS NOT NULL
      AND i.municipality = d.municipality
      AND (i.state = 'callback' OR i.channel = 'phone' AND d.redial_seconds > 0 AND (
           i.state IN {sql(QUEUED)}
           OR i.state = 'abandoned' AND i.ended_at > $2::timestamptz - make_interval(secs => d.redial_seconds)))
      AND NOT EXISTS (SELECT 1 FROM inquiry later WHERE later.resumes = i.id)
    ORDER BY i.ended_at DESC NULLS FIRST, i.id DESC LIMIT 1
"""
RINGS_AGAIN = f"""
    SELECT EXISTS (
        SELECT 1 FROM (SELECT $1::text AS channel, $3::text AS phone_hash, $4::text AS municipality,
                              $5::float8 AS redial_seconds) d
        CROSS JOIN LATERAL ({EARLIER}) earlier)
"""

STORE = f"""
    WITH draft AS MATERIALIZED (
        SELECT d.*, d.key IS NULL OR pg_try_advisory_xact_lock(hashtextextended(d.key, d.integrator_id)) AS free,
               d.channel <> 'phone' OR d.phone_hash IS NULL OR coalesce(d.behind, 0) >= {LONG_BEHIND}
               OR pg_try_advisory_xact_lock(hashtextextended(d.phone_hash, 0)) AS in_turn
        FROM jsonb_to_recordset($1::text::jsonb) AS d(
            id uuid, reference text, integrator_id bigint, external_id text, channel text, municipality text,
            text text, attributes jsonb, topic text, topic_hint jsonb, language text, priority smallint,
            priority_given boolean, received_at timestamptz, outside boolean, redial_seconds float8,
            behind int,
            key text, body_hash text, answer text,
            name text, phone text, email text, cpr text, phone_hash text, email_hash text, cpr_hash text, kept jsonb)
    ), fresh AS (
        SELECT d.*, earlier.id AS resumes, earlier.place AS earlier
        FROM draft d
        LEFT JOIN LATERAL (
            {EARLIER}
        ) earlier ON true
        WHERE d.free AND d.in_turn
          AND NOT EXISTS (SELECT 1 FROM idempotency_key k WHERE k.integrator_id = d.integrator_id AND k.key = d.key)
          AND NOT EXISTS (SELECT 1 FROM inquiry i
                          WHERE i.integrator_id = d.integrator_id AND i.external_id = d.external_id)
    ), stored AS (
        INSERT INTO inquiry (id, reference, integrator_id, external_id, resumes, channel, municipality, text,
                             attributes, state, topic, topic_hint, language, priority, priority_given, outside,
                             received_at, queued_at)
        SELECT id, reference, integrator_id, external_id, resumes, channel, municipality, text, attributes,
               {then(Event.RECEIVED)}, topic, topic_hint, language, priority, priority_given, outside, received_at,
               least(coalesce(earlier, received_at), received_at)
        FROM fresh
        RETURNING id, municipality, topic, channel, received_at, resumes
    ), keyed AS (
        INSERT INTO idempotency_key (integrator_id, key, body_hash, inquiry_id, answer, made_at)
        SELECT f.integrator_id, f.key, decode(f.body_hash, 'hex'), f.id, f.answer::json, $2 FROM fresh f
        WHERE f.key IS NOT NULL
    ), known AS (
        INSERT INTO citizen (inquiry_id, name, phone, email, cpr, phone_hash, email_hash, cpr_hash)
        SELECT id, decode(name, 'hex'), decode(phone, 'hex'), decode(email, 'hex'), decode(cpr, 'hex'),
               decode(phone_hash, 'hex'), decode(email_hash, 'hex'), decode(cpr_hash, 'hex')
        FROM fresh WHERE coalesce(name, phone, email, cpr) IS NOT NULL
    ), kept AS (
        INSERT INTO kept_cpr (inquiry_id, n, place, position, sealed, number_hash, may_reveal)
        SELECT f.id, k.n, k.place, k.position, decode(k.sealed, 'hex'), decode(k.number_hash, 'hex'), k.may_reveal
        FROM fresh f CROSS JOIN LATERAL jsonb_to_recordset(f.kept)
            AS k(n int, place text, position int, sealed text, number_hash text, may_reveal boolean)
    ), written AS (
        {lines(Received, "$2", "stored", received_at="received_at", resumes="resumes")} FROM stored
    )
    SELECT id, 'stored' AS outcome FROM stored
    UNION ALL SELECT id, CASE WHEN free THEN 'behind' ELSE 'running' END FROM draft WHERE NOT (free AND in_turn)
"""

# Key and external id as of one moment: a first request that commits between two looks would stand there as a duplicate.
EXPLAIN = """
    SELECT k.body_hash, k.answer, i.id FROM (SELECT) AS asked
    LEFT JOIN idempotency_key k ON k.integrator_id = $1 AND k.key = $2
    LEFT JOIN inquiry i ON i.integrator_id = $1 AND i.external_id = $3
"""

ROWS = TypeAdapter(list[dict[str, Any]], config=ConfigDict(ser_json_bytes="hex"))


class Behind:
    """Another call of this number is being stored just now."""


Outcome = Answer | HotlineError


async def store(pool: asyncpg.Pool, drafts: Sequence[Draft], now: datetime) -> dict[UUID, Outcome | Behind]:
    """Store the drafts, and give back by id the answers of those that were stored.

    StillRunning stands for a draft whose key another request holds just now, Behind for a call to be tried again in a
    moment. One that is known is left out: `explain`
    says what it is. Two drafts of one batch must not share a key or an external id. Raises
    asyncpg.UniqueViolationError where another request was storing the same at the same moment: nothing of the batch
    is stored then.
    """
    rows = ROWS.dump_json([_row(draft) for draft in drafts]).decode()
    found = await pool.fetch(STORE, rows, now)
    by_id = {draft.id: draft.answer for draft in drafts}
    others: dict[str, Outcome | Behind] = {"running": StillRunning(), "behind": Behind()}
    return {row["id"]: others.get(row["outcome"]) or by_id[row["id"]] for row in found}


async def rings_again(pool: asyncpg.Pool, draft: Draft, now: datetime) -> bool:
    """Whether its caller is in the queue already, or gave up a place that this call takes."""
    phone = draft.citizen.get("phone_hash")
    asked = draft.row["channel"], now, phone.hex() if phone else None
    return bool(await pool.fetchval(RINGS_AGAIN, *asked, draft.row["municipality"], draft.row["redial_seconds"]))


async def explain(pool: asyncpg.Pool, draft: Draft) -> Outcome | None:
    """What to answer for a draft that was left out: the first answer again, KeyReused, or DuplicateExternalId.

    None where nothing stands in its way any more, and it may be tried again.
    """
    found = await pool.fetchrow(EXPLAIN, draft.integrator_id, draft.key, draft.external_id)
    if found["answer"] is not None:
        return Answer.of(found["answer"]) if found["body_hash"] == draft.body_hash else KeyReused()
    return DuplicateExternalId(id=str(found["id"])) if found["id"] else None


def _row(draft: Draft) -> dict[str, Any]:
    names = {"key": draft.key, "body_hash": draft.body_hash, "answer": draft.answer.body.decode(), "kept": draft.kept}
    return draft.row | draft.citizen | names
