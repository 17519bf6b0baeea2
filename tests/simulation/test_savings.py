"""The annex of a settlement: what the pool spared each member, from a simulation of the month that is over."""

import io
from datetime import timedelta

from openpyxl import load_workbook
from sqlmodel import Session

from hotline.clock import danish, now
from hotline.inquiries.states import Event
from hotline.settlement.terms import Month
from hotline.simulation.savings import save
from hotline.simulation.slices import Work
from tests.building import owner, transaction
from tests.settlement.test_pages import visit
from tests.settlement.test_statements import AARHUS, HJORRING, nord  # noqa: F401
from tests.statistics.lines import write


def saved():
    with transaction() as session:
        return save(session, now())


def test_a_month_that_is_over_is_simulated_once_and_each_member_sees_its_own_line(web, nord):  # noqa: F811
    month = Month.of((danish(now()) - timedelta(hours=2)).date()).before
    with Session(owner()) as session:
        for home, hours in ((HJORRING, 9), (HJORRING, 10), (AARHUS, 9)):
            at = now().replace(year=month.year, month=month.number, day=10, hour=hours)
            write(session, Event.CLASSIFIED, at, received_at=at, municipality=home)
        session.commit()
    assert saved()
    assert not saved(), "it is asked for, and not done"
    work = Work()
    while work.go_on():
        pass
    assert saved()
    assert not saved(), "the annex is there"
    lines = {}
    for name, role, code in (("own", "viewer", HJORRING), ("all", "secretariat", None)):
        read = visit(web, role, code)
        assert "Bilag" in read(f"/settlement?period={month}").text
        sheet = load_workbook(io.BytesIO(read(f"/settlement/month.xlsx?period={month}").content))["Fællesskabet"]
        lines[name] = [(*row[:2], row[3]) for row in sheet.values][1:]
    assert lines == {"own": [("Hjørring", 2, None)], "all": [("Aarhus", 1, None), ("Hjørring", 2, None)]}
