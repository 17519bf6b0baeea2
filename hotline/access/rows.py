"""Who sees which row: how people and keys come in."""

from hotline.rows import (
    ACCOUNTS, ADD, AGENTS, ALL, CHANGE, CONSOLE, DOOR, ENDS, INTAKE, INTEGRATOR, KEY_OF, NOBODY, REMOVE, SECRETARIAT,
    SEE, VIEWER, WORK, Line)  # fmt: skip

LINES = (
    Line("sign_in_session", (ENDS,), (REMOVE,)),
    Line("sign_in_session", (ENDS,), (SEE,), columns="person_id, ends_at, seen_at"),
    *(
        Line(table, (ACCOUNTS,), ALL)
        for table in ("credential", "sign_in_session", "api_key", "oidc_person", "integrator")
    ),
    Line("credential", (DOOR,), (SEE,)),
    Line("sign_in_session", (DOOR,), (SEE, ADD, REMOVE)),
    Line("sign_in_session", (DOOR,), (CHANGE,), columns="seen_at"),
    Line("sign_in_session", (WORK,), (SEE,), columns="person_id, ends_at, seen_at"),  # who is there still
    Line("oidc_attempt", (DOOR,), (SEE, ADD, REMOVE)),
    Line("api_key", (DOOR, INTAKE), (SEE,)),
    Line("api_key", (DOOR, INTAKE), (CHANGE,), columns="last_used_at"),
    # What a webhook is told is read as its key would read it, while there is one.
    Line(
        "api_key", (INTEGRATOR,), (SEE,), f"integrator_id = {KEY_OF}", "integrator_id, scopes, municipalities, ends_at"
    ),
    Line("integrator", (WORK, DOOR, INTAKE, SECRETARIAT), (SEE,)),
    Line("integrator", (CONSOLE,), (SEE,), columns="id, name, answered_in"),
    Line("integrator", (INTEGRATOR,), (SEE,), f"id = {KEY_OF}"),
    Line("integrator", (*AGENTS, VIEWER), (SEE,), NOBODY),
)
