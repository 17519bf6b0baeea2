"""Where the time between a citizen's POST and the offer goes, stage by stage, as a table for the README beside this.

.venv/bin/python loadtests/stages.py .hotline/demo.json [--inquiries 100]

One agent answers one inquiry after the other, so that each wake-up belongs to one of them; load beside it is another's.
"""

import argparse
import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from statistics import quantiles
from uuid import uuid4

import psycopg
import redis

from hotline.client import Client
from hotline.demo.facts import read_demo
from hotline.live import AGENTS, LANE, WAKE

# What ends each stage, and what is done in it.
STAGES = (
    ("arrive", "the request, up to the moment from which the inquiry counts"),
    ("commit", "looks, batch and commit, up to the wake-up of the lane `classify`"),
    ("wake", "a worker takes the wake-up and finds the inquiry"),
    ("classify", "reads the text and commits, up to the wake-up of the router"),
    ("wake", "the router takes the wake-up and finds what waits"),
    ("pass", "decides, makes the offer and commits"),
    ("publish, read, tell", "the web process hears of it, reads the agent's state and writes to the stream"),
)
JOURNAL = "SELECT DISTINCT ON (event) event, at FROM journal WHERE inquiry_id = %s ORDER BY event, at"
SAID = {"lane": ("LPUSH", LANE + "classify"), "wake": ("LPUSH", WAKE), "agents": ("PUBLISH", AGENTS)}
MOST_SECONDS = 60.0


class Overheard:
    """What Redis was told, with its own clock, while this process listens."""

    def __init__(self, url: str) -> None:
        """Listen from now on."""
        self.said: list[tuple[float, str]] = []
        self._monitor = redis.Redis.from_url(url, decode_responses=True).monitor()
        self._monitor.__enter__()
        threading.Thread(target=self._listen, daemon=True).start()

    def first(self, what: str, since: float) -> float:
        """When this was said first after a moment."""
        command = " ".join(SAID[what])
        return next(at for at, said in list(self.said) if at >= since and said.startswith(command))

    def _listen(self) -> None:
        for told in self._monitor.listen():
            self.said.append((told["time"], told["command"]))


class Stream:
    """The offers that an agent's stream told, with the moment."""

    def __init__(self, agent: Client) -> None:
        """Listen from now on."""
        self.offers: dict[str, tuple[float, int]] = {}
        self._events = agent.events()
        threading.Thread(target=self._listen, daemon=True).start()

    def wait_for(self, inquiry: str) -> tuple[float, int]:
        """When its offer came, and the offer's id. TimeoutError after a minute."""
        ends = time.monotonic() + MOST_SECONDS
        while inquiry not in self.offers:
            if time.monotonic() > ends:
                raise TimeoutError(inquiry)
            time.sleep(0.001)
        return self.offers[inquiry]

    def _listen(self) -> None:
        with closing(self._events) as events:
            for name, data in events:
                if name == "offer":
                    self.offers[data["inquiry"]["id"]] = time.time(), data["id"]


def main() -> None:
    """Print p50, p90 and p99 of each stage and of the whole, in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("demo", type=Path)
    parser.add_argument("--inquiries", type=int, default=100)
    asked = parser.parse_args()
    told = json.loads(asked.demo.read_text())
    rows = list(measured(asked.demo, told["owner_url"], told["redis_url"], asked.inquiries))
    print("| stage | what happens | p50 ms | p90 | p99 |\n|---|---|---|---|---|")
    for (name, what), took in zip((*STAGES, ("POST → seen", "the whole")), zip(*rows, strict=True), strict=True):
        cuts = quantiles((1000 * one for one in took), n=100, method="inclusive")
        print(f"| {name} | {what} | {cuts[49]:.1f} | {cuts[89]:.1f} | {cuts[98]:.1f} |")


def measured(file: Path, database: str, redis_url: str, inquiries: int) -> Iterator[list[float]]:
    """Of each inquiry the seconds of each stage, and of the whole."""
    demo = read_demo(file)
    user = next(one for one in demo.agents() if "passport" in one.topics)
    intake, agent = Client(demo.url, demo.integrator_key), Client(demo.url)
    agent.sign_in(user.username, user.password)
    overheard, stream = Overheard(redis_url), Stream(agent)
    agent.call("PUT", "/me/presence", {"state": "available"})
    asked = {"channel": "web", "municipality": user.municipality, "topic": "passport", "text": "Mit pas er udløbet"}
    with psycopg.connect(database, autocommit=True) as connection:
        for _ in range(inquiries):
            posted = time.time()
            inquiry = intake.call("POST", "/inquiries", asked, key=str(uuid4()))["id"]
            seen, offer = stream.wait_for(inquiry)
            agent.call("POST", f"/offers/{offer}/acceptance")
            agent.call("POST", f"/inquiries/{inquiry}/closure", {"outcome": "resolved"})
            at: dict[str, datetime] = dict(connection.execute(JOURNAL, [inquiry]).fetchall())
            received, classified, offered = (at[one].timestamp() for one in ("received", "classified", "offered"))
            lane, wake = overheard.first("lane", received), overheard.first("wake", classified)
            told = overheard.first("agents", offered)
            yield stages(posted, received, lane, classified, wake, offered, told, seen)
    agent.call("PUT", "/me/presence", {"state": "offline"})


def stages(*moments: float) -> list[float]:
    """From each moment to the next, and from the first to the last."""
    return [later - earlier for earlier, later in pairwise(moments)] + [moments[-1] - moments[0]]


if __name__ == "__main__":
    main()
