"""Citizens and agents who speak nothing but the public API, and who try again when the hotline does not answer."""

import threading
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx

from hotline.clock import danish, now

LOOKS_EVERY = 0.25  # seconds
HELD = ("handling", "wrapping")
ENDED = ("closed", "abandoned", "handed_over")


class Caller:
    """One client with its own token."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.http = httpx.Client(base_url=f"{url}/api/v1", timeout=15, trust_env=False)
        self.use(token)

    def use(self, token: str | None) -> None:
        if token:
            self.http.headers["Authorization"] = f"Bearer {token}"

    def sign_in(self, user: dict[str, Any]) -> None:
        body = {"username": user["username"], "password": user["password"]}
        answer = self.call("POST", "/sessions", body)
        assert answer.status_code == 201, answer.text
        self.use(answer.json()["token"])

    def call(self, method: str, path: str, body: Any = None, key: str | None = None, until: float = 60) -> Any:
        """The answer, tried again while nobody answers, on 5xx, and on 409 for a first try that is still running."""
        headers = {"Idempotency-Key": f'"{key}"'} if key else {}
        deadline = time.monotonic() + until
        while True:
            try:
                answer = self.http.request(method, path, json=body, headers=headers)
                if answer.status_code < 500 and "still-running" not in answer.text:
                    return answer
                said = f"{answer.status_code} {answer.text[:200]}"
            except httpx.TransportError as error:
                said = repr(error)
            assert time.monotonic() < deadline, f"{method} {path}: {said}"
            time.sleep(0.2)


class AgentAtWork(threading.Thread):
    """Takes every offer and finishes what is in hand; notes whatever must never be."""

    def __init__(self, url: str, user: dict[str, Any], talk_seconds: float = 0.1) -> None:
        super().__init__(daemon=True)
        self.user, self.talk_seconds = user, talk_seconds
        self.taken: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.over = threading.Event()
        self.api = Caller(url)
        self.api.sign_in(user)
        self._be("available")

    def run(self) -> None:
        try:
            while not self.over.is_set():
                self._look()
                self.over.wait(LOOKS_EVERY)
            self._be("offline")
        except Exception as error:  # a thread's own failure is a failure of the test that reads `wrong`
            self.wrong.append(f"{self.user['username']}: {error!r}")

    def _look(self) -> None:
        me = self.api.call("GET", "/me").json()
        if me["load"] > me["capacity"]:
            self.wrong.append(f"{self.user['username']} is over capacity: {me['load']} of {me['capacity']}")
        held = [one for one in me["inquiries"] if one["state"] in HELD]
        calls = [one for one in (*held, *(o["inquiry"] for o in me["offers"])) if one["channel"] == "phone"]
        if len(calls) > 1 or (calls and len(held) + len(me["offers"]) > 1):
            self.wrong.append(f"{self.user['username']} has something beside a call")
        for offer in me["offers"]:
            if offer["inquiry"]["topic"] not in self.user["topics"]:
                self.wrong.append(f"{self.user['username']} is offered {offer['inquiry']['topic']}")
            answer = self.api.call("POST", f"/offers/{offer['id']}/acceptance")
            if answer.status_code == 200:
                held.append(offer["inquiry"])
            elif answer.status_code != 409:
                self.wrong.append(f"acceptance: {answer.status_code} {answer.text}")
        for inquiry in held:
            self._finish(inquiry["id"])

    def _finish(self, id: str) -> None:
        self.taken[id] += 1
        time.sleep(self.talk_seconds)
        self.api.call("POST", f"/inquiries/{id}/wrap-up")
        answer = self.api.call("POST", f"/inquiries/{id}/closure", {"outcome": "resolved"})
        if answer.status_code not in (200, 409):  # 409: an earlier try got through, its answer did not
            self.wrong.append(f"closure: {answer.status_code} {answer.text}")

    def _be(self, presence: str) -> None:
        answer = self.api.call("PUT", "/me/presence", {"state": presence})
        assert answer.status_code == 200, answer.text


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
        self.api = Caller(facts["url"], facts["integrator_key"])
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
        answer = self.api.call("POST", "/inquiries", body, key=name)
        assert answer.status_code == 201, answer.text
        self.posted[answer.json()["id"]] = answer.json()
        return answer.json()["id"]

    def look(self, id: str) -> dict[str, Any]:
        """The inquiry as the integrator sees it now."""
        answer = self.api.call("GET", f"/inquiries/{id}")
        assert answer.status_code == 200, answer.text
        return answer.json()

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
    chief, today = Caller(facts["url"]), danish(now()).date()
    days = f"from={today - timedelta(days=1)}&to={today + timedelta(days=1)}"  # a day may end while the test runs
    chief.sign_in(next(user for user in facts["users"] if user["role"] == "secretariat"))
    found: dict[str, dict[str, float]] = {}
    for code in municipalities:
        answer = chief.call("GET", f"/statistics/municipalities/{code}?interval=1d&{days}")
        assert answer.status_code == 200, answer.text
        sums: dict[str, float] = defaultdict(float)
        for row in answer.json()["rows"]:
            for name, value in row.items():
                if isinstance(value, (int, float)):
                    sums[name] += value
        found[code] = dict(sums)
    return found
