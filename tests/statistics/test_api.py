"""The figures over HTTP: whose they are, and how they are asked for."""

import csv
import io
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx import Response
from sqlmodel import Session

from hotline import db as database_access
from hotline.access.models import SignInSession
from hotline.access.sessions import PREFIX, token_hash
from hotline.directory.models import Municipality, Person, Role
from hotline.inquiries.states import Event
from hotline.statistics.api import router
from hotline.statistics.models import COUNTS
from hotline.statistics.requests import CountsOut
from hotline.web import problems
from tests.statistics.lines import MORNING, take_all, write

OWN = "/api/v1/statistics/municipalities/0751"
EXCHANGE = "/api/v1/statistics/exchange"
DAY = "?from=2026-11-21&to=2026-11-22"
DONE = {"outcome": "resolved", "first_contact": True, "talk_seconds": 60.0004, "wrap_seconds": 5.0}


@pytest.fixture
def api(db: Session) -> Iterator[TestClient]:
    """These routes over this database, with one person of each kind signed in under a token of that name."""
    for code, name in (("0751", "Aarhus"), ("0860", "Hjørring")):
        db.add(Municipality(code=code, name=name, region="Midtjylland"))
    db.flush()
    for role in Role:
        _sign_in(db, role.value, role, None if role in (Role.SECRETARIAT, Role.ADMINISTRATOR) else "0751")
    _sign_in(db, "stranger", Role.VIEWER, "0860")
    write(db, Event.CLOSED, answering="0860", **DONE)
    write(db, Event.CLOSED, municipality="0860", answering="0860", **DONE)
    db.commit()
    take_all(db)

    async def session() -> Session:
        return opened.enter_context(Session(db.get_bind(), expire_on_commit=False))

    app = FastAPI()
    app.include_router(router, prefix="/api/v1")
    problems.install(app)
    app.dependency_overrides[database_access.session] = session
    with ExitStack() as opened, TestClient(app) as client:
        yield client


@pytest.mark.parametrize("who", ["viewer", "team_lead", "secretariat", "administrator"])
def test_a_municipality_reads_its_figures_and_so_does_who_runs_the_pool(api: TestClient, who: str):
    answer = api.get(f"{OWN}{DAY}&interval=1h", headers=_as(who)).json()
    assert (answer["municipality"], answer["interval"], answer["sl_formula"]) == ("0751", "1h", "D")
    assert answer["measures"]["service_level"] is None
    assert answer["waits"] == {"p50": None, "p90": None, "p95": None}
    [row] = answer["rows"]
    assert (row["start"], row["topic"], row["channel"]) == ("2026-11-21T09:00:00+01:00", "passport", "phone")
    assert (row["closed"], row["resolved_first_contact"], row["talk_seconds"]) == (1, 1, 60.0)
    assert {name for name in row if name not in ("start", "topic", "channel")} == set(COUNTS)


def test_nobody_else_does_and_one_signs_in_first(api: TestClient):
    for path in (OWN, f"{OWN}.csv"):
        for who in ("agent", "stranger"):
            assert _problem(api.get(path + DAY, headers=_as(who))) == (403, "not-allowed")
    for path in (OWN, f"{OWN}.csv", EXCHANGE):
        assert _problem(api.get(path)) == (401, "not-signed-in")


def test_an_unknown_municipality_is_not_found_and_a_period_that_ends_before_it_begins_is_refused(api: TestClient):
    for code in ("0999", "abc", "%00", "٠٧٥١", "0751%27"):
        answer = api.get(f"/api/v1/statistics/municipalities/{code}", headers=_as("secretariat"))
        assert _problem(answer) == (404, "not-found")
    for path in (OWN, f"{OWN}.csv", EXCHANGE):
        answer = api.get(f"{path}?from=2026-11-22&to=2026-11-21", headers=_as("secretariat"))
        assert _problem(answer) == (422, "invalid")


def test_a_quarter_of_an_hour_is_not_asked_for_over_years(api: TestClient):
    assert _problem(api.get(f"{OWN}?from=2025-01-01&to=2026-01-01", headers=_as("viewer"))) == (422, "invalid")
    assert api.get(f"{OWN}?from=2025-01-01&to=2026-01-01&interval=1d", headers=_as("viewer")).status_code == 200


def test_an_interval_that_is_not_kept_is_refused(api: TestClient):
    assert _problem(api.get(f"{OWN}?interval=5m", headers=_as("viewer"))) == (422, "invalid")


def test_the_period_is_told_in_danish_time_as_its_rows_are(api: TestClient):
    answer = api.get(f"{OWN}?from=2026-10-25&interval=1d", headers=_as("viewer")).json()
    assert (answer["start"], answer["end"]) == ("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00")


def test_without_a_period_today_is_shown(api: TestClient):
    assert api.get(OWN, headers=_as("viewer")).status_code == 200


@pytest.mark.parametrize(
    "who, pairs",
    [
        ("secretariat", [("0751", "0860"), ("0860", "0860")]),
        ("viewer", [("0751", "0860")]),
        ("stranger", [("0751", "0860"), ("0860", "0860")]),
    ],
)
def test_the_exchange_shows_a_municipality_what_names_it(api: TestClient, who: str, pairs: list[tuple[str, str]]):
    rows = api.get(EXCHANGE + DAY, headers=_as(who)).json()
    assert [(row["home"], row["answering"]) for row in rows] == pairs
    assert all(row["inquiries"] == 1 and row["talk_seconds"] == 60.0 for row in rows)


def test_an_agent_does_not_read_the_exchange(api: TestClient):
    assert _problem(api.get(EXCHANGE + DAY, headers=_as("agent"))) == (403, "not-allowed")


def test_the_table_has_a_line_for_each_row(api: TestClient):
    answer = api.get(f"{OWN}.csv{DAY}", headers=_as("viewer"))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "hotline-0751-2026-11-21--2026-11-21-15m.csv" in answer.headers["content-disposition"]
    names, values = csv.reader(io.StringIO(answer.text))
    row = dict(zip(names, values, strict=True))
    assert (row["start"], row["topic"], row["closed"]) == ("2026-11-21T09:00:00+01:00", "passport", "1")
    assert names[3:] == list(COUNTS)


def test_every_count_is_described_to_integrators():
    assert tuple(CountsOut.model_fields) == COUNTS
    assert all(field.description for field in CountsOut.model_fields.values())


def _problem(answer: Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def _sign_in(db: Session, name: str, role: Role, municipality: str | None) -> None:
    person = Person(username=name, name=name, role=role, municipality=municipality)
    db.add(person)
    db.flush()
    day = MORNING.replace(year=2100)
    times = {"begun_at": MORNING, "ends_at": day, "seen_at": day}
    db.add(SignInSession(token_hash=token_hash(PREFIX + name), person_id=person.id, **times))


def _as(name: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {PREFIX}{name}"}
