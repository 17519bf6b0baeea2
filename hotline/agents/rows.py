"""Who sees which row: who is there, and what they do."""

from hotline.rows import (
    ACCOUNTS, ADD, AGENT, AGENTS, ALL, ASKERS, CHANGE, CONSOLE, DOOR, ENDS, INTAKE, INTEGRATOR, ME, MINE, NOBODY,
    SECRETARIAT, SEE, TEAM_LEAD, VIEWER, WORK, Line)  # fmt: skip

OF_MY_TEAM = f"EXISTS (SELECT 1 FROM agent a WHERE a.id = {{table}}.agent_id AND a.municipality = {MINE})"

LINES = (
    Line("agent_work", (WORK, ACCOUNTS), ALL),
    Line("agent_work", (CONSOLE, SECRETARIAT), (SEE,)),
    Line("agent_work", (INTAKE,), (SEE,), columns="agent_id, presence, connected"),
    Line("agent_work", AGENTS, (SEE,), f"agent_id = {ME}"),
    Line("agent_work", (TEAM_LEAD,), (SEE,), OF_MY_TEAM),
    Line("agent_work", (DOOR, VIEWER, INTEGRATOR), (SEE,), NOBODY),
    Line("presence_change", (WORK, ACCOUNTS), ALL),
    Line("presence_change", (SECRETARIAT,), (SEE,)),
    Line("presence_change", (AGENT,), (SEE,), f"agent_id = {ME}"),
    Line("presence_change", (TEAM_LEAD,), (SEE,), OF_MY_TEAM),
    Line("presence_change", (VIEWER, INTEGRATOR), (SEE,), NOBODY),
    # The router ends the sign-ins that have lasted long enough, and with the last one an agent's being there.
    Line("agent_work", (ENDS,), (SEE,), columns="agent_id, presence, connected"),
    Line("agent_work", (ENDS,), (CHANGE,), columns="connected"),
    Line("presence_change", (ENDS,), (SEE, ADD)),
    Line("agent_phone", (WORK,), ALL),
    Line("agent_phone", (CONSOLE, SECRETARIAT), (SEE,)),
    Line("shift", (ACCOUNTS,), ALL),
    Line("shift", (WORK, SECRETARIAT), (SEE,)),
    Line("shift", AGENTS, (SEE,), f"agent_id = {ME}"),
    Line("shift", (TEAM_LEAD,), (SEE,), OF_MY_TEAM),
    Line("agent_seen", (WORK,), ALL),
    Line("agent_seen", ASKERS, (SEE,), NOBODY),
    Line("web_clock", (WORK,), ALL),
    Line("web_clock", ASKERS, (SEE,), NOBODY),
)
