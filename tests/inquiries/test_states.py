"""The table of steps: every state is reached, every end is one, and the page shows the machine as it is."""

import ast
import re
from types import SimpleNamespace

import pytest

from hotline.clock import now
from hotline.inquiries.errors import WrongState
from hotline.inquiries.facts import FACTS, Accepted, Fact, Received, fact_of
from hotline.inquiries.states import ENDED, HELD, OPEN, PARKED, QUEUED, STEPS, Event, State, diagram, sql
from hotline.inquiries.step import begin, lines, may, step, then
from hotline.resources import ROOT


def test_every_event_is_a_step_and_tells_a_fact():
    assert set(STEPS) == set(Event) == set(FACTS)


def test_every_state_is_queued_held_parked_or_ended_and_only_one_of_them():
    assert sorted((*QUEUED, *HELD, *PARKED, *ENDED)) == sorted(State)
    assert set(OPEN) | set(ENDED) == set(State)


def test_every_state_is_reached_and_nothing_but_a_reopening_leads_on_from_an_end():
    assert {step.leads_to for step in STEPS.values()} - {None} == set(State)
    assert [step.event for step in STEPS.values() if set(step.sources) & set(ENDED)] == [Event.REOPENED]


def test_whatever_is_no_end_can_be_left():
    left = {source for step in STEPS.values() if step.leads_to for source in step.sources}
    assert set(OPEN) - left - set(PARKED) == set()


def test_states_as_sql_reads_them():
    assert sql(HELD) == "('handling', 'wrapping')"


def test_the_page_shows_the_machine_that_the_code_runs():
    page = (ROOT / "docs" / "inquiry.md").read_text()
    [drawn] = re.findall(r"```mermaid\n(.*?)\n```", page, re.DOTALL)
    assert drawn == diagram()


def test_a_fact_comes_back_as_it_was_told_and_what_is_not_said_is_not_stored():
    told = Received(received_at="2026-11-30T10:00:00+00:00")
    assert told.data() == {"received_at": "2026-11-30T10:00:00+00:00"}
    assert fact_of("received", told.data()) == told


def test_a_member_that_only_a_newer_version_knows_is_passed_over():
    data = {"offer_id": 1, "first": True, "wait_seconds": 1.5, "target_seconds": 60, "by_phone": True}
    assert fact_of("accepted", data) == Accepted(1, True, 1.5, 60)


def test_a_line_without_what_its_fact_needs_is_no_fact():
    with pytest.raises(TypeError):
        fact_of("accepted", {"offer_id": 1})


@pytest.mark.parametrize("kind", FACTS.values())
def test_no_fact_has_a_field_for_the_citizen(kind: type[Fact]):
    assert set(kind.__annotations__) & {"name", "phone", "email", "cpr", "text", "note"} == set()


@pytest.mark.parametrize("event", Event)
def test_what_may_not_happen_in_a_state_does_not(event: Event):
    for state in set(State) - set(STEPS[event].sources):
        inquiry = SimpleNamespace(state=state)
        with pytest.raises(WrongState):
            step(None, inquiry, SimpleNamespace(EVENT=event), now())
        assert inquiry.state == state


def test_an_inquiry_begins_by_being_received_and_by_nothing_else():
    for event in Event:
        for state in State:
            if (event, state) != (Event.RECEIVED, State.RECEIVED):
                with pytest.raises(WrongState):
                    begin(None, SimpleNamespace(state=state), SimpleNamespace(EVENT=event), now())


def written_in(tree):
    """The attributes that this code sets, and the functions that it calls."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield f"sets {node.attr}"
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield f"calls {node.func.id}"


def test_nothing_but_a_step_sets_the_state_or_writes_the_journal():
    found = {
        (path.relative_to(ROOT).as_posix(), what)
        for path in (ROOT / "hotline").rglob("*.py")
        for what in written_in(ast.parse(path.read_text()))
        if what in ("sets state", "calls record")
    }
    assert found == {("hotline/inquiries/step.py", "sets state"), ("hotline/inquiries/step.py", "calls record")}


def test_no_other_statement_writes_the_journal_or_says_by_itself_where_an_inquiry_goes():
    writes = re.compile(r"INSERT INTO journal\b|UPDATE inquiry\b[^;]*?\bSET state = '")
    rooms = (ROOT / "hotline").glob("[!m]*/*.py")  # but a benchmark, which undoes what it has timed
    found = [path.name for path in rooms if path.parent.name != "bench" and writes.search(path.read_text())]
    assert found == ["step.py"]


def test_a_statement_that_takes_many_through_a_step_goes_by_the_same_table():
    assert (may(Event.OFFERED), then(Event.OFFERED)) == ("state IN ('waiting')", "'offered'")
    with pytest.raises(TypeError):
        lines(Received, ":now", "stored", received_at=":now")
