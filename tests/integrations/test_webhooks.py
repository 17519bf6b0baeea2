"""Webhooks: what happens to an integrator's inquiries reaches it, signed, in order, whatever its receiver does."""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import text
from sqlmodel import col, select
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from hotline.access.models import ApiKey
from hotline.access.sessions import token_hash
from hotline.clock import now
from hotline.inquiries.models import Inquiry
from hotline.integrations import transport
from hotline.integrations.transport import Transport
from hotline.integrations.webhooks import distribute, outcome, retries
from hotline.integrations.webhooks.deliver import Deliverer
from hotline.integrations.webhooks.models import WebhookDelivery
from hotline.offers.abandon import abandon
from hotline.resources import ROOT
from tests.access.test_logins import as_login
from tests.builders import HJORRING, SKANDERBORG, Api, a_key, a_pool
from tests.building import accounts, owner, transaction
from tests.conftest import forget
from tests.integrations.receiver import Receiver
from tests.offers.doing import a_journalled_inquiry
from tests.waiting import until
from workers import deliver

# As if so much time had passed since.
PASSES = """
    WITH due AS (UPDATE webhook_delivery SET due_at = due_at - CAST(:time AS interval),
                                             made_at = made_at - CAST(:time AS interval))
    UPDATE webhook SET rests_until = rests_until - CAST(:time AS interval),
                       former_until = former_until - CAST(:time AS interval)
"""


class World:
    """An integrator bound to Hjørring with a key, and what its webhooks are sent."""

    def __init__(self, web):
        a_pool()
        self.key = a_key(municipalities=(HJORRING,))
        self.api = Api(web, self.key)
        with accounts() as session:
            self.integrator = session.get_one(ApiKey, token_hash(self.key)).integrator_id

    def webhook(self, receiver, *events):
        """A webhook to this receiver; as it is answered, with its secret."""
        return self.api.webhook(receiver.url, *(events or ("received", "classified", "abandoned")))

    def inquiry(self, **facts):
        """One that was received and classified, and gone: three lines."""
        made = a_journalled_inquiry(**({"integrator_id": self.integrator, "municipality": HJORRING} | facts))
        with transaction() as session:
            abandon(session, session.get_one(Inquiry, made), now())
        return str(made)

    def send(self, after=None):
        """Send what is due, once so long has passed."""
        if after is not None:
            with transaction() as session:
                session.execute(text(PASSES), {"time": after})

        async def all_due():
            sender = Transport()
            await Deliverer(sender, random=Random(1)).drain()
            await sender.close()

        asyncio.run(all_due())

    def log(self, made):
        """What became of the deliveries of a webhook, oldest first."""
        return self.api.deliveries(made["id"])["items"][::-1]


@pytest.fixture
def world(web, monkeypatch):
    monkeypatch.setenv("HOTLINE_WEBHOOK_NETWORKS", "127.0.0.0/8")
    forget()
    monkeypatch.setattr(transport, "WHOLE", 0.5)
    return World(web)


@pytest.fixture
def receivers():
    """Makes receivers, which are closed at the end."""
    made = []
    yield lambda: made.append(Receiver()) or made[-1]
    for one in made:
        one.close()


def read(receiver, *secrets):
    """What a receiver has got, each verified over its very bytes by every secret: (inquiry, event) in order."""
    for headers, body in receiver.got:
        for secret in secrets:
            Verifier(secret).verify(body, headers)
    events = [json.loads(body) for _, body in receiver.got]
    return [(event["subject"], event["type"].removeprefix("hotline.inquiry.")) for event in events]


def test_the_scheme_of_an_address_is_the_same_in_capitals(world, receivers):
    receiver = receivers()
    made = world.api.webhook(receiver.url.replace("http://", "HTTP://"), "abandoned")
    inquiry = world.inquiry()
    world.send()
    assert read(receiver, made["secret"]) == [(inquiry, "abandoned")]


