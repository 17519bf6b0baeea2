"""Reports for councils: which are asked for or due, and how a worker makes them, each once."""

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session

from hotline.clock import danish
from hotline.db import rows_changed, transaction
from hotline.directory.models import Municipality
from hotline.directory.queries import load
from hotline.duties import NOT_ASIDE, is_no_rows_fault, set_aside
from hotline.errors import Invalid
from hotline.lanes import later
from hotline.statistics import promises
from hotline.statistics.models import MunicipalityReport, table_of
from hotline.statistics.report import content, pdf
from hotline.statistics.spans import FIRST_YEAR, Span, Window, window
from hotline.statistics.view import View
from hotline.tenant import at_work

LANE = "report"
AFTER = timedelta(hours=1)  # after midnight, when the sums have long taken in what was written before
REPORT = table_of(MunicipalityReport)
# Whoever had figures in the month gets a report of it; so does who asks for one.
DUE = sa.text("""
    INSERT INTO municipality_report (municipality, month)
    SELECT DISTINCT s.municipality, CAST(:month AS date)
    FROM all_topics_sum s JOIN municipality m ON m.code = s.municipality
    WHERE s.rung = 'month' AND s.start = :start AND s.offered > 0
    ON CONFLICT DO NOTHING
""")
NEXT = sa.text(f"""
    SELECT municipality, month FROM municipality_report r
    WHERE pdf IS NULL AND {NOT_ASIDE.format(duty=LANE, item="concat(r.municipality, ' ', r.month)")}
    ORDER BY asked_at, municipality LIMIT 1 FOR UPDATE SKIP LOCKED
""")
MADE = sa.text("""
    UPDATE municipality_report SET pdf = :pdf, made_at = :now
    WHERE municipality = :municipality AND month = :month AND pdf IS NULL
""")


def ask(session: Session, code: str, month: date, now: datetime) -> None:
    """Have a report of this month made; asked for or made before, it is not made again.

    Raises Invalid where `month` is not the first day of a month that is over.
    """
    if month.day != 1 or month.year < FIRST_YEAR or month > now.date() or month_of(month).end > now:
        raise Invalid("choose a month that is over")
    session.execute(insert(REPORT).values(municipality=code, month=month).on_conflict_do_nothing())
    later(session, LANE)


def reports(session: Session, code: str) -> list[sa.Row[Any]]:
    """Those of a municipality, the newest first, with `made_at` None for what is being made."""
    wanted = sa.select(REPORT.c.month, REPORT.c.made_at).where(REPORT.c.municipality == code)
    return list(session.execute(wanted.order_by(REPORT.c.month.desc()).limit(24)).all())


def report_of(session: Session, code: str, month: date) -> bytes | None:
    """The file of a month; None as long as there is none."""
    mine = sa.select(REPORT.c.pdf).where(REPORT.c.municipality == code, REPORT.c.month == month)
    return session.execute(mine).scalar_one_or_none()


def make_next(now: datetime) -> bool:
    """Make the next report that is due or asked for; false where there is none. One that fails is set aside."""
    last = month_of((danish(now - AFTER).date().replace(day=1)) - timedelta(days=1))
    with transaction(at_work("report")) as session:
        session.execute(DUE, {"month": last.first, "start": last.start})
    found = None
    try:
        with transaction(at_work("report")) as session:
            found = session.execute(NEXT).one_or_none()
            if found is None:
                return False
            of = {"municipality": found.municipality, "month": found.month}
            made = _made(session, found.municipality, month_of(found.month), now)
            assert rows_changed(session, MADE, of | {"pdf": made, "now": now}) == 1  # its row is locked
    except Exception as error:
        if found is None or is_no_rows_fault(error):
            raise
        set_aside(LANE, f"{found.municipality} {found.month}", error)
    return True


def month_of(day: date) -> Window:
    """The month that a day lies in."""
    return window(Span.MONTH, day)


def _made(session: Session, code: str, month: Window, now: datetime) -> bytes:
    view = View(session, code, month, now, promises.sl_formula(session, code, month.start))
    return pdf(content(view, session.get_one(Municipality, code), load(session), now), now)
