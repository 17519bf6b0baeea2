"""Let PostgreSQL decide who sees which row: a role for each audience, and policies for each table.

The application signs in as hotline_app, which owns nothing and may see nothing by itself. A transaction enters one of
the audiences' roles and says in settings of its own who it is for; a setting that is not there lets nothing through.
"""

from alembic import op

revision = "20261121_row_security"
down_revision = "20261121_credentials"
branch_labels = None
depends_on = None

APP = "hotline_app"
DESK, DOOR, INTAKE, CONSOLE = "hotline_desk", "hotline_door", "hotline_intake", "hotline_console"
AGENT, TEAM_LEAD, VIEWER = "hotline_agent", "hotline_team_lead", "hotline_viewer"
SECRETARIAT, INTEGRATOR = "hotline_secretariat", "hotline_integrator"
PEOPLE = (AGENT, TEAM_LEAD, VIEWER, SECRETARIAT)
AUDIENCES = (DESK, DOOR, INTAKE, CONSOLE, *PEOPLE, INTEGRATOR)

FACTS = ("municipality", "collaboration", "opening_hours", "membership", "topic")
TABLES = (
    *FACTS, "person", "credential", "agent", "agent_skill", "presence_change", "agent_seen", "web_clock", "sign_in_session",
    "integrator", "api_key", "inquiry", "citizen", "note", "offer", "journal", "idempotency_key", "interval_sum",
    "exchange_sum", "journal_cursor",
)  # fmt: skip

SECRETS = ("credential", "sign_in_session", "api_key", "idempotency_key")

# A sub-select is worked out once a statement, not once a row; after a transaction a setting is '', not missing.
ME = "(SELECT nullif(current_setting('hotline.person', true), '')::bigint)"
MINE = "(SELECT nullif(current_setting('hotline.municipality', true), ''))"
KEY_OF = "(SELECT nullif(current_setting('hotline.integrator', true), '')::bigint)"
SOMEBODY = "(SELECT nullif(current_setting('hotline.who', true), '')) IS NOT NULL"

TOUCHED = (
    f"EXISTS (SELECT 1 FROM offer o WHERE o.inquiry_id = inquiry.id AND o.agent_id = {ME}"
    " AND o.state IN ('open', 'accepted'))"
)
# What the row's inquiry lets its reader see, by the policies of inquiry itself.
OF_INQUIRY = "EXISTS (SELECT 1 FROM inquiry i WHERE i.id = {table}.inquiry_id)"
ACCEPTED = (
    "EXISTS (SELECT 1 FROM offer o WHERE o.inquiry_id = {table}.inquiry_id"
    f" AND o.agent_id = {ME} AND o.state = 'accepted')"
)
HOME = f"EXISTS (SELECT 1 FROM inquiry i WHERE i.id = {{table}}.inquiry_id AND i.municipality = {MINE})"
LIVE = "EXISTS (SELECT 1 FROM inquiry i WHERE i.id = {table}.inquiry_id AND i.state IN ('handling', 'wrapping'))"

