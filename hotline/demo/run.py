"""Runs the whole hotline on one machine: servers, web, workers, router and simulated citizens, under a supervisor."""

import http.client
import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from hotline.clock import now
from hotline.demo import announce
from hotline.demo.address import HOST, listen
from hotline.demo.folder import check_ours, check_space, wipe
from hotline.demo.history import WEEKS, give_history
from hotline.demo.supervisor import Part, Stopping, Supervisor, stoppable
from hotline.embedded import CannotStart, Command, FolderInUse, Logs, Places, Postgres, Valkey, held, settled
from hotline.resources import ROOT

KINDS = {"serve": "web", "worker": "worker", "router": "router"}  # the command of each kind of process that stays
SERVERS, HOTLINE, TRAFFIC = range(3)  # stages: stopped from the last to the first
TOO_MANY_DEATHS = 4
PATIENCE = 180.0  # seconds until everything must answer; what keeps dying is noticed long before


@dataclass(frozen=True)
class Options:
    """What the person who starts the demo may choose."""

    folder: Path
    port: int | None = None
    traffic: bool = True
    history: bool = True
    keep: bool = False
    web: int = 2
    workers: int = 2
    routers: int = 1


def run(options: Options, say: Callable[[str], None]) -> None:
    """Run everything until it is asked to stop (Ctrl-C, SIGTERM); `say` gets the lines for the person who waits.

    Call it in the main thread. Raises CannotStart with one line that says why it cannot.
    """
    try:
        with stoppable():
            check_ours(options.folder)
            with held(options.folder) as folder:
                _run_in(folder, options, say)
    except Stopping:
        say("Stoppet · Stopped.")
    except FolderInUse as error:
        raise CannotStart(f"{error} Stop it there, or choose another folder with --data.") from None
    except OSError as error:
        raise CannotStart(f"{error.filename or options.folder}: {error.strerror or error}") from None


def _run_in(folder: Path, options: Options, say: Callable[[str], None]) -> None:
    published = folder / "demo.json"
    with listen(options.port) as listening:
        port = listening.getsockname()[1]
        if options.port is None and port != 8000:
            say(f"Port 8000 is in use, so this is {port}.")
        published.unlink(missing_ok=True)
        if not options.keep:
            wipe(folder)
        check_space(folder)
        try:
            with settled(folder) as places, Supervisor(Logs(folder / "log")) as supervisor:
                check_space(places.cluster.parent)
                hotline = _Hotline(places, options, supervisor, port, listening.fileno(), say)
                hotline.open()
                while True:
                    supervisor.step(60.0)
        finally:
            published.unlink(missing_ok=True)


