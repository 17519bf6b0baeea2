"""The rules and what was erased by them; the spot check, a random sample of look-ups."""

import secrets
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime
from sqlalchemy import text
from sqlmodel import Session
from starlette.responses import HTMLResponse

from hotline.access.guards import may_check_lookups, may_see_the_pool
from hotline.access.pages import Visitor
from hotline.clock import danish, now
from hotline.db import Db
from hotline.directory.names import municipality_names, topic_names
from hotline.directory.rules import RULES
from hotline.errors import Invalid
from hotline.privacy import rules
from hotline.privacy.changed import Changed
from hotline.privacy.lookups import OURS
from hotline.web.formats import Formats
from hotline.web.language import chosen, translator
from hotline.web.one_thread import OneThread
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread)

DAYS, LINES, SEEDS = 90, 20, 1_000_000
FIRST_YEAR = 2000

COUNT = "SELECT count(*) FROM lookup WHERE at > :since AND at <= :until"
# Whoever draws with the same seed up to the same moment draws the same lines.
SAMPLE = """
    SELECT l.at, p.name || ' (' || p.username || ')' AS person, l.who, l.what, l.why, i.reference
    FROM (SELECT * FROM lookup WHERE at > :since AND at <= :until
          ORDER BY md5(id || '/' || CAST(:seed AS integer)) LIMIT :lines) l
    LEFT JOIN person p ON p.id = l.person_id LEFT JOIN inquiry i ON i.id = l.inquiry_id
    ORDER BY l.at, l.id
"""


@router.get("/privacy/rules")
def read_rules(request: Request, person: Visitor, db: Db) -> HTMLResponse:
    """Each collaboration's rules, who changed them, and what retention erased in the last 30 days; read only."""
    may_see_the_pool(person)
    moment, language = now(), chosen(request)
    topics = topic_names(db, language)
    return page(
        request,
        "privacy/rules.html",
        rules=RULES,
        collaborations=rules.collaborations(db, moment),
        topic_names=topics,
        changed=Changed(translator(language), Formats(language), municipality_names(db), topics),
        changes=rules.changes(db),
        erased=rules.erased(db, moment),
        days=rules.DAYS,
    )


@router.get("/privacy/lookups")
def read_lookups(
    request: Request,
    person: Visitor,
    db: Db,
    seed: Annotated[int | None, Query(ge=0, lt=SEEDS)] = None,
    until: AwareDatetime | None = None,
) -> HTMLResponse:
    """Twenty look-ups of the last 90 days; with `seed` and `until` of an earlier sample, that one again."""
    may_check_lookups(person)
    drawn, end = secrets.randbelow(SEEDS) if seed is None else seed, until or now()
    if end.year < FIRST_YEAR:
        raise Invalid("so early nobody looked")
    count, lines = sample(db, drawn, end)
    return page(request, "privacy/lookups.html", lines=lines, ours=OURS, count=count, days=DAYS, seed=drawn, until=end)


def sample(session: Session, seed: int, until: datetime) -> tuple[int, list[dict[str, Any]]]:
    """How many look-ups there are in the days up to `until` (aware), and the lines that this seed draws of them."""
    period = {"since": until - timedelta(days=DAYS), "until": until}
    count = session.execute(text(COUNT), period).scalar_one()
    lines = session.execute(text(SAMPLE), period | {"seed": seed, "lines": LINES}).mappings().all()
    return count, [dict(line) | {"day": danish(line["at"]).date()} for line in lines]
