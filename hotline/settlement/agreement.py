"""What members agreed to give in a month beside what they gave: hours on duty, and work for each other's citizens."""

from datetime import datetime

from sqlmodel import Session, select

from hotline.board.roster import duties
from hotline.directory.models import Collaboration, Membership
from hotline.settlement.agree import agreed
from hotline.settlement.collect import midnight, time_on_duty
from hotline.settlement.terms import Month, stretches
from hotline.settlement.work import THOUSAND
from hotline.statistics.queries import exchange
from hotline.statistics.tables import Column, Kind, Row, Table

HOUR = 3600.0


def agreement(
    session: Session, held: Collaboration, month: Month, names: dict[str, str], now: datetime, only: str | None = None
) -> Table:
    """A row for each member of the month, or for one alone: hours, as far as the month has come at `now` (aware)."""
    start, end = midnight(month.first), min(midnight(month.after), now)
    mine = session.exec(select(Membership).where(Membership.collaboration_id == held.id)).all()
    members = {one.municipality for one in mine if any(one.holds(day) for day in month.days)}
    owed = dict.fromkeys(members, 0.0)
    for stretch in stretches(month, agreed(session, held)):
        for code in members & stretch.terms.owed.keys():
            part = (stretch.after - stretch.first).days / len(month.days)
            owed[code] += stretch.terms.owed[code] / THOUSAND * part
    planned = {one.municipality: one.planned for one in duties(session, month.first, len(month.days), now)}
    duty, given, got = (dict.fromkeys(members, 0.0) for _ in range(3))
    for _, code, milliseconds in time_on_duty(session, month, start, end) if start < end else ():
        if code in members:
            duty[code] += milliseconds / 1000
    for pair in exchange(session, start, midnight(month.after), only):
        if pair.home in members and pair.answering in members and pair.home != pair.answering:
            given[pair.answering] += pair.talk_seconds + pair.wrap_seconds
            got[pair.home] += pair.talk_seconds + pair.wrap_seconds
    rows = [
        Row(
            [
                name,
                owed[code] * HOUR or None,
                planned.get(code, 0.0) * HOUR or None,
                duty[code],
                duty[code] - owed[code] * HOUR if owed[code] else None,
                given[code],
                got[code],
                given[code] - got[code],
            ]
        )
        for code, name in names.items()
        if code in members and only in (None, code)
    ]
    hours = ("owed_hours", "planned_hours", "duty_hours", "beyond_hours", "given_hours", "got_hours", "net_hours")
    columns = [Column("column.name", Kind.WORDS), *(Column(f"column.{name}", Kind.HOURS) for name in hours)]
    return Table("column.agreement", columns, rows, words="settlement")
