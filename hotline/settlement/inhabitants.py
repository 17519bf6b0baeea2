"""How many live in each municipality, read from a file of the operator's: a count of a day, and who counted."""

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlmodel import Session, col, select

from hotline.directory.models import Municipality
from hotline.settlement.errors import BadInhabitants
from hotline.settlement.models import Inhabitants

MOST = 10_000_000


def read(path: Path) -> dict[str, int]:
    """Inhabitants by code in a CSV with the columns municipality and inhabitants, comma or semicolon between.

    Raises BadInhabitants for anything else, OSError where there is no such file.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        rows = csv.DictReader(lines, delimiter=";" if lines and ";" in lines[0] else ",", strict=True)
        if not {"municipality", "inhabitants"} <= set(rows.fieldnames or ()):
            raise BadInhabitants(why="columns")
        found: dict[str, int] = {}
        for row in rows:
            code = (row["municipality"] or "").strip().zfill(4)
            number = (row["inhabitants"] or "").strip().replace(".", "").replace(" ", "")
            if not (number.isascii() and number.isdigit() and 0 < int(number) <= MOST and len(code) == 4):
                raise BadInhabitants(why="line", line=rows.line_num)
            if code in found:
                raise BadInhabitants(why="twice", code=code)
            found[code] = int(number)
    except UnicodeDecodeError:
        raise BadInhabitants(why="encoding") from None
    except csv.Error as error:
        raise BadInhabitants(why="csv", found=str(error)) from None
    return found


def store(session: Session, counted: dict[str, int], day: date, source: str) -> None:
    """Put a count in place; one of the same day is replaced. Raises BadInhabitants, with nothing changed, for a code
    that is of no municipality here. Closed months stay as they are."""
    unknown = counted.keys() - set(session.exec(select(Municipality.code)).all())
    if unknown:
        raise BadInhabitants(why="code", code=min(unknown))
    for code, number in sorted(counted.items()):
        facts = {"number": number, "source": source}
        row = insert(Inhabitants).values(municipality=code, day=day, **facts)
        session.execute(
            row.on_conflict_do_update(index_elements=[col(Inhabitants.municipality), col(Inhabitants.day)], set_=facts)
        )


def known(session: Session, codes: Iterable[str], day: date) -> dict[str, int]:
    """Inhabitants by the latest count of that day or before, of those of whom there is one."""
    latest = (
        sa.select(col(Inhabitants.municipality), col(Inhabitants.number))
        .where(col(Inhabitants.municipality).in_(list(codes)), col(Inhabitants.day) <= day)
        .ext(distinct_on(col(Inhabitants.municipality)))
        .order_by(col(Inhabitants.municipality), col(Inhabitants.day).desc())
    )
    return {row[0]: row[1] for row in session.execute(latest)}
