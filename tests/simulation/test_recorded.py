"""Days that were: what the journal tells of them, what has to be guessed, and that nobody is named."""

import json
from collections import namedtuple
from datetime import datetime, timedelta
from random import Random

import pytest

from hotline.agents.models import Presence
from hotline.agents.presence import say
from hotline.clock import DANISH_TIME
from hotline.inquiries.models import Inquiry
from hotline.offers.abandon import abandon
from hotline.offers.actions import accept
from hotline.queue.run import route
from hotline.simulation.patience import NEVER, Guess
from hotline.simulation.recorded import Days
from hotline.simulation.scenario import parse
from hotline.simulation.spells import Spell, spells
from tests.builders import HJORRING, SKANDERBORG, a_waiting_inquiry, an_agent
from tests.building import transaction
from tests.cli.commands import failure, hotline
from tests.offers.doing import by, offer_of
from tests.queue.test_learning import close

MONDAY = datetime(2026, 11, 23, tzinfo=DANISH_TIME)
Line = namedtuple("Line", "at event municipality topic channel agent_id is_outside data")
READ = {"language": "da", "priority": 2, "received_at": MONDAY.isoformat()}
WORKED = {"talk_seconds": 100.0, "wrap_seconds": 20.0}


def told(*events):
    """Of one inquiry: since when it waited and until when, who took it and for how long, whether it left."""
    lines = [
        Line(MONDAY + timedelta(seconds=at), event, HJORRING, topic, "chat", agent, False, data)
        for at, event, topic, agent, data in events
    ]
    second = Days(MONDAY.date()).second
    return [(second(s.since), second(s.until), s.topic, s.agent, s.seconds, s.left, s.channel) for s in spells(lines)]


READ_IT = (3, "classified", "mitid", None, READ)
TAKEN = (40, "accepted", "mitid", 7, {})
CLOSED = (160, "closed", "mitid", 7, WORKED)


@pytest.mark.parametrize(
    ("events", "found"),
    [
        pytest.param([READ_IT], [(0, 3, "mitid", None, None, False, "chat")], id="waits"),
        pytest.param([READ_IT, TAKEN], [(0, 40, "mitid", 7, None, False, "chat")], id="in hand"),
        pytest.param(
            [READ_IT, (20, "offered", "mitid", 6, {}), (25, "lapsed", "mitid", 6, {}), TAKEN, CLOSED],
            [(0, 40, "mitid", 7, 120, False, "chat")],
            id="answered, by the second who was asked",
        ),
        pytest.param(
            [READ_IT, (90, "abandoned", "mitid", None, {})], [(0, 90, "mitid", None, None, True, "chat")], id="left"
        ),
        pytest.param(
            [READ_IT, TAKEN, (160, "transferred", "passport", 7, WORKED), (200, "accepted", "passport", 8, {})],
            [(0, 40, "mitid", 7, 120, False, "chat"), (160, 200, "passport", 8, None, False, "chat")],
            id="passed on it comes again",
        ),
        pytest.param(
            [READ_IT, (30, "callback", "mitid", None, {}), (35, "due", "mitid", None, {}), TAKEN, CLOSED],
            [(35, 40, "mitid", 7, 120, False, "phone")],
            id="a call-back counts from when it is due",
        ),
        pytest.param([(3, "received", None, None, {}), (9, "abandoned", None, None, {})], [], id="never read"),
    ],
)
def test_each_time_in_the_queue_is_read_from_the_lines(events, found):
    assert told(*events) == found


def a_spell(waited, left=False, seconds=None, channel="phone", topic="mitid"):
    until = MONDAY + timedelta(seconds=waited)
    return Spell(MONDAY, until, HJORRING, topic, "da", channel, 2, False, False, 7, seconds, left)


def test_patience_is_as_shown_or_as_long_again_as_anybody_s():
    """Four who waited 100 seconds in all, two of whom gave up: whoever was answered stays for 50 more on average."""
    some = [a_spell(10, left=True), a_spell(30, left=True), a_spell(20), a_spell(40)]
    guess = Guess(some, Random(1))
    assert [guess.patience(one) for one in some[:2]] == [10, 30]
    drawn = [guess.patience(some[2]) - 20 for _ in range(2000)]
    assert min(drawn) > 0 and sum(drawn) / 2000 == pytest.approx(50, rel=0.1)
    assert guess.patience(a_spell(5, channel="email")) == NEVER


def test_what_nobody_finished_takes_as_long_as_what_is_like_it():
    guess = Guess([a_spell(1, seconds=70.0), a_spell(1, seconds=500.0, topic="doctor")], Random(1))
    assert guess.seconds(a_spell(1, left=True)) == 70
    assert guess.seconds(a_spell(1, left=True, topic="passport")) in (70, 500)


def a_monday():
    """One agent answers a call on the page's Monday, and a second caller gives up: the agent's names, the call's id."""
    agent, name = an_agent(languages=("da", "en"), connected=True)
    with transaction() as session:
        say(session, agent, Presence.AVAILABLE, None, at_second(0))
    asked = {"channel": "phone", "journalled": True, "text": "Mit navn er Åse Æbelø"}
    answered, gone = [
        a_waiting_inquiry(received_at=at_second(s), queued_at=at_second(s), deadline=at_second(s + 60), **asked)
        for s in (60, 70)
    ]
    assert route(lambda: at_second(60)) == 1
    by(agent, accept, offer_of(answered).id, at=at_second(65))
    with transaction() as session:
        abandon(session, session.get_one(Inquiry, gone), at_second(100))
    by(agent, close, answered, at=at_second(165))
    with transaction() as session:
        say(session, agent, Presence.BREAK, None, at_second(3600))
    return name, answered


def test_what_nobody_takes_waits_until_the_days_are_over_and_not_for_ever(with_facts):
    a_monday()
    late = at_second(7200)
    a_waiting_inquiry(channel="email", journalled=True, received_at=late, queued_at=late, deadline=late)
    mail = parse(hotline("scenario", "2026-11-23").stdout.encode()).inquiries[-1]
    assert (mail.at, mail.patience_seconds) == (7200, 86_400 - 7200)


def at_second(number):
    """So many seconds into Monday."""
    return MONDAY + timedelta(seconds=number)


def test_a_day_leaves_as_a_scenario_that_names_nobody_and_can_be_run(with_facts, tmp_path):
    name, answered = a_monday()
    printed = hotline("scenario", "2026-11-23").stdout
    assert not [one for one in (name, name.title(), str(answered), "Æbelø") if one in printed]
    found = parse(printed.encode())
    [one] = found.agents
    assert (one.municipality, one.languages, one.shifts) == (SKANDERBORG, {"da", "en"}, ((0.0, 3600.0),))
    talk, gone = found.inquiries
    assert (talk.at, talk.handle_seconds, talk.topic, talk.municipality) == (60, 100, "passport", HJORRING)
    assert talk.patience_seconds > 5
    assert (gone.at, gone.patience_seconds, gone.handle_seconds) == (70, 30, 100)
    file = tmp_path / "monday.json"
    file.write_text(printed)
    told = json.loads(hotline("simulate", str(file), "--json").stdout)
    assert (told["queue_time"], told["abandoned"]) == (15, 0.5)
    assert failure("scenario", "2026-11-24", code=2) == "hotline scenario: nothing came on 2026-11-24"
    assert "2026-11-31" in failure("scenario", "2026-11-31", code=2)
