"""A table as the page shows it and the spreadsheet has it: one set of values, shown twice."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from hotline.statistics.measures import Share

# A number or seconds, a share, words, a day or a moment (aware), as its column's kind says; None where there is none.
Value = float | Decimal | str | Share | date | None


class Kind(StrEnum):
    """What the cells of a column are: per cent are of 0 to 1, a change is a share of what was usual, hours are kept in
    seconds, exact ones have decimals."""

    WORDS = "words"
    NUMBER = "number"
    SHARE = "share"
    PERCENT = "percent"
    CHANGE = "change"
    DURATION = "duration"
    HOURS = "hours"
    MONEY = "money"
    EXACT = "exact"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Column:
    """A column; `name` is the last part of the key of its heading in the catalogues."""

    name: str
    kind: Kind = Kind.NUMBER


@dataclass(frozen=True)
class Row:
    """The cells of a row; `note` is why there are none, or that it is not over yet, in the same way.

    `link` is where the first cell leads, `traces` the address of what others are counted from, by their places.
    """

    cells: Sequence[Value]
    note: str = ""
    is_sum: bool = False
    link: str = ""
    traces: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """Columns and rows, ordered by the column of the name `sorted_by`, if any.

    `name` is the last part of the key of its heading, as those of its columns, after `words`.
    """

    name: str
    columns: Sequence[Column]
    rows: Sequence[Row] = field(default_factory=tuple)
    words: str = "statistics"
    sorted_by: str = ""


def in_order(table: Table, by: str) -> Table:
    """The same rows by this column: words as they are, numbers from the most to the least, and none of them last;
    sums stay on top.

    A column that it does not have changes nothing.
    """
    places = [place for place, column in enumerate(table.columns) if column.name == by]
    if not places or places == [0]:
        return table
    rows = sorted(table.rows, key=lambda row: (not row.is_sum, -_number(row.cells[places[0]])))
    return replace(table, rows=rows, sorted_by=by)


def _number(value: Value) -> float:
    number = value.value if isinstance(value, Share) else value
    return float(number) if isinstance(number, int | float | Decimal) else -math.inf
