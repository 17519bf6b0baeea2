"""Who sees which row: what was written about an inquiry."""

from hotline.inquiries.rows import ACCEPTED, HOME, LIVE, OF_INQUIRY, TAKEN
from hotline.rows import (
    AGENT, ALL, CONSOLE, INTEGRATOR, ME, NOBODY, SECRETARIAT, SEE, SOMEBODY, TEAM_LEAD, VIEWER, WORK, Line)  # fmt: skip

LINES = (
    Line("note", (WORK,), ALL),
    Line("note", (CONSOLE,), (SEE,), f"{SOMEBODY} AND {TAKEN}"),
    Line("note", (AGENT,), (SEE,), ACCEPTED),
    Line("note", (TEAM_LEAD,), (SEE,), f"{HOME} OR {ACCEPTED}"),
    Line("note", (SECRETARIAT,), (SEE,)),
    Line("note", (VIEWER, INTEGRATOR), (SEE,), NOBODY),
    # A thread is read by whoever reads the notes, and by the integrator that carries it.
    Line("message", (WORK,), ALL),
    Line("message", (CONSOLE,), (SEE,), f"{SOMEBODY} AND {TAKEN}"),
    Line("message", (AGENT,), (SEE,), ACCEPTED),
    Line("message", (TEAM_LEAD,), (SEE,), f"{HOME} OR {ACCEPTED}"),
    Line("message", (SECRETARIAT,), (SEE,)),
    Line("message", (INTEGRATOR,), (SEE,), OF_INQUIRY),
    Line("message", (VIEWER,), (SEE,), NOBODY),
    # What somebody is still writing is theirs alone.
    Line("note_draft", (WORK,), ALL),
    Line("note_draft", (CONSOLE,), (SEE,), f"{SOMEBODY} AND {LIVE}"),
    Line("note_draft", (AGENT, TEAM_LEAD), (SEE,), f"agent_id = {ME}"),
)