class _Hotline:
    """One run of the demo: what it starts, in which order, and what it publishes."""

    def __init__(
        self,
        places: Places,
        options: Options,
        supervisor: Supervisor,
        port: int,
        listening: int,
        say: Callable[[str], None],
    ) -> None:
        self.postgres, self.valkey = Postgres(places), Valkey(places)
        self.folder, self.options, self.supervisor, self.say = places.folder, options, supervisor, say
        self.port, self.listening = port, listening
        self.url = f"http://{HOST}:{port}"

    def open(self) -> None:
        """Start everything in order, and say so once it answers."""
        self._start_servers()
        self._fill_database()
        self.begun = now()
        self._start_parts()
        if self.options.history:
            self._give_history()  # beside them, who need as long to begin
        self._wait(self._answers)  # and is left in peace while the worker reads its texts
        self._wait(self._works)
        self._publish()
        self.supervisor.changed = self._publish
        if self.options.traffic:
            self._look_after("traffic", "traffic", TRAFFIC, "traffic", "--demo", str(self.folder / "demo.json"))
        self.say(announce.welcome(self._facts(), self.folder / "demo.json"))

    def _start_servers(self) -> None:
        self.say("PostgreSQL, Valkey …")
        for server in (self.postgres, self.valkey):
            server.create()
            self.supervisor.look_after(Part(server.name, server.name, server.command, SERVERS, server.prepare))
        self._wait(lambda: self.postgres.ready() and self.valkey.ready())

    def _fill_database(self) -> None:
        self.say("Database, kommuner og medarbejdere · municipalities and agents …")
        self.supervisor.finish("migrate", self._command("migrate"))
        self.supervisor.finish("seed", self._command("seed", "--sign-ins", str(self.folder / "sign-ins.json")))
        self.sign_ins: dict[str, Any] = json.loads((self.folder / "sign-ins.json").read_text())

    def _start_parts(self) -> None:
        self.say("Web, workers, router …")
        for kind, count in (
            ("web", self.options.web),
            ("worker", self.options.workers),
            ("router", self.options.routers),
        ):
            arguments = ("serve", "--fd", str(self.listening)) if kind == "web" else (kind,)
            for number in range(1, count + 1):
                self._look_after(f"{kind}-{number}", kind, HOTLINE, *arguments)

    def _give_history(self) -> None:
        with psycopg.connect(self.postgres.url, autocommit=True) as owner:
            if number := give_history(owner, self.begun):
                self.say(f"{WEEKS} opdigtede uger, {number} henvendelser · invented weeks, inquiries")

    def _look_after(self, name: str, kind: str, stage: int, *arguments: str) -> None:
        self.supervisor.look_after(Part(name, kind, self._command(*arguments), stage))

    def _command(self, *arguments: str) -> Command:
        # What the shell says about another PostgreSQL (PGPORT, PGHOSTADDR …) must not lead the parts there.
        env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        env |= {
            "HOTLINE_DATABASE_URL": self.postgres.url_of(KINDS.get(arguments[0], "maintenance")),
            "HOTLINE_OWNER_URL": self.postgres.url,
            "HOTLINE_REDIS_URL": self.valkey.url,
            "HOTLINE_DEMO": "1",
            "HOTLINE_DATA_DIR": str(self.folder),
            # Whoever tries webhooks here listens on this machine.
            "HOTLINE_WEBHOOK_NETWORKS": os.environ.get("HOTLINE_WEBHOOK_NETWORKS", "127.0.0.0/8,::1/128"),
            "HOTLINE_CITIZENS_KEY_FILE": str(self.folder / "citizens.key"),
            "PYTHONUNBUFFERED": "1",
        }
        fds = (self.listening,) if arguments[0] == "serve" else ()
        patience = 1.0 if arguments[0] == "traffic" else 3.0  # nobody waits for an invented citizen
        return Command((sys.executable, "-m", "hotline", *arguments), env, ROOT, fds=fds, patience=patience)

    def _wait(self, is_so: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not is_so():
            self.supervisor.step(0.2)
            if name := self.supervisor.often_dead(TOO_MANY_DEATHS):
                raise CannotStart(f"`{name}` does not keep running: {self.supervisor.logs.last_line(name)}")
            if time.monotonic() > deadline:
                raise CannotStart(f"Not everything answered in {PATIENCE:.0f} s; see {self.supervisor.logs.folder}.")

    def _answers(self) -> bool:
        """Whether a web process says that it can do its work."""
        asked = http.client.HTTPConnection(HOST, self.port, timeout=2)
        try:
            asked.request("GET", "/readyz")
            return asked.getresponse().status == 200
        except (OSError, http.client.HTTPException):  # none serves yet
            return False
        finally:
            asked.close()

    def _works(self) -> bool:
        """Whether a worker has looked at its lanes; before that it reads its texts, for seconds on the first start."""
        with psycopg.connect(self.postgres.url) as connection:
            worked = connection.execute("SELECT 1 FROM duty WHERE name = 'classify' AND done_at > %s", [self.begun])
            return worked.fetchone() is not None

    def _publish(self) -> None:
        announce.write(self.folder / "demo.json", self._facts())

    def _facts(self) -> announce.Facts:
        pids = self.supervisor.pids
        return announce.Facts(
            url=self.url,
            integrator_key=self.sign_ins["integrator_key"],
            database_url=self.postgres.app_url,
            owner_url=self.postgres.url,
            redis_url=self.valkey.url,
            users=self.sign_ins["users"],
            pids={kind: pids(kind) for kind in ("web", "worker", "router")}
            | {kind: next(iter(pids(kind)), None) for kind in ("postgres", "valkey")},
        )
