"""Alerts begin by rule and end by another, once, and are told on top of the queue."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from hotline.clock import now
from hotline.inquiries.states import Event
from hotline.statistics.alerting import alert
from hotline.statistics.alerts import Kind, Rule, judge, rules
from tests.builders import HJORRING, Api, a_person, a_pool, a_sign_in, a_waiting_inquiry
from tests.building import owner, transaction
from tests.statistics.lines import take_all, write

NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)
RULE = Rule(5, 1, timedelta(minutes=30))


def test_it_begins_at_one_value_ends_at_another_and_rests_before_it_begins_again():
    running, ended, told = frozenset(), {}, []
    for minute, value in enumerate([4.9, 5, 3, 6, 1.1, 1, 9, 9, None] + [9] * 30):
        moment = NOON + timedelta(minutes=minute)
        change = judge(RULE, {} if value is None else {"mitid": value}, running, ended, moment)
        told += [(minute, name) for name in ("begin", "end") if getattr(change, name)]
        ended |= dict.fromkeys(change.end, moment)
        running = (running | change.begin.keys()) - change.end
    assert told == [(1, "begin"), (5, "end"), (35, "begin")]


@pytest.mark.parametrize("kind", Kind)
def test_every_rule_that_is_shipped_ends_below_where_it_begins(kind):
    assert rules()[kind].ends < rules()[kind].begins and rules()[kind].rest > timedelta(minutes=10)


def test_each_kind_is_read_from_what_is_and_stands_on_the_queue_until_it_is_over(web):
    a_pool()
    noon = now().replace(minute=30, second=0, microsecond=0)
    a_waiting_inquiry("mitid", "phone", age=1800 + max(0, (now() - noon).total_seconds()))
    with Session(owner()) as session:
        for _ in range(12):
            came = noon - timedelta(minutes=50)
            write(session, Event.CLASSIFIED, came, received_at=came, topic="doctor", municipality=HJORRING)
        for number in range(20):
            waited = {"wait_seconds": 90.0 if number < 8 else 9.0, "target_seconds": 60, "first": True}
            write(session, Event.ACCEPTED, noon, municipality=HJORRING, answering=HJORRING, **waited)
        session.commit()
        take_all(session)
    for _ in range(2):
        with transaction() as session:
            alert(session, noon)
    chief = Api(web, a_sign_in(a_person("secretariat")))
    told = chief.get(f"{web}/alerts/now").text
    assert told.count("<li>") == 3 and "30 procentpoint under" in told and "12 gange så mange" in told
    with Session(owner()) as session:
        session.connection().exec_driver_sql("UPDATE inquiry SET state = 'closed', ended_at = now(), outcome = 'other'")
        session.commit()
    with transaction() as session:
        alert(session, noon + timedelta(minutes=1))
    assert chief.get(f"{web}/alerts/now").text.count("<li>") == 2
    assert "Da det var værst" in chief.get(f"{web}/alerts").text
