"""A settlement as files: for programs, and for a Danish spreadsheet."""

import csv
import io
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from hotline.settlement.figures import kroner, quantity, rate
from hotline.settlement.statements import Settlement

COLUMNS = ("municipality", "name", "kind", "quantity", "unit", "rate", "amount", "since", "corrects")


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
    """A table that a Danish spreadsheet opens: semicolons, decimal commas, and the mark of UTF-8 at its beginning."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    for row in rows(settled, names, t):
        writer.writerow([f"{cell:f}".replace(".", ",") if isinstance(cell, Decimal) else cell for cell in row])
    return "\ufeff" + text.getvalue()
