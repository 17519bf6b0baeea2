"""What waits in vain for a language or for one agent is opened to more agents."""

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from hotline.clock import at, seconds
from hotline.db import rows_changed
from hotline.directory.together import together
from hotline.duties import NOT_ASIDE, is_no_rows_fault, said, set_aside
from hotline.logs import log
from hotline.queue.circles import CLASSES, FOR_ONE, waiting_circles, who_answers
from hotline.queue.opening import bring_up_to_date
from hotline.routing import timing
from hotline.routing.model import ANY_LANGUAGE
from hotline.routing.policy import Policy

NOBODY_SPEAKS_IT = (
    CLASSES
    + """
    , answers AS (SELECT * FROM jsonb_to_recordset(:answers) AS r(municipality text, circle text))
    UPDATE inquiry i SET speaks = :anyone
    FROM class c
    WHERE i.state = 'waiting' AND i.circle = c.circle AND i.topic = c.topic AND i.speaks = c.speaks
      AND c.speaks <> :anyone AND i.widens_at IS NULL
      AND NOT EXISTS (
          SELECT 1 FROM agent_work w JOIN agent a ON a.id = w.agent_id JOIN agent_skill s USING (agent_id)
          WHERE s.topic = c.topic AND w.connected AND w.presence <> 'offline' AND c.speaks = ANY(a.languages)
            AND (a.municipality, c.circle) IN (SELECT municipality, circle FROM answers))
"""
)

WAITED_LONG_ENOUGH = (
    CLASSES
    + """
    UPDATE inquiry i SET speaks = :anyone
    FROM class c
    WHERE i.state = 'waiting' AND i.circle = c.circle AND i.topic = c.topic AND i.speaks = c.speaks
      AND c.speaks <> :anyone AND NOT c.speaks = ANY(:always) AND i.queued_at <= :before
"""
)

MEANT_FOR_ONE = f"""
    UPDATE inquiry i SET only_agent = NULL, only_until = NULL
    WHERE {FOR_ONE.format(of="i")}
      AND (i.only_until <= :now OR NOT EXISTS (
          SELECT 1 FROM agent a JOIN agent_work w ON w.agent_id = a.id
          JOIN jsonb_to_recordset(:answers) AS r(municipality text, circle text) ON r.municipality = a.municipality
          WHERE a.id = i.only_agent AND r.circle = i.circle AND w.connected AND w.presence = 'available'))
"""
TRIED = f" AND {NOT_ASIDE.format(duty='widen', item='i.id::text')}"
WAITING = text("SELECT id FROM inquiry i WHERE state = 'waiting'" + TRIED)


def widen(session: Session, now: datetime, policy: Policy) -> int:
    """Open what is due to more agents, and say how many inquiries that were.

    A language is no longer asked for where nobody signed in who may answer speaks it and has the topic, once all rings
    are open, or, when it is not Danish, once the policy's grace is over; an inquiry kept for one agent goes to all when
    its time is up, or they are not there to take it any more.
    """
    waiting = waiting_circles(session)
    if not waiting:
        return 0
    who = together(session, now)
    if bring_up_to_date(session, waiting, who, now):
        waiting = waiting_circles(session)
    answers = who_answers(who, waiting)
    before = at(timing.widened_before(seconds(now), policy))
    always = sorted(timing.ALWAYS_ASKED_FOR)
    return (
        _open(session, NOBODY_SPEAKS_IT, {"anyone": ANY_LANGUAGE, "answers": answers})
        + _open(session, WAITED_LONG_ENOUGH, {"anyone": ANY_LANGUAGE, "always": always, "before": before})
        + _open(session, MEANT_FOR_ONE, {"now": now, "answers": answers})
    )


def _open(session: Session, statement: str, values: dict[str, Any]) -> int:
    """All at once; where that breaks a rule of the database one by one, and what fails alone is set aside."""
    try:
        with session.begin_nested():
            return rows_changed(session, text(statement + TRIED), values)
    except DBAPIError as error:
        if is_no_rows_fault(error):
            raise
        log(__name__).warning("one by one", duty="widen", error=said(error))
    opened = 0
    for one in session.execute(WAITING).scalars().all():
        try:
            with session.begin_nested():
                opened += rows_changed(session, text(statement + " AND i.id = :one"), values | {"one": one})
        except DBAPIError as error:
            if is_no_rows_fault(error):
                raise
            set_aside("widen", one, error)
    return opened
