"""A locust user who answers: an event stream of their own, and a talk of a second for every offer."""

import random
import threading
import time
from collections import deque
from contextlib import closing, suppress
from typing import Any, ClassVar

import httpx
from locust import HttpUser, constant, task
from locust.exception import StopUser
from meetings import MEETINGS

from hotline.client import API, Client, Problem
from hotline.demo.facts import Demo
from hotline.demo.traffic import chosen
from hotline.sample.sign_ins import SignIn

AGENTS = 40


class AgentUser(HttpUser):
    """One of the demo's agents; events say when to look, `/me` says what there is."""

    fixed_count = AGENTS
    wait_time = constant(0)
    users: ClassVar[deque[SignIn]]

    @classmethod
    def prepare(cls, demo: Demo) -> None:
        """Before the first user: the agents, chosen to cover every topic."""
        cls.users = deque(chosen(demo.agents(), AGENTS))

    def on_start(self) -> None:
        """Sign in as somebody who has not yet, open the stream, be available."""
        if not self.users:
            raise StopUser
        self.user_data = self.users.popleft()
        self.look, self.gone = threading.Event(), False
        sign_in = {"username": self.user_data.username, "password": self.user_data.password}
        answer = self.client.post(f"{API}/sessions", json=sign_in)
        if not answer.ok:
            raise StopUser
        self.token = answer.json()["token"]
        self.client.headers["Authorization"] = f"Bearer {self.token}"
        threading.Thread(target=self._listen, daemon=True).start()
        self.client.put(f"{API}/me/presence", json={"state": "available"})

    def on_stop(self) -> None:
        """Finish what is in hand and go home."""
        if "Authorization" in self.client.headers:
            self._work(finish_only=True)
            self.client.put(f"{API}/me/presence", json={"state": "offline"})
            self.gone = True

    @task
    def work(self) -> None:
        """Wait for something to happen, four seconds at most, and do it."""
        self.look.wait(timeout=4)  # an idle connection is closed after five
        self.look.clear()
        self._work()

    def _work(self, finish_only: bool = False) -> None:
        answer = self.client.get(f"{API}/me")
        if not answer.ok:
            return
        me = answer.json()
        for offer in me["offers"]:
            if finish_only or random.random() < 0.04:
                self._do(f"/offers/{offer['id']}/refusal", "/offers/[id]/refusal", {"reason": "optaget"})
            elif self._do(f"/offers/{offer['id']}/acceptance", "/offers/[id]/acceptance"):
                self._finish(offer["inquiry"]["id"])
        for inquiry in me["inquiries"]:
            self._finish(inquiry["id"])

    def _finish(self, id: str) -> None:
        time.sleep(random.uniform(0.3, 1.2))
        self._do(f"/inquiries/{id}/wrap-up", "/inquiries/[id]/wrap-up")
        self._do(f"/inquiries/{id}/closure", "/inquiries/[id]/closure", {"outcome": "resolved", "note": "Vejledt."})

    def _do(self, path: str, name: str, body: Any = None) -> bool:
        """True where it was done; being too late (409) is life and no failure."""
        with self.client.post(f"{API}{path}", json=body, name=f"{API}{name}", catch_response=True) as answer:
            if answer.status_code == 409:
                answer.success()
            return bool(answer.ok)

    def _listen(self) -> None:
        """In a thread of its own, which locust has made a light one; an event stream that breaks is opened again."""
        client = Client(self.host or "", self.token)
        while not self.gone:
            with suppress(Problem, httpx.TransportError), closing(client.events()) as events:
                for name, data in events:
                    if name == "offer":
                        MEETINGS.seen(data["inquiry"]["id"], time.perf_counter())
                    self.look.set()
                    if self.gone:
                        return
            time.sleep(0.3)
