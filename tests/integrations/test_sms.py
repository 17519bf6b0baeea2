"""A gateway of SMS over HTTP: what comes in once, what goes out at least once, and what becomes of it."""

import asyncio
import base64
import json
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import text
from sqlmodel import col, select
from typer.testing import CliRunner

from hotline.cli import commands
from hotline.handling import actions, messages
from hotline.inquiries.messages import Message
from hotline.inquiries.models import Citizen, Inquiry, Outcome
from hotline.integrations import transport
from hotline.integrations.sms.models import SentSms
from hotline.integrations.sms.sender import Sender
from hotline.integrations.transport import Transport
from hotline.offers.actions import accept
from hotline.privacy.cpr import TOKEN
from hotline.privacy.vault import unsealed
from hotline.queue.run import route
from tests.builders import HJORRING, Api, a_key, a_pool, a_ready_agent
from tests.building import owner, transaction
from tests.conftest import forget
from tests.integrations.receiver import Receiver
from tests.offers.doing import by, look_at, offer_of
from tests.racing import at_once

CITIZEN = "+4520123456"
PASSES = "UPDATE sent_sms SET due_at = due_at - CAST(:time AS interval), made_at = made_at - CAST(:time AS interval)"


class World:
    """A gateway of Hjørring, and an agent who is there."""

    def __init__(self, web, folder):
        a_pool()
        self.agent, self.gateway = a_ready_agent(), Receiver()
        self.key, self.web, self.api = a_key("SMS Hjørring", scopes=("intake",)), web, Api(web)
        self.secret = folder / "password"
        self.secret.write_text("a password\n")
        self.set_up()

    def set_up(self, url=None):
        asked = ("--url", url or self.gateway.url, "--user", "hotline", "--password-file", str(self.secret))
        return CliRunner().invoke(commands("sms"), ["sms", "add", "SMS Hjørring", *asked, "--municipality", HJORRING])

    def told(self, event, key=None, **payload):
        body = {"event": f"sms:{event}", "payload": payload} | ({"id": payload.pop("id")} if "id" in payload else {})
        return self.api.post(f"/sms/{key or self.key}", json=body)

    def writes(self, words, mid, number=CITIZEN):
        answer = self.told("received", id=mid, message=words, phoneNumber=number, messageId="x", receivedAt="now")
        assert (answer.status_code, answer.json()) == (200, {}), answer.text

    def inquiries(self):
        with transaction() as session:
            return session.exec(select(Inquiry).order_by(col(Inquiry.id))).all()

    def thread(self):
        with transaction() as session:
            return [(one.sender, one.text) for one in session.exec(select(Message).order_by(col(Message.id)))]

    def taken(self):
        """What the citizen wrote is in the agent's hands; its id."""
        self.writes("Mit pas udløber", "1")
        [inquiry] = self.inquiries()
        ready = "UPDATE inquiry SET state = 'waiting', topic = 'passport', speaks = '*', deadline = queued_at"
        with owner().begin() as connection:
            connection.execute(text(f"{ready} WHERE id = :id"), {"id": inquiry.id})
        assert route() == 1
        by(self.agent, accept, offer_of(inquiry.id).id)
        return inquiry.id

    def answers(self, inquiry, words):
        return by(self.agent, lambda session, agent, at: messages.write(
            session, session.get_one(Inquiry, inquiry, with_for_update=True), words, at, by=agent).id)  # fmt: skip

    def closes(self, inquiry):
        by(self.agent, lambda session, agent, at: actions.close(
            session, session.get_one(Inquiry, inquiry, with_for_update=True), agent, Outcome.RESOLVED, None, at
        ))  # fmt: skip

    def sends(self, after=timedelta()):
        """What is due, once so long has passed."""
        with owner().begin() as connection:
            connection.execute(text(PASSES), {"time": after})

        async def all_due():
            sender = Transport()
            await Sender(sender, random=Random(1)).drain()
            await sender.close()

        asyncio.run(all_due())

    def got(self):
        """What the gateway was handed so far: ids, numbers, words."""
        bodies = [json.loads(body) for _, body in self.gateway.got]
        return [(one["id"], one["phoneNumbers"], one["textMessage"]["text"]) for one in bodies]


@pytest.fixture
def world(web, monkeypatch, tmp_path):
    monkeypatch.setenv("HOTLINE_WEBHOOK_NETWORKS", "127.0.0.0/8")
    forget()
    monkeypatch.setattr(transport, "WHOLE", 0.5)
    made = World(web, tmp_path)
    yield made
    made.gateway.close()


def test_what_a_number_writes_is_one_inquiry_its_answer_goes_out_and_what_follows_is_of_the_same(world):
    inquiry_id = world.taken()
    inquiry = look_at(Inquiry, inquiry_id)
    assert (inquiry.channel, inquiry.municipality) == ("sms", HJORRING)
    assert unsealed(look_at(Citizen, inquiry_id).phone, "phone") == CITIZEN
    number = world.answers(inquiry_id, "Kom på torsdag.")
    world.writes("Mit cpr er 130965-4003, kl. 10?", "2", number="20 12 34 56")
    world.sends()
    assert world.got() == [(f"hotline-{number}", [CITIZEN], "Kom på torsdag.")]
    [(headers, body)] = world.gateway.got
    assert headers["Authorization"] == "Basic " + base64.b64encode(b"hotline:a password").decode()
    assert json.loads(body)["withDeliveryReport"] is True and world.gateway.url.endswith("/hotline")
    assert world.thread() == [("agent", "Kom på torsdag."), ("citizen", f"Mit cpr er {TOKEN}, kl. 10?")]
    world.sends(timedelta(days=1))
    assert len(world.got()) == 1, "once is enough"
    world.closes(inquiry_id)
    world.writes("En ting til", "3")
    world.writes("Hvad med mig?", "4", number="+4528123456")
    assert [one.text for one in world.inquiries()] == ["Mit pas udløber", "En ting til", "Hvad med mig?"]


