"""A run of a real demo with invented citizens: handed in, handled, sent wrongly, and searched for afterwards."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import httpx
import psycopg

from hotline.privacy.cpr import TOKEN
from tests.builders import Api, signed_in
from tests.demo.running import Running
from tests.privacy.leaks import WORD, citizen, cpr, dump, files, found_in, redis, relative, unpacked
from tests.waiting import until

CODES = ("0860", "0746", "0751")


@dataclass
class Run:
    """What happened: the answers that were errors, and what the agents were shown."""

    errors: list[httpx.Response] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    handled: int = 0
    revealed: int = 0
    in_redis: dict[bytes, str] = field(default_factory=dict)


def hand_in(demo: Running, inquiries: int, run: Run) -> None:
    """Citizens with name, phone, mail and CPR number, who write their number into text and attributes as well."""
    pbx = Api(demo.facts["url"], demo.facts["integrator_key"])

    def one(number: int) -> None:
        who, other = citizen(number), relative(number)[0]
        if number % 5 == 0:
            who["name"] += f" {cpr(number)}"
        said = {
            "channel": ("web", "email", "sms", "bot")[number % 4],
            "municipality": CODES[number % 3],
            "text": f"Hej, mit pas udløber. Mit nummer er {cpr(number)}, min mands {other}. Hilsen",
            "citizen": who,
            "external_id": f"{cpr(number)}-{number}",
            "attributes": {"subject": f"Pas {cpr(number)}", "to": [f"cpr{other}@post.example", {"said": cpr(number)}]},
        }
        if number % 5 == 1:
            digits = who["cpr"].replace("-", "")
            said["attributes"] |= {digits: int(digits)}
        answer = pbx.post("/inquiries", json=said)
        assert answer.status_code == 201, answer.text
        if number % 10 == 0:
            run.errors += [answer for answer in wrongly(pbx, number, said) if answer.status_code >= 400]

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(one, range(inquiries)))


def wrongly(pbx: Api, number: int, said: dict) -> list[httpx.Response]:
    """The same with a mistake each: an error may say where it is, and never what was sent."""
    who = said["citizen"]
    signs_in = (
        Api(pbx.url) if number % 50 == 0 else None
    )  # more would shut the agents out, who come from the same address
    return [
        pbx.post("/inquiries", json=said | {"citizen": who | {"phone": who["phone"] * 9}}),
        pbx.post("/inquiries", json=said | {"citizen": who["name"]}),
        pbx.post("/inquiries", json=said | {"text": 5}),
        pbx.post("/inquiries", json=said | {"topic": cpr(number)}),
        pbx.post("/inquiries", json=said | {"municipality": who["name"]}),
        pbx.post("/inquiries", json=said | {"received_at": cpr(number)}),
        pbx.post("/inquiries", content=f'{{"text": "{cpr(number)}, {who["name"]}'.encode(), headers=JSON),
        pbx.post("/inquiries", json=said | {"text": cpr(number) * 3000}),
        pbx.get(f"/inquiries/{cpr(number)}"),
        pbx.get("/inquiries", params={"cursor": who["name"], "topic": cpr(number)}),
        *([signs_in.post("/sessions", json={"username": who["name"], "password": cpr(number)})] if signs_in else []),
    ]


JSON = {"Content-Type": "application/json"}


def work(demo: Running, seconds: float, run: Run) -> None:
    """Agents take what comes, for so long and until some of it is done: every fourth offer is refused, the others
    closed, and each word holds a CPR number."""
    users = [user for user in demo.users("agent") if "passport" in user["topics"]][:4]

    def day(number: int) -> None:
        api = signed_in(demo.facts["url"], users[number]["username"], users[number]["password"])
        assert api.put("/me/presence", json={"state": "available"}).status_code == 200
        begun, taken = time.monotonic(), 0
        while (lasted := time.monotonic() - begun) < seconds or (run.handled < 10 and lasted < 90):
            me = api.get("/me")
            for offer in me.json()["offers"]:
                taken += 1
                if taken % 4 == 0:
                    api.post(f"/offers/{offer['id']}/refusal", json={"reason": f"kender {cpr(taken)}"})
                    continue
                if api.post(f"/offers/{offer['id']}/acceptance").status_code != 200:
                    continue
                run.shown.append(api.get("/me").text)
                path = f"/inquiries/{offer['inquiry']['id']}"
                reveal = api.post(f"{path}/cpr/0/reveal", json={"reason": f"{cpr(taken)} sagde en anden"})
                run.revealed += reveal.status_code == 200
                api.patch(path, json={"note": f"Borgeren er {cpr(taken)}"})
                closed = api.post(f"{path}/closure", json={"outcome": "resolved", "note": f"Skrev {cpr(taken)} ned"})
                run.handled += closed.status_code == 200
                run.errors.append(api.post(f"{path}/closure", json={"outcome": cpr(taken), "note": cpr(taken)}))
            time.sleep(0.05)
        api.put("/me/presence", json={"state": "break", "reason": f"taler med {cpr(number)}"})

    with ThreadPoolExecutor(len(users)) as threads:
        list(threads.map(day, range(len(users))))


@contextmanager
def watched(demo: Running, run: Run) -> Iterator[None]:
    """Keep what Redis holds at any moment of the block: a job is there for milliseconds."""
    over = Event()

    def watch() -> None:
        while not over.wait(0.02):
            run.in_redis |= {blob: name for name, blob in redis(demo.facts["redis_url"])}

    with ThreadPoolExecutor(1) as thread:
        watching = thread.submit(watch)
        try:
            yield
        finally:
            over.set()
    watching.result()


def searched(demo: Running, run: Run, inquiries: int) -> list[str]:
    """Where anything of the invented citizens stands; each place with what was found. Fails if nothing was there."""
    tables = dict(dump(owner_url(demo)))
    assert tables["inquiry"].count(TOKEN.encode()) >= 2 * inquiries, "the texts are there, their numbers taken out"
    assert tables["citizen"].count(b"\n") == inquiries, "and so are the citizens, sealed"
    assert run.handled and tables["note"].count(TOKEN.encode()) >= run.handled, "and the agents' notes"
    assert any(WORD in one for one in run.shown), "agents are shown who it is"
    assert run.revealed and tables["lookup"].count(TOKEN.encode()) >= run.revealed, "why somebody looked, too"
    assert tables["kept_cpr"].count(b"\n") >= inquiries, "the numbers are kept, sealed"
    assert run.in_redis, "something was seen in Redis"
    assert len(run.errors) > inquiries / 10 and all(answer.status_code < 500 for answer in run.errors)
    read = [*tables.items(), *redis(demo.facts["redis_url"]), ("what it printed", demo.said.encode())]
    read += [(name, blob) for blob, name in run.in_redis.items()]
    read += [
        (f"HTTP {one.status_code} {one.request.url}", one.content + repr(one.headers).encode()) for one in run.errors
    ]
    everything = [*read, *files(demo.folder), *files(cluster(demo))]
    found = [f"{name}: {one!r}" for name, blob in everything for one in found_in(blob)[:3]]
    # Numbers of every birthday are looked for as they are, which takes long: not in the server's own files.
    said = [form.encode() for number in range(0, inquiries, 5) for form in relative(number)]
    blobs = [(name, inner) for name, blob in read for inner in (blob, *unpacked(blob))]
    return found + [f"{name}: {form!r}" for name, blob in blobs for form in said if stands_in(form, blob)]


def stands_in(number: bytes, blob: bytes) -> bool:
    """Whether this number is written there. Ten digits within longer hex say nothing: what is sealed holds some."""
    return number in blob and re.search(rb"(?<![0-9a-f])" + re.escape(number) + rb"(?![0-9a-f])", blob) is not None


def owner_url(demo: Running) -> str:
    """The address by which the owner of the tables signs in."""
    return str(demo.facts["owner_url"])


def cluster(demo: Running) -> Path:
    """Where PostgreSQL keeps its files while it runs; within the data folder, or outside where root started it."""
    private = demo.private[-1] / "postgres"
    return private if private.exists() else demo.folder / "postgres"


def run_and_search(demo: Running, inquiries: int, seconds: float) -> list[str]:
    """The whole of it, with that many citizens (at most 1,000) and agents at work for so long."""
    run = Run()
    with watched(demo, run):
        hand_in(demo, inquiries, run)
        work(demo, seconds, run)
    with psycopg.connect(owner_url(demo), autocommit=True) as connection:
        unread = "SELECT count(*) FROM inquiry WHERE state = 'received'"
        until(lambda: connection.execute(unread).fetchone() == (0,), "every inquiry was classified")
        with suppress(psycopg.errors.InsufficientPrivilege):
            connection.execute("CHECKPOINT")  # what the server still holds goes to its files
    return searched(demo, run, inquiries)
