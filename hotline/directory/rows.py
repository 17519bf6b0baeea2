"""Who sees which row: what everybody goes by, and the people."""

from hotline.inquiries.states import HELD, sql
from hotline.rows import (
    ACCOUNTS, ADD, AGENTS, ALL, ASKERS, CONSOLE, DOOR, INTAKE, INTEGRATOR, ME, MINE, NOBODY, SECRETARIAT,
    SEE, TEAM_LEAD, VIEWER, WORK, Line)  # fmt: skip

# Who wrote a note on what is in my hands stands beside it. From those few inquiries to their notes: quick for anybody.
WROTE_TO_ME = (
    "EXISTS (SELECT 1 FROM inquiry i JOIN note n ON n.inquiry_id = i.id"
    f" WHERE i.agent_id = {ME} AND i.state IN {sql(HELD)} AND n.person_id = person.id)"
)
EVERYBODY_GOES_BY = (
    "municipality", "collaboration", "opening_hours", "special_day", "membership", "partner", "kept_topic", "topic",
)  # fmt: skip
OF_AN_AGENT_I_SEE = "EXISTS (SELECT 1 FROM agent a WHERE a.id = {table}.agent_id)"

LINES = (
    # Whoever may change these says who answers whom, and when anything is erased: no worker and no router.
    *(
        line
        for table in EVERYBODY_GOES_BY
        for line in (Line(table, (ACCOUNTS,), ALL), Line(table, (WORK, DOOR, INTAKE, CONSOLE, *ASKERS), (SEE,)))
    ),
    Line("cvr_number", (ACCOUNTS,), ALL),
    Line("cvr_number", (WORK, SECRETARIAT), (SEE,)),
    # Who and when it was says the transaction, not the process.
    Line("rule_change", (ACCOUNTS, WORK), (SEE,)),
    Line("rule_change", (ACCOUNTS,), (ADD,), columns="collaboration_id, rule, before, after"),
    Line("rule_change", (SECRETARIAT,), (SEE,)),
    Line("rule_change", ASKERS, (SEE,), NOBODY),
    # Whoever may change these makes an administrator of anybody: no worker and no router.
    *(Line(table, (ACCOUNTS,), ALL) for table in ("person", "agent", "agent_skill")),
    Line("person", (WORK, DOOR, CONSOLE, SECRETARIAT), (SEE,)),
    Line("person", (VIEWER,), (SEE,), f"id = {ME}"),
    Line("person", AGENTS, (SEE,), f"id = {ME} OR {WROTE_TO_ME}"),
    Line("person", (TEAM_LEAD,), (SEE,), f"municipality = {MINE}"),
    Line("person", (INTEGRATOR,), (SEE,), NOBODY),
    Line("agent", (WORK, CONSOLE, SECRETARIAT), (SEE,)),
    Line("agent", (INTAKE,), (SEE,), columns="id, municipality"),
    Line("agent", AGENTS, (SEE,), f"id = {ME}"),
    Line("agent", (TEAM_LEAD,), (SEE,), f"municipality = {MINE}"),
    Line("agent", (DOOR, VIEWER, INTEGRATOR), (SEE,), NOBODY),
    Line("agent_skill", (WORK, CONSOLE, SECRETARIAT), (SEE,)),
    Line("agent_skill", (INTAKE,), (SEE,), columns="agent_id, topic"),
    Line("agent_skill", AGENTS, (SEE,), OF_AN_AGENT_I_SEE),
    Line("agent_skill", (VIEWER, INTEGRATOR), (SEE,), NOBODY),
)
