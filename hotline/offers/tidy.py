"""tidy(): forgets what was set aside and is by now nothing that its duty would do anything with."""

from sqlalchemy import text
from sqlmodel import Session

from hotline.db import rows_changed
from hotline.inquiries.states import HELD, PARKED, QUEUED, State, sql

INQUIRY = "EXISTS (SELECT 1 FROM inquiry i WHERE i.id = CAST(s.item AS uuid) AND i.state IN {states})"
AN_OPEN_OFFER = "EXISTS (SELECT 1 FROM offer o WHERE o.id = CAST(s.item AS bigint) AND o.state = 'open')"
AT_WORK = "EXISTS (SELECT 1 FROM agent_work w WHERE w.agent_id = CAST(s.item AS bigint) AND {is_there})"
WAITING = INQUIRY.format(states=sql((State.WAITING,)))
READY = AT_WORK.format(is_there="w.connected AND w.presence = 'available'")

# Whether the duty has still to do with it: an inquiry that was ended another way, an offer that was answered, an agent
# who has gone away are nobody's concern any more. What is not here, such as a line of the journal, stays.
CONCERNS = {
    "classify": INQUIRY.format(states=sql((State.RECEIVED,))),
    "lapse": AN_OPEN_OFFER,
    "withdraw": AN_OPEN_OFFER,
    "callback": INQUIRY.format(states=sql((*PARKED, *QUEUED))),
    "widen": WAITING,
    "unserved": WAITING,
    "route": f"CASE WHEN s.item ~ '^[0-9]+$' THEN {READY} ELSE {WAITING} END",
    "absence": AT_WORK.format(is_there="w.connected"),
    "flag": f"EXISTS (SELECT 1 FROM inquiry i WHERE i.agent_id = CAST(s.item AS bigint) AND i.state IN {sql(HELD)}"
    " AND i.flag IS NULL)",
    "give back": INQUIRY.format(states=sql(HELD)),
    "retain": "EXISTS (SELECT 1 FROM inquiry i WHERE i.id = CAST(s.item AS uuid) AND i.texts_erased_at IS NULL)",
}
# CASE alone is worked out in the order that it is written in: no item is cast to what it is not.
TIDY = text(
    "DELETE FROM set_aside s WHERE NOT CASE s.duty "
    + " ".join(f"WHEN '{duty}' THEN {concerns}" for duty, concerns in CONCERNS.items())
    + " ELSE true END"
)


def tidy(session: Session) -> int:
    """How many rows are no longer passed over, nor named by `hotline check`."""
    return rows_changed(session, TIDY, {})
