"""What an agent does with the inquiry in hand, and what stays of it."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from hotline.agents.models import AgentWork, Presence
from hotline.callbacks.park import park
from hotline.directory.errors import TopicClosed, UnknownTopic
from hotline.directory.models import Person, Topic
from hotline.errors import Invalid
from hotline.handling import actions, leads
from hotline.handling.errors import AgentAway, AgentDeactivated, AgentOfOthers, AgentOnBreak
from hotline.inquiries.errors import WrongState
from hotline.inquiries.journal import JournalLine
from hotline.inquiries.models import Inquiry, Outcome
from hotline.inquiries.notes import Note
from hotline.inquiries.states import Event
from hotline.offers.actions import accept, refuse
from hotline.policies import current_policy
from hotline.queue.run import route
from tests.builders import a_ready_agent
from tests.building import accounts, heard, transaction
from tests.callbacks.steps import NUMBER, make_due
from tests.offers.doing import a_journalled_inquiry, by, doing, in_, look_at, offer_of, sound


def refused(agent_id, inquiry_id):
    """The agent says no to what they are offered."""
    offer = offer_of(inquiry_id)
    by(agent_id, lambda session, agent, at: refuse(session, offer.id, agent, None, at))


def last_line(inquiry_id):
    with transaction() as session:
        of_it = select(JournalLine).where(JournalLine.inquiry_id == inquiry_id).order_by(col(JournalLine.id).desc())
        return session.exec(of_it).first()


def test_talk_and_wrap_up_are_told_apart_to_the_second(held):
    answered = look_at(Inquiry, held[0]).answered_at
    doing(held, actions.wrap_up, at=answered + timedelta(seconds=90))
    doing(held, actions.wrap_up, at=answered + timedelta(seconds=100))  # said twice: the first moment counts
    doing(held, actions.close, Outcome.RESOLVED, None, at=answered + timedelta(seconds=120))
    data = last_line(held[0]).data
    assert (data["talk_seconds"], data["wrap_seconds"], data["first_contact"]) == (90, 30, True)
    sound()


def test_who_has_not_wrapped_up_has_talked_to_the_end(held):
    answered = look_at(Inquiry, held[0]).answered_at
    doing(held, actions.close, Outcome.REFERRED, None, at=answered + timedelta(seconds=70))
    assert (last_line(held[0]).data["talk_seconds"], last_line(held[0]).data["wrap_seconds"]) == (70, 0)


def test_a_closure_changes_each_row_once(held):
    with heard() as said:
        doing(held, actions.close, Outcome.RESOLVED, None)
    changed = [statement.split()[1] for statement, _ in said if statement.startswith("UPDATE")]
    assert sorted(changed) == ["agent_work", "inquiry", "offer"]
    sound()


@pytest.mark.parametrize("note, kept", [("Cpr 010190-1234 ringer igen", True), ("   ", False), (None, False)])
def test_a_note_is_kept_without_cpr_numbers_and_not_at_all_when_empty(held, note, kept):
    doing(held, actions.close, Outcome.OTHER, note)
    with transaction() as session:
        notes = session.exec(select(Note)).all()
    assert bool(notes) is kept
    assert all("010190" not in one.text and "ringer igen" in one.text for one in notes)


def test_a_correction_says_in_the_journal_what_stood_there_before(held):
    doing(held, actions.correct, {"topic": "doctor", "language": "de"}, None)
    inquiry, line = look_at(Inquiry, held[0]), last_line(held[0])
    assert (inquiry.topic, inquiry.language, inquiry.state) == ("doctor", "de", "handling")
    assert line.event == Event.CORRECTED
    assert line.data == {
        "before": {"topic": "passport", "language": "da"},
        "after": {"topic": "doctor", "language": "de"},
    }
    doing(held, actions.correct, {}, "kun en note")
    assert last_line(held[0]).id == line.id  # a note corrects nothing
    sound()


def test_a_corrected_priority_moves_the_deadline_for_those_who_come_next(held):
    doing(held, actions.correct, {"priority": 1}, None)
    inquiry = look_at(Inquiry, held[0])
    assert inquiry.deadline == inquiry.queued_at + timedelta(seconds=current_policy().targets_written[1])


def test_a_corrected_language_is_what_the_next_agent_must_speak(held):
    doing(held, actions.correct, {"language": "de"}, None)
    doing(held, actions.transfer, None, None, None)
    a_ready_agent()
    speaker = a_ready_agent(languages=("da", "de"))
    assert route() == 1 and offer_of(held[0]).agent_id == speaker


def test_after_a_transfer_a_closure_is_no_first_contact(held):
    other = a_ready_agent(topics=("doctor",))
    doing(held, actions.transfer, "doctor", None, "her er mere")
    assert look_at(AgentWork, held[1]).load == 0 and look_at(Inquiry, held[0]).agent_id is None
    assert route() == 1
    by(other, accept, offer_of(held[0]).id)
    doing((held[0], other), actions.close, Outcome.RESOLVED, None)
    assert last_line(held[0]).data["first_contact"] is False
    with transaction() as session:
        lines = session.exec(
            select(JournalLine).where(JournalLine.event == Event.ACCEPTED).order_by(col(JournalLine.id))
        )
        assert [line.data["first"] for line in lines] == [True, False]
    sound()


@pytest.mark.parametrize(
    "story, in_one_contact",
    [
        ("taken", True),
        ("taken transferred taken", False),
        ("taken released taken", False),
        ("taken promised taken", False),
        ("parked taken", True),
        ("parked taken unanswered taken", True),
        ("parked taken promised taken unanswered taken", False),
        ("parked taken unanswered taken promised taken", False),
        ("parked taken unanswered taken released taken", False),
    ],
)
def test_it_is_first_contact_where_one_agent_did_it_all_in_one_talk_with_the_citizen(with_facts, story, in_one_contact):
    agent_id, inquiry_id = a_ready_agent(), a_journalled_inquiry(channel="phone")
    held = inquiry_id, agent_id
    steps = {
        "taken": lambda: taken_again(*held),
        "transferred": lambda: doing(held, actions.transfer, None, None, None),
        "released": lambda: locked(inquiry_id, lambda *facts: leads.release(*facts[:2], None, "Syg", facts[2])),
        "promised": lambda: doing(held, actions.call_back, NUMBER, None),
        "parked": lambda: locked(inquiry_id, lambda session, inquiry, at: park(session, inquiry, at, at)),
        "unanswered": lambda: doing(held, actions.close, Outcome.NO_ANSWER, None),
    }
    for step in story.split():
        steps[step]()
    doing(held, actions.close, Outcome.RESOLVED, None)
    assert last_line(inquiry_id).data["first_contact"] is in_one_contact
    sound()


def locked(inquiry_id, action):
    """Somebody else than the agent does this to the inquiry."""
    with transaction() as session:
        action(session, session.get_one(Inquiry, inquiry_id, with_for_update=True), in_())


def taken_again(inquiry_id, agent_id):
    """What is parked is due, whatever the agent had before is long ago, and they take it."""
    make_due()
    with transaction() as session:
        session.execute(text("UPDATE offer SET released_at = released_at - interval '1 hour'"))
    assert route() == 1
    by(agent_id, accept, offer_of(inquiry_id).id)


def test_what_has_gone_elsewhere_is_no_longer_ones_own(held):
    doing(held, actions.hand_over, None)
    for action, facts in (
        (actions.wrap_up, ()),
        (actions.close, (Outcome.OTHER, None)),
        (actions.transfer, ("doctor", None, None)),
        (actions.hand_over, (None,)),
        (actions.correct, ({"priority": 1}, None)),
    ):
        with pytest.raises(WrongState) as refused:
            doing(held, action, *facts)
        assert refused.value.problem()["state"] == "handed_over"
    sound()


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"presence": Presence.BREAK}, AgentOnBreak),
        ({"presence": Presence.OFFLINE}, AgentAway),
        ({"connected": False}, AgentAway),
        ({"municipality": "0840"}, AgentOfOthers),
    ],
)
def test_a_transfer_to_one_who_would_not_be_offered_it_is_refused_with_the_reason(held, facts, error):
    to = a_ready_agent(**facts)
    with pytest.raises(error):
        doing(held, actions.transfer, None, to, "en note")
    assert look_at(Inquiry, held[0]).state == "handling"
    sound()


def test_a_transfer_to_one_who_was_deactivated_is_refused_with_the_reason(held):
    to = a_ready_agent()
    with accounts() as session:
        session.get_one(Person, to).active = False
    with pytest.raises(AgentDeactivated):
        doing(held, actions.transfer, None, to, None)


def test_a_transfer_to_one_who_is_busy_is_kept_for_them_and_comes_to_them_whatever_they_speak(held):
    to, other = a_ready_agent(languages=("en",)), a_ready_agent()
    doing(held, actions.transfer, None, to, None)
    assert look_at(Inquiry, held[0]).only_agent == to
    assert route() == 1 and offer_of(held[0]).agent_id == to != other


def test_what_one_agent_was_meant_to_get_and_refused_goes_to_all(held):
    to, other = a_ready_agent(), a_ready_agent()
    doing(held, actions.transfer, None, to, None)
    assert route() == 1
    refused(to, held[0])
    assert route() == 1 and offer_of(held[0]).agent_id == other
    sound()


def test_what_goes_back_to_the_same_topic_goes_to_a_colleague_though_they_are_less_free(held):
    colleague = a_ready_agent(topics=("passport", "doctor", "mitid"))
    doing(held, actions.transfer, None, None, None)
    assert route() == 1 and offer_of(held[0]).agent_id == colleague
    sound()


def test_whoever_passed_it_on_is_asked_again_after_a_while_where_nobody_else_is_there_and_then_last(held):
    doing(held, actions.transfer, None, None, None)
    assert route() == 0
    with transaction() as session:
        ago = {"ago": timedelta(seconds=current_policy().rest_after_refusal)}
        session.execute(text("UPDATE offer SET released_at = released_at - :ago"), ago)
    colleague = a_ready_agent(topics=("passport", "doctor", "mitid"))
    assert route() == 1 and offer_of(held[0]).agent_id == colleague
    refused(colleague, held[0])
    assert route() == 1 and offer_of(held[0]).agent_id == held[1]
    sound()


def test_a_transfer_goes_only_where_it_can_be_taken(held):
    with accounts() as session:
        session.get_one(Topic, "childcare").open = False
    unskilled = a_ready_agent(topics=("mitid",))
    for topic, agent, error in (
        ("dragons", None, UnknownTopic),
        ("childcare", None, TopicClosed),
        (None, unskilled, Invalid),
        (None, held[1], Invalid),
        ("doctor", unskilled, Invalid),
        (None, 10**9, Invalid),
    ):
        with pytest.raises(error):
            doing(held, actions.transfer, topic, agent, "en note")
    with transaction() as session:
        assert session.exec(select(Note)).all() == []
    assert look_at(Inquiry, held[0]).state == "handling"
    sound()
