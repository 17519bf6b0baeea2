"""What nobody on duty can take: known at once, told to everybody whom it concerns, and written work goes home."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from hotline.clock import now
from hotline.inquiries.models import Inquiry
from hotline.policies import current_policy
from hotline.queue.unserved import going_home, hand_over_unserved, note_unserved
from hotline.statistics.counting import gain
from hotline.web.checks import failures
from tests.builders import HJORRING, SKANDERBORG, Api, a_key, a_person, a_pool, a_ready_agent, an_agent, signed_in
from tests.building import owner, transaction
from tests.handling.test_leads import browser_of, lines
from tests.offers.doing import a_journalled_inquiry, look_at, sound
from workers.route import sweep

HOUR = current_policy().hands_over_after


def unserved(at=None):
    with transaction() as session:
        return note_unserved(session, at or now())


@pytest.mark.parametrize(
    ("agent", "lacking"),
    [
        ({}, 0),
        ({"load": 3}, 0),  # busy, and there
        ({"presence": "break"}, 1),
        ({"presence": "offline"}, 1),
        ({"connected": False}, 1),
        ({"topics": ("mitid",)}, 1),
        ({"municipality": "0751"}, 1),  # does not answer Hjørring's citizens
        ({"languages": ("en",)}, 1),
    ],
    ids=str,
)
def test_an_inquiry_is_unserved_where_nobody_available_has_topic_language_and_agreement(with_facts, agent, lacking):
    load = agent.pop("load", 0)
    a_pool(HJORRING, SKANDERBORG)
    agent_id, _ = an_agent(**({"presence": "available", "connected": True} | agent))
    with owner().begin() as session:
        session.execute(text("UPDATE agent_work SET load = :l WHERE agent_id = :a"), {"l": load, "a": agent_id})
        session.execute(text("DELETE FROM membership WHERE municipality = '0751'"))
    a_journalled_inquiry(municipality=HJORRING, language="da", speaks="da")
    assert unserved() == lacking


def test_a_language_that_waiting_widens_is_not_missed(with_facts):
    a_ready_agent()
    a_journalled_inquiry(language="ar", speaks="ar")
    assert unserved() == 0


def test_everybody_whom_it_concerns_is_told_within_a_sweep_and_until_somebody_comes(web):
    integrator, board = Api(web, a_key()), browser_of(web, signed_in(web, a_person("secretariat")))
    agent, _ = an_agent(topics=("passport",), connected=True, presence="break")
    call, mail = (a_journalled_inquiry("passport", channel) for channel in ("phone", "email"))
    before = now()
    sweep("unserved")
    told = {one: integrator.get(f"/inquiries/{one}").json() for one in (call, mail)}
    assert [told[one]["callback"] for one in (call, mail)] == [True, False]
    assert all(
        one["nobody_since"] and one["position"] is one["estimated_wait_seconds"] is None for one in told.values()
    )
    assert "2 venter, som ingen på vagt kan tage" in board.get("/queue/now").text
    assert "nobody can take 2 of passport since" in (failures()["on duty"] or "")
    assert "hotline_unserved_inquiries 2.0" in board.get("/metrics").text

    sweep("unserved")
    with transaction() as session:
        since = session.execute(text("SELECT since FROM unserved")).scalars().all()
        assert len(since) == 1 and before <= since[0] <= now()
    with owner().begin() as session:
        session.execute(text("UPDATE agent_work SET presence = 'available' WHERE agent_id = :a"), {"a": agent})
    sweep("unserved")
    told = integrator.get(f"/inquiries/{call}").json()
    assert (told["nobody_since"], told["callback"], failures()["on duty"]) == (None, False, None)
    assert "ingen på vagt" not in board.get("/queue/now").text.lower()


def test_while_the_hotline_is_closed_nobody_is_missed_and_nothing_goes_home(with_facts):
    a_journalled_inquiry("passport", "email", language="da", speaks="da")
    with owner().begin() as session:
        session.execute(text("UPDATE collaboration SET always_open = false"))
        session.execute(
            text(
                "INSERT INTO opening_hours (collaboration_id, weekday, opens, closes)"
                " SELECT id, 6, '03:00', '03:01' FROM collaboration"
            )
        )
    assert unserved() == 0


@pytest.mark.parametrize(
    ("channel", "came", "noted", "goes"),
    [
        ("email", HOUR + 60, HOUR + 60, True),
        ("web", HOUR + 60, HOUR - 60, False),  # somebody was there until lately
        ("sms", HOUR - 60, HOUR + 60, False),  # it came lately
        ("phone", HOUR + 60, HOUR + 60, False),
        ("chat", HOUR + 60, HOUR + 60, False),
    ],
)
def test_written_work_goes_home_once_nobody_could_take_it_for_long_enough(with_facts, channel, came, noted, goes):
    moment = now()
    inquiry = a_journalled_inquiry(
        channel=channel, language="da", speaks="da", queued_at=moment - timedelta(seconds=came), municipality=HJORRING
    )
    assert unserved(moment - timedelta(seconds=noted)) == 1
    policy = current_policy()
    with transaction() as session:
        assert going_home(session, moment, policy) == ([inquiry] if goes else [])
    assert [home(inquiry, moment), home(inquiry, moment)] == [goes, False]
    found = look_at(Inquiry, inquiry)
    assert (found.state, found.ended_at) == (("handed_over", moment) if goes else ("waiting", None))
    told = lines(inquiry, "handed_over")
    assert [(one.data["reason"], one.answering) for one in told] == ([("nobody on duty", None)] if goes else [])
    assert [gain(one).increments[0].counts["handed_over"] for one in told] == ([1] if goes else [])
    sound()


def test_what_somebody_can_take_by_now_stays(with_facts):
    moment = now()
    inquiry = a_journalled_inquiry(language="da", speaks="da", queued_at=moment - timedelta(seconds=2 * HOUR))
    assert unserved(moment - timedelta(seconds=HOUR)) == 1
    a_ready_agent()
    assert unserved(moment) == 0 and home(inquiry, moment) is False
    assert look_at(Inquiry, inquiry).state == "waiting"


def home(inquiry, moment):
    with transaction() as session:
        return hand_over_unserved(session, inquiry, moment, current_policy())
