"""What an agent reads of inquiries that were theirs: as long as their municipality answers those citizens."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from hotline import db as hotline_db
from hotline.access.guards import tenant_of
from hotline.clock import danish, now
from hotline.console.parts import desk
from hotline.console.state import state_of
from hotline.db import engine
from hotline.directory import collaborations
from hotline.directory.agreements import keep_topics
from hotline.directory.models import Agent, Collaboration, Person
from hotline.handling.actions import close
from hotline.inquiries.guards import held_inquiry
from hotline.offers.actions import accept
from hotline.privacy.vault import seal
from hotline.queue.run import route
from hotline.tenant import Tenant
from tests.builders import HJORRING, SKANDERBORG, a_pool, a_ready_agent, signed_in
from tests.building import accounts, owner, transaction
from tests.inquiries.test_reading import username_of
from tests.offers.doing import a_journalled_inquiry, by, offer_of

MORSO = "0773"
OF_IT = {
    "inquiry": "id",
    "citizen": "inquiry_id",
    "kept_cpr": "inquiry_id",
    "note": "inquiry_id",
    "message": "inquiry_id",
    "journal": "inquiry_id",
}


@pytest.fixture
def pool(with_facts):
    return a_pool(HJORRING, SKANDERBORG)


def an_accepted(agent, municipality=HJORRING):
    """An inquiry with all that belongs to one, in this agent's hands."""
    inquiry = a_journalled_inquiry(municipality=municipality)
    assert route() == 1
    by(agent, accept, offer_of(inquiry).id)
    with owner().begin() as connection:
        one = {"id": inquiry, "agent": agent, "name": seal("Else", "name"), "number": seal("0101651237", "kept_cpr")}
        for statement in (
            "INSERT INTO citizen (inquiry_id, name) VALUES (:id, :name)",
            "INSERT INTO note (inquiry_id, person_id, at, text) VALUES (:id, :agent, now(), 'ring')",
            "INSERT INTO message (inquiry_id, sender, at, text) VALUES (:id, 'citizen', now(), 'mit pas?')",
            "INSERT INTO kept_cpr (inquiry_id, n, place, position, sealed, may_reveal)"
            " VALUES (:id, 1, 'text', 0, :number, true)",
        ):
            connection.execute(text(statement), one)
    return inquiry


def ended(agent, inquiry):
    with transaction() as session:
        close(session, held_inquiry(session, agent, inquiry), session.get_one(Agent, agent), "resolved", "ok", now())


def leaves(pool, code=SKANDERBORG, in_days=0):
    today = danish(now()).date()
    with accounts() as session:
        name = session.get_one(Collaboration, pool).name
        collaborations.leave(session, name, [code], today + timedelta(days=in_days), today)


def rows_of(agent, inquiry, role="agent", of=OF_IT):
    """Which tables show this agent a row of the inquiry, asked of the database as that agent."""
    with transaction() as session:
        person = session.get_one(Person, agent)
        tenant = Tenant(role, "a test", person=person.id, municipality=person.municipality)
    with engine().begin() as connection:
        connection.exec_driver_sql(tenant.entering())
        counted = {
            table: connection.execute(text(f"SELECT count({key}) FROM {table} WHERE {key} = :id"), {"id": inquiry})
            for table, key in of.items()
        }
        return {table for table, rows in counted.items() if rows.scalar()}


@pytest.mark.parametrize("role", ["agent", "team_lead"])
@pytest.mark.parametrize(("in_days", "readable"), [(1, True), (0, False), (-1, False)])
def test_after_a_municipality_has_left_its_agents_read_nothing_of_the_others_citizens(pool, in_days, readable, role):
    agent = a_ready_agent(municipality=SKANDERBORG)
    inquiry = an_accepted(agent)
    ended(agent, inquiry)
    assert rows_of(agent, inquiry, role) == set(OF_IT)
    leaves(pool, in_days=in_days)
    assert rows_of(agent, inquiry, role) == (set(OF_IT) if readable else set())


@pytest.mark.parametrize("role", ["agent", "team_lead"])
def test_what_a_municipality_keeps_from_now_on_others_read_no_more_but_in_a_collaboration_that_it_keeps_nothing_from(
    pool, role
):
    agent = a_ready_agent(municipality=SKANDERBORG)
    inquiry = an_accepted(agent)
    keeps(pool, "doctor")
    assert rows_of(agent, inquiry, role) == set(OF_IT)
    keeps(pool, "passport")
    assert rows_of(agent, inquiry, role) == set(OF_IT)  # it is in hand
    ended(agent, inquiry)
    assert rows_of(agent, inquiry, role) == set()
    a_pool(HJORRING, SKANDERBORG)
    assert rows_of(agent, inquiry, role) == set(OF_IT)


def keeps(pool, *topics):
    with accounts() as session:
        name = session.get_one(Collaboration, pool).name
        keep_topics(session, name, HJORRING, topics, danish(now()).date())


