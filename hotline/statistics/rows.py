"""Who sees which row: the figures."""

from hotline.rows import (
    AGENT, ALL, ASKERS, BOUND_TO, INTEGRATOR, MINE, NOBODY, SECRETARIAT, SEE, TEAM_LEAD,
    VIEWER, WORK, Line)  # fmt: skip

FIGURES = "'statistics' = ANY (string_to_array((SELECT current_setting('hotline.scopes', true)), ','))"

LINES = (
    Line("journal_cursor", (WORK,), ALL),
    Line("journal_cursor", ASKERS, (SEE,), NOBODY),
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
