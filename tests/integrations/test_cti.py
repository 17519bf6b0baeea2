"""Call events of telephone exchanges: however a call is told of, its journal says what happened to it, and when."""

from datetime import datetime, timedelta
from itertools import count, cycle

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, select

from hotline.agents.models import Presence
from hotline.classification.waiting import classify_waiting
from hotline.clock import now
from hotline.errors import HotlineError
from hotline.handling import actions
from hotline.inquiries.journal import JournalLine
from hotline.inquiries.models import Inquiry, Outcome
from hotline.inquiries.offer import Offer
from hotline.integrations.cti import calls
from hotline.integrations.cti.events import members, parse
from hotline.integrations.cti.models import AnsweringNumber, CalledNumber, CtiCall
from hotline.offers.actions import accept
from hotline.privacy.vault import search_hash
from hotline.queue.run import route
from tests.builders import HJORRING, PATIENCE, a_key, a_pool, a_ready_agent, an_agent
from tests.building import transaction
from tests.callbacks.steps import Nothing
from tests.offers.doing import a_journalled_inquiry, by, sound

CITIZEN, OURS = "+4520123456", "1150860"
CALL_IDS = (f"pbx-{n}" for n in count())


class Exchange:
    """A telephone exchange that tells the hotline of its calls, in a call of its own each time."""

    def __init__(self, url, key):
        self.http = httpx.Client(base_url=url, timeout=PATIENCE)
        self.address = f"/api/v1/cti/{key}"
        self.spellings = cycle((self._as_json, self._as_form, self._as_parts, self._in_numbers))

    def call(self, **said):
        """A call of this exchange, to be told of by `tell`."""
        return {"from": CITIZEN, "to": OURS, "direction": "in", "callId": next(CALL_IDS)} | said

    def tell(self, call, *events):
        """Tell of it in one spelling after the other; the inquiry that came of it, if one did."""
        for event in events:
            said = call | ({"event": event} if isinstance(event, str) else event)
            answer = self.http.post(self.address, **next(self.spellings)(said))
            assert (answer.status_code, answer.json()) == (200, {}), answer.text
        with transaction() as session:
            told = select(CtiCall).where(CtiCall.call_hash == search_hash(call["callId"], "call"))
            return session.exec(told.order_by(col(CtiCall.id).desc())).first()

    def _as_json(self, said):
        return {"json": said | {"callerId": {"unknown": [1]}, "queue": None}}

    def _as_form(self, said):
        return {"data": {("user[]" if name == "user" else name): value for name, value in said.items()}}

    def _as_parts(self, said):
        return {"files": [(name, (None, value)) for name, value in said.items()]}

    def _in_numbers(self, said):
        said = {("call_id" if name == "callId" else name): value for name, value in said.items()}
        return {
            "json": said
            | {name: int(said[name].lstrip("+")) for name in ("from", "to") if said[name].lstrip("+").isdigit()}
        }


@pytest.fixture
def exchange(web, monkeypatch):
    """An exchange with a key, whose number is one of Hjørring's; a call settles when `settled` says so."""
    monkeypatch.setattr(calls, "SETTLES", timedelta(seconds=PATIENCE))
    a_pool()
    with transaction() as session:
        session.add(CalledNumber(number=OURS, municipality=HJORRING, topic="passport"))
    return Exchange(web, a_key())


def settled():
    """The reader has been there, and whatever waits for something has waited long enough."""
    classify_waiting(Nothing())
    for _ in range(2):
        calls.settle_due(now() + timedelta(seconds=2 * PATIENCE))


def journal(call):
    """What happened to the call's inquiry: the event, and whose doing it was."""
    with transaction() as session:
        current = session.get_one(CtiCall, call.id)
        lines = select(JournalLine).where(JournalLine.inquiry_id == current.inquiry_id).order_by(col(JournalLine.id))
        return [(line.event, line.agent_id) for line in session.exec(lines)]


def events(call):
    return [event for event, _ in journal(call)]


