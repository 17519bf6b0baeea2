"""What dies is started again at once, and nothing outlives the supervisor. Every part here is a real process."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hotline.demo.supervisor import STOPPING_SIGNALS, Part, Stopping, Supervisor, pause
from hotline.embedded import CannotStart, Command, Logs
from hotline.resources import ROOT
from tests.demo.running import is_alive
from tests.waiting import until

SUPERVISE = """
import os, sys
from pathlib import Path
from hotline.demo.supervisor import Part, Supervisor
from hotline.embedded import Command, Logs
with Supervisor(Logs(Path(sys.argv[1]))) as supervisor:
    for number in range(3):
        command = Command(("sleep", "600"), os.environ, Path("/"))
        supervisor.look_after(Part(f"sleep-{number}", "sleep", command, number))
    print(*supervisor.pids("sleep"), flush=True)
    while True:
        supervisor.step(60)
"""


def a_command(*argv: str, **more) -> Command:
    return Command(argv, os.environ, Path("/"), **more)


def a_part(name: str, *argv: str, prepare=None) -> Part:
    return Part(name, name, a_command(*argv), 0, prepare)


def step_until(supervisor: Supervisor, is_so) -> None:
    until(lambda: is_so() or supervisor.step(0.2), "the supervisor came to it")


def is_gone(pid: int) -> bool:
    return not is_alive(pid)


@pytest.fixture
def supervisor(tmp_path):
    with Supervisor(Logs(tmp_path / "log")) as running:
        yield running


@pytest.mark.parametrize("deaths, seconds", [(1, 0.0), (2, 0.1), (3, 0.2), (4, 0.4), (7, 3.2), (8, 5.0), (5000, 5.0)])
def test_a_part_that_keeps_dying_is_started_again_less_and_less_often(deaths, seconds):
    assert pause(deaths) == pytest.approx(seconds)


def test_a_killed_part_is_back_with_another_number_and_said_so_once(supervisor):
    said = []
    supervisor.look_after(a_part("part", "sleep", "600"))
    supervisor.changed = lambda: said.append(supervisor.pids("part"))
    [before] = supervisor.pids("part")
    os.kill(before, signal.SIGKILL)
    step_until(supervisor, lambda: said)
    [after] = supervisor.pids("part")
    assert after != before
    assert said == [[after]]


def test_the_death_of_a_part_ends_the_wait(supervisor):
    supervisor.look_after(a_part("part", "sleep", "600"))
    [before], killed = supervisor.pids("part"), time.monotonic()
    os.kill(before, signal.SIGKILL)
    while supervisor.pids("part") in (
        [],
        [before],
    ):  # any news of any child ends a wait
        supervisor.step(120)
    assert time.monotonic() - killed < 120


def test_one_that_keeps_dying_does_not_keep_the_others_from_coming_back(supervisor):
    supervisor.look_after(a_part("broken", "false"))
    supervisor.look_after(a_part("part", "sleep", "600"))
    step_until(supervisor, lambda: supervisor.often_dead(4) == "broken")
    [before] = supervisor.pids("part")
    os.kill(before, signal.SIGKILL)
    step_until(supervisor, lambda: supervisor.pids("part") not in ([], [before]))


def test_a_part_starts_only_when_its_way_is_clear(supervisor):
    waited = []

    def third_time(seconds: float) -> bool:
        waited.append(seconds)
        return len(waited) == 3

    supervisor.look_after(a_part("part", "sleep", "600", prepare=third_time))
    assert supervisor.pids("part") == []
    step_until(supervisor, lambda: supervisor.pids("part"))
    assert waited == sorted(waited) and waited[0] == 0 and waited[2] > 0


def test_what_a_killed_part_had_started_does_not_go_on_beside_the_next(supervisor):
    supervisor.look_after(a_part("part", "sh", "-c", "sleep 600 & echo $!; wait"))
    step_until(supervisor, lambda: supervisor.logs.path("part").read_text().count("\n") == 1)
    os.kill(supervisor.pids("part")[0], signal.SIGKILL)
    step_until(supervisor, lambda: supervisor.logs.path("part").read_text().count("\n") == 2)
    first, second = map(int, supervisor.logs.path("part").read_text().split())
    step_until(supervisor, lambda: is_gone(first))
    assert not is_gone(second)


def test_what_a_part_says_is_in_its_log(supervisor):
    supervisor.look_after(a_part("part", "sh", "-c", "echo out; echo err >&2; sleep 600"))
    step_until(supervisor, lambda: "err" in supervisor.logs.path("part").read_text())
    assert supervisor.logs.path("part").read_text() == "out\nerr\n"


def test_a_command_that_ends_well_lets_the_start_go_on(supervisor):
    supervisor.finish("migrate", a_command("true"))


def test_a_command_that_fails_is_named_with_its_last_line(supervisor):
    with pytest.raises(CannotStart, match="`migrate` failed: no such table"):
        supervisor.finish("migrate", a_command("sh", "-c", "echo trying; echo no such table; exit 2"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_request_to_end_stops_everything(tmp_path, number):
    before = [signal.getsignal(one) for one in STOPPING_SIGNALS]
    with pytest.raises(Stopping), Supervisor(Logs(tmp_path / "log")) as supervisor:
        supervisor.look_after(a_part("part", "sleep", "600"))
        [pid] = supervisor.pids("part")
        os.kill(os.getpid(), number)
        supervisor.step(60)
    assert is_gone(pid)
    assert [signal.getsignal(one) for one in STOPPING_SIGNALS] == before


def test_a_request_to_end_also_ends_a_command_that_is_waited_for(tmp_path):
    with pytest.raises(Stopping), Supervisor(Logs(tmp_path / "log")) as supervisor:
        os.kill(os.getpid(), signal.SIGTERM)
        supervisor.finish("seed", a_command("sleep", "600"))


def test_parts_are_stopped_stage_by_stage_from_the_last(tmp_path):
    told = tmp_path / "told"
    say = 'trap "sleep $2; echo $1 >> $0; exit" TERM; echo ready; while :; do sleep 0.05; done'
    with Supervisor(Logs(tmp_path / "log")) as supervisor:
        for stage, (name, seconds) in enumerate([("server", "0"), ("part", "0.3")]):
            command = a_command("sh", "-c", say, str(told), name, seconds, patience=60.0)
            supervisor.look_after(Part(name, name, command, stage))
        for name in ("server", "part"):
            step_until(supervisor, lambda name=name: "ready" in supervisor.logs.path(name).read_text())
    assert told.read_text().split() == ["part", "server"]


def test_an_open_socket_is_handed_on_under_its_number(supervisor):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(60)
        say = f"import os; os.write({theirs.fileno()}, b'mine')"
        command = a_command(sys.executable, "-c", say, fds=(theirs.fileno(),))
        supervisor.look_after(Part("part", "part", command, 0))
        assert ours.recv(4) == b"mine"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_outlives_the_supervisor(tmp_path, number):
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, str(tmp_path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    pids = [int(word) for word in process.stdout.readline().split()]
    assert len(pids) == 3 and not any(map(is_gone, pids))
    process.send_signal(number)
    process.wait(60)
    process.stdout.close()
    until(lambda: all(map(is_gone, pids)), "all are gone")
