"""The hotline beside the exchange: a demo, two connectors, agents at work, and what was written of it all."""

import json
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import count
from urllib.parse import urlencode

import psycopg
from psycopg.rows import namedtuple_row
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from hotline.client import Away, Client, Problem
from hotline.resources import ROOT
from tests.demo.running import demo
from tests.telephony.phones import ARI
from tests.waiting import until

HERE = "0751"  # whose citizens ring; any member's would do
NUMBERS = (f"+4520{n:06d}" for n in count(100_000))
JOURNAL = """
    SELECT j.inquiry_id, j.event, j.at, j.agent_id, j.data, c.channel, c.id AS call
    FROM ari_call c JOIN journal j ON j.inquiry_id = c.inquiry_id WHERE c.id > %s ORDER BY j.id
"""
CALLS = """
    SELECT c.id, c.channel, c.in_vain, c.over_at, i.id AS inquiry_id, i.state, i.topic, i.agent_id,
           i.received_at
    FROM ari_call c LEFT JOIN inquiry i ON i.id = c.inquiry_id WHERE c.id > %s ORDER BY c.id
"""


def _at(event):
    return datetime.strptime(event["timestamp"], "%Y-%m-%dT%H:%M:%S.%f%z")


class Heard(threading.Thread):
    """Every event of the exchange, as another than our connectors hears it."""

    def __init__(self):
        super().__init__(daemon=True)
        self.events, self._ended = [], False
        self.start()

    def run(self):
        asked = urlencode({"app": "watch", "subscribeAll": "true", "api_key": "hotline:hotline"})
        address = f"{ARI.replace('http', 'ws')}/ari/events?{asked}"
        with suppress(WebSocketException, OSError), connect(address, max_size=None, proxy=None) as socket:
            while not self._ended:
                with suppress(TimeoutError):
                    self.events.append(json.loads(socket.recv(timeout=0.5)))

    def end(self):
        self._ended = True
        self.join()

    def first(self, channel, *kinds, state=None):
        """When the exchange first told one of these of a channel; None where it did not."""
        times = [
            _at(event)
            for event in list(self.events)
            if event["type"] in kinds and event["channel"]["id"] == channel
            and (state is None or event["channel"]["state"] == state)
        ]  # fmt: skip
        return min(times, default=None)

    @staticmethod
    def between(events):
        """Seconds from the first channel that came to the first telephone that rang."""
        came = next(event for event in events if event["type"] == "ChannelCreated")
        rang = next(
            event
            for event in events
            if event["type"] == "ChannelStateChange" and event["channel"]["state"] == "Ringing"
        )
        return (_at(rang) - _at(came)).total_seconds()

    def together(self):
        """For each bridge in which two spoke, the channels that were ever in it."""
        found = {}
        for event in list(self.events):
            if event["type"] == "ChannelEnteredBridge" and "-talk-" in event["bridge"]["id"]:
                found.setdefault(event["bridge"]["id"], set()).add(event["channel"]["id"])
        return found


class Agent(threading.Thread):
    """An agent at a desk with a telephone: closes what is over, and does nothing else unless told."""

    def __init__(self, url, user, endpoint):
        super().__init__(daemon=True)
        self.user, self.endpoint, self._ended = user, endpoint, False
        self.closed, self.takes = [], False
        self.api = Client(url)
        self.api.sign_in(user["username"], user["password"])
        self.rung_at(endpoint)
        self.api.me()
        self.api.be("available")
        self.start()

    def rung_at(self, endpoint):
        self.api.call("PUT", "/me/phone", {"endpoint": endpoint})

    def run(self):
        while not self._ended:
            with suppress(Problem, Away):
                me = self.api.me()
                for offer in me["offers"] if self.takes else ():
                    self.api.accept(offer["id"])
                for inquiry in me["inquiries"]:
                    if inquiry["state"] == "wrapping":
                        self.api.close(inquiry["id"], "resolved")
                        self.closed.append(inquiry["id"])
            time.sleep(0.1)

    def end(self):
        self._ended = True
        self.join()
        with suppress(Problem, Away):
            self.rung_at(None)
            self.api.be("offline")


