"""A municipality's month for its council: made by a worker once, with the page's own figures, and fetched as a file."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, select

from hotline.directory.models import Municipality
from hotline.directory.queries import load
from hotline.inquiries.states import Event
from hotline.statistics.measures import Share
from hotline.statistics.middle import middle_half
from hotline.statistics.models import MunicipalityReport
from hotline.statistics.report import content
from hotline.statistics.reports import make_next, month_of
from hotline.statistics.view import View
from tests.builders import HJORRING, SKANDERBORG, Api, a_person, a_pool, a_sign_in
from tests.building import owner, transaction
from tests.statistics.lines import take_all, write

JANUARY = datetime(2026, 1, 12, 9, tzinfo=UTC)
FEBRUARY = datetime(2026, 2, 1, 1, 30, tzinfo=UTC)


@pytest.fixture
def january(with_facts):
    """Thirty citizens of Hjørring in January, 24 of them answered in time."""
    a_pool()
    with Session(owner()) as session:
        for number in range(30):
            at = JANUARY + timedelta(hours=24 * (number % 5))
            write(session, Event.CLASSIFIED, at, received_at=at, municipality=HJORRING)
            waited = {"wait_seconds": 90.0 if number < 6 else 9.0, "target_seconds": 60, "first": True}
            write(session, Event.ACCEPTED, at, municipality=HJORRING, answering=SKANDERBORG, **waited)
        session.commit()
        take_all(session)


def made():
    with transaction() as session:
        return [(one.municipality, str(one.month), one.pdf) for one in session.exec(select(MunicipalityReport)).all()]


def test_a_month_that_is_over_gets_its_report_once_and_another_when_it_is_asked_for(web, january):
    viewer, stranger = (Api(web, a_sign_in(a_person("viewer", code))) for code in (HJORRING, SKANDERBORG))
    address = f"{web}/municipalities/{HJORRING}"
    assert not make_next(FEBRUARY - timedelta(hours=2))
    assert viewer.get(f"{address}/reports/2026-01.pdf").status_code == 404
    while make_next(FEBRUARY):
        pass
    [(code, month, pdf)] = made()
    assert (code, month, pdf[:5]) == (HJORRING, "2026-01-01", b"%PDF-")
    assert not make_next(FEBRUARY + timedelta(hours=1)) and made() == [(code, month, pdf)]
    fetched = viewer.get(f"{address}/reports/2026-01.pdf")
    assert (fetched.content, fetched.headers["content-type"]) == (pdf, "application/pdf")
    assert stranger.get(f"{address}/reports/2026-01.pdf").status_code == 403
    assert "januar 2026" in viewer.get(f"{address}/statistics").text
    for wrong in ("2026-13", "2999-01", "9999-12"):
        assert viewer.post(f"{address}/reports", data={"month": wrong}).status_code == 422
    assert viewer.post(f"{address}/reports", data={"month": "2025-12"}).status_code == 303
    assert "bliver lavet" in viewer.get(f"{address}/statistics").text
    while make_next(FEBRUARY):
        pass
    assert {month for _, month, _ in made()} == {"2026-01-01", "2025-12-01"}


def test_the_report_says_what_the_page_says(january):
    with Session(owner()) as session:
        view = View(session, HJORRING, month_of(JANUARY.date()), FEBRUARY, "D")
        told = content(view, session.get_one(Municipality, HJORRING), load(session), FEBRUARY)
    assert told["title"] == "Hjørring: Borgernes henvendelser i januar 2026"
    assert told["sentence"].startswith("30 henvendelser. 8 ud af 10 fik svar inden for målet (mål 90 %)")
    assert [tile["value"] for tile in told["tiles"]][:2] == ["30", "80 %"]
    assert [tile["more"] for tile in told["tiles"]][:2] == ["", "Målet er 90 %."], "December had no figures"
    assert sum(day["offered"] for day in told["chart"]) == 30
    assert told["tables"][2]["rows"][1]["cells"][:2] == ["Skanderborg", "30"]


@pytest.mark.parametrize(
    "shares, middle",
    [
        ([Share(n, 100) for n in (50, 60, 70, 80, 90)], (0.6, 0.8)),
        ([Share(n, 100) for n in (60, 70, 80, 90)] + [Share(1, 10)], None),
        ([], None),
    ],
)
def test_the_middle_half_is_said_of_five_others_with_enough_citizens_and_of_no_fewer(shares, middle):
    assert middle_half(shares) == middle
