"""Who sees which row: guidance is for whoever answers or edits it; the hotline at work shows programs what they may."""

from hotline.rows import (
    ADD, AGENTS, CHANGE, INTEGRATOR, MINE, NOBODY, REMOVE, SECRETARIAT, SEE, TEAM_LEAD, VIEWER, WORK, Line)  # fmt: skip

LINES = (
    # A version is never changed, and never taken back. Who wrote it and when says the transaction.
    Line("guidance", (WORK,), (SEE,)),
    Line(
        "guidance",
        (WORK,),
        (ADD,),
        columns="topic, municipality, version, text, hours, owner, review_by, for_citizens",
    ),
    Line("guidance", (*AGENTS, SECRETARIAT), (SEE,)),
    Line("guidance", (VIEWER, INTEGRATOR), (SEE,), NOBODY),
    Line("guidance_wish", (WORK,), (SEE, REMOVE)),
    Line("guidance_wish", (WORK,), (ADD,), columns="topic, municipality, text"),
    Line("guidance_wish", (WORK,), (CHANGE,), columns="text"),
    Line("guidance_wish", (TEAM_LEAD,), (SEE,), f"municipality = {MINE}"),
    Line("guidance_wish", (SECRETARIAT,), (SEE,)),
    Line("phrase", (WORK,), (SEE, REMOVE)),
    Line("phrase", (WORK,), (ADD,), columns="municipality, name, text"),
    Line("phrase", (*AGENTS, SECRETARIAT), (SEE,)),
)
