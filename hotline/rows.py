"""Who sees which row, and who may write it: one table of lines, which `hotline migrate` carries out.

The application signs in by a role that owns nothing and may see nothing by itself (LOGINS). A transaction enters one of
the audiences' roles and says in settings of its own who it is for (hotline/tenant.py); a setting that is not there lets
nothing through. A new table gets its lines here, in the same commit; its migration says nothing of rows or rights.
"""

from typing import NamedTuple

from hotline.directory.together import ANSWERED_BY, TODAY
from hotline.inquiries.states import HELD, State, sql

WORK, ACCOUNTS = "hotline_work", "hotline_accounts"
DOOR, INTAKE, CONSOLE = "hotline_door", "hotline_intake", "hotline_console"
AGENT, TEAM_LEAD, VIEWER = "hotline_agent", "hotline_team_lead", "hotline_viewer"
SECRETARIAT, INTEGRATOR = "hotline_secretariat", "hotline_integrator"
RETENTION, ENDS = "hotline_retention", "hotline_ends"
AGENTS = (AGENT, TEAM_LEAD)
PEOPLE = (*AGENTS, VIEWER, SECRETARIAT)
ASKERS = (*PEOPLE, INTEGRATOR)
AUDIENCES = (WORK, ACCOUNTS, DOOR, INTAKE, CONSOLE, *ASKERS, RETENTION, ENDS)

# As whom a process signs in, and which audiences it may become; hotline_app is for where one address serves them all.
LOGINS = {
    "hotline_app": AUDIENCES,
    "hotline_web": (WORK, ACCOUNTS, DOOR, INTAKE, CONSOLE, *ASKERS),
    "hotline_worker": (WORK, RETENTION),
    "hotline_router": (WORK, ENDS),
    "hotline_maintenance": (WORK, ACCOUNTS, RETENTION),
}

SEE, ADD, CHANGE, REMOVE = "SELECT", "INSERT", "UPDATE", "DELETE"
ALL = (SEE, ADD, CHANGE, REMOVE)

# A sub-select is worked out once a statement, not once a row; after a transaction a setting is '', not missing.
ME = "(SELECT nullif(current_setting('hotline.person', true), '')::bigint)"
MINE = "(SELECT nullif(current_setting('hotline.municipality', true), ''))"
KEY_OF = "(SELECT nullif(current_setting('hotline.integrator', true), '')::bigint)"
SOMEBODY = "(SELECT nullif(current_setting('hotline.who', true), '')) IS NOT NULL"
NOBODY = "false"  # it may be asked, and answers with nothing: a statement for several audiences joins it

