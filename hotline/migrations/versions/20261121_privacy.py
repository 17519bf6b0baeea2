"""Journal look-ups of citizens, keep CPR numbers where a collaboration wants it, and erase by its rule."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_privacy"
down_revision = "20261121_api_keys"
branch_labels = None
depends_on = None

APP, DESK, INTAKE, CONSOLE = "hotline_app", "hotline_desk", "hotline_intake", "hotline_console"
AGENT, TEAM_LEAD, VIEWER = "hotline_agent", "hotline_team_lead", "hotline_viewer"
SECRETARIAT, INTEGRATOR = "hotline_secretariat", "hotline_integrator"
ASKS = ", ".join((APP, AGENT, TEAM_LEAD, VIEWER, SECRETARIAT, INTEGRATOR))

ME = "(SELECT nullif(current_setting('hotline.person', true), '')::bigint)"
SOMEBODY = "(SELECT nullif(current_setting('hotline.who', true), '')) IS NOT NULL"
ACCEPTED = (
    "EXISTS (SELECT 1 FROM offer o WHERE o.inquiry_id = kept_cpr.inquiry_id"
    f" AND o.agent_id = {ME} AND o.state = 'accepted')"
)
LIVE = "EXISTS (SELECT 1 FROM inquiry i WHERE i.id = kept_cpr.inquiry_id AND i.state IN ('handling', 'wrapping'))"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the rules, the hashes, the marks and three tables, and say who may see them."""
    _rules()
    _hashes_and_marks()
    _tables()
    for table in ("lookup", "kept_cpr", "retention_run"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    _may_be_added_to("lookup")
    _may_be_added_to("retention_run")
    # A look-up is kept for two years, and the hotline itself cannot take one back before.
    op.execute(f"GRANT DELETE ON lookup TO {DESK}")
    op.execute(
        f"CREATE POLICY desk_forgets ON lookup FOR DELETE TO {DESK}"
        f" USING ({SOMEBODY} AND at < now() - interval '2 years')"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON kept_cpr TO {DESK}")
    op.execute(f"CREATE POLICY desk ON kept_cpr TO {DESK} USING ({SOMEBODY}) WITH CHECK ({SOMEBODY})")
    op.execute(f"GRANT INSERT ON kept_cpr TO {INTAKE}")
    op.execute(f"CREATE POLICY take_in ON kept_cpr FOR INSERT TO {INTAKE} WITH CHECK ({SOMEBODY})")
    # That a number is kept may be seen; the number itself is opened by the hotline alone, which journals it.
    op.execute(f"GRANT SELECT (inquiry_id, field, position, false_hit) ON kept_cpr TO {ASKS}, {CONSOLE}")
    op.execute(f"CREATE POLICY read_0 ON kept_cpr FOR SELECT TO {CONSOLE} USING ({SOMEBODY} AND {LIVE})")
    op.execute(f"CREATE POLICY read_1 ON kept_cpr FOR SELECT TO {AGENT}, {TEAM_LEAD} USING ({ACCEPTED})")


def downgrade() -> None:
    """Take all of it away again."""
    for table in ("retention_run", "kept_cpr", "lookup"):
        op.drop_table(table)
    op.drop_column("note", "handed_over_at")
    op.drop_index("inquiry_with_texts", "inquiry")
    op.drop_column("inquiry", "texts_erased_at")
    for name in ("cpr", "email"):
        op.drop_index(f"citizen_by_{name}", "citizen")
        op.drop_column("citizen", f"{name}_hash")
    op.drop_constraint("collaboration_retention", "collaboration")
    for name in ("keep_cpr", "identity_days", "text_days", "hand_over_notes"):
        op.drop_column("collaboration", name)


def _rules() -> None:
    for name in ("keep_cpr", "hand_over_notes"):
        op.add_column("collaboration", sa.Column(name, sa.Boolean, nullable=False, server_default=sa.text("false")))
    for name, days in (("identity_days", 30), ("text_days", 180)):
        op.add_column("collaboration", sa.Column(name, sa.Integer, nullable=False, server_default=sa.text(str(days))))
    op.create_check_constraint("collaboration_retention", "collaboration", "identity_days > 0 AND text_days > 0")


def _hashes_and_marks() -> None:
    for name in ("cpr", "email"):
        op.add_column("citizen", sa.Column(f"{name}_hash", sa.LargeBinary))
        op.create_index(
            f"citizen_by_{name}", "citizen", [f"{name}_hash"], postgresql_where=sa.text(f"{name}_hash IS NOT NULL")
        )
    op.add_column("inquiry", sa.Column("texts_erased_at", MOMENT))
    op.create_index(
        "inquiry_with_texts",
        "inquiry",
        ["ended_at"],
        postgresql_where=sa.text("ended_at IS NOT NULL AND texts_erased_at IS NULL"),
    )
    op.add_column("note", sa.Column("handed_over_at", MOMENT))


def _tables() -> None:
    op.create_table(
        "lookup",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("person_id", sa.BigInteger, sa.ForeignKey("person.id")),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("why", sa.Text),
        sa.Column("inquiry_id", sa.Uuid),
        sa.Column("subject", sa.LargeBinary),
        sa.CheckConstraint(
            "what IN ('opened','revealed','undone','searched','reported','exported','erased')", name="lookup_what"
        ),
    )
    op.create_index("lookup_at", "lookup", ["at"])
    op.create_index("lookup_of_inquiry", "lookup", ["inquiry_id"])
    op.create_index("lookup_of_subject", "lookup", ["subject"], postgresql_where=sa.text("subject IS NOT NULL"))
    op.create_index(
        "lookup_opened_once",
        "lookup",
        ["person_id", "inquiry_id"],
        unique=True,
        postgresql_where=sa.text("what = 'opened'"),
    )
    op.create_table(
        "kept_cpr",
        sa.Column("inquiry_id", sa.Uuid, sa.ForeignKey("inquiry.id"), primary_key=True),
        sa.Column("field", sa.Text, primary_key=True),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("number_hash", sa.LargeBinary),
        sa.Column("false_hit", sa.Boolean, nullable=False, server_default=sa.text("false")),
        sa.CheckConstraint("(sealed IS NULL) = false_hit", name="kept_cpr_until_undone"),
    )
    op.create_index(
        "kept_cpr_by_number", "kept_cpr", ["number_hash"], postgresql_where=sa.text("number_hash IS NOT NULL")
    )
    counts = ("identities", "kept_cpr", "request_keys", "texts", "notes", "lookups", "held_back")
    op.create_table(
        "retention_run",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in counts),
    )
    op.create_index("retention_run_at", "retention_run", ["at"])


def _may_be_added_to(table: str) -> None:
    """Append-only: the hotline adds lines and reads them, the secretariat reads them, nobody changes one."""
    op.execute(f"GRANT SELECT ON {table} TO {ASKS}")
    op.execute(f"GRANT SELECT, INSERT ON {table} TO {DESK}")
    op.execute(f"CREATE POLICY desk_reads ON {table} FOR SELECT TO {DESK} USING ({SOMEBODY})")
    op.execute(f"CREATE POLICY desk_adds ON {table} FOR INSERT TO {DESK} WITH CHECK ({SOMEBODY})")
    op.execute(f"CREATE POLICY read_0 ON {table} FOR SELECT TO {SECRETARIAT} USING ({SOMEBODY})")
