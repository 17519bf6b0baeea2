"""Every command says what it does, and says in one clear line why it cannot."""

import subprocess
import sys

import pytest
from sqlalchemy import text
from typer.main import get_command
from typer.testing import CliRunner

from hotline.cli import COMMANDS
from hotline.resources import ROOT
from tests.building import engine_of
from tests.cli.commands import app, failure, hotline
from tests.conftest import as_app

NOWHERE = {
    "HOTLINE_DATABASE_URL": "postgresql://hotline@127.0.0.1:1/hotline",
    "HOTLINE_REDIS_URL": "redis://127.0.0.1:1/0",
}


@pytest.fixture
def nowhere(tmp_path):
    """Settings by which nothing answers."""
    return NOWHERE | {"HOTLINE_DATA_DIR": str(tmp_path)}


def test_the_help_names_every_command_with_what_it_does():
    said = hotline("--help").stdout
    assert {"check", "classify", "demo", "keys", "migrate", "router", "seed", "serve", "traffic", "worker"} <= {
        *COMMANDS
    }
    for name in COMMANDS:
        [line] = [line for line in said.splitlines() if line.split()[:1] == [name]]
        assert len(line.split()) > 3, line


@pytest.mark.parametrize("name", COMMANDS)
def test_a_commands_help_names_every_option_with_what_it_does(name):
    command = get_command(app).commands[name]
    with command.make_context(name, ["--help"], resilient_parsing=True) as context:
        said = command.get_help(context)
    assert said.startswith(f"Usage: {name}") and command.help
    for option in command.params:
        if option.param_type_name == "option":
            assert option.opts[0] in said and option.help, option.name


LOADED = """
import sys
from hotline.cli import commands
for load in (lambda: commands("demo"), commands, lambda: __import__("hotline.app")):
    load()
    print(*sys.modules)
"""


def test_a_process_loads_the_one_command_it_is_asked_for_and_no_reader_before_it_is_asked_to_read():
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True)
    one, every, web = (set(line.split()) for line in done.stdout.splitlines())
    assert "hotline.cli.demo" in one and not {"hotline.cli.people", "fastapi", "sqlmodel"} & one
    assert "hotline.cli.classify" in every and "uvicorn" not in every
    assert "hotline.board.drift_pages" in web and not {"sklearn", "numpy", "py3langid"} & web


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["bake"], "hotline: No such command 'bake'."),
        (["--fast"], "hotline: No such option: --fast"),
        (["demo", "--port", "70000"], "hotline demo: Invalid value for '--port': Input should be less"),
        (["demo", "--web", "0"], "hotline demo: Invalid value for '--web'"),
        (["check", "twice"], "hotline check: Got unexpected extra argument"),
        (["people", "ad"], "hotline people: No such command 'ad'. Did you mean 'add'?"),
        (["people", "add", "karla"], "hotline people add: Missing option '--role'. Choose from: agent, team_lead"),
        (["people", "add", "karla", "--role", "queen"], "hotline people add: Invalid value for '--role'"),
        (["integrators", "add"], "hotline integrators add: Missing argument 'name'."),
        (["integrators", "add", "PBX", "--expires", "soon"], "hotline integrators add: Invalid value: `soon` is no"),
        (
            ["settlement", "preview", "--collaboration", "N", "--period", "9999-12"],
            "hotline settlement preview: Invalid value: `9999-12` is no month",
        ),
    ],
)
def test_what_is_not_understood_is_named_in_one_line(arguments, named):
    assert failure(*arguments, code=2).startswith(named)


@pytest.mark.parametrize("arguments", [["integrators", "add"], ["people", "sessions"], ["citizen", "report", "--why"]])
def test_an_argument_that_is_no_utf8_is_refused_in_one_line(arguments):
    assert failure(*arguments, "\udcff", code=2) == "hotline: An argument is no UTF-8."


