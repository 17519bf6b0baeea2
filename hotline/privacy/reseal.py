"""Seals again with the key that seals now whatever an older key has sealed; and counts what is left of a key."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from hotline.clock import now
from hotline.duties import aside, forget, is_no_rows_fault, said, set_aside
from hotline.logs import log
from hotline.privacy.vault import Unreadable, key_ring, seal, unseal

BATCH = 500
RESEAL = "reseal"


@dataclass(frozen=True)
class Sealed:
    """A table with sealed columns: its key with the types in SQL, and each column with the field it is bound to."""

    table: str
    key: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...]


TABLES = (
    Sealed("citizen", (("inquiry_id", "uuid"),), tuple((name, name) for name in ("name", "phone", "email", "cpr"))),
    Sealed("webhook", (("id", "bigint"),), (("secret", "webhook_secret"), ("former", "webhook_secret"))),
    Sealed("received_mail", (("id", "bigint"),), (("head", "mail_head"),)),
    Sealed("kept_cpr", (("inquiry_id", "uuid"), ("n", "integer")), (("sealed", "kept_cpr"),)),
)
Place = tuple[Any, ...]


def reseal(session: Session, table: Sealed, after: Place | None, most: int = BATCH) -> Place | None:
    """Seal one batch of a table again, by primary key from `after` on; where it ended, None when nothing was left.

    A row is written only while it holds the very bytes that were read: whoever changes it meanwhile wins, and it is
    found again. What no key opens is left as it is, and logged by count.
    """
    found = session.execute(
        text(_old_rows(table, after)), _at(table, after) | {"now": _sealing(), "most": most}
    ).mappings()
    rows = found.all()
    if not rows:
        return None
    changes = [change for row in rows if (change := _again(table, row))]
    _write(session, table, changes)
    if len(changes) < len(rows):
        log(__name__).error(
            "fields left as they are: no key opens them", table=table.table, rows=len(rows) - len(changes)
        )
    return tuple(rows[-1][name] for name, _ in table.key)


def sealed_with(session: Session) -> dict[int, int]:
    """How many fields each key has sealed, by the number of the key; those of none are left out."""
    counts: dict[int, int] = {}
    for table in TABLES:
        for column, _ in table.fields:
            statement = (
                f"SELECT get_byte({column}, 1) AS key, count(*) AS fields FROM {table.table}"
                f" WHERE length({column}) > 1 GROUP BY 1"
            )
            for row in session.execute(text(statement)):
                counts[row.key] = counts.get(row.key, 0) + row.fields
    return counts


def _sealing() -> int:
    return key_ring().sealing(now())


def _old_rows(table: Sealed, after: Place | None) -> str:
    keys = ", ".join(name for name, _ in table.key)
    columns = ", ".join(column for column, _ in table.fields)
    old = " OR ".join(f"(length({column}) > 1 AND get_byte({column}, 1) <> :now)" for column, _ in table.fields)
    onwards = ", ".join(f"CAST(:after_{name} AS {kind})" for name, kind in table.key)
    further = f"({keys}) > ({onwards}) AND " if after else ""
    return f"SELECT {keys}, {columns} FROM {table.table} WHERE {further}({old}) ORDER BY {keys} LIMIT :most"


def _at(table: Sealed, place: Place | None) -> dict[str, Any]:
    return {f"after_{name}": value for (name, _), value in zip(table.key, place, strict=True)} if place else {}


def _again(table: Sealed, row: RowMapping) -> dict[str, Any] | None:
    """The parameters of `_swap` for one row; None where no key opens it."""
    change: dict[str, Any] = {f"key_{name}": row[name] for name, _ in table.key}
    try:
        for column, field in table.fields:
            old: bytes | None = row[column]
            change[f"old_{column}"] = old
            change[f"new_{column}"] = seal(unseal(old, field), field) if old else old
    except Unreadable:
        return None
    return change


def _write(session: Session, table: Sealed, changes: list[dict[str, Any]]) -> None:
    """All at once; where that breaks a rule of the database one by one, and what fails alone is set aside."""
    if not changes:
        return
    try:
        with session.begin_nested():
            session.connection().execute(text(_swap(table)), changes)
        return
    except DBAPIError as error:
        if is_no_rows_fault(error):
            raise
        log(__name__).warning("one by one", duty=RESEAL, error=said(error))
    passed_over = aside(session, RESEAL)
    for change in changes:
        item = " ".join([table.table, *(str(change[f"key_{name}"]) for name, _ in table.key)])
        if item in passed_over:
            continue
        try:
            with session.begin_nested():
                session.connection().execute(text(_swap(table)), change)
                forget(session, RESEAL, item)
        except DBAPIError as error:
            if is_no_rows_fault(error):
                raise
            set_aside(RESEAL, item, error)


def _swap(table: Sealed) -> str:
    new = ", ".join(f"{column} = :new_{column}" for column, _ in table.fields)
    same: Sequence[str] = [
        *(f"{name} = CAST(:key_{name} AS {kind})" for name, kind in table.key),
        *(f"{column} IS NOT DISTINCT FROM CAST(:old_{column} AS bytea)" for column, _ in table.fields),
    ]
    return f"UPDATE {table.table} SET {new} WHERE {' AND '.join(same)}"
