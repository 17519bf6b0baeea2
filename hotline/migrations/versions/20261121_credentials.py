"""Keep passwords apart from people, so that who may read a name cannot read a hash."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_credentials"
down_revision = "20261121_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move every hash into a table of its own."""
    op.create_table(
        "credential",
        sa.Column("person_id", sa.BigInteger(), sa.ForeignKey("person.id"), primary_key=True, autoincrement=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
    )
    op.execute("INSERT INTO credential (person_id, password_hash) SELECT id, password_hash FROM person")
    op.drop_column("person", "password_hash")


def downgrade() -> None:
    """Move them back; who has none cannot sign in with one."""
    op.add_column("person", sa.Column("password_hash", sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE person p SET password_hash = c.password_hash FROM credential c WHERE c.person_id = p.id")
    op.alter_column("person", "password_hash", server_default=None)
    op.drop_table("credential")
