"""Set-up remembers what is finished, and knows what was interrupted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.steps import ROOT, Failed, Ledger, run


def test_a_finished_step_is_not_done_again(tmp_path: Path):
    did: list[bool] = []
    for _ in range(2):
        Ledger(tmp_path / "l.json").step("packages", "digest", "packages", lambda again: did.append(again))
    assert did == [False]


def test_a_changed_lock_file_is_followed(tmp_path: Path):
    did: list[str] = []
    for digest in ("old", "new"):
        Ledger(tmp_path / "l.json").step("packages", digest, "packages", lambda _, d=digest: did.append(d))
    assert did == ["old", "new"]


def test_a_step_that_broke_off_is_done_again_and_told_so(tmp_path: Path):
    def breaks(interrupted: bool) -> None:
        raise Failed("no network")

    told: list[bool] = []
    with pytest.raises(Failed):
        Ledger(tmp_path / "l.json").step("packages", "digest", "packages", breaks)
    Ledger(tmp_path / "l.json").step("packages", "digest", "packages", lambda again: told.append(again))
    assert told == [True]


def test_half_a_ledger_counts_as_none(tmp_path: Path):
    (tmp_path / "l.json").write_text('{"packages": "dig')
    assert Ledger(tmp_path / "l.json").done == {}


def test_a_command_that_fails_shows_its_last_words(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(Failed, match="ended with 3"):
        run([sys.executable, "-c", "print('no such package'); raise SystemExit(3)"], os.environ)
    assert "no such package" in capsys.readouterr().out


def test_a_command_that_is_missing_is_one_clear_line():
    with pytest.raises(Failed, match="nowhere could not be started"):
        run(["/nowhere"], os.environ)


@pytest.mark.parametrize(
    ("python", "said"),
    [("/nowhere/python3", "was not found"), ("false", "3.11 or newer is needed; found only false")],
)
def test_a_machine_without_a_new_enough_python_is_told_so_in_one_line(python: str, said: str):
    command = ["sh", ROOT / "deploy" / "python", "-c", "print('ran')"]
    done = subprocess.run(command, env={**os.environ, "PYTHON": python}, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