def test_what_is_in_hand_is_read_until_it_is_ended_and_the_own_citizens_for_ever(pool):
    agent = a_ready_agent(municipality=SKANDERBORG)
    inquiry, own = an_accepted(agent), an_accepted(agent, SKANDERBORG)
    leaves(pool)
    assert rows_of(agent, inquiry) == rows_of(agent, own) == set(OF_IT)
    ended(agent, inquiry), ended(agent, own)
    assert rows_of(agent, inquiry) == set()
    assert rows_of(agent, own) == set(OF_IT)


def test_whoever_moves_to_another_collaboration_leaves_the_citizens_of_the_former_behind(pool):
    a_pool(MORSO)
    agent = a_ready_agent(municipality=SKANDERBORG)
    inquiry = an_accepted(agent)
    ended(agent, inquiry)
    with owner().begin() as connection:
        for table in ("person", "agent"):
            connection.execute(text(f"UPDATE {table} SET municipality = '{MORSO}' WHERE id = {agent}"))
    assert rows_of(agent, inquiry) == set()


def test_neither_the_api_nor_an_action_reaches_what_is_out_of_reach(web):
    pool = a_pool(HJORRING, SKANDERBORG)
    agent = a_ready_agent(municipality=SKANDERBORG)
    inquiry = an_accepted(agent)
    ended(agent, inquiry)
    api = signed_in(web, username_of(agent))
    assert [one["id"] for one in api.get("/inquiries").json()["items"]] == [str(inquiry)]
    leaves(pool)
    assert api.get("/inquiries").json()["items"] == []
    assert api.get(f"/inquiries/{inquiry}").status_code == 404
    assert api.post(f"/inquiries/{inquiry}/cpr/1/undo").status_code == 404


def test_the_newest_of_an_agent_are_found_without_asking_row_by_row_who_answers_together(pool):
    agent = a_ready_agent(municipality=SKANDERBORG)
    ended(agent, an_accepted(agent))
    tenant = Tenant("agent", "a test", person=agent, municipality=SKANDERBORG)
    with engine().begin() as connection:
        connection.exec_driver_sql(tenant.entering())
        plan = connection.exec_driver_sql("EXPLAIN SELECT id FROM inquiry ORDER BY id DESC LIMIT 50").scalars().all()
    at = next(n for n, line in enumerate(plan) if "membership" in line)
    above = [line.strip() for line in plan[:at] if "InitPlan" in line or "SubPlan" in line]
    assert above[-1].startswith("InitPlan")


def test_an_agents_page_shows_what_ended_there_until_the_municipality_leaves(pool):
    agent, other = a_ready_agent(municipality=SKANDERBORG), a_ready_agent(municipality=SKANDERBORG, presence="break")
    inquiry = an_accepted(agent)
    ended(agent, inquiry)
    assert [one["id"] for one in page_of(agent)["recent"]] == [str(inquiry)]
    assert page_of(other)["recent"] == []
    leaves(pool)
    assert page_of(agent)["recent"] == []


def test_an_offer_is_shown_to_nobody_whose_municipality_has_left(pool):
    agent = a_ready_agent(municipality=SKANDERBORG)
    offered = a_journalled_inquiry(municipality=HJORRING)
    assert route() == 1
    assert [one["inquiry"]["id"] for one in page_of(agent)["desk"]["offers"]] == [str(offered)]
    leaves(pool)
    assert page_of(agent)["desk"]["offers"] == []


def test_a_console_reads_what_ended_in_the_hands_of_the_one_who_looks_alone(pool):
    agent, other = a_ready_agent(municipality=SKANDERBORG), a_ready_agent(municipality=SKANDERBORG, presence="break")
    inquiry = an_accepted(agent)
    shown = {table: key for table, key in OF_IT.items() if table != "journal"}
    assert rows_of(other, inquiry, "console", shown) == set(shown)  # streams tell of whatever is in anybody's hands
    ended(agent, inquiry)
    assert rows_of(agent, inquiry, "console", shown) == {"inquiry", "kept_cpr", "note", "message"}
    assert rows_of(other, inquiry, "console", shown) == set()


def test_what_a_console_reads_is_planned_once_for_all(pool):
    agent = a_ready_agent(municipality=SKANDERBORG)
    with transaction() as session:
        tenant = tenant_of(session.get_one(Person, agent))
    with hotline_db.transaction(tenant) as session:
        for _ in range(12):
            state_of(session, agent)
        plans = "SELECT generic_plans > 0, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%AS offers%'"
        assert [tuple(row) for row in session.execute(text(plans))] == [(True, 0)]


def page_of(agent):
    with transaction() as session:
        tenant = tenant_of(session.get_one(Person, agent))
    with hotline_db.transaction(tenant) as session:
        return desk(session, agent, "da")
