"""From a citizen's POST to the offer on the screen of an agent who is writing, beside many other consoles.

.venv/bin/python loadtests/painted.py .hotline/demo.json [--consoles 199] [--a-minute 30] [--inquiries 100]

The screen is one of a real Chromium; the others are event streams of agents who work, in a process of their own. For
`--quiet` seconds beside nobody's work it counts what PostgreSQL is asked for the web processes, and what they cost.
Prints one line of JSON; exits 1 where an offer did not come, or the note lost its focus or a letter.
"""

import argparse
import json
import multiprocessing
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from statistics import quantiles
from typing import Any
from uuid import uuid4

import psutil
import psycopg
from consoles import hire, sit
from playwright.sync_api import Page, sync_playwright

from hotline.access.guards import COOKIE
from hotline.client import Client
from hotline.demo.citizens import topic_work
from hotline.demo.facts import read_demo
from hotline.sample.sign_ins import SignIn

TOPIC = "passport"
NOTE = ".inquiry textarea"
MOST_SECONDS = 30.0  # for an offer
# A task after the next frame begins: by then the frame before, which has the offer, is drawn.
WATCH = """
    window.painted = [];
    const known = new Set();
    window.moment = () => performance.timeOrigin + performance.now();
    const writing = () => document.activeElement?.matches(".inquiry textarea");
    addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
        for (const offer of document.querySelectorAll("[data-offer]")) {
            if (known.has(offer.id)) continue;
            known.add(offer.id);
            requestAnimationFrame(() => {
                const after = new MessageChannel();
                after.port1.onmessage = () => painted.push([moment(), writing()]);
                after.port2.postMessage(null);
            });
        }
    }).observe(document.body, { childList: true, subtree: true }));
"""


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("demo", type=Path)
    parser.add_argument("--consoles", type=int, default=199)
    parser.add_argument("--a-minute", type=float, default=30.0)
    parser.add_argument("--inquiries", type=int, default=100)
    parser.add_argument("--quiet", type=float, default=30.0)
    asked = parser.parse_args()
    demo, told = read_demo(asked.demo), json.loads(asked.demo.read_text())
    writer = next(one for one in demo.agents() if TOPIC in one.topics)
    others = sorted(set(topic_work()) - set(writer.topics))
    names = hire(told["owner_url"], asked.consoles, writer.username, others)
    web = [psutil.Process(pid) for pid in told["pids"]["web"]]
    intake, figures = Client(demo.url, demo.integrator_key), {"consoles": asked.consoles, "a_minute": asked.a_minute}
    with a_desk(demo.url, writer) as page:
        alone = private(web)
        with consoles(demo.url, names, writer.password):
            figures |= {"kb_a_console": round((private(web) - alone) / 1024 / max(1, asked.consoles), 1)}
            figures |= quiet(told["owner_url"], asked.demo.parent / "log" / "postgres.log", web, asked.quiet)
            with citizens(intake, others, asked.a_minute, demo.municipalities()) as came:
                time.sleep(10)
                begun, before = time.monotonic(), cpu(web)
                took = sorted(painted(page, intake, writer, asked.inquiries))
                figures |= {"web_cpu": round((cpu(web) - before) / (time.monotonic() - begun), 2), "came": len(came)}
    cuts = quantiles(took, n=100, method="inclusive")
    figures |= {f"p{cut}_ms": round(cuts[cut - 1], 1) for cut in (50, 90, 95, 99)}
    print(json.dumps(figures | {"load": round(os.getloadavg()[0], 1)}))


@contextmanager
def a_desk(url: str, agent: SignIn) -> Iterator[Page]:
    """The agent's desk in a browser, ready."""
    client = Client(url)
    client.sign_in(agent.username, agent.password)
    close_all(client)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=os.environ.get("HOTLINE_CHROMIUM"), args=["--no-sandbox"])
        context = chromium.new_context(locale="da-DK", viewport={"width": 1366, "height": 625})
        context.add_cookies([{"name": COOKIE, "value": str(client.token), "url": url}])
        page = context.new_page()
        page.add_init_script(WATCH)
        page.goto(f"{url}/desk")
        page.click("#presence-available")
        page.wait_for_selector("#presence-available[aria-pressed=true]")
        yield page
        close_all(client)
        page.click("#presence-offline")
        page.wait_for_selector("#presence-offline[aria-pressed=true]")
        chromium.close()


def close_all(agent: Client) -> None:
    """Nothing is in the agent's hands, from a run that was broken off or from this one."""
    for held in agent.me()["inquiries"]:
        agent.close(held["id"], "resolved")


