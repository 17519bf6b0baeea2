"""CVR numbers of organisations and the municipalities they belong to; reads a list of them in."""

import csv
import re
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Field, Session, SQLModel, col, select

from hotline.directory.errors import BadCvrFile
from hotline.directory.models import Municipality


class CvrNumber(SQLModel, table=True):
    """An organisation's CVR number and its municipality; `invented` ones serve samples and tests, nobody has them."""

    __tablename__ = "cvr_number"
    __table_args__ = (sa.CheckConstraint("cvr ~ '^[0-9]{8}$'", name="cvr_number_digits"),)

    cvr: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    municipality: str = Field(
        sa_column=sa.Column(sa.Text, sa.ForeignKey("municipality.code"), nullable=False, index=True)
    )
    invented: bool = Field(
        default=False, sa_column=sa.Column(sa.Boolean, nullable=False, server_default=sa.text("false"))
    )


def read(path: Path) -> list[tuple[str, str]]:
    """The pairs of CVR number and municipality's code in a CSV with these two columns, comma or semicolon between.

    Raises BadCvrFile for anything else, OSError where there is no such file.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise BadCvrFile(why="encoding") from None
    try:
        rows = csv.DictReader(lines, delimiter=";" if lines and ";" in lines[0] else ",")
        if not {"cvr", "municipality"} <= set(rows.fieldnames or ()):
            raise BadCvrFile(why="columns")
        pairs = [((row["cvr"] or "").strip(), (row["municipality"] or "").strip()) for row in rows]
    except csv.Error as error:
        raise BadCvrFile(why="csv", found=str(error)) from None
    for number, (cvr, code) in enumerate(pairs, 2):
        if not re.fullmatch(r"[0-9]{8}", cvr) or not re.fullmatch(r"[0-9]{4}", code):
            raise BadCvrFile(why="digits", line=number)
    if len({cvr for cvr, _ in pairs}) != len(pairs):
        raise BadCvrFile(why="twice")
    return pairs


def store(session: Session, pairs: Sequence[tuple[str, str]], invented: bool) -> None:
    """Put them in place. Raises BadCvrFile, with nothing changed, where a municipality is not of the hotline."""
    unknown = {code for _, code in pairs} - set(session.exec(select(Municipality.code)).all())
    if unknown:
        raise BadCvrFile(why="code", code=min(unknown))
    for cvr, code in pairs:
        facts = {"municipality": code, "invented": invented}
        row = insert(CvrNumber).values(cvr=cvr, **facts)
        session.execute(row.on_conflict_do_update(index_elements=[col(CvrNumber.cvr)], set_=facts))
