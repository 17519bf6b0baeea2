"""A real Asterisk, real telephones, the whole hotline: every call reaches the right agent's telephone, once."""

import threading
import time
from contextlib import contextmanager
from itertools import islice
from statistics import median

import pytest

from tests.telephony.hotline import HERE, NUMBERS, Heard, hotline
from tests.telephony.phones import NOBODY, NoExchange, exchange, get
from tests.waiting import until

CALLED = f"115{HERE}1"  # about a passport
ANSWERED = ["received", "classified", "offered", "accepted", "wrapping", "closed"]
WITHIN = 0.1  # seconds between the journal and what Asterisk says
SOUND = 50  # packets of 20 ms
LATEST = 180.0  # seconds until all calls of a test are over


@pytest.fixture(scope="module")
def asterisk(tmp_path_factory):
    """A fresh exchange; without one there is nothing to test."""
    try:
        get()
    except NoExchange as error:
        pytest.skip(str(error))
    with exchange(tmp_path_factory.mktemp("exchange")) as one:
        yield one


@pytest.fixture(scope="module")
def desk(asterisk, tmp_path_factory, data_dir):
    """The hotline beside it."""
    with hotline(tmp_path_factory.mktemp("hotline"), data_dir / "models") as one:
        yield one


@pytest.fixture
def heard(asterisk):
    """What the exchange tells meanwhile."""
    one = Heard()
    yield one
    one.end()


def some_numbers(how_many=1):
    return list(islice(NUMBERS, how_many))


@contextmanager
def telephones(asterisk, *numbers, **how):
    """Agents' telephones for as long as the block runs."""
    started = [asterisk.telephone(number, **how) for number in numbers]
    try:
        yield [f"PJSIP/agent{number}" for number in numbers]
    finally:
        for one in started:
            one.kill()
            one.wait()


@contextmanager
def counted(asterisk):
    """The packets of sound that each channel sent and received, as far as it was looked at."""
    packets, over = {}, threading.Event()

    def look():
        while not over.wait(0.7):
            for one in asterisk.channels():
                packets[one["id"]] = asterisk.heard(one["id"]) or packets.get(one["id"], (0, 0))

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    yield packets
    over.set()
    looking.join()


def legs_of(desk, call):
    """The channels by which agents were rung for this call and took it."""
    taken = "SELECT id FROM offer WHERE inquiry_id = %s AND state = 'accepted' ORDER BY id"
    return [f"hotline-leg-{call.id}-{offer.id}" for offer in desk.asked(taken, call.inquiry_id)]


def apart(desk, heard, call, lines):
    """Seconds between what the journal says of an answered call and what the exchange says, by event."""
    [leg] = legs_of(desk, call)
    said = {
        "received": heard.first(call.channel, "ChannelCreated"),
        "accepted": heard.first(leg, "ChannelStateChange", state="Up"),
        "wrapping": min(
            filter(None, (heard.first(one, "ChannelHangupRequest", "ChannelDestroyed") for one in (leg, call.channel)))
        ),
    }
    told = {line.event: line.at for line in lines} | {"received": call.received_at}
    return {event: abs((told[event] - at).total_seconds()) for event, at in said.items()}


def wait_for_event(desk, before, event, how_many=1):
    """The lines of the one call, once this has happened so often."""

    def happened():
        lines = next(iter(desk.journal(before).values()), [])
        return lines if [line.event for line in lines].count(event) >= how_many else None

    return until(happened, event)


def no_telephone_rings(asterisk):
    return not [one for one in asterisk.channels() if one["id"].startswith("hotline-leg-")]


def test_fifty_calls_at_one_a_second_reach_eight_agents_each_once_with_sound_both_ways(asterisk, desk, heard):
    before = desk.last()
    with (
        telephones(asterisk, *range(1, 9), talks=5.0) as endpoints,
        counted(asterisk) as packets,
        desk.at_work(endpoints) as agents,
    ):
        asterisk.citizens(CALLED, some_numbers(50))
        calls = desk.all_over(before, 50, LATEST)
        until(lambda: sum(len(agent.closed) for agent in agents) == 50, "all are closed")
    journal, calls = desk.journal(before), desk.calls(before)
    assert {tuple(line.event for line in lines) for lines in journal.values()} == {tuple(ANSWERED)}
    skilled = {one.agent_id for one in desk.asked("SELECT agent_id FROM agent_skill WHERE topic = 'passport'")}
    assert {call.topic for call in calls} == {"passport"} and {call.agent_id for call in calls} <= skilled
    assert {len(channels) for channels in heard.together().values()} == {2}
    speaking = [channel for call in calls for channel in (call.channel, *legs_of(desk, call))]
    assert [one for one in speaking if min(packets.get(one, (0, 0))) < SOUND] == []
    differences = [apart(desk, heard, call, journal[call.channel]) for call in calls]
    worst = {event: max(one[event] for one in differences) for event in differences[0]}
    print(f"\njournal beside Asterisk, worst of 50: {worst}")
    assert max(worst.values()) <= WITHIN


