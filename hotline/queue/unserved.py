"""What nobody on duty can take is known by class within a second, and written work of it goes home after a while."""

from datetime import datetime
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlmodel import Session

from hotline.clock import at, seconds
from hotline.directory.queries import load
from hotline.directory.snapshot import Directory
from hotline.directory.together import together
from hotline.duties import NOT_ASIDE
from hotline.inquiries.ended import forget_if_asked
from hotline.inquiries.facts import HandedOver
from hotline.inquiries.models import LIVE_CHANNELS, Inquiry
from hotline.inquiries.step import step
from hotline.queue.circles import CLASSES, waiting_circles
from hotline.routing import timing
from hotline.routing.model import ANY_LANGUAGE
from hotline.routing.policy import Policy
from hotline.routing.together import Together

UNSERVED = "unserved"  # the duty
NOBODY = "nobody on duty"
LIVE = sorted(LIVE_CHANNELS)
Class = tuple[str, str, str]  # a circle, a topic, a language

# Of each class that waits, whether anybody available may take it, now or once a ring widens. A language that waiting
# widens is not asked for. OFFSET 0 has the planner begin with the few who have a topic, class by class.
LACKING = text(
    CLASSES
    + """
    , answers AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(:answers) AS r(municipality text, circle text))
    SELECT c.circle, c.topic, c.speaks FROM class c
    WHERE NOT EXISTS (
        SELECT FROM (SELECT agent_id FROM agent_skill WHERE topic = c.topic OFFSET 0) s
        JOIN agent_work w ON w.agent_id = s.agent_id JOIN agent a ON a.id = s.agent_id
        WHERE w.connected AND w.presence = 'available'
          AND (c.speaks = :anyone OR NOT c.speaks = ANY(:always) OR c.speaks = ANY(a.languages))
          AND (a.municipality, c.circle) IN (SELECT municipality, circle FROM answers))
"""
)
KNOWN = text("SELECT circle, topic, speaks FROM unserved")
FORGET = text("""
    DELETE FROM unserved u USING jsonb_to_recordset(:classes) AS c(circle text, topic text, speaks text)
    WHERE (u.circle, u.topic, u.speaks) = (c.circle, c.topic, c.speaks)
""")
NOTE = text("""
    INSERT INTO unserved (circle, topic, speaks, since)
    SELECT circle, topic, speaks, :now FROM jsonb_to_recordset(:classes) AS c(circle text, topic text, speaks text)
    ON CONFLICT DO NOTHING
""")
# Citizens from outside have no municipality here that could go on with it.
GOES_HOME = text(f"""
    SELECT i.id FROM unserved u CROSS JOIN LATERAL (
        SELECT id, queued_at FROM inquiry w
        WHERE w.state = 'waiting' AND w.circle = u.circle AND w.topic = u.topic AND w.speaks = u.speaks
          AND (w.channel = 'phone') = false AND w.channel <> ALL (:live)
          AND w.only_agent IS NULL AND NOT w.outside AND w.queued_at <= :before
          AND (CAST(:id AS uuid) IS NULL OR w.id = :id)
        ORDER BY w.deadline, w.id LIMIT 200
    ) i
    WHERE u.since <= :before AND {NOT_ASIDE.format(duty=UNSERVED, item="i.id::text")}
    ORDER BY i.queued_at LIMIT 200
""")


def note_unserved(session: Session, now: datetime) -> int:
    """Note which classes of what waits nobody available can take at `now` (aware), and how many those are.

    While the hotline is closed to all of a class's citizens nobody is missed.
    """
    waiting = waiting_circles(session)
    known = {tuple(row) for row in session.execute(KNOWN)}
    if not waiting and not known:
        return 0
    lacking = _lacking(session, waiting, now) if waiting else set()
    if known - lacking:
        session.execute(FORGET, {"classes": _rows(known - lacking)})
    if lacking - known:
        session.execute(NOTE, {"classes": _rows(lacking - known), "now": now})
    return len(lacking)


def going_home(session: Session, now: datetime, policy: Policy) -> list[UUID]:
    """Written work that nobody on duty could take for as long as the policy says; at the most 200."""
    asked = {"id": None, "live": LIVE, "before": at(timing.goes_home_before(seconds(now), policy))}
    return list(session.execute(GOES_HOME, asked).scalars())


def hand_over_unserved(session: Session, inquiry_id: UUID, now: datetime, policy: Policy) -> bool:
    """The citizen's own municipality goes on with it; false where somebody can take it, or has taken it, by now."""
    inquiry = session.get_one(Inquiry, inquiry_id, with_for_update=True, populate_existing=True)
    asked = {"id": inquiry_id, "live": LIVE, "before": at(timing.goes_home_before(seconds(now), policy))}
    if session.execute(GOES_HOME, asked).first() is None:
        return False
    inquiry.ended_at = now
    forget_if_asked(session, inquiry)
    step(session, inquiry, HandedOver(talk_seconds=0.0, wrap_seconds=0.0, reason=NOBODY), now)
    return True


def _lacking(session: Session, waiting: set[str], now: datetime) -> set[Class]:
    who = together(session, now)
    answers = [{"municipality": code, "circle": one} for one in sorted(waiting) for code in sorted(who.open_later(one))]
    asked = {"answers": Jsonb(answers), "anyone": ANY_LANGUAGE, "always": sorted(timing.ALWAYS_ASKED_FOR)}
    found = {tuple(row) for row in session.execute(LACKING, asked)}
    are_open = _open(load(session), who, now) if found else frozenset()
    return {one for one in found if not who.open_to(one[0]).isdisjoint(are_open)}


def _open(directory: Directory, who: Together, now: datetime) -> frozenset[str]:
    """The municipalities of a collaboration that is open at `now`; those in none are open while any is."""
    by_collaboration = [agreed.members for number, agreed in who.agreements.items() if directory.is_open(number, now)]
    if not by_collaboration:
        return frozenset()
    members = frozenset[str]().union(*(agreed.members for agreed in who.agreements.values()))
    return frozenset(who.municipalities).difference(members).union(*by_collaboration)


def _rows(classes: set[Class]) -> Jsonb:
    return Jsonb([dict(zip(("circle", "topic", "speaks"), one, strict=True)) for one in sorted(classes)])
