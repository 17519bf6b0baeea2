"""One that fails stops none of the others: it is set aside, named and counted, and its turn comes again."""

import re
import signal
from contextlib import suppress
from datetime import timedelta
from threading import current_thread

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from hotline import duties
from hotline.classification import waiting
from hotline.classification.waiting import classify_waiting
from hotline.clock import danish, now
from hotline.duties import LANES, SWEEPS, attempt, claim
from hotline.inquiries.models import Inquiry
from hotline.inquiries.offer import Offer
from hotline.inquiries.states import State
from hotline.offers.sweep import lapses
from hotline.policies import current_policy
from hotline.queue.run import route
from hotline.web.checks import failures
from tests.builders import a_ready_agent, a_waiting_inquiry
from tests.building import accounts, owner, transaction
from tests.offers.doing import an_offer, in_, look_at
from workers import work
from workers.route import sweep

POISON = "a text that no reader can read"


def received(**facts):
    unknown = {"state": State.RECEIVED, "topic": None, "language": None, "speaks": None, "deadline": None}
    return a_waiting_inquiry(**(unknown | facts))


class Choking:
    """A reader that one text kills, as a library may be killed by one."""

    def __init__(self, reader):
        self.reader = reader

    def read(self, texts):
        if POISON in texts:
            raise ZeroDivisionError
        return self.reader.read(texts)


def forbid(condition, table="inquiry"):
    """A rule of the database that one row breaks as soon as somebody changes it."""
    with owner().begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} ADD CONSTRAINT poison CHECK ({condition}) NOT VALID"))


def test_a_text_that_cannot_be_read_goes_to_other_and_those_behind_it_are_read(with_facts, reader):
    poison, passport = received(text=POISON), received(text="Mit pas udløber, jeg skal have et nyt pas")
    assert classify_waiting(Choking(reader)) == 2
    assert (look_at(Inquiry, poison).state, look_at(Inquiry, poison).topic) == ("waiting", "other")
    assert look_at(Inquiry, passport).topic == "passport"
    assert f"ZeroDivisionError ({poison})" in (failures()["duties"] or "")


def test_an_inquiry_that_breaks_a_rule_of_the_database_is_set_aside_and_not_tried_again_at_once(with_facts, reader):
    poison = received(text="bolig")
    others = [received() for _ in range(3)]
    forbid(f"id <> '{poison}' OR state <> 'waiting'")
    assert classify_waiting(reader) == 3 and classify_waiting(reader) == 0
    assert {look_at(Inquiry, one).state for one in others} == {"waiting"}
    assert look_at(Inquiry, poison).state == "received"
    said = failures()["set aside"] or ""
    assert said.startswith("classify 1 ") and str(poison) in said and "poison" in said
    with owner().begin() as connection:
        connection.execute(text("ALTER TABLE inquiry DROP CONSTRAINT poison"))
        connection.execute(text("UPDATE set_aside SET again_at = now()"))
    assert classify_waiting(reader) == 1 and failures()["set aside"] is None


def test_in_a_directory_without_other_an_unsure_text_goes_to_a_topic_that_there_is(with_facts, reader):
    with owner().begin() as connection:
        connection.execute(text("DELETE FROM agent_skill WHERE topic = 'other'"))
        connection.execute(text("DELETE FROM topic WHERE slug = 'other'"))
    inquiry = received(text="")
    assert classify_waiting(reader) == 1
    assert look_at(Inquiry, inquiry).state == "waiting"


def test_an_offer_that_breaks_a_rule_of_the_database_stops_no_other_lapse(with_facts):
    (poison, agent, _), (sound, _, _) = an_offer(), an_offer()
    with owner().begin() as connection:
        connection.execute(text("UPDATE agent_work SET load = 0 WHERE agent_id = :id"), {"id": agent})
    lapses(in_(seconds=current_policy().offer_seconds + 1))
    assert look_at(Offer, sound).state == "lapsed" and look_at(Offer, poison).state == "open"
    assert "agent_not_over_capacity" in (failures()["set aside"] or "")


