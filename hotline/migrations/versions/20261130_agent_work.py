"""Keep what each offer writes of an agent apart from what stays as it is."""

import sqlalchemy as sa
from alembic import op

revision = "20261130_agent_work"
down_revision = "20261130_lookup_who"
branch_labels = None
depends_on = None

READY = "presence = 'available' AND connected AND load < capacity"
CHECKS = {
    "agent_not_over_capacity": "load >= 0 AND load <= capacity",
    "agent_capacity": "capacity > 0",
    "agent_presence": "presence IN ('available','break','offline')",
}


def upgrade() -> None:
    """Whoever answers has one row of each."""
    op.create_table(
        "agent_work", sa.Column("agent_id", sa.BigInteger, sa.ForeignKey("agent.id"), primary_key=True), *columns()
    )
    names = ", ".join(column.name for column in columns())
    op.execute(f"INSERT INTO agent_work (agent_id, {names}) SELECT id, {names} FROM agent")
    op.drop_index("agent_ready", "agent")
    for name in CHECKS:
        op.drop_constraint(name, "agent")
    for column in columns():
        op.drop_column("agent", column.name)
    guard("agent_work", "agent_id")


def downgrade() -> None:
    """One row for both."""
    op.drop_index("agent_ready", "agent_work")
    for column in columns():
        op.add_column("agent", column)
    names = [column.name for column in columns()]
    op.execute(
        f"UPDATE agent a SET {', '.join(f'{name} = w.{name}' for name in names)} FROM agent_work w WHERE a.id = w.agent_id"
    )
    op.drop_table("agent_work")
    op.alter_column("agent", "capacity", server_default=None)
    guard("agent", "id")


def columns() -> list[sa.Column]:
    """What moves."""
    return [
        sa.Column("capacity", sa.SmallInteger, nullable=False, server_default=sa.text("3")),
        sa.Column("load", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("presence", sa.Text, nullable=False, server_default="offline"),
        sa.Column("presence_reason", sa.Text),
        sa.Column("connected", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("idle_since", sa.DateTime(timezone=True)),
        sa.Column("misses", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
        sa.Column("rests_until", sa.DateTime(timezone=True)),
    ]


def guard(table: str, key: str) -> None:
    """What the database refuses, and the index of those who could be offered something."""
    for name, condition in CHECKS.items():
        op.create_check_constraint(name, table, condition)
    op.create_index("agent_ready", table, ["idle_since", key], postgresql_where=sa.text(READY))
