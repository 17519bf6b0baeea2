"""What is taken in at which hour, and what those hear who are not."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from hotline.directory.errors import TopicClosed, UnknownMunicipality, UnknownTopic
from hotline.directory.hours import Opening
from hotline.directory.models import Collaboration, Membership, Municipality, Topic
from hotline.directory.snapshot import Directory
from hotline.intake.admit import admit
from hotline.intake.errors import Closed, OutsideThePool, QueueFull
from hotline.intake.requests import InquiryIn
from hotline.policies import current_policy

TUESDAY_NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
TUESDAY_NIGHT = datetime(2026, 11, 24, 22, tzinfo=UTC)
WORKDAYS = tuple(Opening(day, time(8), time(20)) for day in range(4))
POLICY = current_policy.__wrapped__()
BEFORE, AFTER = date(2026, 1, 1), date(2026, 12, 1)


def a_directory(joined=BEFORE, hours=WORKDAYS, **rules):
    return Directory(
        municipalities={code: Municipality(code=code, name=code, region="Nord") for code in ("0860", "0746")},
        topics={
            slug: Topic(slug=slug, name=slug, name_en=slug, open=is_open)
            for slug, is_open in (("mitid", True), ("doctor", False))
        },
        collaborations={1: Collaboration(id=1, name="Pool", **rules)},
        memberships=(Membership(collaboration_id=1, municipality="0860", joined=joined),),
        hours={1: hours},
    )


def a_request(channel="phone", municipality="0860", **more):
    return InquiryIn(channel=channel, municipality=municipality, **more)


@pytest.mark.parametrize("channel", ["phone", "chat", "web", "email", "sms", "bot"])
@pytest.mark.parametrize("moment", [TUESDAY_NOON, TUESDAY_NIGHT])
def test_at_night_only_those_who_write_are_taken_in(channel, moment):
    if moment == TUESDAY_NIGHT and channel in ("phone", "chat"):
        with pytest.raises(Closed) as refused:
            admit(a_request(channel), a_directory(), 0, moment, POLICY)
        assert refused.value.problem()["opens_at"] == "2026-11-25T08:00:00+01:00"
        assert refused.value.problem()["callback"] is True
    else:
        admit(a_request(channel), a_directory(), 0, moment, POLICY)


@pytest.mark.parametrize(
    ("channel", "limit", "waiting", "full"),
    [
        ("phone", 5, 4, False),
        ("phone", 5, 5, True),
        ("chat", 5, 6, True),
        ("web", 5, 9, False),
        ("phone", None, 10**6, False),
        ("phone", 0, 0, True),
    ],
)
def test_a_full_queue_takes_in_nobody_more_who_rings(channel, limit, waiting, full):
    directory = a_directory(queue_limit=limit)
    if not full:
        admit(a_request(channel), directory, waiting, TUESDAY_NOON, POLICY)
        return
    with pytest.raises(QueueFull) as refused:
        admit(a_request(channel), directory, waiting, TUESDAY_NOON, POLICY)
    assert refused.value.problem()["callback"] is True and refused.value.problem()["opens_at"] is None


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ({"municipality": "0999"}, UnknownMunicipality),
        ({"topic": "dragons"}, UnknownTopic),
        ({"topic": "doctor"}, TopicClosed),
        ({"topic_hint": {"topic": "dragons", "confidence": 1}}, UnknownTopic),
    ],
)
def test_what_the_hotline_does_not_know_is_refused(asked, refusal):
    with pytest.raises(refusal):
        admit(a_request("web", **({"municipality": "0860"} | asked)), a_directory(), 0, TUESDAY_NOON, POLICY)


@pytest.mark.parametrize("age", [timedelta(days=400), timedelta(days=9_000), timedelta(hours=-30)])
def test_mail_of_any_age_is_taken_and_so_is_what_another_clock_says_is_to_come(age):
    admit(a_request("email", received_at=TUESDAY_NOON - age), a_directory(), 0, TUESDAY_NOON, POLICY)


@pytest.mark.parametrize("channel", ["phone", "chat", "web", "email", "sms", "bot"])
@pytest.mark.parametrize(("outside", "is_taken"), [("equal", True), ("last", True), ("refuse", False)])
def test_a_citizen_of_a_municipality_that_takes_no_part_is_taken_in_as_the_policy_says(channel, outside, is_taken):
    asked, policy = a_request(channel, municipality="0746"), replace(POLICY, outside=outside)
    if is_taken:
        admit(asked, a_directory(queue_limit=0), 0, TUESDAY_NOON, policy)
        return
    with pytest.raises(OutsideThePool) as refused:
        admit(asked, a_directory(), 0, TUESDAY_NOON, policy)
    assert refused.value.problem()["callback"] is False
    admit(a_request(channel), a_directory(), 0, TUESDAY_NOON, policy)


def test_from_outside_they_ring_in_the_hours_of_the_members():
    with pytest.raises(Closed) as refused:
        admit(a_request(municipality="0746"), a_directory(), 0, TUESDAY_NIGHT, replace(POLICY, outside="equal"))
    assert refused.value.problem()["opens_at"] == "2026-11-25T08:00:00+01:00"


def test_a_hint_to_a_closed_topic_is_only_a_hint():
    admit(a_request(topic_hint={"topic": "doctor", "confidence": 1}), a_directory(), 0, TUESDAY_NOON, POLICY)


def test_a_municipality_is_a_member_from_the_day_it_joins():
    with pytest.raises(UnknownMunicipality):
        admit(a_request(), a_directory(joined=AFTER), 0, TUESDAY_NOON, POLICY)