def test_who_hangs_up_unanswered_is_rung_where_the_number_says_so(exchange):
    with transaction() as session:
        session.get_one(CalledNumber, OURS).calls_back = True

    def left(caller, after, *told):
        """What becomes of a call whose caller hangs up after so many seconds."""
        call = exchange.call(**{"from": caller})
        inquiry = exchange.tell(call, told[0]).inquiry_id
        with transaction() as session:
            made = session.get_one(Inquiry, inquiry)
            made.received_at = made.queued_at = made.received_at - timedelta(seconds=after)
        classify_waiting(Nothing())
        ended = exchange.tell(call, *told[1:])
        settled()
        return events(ended)[2:]

    assert left(CITIZEN, 30, "newCall", "hangup", "hangup") == ["callback"]
    assert left("+4520123457", 3, "newCall", "hangup") == ["abandoned"], "who hangs up at once"
    assert left("anonymous", 30, "newCall", "hangup") == ["abandoned"]
    assert left("+4590123456", 30, "newCall", "hangup") == ["abandoned"], "a number that costs"
    assert left("+4520123458", 30, "newCall", {"event": "hangup", "cause": "forwarded"}) == ["closed"]
    assert left("+4520123459", 30, "newCall", {"event": "answer", "user": "nobody"}, "hangup") == ["closed"]
    with transaction() as session:
        session.get_one(CalledNumber, OURS).calls_back = False
    assert left("+4520123450", 30, "newCall", "hangup") == ["abandoned"]


def test_every_order_and_repetition_of_a_calls_events_ends_in_the_same_journal(exchange):
    agent, name = an_agent(connected=True, presence=Presence.AVAILABLE)
    answer = {"event": "answer", "user": name}
    taken = [("received", None), ("classified", None), ("offered", agent), ("accepted", agent), ("wrapping", agent)]
    left = [("received", None), ("classified", None), ("abandoned", None)]

    def told_in(order, expected, read_between):
        call = exchange.call()
        for event in order:
            told = exchange.tell(call, event)
            if read_between:
                classify_waiting(Nothing())
        settled()
        assert journal(told) == expected
        with transaction() as session:
            assert session.get_one(CtiCall, told.id).over
        sound()
        free(agent)

    @settings(max_examples=8, suppress_health_check=list(HealthCheck))
    @given(st.data(), st.booleans())
    def in_any_order(data, read_between):
        was_answered = data.draw(st.booleans())
        once = ["newCall", "hangup", *([answer] if was_answered else [])]
        again = data.draw(st.lists(st.sampled_from(once), max_size=3))
        order = data.draw(st.permutations(once + again))
        told_in(order, taken if was_answered else left, read_between or not was_answered)

    in_any_order()
    told_in([answer, "hangup"], taken, read_between=False)  # the beginning never came


def free(agent):
    """What the agent has in hand is closed."""

    def close_all(session, me, at):
        for inquiry in session.exec(select(Inquiry).where(Inquiry.agent_id == me.id, col(Inquiry.ended_at).is_(None))):
            actions.close(session, inquiry, me, Outcome.RESOLVED, None, at)

    by(agent, close_all)


def test_whoever_answers_has_it_whomever_it_was_offered_to(exchange):
    """Asked, on a break, not signed in, with a chat in hand, unknown here: the journal tells who talks."""
    asked = a_ready_agent(username="asked")
    pauses = an_agent(connected=True, presence=Presence.BREAK, username="pauses")[0]
    away = an_agent(username="away")[0]
    busy = a_ready_agent(username="busy", topics=("doctor",))
    with transaction() as session:
        session.add(AnsweringNumber(number="2101", agent_id=away))
    a_journalled_inquiry("doctor", channel="chat")
    assert route() == 1  # to the one who is busy with it from now on
    by(busy, accept, offers_of(busy)[0])
    offered = [("received", None), ("classified", None), ("offered", asked)]
    withdrawn = [*offered, ("withdrawn", asked)]
    takes = {
        "asked": (
            {"answeringNumber": "unknown", "user": "ASKED"},
            [*offered, ("accepted", asked)],
            [("wrapping", asked)],
        ),
        "pauses": (
            {"user": ["nobody", "Pauses"]},
            [*withdrawn, ("offered", pauses), ("accepted", pauses)],
            [("wrapping", pauses)],
        ),
        "away": (
            {"answeringNumber": 2101, "user": "asked"},
            [*withdrawn, ("offered", away), ("accepted", away)],
            [("wrapping", away), ("closed", away)],
        ),
        "busy": ({"caller": "busy"}, [*withdrawn, ("closed", busy)], []),
        "nobody": ({"user": "Reception"}, [*withdrawn, ("closed", None)], []),
    }
    for who, (said, until_then, after_it) in takes.items():
        call = exchange.call()
        exchange.tell(call, "newCall")
        classify_waiting(Nothing())
        assert route() == 1
        # JSON alone has lists and numbers
        exchange.spellings = cycle((exchange._as_json,))
        told = exchange.tell(call, {"event": "answer"} | said)
        assert journal(told) == until_then, who
        told = exchange.tell(call, "hangup", "hangup")
        settled()
        assert journal(told) == until_then + after_it, who
        with transaction() as session:  # the times are those at which it was told
            inquiry, heard = session.get_one(Inquiry, told.inquiry_id), session.get_one(CtiCall, told.id)
            assert inquiry.answered_at in (None, datetime.fromisoformat(heard.answers[0]["at"]))
            assert inquiry.wrapping_at in (None, heard.hung_up_at)
            assert inquiry.outcome == (None if after_it in ([("wrapping", asked)], [("wrapping", pauses)]) else "other")
        sound()
        free(asked)

    call = exchange.call()  # picked up by one after the other, each told twice
    exchange.tell(call, "newCall")
    classify_waiting(Nothing())
    told = exchange.tell(call, *({"event": "answer", "user": name} for name in ("away", "asked", "away", "asked")))
    hands = [("offered", away), ("accepted", away), ("released", away), ("offered", asked), ("accepted", asked)]
    assert journal(told)[2:] == hands
    sound()


