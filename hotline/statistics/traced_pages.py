"""The page of the inquiries behind a number, for those who may see inquiries."""

from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import HTMLResponse

from hotline.access.guards import may_lead, may_see_figures
from hotline.access.pages import Visitor
from hotline.clock import danish, now
from hotline.db import Db
from hotline.directory.errors import UnknownTopic
from hotline.directory.names import topic_names
from hotline.errors import Invalid, NotFound
from hotline.inquiries.models import Channel
from hotline.statistics import queries
from hotline.statistics.spans import Span, Window, asked_window
from hotline.statistics.traced import Number, inquiries
from hotline.web.language import chosen
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)

Day = str | None
HOUR = timedelta(hours=1)


@router.get("/municipalities/{code}/inquiries")
def read_inquiries(
    request: Request, person: Visitor, db: Db, code: str, of: Number = Number.OFFERED, span: Span = Span.DAY,
    date: Day = None, first: Day = None, last: Day = None, hour: str | None = None,
    channel: Annotated[Channel | None, Query()] = None, topic: str | None = None, after: str | None = None,
) -> HTMLResponse:  # fmt: skip
    """Those that were counted in a period, in an hour of it where one is named, of one topic or of all."""
    may_see_figures(person, code)
    may_lead(person)
    found = queries.municipality(db, code)
    if found is None:
        raise NotFound
    names = topic_names(db, chosen(request))
    if topic and topic not in names:
        raise UnknownTopic(topic)
    shown = asked_window(span, date, first, last, danish(now()).date())
    start, end = _bounds(shown, hour)
    try:
        listed = inquiries(db, code, of, start, end, channel, topic, after)
    except ValueError:
        raise Invalid("that is no place to go on from") from None
    figures = queries.by_topic(db, code, start, end, channel)
    asked = {"of": of, "first": shown.first, "last": shown.last, "hour": hour, "channel": channel, "topic": topic}
    return page(
        request,
        "statistics/inquiries.html",
        municipality=found,
        of=of,
        shown=shown,
        today=danish(now()).date(),
        hour=danish(start) if hour else None,
        channel=channel,
        topic=topic,
        topic_names=names,
        number=int(sum(one.counts[of] for one in figures if topic in (None, one.topic or ""))),
        listed=listed,
        is_whole=after is None and listed.following is None,
        way=urlencode({name: value for name, value in asked.items() if value is not None}),
    )


def _bounds(shown: Window, hour: str | None) -> tuple[datetime, datetime]:
    """Raises Invalid where the hour is none of the window's."""
    if hour is None:
        return shown.start, shown.end
    try:
        start = datetime.fromisoformat(hour)
    except ValueError:
        raise Invalid("that is no hour") from None
    if (
        start.tzinfo is None
        or start.minute
        or start.second
        or start.microsecond
        or not shown.start <= start < shown.end
    ):
        raise Invalid("that is no hour of these days")
    return start, start + HOUR