@pytest.mark.parametrize(
    "number, how, reason, missed",
    [(NOBODY, None, "telephone dead", 1), (2, {"scenario": "busy"}, "telephone busy", 0)],
)
def test_an_agent_whose_telephone_is_dead_or_busy_rests_and_the_call_finds_another(
    asterisk, desk, number, how, reason, missed
):
    before = desk.last()
    phone = asterisk.telephone(number, **how) if how else None
    with telephones(asterisk, 1, talks=1.0) as [sound], desk.at_work([f"PJSIP/agent{number}"]) as [unlucky]:
        asterisk.citizens(CALLED, some_numbers())
        lines = wait_for_event(desk, before, "withdrawn")
        assert [line.data["reason"] for line in lines if line.event == "withdrawn"] == [reason]
        asked = "SELECT misses, rests_until > now() AS rests FROM agent_work w JOIN person p ON p.id = agent_id"
        [work] = desk.asked(f"{asked} WHERE username = %s", unlucky.user["username"])
        assert (work.misses, work.rests) == (missed, True)
        unlucky.rung_at(sound)
        desk.all_over(before, 1)
    assert desk.events(before)[-3:] in (["offered", "accepted", "wrapping"], ["accepted", "wrapping", "closed"])
    if phone:
        phone.kill()


def test_a_telephone_that_nobody_answers_stops_ringing_as_the_offer_lapses_and_another_rings(asterisk, desk):
    before = desk.last()
    with (
        telephones(asterisk, 1, rings=600.0) as [silent],
        telephones(asterisk, 2, talks=1.0) as [sound],
        desk.at_work([silent]),
    ):
        asterisk.citizens(CALLED, some_numbers())
        wait_for_event(desk, before, "lapsed")
        until(lambda: no_telephone_rings(asterisk), "the telephone stops")
        with desk.at_work([sound], skip=1):
            desk.all_over(before, 1)
    assert desk.events(before)[2:6] == ["offered", "lapsed", "offered", "accepted"]


@pytest.mark.parametrize(
    "agents, how, stays, events",
    [
        (0, {}, 2.0, ["received", "classified", "abandoned"]),
        (1, {"rings": 600.0}, 3.0, ["received", "classified", "offered", "withdrawn", "abandoned"]),
        (1, {"talks": 600.0}, 4.0, ANSWERED[:5]),
    ],
    ids=["waiting", "ringing", "talking"],
)
def test_a_citizen_who_hangs_up_ends_the_call_at_that_moment(asterisk, desk, heard, agents, how, stays, events):
    before = desk.last()
    with telephones(asterisk, *range(1, agents + 1), **how) as endpoints, desk.at_work(endpoints):
        asterisk.citizens(CALLED, some_numbers(), stays=stays)
        [call] = desk.all_over(before, 1)
        until(lambda: no_telephone_rings(asterisk), "the telephone stops")
    [lines] = desk.journal(before).values()
    assert [line.event for line in lines][: len(events)] == events
    gone = heard.first(call.channel, "ChannelHangupRequest", "ChannelDestroyed")
    assert abs((lines[len(events) - 1].at - gone).total_seconds()) <= WITHIN


def test_what_an_agent_takes_on_the_desk_rings_on_and_is_passed_on_to_another_agents_telephone(asterisk, desk, heard):
    before = desk.last()
    with (
        telephones(asterisk, 1, rings=2.0) as [first],
        telephones(asterisk, 2, talks=2.0) as [second],
        desk.at_work([first]) as [one],
    ):
        one.takes = True
        asterisk.citizens(CALLED, some_numbers())
        wait_for_event(desk, before, "accepted")
        until(lambda: any(len(channels) == 2 for channels in heard.together().values()), "they speak")
        with desk.at_work([second], skip=1) as [other]:
            [call] = desk.calls(before)
            asked = {"agent": other.user["username"]}
            one.api.call("POST", f"/inquiries/{call.inquiry_id}/transfer", asked)
            [call] = desk.all_over(before, 1)
    assert desk.events(before)[3:8] == ["accepted", "transferred", "offered", "accepted", "wrapping"]
    assert heard.together() == {f"hotline-talk-{call.id}": {call.channel, *legs_of(desk, call)}}
    assert len(legs_of(desk, call)) == 2


