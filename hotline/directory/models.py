"""The tables of the directory: municipalities, collaborations, topics, people, agents."""

from datetime import date, datetime, time
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from hotline.columns import WHO, moment


class Role(StrEnum):
    """What a person is here for."""

    AGENT = "agent"
    TEAM_LEAD = "team_lead"
    VIEWER = "viewer"
    SECRETARIAT = "secretariat"
    ADMINISTRATOR = "administrator"


# Those who run the pool: of no municipality, and they see all of them.
WHOLE_POOL = frozenset({Role.SECRETARIAT, Role.ADMINISTRATOR})
# Those who may take an inquiry out of somebody's hands: of the whole pool, or of their own municipality.
LEADS = WHOLE_POOL | {Role.TEAM_LEAD}


class Municipality(SQLModel, table=True):
    """One of the country's municipalities, by its four-digit code."""

    __table_args__ = (sa.CheckConstraint("code ~ '^[0-9]{4}$'", name="municipality_code"),)

    code: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    name: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    region: str = Field(sa_column=sa.Column(sa.Text, nullable=False))


class Collaboration(SQLModel, table=True):
    """Municipalities that serve each other under one set of rules.

    Who asked is erased `identity_days` after the inquiry's end, texts and notes after `text_days`; with
    `hand_over_notes` not before the notes have been handed over. With `keep_cpr` an agent may have a CPR number shown
    that was taken out, and it is kept as long as who asked. A citizen's own municipality is asked alone for
    `home_first_seconds`, then its partners as well for `partner_seconds`, then all members (routing/rings.py).
    """

    __table_args__ = (
        sa.CheckConstraint("sl_formula ~ '^[A-F]$'", name="collaboration_sl_formula"),
        sa.CheckConstraint("identity_days > 0 AND text_days > 0", name="collaboration_retention"),
        sa.CheckConstraint("home_first_seconds >= 0 AND partner_seconds >= 0", name="collaboration_rings"),
    )

    id: int = Field(  # none before it is stored
        default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(), primary_key=True)
    )
    name: str = Field(sa_column=sa.Column(sa.Text, nullable=False, unique=True))
    always_open: bool = Field(default=False, sa_column=sa.Column(sa.Boolean, nullable=False))
    queue_limit: int | None = Field(default=None, sa_column=sa.Column(sa.Integer))
    redial_seconds: int = Field(default=600, sa_column=sa.Column(sa.Integer, nullable=False))
    sl_formula: str = Field(default="D", sa_column=sa.Column(sa.Text, nullable=False))
    sl_percent: int = Field(default=90, sa_column=sa.Column(sa.Integer, nullable=False, server_default=sa.text("90")))
    keep_cpr: bool = Field(
        default=False, sa_column=sa.Column(sa.Boolean, nullable=False, server_default=sa.text("false"))
    )
    hand_over_notes: bool = Field(
        default=False, sa_column=sa.Column(sa.Boolean, nullable=False, server_default=sa.text("false"))
    )
    identity_days: int = Field(
        default=30, sa_column=sa.Column(sa.Integer, nullable=False, server_default=sa.text("30"))
    )
    text_days: int = Field(default=180, sa_column=sa.Column(sa.Integer, nullable=False, server_default=sa.text("180")))
    home_first_seconds: int = Field(
        default=0, sa_column=sa.Column(sa.Integer, nullable=False, server_default=sa.text("0"))
    )
    partner_seconds: int = Field(
        default=0, sa_column=sa.Column(sa.Integer, nullable=False, server_default=sa.text("0"))
    )


class OpeningHours(SQLModel, table=True):
    """One opening on a weekday (0 is Monday) in Danish wall time, half open: the hotline is closed at `closes`."""

    __tablename__ = "opening_hours"
    __table_args__ = (
        sa.CheckConstraint("opens < closes", name="opens_before_it_closes"),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name="opening_hours_weekday"),
    )

    collaboration_id: int = Field(
        sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("collaboration.id"), primary_key=True)
    )
    weekday: int = Field(sa_column=sa.Column(sa.SmallInteger, primary_key=True))
    opens: time = Field(sa_column=sa.Column(sa.Time, primary_key=True))
    closes: time = Field(sa_column=sa.Column(sa.Time, nullable=False))


class SpecialDay(SQLModel, table=True):
    """One opening on a day that is unlike others: `2026-12-23`, or `12-24` for every year's. Half open as all hours.

    A day that is closed has one row without `closes`.
    """

    __tablename__ = "special_day"
    __table_args__ = (
        sa.CheckConstraint("day ~ '^([0-9]{4}-)?[0-9]{2}-[0-9]{2}$'", name="special_day_is_a_day"),
        sa.CheckConstraint("closes IS NULL OR opens < closes", name="special_day_opens_before_it_closes"),
    )

    collaboration_id: int = Field(
        sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("collaboration.id"), primary_key=True)
    )
    day: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    opens: time = Field(sa_column=sa.Column(sa.Time, primary_key=True))
    closes: time | None = Field(default=None, sa_column=sa.Column(sa.Time))


