"""The table of simulations that somebody asked for on the page."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from hotline.columns import WHO, moment


class Progress(StrEnum):
    """How far a simulation has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Simulation(SQLModel, table=True):
    """So many Danish days from `day` on by one policy or two, and once it is done what came of it (report.py).

    Whoever is at it says so at `beat_at`; `tries` counts who has begun, and tells the last of them from those before.
    """

    __table_args__ = (
        sa.CheckConstraint("state IN ('waiting','running','done','failed')", name="simulation_state"),
        sa.CheckConstraint("days BETWEEN 1 AND 31", name="simulation_days"),
        sa.CheckConstraint("(state = 'done') = (result IS NOT NULL)", name="simulation_result"),
    )

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True))
    day: date = Field(sa_column=sa.Column(sa.Date, nullable=False))
    days: int = Field(sa_column=sa.Column(sa.SmallInteger, nullable=False))
    policies: list[str] = Field(sa_column=sa.Column(ARRAY(sa.Text), nullable=False))
    at: datetime | None = Field(default=None, sa_column=moment(server_default="now()"))
    who: str | None = Field(default=None, sa_column=sa.Column(sa.Text, nullable=False, server_default=sa.text(WHO)))
    state: str = Field(
        default=Progress.WAITING, sa_column=sa.Column(sa.Text, nullable=False, server_default=sa.text("'waiting'"))
    )
    tries: int = Field(default=0, sa_column=sa.Column(sa.SmallInteger, nullable=False, server_default=sa.text("0")))
    share: float = Field(default=0.0, sa_column=sa.Column(sa.Double, nullable=False, server_default=sa.text("0")))
    beat_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    ended_at: datetime | None = Field(default=None, sa_column=moment(nullable=True))
    result: dict[str, Any] | None = Field(default=None, sa_column=sa.Column(JSONB(none_as_null=True)))
    error: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