class Hotline:
    """A demo with two connectors."""

    def __init__(self, running, folder):
        self.running, self.folder, self.connectors = running, folder, []
        self.secret = folder / "password"
        self.secret.write_text("hotline\n")
        self.rules = folder / "telephony.toml"
        shipped = (ROOT / "config" / "telephony.toml").read_text()
        self.rules.write_text(shipped.replace('municipality = ""', f'municipality = "{HERE}"'))
        for _ in range(2):
            self.connect()

    def connect(self):
        """One connector more."""
        facts = self.running.facts
        env = self.running.env | {
            "HOTLINE_DATABASE_URL": facts["database_url"],
            "HOTLINE_REDIS_URL": facts["redis_url"],
            "HOTLINE_DATA_DIR": str(self.running.folder),
            "HOTLINE_DEMO": "1",
        }
        said = (self.folder / f"connector-{len(self.connectors)}.log").open("w")
        asked = ("--url", ARI, "--user", "hotline", "--password-file", str(self.secret), "--rules", str(self.rules))
        command = (sys.executable, "-m", "hotline", "ari", *asked)
        self.connectors.append(subprocess.Popen(command, cwd=ROOT, env=env, stdout=said, stderr=said))

    def kill_connector_at_work(self):
        """kill -9 of the one that leads the calls; another one is started, to stand by."""
        ours = {int(log.stem.rpartition("-")[2]): log for log in self.folder.glob("connector-*.log")}
        at_work = [n for n, log in ours.items() if "at work" in log.read_text() and self.connectors[n].poll() is None]
        assert at_work, "no connector is at work"
        self.connectors[at_work[0]].kill()
        self.connectors[at_work[0]].wait()
        self.connect()

    @contextmanager
    def hung_connector(self):
        """The one that leads the calls is stopped in whatever it is doing, and goes on after the block."""

        def leads(log):
            said = [line for line in log.read_text().splitlines() if "at work" in line or "stands by" in line]
            return bool(said) and "stands by" not in said[-1]

        logs = enumerate(sorted(self.folder.glob("connector-*.log"), key=lambda log: int(log.stem.rpartition("-")[2])))
        [one] = [self.connectors[n] for n, log in logs if self.connectors[n].poll() is None and leads(log)]
        one.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            one.send_signal(signal.SIGCONT)

    def asked(self, statement, *values):
        with psycopg.connect(self.running.facts["owner_url"], row_factory=namedtuple_row) as connection:
            return connection.execute(statement, values).fetchall()

    def last(self):
        """The number of the newest call."""
        return self.asked("SELECT coalesce(max(id), 0) AS id FROM ari_call")[0].id

    def calls(self, after=0):
        return self.asked(CALLS, after)

    def journal(self, after=0):
        """The lines of each call, by its channel."""
        found = {}
        for line in self.asked(JOURNAL, after):
            found.setdefault(line.channel, []).append(line)
        return found

    def events(self, after=0):
        """What happened to the one call after this one, in order."""
        [lines] = self.journal(after).values()
        return [line.event for line in lines]

    def all_over(self, after, how_many, seconds=60.0):
        """The calls after this one, once there are so many and all of them are over."""

        def over():
            calls = self.calls(after)
            return calls if len(calls) == how_many and all(one.over_at for one in calls) else None

        return until(over, f"{how_many} calls are over", seconds)

    def agents_of(self, topics, how_many):
        """So many users with all of these topics, who answer citizens of any member."""
        able = [one for one in self.running.users("agent") if {*topics} <= {*one["topics"]}]
        assert len(able) >= how_many, [len(able), topics]
        return able[:how_many]

    @contextmanager
    def at_work(self, endpoints, topics=("passport",), skip=0):
        """Agents with these topics at these telephones, others than the first `skip` who could be."""
        users = self.agents_of(topics, skip + len(endpoints))[skip:]
        agents = [Agent(self.running.facts["url"], user, one) for user, one in zip(users, endpoints, strict=True)]
        try:
            yield agents
        finally:
            for one in agents:
                one.end()

    def end(self):
        for one in self.connectors:
            one.kill()
            one.wait()


@contextmanager
def hotline(folder, models):
    """For as long as the block runs."""
    folder.mkdir(parents=True, exist_ok=True)
    with demo(folder, "--web", "1", "--workers", "1", models=models) as running:
        one = Hotline(running, folder)
        try:
            yield one
        finally:
            one.end()