def test_a_process_of_its_own_says_the_same():
    command = [sys.executable, "-m", "hotline", "people", "add", b"\xff"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "hotline: An argument is no UTF-8.\n"


def every_command(command, *path):
    """The words of every command and group, the first of them none at all."""
    yield path
    for name, inner in getattr(command, "commands", {}).items():
        yield from every_command(inner, *path, name)


@pytest.mark.parametrize("path", list(every_command(get_command(app))), ids=" ".join)
def test_an_unknown_option_is_one_line_in_every_command(path):
    done = CliRunner().invoke(app, [*path, "--no-such-option"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr == f"{' '.join(['hotline', *path])}: No such option: --no-such-option\n"


def test_a_group_without_a_command_shows_its_help():
    for arguments in ([], ["people"]):
        assert "Commands:" in hotline(*arguments).stderr


@pytest.mark.parametrize("name", ["migrate", "seed"])
def test_without_a_database_there_is_nothing_to_fill(nowhere, name):
    assert "Connection refused" in failure(name, **nowhere)


DATABASE_FIRST = ["cvr list", "people list", "integrators list", "collaboration list", "retain", "statistics rebuild",
    "statistics forecast"]  # fmt: skip


@pytest.mark.parametrize("command", DATABASE_FIRST)
def test_without_a_database_there_is_nothing_to_list_erase_or_count(nowhere, command):
    line = failure(*command.split(), **nowhere)
    assert line.startswith(f"hotline {command}: the database cannot be used: ") and "demo" not in line


@pytest.mark.parametrize("command", ["explain H-AAAA-AAAA", "people list"])
def test_beside_a_demo_whoever_named_no_database_is_told_how_to_reach_its(tmp_path, monkeypatch, command):
    (tmp_path / "demo.json").touch()
    monkeypatch.delenv("HOTLINE_DATABASE_URL", raising=False)
    monkeypatch.setenv("PGPORT", "1")
    told = "; for the demo's, set HOTLINE_DATABASE_URL to the `database_url` of "
    assert failure(*command.split(), HOTLINE_DATA_DIR=str(tmp_path)).endswith(f"{told}{tmp_path / 'demo.json'}")


def test_the_check_names_each_part_that_is_not_in_order(nowhere):
    done = hotline("check", **nowhere)
    assert done.exit_code == 1 and done.stderr == ""
    said = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    unknown = "migrations, tenancy, rows, logins, workers, duties, set aside, in hand, in vain, on duty"
    assert list(said) == [
        "keys",
        "policy",
        "sign-in",
        "passwords",
        "citizens",
        "redis",
        "database",
        unknown,
        "cookies",
        "reader",
    ]
    assert [name for name, words in said.items() if words == "ok"] == ["policy", "sign-in", "passwords", "citizens"]
    assert "no key ring" in said["keys"] and "refused" in said["database"] and "refused" in said["redis"]
    assert said[unknown] == "not known without the database"


SECRET = "HOTLINE_OIDC_CLIENT_SECRET_FILE"
ISSUER = {"HOTLINE_OIDC_ISSUER": "https://login.example"}


@pytest.mark.parametrize(
    ("part", "words", "env"),
    [
        (
            "policy",
            "there is no policy `nope`; it may be default, home-first, oldest-first",
            {"HOTLINE_POLICY": "nope"},
        ),
        ("passwords", "HOTLINE_COMMON_PASSWORDS", {"HOTLINE_COMMON_PASSWORDS": "none.txt"}),
        ("sign-in", "No such file or directory: 'none.txt'", ISSUER | {SECRET: "none.txt"}),
        ("sign-in", "is empty", ISSUER | {SECRET: "/dev/null"}),
    ],
)
def test_the_check_names_a_setting_whose_file_cannot_be_used(nowhere, part, words, env):
    said = dict(line.split(": ", 1) for line in hotline("check", **nowhere, **env).stdout.splitlines())
    assert words in said[part]


def test_a_web_process_does_not_start_without_a_key_ring(nowhere):
    line = failure("serve", "--port", "0", **nowhere)
    assert "no key ring" in line and "hotline keys make" in line


@pytest.mark.parametrize("name", ["serve", "worker", "router"])
def test_an_unknown_policy_is_named_beside_those_that_there_are(nowhere, name):
    line = failure(name, **nowhere, HOTLINE_POLICY="nope")
    assert line == f"hotline {name}: there is no policy `nope`; it may be default, home-first, oldest-first"


@pytest.mark.parametrize("fd", ["99", "-1", "99999999999"])
def test_a_web_process_says_that_no_open_socket_was_handed_down(nowhere, fd):
    assert failure("serve", "--fd", fd, **nowhere).startswith(f"hotline serve: --fd {fd} is no open socket")


def test_a_web_process_does_not_start_without_a_database(nowhere):
    assert hotline("keys", "make", **nowhere).exit_code == 0
    assert failure("serve", "--port", "0", **nowhere).startswith("hotline serve: PostgreSQL does not answer: ")


def test_a_worker_does_not_start_without_redis(nowhere):
    assert failure("worker", **nowhere).startswith("hotline worker: Redis does not answer: ")


def test_a_worker_does_not_start_without_a_key_ring(database, tmp_path):
    line = failure("worker", HOTLINE_DEMO="false", HOTLINE_KEYS_FILE=str(tmp_path / "none.json"))
    assert line.startswith("hotline worker: no key ring (`hotline keys make` makes one): ") and "none.json" in line


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOTLINE_DATABASE_URL", "mysql://hotline"),
        ("HOTLINE_DATABASE_URL", ""),
        ("HOTLINE_DATABASE_URL", "postgresql://hotline@localhost:abc/hotline"),
        ("HOTLINE_REDIS_URL", "localhost"),
        ("HOTLINE_REDIS_URL", "redis://localhost:abc/0"),
        ("HOTLINE_REDIS_URL", "redis://localhost:99999/0"),
        ("HOTLINE_REDIS_URL", "redis://[::1/0"),
        ("HOTLINE_OWNER_URL", "postgres://hotline@localhost/hotline"),
        ("HOTLINE_POOL_SIZE", "many"),
        ("HOTLINE_POOL_SIZE", "0"),
        ("HOTLINE_MAX_BODY_BYTES", "0"),
        ("HOTLINE_MAX_TEXT_CHARACTERS", "-1"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(nowhere, name, value):
    assert name in failure("check", code=2, **(nowhere | {name: value}))


def test_no_demo_to_bring_citizens_to_is_said(tmp_path):
    assert str(tmp_path / "demo.json") in failure("traffic", "--demo", str(tmp_path / "demo.json"))


def test_a_demo_does_not_overwrite_what_it_has_not_made(tmp_path):
    (tmp_path / "demo.json").write_text("mine")
    assert "which no demo made" in failure("demo", "--data", str(tmp_path), "--port", "0")
    assert (tmp_path / "demo.json").read_text() == "mine"


def test_a_key_ring_is_made_once_and_never_replaced(tmp_path):
    env = {"HOTLINE_KEYS_FILE": str(tmp_path / "keys.json")}
    made = hotline("keys", "make", **env)
    assert made.exit_code == 0 and str(tmp_path / "keys.json") in made.stdout
    before = (tmp_path / "keys.json").read_bytes()
    assert "already" in failure("keys", "make", **env)
    assert (tmp_path / "keys.json").read_bytes() == before


@pytest.mark.parametrize("ring", ['{"keys": {}}', "[]", '{"keys": {"1": 1}}', "null"])
def test_the_check_opens_the_key_ring(nowhere, tmp_path, ring):
    (tmp_path / "keys.json").write_text(ring)
    (tmp_path / "keys.json").chmod(0o600)  # one that everybody may open is refused before it is looked into
    said = dict(line.split(": ", 1) for line in hotline("check", **nowhere).stdout.splitlines())
    assert said["keys"] == f"{tmp_path / 'keys.json'} is no key ring"


@pytest.mark.parametrize("line", [b"[1]", b'{"text": "\xe5"}'])
def test_a_line_that_is_no_text_ends_the_reading_with_its_number(data_dir, line):
    said = b'\xef\xbb\xbf{"text": "pas"}\n' + line + b"\n"  # as Windows begins a file of UTF-8
    done = hotline("classify", "--jsonl", said=said, HOTLINE_DATA_DIR=str(data_dir))
    assert done.exit_code == 2
    assert "2" in done.stderr.splitlines()[-1] and "Traceback" not in done.stderr


def test_a_database_of_a_later_version_is_left_alone_in_one_line(databases):
    with databases.of_its_own() as url:
        with engine_of(url).begin() as later:
            later.execute(text("UPDATE alembic_version SET version_num = 'of_tomorrow'"))
        said = failure("migrate", HOTLINE_OWNER_URL=url)
    assert said.startswith("hotline migrate: the database is of another version of the hotline than this one")


def test_migrate_twice_does_nothing_the_second_time(database):
    assert hotline("migrate").stdout == "nothing to do\n"


def test_production_gets_municipalities_and_topics_and_no_invented_people(database):
    said = hotline("seed").stdout
    assert "no demo" in said and hotline("seed").stdout == said


def test_the_check_is_content_with_what_is_in_order_and_names_what_is_not(database, databases):
    with databases.of_its_own() as url:
        where = {"HOTLINE_DATABASE_URL": as_app(url), "HOTLINE_OWNER_URL": url}
        done = hotline("check", HOTLINE_SECURE_COOKIES="true", **where)
    assert done.exit_code == 1
    *said, reader = done.stdout.splitlines()
    assert reader.startswith("reader: ") and reader.endswith("; nothing taught, 0 corrections kept")
    assert said == [
        "keys: ok",
        "policy: ok",
        "sign-in: ok",
        "passwords: ok",
        "citizens: ok",
        "redis: ok",
        "database: ok",
        "migrations: ok",
        "tenancy: ok",
        "rows: ok",
        "logins: ok",
        "workers: no worker is running",
        "duties: ok",
        "set aside: ok",
        "in hand: ok",
        "in vain: ok",
        "on duty: ok",
        "cookies: ok",
    ]
