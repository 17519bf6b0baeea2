"""What an agent's page shows, in one look: presence, offers, inquiries in hand, the last ones ended. One statement."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fastapi import Request
from sqlalchemy import text
from sqlmodel import Session
from starlette.responses import HTMLResponse, Response

from hotline.access.guards import tenant_of
from hotline.clock import danish, now
from hotline.console.state import ANSWERS, look, shaped, statement, version
from hotline.db import become
from hotline.directory.models import Person
from hotline.directory.names import in_order
from hotline.handling.cpr_numbers import undone_since
from hotline.inquiries.models import Outcome
from hotline.inquiries.states import State
from hotline.web.language import chosen
from hotline.web.templates import page

RECENT = 20
LATEST = 100  # arrivals among which those ended last are looked for
UNDO = 10.0  # seconds in which a closure can be taken back where it was made

# What ended in the agent's hands, with the tokens in their own notes that can still be put back.
ENDED = f"""
    coalesce((SELECT jsonb_agg(e.one ORDER BY e.ended_at DESC) FROM (
        SELECT i.ended_at, jsonb_build_object('id', i.id, 'topic', i.topic, 'municipality_name', m.name,
            'outcome', i.outcome, 'state', i.state, 'ended_at', i.ended_at,
            'day', to_char(i.ended_at AT TIME ZONE 'Europe/Copenhagen', 'YYYY-MM-DD'), 'own_notes', coalesce((
                SELECT jsonb_agg(jsonb_build_object('n', k.n, 'at', n.at) ORDER BY k.n)
                FROM kept_cpr k JOIN note n ON k.place = 'note:' || n.id AND n.inquiry_id = k.inquiry_id
                WHERE k.inquiry_id = i.id AND n.person_id = a.id AND NOT k.false_hit AND i.ended_at > :undone_since
            ), '[]')) AS one
        FROM (SELECT * FROM inquiry i WHERE i.agent_id = a.id AND i.state IN ('closed', 'handed_over') AND {ANSWERS}
              ORDER BY i.id DESC LIMIT {LATEST}) i JOIN municipality m ON m.code = i.municipality
        ORDER BY i.ended_at DESC LIMIT {RECENT}) e), '[]')
"""
TOPICS = "(SELECT jsonb_agg(jsonb_build_object('slug', slug, 'name', name, 'name_en', name_en)) FROM topic)"
DESK = text(statement(":agents", f", {ENDED} AS recent, {TOPICS} AS topics"))


def desk(session: Session, agent_id: int, language: str, asked: str | None = None) -> dict[str, Any]:
    """What the desk's templates need: the state of /me with its version, which inquiry is open, what ended last, the
    topics by name. `asked` is the id of the inquiry that the page wants open."""
    state = look(session, DESK, {"agents": [agent_id], "undone_since": undone_since(now())})
    recent, topics = state.pop("recent"), state.pop("topics") or []
    names = {one["slug"]: one["name_en"] if language == "en" else one["name"] for one in topics}
    state = shaped(state)
    return {
        "desk": state,
        "opened": opened(state["inquiries"], asked),
        "outcomes": list(Outcome),
        "version": version(state),
        "recent": recent,
        "today": danish(now()).date().isoformat(),
        "undo_seconds": UNDO,
        "topic_names": in_order(names),
        "ring_from": ring_from(now()),
    }


def opened(inquiries: Sequence[dict[str, Any]], asked: str | None) -> dict[str, Any] | None:
    """Of what is in hand the one asked for, else a talk before a wrap-up, the one answered first; None of nothing."""
    named = (one for one in inquiries if one["id"] == asked)
    return next(named, None) or min(inquiries, key=lambda one: one["state"] == State.WRAPPING, default=None)


def asked_for(request: Request) -> str | None:
    """The id of the inquiry that this page wants open: the address of the page says so, and whoever takes one."""
    address = request.headers.get("hx-current-url", str(request.url))
    [asked, *_] = parse_qs(urlsplit(address).query).get("inquiry", [None])
    return getattr(request.state, "opens", None) or request.headers.get("x-opens", asked)


def ring_from(moment: datetime) -> list[datetime]:
    """From when on a citizen may be promised to be rung: at once, in some hours, tomorrow; in whole quarters, so that
    what an agent chooses stays there while the desk changes."""
    quarter = moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
    return [quarter + timedelta(hours=hours) for hours in (0, 0.5, 1, 2, 4, 24)]


def parts(request: Request, session: Session, agent_id: int) -> HTMLResponse:
    """The desk as this transaction finds it."""
    return page(request, "console/_parts.html", **desk(session, agent_id, chosen(request), asked_for(request)))


def after_a_change(request: Request) -> Response | None:
    """The desk of the agent who has just changed something, as they may read it; None where no agent did."""
    session, agent_id = getattr(request.state, "acted", (None, 0))
    if session is None:
        return None
    become(session, tenant_of(session.get_one(Person, agent_id)))
    return parts(request, session, agent_id)
