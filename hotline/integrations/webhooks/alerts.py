"""Alerts on their way to webhooks: who hears of one, and what is said."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from hotline.access.keys import Scope

SOURCE = "/alerts"
TYPE = "hotline.alert."
NEEDED = (Scope.READ, Scope.STATISTICS, Scope.WEBHOOKS)

# A number below nought is that of no line of the journal: the notice's own. What is about the pool is for keys that are
# bound to no municipality.
WRITE = text("""
    INSERT INTO webhook_delivery (webhook_id, line_id, alert_id, event, made_at, due_at)
    SELECT w.id, -n.id, a.id, n.event, :now, :now
    FROM alert_notice n JOIN alert a ON a.id = n.alert_id
    JOIN webhook w ON w.active AND n.event = ANY(w.events)
        AND (w.municipalities = '{}' OR a.kind = 'promise' AND a.subject = ANY(w.municipalities))
    WHERE n.id = ANY(:notices)
    ORDER BY n.id, w.id
    ON CONFLICT (webhook_id, line_id) DO NOTHING
""")
NOTICE = text("""
    SELECT n.id, n.event, n.at, n.value, a.kind, a.subject, a.begun_at
    FROM alert_notice n JOIN alert a ON a.id = n.alert_id WHERE n.id = :notice
""")


def write_down(session: Session, notices: Sequence[int], now: datetime) -> None:
    """Whoever has asked for it hears of these (numbers of alert_notice), each once."""
    session.execute(WRITE, {"notices": list(notices), "now": now})


def event(session: Session, line_id: int) -> dict[str, Any]:
    """The CloudEvent of a delivery of this number; the same whatever became of the alert since."""
    told = session.execute(NOTICE, {"notice": -line_id}).one()
    began = told.event == "alert_began"
    facts = {"kind": told.kind, "subject": told.subject, "begun_at": told.begun_at}
    facts |= {"value": told.value} if began else {"ended_at": told.at, "worst": told.value}
    return {
        "specversion": "1.0",
        "id": f"alert_{told.id}",
        "source": SOURCE,
        "type": f"{TYPE}{told.event.removeprefix('alert_')}",
        "subject": f"{told.kind}/{told.subject}",
        "time": told.at,
        "datacontenttype": "application/json",
        "data": facts,
    }
