"""Alerts are told once when they begin and once when they end: by mail and to webhooks, on real servers."""

import asyncio
import json
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import text
from standardwebhooks.webhooks import Webhook as Verifier

from hotline.clock import now
from hotline.integrations.mail.models import AlertAddress
from hotline.integrations.mail.postman import Postman
from hotline.integrations.transport import Transport
from hotline.integrations.webhooks.deliver import Deliverer
from tests.builders import HJORRING, Api, a_key, a_pool, a_waiting_inquiry
from tests.building import accounts, owner
from tests.conftest import forget
from tests.integrations.mail.boxes import PASSWORD, Smtp, a_mailbox
from tests.integrations.receiver import Receiver
from workers import alert

CHIEF = "vagtleder@kommune.example"
ALL_OVER = "UPDATE inquiry SET state = 'closed', ended_at = now(), outcome = 'other' WHERE state = 'waiting'"
LATER = """
    WITH m AS (UPDATE alert_mail SET due_at = now() - interval '1 second' WHERE state = 'waiting')
    UPDATE webhook_delivery SET due_at = now() - interval '1 second' WHERE state = 'waiting'
"""
LEFT = "SELECT state, why FROM alert_mail ORDER BY id"


def send():
    """Send what is due, by mail and to webhooks."""

    async def all_due():
        postman, transport = Postman(random=Random(1)), Transport()
        await postman.drain()
        await Deliverer(transport, random=Random(1)).drain()
        await postman.close()
        await transport.close()

    asyncio.run(all_due())


def owners(words):
    with owner().begin() as connection:
        done = connection.execute(text(words))
        return [tuple(row) for row in done] if done.returns_rows else done.rowcount


def told(receiver, secret):
    """What it has got, verified over its very bytes."""
    for headers, body in receiver.got:
        Verifier(secret).verify(body, headers)
    return [json.loads(body) for _, body in receiver.got]


@pytest.fixture
def receiver(web, monkeypatch):
    """With a pool in which somebody is overdue when the test begins."""
    monkeypatch.setenv("HOTLINE_WEBHOOK_NETWORKS", "127.0.0.0/8")
    forget()
    a_pool()
    a_waiting_inquiry("mitid", "phone", age=1800)
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def smtp(tmp_path):
    """Whoever leads is told by it of what waits."""
    made, secret = Smtp(), tmp_path / "password"
    secret.write_text(PASSWORD)
    box = a_mailbox(smtp=made.url, password_file=str(secret), due_at=now() + timedelta(days=1))
    with accounts() as session:
        session.add(AlertAddress(kind="waiting", address=CHIEF, mailbox_id=box))
        session.add(AlertAddress(kind="surge", address="another@kommune.example", mailbox_id=box))
    yield made
    made.close()


def test_a_rise_is_told_once_and_its_end_once_by_mail_and_to_a_webhook(web, receiver, smtp):
    hook = Api(web, a_key()).webhook(receiver.url, "alert_began", "alert_ended")
    for _ in range(3):
        alert.run()
        send()
    owners(ALL_OVER)
    for _ in range(2):
        alert.run()
        send()
    assert [to for to, _ in smtp.got] == [[CHIEF]] * 2
    began, ended = (mail for _, mail in smtp.got)
    assert began["Subject"].startswith("Alarm: ") and ended["Subject"].startswith("Alarmen er slut: ")
    assert "skulle have haft svar for" in began.get_content() and "Da det var værst" in ended.get_content()
    assert ended["In-Reply-To"] == began["Message-ID"] and began["Auto-Submitted"] == "auto-generated"
    first, last = told(receiver, hook["secret"])
    assert (first["type"], last["type"]) == ("hotline.alert.began", "hotline.alert.ended")
    assert first["subject"] == last["subject"] == "waiting/mitid" and first["id"] != last["id"]
    assert first["data"]["value"] > 5 and last["data"]["worst"] >= first["data"]["value"]
    assert first["data"]["begun_at"] == last["data"]["begun_at"] < last["data"]["ended_at"]
    assert owners("SELECT event FROM alert_notice ORDER BY id") == [("alert_began",), ("alert_ended",)]


def test_what_is_not_taken_is_tried_again_and_the_end_waits_for_the_beginning(web, receiver, smtp):
    hook = Api(web, a_key()).webhook(receiver.url, "alert_began", "alert_ended")
    smtp.says, receiver.does = ["451 4.7.1 later"], [500]
    alert.run()
    send()
    owners(ALL_OVER)
    alert.run()
    send()
    assert len(smtp.got) == 1 and len(receiver.got) == 1, "the end waits"
    assert owners(LEFT) == [("waiting", "451 4.7.1"), ("waiting", None)]
    for _ in range(2):
        owners(LATER)
        send()
    assert [mail["Subject"].split(":")[0] for _, mail in smtp.got] == ["Alarm", "Alarm", "Alarmen er slut"]
    types = [event["type"].rpartition(".")[2] for event in told(receiver, hook["secret"])]
    assert types == ["began", "began", "ended"]
    assert owners(LEFT) == [("done", None)] * 2


def test_only_a_key_that_may_read_all_figures_hears_of_the_pools_alerts(web, receiver):
    body = {"url": receiver.url, "events": ["alert_began"]}
    assert Api(web, a_key(scopes=("read", "webhooks"))).post("/webhooks", json=body).status_code == 403
    Api(web, a_key(municipalities=(HJORRING,))).webhook(receiver.url, "alert_began")
    alert.run()
    send()
    assert receiver.got == []


def test_a_mailbox_that_has_ended_tells_nobody_and_says_why(receiver, smtp):
    alert.run()
    owners("UPDATE mailbox SET active = false")
    send()
    assert smtp.got == [] and owners(LEFT) == [("failed", "ended")]