def test_a_receiver_that_fails_stalls_lies_and_comes_back_gets_every_line_in_order(world, receivers):
    well, ill = receivers(), receivers()
    made, other = world.webhook(ill), world.webhook(well)
    ill.does = [500, "stall", "lie", "hang up", "redirect", "drip", 404]
    inquiries = [world.inquiry() for _ in range(2)]
    every = [(one, event) for one in inquiries for event in ("received", "classified", "abandoned")]
    begun = now()
    world.send()
    assert sorted(read(well, other["secret"])) == sorted(every), "the other one has waited for it"
    # What one inquiry's receiver has not taken holds up that inquiry alone, and an ill receiver is let rest.
    for _ in range(12):
        world.send(timedelta(minutes=5))
    got = read(ill, made["secret"])
    assert [one for one in dict.fromkeys(got) if one[0] == inquiries[0]] == every[:3]
    assert set(got) == set(every) and (now() - begun).total_seconds() < 30
    log = world.log(made)
    assert {one["state"] for one in log} == {"done"}
    told = [one.get("status") or one["why"] for line in log for one in line["tries"]]
    assert sorted(map(str, told)) == sorted(["500", "late", "late", "no_http", "no_http", "302", "404", *["204"] * 6])
    # The same id at each try, the time of this one.
    tries = [(headers["webhook-id"], headers["webhook-timestamp"]) for headers, _ in ill.got]
    assert len({one for one, _ in tries}) == 6 and len(set(tries)) > 6
    assert all(len({body for headers, body in ill.got if headers["webhook-id"] == one}) == 1 for one, _ in tries)


def test_what_is_sent_is_a_cloud_event_that_says_what_the_key_may_read(world, receivers):
    receiver = receivers()
    made = world.webhook(receiver)
    mine = world.inquiry(external_id="pbx-1")
    world.inquiry(municipality=SKANDERBORG)
    with accounts() as session:
        another = session.get_one(ApiKey, token_hash(a_key())).integrator_id
    world.inquiry(integrator_id=another)
    world.send()
    assert {one for one, _ in read(receiver, made["secret"])} == {mine}
    headers, body = receiver.got[-1]
    event, shown = json.loads(body), world.api.get(f"/inquiries/{mine}").json()
    assert headers["Content-Type"] == "application/cloudevents+json"
    assert (event["specversion"], event["source"], event["id"]) == ("1.0", "/api/v1/inquiries", headers["webhook-id"])
    told = event["data"].pop("inquiry")
    assert told.items() <= shown.items() and told["external_id"] == "pbx-1"
    assert event["data"] == shown["timeline"][-1] and event["time"] == shown["timeline"][-1]["at"]
    # As docs/integrators/webhooks.md shows it.
    exec(
        re.search(r"```python\n(.*?)```", (ROOT / "docs/integrators/webhooks.md").read_text(), re.DOTALL)[1],
        documented := {},
    )
    assert documented["taken"](made["secret"], headers, body) == json.loads(body)
    with pytest.raises(WebhookVerificationError):
        documented["taken"](made["secret"], headers, body.replace(b"abandoned", b"closed"))

    # Both secrets sign for a day, then the new one alone.
    new = world.api.post(f"/webhooks/{made['id']}/secret").json()["secret"]
    receiver.got.clear()
    world.inquiry()
    world.send()
    assert len(read(receiver, made["secret"], new)) == 3
    receiver.got.clear()
    world.inquiry()
    world.send(timedelta(hours=25))
    assert len(read(receiver, new)) == 3
    with pytest.raises(WebhookVerificationError):
        read(receiver, made["secret"])

    # A key that ended hears nothing more.
    with accounts() as session:
        session.get_one(ApiKey, token_hash(world.key)).ends_at = now()
    receiver.got.clear()
    unheard = world.inquiry()
    world.send()
    assert receiver.got == []
    with transaction() as session:
        gone = select(WebhookDelivery.state).where(col(WebhookDelivery.inquiry_id) == unheard)
        assert set(session.exec(gone)) == {"dropped"}


