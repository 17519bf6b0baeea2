"""Who sees which row: terms, inhabitants, corrections and statements, which nobody changes or removes anything of."""

from hotline.rows import (
    ACCOUNTS, ADD, CHANGE, MINE, SECRETARIAT, SEE, TEAM_LEAD, VIEWER, WORK, Line)  # fmt: skip

OWN = (VIEWER, TEAM_LEAD)
OF_MY_COLLABORATION = (
    "EXISTS (SELECT 1 FROM membership m WHERE m.collaboration_id = {table}.collaboration_id"
    f" AND m.municipality = {MINE})"
)
OF_A_STATEMENT_I_SEE = "EXISTS (SELECT 1 FROM settlement_statement s WHERE s.id = {table}.statement_id)"

LINES = (
    Line("settlement_terms", (ACCOUNTS,), (ADD,), columns="collaboration_id, valid_from, parts, again_minutes, owed"),
    Line("settlement_terms", (ACCOUNTS, WORK, SECRETARIAT), (SEE,)),
    Line("settlement_terms", OWN, (SEE,), OF_MY_COLLABORATION.format(table="settlement_terms")),
    Line("inhabitants", (ACCOUNTS,), (SEE, ADD, CHANGE)),
    Line("inhabitants", (WORK, SECRETARIAT, *OWN), (SEE,)),
    # Who and when it was says the transaction, not the process.
    Line("settlement_correction", (WORK,), (ADD,), columns="collaboration_id, month, payer, payee, amount, why"),
    Line("settlement_correction", (WORK, SECRETARIAT), (SEE,)),
    Line("settlement_correction", OWN, (SEE,), f"payer = {MINE} OR payee = {MINE}"),
    Line("settlement_statement", (WORK,), (ADD,), columns="collaboration_id, month, until, closed_at"),
    Line("settlement_statement", (ACCOUNTS, WORK, SECRETARIAT), (SEE,)),
    Line("settlement_statement", OWN, (SEE,), OF_MY_COLLABORATION.format(table="settlement_statement")),
    *(Line(table, (WORK,), (SEE, ADD)) for table in ("settlement_line", "settlement_total", "settled_inquiry")),
    *(Line(table, (SECRETARIAT,), (SEE,)) for table in ("settlement_line", "settlement_total", "settled_inquiry")),
    Line("settlement_saving", (WORK,), (SEE, ADD)),
    Line("settlement_saving", (SECRETARIAT,), (SEE,)),
    Line("settlement_saving", OWN, (SEE,), f"municipality = {MINE}"),
    Line("settlement_line", OWN, (SEE,), f"municipality = {MINE}"),
    Line("settlement_total", OWN, (SEE,), OF_A_STATEMENT_I_SEE.format(table="settlement_total")),
    Line("settled_inquiry", OWN, (SEE,), f"home = {MINE} OR answering = {MINE}"),
)