def test_a_match_that_breaks_a_rule_of_the_database_stops_no_other_match(with_facts):
    poison, sound = a_waiting_inquiry(age=60), a_waiting_inquiry()
    a_ready_agent(), a_ready_agent()
    forbid(f"inquiry_id <> '{poison}'", "offer")
    assert route() == 1
    assert (look_at(Inquiry, sound).state, look_at(Inquiry, poison).state) == ("offered", "waiting")
    with transaction() as session:
        assert session.execute(text("SELECT count(*) FROM set_aside WHERE duty = 'route'")).scalar_one() == 2


@pytest.mark.parametrize("state", ["25P03", "25006", "57P01"])
def test_no_row_is_set_aside_for_a_connection_that_was_ended_or_a_standby_that_took_over(with_facts, reader, state):
    an_offer()
    a_waiting_inquiry(), a_ready_agent(), received()
    with owner().begin() as connection:
        said = f"$$BEGIN RAISE EXCEPTION 'gone' USING ERRCODE = '{state}'; END$$"
        connection.execute(text(f"CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS {said}"))
        for table in ("offer", "inquiry"):
            connection.execute(
                text(f"CREATE TRIGGER gone BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION gone()")
            )
    late = in_(seconds=current_policy().offer_seconds + 1)
    for name, do in (("route", route), ("classify", lambda: classify_waiting(reader)), ("lapse", lambda: lapses(late))):
        attempt(name, do)
    assert failures()["set aside"] is None and "classify failed at " in (failures()["duties"] or "")


def test_a_duty_that_fails_is_counted_and_raises_nothing(with_facts):
    assert attempt("widen", lambda: [][1]) is False
    assert re.fullmatch(r"widen failed at [\d :-]+ by IndexError \(1 times in all\), never done", failures()["duties"])


def test_a_duty_that_is_well_again_is_named_for_an_hour_and_says_so(with_facts):
    attempt("widen", lambda: [][1])
    attempt("widen", lambda: None)
    with owner().begin() as connection:
        failed = connection.execute(text("SELECT failed_at FROM duty WHERE name = 'widen'")).scalar_one()
    said = failures()["duties"]
    assert f"{danish(failed):%H:%M} by" in said and ", done again since; named until " in said
    assert f"{danish(failed + timedelta(hours=1)):%H:%M}" in said
    with owner().begin() as connection:
        yesterday = "failed_at = failed_at - interval '1 day', done_at = done_at - interval '2 days'"
        connection.execute(text(f"UPDATE duty SET {yesterday}"))
    assert f"{danish(failed - timedelta(days=1)):%Y-%m-%d %H:%M} by" in failures()["duties"]
    assert ", not done since " in failures()["duties"]
    attempt("widen", lambda: None)
    assert failures()["duties"] is None


def test_what_fails_is_tried_again_later_and_later(with_facts):
    for _ in range(3):
        duties.set_aside("lapse", 7, ValueError())
    with transaction() as session:
        found = session.execute(text("SELECT tries, again_at - failed_at AS rest FROM set_aside")).one()
    assert found.tries == 3 and timedelta(seconds=35) < found.rest < timedelta(seconds=45)


@pytest.mark.parametrize("table", [LANES, SWEEPS])
def test_of_several_processes_one_gets_what_is_due(with_facts, table):
    assert claim(table) == [*table]
    assert claim(table) == []


def test_a_clock_that_was_set_back_holds_nothing_up(with_facts):
    claim(LANES)
    with owner().begin() as connection:
        connection.execute(text("UPDATE duty SET begun_at = :then"), {"then": now() + timedelta(hours=1)})
    assert claim(LANES) == [*LANES]


class Hanging(Choking):
    """A reader that one text never lets go; what it catches on the way makes no difference."""

    def read(self, texts):
        while POISON in texts:
            with suppress(Exception):
                re.fullmatch("(a*)*b", "a" * 60)
        return self.reader.read(texts)


