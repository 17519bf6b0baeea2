"""The two steps of a sign-in through the person's own organisation: there, and back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from limits import RateLimitItemPerMinute
from starlette.responses import RedirectResponse, Response

from hotline.access import claim_rules, claims, cookies, in_step, oidc, sessions, throttle
from hotline.access.errors import NoPlace, SignInNotProven, UnknownOrganisation
from hotline.access.pace import bear_with
from hotline.access.pages import come_in
from hotline.clock import now
from hotline.db import transaction
from hotline.errors import HotlineError, NotFound, NotReady
from hotline.logs import log
from hotline.settings import settings
from hotline.tenant import at_accounts
from hotline.web.one_thread import OneThread

COOKIE = "hotline_oidc"
HERE = "/sign-in/oidc"
MOST = RateLimitItemPerMinute(600)  # that begin at an address, which may be that of a whole town hall

router = APIRouter(include_in_schema=False, route_class=OneThread)


@router.get(HERE)
def begin_oidc(request: Request, next: str = "") -> Response:
    """To the provider; `next` is the page that was asked for. NotFound where no provider is set.

    Each leaves a row behind for a while. Raises AskedTooOften.
    """
    bear_with(MOST, now(), "sign-in", throttle.address_of(request) or "")
    attempt, address = oidc.begin(next, _way_back(request), _rules().scope, now())
    answer = RedirectResponse(address, 303)
    cookies.give(request, answer, COOKIE, attempt.secret, int(oidc.LASTS.total_seconds()))
    return answer


@router.get(HERE + "/callback")
def finish_oidc(request: Request) -> Response:
    """Back from the provider: the person, in step with what is said of them, and a session as with a password."""
    rules, moment = _rules(), now()
    try:
        with throttle.counted(None, throttle.address_of(request)):
            secret = cookies.read(request, COOKIE)
            if not secret:
                raise SignInNotProven("this browser began no sign-in")
            said, page = oidc.finish(oidc.Attempt(secret), request.query_params, _way_back(request), moment)
        token = _token(said, rules, moment)
    except HotlineError as error:
        if not error.logged:
            log(__name__).warning("sign-in refused", kind=error.slug(), reason=error.detail)
            error.logged = True
        raise
    answer = come_in(request, token, page)
    cookies.take_back(request, answer, COOKIE)
    return answer


def _token(said: Mapping[str, Any], rules: claim_rules.Rules, moment: datetime) -> str:
    """A session for the person of these claims; who has no place any more loses those that they have."""
    issuer, account = str(said["iss"]), at_accounts("sign-in through OpenID Connect")
    try:
        with transaction(account) as session:
            person = in_step.bring_in_step(session, issuer, claims.read(said, rules), moment)
            assert person.id is not None
            return sessions.begin(session, person.id, moment)
    except (NoPlace, UnknownOrganisation):
        with transaction(account) as session:
            in_step.let_go(session, issuer, claims.subject_of(said), moment)
        raise


def _rules() -> claim_rules.Rules:
    if settings().oidc_issuer is None:
        raise NotFound
    try:
        return claim_rules.read()
    except claim_rules.NoRules as error:
        raise NotReady(f"the rules for claims cannot be used: {error}") from None


def _way_back(request: Request) -> str:
    return settings().oidc_redirect_url or str(request.url_for("finish_oidc"))
