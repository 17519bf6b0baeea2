"""Who sees which row: inquiries, their citizens, their offers, and what was done with them."""

from hotline.directory.together import TODAY, answers
from hotline.inquiries.states import HELD, State, sql
from hotline.rows import (
    ACCOUNTS, ADD, AGENT, AGENTS, ALL, BOUND_TO, CHANGE, CONSOLE, INTAKE, INTEGRATOR, KEY_OF, ME, MINE,
    NOBODY, REMOVE, RETENTION, SECRETARIAT, SEE, SOMEBODY, TEAM_LEAD, VIEWER, WORK, Line)  # fmt: skip

# What is in an agent's hands, and what was, while their municipality answers its citizens; and what the policies of
# inquiry itself let them see.
TOUCHED = (
    f"((agent_id = {ME} AND state IN {sql(HELD)} OR {answers('inquiry', MINE, TODAY)})"
    f" AND EXISTS (SELECT 1 FROM offer o WHERE o.inquiry_id = inquiry.id AND o.agent_id = {ME}"
    " AND o.state IN ('open', 'accepted')))"
)
HELD_BY_MY_TEAM = (
    f"(state IN {sql(HELD)} AND EXISTS (SELECT 1 FROM agent a WHERE a.id = inquiry.agent_id"
    f" AND a.municipality = {MINE}))"
)
ACCEPTED = (
    "EXISTS (SELECT 1 FROM offer o JOIN inquiry i ON i.id = o.inquiry_id WHERE o.inquiry_id = {table}.inquiry_id"
    f" AND o.agent_id = {ME} AND o.state = 'accepted')"
)
OF_INQUIRY = "EXISTS (SELECT 1 FROM inquiry i WHERE i.id = {table}.inquiry_id)"
HOME = f"EXISTS (SELECT 1 FROM inquiry i WHERE i.id = {{table}}.inquiry_id AND i.municipality = {MINE})"
LIVE = f"EXISTS (SELECT 1 FROM inquiry i WHERE i.id = {{table}}.inquiry_id AND i.state IN {sql(HELD)})"
TAKEN = "EXISTS (SELECT 1 FROM inquiry i WHERE i.id = {table}.inquiry_id AND i.state <> 'offered')"
KNOWN_AGAIN = (
    "id, integrator_id, external_id, resumes, channel, municipality, topic, state, received_at, queued_at, ended_at"
)

LINES = (
    Line("inquiry", (WORK,), ALL),
    Line("inquiry", (INTAKE,), (ADD,)),
    Line("inquiry", (INTAKE,), (SEE,), columns=KNOWN_AGAIN),
    # A stream looks for many agents and is nobody; a console that looks also finds what ended in its agent's hands.
    Line("inquiry", (CONSOLE,), (SEE,), f"{SOMEBODY} AND (state IN {sql((State.OFFERED, *HELD))} OR agent_id = {ME})"),
    Line("inquiry", (AGENT,), (SEE,), TOUCHED),
    Line("inquiry", (TEAM_LEAD,), (SEE,), f"municipality = {MINE} OR {HELD_BY_MY_TEAM} OR {TOUCHED}"),
    Line("inquiry", (SECRETARIAT,), (SEE,)),
    Line("inquiry", (INTEGRATOR,), (SEE,), f"integrator_id = {KEY_OF} AND {BOUND_TO.format(column='municipality')}"),
    Line("inquiry", (VIEWER,), (SEE,), NOBODY),
    # Whoever has something in hand is not cut off from it; what that is, is nothing to the accounts.
    Line(
        "inquiry",
        (ACCOUNTS,),
        (SEE,),
        f"{SOMEBODY} AND agent_id IS NOT NULL AND state IN {sql(HELD)}",
        columns="agent_id, state",
    ),
    Line("citizen", (WORK,), ALL),
    Line("citizen", (INTAKE,), (ADD,)),
    Line("citizen", (INTAKE,), (SEE,), columns="inquiry_id, phone_hash"),
    Line("citizen", (CONSOLE,), (SEE,), f"{SOMEBODY} AND {LIVE}"),
    Line("citizen", (AGENT,), (SEE,), ACCEPTED),
    Line("citizen", (TEAM_LEAD,), (SEE,), f"{HOME} OR {ACCEPTED}"),
    Line("citizen", (SECRETARIAT,), (SEE,)),
    Line("citizen", (VIEWER, INTEGRATOR), (SEE,), NOBODY),
    Line("citizen_there", (WORK,), ALL),
    Line("citizen_there", (CONSOLE,), (SEE,), f"{SOMEBODY} AND {LIVE}"),
    Line("offer", (WORK,), ALL),
    Line("offer", (CONSOLE, SECRETARIAT), (SEE,)),
    Line("offer", AGENTS, (SEE,), f"agent_id = {ME}"),
    Line("offer", (VIEWER, INTEGRATOR), (SEE,), NOBODY),
    Line("unserved", (WORK,), ALL),
    Line("unserved", (SECRETARIAT,), (SEE,)),
    # What was done: nobody takes a line back but retention, which does nothing else with it
    Line("journal", (WORK,), (SEE, ADD)),
    Line("journal", (RETENTION,), (SEE, CHANGE, REMOVE)),
    Line("journal", (INTAKE,), (ADD,)),
    Line("journal", (*AGENTS, SECRETARIAT, INTEGRATOR), (SEE,), OF_INQUIRY),
    Line("journal", (VIEWER,), (SEE,), NOBODY),
)
