"""The citizen's page of one inquiry: how it stands, what was written, and room to write more."""

import hmac
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from limits import RateLimitItemPerMinute
from starlette.responses import RedirectResponse, Response

from hotline.access.errors import NotAllowed
from hotline.access.guards import KeyHolder
from hotline.access.origin import from_elsewhere
from hotline.access.throttle import address_of, within
from hotline.citizens.asked import KEY, new_form
from hotline.citizens.at_the_page import is_there, is_writing
from hotline.citizens.errors import TooMuchFromHere, WrongCode
from hotline.citizens.own_key import Holder
from hotline.citizens.pace import in_moderation
from hotline.citizens.receipts import code_in, let_in, let_out, opened_by, word_of
from hotline.citizens.shown import again_after, may_write, seen, version
from hotline.clock import now
from hotline.db import Db, being
from hotline.directory.queries import Cache
from hotline.handling import messages
from hotline.ids import read_reference
from hotline.inquiries.models import Inquiry
from hotline.settings import settings
from hotline.web.one_thread import OneThread, needs
from hotline.web.templates import page

router = APIRouter(include_in_schema=False, route_class=OneThread, dependencies=[needs(in_moderation)])

MOST = RateLimitItemPerMinute(120, 15)  # messages of one inquiry
MOST_FROM_HERE = RateLimitItemPerMinute(600, 15)  # of an address, which may be that of a whole library


@dataclass(frozen=True)
class Own:
    """The inquiry of whoever asks, with its code, as whom the page hands in what they write, and what is open when."""

    inquiry: Inquiry
    code: str
    holder: KeyHolder
    directory: Cache


def own(request: Request, reference: str, holder: Holder, db: Db) -> Own | None:
    """The inquiry of the address, where this browser was let in to it; none where it was not, or no more."""
    code = code_in(request, reference)
    try:
        return Own(opened_by(db, holder, reference, code), code, holder, _directory(request)) if code else None
    except WrongCode:
        return None


Mine = Annotated[Own | None, needs(own)]


@router.get("/contact/{reference}")
def read_inquiry(request: Request, reference: str, mine: Mine, db: Db) -> Response:
    """The whole page; whoever has not been let in is asked for the code first."""
    if mine is None:
        return RedirectResponse(f"/contact?reference={_known(reference)}#known", 303)
    is_there(db, mine.inquiry, now())
    shown = page(request, "citizens/inquiry.html", **_facts(db, mine))
    let_in(request, shown, mine.inquiry.reference, mine.code)
    return shown


@router.get("/contact/{reference}/news")
def read_news(request: Request, reference: str, mine: Mine, db: Db, after: int = 0, version: str = "") -> Response:
    """What has come since message `after`, and how the inquiry stands where that reads differently; 204 of nothing."""
    if mine is None:
        return Response(status_code=204, headers={"HX-Redirect": f"/contact?reference={_known(reference)}"})
    is_there(db, mine.inquiry, now())
    facts = _facts(db, mine, after)
    if not facts["messages"] and facts["version"] == version:
        return Response(status_code=204)
    return page(request, "citizens/_news.html", **facts)


@router.post("/contact/{reference}/messages")
def create_message(
    request: Request,
    reference: str,
    mine: Mine,
    db: Db,
    text: Annotated[str, Form()] = "",
    key: Annotated[str, Form()] = "",
    word: Annotated[str, Form()] = "",
    after: Annotated[int, Form()] = 0,
) -> Response:
    """The citizen writes more; sent twice it is one message. The answer is what the page has not shown yet.

    Once it has ended nothing is kept, and the page says so.
    """
    mine = _on_our_page(request, mine, word)
    words = text.replace("\r\n", "\n").replace("\0", "").strip()[: settings().max_text_characters]
    if words and may_write(mine.inquiry):
        if not settings().demo and not _has_room(request, mine.inquiry):
            raise TooMuchFromHere
        with being(db, lambda asker: asker):  # and the page is read as whoever asks
            messages.tell(db, mine.holder, mine.inquiry.id, words, now(), key if KEY.fullmatch(key) else None)
    if "hx-request" not in request.headers:
        return RedirectResponse(f"/contact/{reference}#write", 303)
    return page(request, "citizens/_news.html", **_facts(db, mine, after))


@router.post("/contact/{reference}/typed")
def create_typed(request: Request, reference: str, mine: Mine, db: Db, word: Annotated[str, Form()] = "") -> Response:
    """The citizen of a chat is writing; what, is nobody's before it is sent."""
    is_writing(db, _on_our_page(request, mine, word).inquiry, now())
    return Response(status_code=204)


@router.post("/contact/{reference}/forgotten")
def create_forgetting(
    request: Request, reference: str, mine: Mine, word: Annotated[str, Form()] = ""
) -> RedirectResponse:
    """Let this browser forget the inquiry, as somebody wants at a computer that others use."""
    _on_our_page(request, mine, word)
    answer = RedirectResponse("/contact", 303)
    let_out(request, answer, reference)
    return answer


def _on_our_page(request: Request, mine: Own | None, word: str) -> Own:
    """Raises NotAllowed unless whoever was let in sends this from the page that we gave them."""
    if mine is None or from_elsewhere(request):
        raise NotAllowed("write from the page of your own inquiry")
    if not hmac.compare_digest(word.encode(), word_of(mine.inquiry.reference, mine.code).encode()):
        raise NotAllowed("the page is too old; load it again")
    return mine


def _facts(db: Db, mine: Own, after: int = 0) -> dict[str, Any]:
    """What the templates need; of the thread what lies behind message `after`."""
    inquiry = mine.inquiry
    how, written = seen(db, inquiry, mine.directory, now())
    return {
        "inquiry": inquiry,
        "code": mine.code,
        "word": word_of(inquiry.reference, mine.code),
        "standing": how,
        "messages": [one for one in written if (one.id or 0) > after],
        "last": written[-1].id if written else 0,
        "version": version(how),
        "key": new_form(),
        "may_write": may_write(inquiry),
        "again_after": again_after(inquiry),
        "most": settings().max_text_characters,
    }


def _has_room(request: Request, inquiry: Inquiry) -> bool:
    from_here = within("message from", address_of(request), MOST_FROM_HERE)
    return from_here and within("message", inquiry.reference, MOST)


def _directory(request: Request) -> Cache:
    found: Cache = request.app.state.intake.directory
    return found


def _known(reference: str) -> str:
    return read_reference(reference) or ""