def test_the_key_keeps_the_place_and_frees_the_line(asterisk, desk, heard):
    before = desk.last()
    asterisk.citizens(CALLED, some_numbers(), scenario="citizen_key")
    [call] = desk.all_over(before, 1)
    with desk.at_work([None]) as [agent]:
        agent.takes = True
        wait_for_event(desk, before, "accepted")
        agent.api.wrap_up(str(call.inquiry_id))
        wait_for_event(desk, before, "closed")
    assert desk.events(before)[:4] == ["received", "classified", "callback", "due"]


def test_a_number_that_nobody_knows_goes_back_to_the_exchange(asterisk, desk):
    before = desk.last()
    asterisk.citizens("1159999", some_numbers())
    [call] = desk.all_over(before, 1)
    assert (call.inquiry_id, call.in_vain) == (None, "unknown-municipality")


def test_no_call_is_lost_and_none_reaches_two_agents_whatever_is_killed_in_mid_call(asterisk, desk, heard):
    before = desk.last()
    with telephones(asterisk, *range(1, 9), talks=6.0) as endpoints, desk.at_work(endpoints):
        ringing = asterisk.citizens(CALLED, some_numbers(40))
        for kind in ("connector", "router", "valkey", "web", "connector"):
            time.sleep(6)
            if kind == "connector":
                desk.kill_connector_at_work()
            else:
                desk.running.kill(kind)
        ringing.wait(LATEST)
        desk.all_over(before, 40, LATEST)
        until(lambda: {call.state for call in desk.calls(before)} == {"closed"}, "all are closed")
    events = [[line.event for line in lines] for lines in desk.journal(before).values()]
    assert [one for one in events if "abandoned" in one or one.count("accepted") != 1] == []
    assert {len(channels) for channels in heard.together().values()} == {2}


def test_no_call_is_lost_and_none_reaches_two_agents_where_the_connector_hangs_and_comes_back(asterisk, desk, heard):
    before = desk.last()
    with telephones(asterisk, *range(1, 9), talks=6.0) as endpoints, desk.at_work(endpoints):
        ringing = asterisk.citizens(CALLED, some_numbers(30))
        for _ in range(2):
            time.sleep(6)
            with desk.hung_connector():
                time.sleep(7)  # longer than its lease: another takes over, and it comes back into what goes on
        ringing.wait(LATEST)
        desk.all_over(before, 30, LATEST)
        until(lambda: {call.state for call in desk.calls(before)} == {"closed"}, "all are closed")
    events = [[line.event for line in lines] for lines in desk.journal(before).values()]
    assert [one for one in events if "abandoned" in one or one.count("accepted") != 1] == []
    assert {len(channels) for channels in heard.together().values()} == {2}


def test_how_soon_a_telephone_rings_beside_asterisks_own_queue(asterisk, desk, heard):
    """Printed, and no more: from the moment at which an agent is free, or a call comes, to the ringing telephone."""
    before, ours, freed, theirs = desk.last(), [], [], []
    with telephones(asterisk, 1, rings=0.1, talks=1.0) as endpoints, desk.at_work(endpoints):
        for n in range(10):  # a call comes, and somebody is free
            asterisk.citizens(CALLED, some_numbers())
            desk.all_over(before, n + 1)
            time.sleep(0.5)
        asterisk.citizens(CALLED, some_numbers(10), rate=10)  # they wait, and one agent comes free again and again
        desk.all_over(before, 20, LATEST)
        time.sleep(1)
    closed = {line.agent_id: [] for lines in desk.journal(before).values() for line in lines if line.agent_id}
    for lines in desk.journal(before).values():
        for line in lines:
            if line.event == "closed":
                closed[line.agent_id].append(line.at)
    for call in desk.calls(before):
        [leg] = legs_of(desk, call)
        rang, came = (
            heard.first(leg, "ChannelStateChange", state="Ringing"),
            heard.first(call.channel, "ChannelCreated"),
        )
        waited = max([at for at in closed[call.agent_id] if at < rang], default=came)
        (ours if waited <= came else freed).append((rang - max(waited, came)).total_seconds())
    with telephones(asterisk, 1, rings=0.1, talks=1.0):
        for number in some_numbers(10):
            seen = len(heard.events)
            asterisk.citizens("116", [number]).wait(30)
            told = [event for event in heard.events[seen:] if event["type"] in ("ChannelCreated", "ChannelStateChange")]
            theirs.append(heard.between(told))
    milliseconds = {name: round(1000 * median(some), 1) for name, some in
                    (("comes", ours), ("freed", freed), ("queue", theirs)) if some}  # fmt: skip
    print(f"\nmedian milliseconds until the telephone rings: {milliseconds}")
    assert ours and theirs
