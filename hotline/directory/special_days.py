"""Days on which a collaboration is closed, or open at other times than its hours say."""

from collections.abc import Iterable, Sequence
from datetime import time

from sqlmodel import Session, col, delete, select

from hotline.directory.collaborations import named, write_down
from hotline.directory.hours import Span
from hotline.directory.models import Collaboration, SpecialDay
from hotline.directory.wall_hours import say_times

AS_USUAL = "as usual"


def change_day(session: Session, name: str, day: str, spans: Sequence[Span] | None) -> list[str]:
    """On this day (as wall_hours.read_day has it) it is open in these times alone, or, for None, as usual again.

    What changed, in words. Raises UnknownCollaboration.
    """
    held = named(session, name, to_change=True)
    before = special_days(session, held).get(day)
    if before == (None if spans is None else list(spans)):
        return []
    session.exec(delete(SpecialDay).where(col(SpecialDay.collaboration_id) == held.id, col(SpecialDay.day) == day))
    session.add_all(rows(held, day, spans) if spans is not None else ())
    session.flush()
    was, now = (f"{day} {AS_USUAL if one is None else say_times(one)}" for one in (before, spans))
    write_down(session, held, "day", None if before is None else was, now)
    return [f"day: {was} → {now}"]


def special_days(session: Session, held: Collaboration) -> dict[str, list[Span]]:
    """Every special day of a collaboration, in their order."""
    of_it = select(SpecialDay).where(col(SpecialDay.collaboration_id) == held.id)
    return by_day(session.exec(of_it.order_by(col(SpecialDay.day), col(SpecialDay.opens))))


def by_day(openings: Iterable[SpecialDay]) -> dict[str, list[Span]]:
    """The times of each day, of one collaboration's rows."""
    found: dict[str, list[Span]] = {}
    for one in openings:
        found.setdefault(one.day, []).extend([] if one.closes is None else [(one.opens, one.closes)])
    return found


def rows(held: Collaboration, day: str, spans: Sequence[Span]) -> list[SpecialDay]:
    """A day as it is stored."""
    times: Sequence[tuple[time, time | None]] = spans or [(time.min, None)]
    return [SpecialDay(collaboration_id=held.id, day=day, opens=opens, closes=closes) for opens, closes in times]
