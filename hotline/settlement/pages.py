"""The page of a month: a municipality's own lines and what all members come to; the secretariat sees every line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlmodel import Session, col, select
from starlette.responses import HTMLResponse, Response

from hotline.access.errors import NotAllowed
from hotline.access.guards import OWN_FIGURES
from hotline.access.pages import Visitor
from hotline.clock import danish, now
from hotline.db import Db, acting
from hotline.directory.models import WHOLE_POOL, Collaboration, Membership, Person
from hotline.directory.names import municipality_names
from hotline.errors import Invalid, NotFound
from hotline.settlement import exports
from hotline.settlement.agree import agreed
from hotline.settlement.agreement import agreement
from hotline.settlement.errors import InhabitantsUnknown
from hotline.settlement.figures import kroner, quantity, rate
from hotline.settlement.models import SettlementSaving
from hotline.settlement.savings import annex, savings
from hotline.settlement.statements import Settlement, closed, preview
from hotline.settlement.terms import Month, Stretch, stretches
from hotline.statistics.sheets import XLSX, workbook
from hotline.statistics.tables import Table
from hotline.web.formats import Formats
from hotline.web.language import chosen, translator
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)

Of = Annotated[int | None, Query(alias="collaboration")]


@dataclass(frozen=True)
class Shown:
    """What somebody sees of a month; without a settlement where it lacks something, which `lacks` says."""

    held: Collaboration
    month: Month
    settled: Settlement | None
    lacks: InhabitantsUnknown | None
    stretches: list[Stretch]
    savings: Sequence[SettlementSaving]
    agreement: Table


@router.get("/settlement")
def read_settlement(
    request: Request, person: Visitor, db: Db, of: Of = None, period: str | None = None
) -> HTMLResponse:
    """A month of one of the person's collaborations: closed, or as it would be closed now."""
    theirs = _collaborations(db, person)
    shown = _shown(db, person, theirs, of, period) if theirs else None
    this_month = Month.of(danish(now()).date())
    return page(
        request,
        "settlement/month.html",
        shown=shown,
        collaborations=theirs,
        own=person.municipality,
        names=municipality_names(db),
        later=shown is not None and shown.month < this_month,
        lacks=shown.lacks.line(chosen(request)) if shown and shown.lacks else None,
        annex=annex(shown.savings, municipality_names(db)) if shown and shown.savings else None,
        kroner=kroner,
        quantity=quantity,
        rate=rate,
    )


@router.get("/settlement/lines.csv")
def read_lines(request: Request, person: Visitor, db: Db, of: Of = None, period: str | None = None) -> Response:
    """The page's lines and sums, for a Danish spreadsheet."""
    settled, _ = _must_be_there(db, person, of, period)
    return _file(settled, "", exports.danish_csv(settled, municipality_names(db), translator(chosen(request))))


@router.get("/settlement/inquiries.csv")
def read_inquiries(request: Request, person: Visitor, db: Db, of: Of = None, period: str | None = None) -> Response:
    """The inquiries that the lines are added up from, each municipality's part on a line."""
    settled, _ = _must_be_there(db, person, of, period)
    t = translator(chosen(request))
    return _file(settled, t("settlement.inquiries_file"), exports.inquiries_csv(settled, municipality_names(db), t))


@router.get("/settlement/month.xlsx")
def read_month_as_sheet(
    request: Request, person: Visitor, db: Db, of: Of = None, period: str | None = None
) -> Response:
    """Both as a spreadsheet, and the annex where there is one."""
    settled, shown = _must_be_there(db, person, of, period)
    t, names = translator(chosen(request)), municipality_names(db)
    closed_at = settled.closed_at and Formats(chosen(request)).moment(settled.closed_at)
    about = [
        settled.collaboration,
        str(settled.month),
        t("settlement.closed", at=closed_at) if closed_at else t("settlement.preview"),
        t("settlement.signs"),
    ]
    annexes = [shown.agreement, *([annex(shown.savings, names)] if shown.savings else [])]
    book = workbook([*exports.sheets(settled, names, t), *annexes], about, t)
    return _as_file(settled, "", "xlsx", XLSX, book)


def _collaborations(db: Session, person: Person) -> list[Collaboration]:
    """Those that the person's municipality is, was or will be in; all of them for who runs the pool."""
    if person.role not in WHOLE_POOL | OWN_FIGURES:
        raise NotAllowed("settlements are for a municipality's viewers and team leads, and for the secretariat")
    wanted = select(Collaboration).order_by(col(Collaboration.name))
    if person.role in OWN_FIGURES:
        of_them = select(Membership.collaboration_id).where(Membership.municipality == person.municipality)
        wanted = wanted.where(col(Collaboration.id).in_(of_them))
    return list(db.exec(wanted))


def _shown(db: Session, person: Person, theirs: list[Collaboration], of: int | None, period: str | None) -> Shown:
    held = next((one for one in theirs if of is None or one.id == of), None)
    if held is None:
        raise NotFound
    month, versions = _month(period), agreed(db, held)
    settled, lacks = closed(db, held, month), None
    if settled is None:
        try:
            with acting(db):
                settled = preview(db, held.name, month, now())
        except InhabitantsUnknown as error:
            lacks = error
    if settled is not None and person.municipality is not None:
        settled = settled.of(person.municipality)
    with acting(db):
        beside = agreement(db, held, month, municipality_names(db), now(), person.municipality)
    return Shown(held, month, settled, lacks, stretches(month, versions), savings(db, held, month), beside)


def _must_be_there(db: Session, person: Person, of: int | None, period: str | None) -> tuple[Settlement, Shown]:
    theirs = _collaborations(db, person)
    if not theirs:
        raise NotFound
    shown = _shown(db, person, theirs, of, period)
    if shown.settled is None:
        raise shown.lacks or NotFound
    return shown.settled, shown


def _month(period: str | None) -> Month:
    this = Month.of(danish(now()).date())
    try:
        asked = Month.read(period) if period else this
    except ValueError:
        raise Invalid("that is no month") from None
    if not 2000 <= asked.year < 2100:
        raise Invalid("of so long ago, or so far ahead, there is nothing")
    return min(asked, this)


def _file(settled: Settlement, what: str, text: str) -> Response:
    return _as_file(settled, what, "csv", "text/csv; charset=utf-8", text)


def _as_file(settled: Settlement, what: str, ending: str, kind: str, content: str | bytes) -> Response:
    name = "-".join(filter(None, ["hotline", what, str(settled.month)]))
    headers = {"Content-Disposition": f'attachment; filename="{name}.{ending}"'}
    return Response(content, media_type=kind, headers=headers)
