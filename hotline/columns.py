"""Columns that many tables have."""

from datetime import datetime

import sqlalchemy as sa

# Who a transaction is for, as hotline/tenant.py has told the database, for columns that nobody may write themselves.
WHO = "coalesce(nullif(current_setting('hotline.who', true), ''), 'owner of the database')"
PERSON = "(NULLIF(current_setting('hotline.person'::text, true), ''::text))::bigint"


def moment(nullable: bool = False, server_default: str | None = None) -> sa.Column[datetime]:
    """A point in time, aware of its zone."""
    default = None if server_default is None else sa.text(server_default)
    return sa.Column(sa.DateTime(timezone=True), nullable=nullable, server_default=default)


def index_where(name: str, where: str, *columns: str | sa.TextClause, unique: bool = False) -> sa.Index:
    """An index of the rows alone that meet a condition."""
    return sa.Index(name, *columns, unique=unique, postgresql_where=sa.text(where))
