"""Let members of a collaboration settle by what they agreed, a month at a time."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261202_settlement"
down_revision = "20261201_unserved"
branch_labels = None
depends_on = None

WHO = "coalesce(nullif(current_setting('hotline.who', true), ''), 'owner of the database')"


def _number() -> sa.Column:
    return sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True)


def _of(table: str, name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger, sa.ForeignKey(f"{table}.id"), nullable=False)


def _of_statement() -> sa.Column:
    return sa.Column("statement_id", sa.BigInteger, sa.ForeignKey("settlement_statement.id"), primary_key=True)


def _code(name: str = "municipality", primary_key: bool = False) -> sa.Column:
    return sa.Column(name, sa.Text, sa.ForeignKey("municipality.code"), nullable=False, primary_key=primary_key)


def _words(name: str) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=False)


def _count(name: str, kind: type = sa.BigInteger) -> sa.Column:
    return sa.Column(name, kind, nullable=False)


def _by_whom() -> tuple[sa.Column, sa.Column]:
    at = sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()"))
    return at, sa.Column("who", sa.Text, nullable=False, server_default=sa.text(WHO))


def upgrade() -> None:
    """Nothing has been agreed, and nothing is closed."""
    op.create_table(
        "settlement_terms",
        _number(),
        _of("collaboration", "collaboration_id"),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("parts", JSONB, nullable=False),
        _count("again_minutes", sa.Integer),
        sa.Column("owed", JSONB, nullable=False),
        *_by_whom(),
        sa.CheckConstraint("again_minutes >= 0", name="settlement_terms_again"),
    )
    op.create_table(
        "inhabitants",
        _code(primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        _count("number", sa.Integer),
        _words("source"),
        sa.CheckConstraint("number >= 0", name="inhabitants_number"),
    )
    op.create_table(
        "settlement_correction",
        _number(),
        _of("collaboration", "collaboration_id"),
        _words("month"),
        _code("payer"),
        _code("payee"),
        _count("amount"),
        _words("why"),
        *_by_whom(),
        sa.CheckConstraint("amount > 0", name="settlement_correction_amount"),
        sa.CheckConstraint("payer <> payee", name="settlement_correction_two"),
    )
    op.create_table(
        "settlement_statement",
        _number(),
        _of("collaboration", "collaboration_id"),
        _words("month"),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text, nullable=False, server_default=sa.text(WHO)),
        sa.UniqueConstraint("collaboration_id", "month", name="settlement_statement_once"),
    )
    op.create_table(
        "settlement_line",
        _of_statement(),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        _code(),
        _words("kind"),
        sa.Column("since", sa.Date, nullable=False),
        _count("quantity"),
        _count("rate"),
        _count("amount"),
        sa.Column("corrects", sa.Text),
        sa.Column("correction_id", sa.BigInteger, sa.ForeignKey("settlement_correction.id")),
    )
    op.create_index(
        "settlement_correction_once",
        "settlement_line",
        ["correction_id", "municipality"],
        unique=True,
        postgresql_where=sa.text("correction_id IS NOT NULL"),
    )
    op.create_table(
        "settled_inquiry",
        _of_statement(),
        sa.Column("inquiry_id", sa.Uuid, primary_key=True),
        sa.Column("answering", sa.Text, primary_key=True),
        _words("home"),
        sa.Column("day", sa.Date, nullable=False),
        _count("inquiries", sa.Integer),
        _count("minutes"),
        _words("paid"),
    )
    op.create_index("settled_inquiry_in", "settled_inquiry", ["inquiry_id"])
    op.create_table("settlement_total", _of_statement(), _code(primary_key=True), _count("amount"))
    op.create_index("journal_by_time", "journal", ["at"], postgresql_using="brin")


def downgrade() -> None:
    """What was closed is gone."""
    op.drop_index("journal_by_time", "journal")
    for table in (
        "settlement_total",
        "settled_inquiry",
        "settlement_line",
        "settlement_statement",
        "settlement_correction",
        "inhabitants",
        "settlement_terms",
    ):
        op.drop_table(table)
