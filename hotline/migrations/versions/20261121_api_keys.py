"""Let a key say what it may do and for whom, show its beginning, and remember when it was used last."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "20261121_api_keys"
down_revision = "20261121_row_security"
branch_labels = None
depends_on = None

DOOR, INTAKE, INTEGRATOR = "hotline_door", "hotline_intake", "hotline_integrator"
SCOPES = "ARRAY['intake', 'read', 'statistics', 'webhooks']"

SOMEBODY = "(SELECT nullif(current_setting('hotline.who', true), '')) IS NOT NULL"
# The key's municipalities, separated by commas; none means that it is bound to none of them.
BOUNDS = "(SELECT nullif(current_setting('hotline.municipalities', true), ''))"
BOUND_TO = f"({BOUNDS} IS NULL OR {{column}} = ANY (string_to_array({BOUNDS}, ',')))"
FIGURES = "'statistics' = ANY (string_to_array((SELECT current_setting('hotline.scopes', true)), ','))"


def upgrade() -> None:
    """Keys that there are keep what they could do; where no beginning is known, their hash begins their name."""
    for name in ("scopes", "municipalities"):
        op.add_column("api_key", sa.Column(name, ARRAY(sa.Text()), nullable=False, server_default="{}"))
        op.alter_column("api_key", name, server_default=None)
    op.add_column("api_key", sa.Column("prefix", sa.Text(), nullable=False, server_default=""))
    op.alter_column("api_key", "prefix", server_default=None)
    op.add_column("api_key", sa.Column("last_used_at", sa.DateTime(timezone=True)))
    op.execute(f"UPDATE api_key SET scopes = {SCOPES}, prefix = 'sha256:' || left(encode(key_hash, 'hex'), 8)")
    op.create_check_constraint("api_key_scopes", "api_key", f"scopes <@ {SCOPES}")
    op.add_column("person", sa.Column("from_directory", sa.Boolean(), nullable=False, server_default=sa.false()))

    op.execute(f"GRANT UPDATE (last_used_at) ON api_key TO {DOOR}, {INTAKE}")
    op.execute(
        f"CREATE POLICY last_use ON api_key FOR UPDATE TO {DOOR}, {INTAKE} USING ({SOMEBODY}) WITH CHECK ({SOMEBODY})"
    )
    op.execute(
        f"CREATE POLICY within_the_key ON inquiry AS RESTRICTIVE FOR SELECT TO {INTEGRATOR}"
        f" USING ({BOUND_TO.format(column='municipality')})"
    )
    op.execute(
        f"CREATE POLICY figures_by_key ON interval_sum FOR SELECT TO {INTEGRATOR}"
        f" USING ({FIGURES} AND {BOUND_TO.format(column='municipality')})"
    )
    op.execute(
        f"CREATE POLICY figures_by_key ON exchange_sum FOR SELECT TO {INTEGRATOR} USING ({FIGURES}"
        f" AND ({BOUND_TO.format(column='home')} OR {BOUND_TO.format(column='answering')}))"
    )


def downgrade() -> None:
    """Every key may do everything again."""
    op.execute("DROP POLICY figures_by_key ON exchange_sum")
    op.execute("DROP POLICY figures_by_key ON interval_sum")
    op.execute("DROP POLICY within_the_key ON inquiry")
    op.execute("DROP POLICY last_use ON api_key")
    op.execute(f"REVOKE UPDATE (last_used_at) ON api_key FROM {DOOR}, {INTAKE}")
    op.drop_column("person", "from_directory")
    op.drop_constraint("api_key_scopes", "api_key")
    for name in ("last_used_at", "prefix", "municipalities", "scopes"):
        op.drop_column("api_key", name)
