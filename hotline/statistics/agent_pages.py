"""The page of the own agents' work, for those who lead them."""

from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from hotline.access.guards import may_lead, may_see_figures
from hotline.access.pages import Visitor
from hotline.clock import danish, now
from hotline.db import Db, acting
from hotline.directory.names import alphabetical
from hotline.errors import Invalid, NotFound
from hotline.statistics import queries
from hotline.statistics.agents import by_agent_table, by_time_table, names_of_agents, work_of_agents
from hotline.statistics.shown import KINDS
from hotline.statistics.spans import Grain, Span, asked_window, intervals
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)

MOST_DAYS = 31  # each line of the journal of these days is looked at
SPANS = (Span.DAY, Span.WEEK, Span.MONTH)
Day = str | None


@router.get("/municipalities/{code}/agents")
def read_agents(
    request: Request, person: Visitor, db: Db, code: str, span: Span = Span.WEEK, date: Day = None,
    first: Day = None, last: Day = None,
) -> HTMLResponse:  # fmt: skip
    """What the own agents did, and how they were busy over time; this week where none is named."""
    may_see_figures(person, code)
    may_lead(person)
    found = queries.municipality(db, code)
    if found is None:
        raise NotFound
    today = danish(now()).date()
    shown = asked_window(span, date, first, last, today)
    if shown.days > MOST_DAYS:
        raise Invalid(f"the work of agents is shown for {MOST_DAYS} days at most")
    starts = intervals(shown, ())
    if shown.grain == Grain.HOUR:
        starts = [danish(shown.start + timedelta(hours=number)) for number in range(24)]
        starts = [start for start in starts if start < shown.end]
    with acting(db):
        by_agent, by_start = work_of_agents(db, code, starts, shown.end, now())
        names = dict(sorted(names_of_agents(db, code).items(), key=lambda pair: alphabetical(pair[1])))
    by_time = {danish(start): work for start, work in by_start.items()}
    return page(
        request,
        "statistics/agents.html",
        municipality=found,
        shown=shown,
        spans=SPANS,
        later=shown.after if shown.last < today else None,
        today=today,
        agents=by_agent_table(by_agent, names),
        over_time=by_time_table(by_time, starts, KINDS[shown.grain], now()),
    )
