"""Who sees which row: kept CPR numbers, look-ups, and what was erased."""

from hotline.inquiries.rows import ACCEPTED, TAKEN
from hotline.rows import (
    ADD, AGENTS, ALL, CHANGE, CONSOLE, INTAKE, INTEGRATOR, NOBODY, REMOVE, SECRETARIAT, SEE, SOMEBODY,
    VIEWER, WORK, Line)  # fmt: skip

# That a number is kept may be seen; the number itself is opened by the hotline alone, which writes that down.
THAT_IT_IS_KEPT = "inquiry_id, n, place, position, may_reveal, false_hit"

LINES = (
    Line("kept_cpr", (WORK,), ALL),
    Line("kept_cpr", (INTAKE,), (ADD,)),
    Line("kept_cpr", (CONSOLE,), (SEE,), f"{SOMEBODY} AND {TAKEN}", columns=THAT_IT_IS_KEPT),
    Line("kept_cpr", AGENTS, (SEE,), ACCEPTED, columns=THAT_IT_IS_KEPT),
    Line("kept_cpr", (VIEWER, SECRETARIAT, INTEGRATOR), (SEE,), NOBODY, columns=THAT_IT_IS_KEPT),
    # A look-up is kept for two years, and the hotline itself cannot take one back before; its reason may go, for who
    # typed it may have named somebody, and no other comes in its place. Who and when it was says the transaction.
    Line("lookup", (WORK,), (SEE,)),
    Line("lookup", (WORK,), (ADD,), columns="what, why, inquiry_id, subject"),
    Line("lookup", (WORK,), (CHANGE,), columns="why", becomes=f"{SOMEBODY} AND why IS NULL"),
    Line("lookup", (WORK,), (REMOVE,), f"{SOMEBODY} AND at < now() - interval '2 years'"),
    Line("lookup", (SECRETARIAT,), (SEE,)),
    Line("lookup", (*AGENTS, VIEWER, INTEGRATOR), (SEE,), NOBODY),
    Line("retention_run", (WORK,), (SEE, ADD)),
    Line("retention_run", (SECRETARIAT,), (SEE,)),
    Line("retention_run", (*AGENTS, VIEWER, INTEGRATOR), (SEE,), NOBODY),
)
