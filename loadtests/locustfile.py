"""Citizens and agents for locust; README.md beside this file has the command. Only ever to a demo on this machine."""

import os
from pathlib import Path
from typing import Any

from agents import AgentUser
from citizens import CitizenUser
from locust import events

from hotline.demo.facts import read_demo

DEMO = read_demo(Path(os.environ.get("HOTLINE_DEMO_JSON", ".hotline/demo.json")))
CitizenUser.host = AgentUser.host = DEMO.url
CitizenUser.prepare(DEMO)
AgentUser.prepare(DEMO)


@events.test_start.add_listener
def stay_at_home(environment: Any, **_: Any) -> None:
    """A --host on the command line would win over the address in demo.json: refuse it."""
    if environment.host not in (None, DEMO.url):
        raise SystemExit(f"locust goes to {DEMO.url} and nowhere else; leave out --host")


__all__ = ["AgentUser", "CitizenUser"]
