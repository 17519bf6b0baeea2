"""Take from the role `hotline_desk` what `hotline_work` has from now on: the desk is the agent's page."""

from alembic import op

revision = "20261130_work_role"
down_revision = "20261130_agent_work"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The role itself is the whole server's, and other databases may use it still; here nobody may become it."""
    op.execute("""
        DO $$ BEGIN
            IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'hotline_desk') THEN
                REVOKE ALL ON ALL TABLES IN SCHEMA public FROM hotline_desk;
            END IF;
        END $$
    """)


def downgrade() -> None:
    """`hotline migrate` of that version gives it its rights again."""
