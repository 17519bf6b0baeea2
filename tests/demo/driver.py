"""Citizens and agents who speak nothing but the public API, and who try again when the hotline does not answer."""

import threading
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from hotline.client import Client, Problem
from hotline.clock import danish, now

LOOKS_EVERY = 0.25  # seconds
HELD = ("handling", "wrapping")
ENDED = ("closed", "abandoned", "handed_over")


class AgentAtWork(threading.Thread):
    """Takes every offer and finishes what is in hand; notes whatever must never be."""

    def __init__(self, url: str, user: dict[str, Any], talk_seconds: float = 0.1) -> None:
        super().__init__(daemon=True)
        self.user, self.talk_seconds = user, talk_seconds
        self.taken: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.over = threading.Event()
        self.api = Client(url)
        self.api.sign_in(user["username"], user["password"])
        self.api.be("available")

    def run(self) -> None:
        try:
            while not self.over.is_set():
                self._look()
                self.over.wait(LOOKS_EVERY)
            self.api.be("offline")
        except Exception as error:  # a thread's own failure is a failure of the test that reads `wrong`
            self.wrong.append(f"{self.user['username']}: {error!r}")

    def _look(self) -> None:
        me = self.api.me()
        if me["load"] > me["capacity"]:
            self.wrong.append(f"{self.user['username']} is over capacity: {me['load']} of {me['capacity']}")
        held = [one for one in me["inquiries"] if one["state"] in HELD]
        calls = [one for one in (*held, *(o["inquiry"] for o in me["offers"])) if one["channel"] == "phone"]
        if len(calls) > 1 or (calls and len(held) + len(me["offers"]) > 1):
            self.wrong.append(f"{self.user['username']} has something beside a call")
        for offer in me["offers"]:
            if offer["inquiry"]["topic"] not in self.user["topics"]:
                self.wrong.append(f"{self.user['username']} is offered {offer['inquiry']['topic']}")
            if self._done(self.api.accept, offer["id"]):
                held.append(offer["inquiry"])
        for inquiry in held:
            self._finish(inquiry["id"])

    def _finish(self, id: str) -> None:
        self.taken[id] += 1
        time.sleep(self.talk_seconds)
        self._done(self.api.wrap_up, id)
        self._done(self.api.close, id, "resolved")

    def _done(self, verb: Callable[..., Any], *facts: Any) -> bool:
        """False where it was too late, or where an earlier try had got through and its answer had not."""
        try:
            verb(*facts)
        except Problem as error:
            if error.status != 409:
                self.wrong.append(f"{verb.__name__}: {error}")
            return False
        return True


@contextmanager
def at_work(url: str, users: list[dict[str, Any]], talk_seconds: float = 0.1) -> Iterator[list[AgentAtWork]]:
    """These agents, available and working; at the end they have gone home, and nothing was wrong."""
    agents = [AgentAtWork(url, user, talk_seconds) for user in users]
    for agent in agents:
        agent.start()
    try:
        yield agents
    finally:
        for agent in agents:
            agent.over.set()
        for agent in agents:
            agent.join(60)
    assert [one for agent in agents for one in agent.wrong] == []


class Citizens:
    """Hands in inquiries and remembers which of them were answered with 201."""

    def __init__(self, facts: dict[str, Any]) -> None:
        self.api = Client(facts["url"], facts["integrator_key"])
        self.run = uuid.uuid4().hex[:12]
        self.posted: dict[str, dict[str, Any]] = {}

    def ask(
        self, municipality: str, topic: str | None, channel: str = "web", text: str = "Hej, mit pas udløber"
    ) -> str:
        """One inquiry, durable when this comes back; its id."""
        name = f"{self.run}-{len(self.posted)}"
        body = {"channel": channel, "municipality": municipality, "text": text, "external_id": name}
        if topic:
            body["topic"] = topic
        taken = self.api.hand_in(body, name)
        self.posted[taken["id"]] = taken
        return taken["id"]

    def look(self, id: str) -> dict[str, Any]:
        """The inquiry as the integrator sees it now."""
        return self.api.inquiry(id)

    def fates(self, seconds: float) -> dict[str, dict[str, Any]]:
        """Every inquiry once all have ended; those that have not after so many seconds, as they are then."""
        found: dict[str, dict[str, Any]] = {}
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for id in self.posted:
                if found.get(id, {}).get("state") not in ENDED:
                    found[id] = self.look(id)
            if all(one["state"] in ENDED for one in found.values()):
                break
            time.sleep(0.3)
        return found


def figures(facts: dict[str, Any], municipalities: list[str]) -> dict[str, dict[str, float]]:
    """What the secretariat reads of these municipalities: each count, summed over yesterday and today."""
    chief, today = Client(facts["url"]), danish(now()).date()
    days = {"from": today - timedelta(days=1), "to": today + timedelta(days=1)}  # a day may end while the test runs
    secretary = next(user for user in facts["users"] if user["role"] == "secretariat")
    chief.sign_in(secretary["username"], secretary["password"])
    found: dict[str, dict[str, float]] = {}
    for code in municipalities:
        told = chief.call("GET", f"/statistics/municipalities/{code}", interval="1d", **days)
        sums: dict[str, float] = defaultdict(float)
        for row in told["rows"]:
            for name, value in row.items():
                if isinstance(value, (int, float)):
                    sums[name] += value
        found[code] = dict(sums)
    return found
