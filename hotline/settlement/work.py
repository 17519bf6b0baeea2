"""What was done for one inquiry, and what of it is paid: the rule *one question is paid once*. Pure."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hotline.settlement.rounding import nearest, shared
from hotline.settlement.terms import Terms

DUPLICATE = "duplicate"  # the outcome of an inquiry that another one is about already
THOUSAND = 1000  # every quantity is kept in thousandths, so that quantities add up
THOUSANDTH_OF_A_MINUTE = 60  # milliseconds


class Paid(StrEnum):
    """Whether an inquiry is paid as one, or why not; the minutes that it took are paid in any case."""

    ONCE = "once"
    AGAIN = "again"
    DUPLICATE = "duplicate"
    LEFT = "left"


@dataclass(frozen=True)
class Work:
    """One inquiry that has ended on `day` (Danish), and the milliseconds of talk and wrap-up in each one's hands.

    `by` are municipalities; those that are not settled with here, for its citizens, are in `elsewhere`. `last` is the
    one in whose hands it ended. `outcome` is None where it was handed over, `left` says that the citizen gave up after
    a transfer, and `again_after` is how many seconds after their last call about it the citizen rang again, if so.
    """

    inquiry: str
    day: date
    home: str
    by: tuple[tuple[str, int], ...]
    last: str
    outcome: str | None = None
    left: bool = False
    again_after: float | None = None
    elsewhere: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Piece:
    """One municipality's part of one inquiry, in thousandths of an inquiry and of a minute."""

    inquiry: str
    day: date
    home: str
    answering: str
    inquiries: int
    minutes: int
    paid: Paid


def paid(work: Work, terms: Terms) -> Paid:
    """One question is paid once: not a duplicate, nor who rings again about it within the minutes agreed.

    Whoever gave up waiting for a second agent is no inquiry that was dealt with.
    """
    if work.left:
        return Paid.LEFT
    if work.outcome == DUPLICATE:
        return Paid.DUPLICATE
    if work.again_after is not None and work.again_after < 60 * terms.again_minutes:
        return Paid.AGAIN
    return Paid.ONCE


def pieces(work: Work, terms: Terms) -> Iterator[Piece]:
    """The inquiry divided by talk and wrap-up between those who did it; the parts add up to one, or to none at all.

    Where nothing took any time it is all theirs in whose hands it ended. Parts of those that are not settled with here
    are left out.
    """
    spent: dict[str, int] = defaultdict(int)
    for answering, milliseconds in work.by:
        spent[answering] += milliseconds
    weights = spent if any(spent.values()) else {work.last: 1}
    rule = paid(work, terms)
    parts = shared(THOUSAND if rule == Paid.ONCE else 0, weights)
    for answering in sorted(parts):
        if answering not in work.elsewhere:
            minutes = nearest(spent[answering], THOUSANDTH_OF_A_MINUTE)
            yield Piece(work.inquiry, work.day, work.home, answering, parts[answering], minutes, rule)
