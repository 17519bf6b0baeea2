"""What one line of the journal adds to the figures: the single copy of these rules, and pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from hotline.inquiries.facts import (
    Abandoned,
    Accepted,
    CalledBack,
    Classified,
    Closed,
    HandedOver,
    Lapsed,
    Offered,
    Refused,
    Released,
    Reopened,
    Transferred,
    Worked,
    fact_of,
)

INTERVAL_MINUTES = 15
SHORT_SECONDS = 5


class Line(Protocol):
    """What is read of a line of the journal; its `data` is its fact (inquiries/facts.py)."""

    event: str
    at: datetime
    municipality: str
    topic: str | None
    channel: str
    answering: str | None
    data: dict[str, Any]


@dataclass(frozen=True)
class Increment:
    """Counts to add to one row: the interval's start (UTC), a municipality, a topic ("" for none) and a channel."""

    start: datetime
    municipality: str
    topic: str
    channel: str
    counts: Mapping[str, float]


@dataclass(frozen=True)
class Exchanged:
    """What agents of `answering` did for a citizen of `home`, who may be their own: a row of who answered for whom."""

    start: datetime
    home: str
    answering: str
    counts: Mapping[str, float]


@dataclass(frozen=True)
class Waited:
    """Somebody waited so many seconds until the first answer, or until they left without one; booked when that was."""

    start: datetime
    municipality: str
    channel: str
    seconds: float


@dataclass(frozen=True)
class Gain:
    """Everything that one line adds."""

    increments: list[Increment] = field(default_factory=list)
    exchanged: Exchanged | None = None
    waited: Waited | None = None


def gain(line: Line) -> Gain:
    """What this line adds to the figures; an event that counts for nothing gives an empty Gain.

    Counts are booked in the interval of the event and in the row of the citizen's municipality, with three exceptions:
    `offered` in the interval of arrival, `answered_for_others` in the row of the municipality that answers, and what a
    reopening takes back in the interval of the closure.
    """
    match fact_of(line.event, line.data):
        case Classified(received_at=received):
            return Gain([_arrival(line, received)])
        case Offered():
            return Gain([_at_home(line, offers_made=1)])
        case Refused():
            return Gain([_at_home(line, offers_refused=1)])
        case Lapsed():
            return Gain([_at_home(line, offers_lapsed=1)])
        case Accepted(first=True) as answer:
            return Gain(_answer(line, answer), _exchanged(line, answered=1), _waited(line, answer.wait_seconds))
        # Who hangs up after a transfer was answered before, and is not counted a second time.
        case Abandoned(answered=False) as gone:
            return Gain(_abandonment(line, gone), waited=_waited(line, gone.wait_seconds))
        case CalledBack(again=again) as parked:  # a promise counts once, however often the citizen has to be rung
            return _still_open(line, parked, {} if again else {"callbacks": 1})
        case Released() as given_back:
            return _still_open(line, given_back, {})
        case Transferred() as work:
            return Gain([_at_home(line, transferred=1, **_work(work))], _exchanged(line, **_work(work)))
        case HandedOver() as work:
            return Gain([_at_home(line, handed_over=1, **_work(work))], _exchanged(line, inquiries=1, **_work(work)))
        case Closed(outcome=outcome, first_contact=first, received_at=unread, again_after=again) as work:
            counts = {"closed": 1, "resolved_first_contact": int(first and outcome == "resolved"), **_work(work)}
            counts |= {"rang_again": 1} if again is not None else {}
            came = [_arrival(line, unread)] if unread else []  # as for who hangs up before that
            return Gain([*came, _at_home(line, **counts)], _exchanged(line, inquiries=1, **_work(work)))
        case Reopened() as undone:
            return _undone(line, undone)
        case _:
            return Gain()


def interval_of(moment: datetime) -> datetime:
    """The UTC start of the quarter of an hour that an aware moment falls in."""
    moment = moment.astimezone(UTC)
    return moment.replace(minute=moment.minute // INTERVAL_MINUTES * INTERVAL_MINUTES, second=0, microsecond=0)


def _arrival(line: Line, received_at: str) -> Increment:
    received = datetime.fromisoformat(received_at)
    return Increment(interval_of(received), line.municipality, line.topic or "", line.channel, {"offered": 1})


def _answer(line: Line, answer: Accepted) -> list[Increment]:
    in_target = int(answer.wait_seconds <= answer.target_seconds)
    counts = {"answered": 1, "answered_in_target": in_target, "wait_seconds": exact(answer.wait_seconds)}
    if line.answering in (None, line.municipality):
        return [_at_home(line, **counts)]
    helper = Increment(
        interval_of(line.at), line.answering or "", line.topic or "", line.channel, {"answered_for_others": 1}
    )
    return [_at_home(line, **counts, answered_by_others=1), helper]


def _abandonment(line: Line, gone: Abandoned) -> list[Increment]:
    left = _at_home(
        line,
        abandoned=1,
        abandoned_in_target=int(gone.wait_seconds <= gone.target_seconds),
        short_abandoned=int(gone.wait_seconds < SHORT_SECONDS),
    )
    # Who hung up before being classified has no `classified` line that books the arrival, and never will.
    return [left] if gone.classified else [_arrival(line, gone.received_at), left]


def _still_open(line: Line, left: CalledBack | Released, counts: dict[str, float]) -> Gain:
    """It leaves the hands, if any, in which it did not end: their work counts, the inquiry does not."""
    if left.talk_seconds is None:
        return Gain([_at_home(line, **counts)] if counts else [])
    work = Worked(left.talk_seconds, left.wrap_seconds or 0.0)
    return Gain([_at_home(line, **counts, **_work(work))], _exchanged(line, **_work(work)))


def _undone(line: Line, undone: Reopened) -> Gain:
    """The closure counts no more; the work until then was done."""
    closed = interval_of(datetime.fromisoformat(undone.closed_at))
    counts = {"closed": -1, "resolved_first_contact": -int(undone.first_contact and undone.outcome == "resolved")}
    taken_back = Increment(closed, line.municipality, line.topic or "", line.channel, counts)
    given = Exchanged(closed, line.municipality, line.answering, {"inquiries": -1}) if line.answering else None
    return Gain([taken_back], given)


def _work(work: Worked) -> dict[str, float]:
    return {"talk_seconds": exact(work.talk_seconds), "wrap_seconds": exact(work.wrap_seconds)}


def _exchanged(line: Line, **counts: float) -> Exchanged | None:
    if line.answering is None:
        return None
    return Exchanged(interval_of(line.at), line.municipality, line.answering, counts)


def _waited(line: Line, seconds: float) -> Waited:
    return Waited(interval_of(line.at), line.municipality, line.channel, seconds)


def _at_home(line: Line, **counts: float) -> Increment:
    return Increment(interval_of(line.at), line.municipality, line.topic or "", line.channel, counts)


def exact(seconds: float) -> float:
    """Seconds to the nearest 1/1024, and none where a clock stepped back.

    Floating point adds such numbers without any error, so that sums do not depend on the
    order in which they were added, and recomputed ones equal the running ones to the last bit.
    """
    return round(max(seconds, 0) * 1024) / 1024
