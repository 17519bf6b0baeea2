"""A citizen's way back to an inquiry: its reference, a code that is told once, and the cookie that stands for both."""

import hmac
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select
from starlette.requests import Request
from starlette.responses import Response

from hotline.access import cookies
from hotline.access.guards import KeyHolder
from hotline.citizens.errors import WrongCode
from hotline.citizens.models import Receipt
from hotline.ids import ALPHABET
from hotline.inquiries.guards import may_see
from hotline.inquiries.models import Inquiry
from hotline.privacy.vault import search_hash

SIGNS = 8  # 30⁸ codes; how likely one is found: form_pages.open_inquiry
COOKIE = "hotline_inquiry_"  # and the reference
COOKIE_SECONDS = 4 * 3600


def code_of(form: str) -> str:
    """The code, such as `7K3M-9Q2X`, of what was sent by the form with this word: sent twice it is the same one."""
    number, signs = int.from_bytes(search_hash(form, "code")), ""
    for _ in range(SIGNS):
        number, sign = divmod(number, len(ALPHABET))
        signs += ALPHABET[sign]
    return f"{signs[:4]}-{signs[4:]}"


def read_code(said: str) -> str:
    """The code as it was told, from small letters and with or without its hyphen; what is none stays as it is."""
    signs = "".join(said.split()).replace("-", "").upper()[: SIGNS + 1]
    return f"{signs[:4]}-{signs[4:]}"


def give(session: Session, inquiry_id: UUID, reference: str, code: str, now: datetime) -> None:
    """From now on this code opens the inquiry. Said twice it is the same."""
    row = {"inquiry_id": inquiry_id, "code_hash": _hash(reference, code), "made_at": now}
    session.connection().execute(insert(Receipt).values(row).on_conflict_do_nothing())


def opened_by(session: Session, holder: KeyHolder, reference: str, code: str) -> Inquiry:
    """The inquiry of this reference and code, which this integrator handed in. Raises WrongCode."""
    known = select(Inquiry).join(Receipt, col(Receipt.inquiry_id) == col(Inquiry.id))
    found = session.exec(known.where(Receipt.code_hash == _hash(reference, code), may_see(holder))).first()
    if found is None:
        raise WrongCode
    return found


def let_in(request: Request, answer: Response, reference: str, code: str) -> None:
    """Let this browser open the inquiry for some hours without being asked."""
    cookies.give(request, answer, COOKIE + reference, f"{code}.{_proof(reference, code)}", COOKIE_SECONDS)


def let_out(request: Request, answer: Response, reference: str) -> None:
    """Let this browser forget it."""
    cookies.take_back(request, answer, COOKIE + reference)


def code_in(request: Request, reference: str) -> str | None:
    """The code that this browser was let in with; nobody can make up the proof beside it, so none is tried out."""
    code, _, proof = (cookies.read(request, COOKIE + reference) or "").partition(".")
    return code if hmac.compare_digest(proof.encode(), _proof(reference, code).encode()) else None


def word_of(reference: str, code: str) -> str:
    """What a change of this inquiry must carry: the word of our own page."""
    return search_hash(f"{reference} {code}", "page").hex()[:32]


def _hash(reference: str, code: str) -> bytes:
    return search_hash(f"{reference} {code}", "receipt")


def _proof(reference: str, code: str) -> str:
    return search_hash(f"{reference} {code}", "cookie").hex()[:32]
