"""The tables of a municipality's page: over time, by topic, and what it got from other municipalities and gave them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from hotline.clock import danish
from hotline.directory.errors import UnknownMunicipality
from hotline.directory.names import alphabetical, municipality_names
from hotline.directory.snapshot import Directory
from hotline.statistics import queries
from hotline.statistics.measures import average_wait_seconds
from hotline.statistics.models import COUNTS
from hotline.statistics.queries import Counts
from hotline.statistics.spans import Grain, Span, intervals, window
from hotline.statistics.tables import Column, Kind, Row, Table
from hotline.statistics.view import View, is_counted

NOTHING: Counts = dict.fromkeys(COUNTS, 0)
COUNTED = ("offered", "answered", "abandoned")
USUAL_DAYS, FEWEST_USUAL = 28, 10  # what the number of a topic is compared with, where it is no less
KINDS = {Grain.HOUR: Kind.HOUR, Grain.DAY: Kind.DAY, Grain.WEEK: Kind.WEEK, Grain.MONTH: Kind.MONTH}
SPANS_OF = {Grain.DAY: Span.DAY, Grain.WEEK: Span.WEEK, Grain.MONTH: Span.MONTH}
# Why an interval has no numbers, or not all of them yet.
AHEAD, RUNNING, CLOSED, UNKNOWN = "ahead", "running", "closed", "unknown"


def over_time(view: View, directory: Directory) -> Table:
    """A row for each interval of the window; one that is to come, a closed one and a day without any are no noughts."""
    shown = view.shown
    counted = {one.start: one.counts for one in view.points}
    starts = intervals(shown, counted)
    last = starts[-1] + timedelta(hours=1) if shown.grain == Grain.HOUR else danish(shown.end)
    rows = []
    for start, end in pairwise([*starts, last]):
        counts = counted.get(start, NOTHING)
        note = _note(view, directory, start, end, counts)
        is_told = note in ("", RUNNING)
        cells = [counts[name] if is_told else None for name in COUNTED]
        rows.append(
            Row(
                [start, *cells, view.service_level(counts)],
                note,
                link=_leads_to(view, start) if is_told else "",
                traces=_traces(view, 1, counts, _part(view, start)) if is_told else {},
            )
        )
    columns = [Column("time", KINDS[shown.grain]), *map(Column, COUNTED), Column("in_target", Kind.SHARE)]
    return Table("over_time", columns, rows)


def topics(view: View, names: Mapping[str, str]) -> Table:
    """The topics of which anything was counted, the largest first, beside the mean of the four weeks before.

    What was offered yesterday, or under another topic, may be answered today under this one.
    """
    shown, begun = view.shown, view.shown.start - timedelta(days=USUAL_DAYS)
    before = {
        one.topic: one.counts["offered"] * shown.days / USUAL_DAYS
        for one in queries.by_topic(view.db, view.code, begun, shown.start, view.channel)
    }
    found = [
        one
        for one in queries.by_topic(view.db, view.code, shown.start, shown.end, view.channel)
        if any(one.counts[name] for name in COUNTED)
    ]
    found.sort(key=lambda one: (-one.counts["offered"], alphabetical(names.get(one.topic or "", ""))))
    rows = []
    for one in found:
        counts, usual = one.counts, before.get(one.topic, 0)
        change = counts["offered"] / usual - 1 if view.is_over and usual >= FEWEST_USUAL else None
        numbers = [counts["offered"], change, counts["answered"], counts["abandoned"]]
        ways = _traces(view, 0, counts, {"topic": one.topic or ""})
        rows.append(
            Row(
                [names.get(one.topic or "", "–"), *numbers, view.service_level(counts), average_wait_seconds(counts)],
                traces={place + (place > 0) + 1: way for place, way in ways.items()},  # after the first the change
            )
        )
    columns = [
        Column("topic", Kind.WORDS),
        Column("offered"),
        Column("change", Kind.CHANGE),
        *map(Column, COUNTED[1:]),
        Column("in_target", Kind.SHARE),
        Column("asa_short", Kind.DURATION),
    ]
    return Table("topics", columns, rows)


def give_and_get(view: View) -> Table:
    """What the municipality got from each other one and gave it, whatever the channel; the sum of it stands first.

    Inquiries are first answers, so that the sums are those of the tiles; the time is also of what was passed on.
    """
    names = municipality_names(view.db)
    got, given = dict[str, tuple[int, float]](), dict[str, tuple[int, float]]()
    for pair in queries.exchange(view.db, view.shown.start, view.shown.end, view.code):
        took = pair.answered, pair.talk_seconds + pair.wrap_seconds
        if pair.home == view.code != pair.answering:
            got[pair.answering] = took
        elif pair.home != view.code:
            given[pair.home] = took
    nothing, partners = (0, 0.0), got.keys() | given.keys()
    both = {code: (*got.get(code, nothing), *given.get(code, nothing)) for code in partners}
    most_first = sorted(both, key=lambda code: (-(both[code][0] + both[code][2]), alphabetical(names[code])))
    rows = [_net(names[code], both[code]) for code in most_first]
    if rows:
        rows.insert(0, replace(_net(None, [sum(column) for column in zip(*both.values(), strict=True)]), is_sum=True))
    times = [Column(name, Kind.HOURS) for name in ("got_time", "given_time", "net_time")]
    return Table("exchange", [Column("municipality", Kind.WORDS), Column("got"), Column("given"), *times], rows)


def _net(name: str | None, both: Sequence[float]) -> Row:
    got, got_time, given, given_time = both
    return Row([name, got, given, got_time, given_time, given_time - got_time])


def _leads_to(view: View, start: datetime) -> str:
    """The page of a day, a week or a month."""
    span = SPANS_OF.get(view.shown.grain)
    of_channel = f"&channel={view.channel}" if view.channel else ""
    return f"?span={span}&date={start.date()}{of_channel}" if span else ""


def _part(view: View, start: datetime) -> dict[str, object]:
    """Which part of the window begins then, as an address says it; parts of a year may reach out of it."""
    if view.shown.grain == Grain.HOUR:
        return {"hour": start.isoformat()}
    span = SPANS_OF[view.shown.grain]
    part = window(span, start.date())
    return {"first": max(part.first, view.shown.first), "last": min(part.last, view.shown.last)}


def _traces(view: View, first: int, counts: Counts, of: Mapping[str, object]) -> dict[int, str]:
    """Where the numbers of a row lead, by the places of their cells; a nought leads nowhere."""
    if not view.is_traceable:
        return {}
    return {place: view.trace(name, of) for place, name in enumerate(COUNTED, first) if counts[name]}


def _note(view: View, directory: Directory, start: datetime, end: datetime, counts: Counts) -> str:
    if start > view.moment:
        return AHEAD
    if end > view.moment:
        return RUNNING
    if any(counts[name] for name in COUNTED):
        return ""
    if view.shown.grain in (Grain.HOUR, Grain.DAY) and _is_closed(directory, view.code, start, end):
        return CLOSED
    if view.shown.grain == Grain.HOUR and (is_counted(view.sums()) or not view.is_over):
        return ""
    return UNKNOWN


def _is_closed(directory: Directory, code: str, start: datetime, end: datetime) -> bool:
    """Whether the municipality's citizens could ring at no moment of the interval."""
    try:
        opens = directory.opening(code, start)
    except UnknownMunicipality:
        return False
    return opens is not None and opens >= end