def test_an_answer_with_a_cpr_number_goes_out_without_it(world):
    inquiry = world.taken()
    world.answers(inquiry, "Er 130965-4003 dit nummer?")
    world.sends()
    assert [words for _, _, words in world.got()] == [f"Er {TOKEN} dit nummer?"]


def test_what_is_told_again_or_at_once_counts_once(world):
    at_once(*[lambda: world.writes("Mit pas udløber", "1")] * 4)
    world.writes("Mit pas udløber", "1")
    assert len(world.inquiries()) == 1
    at_once(*[lambda: world.writes("Det haster", "2")] * 4)
    assert world.thread() == [("citizen", "Det haster")]


def test_what_is_told_again_while_the_first_is_being_stored_is_no_message_of_it(world):
    world.writes("Mit pas udløber", "1")
    with owner().begin() as connection:
        connection.execute(text("UPDATE received_sms SET became = NULL"))  # as whoever stores it leaves it till the end
    world.writes("Mit pas udløber", "1")
    assert (len(world.inquiries()), world.thread()) == (1, [])
    world.writes("Det haster", "2")
    assert world.thread() == [("citizen", "Det haster")]


def test_a_gateway_that_fails_stalls_and_comes_back_gets_each_answer_once_under_one_id_and_in_order(world):
    inquiry = world.taken()
    first, second = world.answers(inquiry, "Et"), world.answers(inquiry, "To")
    world.gateway.does = [503, "stall", "lie", 401, 409]
    for _ in range(8):
        world.sends(timedelta(hours=2))
    assert [one for one, _, _ in world.got()] == [f"hotline-{first}"] * 5 + [f"hotline-{second}"]
    assert {look_at(SentSms, one).state for one in (first, second)} == {"done"}


@pytest.mark.parametrize("order", [("delivered", "failed"), ("failed", "delivered"), ("delivered", "delivered")])
def test_of_what_a_gateway_reports_the_first_word_counts_whatever_comes_after(world, order):
    number = world.answers(world.taken(), "Kom på torsdag.")
    world.sends()
    for one in order:
        assert world.told(one, messageId=f"hotline-{number}", phoneNumber=CITIZEN, reason="no service").json() == {}
    sent, message = look_at(SentSms, number), look_at(Message, number)
    if order[0] == "failed":
        assert (sent.state, sent.delivered_at, message.undelivered) == ("failed", None, "no service")
    else:
        assert sent.state == "done" and sent.delivered_at is not None and message.undelivered is None


def test_a_reason_that_may_name_a_citizen_is_not_kept(world):
    number = world.answers(world.taken(), "Kom på torsdag.")
    world.sends()
    world.told("failed", messageId=f"hotline-{number}", reason=f"{CITIZEN} does not answer")
    assert (look_at(SentSms, number).why, look_at(Message, number).undelivered) == ("failed", "failed")


def test_what_cannot_be_sent_its_agent_is_told_of(world):
    number = world.answers(world.taken(), "Kom på torsdag.")
    world.gateway.does = [422]
    world.sends()
    assert (look_at(SentSms, number).state, look_at(Message, number).undelivered) == ("failed", "422")


def test_a_report_by_another_integrator_changes_nothing(world):
    number = world.answers(world.taken(), "Kom på torsdag.")
    world.sends()
    other = a_key(scopes=("intake",))
    assert world.told("failed", key=other, messageId=f"hotline-{number}").json() == {}
    assert look_at(SentSms, number).state == "done"
    assert world.told("received", key=other, message="Hej", phoneNumber=CITIZEN).status_code == 404
    assert world.told("received", key=a_key(scopes=("read",)), message="Hej").status_code == 403
    assert world.told("received", key="hk_nobodys", message="Hej").status_code == 401
    assert len(world.inquiries()) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"[]", 422),
        (b'{"event": "sms:received"}', 422),
        (b'{"event": "sms:received", "payload": 3}', 422),
        (b'{"event": "sms:received", "payload": {"message": "  "}}', 200),
        (b'{"event": "sms:delivered", "payload": {"messageId": "somebody else\'s"}}', 200),
        (b'{"event": "sms:delivered", "payload": {"messageId": "hotline-99999999"}}', 200),
        (b'{"event": ["sms:received"], "payload": {}}', 200),
        (b'{"event": "system:ping", "payload": {"health": {}}}', 200),
        (b"\xff\xfe", 422),
    ],
)
def test_what_is_no_event_changes_nothing(world, body, status):
    answer = world.api.post(f"/sms/{world.key}", content=body)
    assert answer.status_code == status, answer.text
    assert world.inquiries() == [] and world.thread() == []


def test_an_address_beside_ours_is_refused_when_it_is_given_and_when_it_is_written_to(world, monkeypatch):
    number = world.answers(world.taken(), "Kom på torsdag.")
    monkeypatch.setenv("HOTLINE_WEBHOOK_NETWORKS", "")
    forget()
    refused = world.set_up("http://127.0.0.1:8080")
    assert refused.exit_code == 1 and "private" in refused.output
    world.sends()
    assert (world.got(), look_at(SentSms, number).why) == ([], "private")
