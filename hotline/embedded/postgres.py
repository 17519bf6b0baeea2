"""A private PostgreSQL that listens on a socket only, and keeps what it has committed whatever is killed."""

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from signal import Signals
from typing import ClassVar

import psycopg

from hotline.embedded.errors import CannotStart, NoPlace
from hotline.embedded.launch import Command, finish
from hotline.embedded.leftovers import kill, processes_in
from hotline.embedded.places import Places

NAME = "hotline"  # of the database and of its owner, who is no superuser
APP = "hotline_app"
SUPERUSER = "postgres"
MAJOR = "18"

SETTINGS = {
    "listen_addresses": "",
    "cluster_name": NAME,
    "max_connections": "200",
    "shared_buffers": "128MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "random_page_cost": "1.1",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "fsync": "on",
    "synchronous_commit": "on",
    # In files of the cluster: containers give shared memory 64 MB, and a killed server leaves its own there for ever.
    "dynamic_shared_memory_type": "mmap",
    # After a kill of the postmaster: one call (0.1 s) instead of one for each of 1,400 files (5 s).
    "recovery_init_sync_method": "syncfs" if sys.platform == "linux" else "fsync",
    "idle_in_transaction_session_timeout": "60s",
    "client_connection_check_interval": "10s",
    # No row, and no value of a statement, ever stands in the log.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}


INITDB = (
    *("--username", SUPERUSER, "--auth", "trust", "--encoding", "UTF8", "--no-instructions"),
    *("--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
)


@dataclass(frozen=True)
class Postgres:
    """The server of one data folder: create() once, prepare() before each start, then ready() until it says so."""

    places: Places
    name: ClassVar[str] = "postgres"

    @property
    def url(self) -> str:
        """The address of the database for psycopg and asyncpg; SQLAlchemy wants `postgresql+psycopg:`."""
        return f"postgresql://{NAME}@/{NAME}?host={self.places.private}"

    @property
    def app_url(self) -> str:
        """The same for the role that the application signs in as, which migrations make; it owns nothing."""
        return self.url.replace(f"{NAME}@", f"{APP}@")

    def url_of(self, kind: str) -> str:
        """The same for processes of this kind alone: web, worker, router or maintenance."""
        return self.url.replace(f"{NAME}@", f"{NAME}_{kind}@")

    @property
    def command(self) -> Command:
        """How it runs; SIGINT is its fast and clean shutdown."""
        return self._command("postgres", "-D", str(self.places.cluster))

    def create(self) -> None:
        """Make the cluster unless there is one. Raises NoPlace where the one there cannot be used."""
        cluster = self.places.cluster
        if cluster.exists():
            self._check(cluster)
            return
        unfinished = cluster.with_name("postgres.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if account := self.places.account:
            os.chown(unfinished, account.uid, account.gid)
        code, said = finish(self._command("initdb", "-D", str(unfinished), *INITDB))
        if code != 0:
            raise CannotStart(f"PostgreSQL could not make its data folder: {_last_line(said)}")
        unfinished.rename(cluster)

    def prepare(self, waited: float) -> bool:
        """Clear the way for a start, `waited` seconds after that was first asked; False: ask again in a moment.

        After a kill of the postmaster its backends go by themselves, and until then a new one must not start; after
        ten seconds they are killed. Then nobody works in the cluster, and its lock files are certainly stale: left
        there, they would stop the start whenever their process number has been given to somebody else.
        """
        if left := processes_in(self.places.cluster):
            if waited > 10:
                kill(left)
            return False
        for stale in (self.places.cluster / "postmaster.pid", self.places.private / ".s.PGSQL.5432.lock"):
            stale.unlink(missing_ok=True)
        settings = SETTINGS | {"unix_socket_directories": str(self.places.private)}
        lines = [f"{name} = '{value}'\n" for name, value in settings.items()]
        (self.places.cluster / "postgresql.conf").write_text("".join(lines))
        return True

    def ready(self) -> bool:
        """Whether it answers, serves this very cluster, and holds the hotline's database.

        Raises CannotStart when another server answers in its place.
        """
        try:
            with psycopg.connect(
                host=str(self.places.private), port=5432, user=SUPERUSER, dbname="postgres", autocommit=True
            ) as connection:
                self._check_it_is_ours(connection)
                _make_database(connection)
        except psycopg.OperationalError:  # not yet there, or still recovering
            return False
        return True

    def _command(self, program: str, *arguments: str) -> Command:
        return Command(
            argv=(str(self.places.programs / "bin" / program), *arguments),
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            cwd=self.places.private,
            account=self.places.account,
            stop_signal=Signals.SIGINT,
            death_signal=Signals.SIGINT,
            patience=15.0,
        )

    def _check(self, cluster: Path) -> None:
        owner = self.places.account.uid if self.places.account else os.geteuid()
        if cluster.stat().st_uid != owner:
            raise NoPlace(f"{self.places.home} belongs to another user, who alone can run it.")
        version = (cluster / "PG_VERSION").read_text().strip()
        if version != MAJOR:
            raise NoPlace(
                f"{self.places.home} was made by PostgreSQL {version}; this is {MAJOR}. Start without --keep."
            )

    def _check_it_is_ours(self, connection: psycopg.Connection) -> None:
        [[serves]] = connection.execute("show data_directory").fetchall()
        if Path(serves).resolve() != self.places.cluster.resolve():
            raise CannotStart(f"Another PostgreSQL answers in {self.places.private}: it serves {serves}.")


def _make_database(connection: psycopg.Connection) -> None:
    """The owner may make databases (tests do) and roles (row-level security needs them), and is bound by both."""
    if not connection.execute("select 1 from pg_roles where rolname = %s", [NAME]).fetchone():
        connection.execute(f"create role {NAME} login createdb createrole")
    if not connection.execute("select 1 from pg_database where datname = %s", [NAME]).fetchone():
        connection.execute(f"create database {NAME} owner {NAME}")


def _last_line(text: str) -> str:
    return text.splitlines()[-1] if text else "it said nothing"
