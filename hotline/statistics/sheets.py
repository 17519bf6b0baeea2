"""Tables as a spreadsheet (XLSX), with numbers, shares, durations and days as what they are, not as text."""

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from hotline.clock import danish
from hotline.statistics.measures import Share
from hotline.statistics.tables import Kind, Table, Value

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Translator = Callable[..., str]
SECONDS = {
    Kind.DURATION: 86_400,
    Kind.HOURS: 3_600,
}  # a spreadsheet's durations are parts of a day, and not below nought
LONGEST_NAME = 31  # of a sheet, and some signs it may not have
FORMATS = {
    Kind.NUMBER: "#,##0",
    Kind.SHARE: "0.0%",
    Kind.PERCENT: "0.0%",
    Kind.CHANGE: "+0%;-0%;0%",
    Kind.DURATION: "[h]:mm:ss",
    Kind.HOURS: "#,##0.00",
    Kind.MONEY: "#,##0.00",
    Kind.EXACT: "#,##0.00####",
    Kind.HOUR: "yyyy-mm-dd hh:mm",
    Kind.DAY: "yyyy-mm-dd",
    Kind.WEEK: "yyyy-mm-dd",
    Kind.MONTH: "yyyy-mm",
}


def workbook(tables: Iterable[Table], about: Sequence[str], t: Translator) -> bytes:
    """A sheet for each table, and one of the lines `about` them; `t` translates. Words are never read as formulas."""
    from xlsxwriter import Workbook  # a tenth of a second, which no other page has to wait for

    file = io.BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        formats = {kind: book.add_format({"num_format": written}) for kind, written in FORMATS.items()}
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for table in tables:
            sheet = book.add_worksheet(t(f"{table.words}.{table.name}")[:LONGEST_NAME])
            sheet.freeze_panes(1, 1)
            headings = [t(f"{table.words}.{column.name}") for column in table.columns]
            sheet.write_row(0, 0, [*headings, *([t("statistics.note")] if _has_notes(table) else [])], bold)
            sheet.set_column(0, 0, 26)
            sheet.set_column(1, len(table.columns), 15)
            for line, row in enumerate(table.rows, 1):
                for place, (column, value) in enumerate(zip(table.columns, row.cells, strict=True)):
                    _write(sheet, (line, place), value, column.kind, formats.get(column.kind))
                if row.is_sum and row.cells[0] is None:
                    sheet.write_string(line, 0, t("statistics.sum"))
                if row.note:
                    sheet.write_string(line, len(table.columns), t(f"statistics.{row.note}"))
        sheet = book.add_worksheet(t("statistics.about")[:LONGEST_NAME])
        sheet.set_column(0, 0, 110)
        for line, words in enumerate(about):
            sheet.write_string(line, 0, words)
    return file.getvalue()


def _has_notes(table: Table) -> bool:
    return any(row.note for row in table.rows)


def _write(sheet: Any, at: tuple[int, int], value: Value, kind: Kind, cell: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(*at, value)
    elif isinstance(value, date):
        wall = danish(value).replace(tzinfo=None) if isinstance(value, datetime) else value
        sheet.write_datetime(*at, wall, cell)
    elif isinstance(value, Share):
        if value.is_of_many and value.value is not None:
            sheet.write_number(*at, value.value, cell)
    elif value is not None:
        sheet.write_number(*at, float(value) / SECONDS.get(kind, 1), cell)
