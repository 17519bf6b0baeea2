"""A whole hotline as `hotline demo` starts it, without traffic, and a real Chromium that looks at it."""

import json
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.builders import Api
from tests.demo.running import STARTED_WITHIN, a_demo
from tests.waiting import until

NAMES = ("chromium", "chromium-browser", "google-chrome")
SLOW = 60_000  # milliseconds; a machine busy with other tests is slow
LONGEST_TEMPORARY = 60  # bytes; a socket of Chromium lies below it, whose path holds 107
expect.set_options(timeout=SLOW)


@dataclass
class Hotline:
    """A running demo: its address, its people, its key."""

    url: str
    users: list[dict]
    key: str
    folder: Path
    supervisor: int

    def one(self, role, **fits):
        """The first user with this role and these members."""
        return next(u for u in self.users if u["role"] == role and all(u[name] == fits[name] for name in fits))

    def agent_for(self, topic):
        return next(user for user in self.users if topic in user["topics"])

    def post(self, municipality, topic=None, text="", channel="phone"):
        """An inquiry through the public API; its id."""
        body = {"channel": channel, "municipality": municipality, "topic": topic, "text": text}
        body["citizen"] = {"name": "Karla Opdigtet", "phone": "+4522113344", "email": "karla@example.dk"}
        return self.take_in(body)

    def take_in(self, body):
        """The inquiry that this body asks for; its id."""
        answer = self._api.post("/inquiries", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def hang_up(self, inquiry):
        """Nobody waits any more, and the next test's agent is not offered it."""
        answer = self._api.post(f"/inquiries/{inquiry}/abandonment")
        assert answer.status_code == 200, answer.text

    def state(self, inquiry):
        return self._api.get(f"/inquiries/{inquiry}").json()["state"]

    @property
    def _api(self):
        return Api(self.url, self.key)

    def pids(self):
        return json.loads((self.folder / "demo.json").read_text())["pids"]


@dataclass
class Complaints:
    """What the browser complained of: console, scripts, failed requests, addresses outside."""

    of: list[str] = field(default_factory=list)

    def listen_to(self, page, home):
        page.on("console", lambda line: line.type in ("error", "warning") and self.of.append(line.text))
        page.on("pageerror", lambda error: self.of.append(str(error)))
        page.on("request", lambda request: request.url.startswith(home) or self.of.append(f"outside: {request.url}"))


@pytest.fixture(scope="session")
def hotline(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    options = ("--no-traffic", "--data", str(folder), "--port", "0", "--web", "1", "--workers", "1")
    said = folder.parent / "demo.txt"
    with said.open("w") as out:
        demo = a_demo(*options, env=os.environ, said=out)
    try:
        until(lambda: (folder / "demo.json").exists() or demo.poll() is not None, "the demo runs", STARTED_WITHIN)
        assert demo.poll() is None, said.read_text()
        ready = json.loads((folder / "demo.json").read_text())
        yield Hotline(ready["url"].rstrip("/"), ready["users"], ready["integrator_key"], folder, demo.pid)
    finally:
        demo.terminate()
        demo.wait(60)


@pytest.fixture(scope="module")
def chromium():
    """Ended with the module: Playwright runs an event loop in this thread, in which no other test can run its own."""
    path = os.environ.get("HOTLINE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "no Chromium found: run make test, which gets one, or set HOTLINE_CHROMIUM"
    temporary = tempfile.gettempdir()
    env = os.environ | {"TMPDIR": temporary if len(os.fsencode(temporary)) <= LONGEST_TEMPORARY else "/tmp"}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"], env=env)
        yield browser
        browser.close()


@pytest.fixture
def complaints():
    return Complaints()


@pytest.fixture
def visit(chromium, hotline, complaints):
    """`visit(user, path)`: a browser of their own for this user, signed in and at that page."""
    contexts = []

    def visit(user=None, path="/", width=1280):
        context = chromium.new_context(
            locale="da-DK", viewport={"width": width, "height": 800}, reduced_motion="reduce"
        )
        context.set_default_timeout(SLOW)
        contexts.append(context)
        page = context.new_page()
        complaints.listen_to(page, hotline.url)
        if user:
            page.goto(f"{hotline.url}{path}")
            page.fill("#username", user["username"])
            page.fill("#password", user["password"])
            page.keyboard.press("Enter")
            page.wait_for_url(lambda url: "/sign-in" not in url and url != f"{hotline.url}/")
        else:
            page.goto(f"{hotline.url}{path}")
        page.wait_for_load_state()
        return page

    yield visit
    for context in contexts:
        context.close()
