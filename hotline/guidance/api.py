"""Guidance over HTTP, for chatbots and web pages: what may be shown to citizens."""

from datetime import datetime, time
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from hotline.access.guards import Caller
from hotline.clock import danish, now
from hotline.db import Db, acting
from hotline.guidance import markdown, opening
from hotline.guidance.models import Guidance
from hotline.guidance.reading import everything, search
from hotline.guidance.writing import known
from hotline.intake.requests import Code, Slug
from hotline.web.one_thread import OneThread
from hotline.web.problems import problems

router = APIRouter(tags=["guidance"], route_class=OneThread)

EXAMPLE: dict[str, Any] = {
    "topic": "passport",
    "municipality": "0730",
    "text": "- Du skal møde op personligt.\n- Bestil tid på [randers.dk](https://www.randers.dk).",
    "html": "<ul>\n<li>Du skal møde op personligt.</li>\n…</ul>",
    "open_today": [{"opens": "10:00", "closes": "15:00"}],
    "changed_at": "2026-11-23T09:41:12.004711Z",
}


class Open(BaseModel):
    """From when until when, on a Danish wall clock."""

    opens: str
    closes: str


class GuidanceAnswer(BaseModel):
    """What is to be known of one topic, in Danish."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    topic: str
    municipality: str | None = Field(description="Whose own it is; null where it is common to all")
    text: str = Field(description="Markdown: paragraphs, lists, emphasis, links")
    html: str = Field(description="The same, safe to be shown on a page")
    open_today: list[Open] | None = Field(description="Hours of the counter; empty where it is closed, null if unknown")
    changed_at: datetime


@router.get("/guidance", responses=problems(401, 403, 422))
def read_guidance(
    caller: Caller,
    db: Db,
    municipality: Annotated[
        Code | None, Query(description="The citizen's; what is common to all where left out")
    ] = None,
    topic: Annotated[Slug | None, Query(description="Of one topic alone")] = None,
    q: Annotated[str | None, Query(max_length=200, description="Has all of these words, in any Danish form")] = None,
) -> list[GuidanceAnswer]:
    """Guidance that may be shown to citizens: a municipality's own where it differs, else the common one.

    With `q` the best comes first, and there are 20 at the most.
    """
    with acting(db):
        known(db, topic, municipality)
        found = everything(db, municipality, topic) if q is None else search(db, q, municipality, topic)
    return [_told(one) for one in found if one.for_citizens]


def _told(one: Guidance) -> GuidanceAnswer:
    today = opening.on(one.hours, danish(now()).date())
    assert one.at is not None  # it is stored
    return GuidanceAnswer(
        topic=one.topic,
        municipality=one.municipality,
        text=one.text,
        html=markdown.html(one.text),
        open_today=None if today is None else [Open(opens=_wall(a), closes=_wall(b)) for a, b in today],
        changed_at=one.at,
    )


def _wall(moment: time) -> str:
    return "24:00" if moment == time.max else f"{moment:%H:%M}"
