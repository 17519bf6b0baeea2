"""A call-back over HTTP: asked for, parked, due, rung, in vain, and counted."""

from datetime import UTC, datetime, timedelta

import pytest

from hotline.callbacks.due import call_backs
from hotline.callbacks.park import next_open
from hotline.clock import danish, now
from hotline.directory.queries import load
from hotline.policies import current_policy
from hotline.queue.run import route
from tests.builders import HJORRING, SKANDERBORG, Api, a_key, a_person, a_pool, a_ready_agent, an_agent, signed_in
from tests.building import accounts, transaction
from tests.callbacks.steps import NUMBER, a_call, ago, asked, closed, make_due, row, taken
from tests.offers.doing import events_of, offer_of, sound
from workers import summarize
from workers.route import sweep


@pytest.fixture
def pbx(web):
    """A phone system of a pool that is always open."""
    a_pool()
    return Api(web, a_key())


@pytest.fixture
def anna(web):
    """An agent and her id."""
    agent_id, username = an_agent()
    return signed_in(web, username), agent_id


def figures(web):
    summarize.run()
    viewer = signed_in(web, a_person("viewer", HJORRING))
    today = danish(now()).date()
    days = {"from": str(today - timedelta(days=1)), "to": str(today + timedelta(days=1)), "interval": "1d"}
    rows = viewer.get(f"/statistics/municipalities/{HJORRING}", params=days).json()["rows"]
    names = ("offered", "answered", "abandoned", "callbacks", "closed")
    return {name: sum(one[name] for one in rows) for name in names} | {"wait": sum(one["wait_seconds"] for one in rows)}


def test_who_asks_to_be_rung_keeps_the_place_and_is_rung_by_who_is_free(web, pbx, anna):
    before = a_call(pbx, "+4520000001", received_at=ago(minutes=8))
    call = a_call(pbx, received_at=ago(minutes=9))
    answer = asked(pbx, call)
    assert (answer["id"], answer["state"]) == (call, "callback")
    assert pbx.post(f"/inquiries/{call}/abandonment").status_code == 409  # the line is freed: the citizen hangs up
    sweep("callback")
    assert (row(call).state, row(call).queued_at, row(call).deadline < row(before).deadline) == (
        "waiting", row(call).received_at, True
    )  # fmt: skip
    assert pbx.post(f"/inquiries/{call}/abandonment").status_code == 409  # heard late

    offer = taken(*anna, call)
    assert offer.is_call and offer.units == 3
    [mine] = anna[0].get("/me").json()["inquiries"]
    assert mine["callback"] == {"attempts": 0} and mine["citizen"]["phone"] == NUMBER
    assert closed(anna[0], call, "resolved") == "closed"
    events = ["received", "classified", "callback", "due", "offered", "accepted", "closed"]
    seen = pbx.get(f"/inquiries/{call}").json()
    assert [one["event"] for one in seen["timeline"]] == events
    assert seen["timeline"][2]["not_before"]
    counted = figures(web)
    assert {name: counted[name] for name in ("offered", "answered", "abandoned", "callbacks", "closed")} == {
        "offered": 2, "answered": 1, "abandoned": 0, "callbacks": 1, "closed": 1
    }  # fmt: skip
    sound()


def test_time_that_a_call_back_was_parked_is_nobodys_wait(web, pbx, anna):
    call = a_call(pbx)
    asked(pbx, call, not_before=(now() + timedelta(hours=2)).isoformat())
    tomorrow = now() + timedelta(hours=3)
    call_backs(tomorrow)
    assert row(call).state == "waiting"
    taken(*anna, call)
    assert figures(web)["wait"] < 60


def test_in_vain_it_is_parked_again_until_the_attempts_are_used(web, pbx, anna):
    call = a_call(pbx)
    asked(pbx, call)
    attempts = current_policy().callback_attempts
    for attempt in range(1, attempts + 1):
        make_due()
        taken(*anna, call)
        state = closed(anna[0], call, "no_answer")
        assert state == ("closed" if attempt == attempts else "callback")
        assert anna[0].get("/me").json()["load"] == 0
        if attempt < attempts:
            later = row(call).call_from - now()
            assert later.total_seconds() == pytest.approx(current_policy().callback_again[attempt - 1], abs=30)
    assert (row(call).outcome, row(call).call_attempts) == ("no_answer", attempts)
    counted = figures(web)
    assert (counted["callbacks"], counted["answered"], counted["closed"], counted["abandoned"]) == (1, 1, 1, 0)
    sound()