# (table, audiences, what they may read, the condition). Whoever is not named sees no row.
READ: tuple[tuple[str, tuple[str, ...], str], ...] = (
    *((table, (DOOR, INTAKE, CONSOLE, *PEOPLE, INTEGRATOR), SOMEBODY) for table in FACTS),
    ("person", (DOOR, CONSOLE, AGENT, TEAM_LEAD, SECRETARIAT, INTEGRATOR), SOMEBODY),
    ("person", (VIEWER,), f"id = {ME}"),
    ("agent", (DOOR, CONSOLE, AGENT, TEAM_LEAD, SECRETARIAT, INTEGRATOR), SOMEBODY),
    ("agent_skill", (CONSOLE, AGENT, TEAM_LEAD, SECRETARIAT, INTEGRATOR), SOMEBODY),
    ("presence_change", (AGENT,), f"agent_id = {ME}"),
    ("presence_change", (TEAM_LEAD,),
        f"EXISTS (SELECT 1 FROM agent a WHERE a.id = presence_change.agent_id AND a.municipality = {MINE})"),
    ("presence_change", (SECRETARIAT,), SOMEBODY),
    ("credential", (DOOR,), SOMEBODY),
    ("sign_in_session", (DOOR,), SOMEBODY),
    ("integrator", (DOOR, INTAKE, SECRETARIAT), SOMEBODY),
    ("integrator", (INTEGRATOR,), f"id = {KEY_OF}"),
    ("api_key", (DOOR, INTAKE), SOMEBODY),
    ("inquiry", (INTAKE,), SOMEBODY),
    ("inquiry", (CONSOLE,), f"{SOMEBODY} AND state IN ('offered', 'handling', 'wrapping')"),
    ("inquiry", (AGENT,), TOUCHED),
    ("inquiry", (TEAM_LEAD,), f"municipality = {MINE} OR {TOUCHED}"),
    ("inquiry", (SECRETARIAT,), SOMEBODY),
    ("inquiry", (INTEGRATOR,), f"integrator_id = {KEY_OF}"),
    ("citizen", (INTAKE,), SOMEBODY),
    ("citizen", (CONSOLE,), f"{SOMEBODY} AND {LIVE}"),
    ("citizen", (AGENT,), ACCEPTED),
    ("citizen", (TEAM_LEAD,), f"{HOME} OR {ACCEPTED}"),
    ("citizen", (SECRETARIAT,), SOMEBODY),
    ("note", (AGENT,), ACCEPTED),
    ("note", (TEAM_LEAD,), f"{HOME} OR {ACCEPTED}"),
    ("note", (SECRETARIAT,), SOMEBODY),
    ("offer", (CONSOLE, SECRETARIAT), SOMEBODY),
    ("offer", (AGENT, TEAM_LEAD), f"agent_id = {ME}"),
    ("journal", (AGENT, TEAM_LEAD, SECRETARIAT, INTEGRATOR), OF_INQUIRY),
    ("idempotency_key", (INTAKE,), SOMEBODY),
    ("interval_sum", (VIEWER, TEAM_LEAD), f"municipality = {MINE}"),
    ("interval_sum", (SECRETARIAT,), SOMEBODY),
    ("exchange_sum", (VIEWER, TEAM_LEAD), f"home = {MINE} OR answering = {MINE}"),
    ("exchange_sum", (SECRETARIAT,), SOMEBODY),
)  # fmt: skip


def upgrade() -> None:
    """Make the roles where the server has none of them yet, grant, and switch the policies on."""
    for role in (APP, *AUDIENCES):
        login = "LOGIN NOINHERIT" if role == APP else "NOLOGIN"
        op.execute(
            f"DO $$ BEGIN CREATE ROLE {role} {login} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
    for role in AUDIENCES:
        op.execute(f"GRANT {role} TO {APP} WITH INHERIT FALSE, SET TRUE")
        op.execute(f"GRANT {role} TO CURRENT_USER WITH INHERIT FALSE, SET TRUE")
    op.execute(f"GRANT SELECT ON alembic_version TO {APP}, {', '.join(AUDIENCES)}")
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        # Allowed to ask, and answered with nothing unless a policy below says otherwise.
        asks = (APP,) if table in SECRETS else (APP, *PEOPLE, INTEGRATOR)
        op.execute(f"GRANT SELECT ON {table} TO {', '.join(asks)}")
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {DESK}")
        op.execute(f"CREATE POLICY desk ON {table} TO {DESK} USING ({SOMEBODY}) WITH CHECK ({SOMEBODY})")
    for number, (table, audiences, condition) in enumerate(READ):
        op.execute(f"GRANT SELECT ON {table} TO {', '.join(audiences)}")
        op.execute(
            f"CREATE POLICY read_{number} ON {table} FOR SELECT TO {', '.join(audiences)}"
            f" USING ({condition.format(table=table)})"
        )
    _allow_the_door()
    _allow_intake()


def _allow_the_door() -> None:
    """Signing in and out."""
    op.execute(f"GRANT INSERT, DELETE ON sign_in_session TO {DOOR}")
    op.execute(f"CREATE POLICY sign_in ON sign_in_session FOR INSERT TO {DOOR} WITH CHECK ({SOMEBODY})")
    op.execute(f"CREATE POLICY sign_out ON sign_in_session FOR DELETE TO {DOOR} USING ({SOMEBODY})")


def _allow_intake() -> None:
    """Taking in."""
    for table in ("inquiry", "citizen", "idempotency_key", "journal"):
        op.execute(f"GRANT INSERT ON {table} TO {INTAKE}")
        op.execute(f"CREATE POLICY take_in ON {table} FOR INSERT TO {INTAKE} WITH CHECK ({SOMEBODY})")


def downgrade() -> None:
    """Switch the policies off; the roles stay, for other databases of the server may use them."""
    for table in TABLES:
        op.execute(
            f"DO $$ DECLARE p text; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE tablename = '{table}' LOOP "
            f"EXECUTE format('DROP POLICY %I ON {table}', p); END LOOP; END $$"
        )
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        op.execute(f"REVOKE ALL ON {table} FROM {', '.join((APP, *AUDIENCES))}")
