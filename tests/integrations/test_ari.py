"""What is due for a call, by what Asterisk shows and what the hotline says; and what that is, however it tells."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.inquiries.states import State
from hotline.integrations.ari.channels import Channel, found, heard
from hotline.integrations.ari.due import DEAD, IS_BUSY, NO_ANSWER, NO_PHONE, SAID_NO, due
from hotline.integrations.ari.rules import NoRules, rules
from hotline.integrations.ari.steps import (
    Accept,
    Answer,
    CallBack,
    End,
    Finish,
    GiveBack,
    HangUp,
    Leave,
    Names,
    Patience,
    Ring,
    Stands,
    TakeIn,
    Talk,
    Unreached,  # fmt: skip
    Wait,
)

BEGUN = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
NAMES = Names("hotline")
CITIZEN, TALK, LEG, OLD = "1764489600.7", "hotline-talk-1", "hotline-leg-1-9", "hotline-leg-1-5"


def at(seconds):
    return BEGUN + timedelta(seconds=seconds)


def an_event(kind, seconds, channel=CITIZEN, state="Up", **more):
    """An event as Asterisk tells it."""
    told = {"id": channel, "state": state, "caller": {"number": "+4520123456"}, "dialplan": {"exten": "1150751"}}
    stamp = at(seconds).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"
    return {"type": kind, "timestamp": stamp, "application": "hotline", "channel": told} | more


def a_bridge(name):
    return {"bridge": {"id": name}}


A_CALL = [
    an_event("StasisStart", 0, state="Ring", args=["inbound", "1150751", "topic=passport"]),
    an_event("ChannelStateChange", 0.1),
    an_event("ChannelEnteredBridge", 0.2, **a_bridge("hotline-waiting")),
    an_event("ChannelDtmfReceived", 3, digit="1"),
    an_event("ChannelLeftBridge", 5, **a_bridge("hotline-waiting")),
    an_event("ChannelEnteredBridge", 5.001, **a_bridge(TALK)),
    an_event("ChannelLeftBridge", 9, **a_bridge(TALK)),
    an_event("ChannelHangupRequest", 8.9, cause=16),
    an_event("ChannelDestroyed", 9.1, cause=16),
]


@given(st.permutations(A_CALL), st.lists(st.sampled_from(A_CALL), max_size=6))
def test_what_is_known_of_a_channel_is_the_same_in_whatever_order_and_however_often_it_is_told(order, again):
    channel = None
    for event in [*order, *again]:
        channel = heard(channel, event)
    assert channel == Channel(
        CITIZEN, "+4520123456", "1150751", ("inbound", "1150751", "topic=passport"), "hotline", at(0), None, None,
        at(0.1), None, at(9), at(8.9), 16, frozenset({"1"}),
    )  # fmt: skip


def test_a_look_at_all_channels_finds_again_what_was_there_and_sees_what_has_gone():
    known = {one: Channel(one, came_at=at(0), up_at=at(1), bridge="hotline-waiting") for one in (CITIZEN, OLD)}
    dialplan = {"app_name": "Stasis", "app_data": "hotline,inbound,1150860", "exten": "1150860"}
    new = {"id": "7.8", "state": "Up", "creationtime": "2026-11-30T08:00:02.500+0000", "dialplan": dialplan}
    told = [{"id": CITIZEN, "state": "Up", "dialplan": dialplan, "creationtime": new["creationtime"]}, new]
    after = found(known, told, [{"id": TALK, "channels": [CITIZEN]}], at(60))
    assert (after[CITIZEN].bridge, after[CITIZEN].came_at, after[CITIZEN].up_at) == (TALK, at(0), at(1))
    assert (after[OLD].gone_at, after["7.8"].gone_at) == (at(60), None)
    assert (after["7.8"].app, after["7.8"].args, after["7.8"].came_at) == ("hotline", ("inbound", "1150860"), at(2.5))


def caller(**more):
    return Channel(CITIZEN, **({"came_at": at(0), "up_at": at(0), "bridge": "hotline-waiting"} | more))


def leg(**more):
    return Channel(LEG, **({"dialled_at": at(10), "ringing_at": at(10.1)} | more))


UP = {"up_at": at(12), "came_at": at(12)}
GONE = {"gone_at": at(20)}
OFFER = {"offer": 9, "agent": 4, "endpoint": "PJSIP/agent1", "since": at(10)}
WAITS, OFFERED, TALKS = {"state": State.WAITING}, {"state": State.OFFERED} | OFFER, {"state": State.HANDLING} | OFFER
TALKING = caller(bridge=TALK)

# What the hotline says, the citizen's channel, the agent's where one is rung, the moment; and what is due.
DUE = {
    "rings": ({}, caller(up_at=None, bridge=None), None, 0, [TakeIn()]),
    "hung up before anything": ({}, caller(**GONE), None, 20, [TakeIn()]),
    "taken in": (WAITS, caller(up_at=None, bridge=None), None, 0, [Answer(), Wait()]),
    "waits": (WAITS, caller(), None, 5, []),
    "unread": ({"state": State.RECEIVED}, caller(bridge=None), None, 5, [Wait()]),
    "closed": ({"in_vain": "closed"}, caller(bridge=None), None, 5, [Leave("closed")]),
    "left while closed": ({"in_vain": "closed"}, caller(**GONE), None, 21, [Finish()]),
    "key": (OFFERED, caller(pressed=frozenset("1")), leg(), 11, [CallBack()]),
    "another key": (WAITS, caller(pressed=frozenset("2")), None, 11, []),
    "to be called back": ({"state": State.CALLBACK}, caller(), None, 11, [Leave("callback")]),
    "offered": (OFFERED, caller(), None, 10, [Ring(9, "PJSIP/agent1")]),
    "offered without a telephone": (OFFERED | {"endpoint": None}, caller(), None, 10, []),
    "telephone rings": (OFFERED, caller(), leg(), 19, []),
    "telephone dialled": (OFFERED, caller(), leg(ringing_at=None), 13, []),
    "telephone dead": (OFFERED, caller(), leg(ringing_at=None), 14, [HangUp(LEG), Unreached(9, 4, DEAD)]),
    "telephone busy": (OFFERED, caller(), leg(cause=17, **GONE), 14, [Unreached(9, 4, IS_BUSY)]),
    "telephone declined": (OFFERED, caller(), leg(cause=21, **GONE), 14, [Unreached(9, 4, SAID_NO)]),
    "no such telephone": (OFFERED, caller(), Channel(LEG, dialled_at=at(10), **GONE), 14, [Unreached(9, 4, DEAD)]),
    "telephone answered": (OFFERED, caller(), leg(**UP), 12, [Accept(9, 4, at(12))]),
    "answered too late": (WAITS, caller(), leg(**UP), 31, [HangUp(LEG)]),
    "lapsed while it rang": (WAITS, caller(), leg(), 31, [HangUp(LEG)]),
    "hangs up while it rings": (OFFERED, caller(**GONE), leg(), 21, [HangUp(LEG), End(at(20))]),
    "hangs up waiting": (WAITS, caller(**GONE), None, 21, [End(at(20))]),
    "answered by the telephone": (TALKS, caller(), leg(**UP), 12, [Talk(LEG)]),
    "taken on the desk": (TALKS, caller(), leg(), 12, []),
    "taken before it was rung": (TALKS, caller(), None, 12, [Ring(9, "PJSIP/agent1")]),
    "taken and does not answer": (TALKS | {"since": at(12)}, caller(), leg(), 37, [HangUp(LEG)]),
    "taken and did not answer": (TALKS, caller(), leg(**GONE), 37, [GiveBack(NO_ANSWER)]),
    "taken at a dead telephone": (TALKS, caller(), leg(ringing_at=None, **GONE), 37, [GiveBack(DEAD)]),
    "taken without a telephone": (TALKS | {"endpoint": None}, caller(), None, 20, []),
    "taken without one for long": (TALKS | {"endpoint": None}, caller(), None, 30, [GiveBack(NO_PHONE)]),
    "they talk": (TALKS, TALKING, leg(bridge=TALK, **UP), 60, []),
    "agent hangs up": (TALKS, TALKING, leg(bridge=None, **UP, **GONE), 21, [End(at(20))]),
    "agent hung up unheard": (TALKS, TALKING, None, 60, [End(at(60))]),
    "citizen hangs up": (TALKS, caller(**GONE), leg(bridge=TALK, **UP), 21, [HangUp(LEG), End(at(20))]),
    "call ended on the desk": ({"state": State.WRAPPING} | OFFER, TALKING, leg(bridge=TALK, **UP), 61,
        [HangUp(LEG), HangUp(CITIZEN)]),
    "passed on": (WAITS, TALKING, leg(bridge=TALK, **UP), 61, [HangUp(LEG), Wait()]),
    "to the municipality": ({"state": State.HANDED_OVER}, TALKING, leg(bridge=TALK, **UP), 61,
        [HangUp(LEG), Leave("handed_over")]),
    "over": ({"state": State.CLOSED}, caller(**GONE), leg(**UP, **GONE), 61, [Finish()]),
    "given up": ({"state": State.ABANDONED}, caller(**GONE), None, 61, [Finish()]),
}  # fmt: skip


@pytest.mark.parametrize("case", DUE)
def test_what_is_due_is(case):
    said, citizen, rung, moment, steps = DUE[case]
    stands = Stands(1, CITIZEN, **said)
    legs = {9: rung} if rung else {}
    assert due(stands, citizen, legs, NAMES, at(moment), Patience(), "1") == steps


def test_an_offer_after_another_rings_anew_and_ends_what_rang_before():
    legs = {5: Channel(OLD, dialled_at=at(1), ringing_at=at(2))}
    steps = due(Stands(1, CITIZEN, **OFFERED), caller(), legs, NAMES, at(10), Patience(), "1")
    assert steps == [HangUp(OLD), Ring(9, "PJSIP/agent1")]


def test_channels_are_known_by_their_names_again():
    assert NAMES.leg_of(NAMES.leg(1, 9)) == (1, 9)
    assert not any(map(NAMES.leg_of, (CITIZEN, "hotline-leg-1", "hotline-leg-x-9", "hotline2-leg-1-9", TALK)))


def test_who_waits_hears_their_place_and_how_long_it_is_likely_to_take(tmp_path):
    shipped = rules()
    assert shipped.said(1, 20) == (
        "sound:queue-youarenext,sound:queue-holdtime,sound:queue-less-than,digits:2,sound:queue-minutes,"
        "sound:queue-thankyou"
    )
    assert "digits:4,sound:queue-callswaiting" in shipped.said(4, 601) and "digits:11" in shipped.said(4, 601)
    assert shipped.said(None, None) == "sound:queue-thankyou"
    assert shipped.dialled("PJSIP/agent1") == "PJSIP/agent1"
    assert shipped.dialled("+4520123456") == "PJSIP/+4520123456@trunk"
    broken = tmp_path / "rules.toml"
    for text in ("", "municipality = ", "municipality = ''\ntrunk = '{n}'\ncaller = ''\ncaller_number = ''"):
        broken.write_text(text)
        with pytest.raises(NoRules):
            rules(broken)
    with pytest.raises(NoRules):
        rules(tmp_path / "missing.toml")