def test_an_offer_that_nobody_takes_is_no_attempt(pbx, anna):
    call = a_call(pbx)
    asked(pbx, call)
    make_due()
    a_ready_agent()
    assert route() == 1
    sweep("lapse")
    with transaction() as session:
        session.connection().exec_driver_sql("UPDATE offer SET lapses_at = now() WHERE state = 'open'")
    sweep("lapse")
    assert (row(call).state, row(call).call_attempts, offer_of(call).state) == ("waiting", 0, "lapsed")


def test_an_agent_promises_to_call_back_what_is_in_hand(web, pbx, anna):
    call = a_call(pbx)
    taken(*anna, call)
    then = (now() + timedelta(hours=1)).replace(microsecond=0)
    answer = asked(anna[0], call, "20 12 34 57", not_before=then.isoformat())
    assert (answer["state"], datetime.fromisoformat(answer["not_before"])) == ("callback", then)
    assert anna[0].get("/me").json()["inquiries"] == [] and anna[0].get("/me").json()["load"] == 0
    assert anna[0].post(f"/inquiries/{call}/callback", json={"phone": NUMBER}).status_code in (404, 409)
    a_ready_agent()  # who has been idle for longer, and is asked only where who promised it is not there
    make_due()
    taken(*anna, call)
    [mine] = anna[0].get("/me").json()["inquiries"]
    assert mine["citizen"] == {"name": "Karla Opdigtet", "phone": "+4520123457", "email": None}
    assert figures(web)["callbacks"] == 1
    sound()


def test_who_is_parked_before_anybody_read_it_is_classified_when_due(pbx, anna):
    call = a_call(pbx, classified=False)
    assert asked(pbx, call)["state"] == "callback"
    make_due()
    assert events_of(row(call).id) == ["received", "callback", "unread", "classified"]
    taken(*anna, call)
    sound()


@pytest.mark.parametrize("channel", ["bot", "web", "chat"])
def test_whatever_came_by_another_channel_is_rung_as_a_call_and_counted_in_its_own(pbx, anna, channel):
    asked_for = a_call(pbx, channel=channel)
    asked(pbx, asked_for)
    for outcome in ("no_answer", "resolved"):
        make_due()
        assert taken(*anna, asked_for).is_call
        closed(anna[0], asked_for, outcome)
    assert row(asked_for).channel == "phone"
    with transaction() as session:
        counted_in = "SELECT DISTINCT channel FROM journal"
        assert session.connection().exec_driver_sql(counted_in).scalars().all() == [channel]


def test_while_closed_a_phone_menu_hands_in_as_a_bot_and_has_it_called_back_at_the_next_opening(web):
    a_pool()
    with accounts() as session:
        session.connection().exec_driver_sql("UPDATE collaboration SET always_open = false")
        weekday = (danish(now()).weekday() + 2) % 7
        session.connection().exec_driver_sql(
            f"INSERT INTO opening_hours (collaboration_id, weekday, opens, closes)"
            f" SELECT id, {weekday}, '09:00', '15:00' FROM collaboration"
        )
    api = Api(web, a_key())
    refused = api.post("/inquiries", json={"channel": "phone", "municipality": HJORRING})
    assert refused.status_code == 409 and refused.json()["callback"] is True
    call = a_call(api, channel="bot")
    answer = asked(api, call)
    opens = danish(datetime.fromisoformat(answer["not_before"]))
    assert (opens.weekday(), opens.hour, opens.minute) == (weekday, 9, 0)
    assert answer["not_before"] == datetime.fromisoformat(refused.json()["opens_at"]).astimezone(
        UTC
    ).isoformat().replace("+00:00", "Z")
    call_backs(now() + timedelta(hours=1))
    assert row(call).state == "callback"
    call_backs(opens)
    assert row(call).state == "waiting"
    call_backs(opens.replace(hour=15))  # nobody has taken it when the hotline closes
    parked = row(call)
    assert (parked.state, danish(parked.call_from).hour) == ("callback", 9) and parked.call_from > opens
    call_backs(parked.call_from.replace(hour=23))  # a router that was away does not ring at midnight either
    assert row(call).state == "callback"
    sound()


