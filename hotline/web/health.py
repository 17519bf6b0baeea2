"""/healthz, /readyz and /metrics."""

from dataclasses import asdict
from functools import lru_cache

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from sqlalchemy import text
from starlette.responses import JSONResponse, PlainTextResponse, Response

from hotline.board.board import count_agents, unserved
from hotline.clock import now
from hotline.db import transaction
from hotline.duties import SCHEDULE
from hotline.errors import NotReady
from hotline.inquiries.states import OPEN, sql
from hotline.kept import Kept
from hotline.settings import settings
from hotline.tenant import at_work
from hotline.web.checks import failures
from hotline.web.problems import answer

router = APIRouter(tags=["operation"])

COUNTED = f"SELECT state, count(*) AS n FROM inquiry WHERE state IN {sql(OPEN)} GROUP BY state"
ASIDE = "SELECT duty, count(*) AS n FROM set_aside GROUP BY duty"
ALERTS = """
    SELECT k.kind, count(a.id) AS n FROM unnest(ARRAY['waiting','surge','promise']) k(kind)
    LEFT JOIN alert a ON a.kind = k.kind AND a.ended_at IS NULL GROUP BY 1
"""
LONGEST = "SELECT greatest(extract(epoch FROM now() - min(queued_at)), 0) FROM inquiry WHERE state = 'waiting'"


@router.get("/healthz", response_class=PlainTextResponse)
def read_health() -> str:
    """The process lives."""
    return "ok"


@router.get("/readyz")
def read_readiness() -> Response:
    """The process can do its work: 200, or 503 with what is missing. Redis may be away, so it is not asked."""
    asked = {"database", "migrations"} if settings().demo else {"database", "migrations", "tenancy"}
    wrong = {name: found for name, found in failures(to_anybody=True, asked=asked).items() if found}
    if wrong:
        return answer(NotReady(missing=wrong))
    return JSONResponse({"ready": True})


@router.get("/metrics", response_class=PlainTextResponse)
def read_metrics() -> Response:
    """The hotline in numbers, for Prometheus: counts and seconds, nothing about anybody.

    They are a second old at the most, or ten times as old as counting them takes.
    """
    return Response(numbers().get(_count), media_type=CONTENT_TYPE_LATEST)


@lru_cache
def numbers() -> Kept[bytes]:
    """What was counted last: that takes long where many wait, and anybody may ask for it."""
    return Kept()


def _count() -> bytes:
    registry = CollectorRegistry()
    inquiries = Gauge("hotline_inquiries", "Inquiries that have not ended, by state", ["state"], registry=registry)
    agents = Gauge("hotline_agents", "Agents by what they do", ["state"], registry=registry)
    longest = Gauge("hotline_longest_wait_seconds", "Age of the oldest waiting inquiry", registry=registry)
    nobody = Gauge("hotline_unserved_inquiries", "Waiting inquiries that nobody on duty can take", registry=registry)
    failed = Gauge("hotline_duty_failures", "Failures of repeated work", ["duty"], registry=registry)
    aside = Gauge("hotline_set_aside", "Rows that failed alone and wait to be tried again", ["duty"], registry=registry)
    alerts = Gauge("hotline_alerts", "Alerts that run, by what they are about", ["kind"], registry=registry)
    for duty in (*SCHEDULE, "route"):
        failed.labels(duty).set(0)
        aside.labels(duty).set(0)
    with transaction(at_work("metrics")) as session:
        for row in session.execute(text("SELECT name, failures FROM duty")):
            failed.labels(row.name).set(row.failures)
        for row in session.execute(text(ASIDE)):
            aside.labels(row.duty).set(row.n)
        for row in session.execute(text(COUNTED)):
            inquiries.labels(row.state).set(row.n)
        for state, count in asdict(count_agents(session, now())).items():
            agents.labels(state).set(count)
        for row in session.execute(text(ALERTS)):
            alerts.labels(row.kind).set(row.n)
        nobody.set(sum(one.waiting for one in unserved(session)))
        longest.set(session.execute(text(LONGEST)).scalar_one())
    return bytes(generate_latest(registry))
