"""What a scenario's file may say, and the line that tells what is wrong with it."""

import json
from dataclasses import asdict

import pytest

from hotline.simulation.scenario import NoScenario, Settings, parse, policy_for
from tests.simulation.days import DEFAULT, a_call, a_collaboration, a_day, an_agent


def a_file(**changes):
    """A small scenario as its file says it, with something changed."""
    whole = asdict(a_day(an_agent(), a_call("i1"), collaborations=(a_collaboration("0746", "0860"),)))
    return json.dumps(whole | changes, default=list).encode()


def test_what_was_written_is_what_is_read():
    assert parse(a_file()) == a_day(an_agent(), a_call("i1"), collaborations=(a_collaboration("0746", "0860"),))


@pytest.mark.parametrize(
    ("null", "left_out"),
    [
        ({"settings": None}, {"settings": {}}),
        ({"settings": dict.fromkeys(asdict(Settings()))}, {"settings": {}}),
        ({"inquiries": [asdict(a_call("i1")) | {"member": None}]}, {}),
        (
            {"settings": {"collaborations": [dict.fromkeys(asdict(a_collaboration("0746"))) | {"members": ["0746"]}]}},
            {"settings": {"collaborations": [{"members": ["0746"]}]}},
        ),
    ],
)
def test_what_is_null_is_as_if_left_out(null, left_out):
    assert parse(a_file(**null)) == parse(a_file(**left_out))


def test_what_is_meant_for_a_judge_is_not_read():
    assert parse(a_file(surge={"topic": "passport", "extra": ["i1"]})) == parse(a_file())


AN_AGENT, A_CALL = asdict(an_agent()), asdict(a_call("i1"))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"agents": [AN_AGENT, AN_AGENT]}, "agent a is there 2 times"),
        ({"inquiries": [A_CALL, A_CALL]}, "inquiry i1 is there 2 times"),
        ({"agents": [AN_AGENT | {"municipality": "0101"}]}, "agent a: there is no municipality 0101"),
        ({"agents": [AN_AGENT | {"shifts": [[20, 10]]}]}, "agent a: a shift ends at 10, before it begins at 20"),
        ({"agents": [AN_AGENT | {"capacity": 0}]}, "agents.0.capacity: Input should be greater than or equal to 1"),
        ({"agents": [AN_AGENT | {"skills": {"passport": 4}}]}, "agents.0.skills.passport: Input should be less than"),
        ({"inquiries": [A_CALL | {"at": "soon"}]}, "inquiries.0.at: Input should be a valid number"),
        ({"inquiries": [A_CALL | {"at": -1}]}, "inquiries.0.at: Input should be greater than or equal to 0"),
        ({"inquiries": [A_CALL | {"priority": 0}]}, "inquiries.0.priority: Input should be greater than or equal to 1"),
        (
            {"inquiries": [A_CALL | {"municipality": "0999"}]},
            "inquiry i1: there is no municipality 0999; is it no member?",
        ),
        ({"settings": {"outside": "perhaps"}}, "settings.outside: Input should be 'equal', 'last' or 'refuse'"),
        ({"settings": {"collaborations": [{"members": ["0101"]}]}}, "a collaboration names 0101"),
        ({"inquiries": None}, "inquiries: Input should be a valid array"),
    ],
)
def test_what_cannot_be_run_is_refused_in_one_line(changes, said):
    with pytest.raises(NoScenario) as told:
        parse(a_file(**changes))
    assert str(told.value).startswith(said) and "\n" not in str(told.value)


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"\xff", b'{"name": "x"}'])
def test_what_is_no_scenario_at_all_is_refused(text):
    with pytest.raises(NoScenario):
        parse(text)


def test_its_settings_go_before_the_policys():
    policy = policy_for(a_day(target_seconds={2: 33.0}, target_seconds_written=None, outside="last"), DEFAULT)
    assert (policy.answer_within(True, 2), policy.answer_within(False, 2)) == (33, 33)
    assert policy.answer_within(True, 1) == DEFAULT.answer_within(True, 1)
    assert policy.outside == "last" and policy.pace == DEFAULT.pace
