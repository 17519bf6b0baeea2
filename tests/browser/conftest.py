"""A whole hotline as `hotline demo` starts it, without traffic, and a real Chromium that looks at it."""

import json
import os
import shutil
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from hotline.access.guards import COOKIE
from tests.browser.closing import leave_nothing
from tests.builders import Api, signed_in
from tests.demo.running import STARTED_WITHIN, a_demo
from tests.waiting import until

HERE = Path(__file__).parent
BROWSER, OPEN = pytest.StashKey(), pytest.StashKey()
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

    def waiting(self, topic):
        """The ids of what waits for an agent with this topic, whoever handed it in."""
        answers = [self._lead.get("/inquiries", params={"topic": topic, "state": s}) for s in ("waiting", "offered")]
        return [one["id"] for answer in answers for one in answer.raise_for_status().json()["items"]]

    def hang_up_all(self, topic):
        """As `hang_up`, of whatever waits; what the phone system did not hand in, and whom we ring, wait on."""
        for inquiry in self.waiting(topic):
            self._api.post(f"/inquiries/{inquiry}/abandonment")

    @property
    def _api(self):
        return Api(self.url, self.key)

    @cached_property
    def _lead(self):
        lead = self.one("secretariat")
        return signed_in(self.url, lead["username"], lead["password"])

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
def hotline(tmp_path_factory, data_dir):
    folder = tmp_path_factory.mktemp("demo")
    (folder / "models").symlink_to(data_dir / "models")
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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """The browser is ended after the last of these tests: Playwright runs an event loop in this thread, in which no
    test of another folder can run its own."""
    yield
    if nextitem is None or HERE not in nextitem.path.parents:
        item.session.stash.setdefault(BROWSER, ExitStack()).close()


@pytest.fixture
def chromium(request):
    """The one browser of all these tests."""
    kept = request.session.stash.setdefault(BROWSER, ExitStack())
    if OPEN not in request.session.stash:
        request.session.stash[OPEN] = kept.enter_context(a_browser())
        kept.callback(request.session.stash.__delitem__, OPEN)
    return request.session.stash[OPEN]


@contextmanager
def a_browser():
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
            token = signed_in(hotline.url, user["username"], user["password"]).token
            context.add_cookies([{"name": COOKIE, "value": token, "url": hotline.url}])
        page.goto(f"{hotline.url}{path}")
        page.wait_for_load_state()
        return page

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def agents_desk(visit, hotline):
    """An agent for passports who is ready, with nothing in hand."""
    page = visit(hotline.agent_for("passport"))
    page.click("#presence-available")
    expect(page.locator("#presence-available")).to_have_attribute("aria-pressed", "true")
    yield page
    leave_nothing(page, hotline, "passport")
    page.click("#presence-offline")
    expect(page.locator("#presence-offline")).to_have_attribute("aria-pressed", "true")


@pytest.fixture
def ready_desk(visit, hotline):
    """An agent for passports, ready."""
    page = visit(hotline.agent_for("passport"))
    page.click("#presence-available")
    yield page
    leave_nothing(page, hotline, "passport")
    page.click("#presence-offline")
    expect(page.locator("#presence-offline")).to_have_attribute("aria-pressed", "true")