class Membership(SQLModel, table=True):
    """A municipality is in a collaboration from the Danish day `joined` until, not on, the day `left`."""

    collaboration_id: int = Field(
        sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("collaboration.id"), primary_key=True)
    )
    municipality: str = Field(sa_column=sa.Column(sa.Text, sa.ForeignKey("municipality.code"), primary_key=True))
    joined: date = Field(sa_column=sa.Column(sa.Date, primary_key=True))
    left: date | None = Field(default=None, sa_column=sa.Column("left_on", sa.Date))

    def holds(self, day: date) -> bool:
        """Whether it is in force on this Danish day."""
        return self.joined <= day and (self.left is None or day < self.left)


class Partner(SQLModel, table=True):
    """The agents of `partner` are asked for the citizens of `municipality` before those of all other members are.

    It counts on the days on which both are members.
    """

    __table_args__ = (sa.CheckConstraint("partner <> municipality", name="partner_is_another"),)

    collaboration_id: int = Field(
        sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("collaboration.id"), primary_key=True)
    )
    municipality: str = Field(sa_column=sa.Column(sa.Text, sa.ForeignKey("municipality.code"), primary_key=True))
    partner: str = Field(sa_column=sa.Column(sa.Text, sa.ForeignKey("municipality.code"), primary_key=True))


class KeptTopic(SQLModel, table=True):
    """A municipality keeps a topic for its own agents: the others of this collaboration do not answer it for them."""

    __tablename__ = "kept_topic"

    collaboration_id: int = Field(
        sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("collaboration.id"), primary_key=True)
    )
    municipality: str = Field(sa_column=sa.Column(sa.Text, sa.ForeignKey("municipality.code"), primary_key=True))
    topic: str = Field(sa_column=sa.Column(sa.Text, sa.ForeignKey("topic.slug"), primary_key=True))


class RuleChange(SQLModel, table=True):
    """Somebody gave a collaboration another rule, hours, special day, member, partner or kept topic; append-only.

    `who` is a signed-in person's id in words or the account of an operator's command. `before` and `after` are what the
    rule said, as commands write it; `before` is empty for what there was not.
    """

    __tablename__ = "rule_change"

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(always=True), primary_key=True))
    at: datetime | None = Field(default=None, sa_column=moment(server_default="now()"))
    who: str | None = Field(
        default=None,
        sa_column=sa.Column(sa.Text, nullable=False, server_default=sa.text(WHO)),
    )
    collaboration_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("collaboration.id"), nullable=False))
    rule: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    before: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    after: str = Field(sa_column=sa.Column(sa.Text, nullable=False))


class Topic(SQLModel, table=True):
    """What an inquiry may be about; `open` is false for a topic that is kept but not taken in now."""

    __table_args__ = (sa.CheckConstraint("slug ~ '^[a-z][a-z0-9-]*$'", name="topic_slug"),)

    slug: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    name: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    name_en: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    kle: str | None = Field(default=None, sa_column=sa.Column(sa.Text))
    open: bool = Field(default=True, sa_column=sa.Column(sa.Boolean, nullable=False))


class Person(SQLModel, table=True):
    """Somebody who may sign in. `municipality` is empty for the secretariat and administrators.

    `from_directory` are those whom `hotline directory sync` keeps in step with a municipality's own list.
    """

    __table_args__ = (
        sa.CheckConstraint("role IN ('agent','team_lead','viewer','secretariat','administrator')", name="person_role"),
    )

    id: int | None = Field(default=None, sa_column=sa.Column(sa.BigInteger, sa.Identity(), primary_key=True))
    username: str = Field(sa_column=sa.Column(sa.Text, nullable=False, unique=True))
    name: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    role: str = Field(sa_column=sa.Column(sa.Text, nullable=False))
    municipality: str | None = Field(
        default=None, sa_column=sa.Column(sa.Text, sa.ForeignKey("municipality.code"), index=True)
    )
    active: bool = Field(default=True, sa_column=sa.Column(sa.Boolean, nullable=False))
    from_directory: bool = Field(
        default=False, sa_column=sa.Column(sa.Boolean, nullable=False, server_default=sa.false())
    )


class Agent(SQLModel, table=True):
    """A person who answers, and for whom: what stays as it is from day to day. Their work is in hotline/agents."""

    id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("person.id"), primary_key=True))
    municipality: str = Field(
        sa_column=sa.Column(sa.Text, sa.ForeignKey("municipality.code"), nullable=False, index=True)
    )
    languages: list[str] = Field(sa_column=sa.Column(ARRAY(sa.Text), nullable=False))


class AgentSkill(SQLModel, table=True):
    """An agent can finish inquiries of this topic, at level 1 (learning) to 3 (expert)."""

    __tablename__ = "agent_skill"
    __table_args__ = (sa.CheckConstraint("level BETWEEN 1 AND 3", name="agent_skill_level"),)

    agent_id: int = Field(sa_column=sa.Column(sa.BigInteger, sa.ForeignKey("agent.id"), primary_key=True))
    topic: str = Field(sa_column=sa.Column(sa.Text, sa.ForeignKey("topic.slug"), primary_key=True, index=True))
    level: int = Field(default=2, sa_column=sa.Column(sa.SmallInteger, nullable=False))
