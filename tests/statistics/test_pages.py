"""What a municipality's page says of intervals without numbers, of topics, of what it gave and got, and in files."""

import io
import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from openpyxl import load_workbook
from sqlmodel import Session

from hotline.clock import danish, now
from hotline.directory.hours import Opening
from hotline.directory.models import Collaboration, Membership, Municipality
from hotline.directory.snapshot import Directory
from hotline.inquiries.states import Event
from hotline.statistics.measures import Share
from hotline.statistics.queries import totals
from hotline.statistics.sheets import workbook
from hotline.statistics.shown import AHEAD, CLOSED, RUNNING, UNKNOWN, give_and_get, over_time, topics
from hotline.statistics.spans import SPANS, Span, window
from hotline.statistics.tables import Column, Kind, Row, Table, in_order
from hotline.statistics.view import View, beside, tenths
from hotline.web.language import translator
from tests.builders import HJORRING, Api, a_person, a_pool, a_sign_in
from tests.building import owner
from tests.statistics.lines import CODES, MORNING, take_all, write, write_a_day

SATURDAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 20, 11, 15, tzinfo=UTC)  # a Friday, a quarter past twelve in Denmark
OPEN = (*(Opening(day, time(9), time(15)) for day in range(5)), Opening(6, time(16), time(20)))  # not on Saturdays
DIRECTORY = Directory(
    {"0751": Municipality(code="0751", name="Aarhus", region="Midtjylland")},
    {},
    {1: Collaboration(id=1, name="Pool")},
    (Membership(collaboration_id=1, municipality="0751", joined=date(2026, 1, 1)),),
    {1: OPEN},
)


def view_of(db, span, day, moment=NOON):
    return View(db, "0751", window(span, day), moment, "D")


def test_hours_that_are_closed_or_to_come_are_no_noughts_and_the_one_that_runs_is_marked(db):
    write(db, Event.CLASSIFIED, NOON - timedelta(hours=2), received_at=NOON - timedelta(hours=2))
    write(db, Event.CLASSIFIED, NOON, received_at=NOON)
    db.commit()
    take_all(db)
    rows = {danish(row.cells[0]).hour: row for row in over_time(view_of(db, Span.DAY, NOON.date()), DIRECTORY).rows}
    assert {hour: (row.cells[1], row.note) for hour, row in rows.items()} == {
        8: (None, CLOSED), 9: (0, ""), 10: (1, ""), 11: (0, ""), 12: (1, RUNNING),
        **dict.fromkeys(range(13, 20), (None, AHEAD)),
    }  # fmt: skip


def test_a_day_on_which_nothing_came_though_it_was_open_is_no_nought_either(db):
    monday = datetime(2026, 11, 16, 10, tzinfo=UTC)
    write(db, Event.CLASSIFIED, monday, received_at=monday)
    db.commit()
    take_all(db)
    rows = over_time(view_of(db, Span.WEEK, monday.date(), moment=NOON + timedelta(days=1)), DIRECTORY).rows
    assert [(row.cells[1], row.note) for row in rows] == [
        (1, ""), *[(None, UNKNOWN)] * 4, (0, RUNNING), (None, AHEAD),
    ]  # fmt: skip
    rows = over_time(view_of(db, Span.WEEK, monday.date(), moment=NOON + timedelta(days=9)), DIRECTORY).rows
    assert [row.note for row in rows] == ["", *[UNKNOWN] * 4, CLOSED, UNKNOWN]
    assert [row.link for row in rows] == ["?span=day&date=2026-11-16", *[""] * 6]
    weeks = over_time(view_of(db, Span.QUARTER, monday.date()), DIRECTORY).rows
    assert {row.note for row in weeks} == {UNKNOWN, RUNNING, AHEAD} and len(weeks) == 14
    hours = over_time(view_of(db, Span.DAY, monday.date() + timedelta(days=1)), DIRECTORY).rows
    assert {(row.cells[1], row.note) for row in hours} == {(None, UNKNOWN), (None, CLOSED)}


