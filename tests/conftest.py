"""What the tests stand on: a real PostgreSQL and Valkey for each test process, an empty database for each test."""

import os
import socket
import threading
from contextlib import contextmanager

import hypothesis
import pytest
from sqlmodel import Session

from hotline import db as hotline_db
from hotline import live, policies
from hotline.access import pace
from hotline.app import create_app
from hotline.clock import now
from hotline.embedded import servers
from hotline.privacy import ring, vault
from hotline.queue.signed_in import known_of
from hotline.settings import settings
from hotline.web.health import numbers
from hotline.web.server import Server
from tests.building import owner
from tests.databases import BARE, WITH_FACTS, Databases
from tests.surroundings import leading_astray
from tests.together import Together
from tests.waiting import until

for name in leading_astray(os.environ):
    del os.environ[name]

# The same examples in each run, and none fails for being slow; `--hypothesis-profile=explore` looks for new ones.
SLOW_IS_FINE = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("repeat", derandomize=True, **SLOW_IS_FINE)
hypothesis.settings.register_profile("explore", max_examples=1500, **SLOW_IS_FINE)
hypothesis.settings.load_profile("repeat")

# What a connection is told before any command has said what process it is of.
SESSION_OPTIONS = dict(hotline_db.SESSION_OPTIONS)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """How several processes share the tests."""
    return Together(config, log) if config.getvalue("dist") == "loadgroup" else None


def forget():
    """Let the next use of the settings, and of all that was made from them, look again.

    What a command that ran in this process said of it is taken back, too; and who asked how often.
    """
    if hotline_db.engine.cache_info().currsize:
        hotline_db.engine().dispose()
    for made in (settings, hotline_db.engine, policies.current_policy, known_of, numbers):
        made.cache_clear()
    hotline_db.SESSION_OPTIONS.update(SESSION_OPTIONS)
    live.forget()
    pace.HERE.storage.reset()
    vault.forget()


def as_app(url):
    """The same database as the application signs in to it: by a role that owns nothing."""
    return url.replace("hotline@", "hotline_app@")


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    """The two servers of this test process."""
    with servers(tmp_path_factory.mktemp("servers")) as both:
        yield both


@pytest.fixture(scope="session")
def databases(running):
    """The databases that tests get, each emptied before."""
    made = Databases(running.database_url)
    made.make()
    return made


@pytest.fixture
def database(request, running, databases, tmp_path, monkeypatch):
    """A migrated database as if it were new, an empty Redis and a key ring, where the settings now point to."""
    url = databases.emptied(WITH_FACTS if "with_facts" in request.fixturenames else BARE)
    monkeypatch.setenv("HOTLINE_DATABASE_URL", as_app(url))
    monkeypatch.setenv("HOTLINE_OWNER_URL", url)
    monkeypatch.setenv("HOTLINE_REDIS_URL", running.redis_url)
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(tmp_path / "data"))
    forget()
    ring.make(settings().key_ring)
    live.connection().flushall()
    yield url
    forget()


@pytest.fixture
def db(database):
    """A session of the owner in a fresh database, who sees and may do everything: for building and for looking."""
    with Session(owner(), expire_on_commit=False) as session:
        yield session


@pytest.fixture
def with_facts(database):
    """A database as if it were new that has the facts of the directory: municipalities and topics."""
    return database


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory):
    """A data folder that all processes of a run share, so that as a rule only one of them trains the reader."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "reads"
    (shared / "models").mkdir(parents=True, exist_ok=True)
    return shared


@pytest.fixture
def trained(database, data_dir):
    """The reader in the data folder of the settings is the one that all tests share."""
    settings().data_dir.mkdir(exist_ok=True)
    (settings().data_dir / "models").symlink_to(data_dir / "models")


@pytest.fixture
def web(with_facts):
    """The address of a web process over HTTP, in this process's threads, on the database of `with_facts`."""
    with serving() as url:
        yield url


# Applications that no server runs just now, by the settings they are made with: what they have open they open when a
# server starts, and to make one takes a tenth of a second.
APPS = {}


@contextmanager
def serving(grace=2, **tls):
    """A web server on a free port of loopback, for as long as the block runs; its address.

    When it stops, what it still has to answer gets `grace` seconds. `tls` are uvicorn's `ssl_certfile` and
    `ssl_keyfile`; with them it speaks HTTPS alone.
    """
    listening = socket.create_server(("127.0.0.1", 0))
    idle = APPS.setdefault((settings().max_body_bytes, settings().secure_cookies), [])
    app = idle.pop() if idle else create_app()
    server = Server(app, timeout_graceful_shutdown=grace, **tls)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    until(lambda: server.started or not thread.is_alive(), "the web server starts")
    assert thread.is_alive(), "the web server did not start"
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(60)
        listening.close()
        idle.append(app)
        assert not thread.is_alive(), "the web server did not stop"


@pytest.fixture
def moment():
    """Now, for tests that need no other time."""
    return now()