# What is in the reader's hands, and what was, while their municipality answers its citizens; and what the policies of
# inquiry itself let them see.
TOUCHED = (
    f"((agent_id = {ME} AND state IN {sql(HELD)} OR municipality = ANY ({ANSWERED_BY.format(one=MINE, day=TODAY)}))"
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
# Who wrote a note on what is in my hands stands beside it. From those few inquiries to their notes: quick for anybody.
WROTE_TO_ME = (
    "EXISTS (SELECT 1 FROM inquiry i JOIN note n ON n.inquiry_id = i.id"
    f" WHERE i.agent_id = {ME} AND i.state IN {sql(HELD)} AND n.person_id = person.id)"
)
OF_AN_AGENT_I_SEE = "EXISTS (SELECT 1 FROM agent a WHERE a.id = {table}.agent_id)"
OF_MY_TEAM = f"EXISTS (SELECT 1 FROM agent a WHERE a.id = {{table}}.agent_id AND a.municipality = {MINE})"
# The key's municipalities, separated by commas; none means that it is bound to none of them.
BOUNDS = "(SELECT nullif(current_setting('hotline.municipalities', true), ''))"
BOUND_TO = f"({BOUNDS} IS NULL OR {{column}} = ANY (string_to_array({BOUNDS}, ',')))"
FIGURES = "'statistics' = ANY (string_to_array((SELECT current_setting('hotline.scopes', true)), ','))"

KNOWN_AGAIN = (
    "id, integrator_id, external_id, resumes, channel, municipality, topic, state, received_at, queued_at, ended_at"
)
# That a number is kept may be seen; the number itself is opened by the hotline alone, which writes that down.
THAT_IT_IS_KEPT = "inquiry_id, n, place, position, may_reveal, false_hit"


class Line(NamedTuple):
    """These audiences may do this to the rows of a table that meet the condition, with these columns alone if any."""

    table: str
    audiences: tuple[str, ...]
    verbs: tuple[str, ...]
    condition: str = SOMEBODY
    columns: str = ""


LINES = (
    # What everybody goes by
    *(
        line
        for table in ("municipality", "collaboration", "opening_hours", "membership", "topic")
        for line in (Line(table, (WORK,), ALL), Line(table, (DOOR, INTAKE, CONSOLE, *ASKERS), (SEE,)))
    ),
    *(Line(table, (ACCOUNTS,), (SEE,)) for table in ("municipality", "collaboration", "membership", "topic")),
    Line("cvr_number", (WORK,), ALL),
    Line("cvr_number", (ACCOUNTS, SECRETARIAT), (SEE,)),
    # Who and when it was says the transaction, not the process.
    Line("rule_change", (WORK,), (SEE,)),
    Line("rule_change", (WORK,), (ADD,), columns="collaboration_id, rule, before, after"),
    Line("rule_change", (SECRETARIAT,), (SEE,)),
    Line("rule_change", ASKERS, (SEE,), NOBODY),
    # People and what they do
    Line("person", (WORK, ACCOUNTS), ALL),
    Line("person", (DOOR, CONSOLE, SECRETARIAT), (SEE,)),
    Line("person", (VIEWER,), (SEE,), f"id = {ME}"),
    Line("person", AGENTS, (SEE,), f"id = {ME} OR {WROTE_TO_ME}"),
    Line("person", (TEAM_LEAD,), (SEE,), f"municipality = {MINE}"),
    Line("person", (INTEGRATOR,), (SEE,), NOBODY),
    Line("agent", (WORK, ACCOUNTS), ALL),
    Line("agent", (CONSOLE, SECRETARIAT), (SEE,)),
    Line("agent", AGENTS, (SEE,), f"id = {ME}"),
    Line("agent", (TEAM_LEAD,), (SEE,), f"municipality = {MINE}"),
    Line("agent", (DOOR, VIEWER, INTEGRATOR), (SEE,), NOBODY),
    Line("agent_work", (WORK, ACCOUNTS), ALL),
    Line("agent_work", (CONSOLE, SECRETARIAT), (SEE,)),
    Line("agent_work", AGENTS, (SEE,), f"agent_id = {ME}"),
    Line("agent_work", (TEAM_LEAD,), (SEE,), OF_MY_TEAM),
    Line("agent_work", (DOOR, VIEWER, INTEGRATOR), (SEE,), NOBODY),
    Line("agent_skill", (WORK, ACCOUNTS), ALL),
    Line("agent_skill", (CONSOLE, SECRETARIAT), (SEE,)),
    Line("agent_skill", AGENTS, (SEE,), OF_AN_AGENT_I_SEE),
    Line("agent_skill", (VIEWER, INTEGRATOR), (SEE,), NOBODY),
    Line("presence_change", (WORK, ACCOUNTS), ALL),
    Line("presence_change", (SECRETARIAT,), (SEE,)),
    Line("presence_change", (AGENT,), (SEE,), f"agent_id = {ME}"),
    Line("presence_change", (TEAM_LEAD,), (SEE,), OF_MY_TEAM),
    Line("presence_change", (VIEWER, INTEGRATOR), (SEE,), NOBODY),
    # The router ends the sign-ins that have lasted long enough, and with the last one an agent's being there.
    Line("agent_work", (ENDS,), (SEE,), columns="agent_id, presence, connected"),
    Line("agent_work", (ENDS,), (CHANGE,), columns="connected"),
    Line("presence_change", (ENDS,), (SEE, ADD)),
    Line("sign_in_session", (ENDS,), (REMOVE,)),
    Line("sign_in_session", (ENDS,), (SEE,), columns="person_id, ends_at, seen_at"),
    Line("agent_seen", (WORK,), ALL),
    Line("agent_seen", ASKERS, (SEE,), NOBODY),
    Line("web_clock", (WORK,), ALL),
    Line("web_clock", ASKERS, (SEE,), NOBODY),
    # How people and keys come in
    *(Line(table, (ACCOUNTS,), ALL) for table in ("credential", "sign_in_session", "api_key", "identity")),
    Line("credential", (DOOR,), (SEE,)),
    Line("sign_in_session", (DOOR,), (SEE, ADD, REMOVE)),
    Line("sign_in_session", (DOOR,), (CHANGE,), columns="seen_at"),
    Line("sign_in_session", (WORK,), (SEE,), columns="person_id, ends_at, seen_at"),  # who is there still
    Line("oidc_attempt", (DOOR,), (SEE, ADD, REMOVE)),
    Line("api_key", (DOOR, INTAKE), (SEE,)),
    Line("api_key", (DOOR, INTAKE), (CHANGE,), columns="last_used_at"),
    Line("integrator", (WORK, ACCOUNTS), ALL),
    Line("integrator", (DOOR, INTAKE, SECRETARIAT), (SEE,)),
    Line("integrator", (INTEGRATOR,), (SEE,), f"id = {KEY_OF}"),
    Line("integrator", (*AGENTS, VIEWER), (SEE,), NOBODY),
    # Inquiries and what belongs to them
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
    Line("kept_cpr", (WORK,), ALL),
    Line("kept_cpr", (INTAKE,), (ADD,)),
    Line("kept_cpr", (CONSOLE,), (SEE,), f"{SOMEBODY} AND {TAKEN}", columns=THAT_IT_IS_KEPT),
    Line("kept_cpr", AGENTS, (SEE,), ACCEPTED, columns=THAT_IT_IS_KEPT),
    Line("kept_cpr", (VIEWER, SECRETARIAT, INTEGRATOR), (SEE,), NOBODY, columns=THAT_IT_IS_KEPT),
    Line("note", (WORK,), ALL),
    Line("note", (CONSOLE,), (SEE,), f"{SOMEBODY} AND {TAKEN}"),
    Line("note", (AGENT,), (SEE,), ACCEPTED),
    Line("note", (TEAM_LEAD,), (SEE,), f"{HOME} OR {ACCEPTED}"),
    Line("note", (SECRETARIAT,), (SEE,)),
    Line("note", (VIEWER, INTEGRATOR), (SEE,), NOBODY),
    Line("offer", (WORK,), ALL),
    Line("offer", (CONSOLE, SECRETARIAT), (SEE,)),
    Line("offer", AGENTS, (SEE,), f"agent_id = {ME}"),
    Line("offer", (VIEWER, INTEGRATOR), (SEE,), NOBODY),
    Line("idempotency_key", (WORK,), ALL),
    Line("idempotency_key", (INTAKE,), (SEE, ADD)),
    # What was done: nobody takes a line back but retention, which does nothing else with it
    Line("journal", (WORK,), (SEE, ADD)),
    Line("journal", (RETENTION,), (SEE, CHANGE, REMOVE)),
    Line("journal", (INTAKE,), (ADD,)),
    Line("journal", (*AGENTS, SECRETARIAT, INTEGRATOR), (SEE,), OF_INQUIRY),
    Line("journal", (VIEWER,), (SEE,), NOBODY),
    Line("journal_cursor", (WORK,), ALL),
    Line("journal_cursor", ASKERS, (SEE,), NOBODY),
    # A look-up is kept for two years, and the hotline itself cannot take one back before; its reason may go, for who
    # typed it may have named somebody. Who and when it was says the transaction.
    Line("lookup", (WORK,), (SEE,)),
    Line("lookup", (WORK,), (ADD,), columns="what, why, inquiry_id, subject"),
    Line("lookup", (WORK,), (CHANGE,), columns="why"),
    Line("lookup", (WORK,), (REMOVE,), f"{SOMEBODY} AND at < now() - interval '2 years'"),
    Line("lookup", (SECRETARIAT,), (SEE,)),
    Line("lookup", (*AGENTS, VIEWER, INTEGRATOR), (SEE,), NOBODY),
    Line("retention_run", (WORK,), (SEE, ADD)),
    Line("retention_run", (SECRETARIAT,), (SEE,)),
    Line("retention_run", (*AGENTS, VIEWER, INTEGRATOR), (SEE,), NOBODY),
    *(Line(table, (WORK,), ALL) for table in ("duty", "set_aside")),
    # Figures
    *(
        Line(table, (WORK,), ALL)
        for table in ("interval_sum", "exchange_sum", "interval_sum_anew", "exchange_sum_anew")
    ),
    *(Line(table, (SECRETARIAT,), (SEE,)) for table in ("interval_sum", "exchange_sum")),
    *(Line(table, (AGENT,), (SEE,), NOBODY) for table in ("interval_sum", "exchange_sum")),
    Line("interval_sum", (VIEWER, TEAM_LEAD), (SEE,), f"municipality = {MINE}"),
    Line("interval_sum", (INTEGRATOR,), (SEE,), f"{FIGURES} AND {BOUND_TO.format(column='municipality')}"),
    Line("exchange_sum", (VIEWER, TEAM_LEAD), (SEE,), f"home = {MINE} OR answering = {MINE}"),
    Line(
        "exchange_sum",
        (INTEGRATOR,),
        (SEE,),
        f"{FIGURES} AND ({BOUND_TO.format(column='home')} OR {BOUND_TO.format(column='answering')})",
    ),
)
