"""The command that set-up links works from anywhere."""

import subprocess
from pathlib import Path

from deploy.link import COMMAND


def test_the_hotline_answers_from_any_directory_and_through_a_symbolic_link(tmp_path: Path):
    beside = tmp_path / "a hotline"
    beside.symlink_to(COMMAND)
    for command in (COMMAND, beside):
        done = subprocess.run([command, "--help"], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "demo" in done.stdout
