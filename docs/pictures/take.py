"""Takes the pictures of the documentation anew: a demo of its own, invented citizens, a real Chromium.

Run it with the Python of `make test`; it needs about six minutes. HOTLINE_CHROMIUM chooses the browser.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Browser, Page, expect, sync_playwright

HERE = Path(__file__).resolve().parent
NAMES = ("chromium", "chromium-browser", "google-chrome")
TRAFFIC_SECONDS = 240
DESKTOP, PHONE = (1280, 900), (390, 844)

# (channel, topic, citizen's municipality, text): two that are closed, one in hand, one on offer.
CLOSED = [
    ("chat", "digital-post", "0760", "Hvor finder jeg et brev, som jeg har lagt i en mappe i Digital Post?"),
    ("email", "mitid", "0813", "Min kodeviser er løbet tør for strøm. Hvordan får jeg en ny?"),
]
IN_HAND = (
    "email",
    "mitid",
    "0860",
    "Jeg har købt en ny telefon og solgt den gamle. Nu kan jeg ikke godkende med MitID, og jeg skal bruge det til at "
    "søge boligstøtte inden den første. Hvad gør jeg?",
)
ON_OFFER = (
    "chat",
    "mitid",
    "0787",
    "Nogen ringede og sagde, at de var fra banken, og jeg gav dem min kode til MitID. Nu kommer der beskeder om køb, "
    "som jeg ikke kender. Kan I spærre det nu?",
)


def main() -> None:
    """Start a demo, take every picture, stop it again."""
    path = os.environ.get("HOTLINE_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    with (
        tempfile.TemporaryDirectory(prefix="hotline-pictures-") as folder,
        demo(Path(folder)) as facts,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        take_the_console(browser, facts)
        with traffic(Path(folder) / "demo.json"):
            time.sleep(TRAFFIC_SECONDS)
            take_the_figures(browser, facts)


def take_the_console(browser: Browser, facts: dict[str, Any]) -> None:
    """An agent's desk, on a screen and on a phone: one inquiry in hand, another on offer, two closed before."""
    able = (user for user in facts["users"] if {"mitid", "digital-post"} <= set(user["topics"]))
    agent = next(able)
    desk = signed_in(browser, facts, agent, DESKTOP)
    desk.click("#presence-available")
    for inquiry in CLOSED:
        hand_in(facts, inquiry)
        take_the_offer(desk)
        desk.keyboard.press("F8")
        expect(desk.locator(".is-wrapping")).to_be_visible()
        desk.locator(".outcome label").first.click()
        desk.keyboard.press("F9")
        expect(desk.locator(".inquiry")).to_have_count(0)
    hand_in(facts, IN_HAND)
    take_the_offer(desk)
    desk.keyboard.type("Har fået en tid i Borgerservice i morgen kl. 10.15 og tager pas med.")
    expect(desk.locator(".guidance-one")).to_be_visible()
    picture(desk, "guidance", whole=True)
    desk.keyboard.type(" /")
    expect(desk.locator("#ready-phrases")).to_be_visible()
    picture(desk, "phrases", whole=True)
    for key in ("Escape", "Backspace", "Backspace"):
        desk.keyboard.press(key)
    hand_in(facts, ON_OFFER)
    expect(desk.locator("[data-offer]")).to_be_visible(timeout=20_000)
    picture(desk, "console", whole=True)
    phone = signed_in(browser, facts, agent, PHONE)
    expect(phone.locator("[data-offer]")).to_be_visible()
    picture(phone, "console-phone")
    desk.keyboard.press("F4")
    desk.keyboard.press("4")
    desk.click("#presence-offline")


def take_the_figures(browser: Browser, facts: dict[str, Any]) -> None:
    """What the secretariat and a municipality's viewer see while citizens come and agents answer."""
    secretariat = next(user for user in facts["users"] if user["role"] == "secretariat")
    viewer = next(user for user in facts["users"] if user["role"] == "viewer" and user["municipality"] == "0751")
    picture(signed_in(browser, facts, secretariat, DESKTOP), "queue")
    picture(signed_in(browser, facts, viewer, DESKTOP), "statistics")
    picture(signed_in(browser, facts, viewer, PHONE), "statistics-phone")


@contextmanager
def demo(folder: Path) -> Iterator[dict[str, Any]]:
    """A demo without traffic, as what its demo.json says, for as long as the block runs."""
    command = [sys.executable, "-m", "hotline", "demo", "--no-traffic", "--data", str(folder), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as running:
        try:
            while not (folder / "demo.json").exists():
                if running.poll() is not None:
                    raise SystemExit("take.py: the demo did not start")
                time.sleep(0.2)
            yield json.loads((folder / "demo.json").read_text())
        finally:
            running.terminate()


@contextmanager
def traffic(facts: Path) -> Iterator[None]:
    """More citizens than the simulated agents can answer at once, so that a queue can be seen."""
    command = [sys.executable, "-m", "hotline", "traffic", "--demo", str(facts), "--seed", "7"]
    with subprocess.Popen([*command, "--rate", "72", "--agents", "36", "--speed", "6"]) as running:
        try:
            yield
        finally:
            running.terminate()


def hand_in(facts: dict[str, Any], inquiry: tuple[str, str, str, str]) -> None:
    """An inquiry through the public API, as a web form or a mailbox would send it."""
    channel, topic, municipality, text = inquiry
    citizen = {"name": "Karla Opdigtet", "phone": "+4520123456", "email": "karla@example.dk"}
    body = {"channel": channel, "topic": topic, "municipality": municipality, "text": text, "citizen": citizen}
    key = {"Authorization": f"Bearer {facts['integrator_key']}"}
    httpx.post(f"{facts['url']}/api/v1/inquiries", json=body, headers=key).raise_for_status()


def take_the_offer(desk: Page) -> None:
    """Wait for the offer and press the key that takes it."""
    expect(desk.locator("[data-offer]")).to_be_visible(timeout=60_000)
    desk.wait_for_timeout(700)  # a key that comes again within 0.6 s is nothing
    desk.keyboard.press("F2")
    expect(desk.locator(".inquiry textarea:focus")).to_be_visible(timeout=30_000)


def signed_in(browser: Browser, facts: dict[str, Any], user: dict[str, Any], size: tuple[int, int]) -> Page:
    """This person's front page in a browser of their own, `size` pixels wide and high."""
    context = browser.new_context(
        locale="da-DK", viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto(f"{facts['url']}/sign-in")
    page.fill("#username", user["username"])
    page.fill("#password", user["password"])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.wait_for_timeout(600)  # the chart draws itself, and a countdown shows its number
    return page


def picture(page: Page, name: str, whole: bool = False) -> None:
    """Keep what the page shows beside this script; `whole` reaches to its end."""
    page.screenshot(path=HERE / f"{name}.png", full_page=whole)
    print(f"{name}.png")


if __name__ == "__main__":
    main()
