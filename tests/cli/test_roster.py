"""`hotline roster`: who is planned, and what of that was owed and kept."""

import json
from datetime import date, datetime, timedelta

import pytest
from typer.testing import CliRunner

from hotline.agents.models import PresenceChange
from hotline.clock import DANISH_TIME, seconds
from hotline.directory.models import Collaboration
from hotline.directory.together import together
from hotline.policies import current_policy
from hotline.queue.ready import ready
from hotline.settlement.agree import agree
from hotline.settlement.terms import Basis, Part, Terms
from tests.builders import HJORRING, SKANDERBORG, a_pool, a_ready_agent
from tests.building import accounts, transaction
from tests.cli.commands import app

NOON = datetime(2026, 11, 24, 12, tzinfo=DANISH_TIME)
HEAD = "username,begins,ends\n"


def roster(*arguments):
    done = CliRunner().invoke(app, ["roster", *map(str, arguments)])
    return done.exit_code, done.stdout, done.stderr


def name_of(agent):
    with transaction() as session:
        return session.connection().exec_driver_sql(f"SELECT username FROM person WHERE id = {agent}").scalar_one()


def test_hours_owed_planned_and_signed_in_stand_side_by_side_and_routing_knows_when_a_shift_ends(with_facts, tmp_path):
    pool = a_pool(HJORRING, SKANDERBORG)
    karla, bo = a_ready_agent(municipality=HJORRING), a_ready_agent(municipality=SKANDERBORG)
    file = tmp_path / "november.csv"
    for ends in ("15:00", "16:00"):  # said again, it is instead
        file.write_text(f"{HEAD}{name_of(karla)},2026-11-24 08:00,2026-11-24 {ends}\n")
        assert roster("plan", file)[:2] == (0, "1 shifts planned\n")
    with accounts() as session:
        name = session.get_one(Collaboration, pool).name
        agree(session, name, Terms(date(2026, 11, 1), (Part(Basis.HOURS, 10000),), 30, {HJORRING: 300_000}))
    with transaction() as session:
        since = (NOON - timedelta(hours=3), "available"), (NOON - timedelta(hours=1), "offline")
        session.add_all(PresenceChange(agent_id=bo, at=at, presence=said, connected=True) for at, said in since)
    code, out, _ = roster("show", "2026-11-24", "--json")
    assert code == 0 and json.loads(out) == [
        {"municipality": SKANDERBORG, "owed": 0.0, "planned": 0.0, "signed_in": 2.0},
        {"municipality": HJORRING, "owed": 10.0, "planned": 8.0, "signed_in": 0.0},
    ]
    assert "planned" in roster("show", "2026-11-24")[1]
    with transaction() as session:
        there = ready(session, NOON, current_policy(), together(session, NOON), set()).agents
    assert {one.id: one.until for one in there} == {karla: seconds(NOON + timedelta(hours=4)), bo: None}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("username,begins\n", "its first line lacks one of username, begins, ends"),
        (HEAD + "a,2026-12-01 08:00,noon\n", "line 2: a time is no 2026-12-01 08:00"),
        (HEAD + "a,2026-12-01 08:00,2026-12-01 07:00\n", "line 2: a shift ends after it begins"),
        (HEAD + "a,2026-12-01 08:00,2026-12-03 07:00\n", "within a day"),
        (HEAD + "a,2026-12-01T08:00Z,2026-12-01T09:00Z\n", "by the clock on the wall"),
        (HEAD + "a,2026-12-01 08:00\n", "line 2: a time is no 2026-12-01 08:00"),
        (
            HEAD + "a,2026-12-01 08:00,2026-12-01 12:00\na,2026-12-01 11:00,2026-12-01 13:00\n",
            "a is there twice at 2026",
        ),
        (HEAD + "nobody,2026-12-01 08:00,2026-12-01 12:00\n", "there is no agent nobody"),
    ],
)
def test_what_is_no_roster_is_one_line_and_plans_nothing(with_facts, tmp_path, said, why):
    file = tmp_path / "roster.csv"
    file.write_text(said)
    code, out, err = roster("plan", file)
    assert (code, out, err.count("\n")) == (1, "", 1) and why in err