@contextmanager
def consoles(url: str, names: list[str], password: str) -> Iterator[None]:
    """All of them at their desks."""
    if not names:
        yield
        return
    spawn = multiprocessing.get_context("spawn")
    ready, over = spawn.Event(), spawn.Event()
    others = spawn.Process(target=sit, args=(url, names, password, ready, over))
    others.start()
    while not ready.wait(1):
        if not others.is_alive():
            raise SystemExit("the consoles did not open")
    time.sleep(5)
    yield
    over.set()
    others.join(30)


@contextmanager
def citizens(intake: Client, topics: list[str], a_minute: float, homes: list[str]) -> Iterator[list[str]]:
    """So many who write or ring about these topics, one by one as by chance; the ids of those who have."""
    came: list[str] = []
    over, random = threading.Event(), Random(7)

    def come() -> None:
        while a_minute and not over.wait(random.expovariate(a_minute / 60)):
            asked = {"channel": random.choice(["phone", "web"]), "municipality": random.choice(homes)}
            asked |= {"topic": random.choice(topics), "text": "Jeg har et spørgsmål."}
            came.append(intake.hand_in(asked)["id"])

    others = threading.Thread(target=come)
    others.start()
    yield came
    over.set()
    others.join()


def painted(page: Page, intake: Client, writer: SignIn, inquiries: int) -> Iterator[float]:
    """Milliseconds from each POST to the paint of its offer, while the agent writes a note of another one."""
    asked: dict[str, Any] = {"channel": "web", "municipality": writer.municipality, "topic": TOPIC, "text": "Mit pas?"}
    intake.hand_in(asked)
    page.wait_for_selector("[data-offer]")
    page.keyboard.press("F2")
    page.wait_for_selector(f"{NOTE}:focus")
    _until_painted(page, 1)
    ahead = page.evaluate("moment()") - 1000 * time.time()
    chance, written = Random(3), ""
    for number in range(inquiries):
        page.wait_for_selector("[data-offer]", state="detached")
        page.keyboard.type("ab c"[number % 4])
        written += "ab c"[number % 4]
        time.sleep(chance.uniform(0.2, 1.0))
        posted = 1000 * time.time()
        id = intake.call("POST", "/inquiries", asked, key=str(uuid4()))["id"]
        _until_painted(page, number + 2)
        moment, focused = page.evaluate("painted.at(-1)")
        if not focused or (kept := page.evaluate("document.activeElement.value")) != written:
            raise SystemExit(f"offer {number + 1}: " + (f"{written!r} is {kept!r}" if focused else "the focus went"))
        intake.abandon(id)
        yield moment - ahead - posted


def _until_painted(page: Page, offers: int) -> None:
    ends = time.monotonic() + MOST_SECONDS
    while page.evaluate("painted.length") < offers:
        if time.monotonic() > ends:
            raise SystemExit(f"offer {offers} did not come")
        page.wait_for_timeout(20)


def quiet(database: str, log: Path, web: list[psutil.Process], seconds: float) -> dict[str, float]:
    """What is asked of PostgreSQL for the web processes while nobody does anything, and what that costs them."""
    superuser = database.replace("//hotline@", "//postgres@")
    with psycopg.connect(superuser, autocommit=True) as connection:
        try:
            for name, value in (
                ("log_statement", "all"),
                ("log_line_prefix", "%u|"),
                ("log_parameter_max_length", "0"),
            ):
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
            connection.execute("SELECT pg_reload_conf()")
            time.sleep(1)
            begun, before, written = time.monotonic(), cpu(web), log.stat().st_size
            time.sleep(seconds)
            took, spent = time.monotonic() - begun, cpu(web) - before
            with log.open("rb") as lines:
                lines.seek(written)
                asked = [
                    line
                    for line in lines
                    if line.startswith((b"hotline_web|LOG:  statement", b"hotline_web|LOG:  exec"))
                ]
        finally:
            connection.execute("ALTER SYSTEM RESET ALL")
            connection.execute("SELECT pg_reload_conf()")
    return {"quiet_statements_a_second": round(len(asked) / took, 1), "quiet_web_cpu": round(spent / took, 3)}


def cpu(processes: list[psutil.Process]) -> float:
    """Seconds of CPU that they have taken."""
    return sum(sum(one.cpu_times()[:2]) for one in processes)


def private(processes: list[psutil.Process]) -> int:
    """Bytes of memory that are theirs alone."""
    return sum(one.memory_full_info().uss for one in processes)


if __name__ == "__main__":
    main()
