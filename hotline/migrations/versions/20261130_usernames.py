"""Keep user names as they are compared: small letters, each written in one way.

Of several people whose names become the same, who bears it already keeps it, else the first; the others are found by the
very letters of theirs.
"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "20261130_usernames"
down_revision = "20261130_erasures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Write each name anew that nobody else bears."""
    people = op.get_bind().execute(sa.text("SELECT id, username FROM person ORDER BY id")).all()
    taken = {person.username for person in people}
    for person in people:
        kept = unicodedata.normalize("NFC", unicodedata.normalize("NFC", person.username).strip().casefold())
        if kept not in taken:
            taken.add(kept)
            change = sa.text("UPDATE person SET username = :kept WHERE id = :id")
            op.get_bind().execute(change, {"kept": kept, "id": person.id})


def downgrade() -> None:
    """Nobody knows any more how a name was typed first."""
