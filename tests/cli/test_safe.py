"""With which secrets and at which doors the hotline does not begin."""

import socket

import pytest

from hotline.cli.safe import host_of, in_the_clear, unsafe
from hotline.privacy.ring import make
from hotline.settings import Settings
from tests.cli.commands import failure

HERE = "postgresql://hotline_app@/hotline?host=/run/postgresql"
FAR = "postgresql://hotline_app:Uj4-plain-but-long@db.example/hotline"


def said(host=None, **given):
    """What is wrong with these settings; the addresses are sound unless a test says otherwise."""
    return unsafe(Settings(**({"database_url": HERE, "secure_cookies": True} | given)), host)


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("database_url", "postgresql://hotline_app:hotline_app@db.example/hotline"),
        ("database_url", "postgresql://hotline_app:Password@db.example/hotline"),
        ("database_url", "postgresql://db.example/hotline?user=anna&password=anna"),
        ("owner_url", "postgresql://hotline:hotline@db.example/hotline"),
        ("redis_url", "redis://:changeme@redis.example/0"),
    ],
)
def test_a_password_that_everybody_knows_is_refused_and_not_repeated(name, url):
    line = said(**{name: url})
    assert line == f"the password in HOTLINE_{name.upper()} is one that everybody knows"


def test_a_clients_secret_that_everybody_knows_is_refused(tmp_path):
    assert "HOTLINE_OIDC_CLIENT_SECRET" in said(oidc_client_secret="Secret")
    assert said(oidc_client_secret="9c1e2f0a7d") is None
    file = tmp_path / "secret"
    file.write_text("Changeme\n")
    assert "HOTLINE_OIDC_CLIENT_SECRET_FILE" in said(oidc_client_secret_file=file)
    assert said(oidc_client_secret_file=tmp_path / "none") is None  # who needs it names it


GUARDED = FAR + "?sslmode=verify-full"


@pytest.mark.parametrize(
    ("name", "url", "begins"),
    [
        ("database_url", HERE, True),
        ("database_url", "postgresql://hotline_app@127.0.0.1/hotline", True),
        ("database_url", GUARDED, True),
        ("database_url", FAR, False),
        ("database_url", FAR + "?sslmode=prefer", False),
        ("database_url", "postgresql://hotline_app@db.example/hotline?sslmode=verify-full", False),
        ("database_url", "postgresql:///hotline?host=/run,192.0.2.7", False),
        ("database_url", "postgresql://localhost/hotline?hostaddr=192.0.2.7", False),
        ("database_url", "postgresql:///hotline?service=far", False),
        ("owner_url", FAR, False),
        ("redis_url", "unix:///run/valkey.sock", True),
        ("redis_url", "redis://[::1]:6379/0", True),
        ("redis_url", "rediss://:Uj4-plain-but-long@redis.example/0", True),
        ("redis_url", "redis://:Uj4-plain-but-long@redis.example/0", False),
        ("redis_url", "rediss://redis.example/0", False),
        ("redis_url", "redis:///0?host=redis.example", False),
    ],
)
def test_a_server_on_another_machine_asks_for_a_password_and_tls_unless_told_so(name, url, begins):
    found = said(**{name: url})
    assert found is None if begins else f"HOTLINE_{name.upper()} asks for a password and TLS" in found
    assert said(**{name: url}, unguarded_servers=True) is None


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::", "hotline.example"])
def test_a_demo_is_reached_from_its_own_machine_alone(host):
    assert host in said(host, demo=True)


@pytest.mark.parametrize(
    "url", [FAR, "postgresql:///hotline?host=/run,192.0.2.7", "postgresql:///h?hostaddr=192.0.2.7"]
)
def test_a_demo_has_its_database_on_its_own_machine(url):
    assert "HOTLINE_DATABASE_URL leads to another" in said(demo=True, database_url=url)


@pytest.mark.parametrize("host", [None, "", "127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_a_demo_on_this_machine_begins(host):
    assert said(host, demo=True, secure_cookies=False) is None


def test_cookies_travel_in_the_clear_only_if_somebody_said_so():
    without = Settings(database_url=HERE)
    assert "HOTLINE_SECURE_COOKIES" in unsafe(without, "0.0.0.0")
    assert unsafe(without, "127.0.0.1") is None
    assert said("0.0.0.0", secure_cookies=False) is None
    assert said("0.0.0.0", secure_cookies=True) is None


def test_a_key_ring_that_everybody_may_open_is_refused(tmp_path):
    ring = tmp_path / "keys.json"
    make(ring)
    assert said(keys_file=ring) is None
    ring.chmod(0o644)
    assert str(ring) in said(keys_file=ring)


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_a_socket_that_was_handed_down_says_where_it_listens(address):
    with socket.create_server((address, 0)) as listening:
        assert host_of(listening.fileno()) == address
        assert listening.fileno() > 0 and listening.getsockname()[0] == address  # still open


@pytest.mark.parametrize("name", ["serve", "worker", "router"])
def test_every_process_that_stays_refuses_it_in_one_line(tmp_path, name):
    line = failure(
        name, HOTLINE_DATABASE_URL="postgresql://hotline:hotline@127.0.0.1:1/h", HOTLINE_DATA_DIR=str(tmp_path)
    )
    assert line == f"hotline {name}: the password in HOTLINE_DATABASE_URL is one that everybody knows"


def test_whoever_runs_it_is_told_where_cookies_are_not_for_https_alone():
    assert "is not set" in in_the_clear(Settings(database_url=HERE))
    assert "is false" in in_the_clear(Settings(database_url=HERE, secure_cookies=False))
    assert in_the_clear(Settings(database_url=HERE, secure_cookies=True)) is None
    assert in_the_clear(Settings(database_url=HERE, demo=True)) is None
