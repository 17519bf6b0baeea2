"""Let an identity be a citizen's alone, and a reader be who reads texts: two tables say otherwise what they hold."""

from alembic import op

revision = "20261130_one_word"
down_revision = "20261130_last_calls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rename the table of OpenID subjects with what hangs on it, and the key of how far the journal has been taken."""
    _rename_table("identity", "oidc_person")
    _rename_key("reader", "books")


def downgrade() -> None:
    """The names as they were."""
    _rename_key("books", "reader")
    _rename_table("oidc_person", "identity")


def _rename_table(old: str, new: str) -> None:
    op.rename_table(old, new)
    op.execute(f"ALTER INDEX ix_{old}_person_id RENAME TO ix_{new}_person_id")
    required = [f"{name}_not_null" for name in ("issuer", "subject", "person_id", "last_at")]
    for rule in ("pkey", "person_id_fkey", *required):
        op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT {old}_{rule} TO {new}_{rule}")


def _rename_key(old: str, new: str) -> None:
    op.alter_column("journal_cursor", old, new_column_name=new)
    required = "journal_cursor_{}_not_null"
    op.execute(f"ALTER TABLE journal_cursor RENAME CONSTRAINT {required.format(old)} TO {required.format(new)}")
