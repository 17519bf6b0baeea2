"""Columns that many tables have."""

from datetime import datetime

import sqlalchemy as sa


def moment(nullable: bool = False) -> sa.Column[datetime]:
    """A point in time, aware of its zone."""
    return sa.Column(sa.DateTime(timezone=True), nullable=nullable)