def test_a_period_without_figures_and_the_one_before_are_no_noughts_on_the_page(web):
    a_pool()
    noon = now().replace(hour=11, minute=15) - timedelta(days=3)
    with Session(owner()) as session:
        write(session, Event.CLASSIFIED, noon, received_at=noon, municipality=HJORRING)
        session.commit()
        take_all(session)
    viewer = Api(web, a_sign_in(a_person("viewer", HJORRING)))

    def tiles(day):
        page = viewer.get(f"{web}/municipalities/{HJORRING}/statistics?span=day&date={day}").text
        inner = page.split('<div class="figures figures-four">')[1].split("<section")[0]
        return " ".join(re.sub("<[^>]+>", " ", inner).split())

    with_figures, without, after = (tiles(noon.date() + timedelta(days=days)) for days in (0, -1, 1))
    assert "Henvendelser 1 Besvaret" in with_figures and "Lagt på 0 0 inden 5 sekunder." in with_figures
    assert not re.search(r"\b0\b", without), without
    assert f"Henvendelser – 1 den {noon.day}. " in after and after.count(f" den {noon.day}. ") == 2


def test_a_topic_of_which_nothing_came_in_but_something_was_answered_or_given_up_stands_in_the_table(db):
    waited = {"wait_seconds": 20.0, "target_seconds": 60}
    write(db, Event.CLASSIFIED, MORNING - timedelta(days=1), received_at=MORNING - timedelta(days=1), topic="mitid")
    write(db, Event.ACCEPTED, topic="mitid", answering="0751", first=True, **waited)
    write(db, Event.ABANDONED, topic="doctor", received_at=MORNING - timedelta(days=1), classified=True, **waited)
    write(db, Event.CLOSED, topic="relocation", outcome="other", first_contact=False, talk_seconds=9, wrap_seconds=0)
    write(db, Event.CLASSIFIED)
    db.commit()
    take_all(db)
    shown = window(Span.DAY, SATURDAY)
    rows = topics(view_of(db, Span.DAY, SATURDAY), {}).rows
    assert [row.cells[0] for row in rows] == ["–", "–", "–"]
    for place, name in ((1, "offered"), (3, "answered"), (4, "abandoned")):
        assert sum(row.cells[place] for row in rows) == totals(db, "0751", shown.start, shown.end)[name] == 1


def test_a_topic_is_told_beside_its_four_weeks_before_once_the_period_is_over(db):
    for days in (3, *range(10, 30)):
        for _ in range(4 if days == 3 else 2):
            write(db, Event.CLASSIFIED, MORNING - timedelta(days=days), received_at=MORNING - timedelta(days=days))
    db.commit()
    take_all(db)
    for moment, change in ((MORNING + timedelta(days=9), 4 / 10 - 1), (MORNING - timedelta(days=2), None)):
        [row] = topics(view_of(db, Span.WEEK, (MORNING - timedelta(days=3)).date(), moment), {}).rows
        assert (row.cells[1], row.cells[2]) == (4, change)


def test_what_was_given_and_got_adds_up_to_the_municipalitys_own_figures(db):
    for code in CODES:
        db.add(Municipality(code=code, name=f"{code} By", region="Midtjylland"))
    write_a_day(db, seed=5)
    db.commit()
    take_all(db)
    view = view_of(db, Span.WEEK, SATURDAY, MORNING + timedelta(days=9))
    whole, *partners = give_and_get(view).rows
    own = view.sums()
    assert own == totals(db, "0751", view.shown.start, view.shown.end)
    assert whole.cells[1:3] == [own["answered_by_others"], own["answered_for_others"]] and own["answered_by_others"] > 0
    assert [sum(row.cells[place] for row in partners) for place in (1, 2, 3, 4, 5)] == list(whole.cells[1:])
    assert all(row.cells[5] == row.cells[4] - row.cells[3] for row in (whole, *partners))


@pytest.mark.parametrize(
    "part, whole, said", [(0, 40, (0, 40)), (1, 400, (1, 10)), (34, 40, (8, 10)), (399, 400, (9, 10)), (7, 9, (7, 9))]
)
def test_a_share_is_said_in_tenths_and_never_as_all_or_none_unless_it_is(part, whole, said):
    assert tenths(Share(part, whole)) == said