def test_what_a_receiver_says_of_the_next_try_is_heeded(world, receivers):
    busy, gone = receivers(), receivers()
    made, ended = world.webhook(busy, "abandoned"), world.webhook(gone, "abandoned")
    busy.does, gone.does = [(429, {"Retry-After": "600"}), (503, {"Retry-After": "nonsense"})], [410]
    world.inquiry(), world.inquiry()
    world.send()
    world.send(timedelta(minutes=9))  # not yet
    asked = len(busy.got)
    assert asked <= 2, "it was asked again before it wanted to be"
    world.send(timedelta(minutes=2))
    world.send(timedelta(minutes=6))
    assert {one["state"] for one in world.log(made)} == {"done"}
    assert [one["state"] for one in world.log(ended)].count("waiting") == 0 and len(gone.got) <= 2
    told = {one["id"]: one for one in world.api.webhooks()["items"]}
    assert (told[ended["id"]]["active"], told[ended["id"]]["ended_because"]) == (False, "gone")
    # By hand: again, to those that are not over.
    n = world.log(made)[0]["n"]
    again = world.api.post(f"/webhooks/{made['id']}/deliveries/{n}/redelivery")
    assert (again.status_code, again.json()["state"]) == (202, "waiting")
    before = len(busy.got)
    world.send()
    assert len(busy.got) == before + 1
    late = world.api.post(f"/webhooks/{ended['id']}/deliveries/{world.log(ended)[0]['n']}/redelivery")
    assert late.json()["type"] == "/problems/webhook-ended"
    assert world.api.end_webhook(made["id"]) is None
    world.inquiry()
    world.send(timedelta(days=2))
    assert len(busy.got) == before + 1
    assert [one["id"] for one in world.api.webhooks()["items"]] == [ended["id"]]


def test_whoever_dies_between_claiming_and_writing_loses_nothing(world, receivers, monkeypatch):
    """At least once: a claimed delivery is sent again when its lease is over, a taken line is no second delivery."""
    receiver = receivers()
    made = world.webhook(receiver, "abandoned")
    world.inquiry()
    with transaction() as session:
        assert distribute.distribute(session, now())
        assert len(outcome.claim(session, now(), {}, 3)) == 1  # and then it was killed
    with transaction() as session:  # after a restore the cursor stands before what was taken
        session.execute(text("UPDATE journal_cursor SET xid = '0' WHERE books = 'webhooks'"))
    world.send()
    assert receiver.got == []
    assert [one["state"] for one in world.log(made)] == ["waiting"]
    monkeypatch.setenv("HOTLINE_DATABASE_URL", as_login("hotline_worker"))  # all that a worker may
    forget()
    with owner().begin() as connection:
        connection.execute(text(PASSES), {"time": outcome.LEASE})
    with deliver.beside(lambda: True):
        until(lambda: receiver.got, "the worker sends it")
    assert read(receiver, made["secret"])[0][1] == "abandoned"


def test_a_day_of_failures_is_enough():
    first = datetime(2026, 11, 30, tzinfo=UTC)
    moment, tries = first, 1
    while (due := retries.next_try(first, tries, moment, Random(tries))) is not None:
        assert due > moment
        moment, tries = due, tries + 1
    assert tries == 10 and timedelta(hours=21) < moment - first < timedelta(hours=27)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("120", 120), ("0", 0), ("99999999999", 86_400), ("Mon, 30 Nov 2026 00:02:00 GMT", 120), ("soon", None),
     (None, None), ("Mon, 30 Nov 2020 00:02:00 GMT", 0), ("-5", None)],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(said, seconds):
    moment = datetime(2026, 11, 30, tzinfo=UTC)
    asked = retries.asked_for(said, moment)
    assert asked == (None if seconds is None else moment + timedelta(seconds=seconds))