def test_a_text_that_python_never_comes_back_from_goes_to_other_and_those_behind_it_are_read(
    with_facts, reader, monkeypatch
):
    reader.read(["what it loads once is there"])
    monkeypatch.setattr(waiting, "MOST_SECONDS", 0.3)
    monkeypatch.setattr(waiting, "MOST_SECONDS_ALONE", 0.3)
    poison, passport = received(text=POISON), received(text="Mit pas udløber, jeg skal have et nyt pas")
    assert classify_waiting(Hanging(reader)) == 2
    assert (look_at(Inquiry, poison).state, look_at(Inquiry, poison).topic) == ("waiting", "other")
    assert look_at(Inquiry, passport).topic == "passport"
    assert f"TookTooLong ({poison})" in (failures()["duties"] or "")
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_what_a_lane_fails_by_is_in_the_log_as_a_fault_of_the_web_is(with_facts):
    def fails():
        with accounts() as session:
            session.execute(text("INSERT INTO topic (slug, name) VALUES ('Karla Opdigtet', NULL)"))

    with capture_logs() as logs:
        assert attempt("classify", fails) is False
    [line] = [line for line in logs if line["event"] == "duty failed"]
    assert (line["sqlstate"], line["error"], line["duty"]) == ("23502", "NotNullViolation", "classify")
    assert line["id"] and "duties.py" in line["trace"]
    assert "Opdigtet" not in str(logs)


ANOTHER_WAY = [
    ("classify", "UPDATE inquiry SET state = 'abandoned', ended_at = now()"),
    ("widen", "UPDATE inquiry SET state = 'abandoned', ended_at = now()"),
    ("callback", "UPDATE inquiry SET state = 'closed', ended_at = now()"),
    ("route", "UPDATE inquiry SET state = 'abandoned', ended_at = now()"),
    ("give back", "UPDATE inquiry SET state = 'closed', ended_at = now()"),
    ("retain", "UPDATE inquiry SET texts_erased_at = now()"),
    ("lapse", "UPDATE offer SET state = 'refused', answered_at = now(), released_at = now()"),
    ("withdraw", "UPDATE offer SET state = 'refused', answered_at = now(), released_at = now()"),
    ("route", "UPDATE agent_work SET presence = 'break', load = 0"),
    ("absence", "UPDATE agent_work SET connected = false, load = 0"),
    ("flag", "UPDATE inquiry SET flag = 'gone'"),
]
STATE = {"classify": "received", "widen": "waiting", "route": "waiting", "give back": "handling", "flag": "handling"}


@pytest.mark.parametrize(("duty", "ends"), ANOTHER_WAY)
def test_what_was_set_aside_and_ended_another_way_is_named_no_longer(with_facts, duty, ends):
    offer, agent, inquiry = an_offer()
    item = offer if "offer" in ends else agent if "agent" in ends or duty == "flag" else inquiry
    with owner().begin() as connection:
        in_hand = {"state": STATE.get(duty, "offered"), "agent": agent, "id": inquiry}
        connection.execute(text("UPDATE inquiry SET state = :state, agent_id = :agent WHERE id = :id"), in_hand)
    duties.set_aside(duty, item, ValueError())
    duties.set_aside("summarize", 7, ValueError())
    sweep("tidy")
    assert f"{duty} 1 (such as {item}: ValueError, again at " in (failures()["set aside"] or "")
    with owner().begin() as connection:
        connection.execute(text(ends))
    sweep("tidy")
    assert re.fullmatch(r"summarize 1 \(such as 7: ValueError, again at [\d :-]+\)", failures()["set aside"])


def test_a_worker_that_is_at_one_thing_for_long_is_not_taken_for_none(with_facts):
    assert failures()["workers"] == "no worker is running"
    claim(LANES)
    assert failures()["workers"] is None
    with owner().begin() as connection:
        connection.execute(text("UPDATE duty SET begun_at = now() - interval '1 minute'"))
    assert failures()["workers"] == "no worker is running"


def test_a_worker_whose_look_at_its_lanes_fails_says_so_as_the_web_does_and_goes_on(with_facts):
    with owner().begin() as connection:
        connection.execute(text("ALTER TABLE duty RENAME COLUMN begun_at TO otherwise"))
    here, turns = current_thread(), iter([True, True, False])
    with capture_logs() as logs:
        work.run(lambda: current_thread() is not here or next(turns))  # so does the webhooks' thread ask
    lines = [line for line in logs if line["event"] == "work failed"]
    assert len(lines) == 2
    assert (lines[0]["sqlstate"], lines[0]["error"]) == ("42703", "UndefinedColumn")
    assert lines[0]["id"] and "duties.py" in lines[0]["trace"]
