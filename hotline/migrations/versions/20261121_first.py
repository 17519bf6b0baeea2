"""Make every table of the hotline."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from hotline.inquiries.journal import XID8

revision = "20261121_first"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "collaboration",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("always_open", sa.Boolean(), nullable=False),
        sa.Column("queue_limit", sa.Integer(), nullable=True),
        sa.Column("redial_seconds", sa.Integer(), nullable=False),
        sa.Column("sl_formula", sa.Text(), nullable=False),
        sa.CheckConstraint("sl_formula ~ '^[A-F]$'", name="collaboration_sl_formula"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "exchange_sum",
        sa.Column("start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("home", sa.Text(), nullable=False),
        sa.Column("answering", sa.Text(), nullable=False),
        sa.Column("inquiries", sa.BigInteger(), nullable=False),
        sa.Column("talk_seconds", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("start", "home", "answering"),
    )
    op.create_table(
        "integrator",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "interval_sum",
        sa.Column("start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("offered", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("answered", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("answered_in_target", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("abandoned", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("abandoned_in_target", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("short_abandoned", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("callbacks", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("handed_over", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("transferred", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("closed", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("resolved_first_contact", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("wait_seconds", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("talk_seconds", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("wrap_seconds", sa.Double(), server_default=sa.text("0"), nullable=False),
        sa.Column("offers_made", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("offers_refused", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("offers_lapsed", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("answered_by_others", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("answered_for_others", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("start", "municipality", "topic", "channel"),
    )
    op.create_index("interval_sum_of_municipality", "interval_sum", ["municipality", "start"], unique=False)
    op.create_table(
        "journal",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("xid", XID8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("inquiry_id", sa.Uuid(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("answering", sa.Text(), nullable=True),
        sa.Column("data", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("journal_by_xid", "journal", ["xid"], unique=False)
    op.create_index("journal_of_inquiry", "journal", ["inquiry_id", "id"], unique=False)
    op.create_table(
        "journal_cursor",
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("xid", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reader"),
    )
    op.create_table(
        "municipality",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.CheckConstraint("code ~ '^[0-9]{4}$'", name="municipality_code"),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "topic",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("kle", sa.Text(), nullable=True),
        sa.Column("target_seconds", sa.Integer(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.CheckConstraint("slug ~ '^[a-z][a-z0-9-]*$'", name="topic_slug"),
        sa.PrimaryKeyConstraint("slug"),
    )
    op.create_table(
        "web_clock",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name="web_clock_is_one"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "api_key",
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("integrator_id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["integrator_id"],
            ["integrator.id"],
        ),
        sa.PrimaryKeyConstraint("key_hash"),
    )
    op.create_index(op.f("ix_api_key_integrator_id"), "api_key", ["integrator_id"], unique=False)
    op.create_table(
        "membership",
        sa.Column("collaboration_id", sa.BigInteger(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("joined", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["collaboration.id"],
        ),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipality.code"],
        ),
        sa.PrimaryKeyConstraint("collaboration_id", "municipality", "joined"),
    )
    op.create_table(
        "opening_hours",
        sa.Column("collaboration_id", sa.BigInteger(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.CheckConstraint("opens < closes", name="opens_before_it_closes"),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="opening_hours_weekday"),
        sa.ForeignKeyConstraint(
            ["collaboration_id"],
            ["collaboration.id"],
        ),
        sa.PrimaryKeyConstraint("collaboration_id", "weekday", "opens"),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("role IN ('agent','team_lead','viewer','secretariat','administrator')", name="person_role"),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipality.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("username"),
    )
    op.create_index(op.f("ix_person_municipality"), "person", ["municipality"], unique=False)
    op.create_table(
        "agent",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("languages", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("capacity", sa.SmallInteger(), nullable=False),
        sa.Column("load", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("presence", sa.Text(), server_default=sa.text("'offline'"), nullable=False),
        sa.Column("presence_reason", sa.Text(), nullable=True),
        sa.Column("connected", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("idle_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("misses", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("presence IN ('available','break','offline')", name="agent_presence"),
        sa.CheckConstraint("capacity > 0", name="agent_capacity"),
        sa.CheckConstraint("load >= 0 AND load <= capacity", name="agent_not_over_capacity"),
        sa.ForeignKeyConstraint(
            ["id"],
            ["person.id"],
        ),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipality.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "agent_ready",
        "agent",
        ["idle_since", "id"],
        unique=False,
        postgresql_where=sa.text("presence = 'available' AND connected AND load < capacity"),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["person.id"],
        ),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index(op.f("ix_sign_in_session_person_id"), "sign_in_session", ["person_id"], unique=False)
    op.create_table(
        "agent_seen",
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agent.id"],
        ),
        sa.PrimaryKeyConstraint("agent_id"),
    )
    op.create_table(
        "agent_skill",
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name="agent_skill_level"),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agent.id"],
        ),
        sa.ForeignKeyConstraint(
            ["topic"],
            ["topic.slug"],
        ),
        sa.PrimaryKeyConstraint("agent_id", "topic"),
    )
    op.create_index(op.f("ix_agent_skill_topic"), "agent_skill", ["topic"], unique=False)
    op.create_table(
        "inquiry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("integrator_id", sa.BigInteger(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("resumes", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("municipality", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "attributes", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("topic_confidence", sa.Double(), nullable=True),
        sa.Column("topic_hint", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column(
            "alternatives", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'[]'"), nullable=False
        ),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("speaks", sa.Text(), nullable=True),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("priority_given", sa.Boolean(), nullable=False),
        sa.Column("urgent", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("only_agent", sa.BigInteger(), nullable=True),
        sa.Column("only_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agent_id", sa.BigInteger(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wrapping_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("transfers", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("flag", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('handling','wrapping')) <= (agent_id IS NOT NULL)", name="inquiry_handled_by_somebody"
        ),
        sa.CheckConstraint(
            "(state NOT IN ('waiting','offered')) OR (topic IS NOT NULL AND speaks IS NOT NULL AND deadline IS NOT NULL)",
            name="inquiry_waits_for_somebody",
        ),
        sa.CheckConstraint("channel IN ('phone','email','web','chat','sms','bot')", name="inquiry_channel"),
        sa.CheckConstraint(
            "state IN ('received','waiting','offered','handling','wrapping','closed','abandoned','callback','handed_over')",
            name="inquiry_state",
        ),
        sa.CheckConstraint("priority BETWEEN 1 AND 3", name="inquiry_priority"),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agent.id"],
        ),
        sa.ForeignKeyConstraint(
            ["integrator_id"],
            ["integrator.id"],
        ),
        sa.ForeignKeyConstraint(
            ["municipality"],
            ["municipality.code"],
        ),
        sa.ForeignKeyConstraint(
            ["only_agent"],
            ["agent.id"],
        ),
        sa.ForeignKeyConstraint(
            ["resumes"],
            ["inquiry.id"],
        ),
        sa.ForeignKeyConstraint(
            ["topic"],
            ["topic.slug"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("integrator_id", "external_id", name="inquiry_external_id"),
        sa.UniqueConstraint("resumes"),
    )
    op.create_index(
        "inquiry_ended_by_topic", "inquiry", ["topic", "id"], unique=False, postgresql_where=sa.text("state = 'closed'")
    )
    op.create_index(
        "inquiry_for_one",
        "inquiry",
        ["only_agent"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting' AND only_agent IS NOT NULL"),
    )
    op.create_index(
        "inquiry_front_of_class",
        "inquiry",
        ["topic", "speaks", sa.literal_column("(channel = 'phone')"), "deadline", "id"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "inquiry_held_by",
        "inquiry",
        ["agent_id"],
        unique=False,
        postgresql_where=sa.text("state IN ('handling','wrapping')"),
    )
    op.create_index(
        "inquiry_of_agent",
        "inquiry",
        ["agent_id", "id"],
        unique=False,
        postgresql_where=sa.text("agent_id IS NOT NULL"),
    )
    op.create_index("inquiry_of_integrator", "inquiry", ["integrator_id", "id"], unique=False)
    op.create_index("inquiry_of_municipality", "inquiry", ["municipality", "id"], unique=False)
    op.create_index("inquiry_received", "inquiry", ["id"], unique=False, postgresql_where=sa.text("state = 'received'"))
    op.create_table(
        "presence_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("presence", sa.Text(), nullable=False),
        sa.Column("connected", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agent.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("presence_of_agent", "presence_change", ["agent_id", "at"], unique=False)
    op.create_table(
        "citizen",
        sa.Column("inquiry_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("cpr", sa.LargeBinary(), nullable=True),
        sa.Column("phone_hash", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["inquiry_id"],
            ["inquiry.id"],
        ),
        sa.PrimaryKeyConstraint("inquiry_id"),
    )
    op.create_index(
        "citizen_by_phone", "citizen", ["phone_hash"], unique=False, postgresql_where=sa.text("phone_hash IS NOT NULL")
    )
    op.create_table(
        "idempotency_key",
        sa.Column("integrator_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("inquiry_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["inquiry_id"],
            ["inquiry.id"],
        ),
        sa.ForeignKeyConstraint(
            ["integrator_id"],
            ["integrator.id"],
        ),
        sa.PrimaryKeyConstraint("integrator_id", "key"),
    )
    op.create_table(
        "note",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("inquiry_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agent.id"],
        ),
        sa.ForeignKeyConstraint(
            ["inquiry_id"],
            ["inquiry.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("note_of_inquiry", "note", ["inquiry_id", "id"], unique=False)
    op.create_table(
        "offer",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("inquiry_id", sa.Uuid(), nullable=False),
        sa.Column("agent_id", sa.BigInteger(), nullable=False),
        sa.Column("units", sa.SmallInteger(), nullable=False),
        sa.Column("is_call", sa.Boolean(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lapses_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_reason", sa.Text(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state <> 'open' OR released_at IS NULL", name="offer_open_holds"),
        sa.CheckConstraint("state IN ('open','accepted','refused','lapsed','withdrawn')", name="offer_state"),
        sa.CheckConstraint("units > 0", name="offer_units"),
        sa.ForeignKeyConstraint(
            ["agent_id"],
            ["agent.id"],
        ),
        sa.ForeignKeyConstraint(
            ["inquiry_id"],
            ["inquiry.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("offer_lapses", "offer", ["lapses_at"], unique=False, postgresql_where=sa.text("state = 'open'"))
    op.create_index(
        "offer_live_of_agent", "offer", ["agent_id"], unique=False, postgresql_where=sa.text("released_at IS NULL")
    )
    op.create_index("offer_of_inquiry", "offer", ["inquiry_id", "id"], unique=False)
    op.create_index(
        "offer_one_call_per_agent",
        "offer",
        ["agent_id"],
        unique=True,
        postgresql_where=sa.text("released_at IS NULL AND is_call"),
    )
    op.create_index(
        "offer_one_per_inquiry", "offer", ["inquiry_id"], unique=True, postgresql_where=sa.text("released_at IS NULL")
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("offer_one_per_inquiry", table_name="offer", postgresql_where=sa.text("released_at IS NULL"))
    op.drop_index(
        "offer_one_call_per_agent", table_name="offer", postgresql_where=sa.text("released_at IS NULL AND is_call")
    )
    op.drop_index("offer_of_inquiry", table_name="offer")
    op.drop_index("offer_live_of_agent", table_name="offer", postgresql_where=sa.text("released_at IS NULL"))
    op.drop_index("offer_lapses", table_name="offer", postgresql_where=sa.text("state = 'open'"))
    op.drop_table("offer")
    op.drop_index("note_of_inquiry", table_name="note")
    op.drop_table("note")
    op.drop_table("idempotency_key")
    op.drop_index("citizen_by_phone", table_name="citizen", postgresql_where=sa.text("phone_hash IS NOT NULL"))
    op.drop_table("citizen")
    op.drop_index("presence_of_agent", table_name="presence_change")
    op.drop_table("presence_change")
    op.drop_index("inquiry_received", table_name="inquiry", postgresql_where=sa.text("state = 'received'"))
    op.drop_index("inquiry_of_municipality", table_name="inquiry")
    op.drop_index("inquiry_of_integrator", table_name="inquiry")
    op.drop_index("inquiry_of_agent", table_name="inquiry", postgresql_where=sa.text("agent_id IS NOT NULL"))
    op.drop_index("inquiry_held_by", table_name="inquiry", postgresql_where=sa.text("state IN ('handling','wrapping')"))
    op.drop_index("inquiry_front_of_class", table_name="inquiry", postgresql_where=sa.text("state = 'waiting'"))
    op.drop_index(
        "inquiry_for_one",
        table_name="inquiry",
        postgresql_where=sa.text("state = 'waiting' AND only_agent IS NOT NULL"),
    )
    op.drop_index("inquiry_ended_by_topic", table_name="inquiry", postgresql_where=sa.text("state = 'closed'"))
    op.drop_table("inquiry")
    op.drop_index(op.f("ix_agent_skill_topic"), table_name="agent_skill")
    op.drop_table("agent_skill")
    op.drop_table("agent_seen")
    op.drop_index(op.f("ix_sign_in_session_person_id"), table_name="sign_in_session")
    op.drop_table("sign_in_session")
    op.drop_index(
        "agent_ready",
        table_name="agent",
        postgresql_where=sa.text("presence = 'available' AND connected AND load < capacity"),
    )
    op.drop_table("agent")
    op.drop_index(op.f("ix_person_municipality"), table_name="person")
    op.drop_table("person")
    op.drop_table("opening_hours")
    op.drop_table("membership")
    op.drop_index(op.f("ix_api_key_integrator_id"), table_name="api_key")
    op.drop_table("api_key")
    op.drop_table("web_clock")
    op.drop_table("topic")
    op.drop_table("municipality")
    op.drop_table("journal_cursor")
    op.drop_index("journal_of_inquiry", table_name="journal")
    op.drop_index("journal_by_xid", table_name="journal")
    op.drop_table("journal")
    op.drop_index("interval_sum_of_municipality", table_name="interval_sum")
    op.drop_table("interval_sum")
    op.drop_table("integrator")
    op.drop_table("exchange_sum")
    op.drop_table("collaboration")
