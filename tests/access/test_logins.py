"""Each kind of process signs in to the database by a role of its own, and becomes what its work takes."""

from datetime import timedelta

import psycopg
import pytest
from sqlmodel import select

from hotline.access.models import SignInSession
from hotline.agents.models import AgentWork
from hotline.clock import now
from hotline.inquiries.models import Inquiry
from hotline.offers.sweep import absences, lapses
from hotline.policies import current_policy
from hotline.privacy.lookups import looked
from hotline.privacy.models import Look
from hotline.queue.run import route
from hotline.rows import AUDIENCES, LOGINS
from hotline.settings import settings
from hotline.statistics.summarize import summarize
from hotline.tenant import Tenant, at_retention, at_work
from hotline.web.checks import failures
from tests.access.test_tenancy import AUDIENCES as ALL
from tests.builders import a_ready_agent
from tests.building import accounts, transaction
from tests.conftest import as_app, forget
from tests.offers.doing import a_journalled_inquiry, an_offer, look_at
from workers import retain
from workers import summarize as summing


def as_login(login):
    """The address of the test's database for this login."""
    return settings().database_url.replace("hotline_app@", f"{login}@")


@pytest.mark.parametrize("login", LOGINS)
def test_a_login_becomes_what_is_declared_and_nothing_else(database, login):
    with psycopg.connect(as_login(login), autocommit=True) as connection:
        for audience in AUDIENCES:
            if audience in LOGINS[login]:
                connection.execute(f"SET ROLE {audience}")
                connection.execute("RESET ROLE")
            else:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(f"SET ROLE {audience}")
        for other in ("hotline", "postgres", *(LOGINS.keys() - {login})):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(f"SET ROLE {other}")


def test_neither_a_worker_nor_a_router_comes_near_how_people_come_in():
    for login in ("hotline_worker", "hotline_router"):
        assert not {"hotline_door", "hotline_accounts", "hotline_intake", "hotline_console"} & {*LOGINS[login]}


@pytest.mark.parametrize("login", ["hotline_worker", "hotline_router"])
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE person SET role = 'administrator', municipality = NULL",
        "UPDATE person SET active = true",
        "UPDATE agent SET municipality = '0860'",
        "UPDATE agent_skill SET level = 3",
        "UPDATE integrator SET active = true",
        "UPDATE cvr_number SET municipality = '0860'",
        "INSERT INTO cvr_number (cvr, municipality, invented) VALUES ('12345678', '0860', false)",
        "DELETE FROM person",
        "UPDATE membership SET left_on = NULL",
        "INSERT INTO membership (collaboration_id, municipality, joined) VALUES (1, '0860', '2020-01-01')",
        "UPDATE collaboration SET identity_days = 36500, keep_cpr = true",
        "DELETE FROM opening_hours",
        "UPDATE municipality SET name = 'x'",
        "INSERT INTO municipality (code, name, region) VALUES ('9999', 'x', 'x')",
        "UPDATE topic SET open = false",
        "INSERT INTO rule_change (collaboration_id, rule, after) VALUES (1, 'name', 'x')",
    ],
)
def test_neither_says_who_may_come_in_and_as_whom_nor_who_answers_whom(database, login, change):
    with psycopg.connect(as_login(login), autocommit=True) as connection:
        for audience in LOGINS[login]:
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(Tenant(audience.removeprefix("hotline_"), "a worker taken over").entering())
                connection.execute(change)


@pytest.mark.parametrize("login", ["hotline_worker", "hotline_router"])
def test_a_look_is_given_no_other_reason_though_its_reason_may_go(with_facts, login):
    with transaction() as session:
        looked(session, Look.SEARCHED, "hans nabo spurgte")
    with psycopg.connect(as_login(login), autocommit=True) as connection:
        for why in ("'borgeren spurgte'", "''", "upper(why)"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(at_work("a worker taken over").entering())
                connection.execute(f"UPDATE lookup SET why = {why}")
        with connection.transaction():
            connection.execute(at_work("retention").entering())
            assert connection.execute("UPDATE lookup SET why = NULL").rowcount == 1


def test_a_worker_does_its_lanes_by_its_own_login(with_facts, monkeypatch):
    an_offer()
    monkeypatch.setenv("HOTLINE_DATABASE_URL", as_login("hotline_worker"))
    forget()
    summing.run()
    retain.run()


def test_a_router_does_its_pass_and_its_duties_by_its_own_login(with_facts, monkeypatch):
    _, agent, first = an_offer()
    with accounts() as session:
        long_ago = now() - timedelta(days=2)
        times = {"begun_at": long_ago, "seen_at": long_ago, "ends_at": long_ago}
        session.add(SignInSession(token_hash=b"old", person_id=agent, **times))
    a_ready_agent()
    second = a_journalled_inquiry()
    monkeypatch.setenv("HOTLINE_DATABASE_URL", as_login("hotline_router"))
    forget()
    assert route() == 1
    lapses(now())
    absences(now(), current_policy())
    monkeypatch.setenv("HOTLINE_DATABASE_URL", as_app(with_facts))
    forget()
    assert [look_at(Inquiry, one).state for one in (first, second)] == ["waiting", "offered"]
    with accounts() as session:
        assert session.exec(select(SignInSession)).all() == [] and not session.get_one(AgentWork, agent).connected


@pytest.mark.parametrize("change", ["UPDATE journal SET data = '{}'", "DELETE FROM journal", "TRUNCATE journal"])
def test_the_journal_refuses_to_be_changed_by_everybody_but_retention(with_facts, change):
    an_offer()
    with psycopg.connect(settings().database_url, autocommit=True) as connection:
        for audience in ALL:
            if audience == "retention" and not change.startswith("TRUNCATE"):
                continue
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(Tenant(audience, "a test", person=1).entering())
                connection.execute(change)
        with connection.transaction(force_rollback=True):
            connection.execute(at_retention("a test").entering())
            assert connection.execute("DELETE FROM journal").rowcount > 0


def test_a_line_from_another_server_is_still_moved_to_where_it_is_counted(db):
    db.connection().exec_driver_sql(
        "INSERT INTO journal (xid, at, event, inquiry_id, municipality, channel, data) VALUES ('999999999999', now(),"
        " 'wrapping', gen_random_uuid(), '0860', 'web', '{}')"
    )
    db.commit()
    from hotline import db as hotline_db

    with hotline_db.transaction(at_work("summarize")) as session:
        assert summarize(session) == 1
        assert session.connection().exec_driver_sql("SELECT current_user").scalar_one() == "hotline_work"


def test_check_names_a_process_that_may_become_more_than_it_needs(with_facts):
    assert failures()["logins"] is None
    with psycopg.connect(as_login("hotline_worker"), application_name="hotline-worker"):
        assert failures()["logins"] is None
    with psycopg.connect(settings().database_url, application_name="hotline-worker"):
        said = failures()["logins"]
    assert said.startswith("a worker signs in as hotline_app and may become hotline_accounts, ")
    assert "hotline_door" in said and "hotline_work" not in said
