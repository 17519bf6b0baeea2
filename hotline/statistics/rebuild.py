"""Counts every figure anew from the journal, beside the figures that stand; then they take their place."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlmodel import Session

from hotline.db import transaction
from hotline.statistics.models import ANEW, FIGURES
from hotline.statistics.summarize import forget, locked_cursor, move_cursor, summarize
from hotline.tenant import Tenant

BATCH = 50_000  # lines a transaction, which is open for a second or two


def rebuild(tenant: Tenant, told: Callable[[int], None] = lambda lines: None) -> int:
    """Compute every sum anew from the journal that is there; says how many lines it took, and `told` so far.

    A transaction a batch, so that `summarize` goes on meanwhile and readers see its figures. At the end it waits for
    what the last batches have left, and for rows that came out otherwise to be written. Broken off, it begins anew.
    After a restore into another server nobody needs to call this: `summarize` notices by itself.
    """
    with transaction(tenant) as session:
        locked_cursor(session, ANEW)
        forget(session, ANEW)
        session.execute(sa.text("DELETE FROM set_aside WHERE duty = 'summarize'"))
    total, taken = 0, BATCH
    while taken >= BATCH:
        with transaction(tenant) as session:
            taken = summarize(session, BATCH, ANEW)
        total += taken
        told(total)
    with transaction(tenant) as session:
        locked_cursor(session, FIGURES)
        while taken := summarize(session, BATCH, ANEW):
            total += taken
        session.execute(sa.text("SET LOCAL statement_timeout = 0"))
        for table, anew in zip(FIGURES.tables, ANEW.tables, strict=True):
            _take_over(session, table, anew)
        move_cursor(session, locked_cursor(session, ANEW), FIGURES)
        forget(session, ANEW)
    return total


def _take_over(session: Session, table: sa.Table, anew: sa.Table) -> None:
    """Make the rows those of the other table; what is the same already is not written."""
    keys = " AND ".join(f"a.{column.name} = t.{column.name}" for column in table.primary_key)
    names = ", ".join(column.name for column in table.columns)
    both = [", ".join(f"{side}.{column.name}" for column in table.columns) for side in "at"]
    session.execute(
        sa.text(f"""
            DELETE FROM {table.name} t WHERE NOT EXISTS (
                SELECT 1 FROM {anew.name} a WHERE {keys} AND ROW({both[0]}) = ROW({both[1]}))
        """)
    )
    session.execute(
        sa.text(f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {anew.name} ON CONFLICT DO NOTHING")
    )
