"""How a municipality's share stands beside the others': the range of the middle half of them, naming nobody."""

from collections.abc import Iterable
from statistics import quantiles

from hotline.db import acting
from hotline.directory.snapshot import Directory
from hotline.statistics import queries
from hotline.statistics.measures import SERVICE_LEVELS, Share
from hotline.statistics.view import View

FEWEST_OTHERS = 5  # of fewer one could tell whose it is


def middle_half(shares: Iterable[Share]) -> tuple[float, float] | None:
    """Between which two values half of these shares lie, a quarter being lower and a quarter higher; shares of few are
    left out, and None is said of fewer than five."""
    values = [share.value for share in shares if share.is_of_many and share.value is not None]
    if len(values) < FEWEST_OTHERS:
        return None
    low, _, high = quantiles(values, n=4, method="inclusive")
    return low, high


def middle_of_others(view: View, directory: Directory) -> tuple[float, float] | None:
    """The same of all others that are with this municipality in a collaboration when the window begins, by its formula.

    The hotline reads their figures for whoever looks, who may not.
    """
    start, end = view.shown.start, view.shown.end
    theirs = {
        member.code
        for one in directory.collaborations_of(view.code, start)
        for member in directory.members_of(one.id or 0, start)
    } - {view.code}
    with acting(view.db):
        counted = queries.by_municipality(view.db, start, end, view.channel)
    formula = SERVICE_LEVELS[view.formula]
    return middle_half(formula(counts) for code, counts in counted.items() if code in theirs)
