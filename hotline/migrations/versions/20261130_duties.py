"""Write down how repeated work goes and what is set aside, and give a rebuild of the figures tables of its own."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261130_duties"
down_revision = "20261130_usernames"
branch_labels = None
depends_on = None

SUMS = ("interval_sum", "exchange_sum")


def upgrade() -> None:
    """The tables `duty`, `set_aside`, and one beside each table of sums."""
    op.create_table(
        "duty",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("failed_at", sa.DateTime(timezone=True)),
        sa.Column("failures", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("error", sa.Text),
    )
    op.create_table(
        "set_aside",
        sa.Column("duty", sa.Text, primary_key=True),
        sa.Column("item", sa.Text, primary_key=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.Text, nullable=False),
    )
    for table in SUMS:
        columns = sa.Table(table, sa.MetaData(), autoload_with=op.get_bind()).columns
        op.create_table(f"{table}_anew", *map(_same, columns))


def _same(column: sa.Column[Any]) -> sa.Column[Any]:
    default = None if column.server_default is None else sa.text("0")
    return sa.Column(column.name, column.type, primary_key=column.primary_key, nullable=False, server_default=default)


def downgrade() -> None:
    """Back to work that nobody writes down."""
    for table in ("duty", "set_aside", *(f"{name}_anew" for name in SUMS)):
        op.drop_table(table)
