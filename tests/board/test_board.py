"""The live queue: who waits and for how long, and who could take it."""

from datetime import timedelta

from sqlmodel import col, update

from hotline.agents.models import AgentWork, Presence
from hotline.board import board as shown_board
from hotline.board.board import SHOWN, board
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import State
from hotline.kept import Kept
from tests.builders import a_pool, a_waiting_inquiry, an_agent
from tests.building import transaction


def test_where_nobody_waits_the_board_is_empty(with_facts, db, moment):
    shown = board(db, moment)
    assert (shown.waiting, shown.longest_wait_seconds, shown.rows, shown.left_out) == (0, None, (), 0)


def test_waiting_is_counted_by_topic_with_the_longest_wait(with_facts, db, moment):
    a_pool()
    for topic, waited in (("passport", 90), ("passport", 30), ("mitid", 10)):
        a_waiting_inquiry(topic=topic, queued_at=moment - timedelta(seconds=waited))
    shown = board(db, moment)
    assert [(line.slug, line.waiting) for line in shown.topics] == [("passport", 2), ("mitid", 1)]
    assert shown.longest_wait_seconds == 90
    assert [row.topic for row in shown.rows] == ["passport", "passport", "mitid"]


def test_what_is_in_hand_waits_no_longer(with_facts, db, moment):
    a_pool()
    agent, _ = an_agent()
    inquiry = a_waiting_inquiry()
    with transaction() as session:
        session.exec(update(Inquiry).where(col(Inquiry.id) == inquiry).values(state=State.HANDLING, agent_id=agent))
    shown = board(db, moment)
    assert (shown.waiting, shown.handling) == (0, 1)


def test_more_than_a_screenful_is_counted_and_not_shown(with_facts, db, moment):
    a_pool()
    for _ in range(SHOWN + 2):
        a_waiting_inquiry()
    shown = board(db, moment)
    assert (len(shown.rows), shown.left_out) == (SHOWN, 2)


def test_a_long_queue_is_counted_once_for_all_who_look_and_a_short_one_for_each(with_facts, db, moment, monkeypatch):
    a_pool()
    monkeypatch.setattr(shown_board, "SHORT", 3)
    monkeypatch.setattr(shown_board, "KEPT", Kept(clock=lambda: 0.0))
    seen = []
    for _ in range(5):
        a_waiting_inquiry()
        seen.append(board(db, moment).waiting)
    assert seen == [1, 2, 3, 4, 4]


def test_agents_are_ready_busy_on_break_or_away(with_facts, db, moment):
    a_pool()
    an_agent(presence=Presence.AVAILABLE, connected=True)
    busy, _ = an_agent(presence=Presence.AVAILABLE, connected=True, capacity=1)
    an_agent(presence=Presence.BREAK, connected=True)
    an_agent(presence=Presence.AVAILABLE, connected=False)
    an_agent(presence=Presence.OFFLINE, connected=True)
    with transaction() as session:
        session.exec(update(AgentWork).where(col(AgentWork.agent_id) == busy).values(load=1))
    agents = board(db, moment).agents
    assert (agents.ready, agents.busy, agents.on_break, agents.away) == (1, 1, 1, 2)
