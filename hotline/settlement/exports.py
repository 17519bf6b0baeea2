"""A settlement as files: for programs, and for a Danish spreadsheet."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from hotline.ids import reference_of
from hotline.settlement.figures import kroner, quantity, rate
from hotline.settlement.statements import Settlement
from hotline.statistics.tables import Column, Kind, Row, Table

COLUMNS = ("municipality", "name", "kind", "quantity", "unit", "rate", "amount", "since", "corrects")
KINDS = {
    "quantity": Kind.EXACT,
    "rate": Kind.EXACT,
    "amount": Kind.MONEY,
    "since": Kind.DAY,
    "day": Kind.DAY,
    "inquiries": Kind.EXACT,
    "minutes": Kind.EXACT,
}
PARTS = ("reference", "id", "day", "home", "answering", "inquiries", "minutes", "paid")


def document(settled: Settlement) -> dict[str, Any]:
    """Ready for JSON: numbers as decimal strings, amounts in kroner; positive is owed to the municipality."""
    return {
        "collaboration": settled.collaboration,
        "period": str(settled.month),
        "closed_at": settled.closed_at.isoformat() if settled.closed_at else None,
        "lines": [
            {
                "municipality": line.municipality,
                "kind": str(line.kind),
                "quantity": f"{quantity(line.quantity):f}",
                "unit": str(line.unit),
                "rate": f"{rate(line):f}",
                "amount": f"{kroner(line.amount):f}",
                "since": str(line.since),
                "corrects": line.corrects,
            }
            for line in settled.lines
        ],
        "sum": f"{kroner(sum(line.amount for line in settled.lines)):f}",
    }


def rows(settled: Settlement, names: Mapping[str, str], t: Callable[..., str]) -> list[tuple[Any, ...]]:
    """The headings, the lines and a sum for each municipality, with numbers as Decimal; `t` translates."""
    found: list[tuple[Any, ...]] = [tuple(t(f"settlement.column.{name}") for name in COLUMNS)]
    found += [
        (
            line.municipality,
            names.get(line.municipality, ""),
            t(f"settlement.kind.{line.kind}"),
            quantity(line.quantity),
            t(f"settlement.unit.{line.unit}"),
            rate(line),
            kroner(line.amount),
            line.since,
            line.corrects or "",
        )
        for line in settled.lines
    ]
    found += [
        (code, names.get(code, ""), t("settlement.sum"), "", "", "", kroner(amount), "", "")
        for code, amount in settled.totals.items()
    ]
    return found


def danish_csv(settled: Settlement, names: Mapping[str, str], t: Callable[..., str]) -> str:
    """The same rows as a table that a Danish spreadsheet opens."""
    return _csv(rows(settled, names, t))


def inquiries_csv(settled: Settlement, names: Mapping[str, str], t: Callable[..., str]) -> str:
    """The inquiries that lines are added up from, likewise: each municipality's part of each on a line."""
    return _csv(parts(settled, names, t))


def sheets(settled: Settlement, names: Mapping[str, str], t: Callable[..., str]) -> list[Table]:
    """Lines and sums, and the inquiries behind them, for a spreadsheet with the types of its cells."""
    both = (("lines", COLUMNS, rows(settled, names, t)), ("inquiries", PARTS, parts(settled, names, t)))
    return [
        Table(
            f"column.{name}",
            [Column(f"column.{column}", KINDS.get(column, Kind.WORDS)) for column in columns],
            [Row([None if cell == "" else cell for cell in line]) for line in lines],
            words="settlement",
        )
        for name, columns, (_, *lines) in both
    ]


def parts(settled: Settlement, names: Mapping[str, str], t: Callable[..., str]) -> list[tuple[Any, ...]]:
    """The headings, and each municipality's part of each inquiry."""
    found: list[tuple[Any, ...]] = [tuple(t(f"settlement.column.{name}") for name in PARTS)]
    found += [
        (
            reference_of(UUID(piece.inquiry)),
            piece.inquiry,
            piece.day,
            names.get(piece.home, piece.home),
            names.get(piece.answering, piece.answering),
            quantity(piece.inquiries),
            quantity(piece.minutes),
            t(f"settlement.paid.{piece.paid}"),
        )
        for piece in settled.pieces
    ]
    return found


def _csv(table: Iterable[tuple[Any, ...]]) -> str:
    """Semicolons, decimal commas, and the mark of UTF-8 at the beginning."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    for row in table:
        writer.writerow([f"{cell:f}".replace(".", ",") if isinstance(cell, Decimal) else cell for cell in row])
    return "\ufeff" + text.getvalue()
