"""Take the reasons that agents typed out of the journal, which phone systems read: they stand in the offers."""

from alembic import op

revision = "20261122_typed_reasons"
down_revision = "20261122_colleagues"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was refused is told as refused; no figure comes from why."""
    op.execute("UPDATE journal SET data = data - 'reason' WHERE event = 'refused' AND data ? 'reason'")


def downgrade() -> None:
    """Put back what the offers still hold."""
    op.execute(
        "UPDATE journal j SET data = j.data || jsonb_build_object('reason', o.answer_reason) FROM offer o"
        " WHERE j.event = 'refused' AND o.id = (j.data ->> 'offer_id')::bigint AND o.answer_reason IS NOT NULL"
    )
