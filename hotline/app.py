"""create_app(): the web process, its stages mounted in the order of the flow."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI

from hotline.access import account_pages, oidc_pages
from hotline.access import api as access
from hotline.access import pages as access_pages
from hotline.board import api as board
from hotline.board import drift_pages, held_pages, inquiry_pages, words_pages
from hotline.board import pages as queue_pages
from hotline.citizens import form_pages
from hotline.citizens import inquiry_pages as citizens_pages
from hotline.console import leaving, me, phone
from hotline.console import pages as handling_pages
from hotline.console.hub import Hub
from hotline.console.parts import after_a_change
from hotline.db import open_pool
from hotline.guidance import api as guidance
from hotline.guidance import help as guidance_help
from hotline.guidance import pages as guidance_pages
from hotline.guidance import phrases as guidance_phrases
from hotline.handling import another_api, callback_api, earlier_api, handover_api, message_api
from hotline.handling import api as handling
from hotline.intake import api as intake
from hotline.intake import topic_api
from hotline.intake.entrance import Entrance
from hotline.intake.resources import Intake
from hotline.integrations.cti import api as cti
from hotline.integrations.cti import pages as cti_pages
from hotline.integrations.mail import pages as mail_pages
from hotline.integrations.sms import api as sms
from hotline.integrations.webhooks import api as webhooks
from hotline.integrations.webhooks import pages as webhook_pages
from hotline.offers import api as offers
from hotline.privacy import pages as privacy_pages
from hotline.queue import api as queue
from hotline.settings import settings
from hotline.settlement import pages as settlement_pages
from hotline.simulation import pages as simulation_pages
from hotline.statistics import agent_pages, alert_pages, report_pages, traced_pages
from hotline.statistics import api as statistics
from hotline.statistics import pages as statistics_pages
from hotline.tenant import CONSOLE, INTAKE
from hotline.web import docs as docs_pages
from hotline.web import health, problem_pages, problems, shown
from hotline.web import pages as web_pages
from hotline.web.assets import Assets
from hotline.web.body_limit import BodyLimit
from hotline.web.error_pages import as_page
from hotline.web.head import Head
from hotline.web.openapi import describe
from hotline.web.parameters import known_parameters
from hotline.web.security import SecurityHeaders

DESCRIPTION = """
Phone systems, forms and bots hand inquiries in with a key; agents answer them with a sign-in; municipalities read
their figures. Times are RFC 3339 with a zone. Members and query parameters that a call does not know are 422, and so
is a parameter given twice. HEAD is answered where GET is, but for the event stream. Every
error is a problem document (RFC 9457) with a stable `type`.
"""


def create_app() -> FastAPI:
    """A new application; it opens its connections when it starts and closes them when it stops."""
    app = FastAPI(
        title="Hotline",
        version="1",
        description=DESCRIPTION,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False},  # an exception's text may hold a citizen's words
        redirect_slashes=False,  # it would redirect to whatever host the request says that it asked
    )
    # It looks at its parameters itself.
    app.include_router(intake.router, prefix="/api/v1")
    api = APIRouter(prefix="/api/v1")
    agents = (offers, handling, callback_api, message_api, earlier_api, handover_api, another_api, guidance, me, phone)
    for stage in (access, queue, topic_api, *agents, board, statistics, cti, sms, webhooks):
        api.include_router(stage.router, dependencies=[Depends(known_parameters)])
    app.include_router(api)
    app.include_router(health.router)
    for pages in (
        access_pages,
        account_pages,
        oidc_pages,
        queue_pages,
        held_pages,
        inquiry_pages,
        drift_pages,
        words_pages,
        handling_pages,
        leaving,
        guidance_help,
        guidance_phrases,
        guidance_pages,
        statistics_pages,
        traced_pages,
        report_pages,
        alert_pages,
        agent_pages,
        settlement_pages,
        simulation_pages,
        privacy_pages,
        cti_pages,
        mail_pages,
        webhook_pages,
        form_pages,
        citizens_pages,
    ):
        app.include_router(pages.router)
    for pages in (web_pages, problem_pages, docs_pages):
        app.include_router(pages.router)
    app.mount("/static", Assets())
    problems.install(app, page=as_page)
    shown.install(app, after_a_change, inquiry_pages.after_a_lead, held_pages.after_a_lead)
    describe(app)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(BodyLimit, most=settings().max_body_bytes)
    app.add_middleware(Head)
    app.add_middleware(Entrance, most=settings().max_body_bytes)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    intake_pool, console_pool = await open_pool(INTAKE), await open_pool(CONSOLE)
    app.state.intake, app.state.hub = Intake(intake_pool), Hub(console_pool)
    app.state.intake.begin()
    app.state.hub.begin()
    try:
        yield
    finally:
        await app.state.hub.end()
        await app.state.intake.end()
        await intake_pool.close()
        await console_pool.close()
