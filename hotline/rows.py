"""Who sees which row, and who may write it: the lines of all rooms, which `hotline migrate` carries out.

The application signs in by a role that owns nothing and may see nothing by itself (LOGINS). A transaction enters one of
the audiences' roles and says in settings of its own who it is for (hotline/tenant.py); a setting that is not there lets
nothing through. A new table gets its lines in the rows.py of its room, in the same commit; its migration says nothing
of rows or rights.
"""

from importlib import import_module
from typing import NamedTuple

from hotline.resources import PACKAGE

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
    "hotline_worker": (WORK, RETENTION, INTEGRATOR),
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

# The key's municipalities, separated by commas; none means that it is bound to none of them.
BOUNDS = "(SELECT nullif(current_setting('hotline.municipalities', true), ''))"
BOUND_TO = f"({BOUNDS} IS NULL OR {{column}} = ANY (string_to_array({BOUNDS}, ',')))"


class Line(NamedTuple):
    """These audiences may do this to the rows of a table that meet the condition, with these columns alone if any.

    A row that is changed must meet the condition afterwards as well, or `becomes` where that says another.
    """

    table: str
    audiences: tuple[str, ...]
    verbs: tuple[str, ...]
    condition: str = SOMEBODY
    columns: str = ""
    becomes: str = ""


OF_NO_ROOM = tuple(Line(table, (WORK,), ALL) for table in ("duty", "set_aside"))


def lines() -> tuple[Line, ...]:
    """The lines of all rooms."""
    rooms = sorted(path.parent.name for path in PACKAGE.glob("*/rows.py"))
    return (*OF_NO_ROOM, *(line for room in rooms for line in import_module(f"hotline.{room}.rows").LINES))
