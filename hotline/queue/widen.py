"""What waits in vain for a language or for one agent is opened to more agents."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from hotline.db import rows_changed
from hotline.duties import NOT_ASIDE, PASSING, said, set_aside
from hotline.logs import log
from hotline.routing.model import ANY_LANGUAGE
from hotline.routing.policy import Policy

# A loose index scan: one step for each topic and language that waits, however many inquiries do.
CLASSES = """
    WITH RECURSIVE class AS (
        (SELECT topic, speaks FROM inquiry WHERE state = 'waiting' ORDER BY topic, speaks LIMIT 1)
        UNION ALL
        SELECT n.topic, n.speaks FROM class c CROSS JOIN LATERAL (
            SELECT w.topic, w.speaks FROM inquiry w
            WHERE w.state = 'waiting' AND (w.topic, w.speaks) > (c.topic, c.speaks)
            ORDER BY w.topic, w.speaks LIMIT 1
        ) n
    )
"""

NOBODY_SPEAKS_IT = (
    CLASSES
    + """
    UPDATE inquiry i SET speaks = :anyone
    FROM class c
    WHERE i.state = 'waiting' AND i.topic = c.topic AND i.speaks = c.speaks AND c.speaks <> :anyone
      AND NOT EXISTS (
          SELECT 1 FROM agent a JOIN agent_skill s ON s.agent_id = a.id
          WHERE s.topic = c.topic AND a.connected AND a.presence <> 'offline' AND c.speaks = ANY(a.languages))
"""
)

WAITED_LONG_ENOUGH = (
    CLASSES
    + """
    UPDATE inquiry i SET speaks = :anyone
    FROM class c
    WHERE i.state = 'waiting' AND i.topic = c.topic AND i.speaks = c.speaks AND c.speaks NOT IN (:anyone, 'da')
      AND i.queued_at <= :before
"""
)

MEANT_FOR_ONE = """
    UPDATE inquiry i SET only_agent = NULL, only_until = NULL
    WHERE state = 'waiting' AND only_agent IS NOT NULL AND only_until <= :now
"""
TRIED = f" AND {NOT_ASIDE.format(duty='widen', item='i.id::text')}"
WAITING = text("SELECT id FROM inquiry i WHERE state = 'waiting'" + TRIED)


def widen(session: Session, now: datetime, policy: Policy) -> int:
    """Open what is due to more agents, and say how many inquiries that were.

    A language is no longer asked for where nobody signed in speaks it and has the topic, or, when it is not Danish,
    once the policy's grace is over; an inquiry kept for one agent goes to all when its time is up.
    """
    anyone = {"anyone": ANY_LANGUAGE}
    before = anyone | {"before": now - timedelta(seconds=policy.language_grace)}
    return (
        _open(session, NOBODY_SPEAKS_IT, anyone)
        + _open(session, WAITED_LONG_ENOUGH, before)
        + _open(session, MEANT_FOR_ONE, {"now": now})
    )


def _open(session: Session, statement: str, values: dict[str, Any]) -> int:
    """All at once; where that breaks a rule of the database one by one, and what fails alone is set aside."""
    try:
        with session.begin_nested():
            return rows_changed(session, text(statement + TRIED), values)
    except PASSING:
        raise
    except DBAPIError as error:
        log(__name__).warning("one by one", duty="widen", error=said(error))
    opened = 0
    for one in session.execute(WAITING).scalars().all():
        try:
            with session.begin_nested():
                opened += rows_changed(session, text(statement + " AND i.id = :one"), values | {"one": one})
        except PASSING:
            raise
        except DBAPIError as error:
            set_aside("widen", one, error)
    return opened
