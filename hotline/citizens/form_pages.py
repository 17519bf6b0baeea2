"""The form: what a citizen asks, of which municipality, and how they want the answer; and the way back to it."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from limits import RateLimitItemPerMinute
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from hotline.access.errors import NotAllowed, NotSignedIn, TooManyAttempts
from hotline.access.guards import key_holder
from hotline.access.origin import from_elsewhere
from hotline.access.throttle import address_of, counted, within
from hotline.callbacks.numbers import number_to_call
from hotline.callbacks.promise import request as request_callback
from hotline.citizens import own_key
from hotline.citizens.asked import CHAT, NAME, PAGE, PHONE, SUBJECT, WAYS, Asked, new_form
from hotline.citizens.errors import TooMuchFromHere, WrongCode
from hotline.citizens.pace import in_moderation
from hotline.citizens.receipts import code_of, give, let_in, opened_by, read_code
from hotline.clock import now
from hotline.db import act, transaction
from hotline.directory.errors import UnknownMunicipality
from hotline.directory.models import Municipality
from hotline.directory.names import alphabetical
from hotline.directory.snapshot import Directory
from hotline.errors import HotlineError, NotReady
from hotline.ids import read_reference
from hotline.inquiries.errors import WrongState
from hotline.intake.api import take_in
from hotline.intake.draft import Answer
from hotline.intake.errors import Closed, KeyReused, OutsideThePool, QueueFull
from hotline.settings import settings
from hotline.tenant import DOOR
from hotline.web.one_thread import OneThread, needs
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread, dependencies=[needs(in_moderation)])

MOST = RateLimitItemPerMinute(30, 15)  # inquiries of an address, which may be that of a whole library


@router.get("/contact")
async def read_form(request: Request, municipality: str = "", reference: str = "") -> Response:
    """The empty form. A municipality's link may choose it beforehand; `reference` is one that somebody asks for."""
    own_key.read()
    return await _form(request, Asked(new_form(), municipality), reference=reference)


@router.post("/contact")
async def create_inquiry(request: Request) -> Response:
    """Hand it in as an integrator does, and lead to its page. What cannot be taken in stays as it was written."""
    if from_elsewhere(request):
        raise NotAllowed("write from our own page")
    key = own_key.read()
    asked = Asked.of(await request.form())
    directory = await _directory(request)
    if wrong := asked.wrong([one.code for one in _members(directory)]):
        return await _form(request, asked, 422, wrong=wrong)
    try:
        if not settings().demo and not await run_in_threadpool(within, "inquiry", address_of(request), MOST):
            raise TooMuchFromHere
        answer = await _hand_in(request, key, asked)
        reference, code = json.loads(answer.body)["reference"], code_of(asked.form)
        await run_in_threadpool(_write_down, key, asked, UUID(json.loads(answer.body)["id"]), reference, code)
    except KeyReused:
        return await _form(request, replace(asked, form=new_form()), 422, said="sent_already")
    except Closed:
        return await _form(request, replace(asked, way=PAGE), 409, said="chat_closed")
    except QueueFull:
        return await _form(request, replace(asked, way=PAGE), 409, said="chat_full")
    except (OutsideThePool, UnknownMunicipality):
        return await _form(request, asked, 422, wrong={"municipality": "municipality"})
    except HotlineError as error:
        said = "too_much" if isinstance(error, TooMuchFromHere) else "not_now"
        return await _form(request, asked, error.status, said=said)
    shown = RedirectResponse(f"/contact/{reference}", 303)
    let_in(request, shown, reference, code)
    return shown


@router.post("/contact/known")
async def open_inquiry(request: Request) -> Response:
    """Lead whoever knows reference and code to the inquiry. Both are wrong together, and nobody tries for long.

    Wrong codes of a reference count against the address that they come from alone: whoever knows a reference must not
    keep its citizen out. For one inquiry an address has 960 tries a day, of 30⁸ codes: a thousand addresses that try
    for thirty days find it in one case of 22,000, and one address in a year in one of 1.8 million.
    """
    if from_elsewhere(request):
        raise NotAllowed("write from our own page")
    key, fields = own_key.read(), await request.form()
    said, code = str(fields.get("reference", "")), read_code(str(fields.get("code", "")))
    reference = read_reference(said)
    try:
        await run_in_threadpool(_try, request, key, reference or "", code)
    except (WrongCode, TooManyAttempts) as error:
        lost = "wrong_code" if isinstance(error, WrongCode) else "too_many_codes"
        return await _form(request, Asked(new_form()), error.status, lost=lost, reference=said[:20])
    shown = RedirectResponse(f"/contact/{reference}", 303)
    let_in(request, shown, reference or "", code)
    return shown


async def _hand_in(request: Request, key: str, asked: Asked) -> Answer:
    body = asked.body()
    headers = {
        "authorization": f"Bearer {key}",
        "content-type": "application/json",
        "idempotency-key": asked.form,
    }

    async def whole() -> bytes:
        return body

    try:
        return await take_in(request.app.state.intake, headers, whole)
    except NotSignedIn:  # the key has ended, which is nothing that a citizen could mend
        raise NotReady from None


def _write_down(key: str, asked: Asked, inquiry_id: UUID, reference: str, code: str) -> None:
    """The receipt; and who wants to be rung is parked until it is their turn."""
    with transaction(DOOR) as session:
        holder = key_holder(session, key)
        if holder is None:
            raise NotReady
        act(session)
        give(session, inquiry_id, reference, code, now())
        if asked.way == PHONE:
            with suppress(WrongState):  # the form came again, and somebody has it in hand by now
                request_callback(session, holder, inquiry_id, number_to_call(asked.phone), None, now())


def _try(request: Request, key: str, reference: str, code: str) -> None:
    address = f"citizen {address_of(request)}"
    with counted(f"inquiry {reference} {address}", address), transaction(DOOR) as session:
        opened_by(session, own_key.holder(session), reference, code)


async def _directory(request: Request) -> Directory:
    intake = request.app.state.intake
    found: Directory = await intake.directory.get_async(intake.pool)
    return found


def _members(directory: Directory) -> list[Municipality]:
    return sorted(directory.members(now()), key=lambda one: alphabetical(one.name))


def _opens_at(directory: Directory, asked: Asked, members: list[Municipality]) -> datetime | None:
    """When the chat opens for the municipality that is chosen, else for the first of all; None while it is open."""
    codes = [one.code for one in members]
    chosen = [asked.municipality] if asked.municipality in codes else codes
    openings = [directory.opening(code, now()) for code in chosen]
    later = [opens for opens in openings if opens is not None]
    return min(later, default=None) if len(later) == len(openings) else None


async def _form(request: Request, asked: Asked, status: int = 200, **shown: Any) -> Response:
    directory = await _directory(request)
    members = _members(directory)
    usual: Mapping[str, Any] = {"wrong": {}, "said": None, "lost": None, "reference": ""}
    facts = {
        "asked": asked,
        "members": members,
        "opens_at": _opens_at(directory, asked, members),
        "ways": WAYS,
        "chat": CHAT,
        "most": {"subject": SUBJECT, "name": NAME, "text": settings().max_text_characters},
    }
    return page(request, "citizens/form.html", status, **facts, **{**usual, **shown})
