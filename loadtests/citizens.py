"""A locust user who writes or rings, asks now and then how long it will take, and hangs up after a while."""

import time
import uuid
from collections.abc import Iterator
from random import Random
from typing import ClassVar

from locust import HttpUser, between, task
from meetings import MEETINGS

from hotline.client import API
from hotline.demo.citizens import Message, messages
from hotline.demo.facts import Demo

QUEUED = ("received", "waiting", "offered")


class CitizenUser(HttpUser):
    """One inquiry after another, each from a new citizen."""

    wait_time = between(0.5, 3.5)
    key: ClassVar[str]
    inquiries: ClassVar[Iterator[Message]]

    @classmethod
    def prepare(cls, demo: Demo) -> None:
        """Before the first user: whose citizens they are, and the key of the phone system that brings them."""
        cls.key = demo.integrator_key
        cls.inquiries = messages(Random(), demo.municipalities())

    @task
    def visit(self) -> None:
        """Come in; wait half a minute at most; hang up if nobody answered and there is a line to hang up."""
        message, id = next(self.inquiries), f"locust-{uuid.uuid4()}"
        headers = {"Authorization": f"Bearer {self.key}"}
        came = time.perf_counter()
        answer = self.client.post(
            f"{API}/inquiries", json=message.body(id), headers=headers | {"Idempotency-Key": f'"{id}"'}
        )
        if answer.status_code != 201:
            return
        inquiry = f"{API}/inquiries/{answer.json()['id']}"
        MEETINGS.posted(answer.json()["id"], came)
        patience = time.monotonic() + min(30.0, message.patience_seconds or 2.0)
        while time.monotonic() < patience:
            time.sleep(2)
            state = self.client.get(inquiry, headers=headers, name=f"{API}/inquiries/[id]").json().get("state")
            if state not in QUEUED:
                return
        if message.patience_seconds is None:
            return
        name = f"{API}/inquiries/[id]/abandonment"
        with self.client.post(f"{inquiry}/abandonment", headers=headers, name=name, catch_response=True) as hung_up:
            if hung_up.status_code == 409:
                hung_up.success()  # answered at the last moment
