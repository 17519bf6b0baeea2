"""End a sign-in after some idle time, and keep what people and keys come in with from all but door and accounts.

The desk, which does nearly everything else, needs none of it: whoever got it to run SQL of their own would have read
the hashes of passwords, tokens and keys, and could have written new ones.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261122_sign_ins"
down_revision = "20261122_hits"
branch_labels = None
depends_on = None

APP, DESK, DOOR, ACCOUNTS = "hotline_app", "hotline_desk", "hotline_door", "hotline_accounts"
SOMEBODY = "(SELECT nullif(current_setting('hotline.who', true), '')) IS NOT NULL"
NOT_THE_DESKS = ("credential", "sign_in_session", "api_key", "identity", "oidc_attempt")
KEPT = ("person", "agent", "agent_skill", "presence_change", "integrator", *NOT_THE_DESKS[:-1])
READ = ("municipality", "collaboration", "membership", "topic", "cvr_number")
IN_HAND = "agent_id IS NOT NULL AND state IN ('handling', 'wrapping')"


def upgrade() -> None:
    """Remember when a sign-in was used last; make the role that keeps accounts, and narrow the desk's."""
    op.add_column("sign_in_session", sa.Column("seen_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE sign_in_session SET seen_at = now()")  # an upgrade throws nobody out
    op.alter_column("sign_in_session", "seen_at", nullable=False)
    op.execute(f"GRANT UPDATE (seen_at) ON sign_in_session TO {DOOR}")
    op.execute(f"CREATE POLICY seen ON sign_in_session FOR UPDATE TO {DOOR} USING ({SOMEBODY}) WITH CHECK ({SOMEBODY})")

    op.execute(
        f"DO $$ BEGIN CREATE ROLE {ACCOUNTS} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE; "
        "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    )
    op.execute(f"GRANT {ACCOUNTS} TO {APP}, CURRENT_USER WITH INHERIT FALSE, SET TRUE")
    op.execute(f"GRANT SELECT ON alembic_version TO {ACCOUNTS}")
    for table in NOT_THE_DESKS:
        op.execute(f"DROP POLICY desk ON {table}")
        op.execute(f"REVOKE ALL ON {table} FROM {DESK}")
    for table in KEPT:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {ACCOUNTS}")
        op.execute(f"CREATE POLICY accounts ON {table} TO {ACCOUNTS} USING ({SOMEBODY}) WITH CHECK ({SOMEBODY})")
    for table in READ:
        op.execute(f"GRANT SELECT ON {table} TO {ACCOUNTS}")
        op.execute(f"CREATE POLICY accounts ON {table} FOR SELECT TO {ACCOUNTS} USING ({SOMEBODY})")
    # Whoever has something in hand is not cut off from it; what that is, is nothing to the accounts.
    op.execute(f"GRANT SELECT (agent_id, state) ON inquiry TO {ACCOUNTS}")
    op.execute(f"CREATE POLICY accounts ON inquiry FOR SELECT TO {ACCOUNTS} USING ({SOMEBODY} AND {IN_HAND})")


def downgrade() -> None:
    """Back to a desk that may do all of it; the role stays, for other databases of the server may use it."""
    for table in (*KEPT, *READ, "inquiry"):
        op.execute(f"DROP POLICY accounts ON {table}")
        op.execute(f"REVOKE ALL ON {table} FROM {ACCOUNTS}")
    op.execute(f"REVOKE SELECT (agent_id, state) ON inquiry FROM {ACCOUNTS}")
    op.execute(f"REVOKE ALL ON alembic_version FROM {ACCOUNTS}")
    for table in NOT_THE_DESKS:
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {DESK}")
        op.execute(f"CREATE POLICY desk ON {table} TO {DESK} USING ({SOMEBODY}) WITH CHECK ({SOMEBODY})")
    op.execute("DROP POLICY seen ON sign_in_session")
    op.execute(f"REVOKE UPDATE (seen_at) ON sign_in_session FROM {DOOR}")
    op.drop_column("sign_in_session", "seen_at")
