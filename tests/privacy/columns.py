"""The columns that docs/privacy/columns.md lists: those that may name a citizen, and those that cannot."""

import re

import sqlalchemy as sa

from hotline.inquiries.journal import XID8
from hotline.migrations.metadata import metadata
from hotline.resources import ROOT

WORDLESS = (sa.Integer, sa.Numeric, sa.Float, sa.DateTime, sa.Date, sa.Time, sa.Boolean, sa.Uuid, XID8)


def listed():
    """Both lists, each as names like `note.text`."""
    page = (ROOT / "docs" / "privacy" / "columns.md").read_text()
    may, _, cannot = page.partition("## Cannot name a citizen")
    return tuple(re.findall(r"`(\w+\.\w+)`", part.partition("|---")[2]) for part in (may, cannot))


def can_hold_words():
    """Every column of the tables whose type lets it say something."""
    return [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if not isinstance(column.type, WORDLESS)
    ]