@pytest.mark.parametrize(
    ("asked_for", "rung_at"),
    [
        ("2026-12-22T23:59:00+01:00", "2026-12-23T09:00:00+01:00"),
        ("2026-12-24T16:00:00+01:00", "2026-12-28T09:00:00+01:00"),  # Christmas and the weekend
        ("2027-03-26T12:00:00+01:00", "2027-03-30T09:00:00+02:00"),  # Easter, while clocks go forward
        ("2026-12-23T14:59:59+01:00", "2026-12-23T14:59:59+01:00"),
    ],
)
def test_nobody_is_rung_but_in_the_hours_of_a_danish_wall_clock(with_facts, asked_for, rung_at):
    a_pool()
    with accounts() as session:
        session.connection().exec_driver_sql("UPDATE collaboration SET always_open = false")
        session.connection().exec_driver_sql(
            "INSERT INTO opening_hours (collaboration_id, weekday, opens, closes)"
            " SELECT id, d, '09:00', '15:00' FROM collaboration, generate_series(0, 4) d"
        )
    with transaction() as session:
        found = next_open(load(session), HJORRING, datetime.fromisoformat(asked_for))
    assert found == datetime.fromisoformat(rung_at)


def test_a_second_request_by_the_same_number_is_the_same_call_back(web, pbx):
    call, other = a_call(pbx), a_call(pbx, channel="web", municipality=SKANDERBORG)
    first = asked(pbx, call)
    assert asked(pbx, call, "20 12 34 56") == first
    assert asked(pbx, other, "0045 20123456") == first
    assert asked(pbx, other) == first  # sent once more
    assert (row(other).state, row(other).outcome) == ("closed", "duplicate")
    other_number = pbx.post(f"/inquiries/{call}/callback", json={"phone": "20123457"})
    assert other_number.status_code == 409
    stranger = Api(web, a_key())
    theirs = a_call(stranger, channel="web")
    assert asked(stranger, theirs)["id"] == theirs and row(theirs).outcome == "duplicate"
    assert figures(web)["callbacks"] == 1 and figures(web)["abandoned"] == 0
    sound()


def test_the_same_number_elsewhere_is_another_call_back(web):
    a_pool(HJORRING), a_pool(SKANDERBORG)
    api = Api(web, a_key())
    first, second = a_call(api), a_call(api, municipality=SKANDERBORG)
    assert asked(api, first)["id"] == first and asked(api, second)["id"] == second


def test_an_agent_is_told_of_a_call_back_that_is_promised_already(pbx, anna):
    parked, call = a_call(pbx), a_call(pbx, channel="web")
    asked(pbx, parked)
    taken(*anna, call)
    refused = anna[0].post(f"/inquiries/{call}/callback", json={"phone": NUMBER})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/callback-promised")
    assert refused.json()["reference"] == row(parked).reference and row(call).state == "handling"


@pytest.mark.parametrize("when", ["parked", "due", "offered"])
def test_a_citizen_who_rings_in_meanwhile_takes_the_place_and_is_not_rung(web, pbx, anna, when):
    call = a_call(pbx, received_at=ago(minutes=9))
    asked(pbx, call)
    if when != "parked":
        make_due()
    if when == "offered":
        a_ready_agent()
        assert route() == 1
    again = a_call(pbx)
    sweep("callback")
    ended = row(call)
    assert (ended.state, ended.outcome) == ("closed", "duplicate")
    assert (row(again).resumes, row(again).queued_at) == (ended.id, ended.queued_at)
    assert row(again).state == "waiting"
    taken(*anna, again)
    counted = figures(web)
    assert (counted["abandoned"], counted["callbacks"], counted["answered"]) == (0, 1, 1)
    sound()


@pytest.mark.parametrize("when", ["parked", "due"])
def test_a_call_back_asked_for_once_more_by_who_has_rung_in_stays_one(pbx, when):
    call = a_call(pbx, received_at=ago(minutes=9))
    asked(pbx, call)
    if when == "due":
        make_due()
    again = a_call(pbx)
    assert asked(pbx, again, not_before=(now() + timedelta(hours=1)).isoformat())["id"] == again
    sweep("callback")
    assert (row(call).state, row(again).state) == ("closed", "callback")
    assert row(again).queued_at == row(call).queued_at
    sound()


def test_what_is_over_or_in_hand_is_not_called_back_by_a_phone_system(pbx, anna):
    held, gone = a_call(pbx), a_call(pbx, "+4520000001")
    assert pbx.post(f"/inquiries/{gone}/abandonment").status_code == 200
    taken(*anna, held)
    for one in (held, gone):
        answer = pbx.post(f"/inquiries/{one}/callback", json={"phone": NUMBER})
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/wrong-state")


@pytest.mark.parametrize("number", ["112", "90123456", "*21*20123456#", "anonymous", "1811", "+881612345678"])
def test_a_number_that_is_not_rung_changes_nothing(pbx, number):
    call = a_call(pbx)
    answer = pbx.post(f"/inquiries/{call}/callback", json={"phone": number})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/number-not-called")
    assert row(call).state == "waiting" and row(call).call_from is None
