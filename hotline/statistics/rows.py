"""Who sees which row: the figures."""

from hotline.rows import (
    ADD, AGENT, ALL, ASKERS, BOUND_TO, CHANGE, INTEGRATOR, MINE, NOBODY, SECRETARIAT, SEE, TEAM_LEAD,
    VIEWER, WORK, Line)  # fmt: skip

FIGURES = "'statistics' = ANY (string_to_array((SELECT current_setting('hotline.scopes', true)), ','))"

# Of one municipality, and of two.
OF_ONE = ("interval_sum", "long_sum", "all_topics_sum", "wait_sum")
OF_TWO = ("exchange_sum", "long_exchange_sum")
SUMS = OF_ONE + OF_TWO

LINES = (
    Line("journal_cursor", (WORK,), ALL),
    Line("journal_cursor", ASKERS, (SEE,), NOBODY),
    *(Line(f"{table}{anew}", (WORK,), ALL) for table in SUMS for anew in ("", "_anew")),
    Line("alert", (WORK,), (SEE, ADD, CHANGE)),
    Line("alert", (SECRETARIAT,), (SEE,)),
    Line("alert_notice", (WORK,), (SEE, ADD)),
    Line("municipality_report", (WORK,), ALL),
    Line("municipality_report", (SECRETARIAT,), (SEE,)),
    Line("municipality_report", (VIEWER, TEAM_LEAD), (SEE,), f"municipality = {MINE}"),
    *(Line(table, (SECRETARIAT,), (SEE,)) for table in SUMS),
    *(Line(table, (AGENT,), (SEE,), NOBODY) for table in SUMS),
    *(Line(table, (VIEWER, TEAM_LEAD), (SEE,), f"municipality = {MINE}") for table in OF_ONE),
    *(
        Line(table, (INTEGRATOR,), (SEE,), f"{FIGURES} AND {BOUND_TO.format(column='municipality')}")
        for table in OF_ONE
    ),
    *(Line(table, (VIEWER, TEAM_LEAD), (SEE,), f"home = {MINE} OR answering = {MINE}") for table in OF_TWO),
    *(
        Line(
            table,
            (INTEGRATOR,),
            (SEE,),
            f"{FIGURES} AND ({BOUND_TO.format(column='home')} OR {BOUND_TO.format(column='answering')})",
        )
        for table in OF_TWO
    ),
)
