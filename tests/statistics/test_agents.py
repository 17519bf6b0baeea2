"""The own agents' work: time in each state, talk and wrap-up, by agent and by interval."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

from sqlmodel import Session

from hotline.agents.models import PresenceChange
from hotline.inquiries.facts import Accepted, Closed
from hotline.inquiries.journal import record
from hotline.statistics.agents import by_agent_table, names_of_agents, work_of_agents
from tests.builders import HJORRING, SKANDERBORG, a_pool, an_agent
from tests.building import owner

NINE = datetime(2026, 11, 20, 8, tzinfo=UTC)
HOURS = [NINE + timedelta(hours=n) for n in range(3)]


def test_an_agents_hours_and_work_are_told_by_agent_and_by_hour_and_another_municipalitys_are_not(with_facts):
    a_pool()
    mine, _ = an_agent(municipality=HJORRING)
    other, _ = an_agent(municipality=SKANDERBORG)
    with Session(owner()) as session:
        session.connection().exec_driver_sql("DELETE FROM presence_change")
        for agent in (mine, other):
            states = [
                (-30, "available", True),
                (90, "break", True),
                (100, "available", True),
                (130, "available", False),
            ]
            for minutes, presence, connected in states:
                at = NINE + timedelta(minutes=minutes)
                session.add(PresenceChange(agent_id=agent, at=at, presence=presence, connected=connected))
            _answered(session, agent, HJORRING if agent == mine else SKANDERBORG)
        session.commit()
        end = NINE + timedelta(hours=3)
        by_agent, by_hour = work_of_agents(session, HJORRING, HOURS, end, end)
        still = work_of_agents(session, HJORRING, HOURS, end, NINE + timedelta(minutes=30))[0]
        names = names_of_agents(session, HJORRING)
    assert set(by_agent) == {mine}
    assert dict(by_agent[mine].states) == {"available": 120 * 60, "break": 600}
    assert [dict(by_hour[hour].states) for hour in HOURS] == [
        {"available": 3600}, {"available": 50 * 60, "break": 600}, {"available": 600},
    ]  # fmt: skip
    assert (by_agent[mine].answered, by_agent[mine].ended, by_agent[mine].worked) == (1, 1, 1800)
    assert [by_hour[hour].worked for hour in HOURS] == [0, 1800, 0]
    assert by_agent[mine].occupancy.value == 0.25
    assert still[mine].states["available"] == 30 * 60 and still[mine].ended == 0
    assert [row.cells[0] for row in by_agent_table(by_agent, names).rows] == [names[mine]]


def _answered(session: Session, agent: int, municipality: str) -> None:
    inquiry = SimpleNamespace(
        id="00000000-0000-7000-8000-000000000001", municipality=HJORRING, topic="passport", channel="phone",
        came_by=None,
    )  # fmt: skip
    by = SimpleNamespace(id=agent, municipality=municipality)
    accepted = Accepted(offer_id=1, first=True, wait_seconds=9.0, target_seconds=60.0)
    closed = Closed(talk_seconds=1700.0, wrap_seconds=100.0, outcome="resolved", first_contact=True)
    record(session, inquiry, accepted, NINE + timedelta(minutes=50), by)
    record(session, inquiry, closed, NINE + timedelta(minutes=80), by)