@pytest.mark.parametrize(
    "part, word", [(90, "alike"), (93, "little_more"), (97, "more"), (87, "little_fewer"), (60, "fewer")]
)
def test_a_share_is_compared_in_words_where_both_are_of_enough(part, word):
    assert beside(Share(part, 100), Share(90, 100)) == word
    assert beside(Share(part, 100), Share(9, 10)) == ""


def test_a_sheet_has_numbers_durations_shares_and_days_and_never_a_formula():
    kinds = (Kind.DAY, Kind.NUMBER, Kind.SHARE, Kind.SHARE, Kind.DURATION, Kind.HOURS)
    cells = [danish(MORNING), 1925, Share(45, 60), Share(3, 4), 5400.0, -5400.0]
    over = Table("over_time", [Column("time", kind) for kind in kinds], [Row(cells), Row([None] * 6, CLOSED)])
    words = Table("topics", [Column("topic", Kind.WORDS)], [Row(["=1+1"])])
    book = load_workbook(io.BytesIO(workbook([over, words], ["Aarhus"], translator("da"))))
    first, second, about = book.worksheets
    assert [cell.value for cell in first[2]][:4] == [MORNING.replace(hour=9, tzinfo=None), 1925, 0.75, None]
    assert (first["E2"].value, first["F2"].value) == (timedelta(seconds=5400), -1.5)
    assert [cell.number_format for cell in first[2]][:3] == ["yyyy-mm-dd", "#,##0", "0.0%"]
    assert [cell.value for cell in first[3]] == [None] * 6 + ["lukket"]
    assert (second["A2"].value, second["A2"].data_type, about["A1"].value) == ("=1+1", "s", "Aarhus")


def test_municipalities_are_sorted_by_a_column_from_the_most_on_and_those_without_a_number_come_last():
    columns = [Column("municipality", Kind.WORDS), Column("offered"), Column("in_target", Kind.SHARE)]
    rows = [
        Row(["a", 1, Share(0, 0)]),
        Row(["b", 3, Share(1, 2)]),
        Row(["c", 2, Share(3, 4)]),
        Row(["Σ", 6, Share(4, 6)], is_sum=True),
    ]
    table = Table("municipality", columns, rows)
    orders = {
        by: "".join(str(row.cells[0]) for row in in_order(table, by).rows) for by in ("offered", "in_target", "x")
    }
    assert orders == {"offered": "Σbca", "in_target": "Σcba", "x": "abcΣ"}


def test_every_period_has_a_page_and_its_file_in_both_languages_and_the_pool_too(web):
    a_pool()
    viewer, chief = (Api(web, a_sign_in(a_person(*who))) for who in (("viewer", HJORRING), ("secretariat", None)))
    asked = [f"span={span}" for span in SPANS] + [
        "first=2026-01-01&last=2026-11-30",
        "span=week&channel=phone&sort=offered",
    ]
    for query in asked:
        for api, path in ((viewer, f"/municipalities/{HJORRING}/statistics"), (chief, "/municipalities")):
            page = api.get(f"{web}{path}?{query}")
            assert page.status_code == 200, page.text
            assert f"{path}.xlsx?" in page.text.replace("&amp;", "&")
    sheet = viewer.get(f"{web}/municipalities/{HJORRING}/statistics.xlsx?first=2026-10-24&last=2026-10-25")
    assert f"hotline-{HJORRING}-2026-10-24--2026-10-25.xlsx" in sheet.headers["content-disposition"]
    assert load_workbook(io.BytesIO(sheet.content)).sheetnames[0] in ("Over tid", "Over time")
    assert len(load_workbook(io.BytesIO(chief.get(f"{web}/municipalities.xlsx").content)).worksheets[0]["A"]) > 1
    for wrong in ("first=nonsense", "span=decade", "first=2001-01-01&last=2026-01-01", "channel=pigeon"):
        assert viewer.get(f"{web}/municipalities/{HJORRING}/statistics?{wrong}").status_code == 422
    assert viewer.get(f"{web}/municipalities/0746/statistics.xlsx").status_code == 403
