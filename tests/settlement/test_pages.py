"""Who sees what of a month on its page and in its files."""

import csv
import io

import pytest
from openpyxl import load_workbook
from sqlmodel import Session

from hotline.clock import danish, now
from hotline.settlement.statements import close
from hotline.settlement.terms import Month
from tests.builders import Api, a_person, a_sign_in
from tests.building import owner, transaction
from tests.settlement.test_statements import AARHUS, HJORRING, NAME, SKANDERBORG, answered, nord  # noqa: F401
from tests.statistics.lines import take_all


def visit(web, role, municipality=None):
    """A browser of somebody who has signed in, at the root of the site."""
    api = Api(web, a_sign_in(a_person(role, municipality)))
    return lambda path: api.get(f"{web}{path}")


@pytest.mark.parametrize("closed", [False, True])
def test_a_municipality_reads_its_own_lines_and_all_sums_and_the_secretariat_every_line(web, nord, closed):  # noqa: F811
    month = Month.of(danish(now()).date())
    mine = answered(HJORRING, [SKANDERBORG], at=now())
    answered(HJORRING, [AARHUS], at=now())
    with Session(owner()) as session:
        take_all(session)
    if closed:
        with transaction() as session:
            close(session, NAME, month, now())
    read = visit(web, "viewer", SKANDERBORG)
    shown = read("/settlement").text
    assert "Skanderborg får 29,50 kr." in shown and "-59,00" in shown and ("· afsluttet" in shown) is closed
    table = rows(read("/settlement/lines.csv"))
    assert {row["Kode"] for row in table if row["Post"] != "I alt"} == {SKANDERBORG}
    assert [row["Beløb (kr.)"] for row in table if row["Post"] == "I alt"] == ["29,50", "29,50", "-59,00"]
    assert [row["Id"] for row in rows(read("/settlement/inquiries.csv"))] == [mine]
    book = load_workbook(io.BytesIO(read("/settlement/month.xlsx").content))
    [_, beside] = book["Aftalt og givet"].values
    assert (beside[0], *beside[5:]) == ("Skanderborg", pytest.approx(5 / 60), 0, pytest.approx(5 / 60))
    sheet = book.worksheets[0]
    assert [row[6] for row in sheet.values if row[2] == "I alt"] == [29.5, 29.5, -59]
    everything = rows(visit(web, "secretariat")("/settlement/lines.csv"))
    assert {row["Kode"] for row in everything if row["Post"] != "I alt"} == {SKANDERBORG, AARHUS, HJORRING}
    stranger = visit(web, "viewer", "0101")
    assert (stranger("/settlement").status_code, stranger("/settlement/lines.csv").status_code) == (200, 404)
    assert visit(web, "agent", SKANDERBORG)("/settlement").status_code == 403
    assert read("/settlement?period=2026-13").status_code == 422


def rows(answer):
    """The lines of a file, by heading."""
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
