"""What each collaboration keeps for how long, and what retention has erased lately, as a page shows it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, func, select

from hotline.clock import danish
from hotline.directory.agreements import kept_by, partners_of
from hotline.directory.collaborations import hours_of, memberships
from hotline.directory.hours import Opening, Span
from hotline.directory.models import Collaboration, RuleChange
from hotline.directory.special_days import special_days
from hotline.directory.wall_hours import together
from hotline.privacy.models import RetentionRun

DAYS, LINES = 30, 24
OVERDUE = timedelta(hours=2)  # workers erase every hour
COUNTS = ("identities", "kept_cpr", "request_keys", "reasons", "texts", "notes", "lookups")


@dataclass(frozen=True)
class Rules:
    """One collaboration: its rules as columns, its hours as (first day's opening, last day), its members' names.

    `partners` are names and `kept` topics' slugs, by the name of the member whose they are; as far as they count today.
    """

    rules: Collaboration
    hours: list[tuple[Opening, int]]
    special_days: dict[str, list[Span]]
    members: list[str]
    partners: list[tuple[str, list[str]]]
    kept: list[tuple[str, list[str]]]


@dataclass(frozen=True)
class Erased:
    """The latest runs, newest first, sums of the last days by name, and whether a run is overdue.

    `held_back` is what the latest run said, not a sum: the same notes wait in each.
    """

    lines: list[dict[str, Any]]
    sums: dict[str, int]
    held_back: int
    overdue: bool


def collaborations(session: Session, now: datetime) -> list[Rules]:
    """Every collaboration by name, with those who are members at `now` (aware)."""
    day = danish(now).date()
    return [_of(session, one, day) for one in session.exec(select(Collaboration).order_by(col(Collaboration.name)))]


def _of(session: Session, one: Collaboration, day: date) -> Rules:
    names = {place.code: place.name for member, place in memberships(session, one) if member.holds(day)}
    partners = {code: [names[o] for o in others if o in names] for code, others in partners_of(session, one).items()}
    return Rules(
        rules=one,
        hours=[] if one.always_open else together(hours_of(session, one)),
        special_days={} if one.always_open else special_days(session, one),
        members=sorted(names.values()),
        partners=sorted((names[code], sorted(others)) for code, others in partners.items() if code in names and others),
        kept=sorted((names[code], slugs) for code, slugs in kept_by(session, one).items() if code in names),
    )


def changes(session: Session) -> list[tuple[RuleChange, str]]:
    """The latest changes of rules, hours and members, newest first, each with the collaboration's name of today."""
    both = select(RuleChange, Collaboration.name).join(
        Collaboration, col(Collaboration.id) == col(RuleChange.collaboration_id)
    )
    return list(session.exec(both.order_by(col(RuleChange.id).desc()).limit(LINES)))


def erased(session: Session, now: datetime) -> Erased:
    """The last runs of retention up to `now` (aware)."""
    newest = select(RetentionRun).order_by(col(RetentionRun.at).desc(), col(RetentionRun.id).desc())
    runs = session.exec(newest.limit(LINES)).all()
    columns = [func.coalesce(func.sum(col(getattr(RetentionRun, name))), 0) for name in COUNTS]
    lately = select(*columns).where(col(RetentionRun.at) > now - timedelta(days=DAYS))
    return Erased(
        lines=[run.model_dump() | {"day": danish(run.at).date()} for run in runs],
        sums=dict(zip(COUNTS, session.execute(lately).one(), strict=True)),
        held_back=runs[0].held_back if runs else 0,
        overdue=not runs or runs[0].at < now - OVERDUE,
    )