def test_what_is_no_citizens_call_and_what_ends_unheard_of(exchange):
    """Other directions and numbers are none of ours; a silent call is told apart from who hung up; ids come again."""
    for said in ({"direction": "out"}, {"direction": "internal"}, {"event": "hold"}):
        assert exchange.tell(exchange.call(), {"event": "newCall"} | said) is None, said
    unknown = exchange.tell(exchange.call(to="+4570101155"), "newCall", "newCall", "hangup")
    settled()
    assert (unknown.inquiry_id, unknown.in_vain, unknown.called) == (None, "unknown-number", "+4570101155")

    silent, forwarded = exchange.call(), exchange.call()
    quiet = exchange.tell(silent, "newCall")
    gone = exchange.tell(forwarded, "newCall", {"event": "hangup", "cause": "forwarded"})
    classify_waiting(Nothing())
    settled()
    assert events(quiet) == ["received", "classified"] and events(gone)[-1] == "closed"
    calls.settle_due(now() + timedelta(hours=3))
    assert (inquiry_of(quiet).outcome, inquiry_of(gone).outcome) == ("no_answer", "referred")

    with transaction() as session:  # a day has passed
        for call in session.exec(select(CtiCall)):
            call.heard_at -= timedelta(days=1)
            session.add(call)
    again = exchange.tell(silent, "newCall")
    assert again.id != quiet.id and again.inquiry_id not in (None, quiet.inquiry_id)
    with transaction() as session:
        calls.forget_old(session, now() + timedelta(days=29, hours=12))
        assert [one.id for one in session.exec(select(CtiCall))] == [again.id]


@pytest.mark.parametrize(
    ("said", "phone"),
    [("+45 20 12 34 56", CITIZEN), (4520123456, CITIZEN), ("sip:20123456@pbx", CITIZEN), ("anonymous", None),
     ("266696687", None), (0, None), (None, None), ("2101", None)],
)  # fmt: skip
def test_who_rings_is_known_by_the_number_alone(said, phone):
    event = parse({"event": "newCall", "callId": "1", "from": said}.items())
    assert (event.caller or None) == phone


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400), (b"[]", 422), (b"nonsense", 400), (b'{"event": "answer"}', 422), (b'{"callId": 7}', 422),
        (b'{"event": "answer", "callId": {}}', 422), (b'{"event": "answer", "callId": true}', 422),
        (b'{"event": "answer", "callId": "%s"}' % (b"7" * 200), 422), (b'{"event": "hold", "callId": 1e3}', None),
        (b'{"event": "HANGUP", "callId": "\\u0000\\ud8001", "direction": null}', None), (b"[" * 9999, 400),
    ],
)  # fmt: skip
def test_what_is_no_event_is_said_to_be_none(body, status):
    try:
        parse(members(body))
    except HotlineError as error:
        assert error.status == status
    else:
        assert status is None


def inquiry_of(call):
    with transaction() as session:
        return session.get_one(Inquiry, call.inquiry_id)


def offers_of(agent):
    with transaction() as session:
        return session.exec(select(Offer.id).where(Offer.agent_id == agent)).all()
