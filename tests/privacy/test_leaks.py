"""After a day's work nothing of a citizen stands in the clear: not in the database, not in Redis, not in the logs."""

import random
import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import text

from hotline.jobs import rq_connection
from hotline.privacy.cpr import find
from tests.builders import HJORRING, Api, a_key, a_pool, an_agent, signed_in
from tests.building import owner
from workers import classify, summarize
from workers.route import route

INQUIRIES = 1000
WAYS = ("Mit nummer er {0}{1}{2}-{3}.", "cpr:{0}{1}{2}{3}", "({0}{1}{2} {3})", "{0}.{1}.{2}-{3}", "{0} {1} {2} {3}")
NAME, MAIL, PHONE = "Opdigtet", "@borger.example", "2999"


def a_citizen(r, number):
    """What one citizen says, and the CPR numbers in it, as written and as ten digits."""
    parts = (f"{r.randint(1, 28):02}", f"{r.randint(1, 12):02}", f"{r.randint(0, 99):02}", f"{r.randint(0, 9999):04}")
    written, digits = r.choice(WAYS).format(*parts), "".join(parts)
    said = {
        "channel": r.choice(("web", "email", "sms")),
        "municipality": HJORRING,
        "text": f"Jeg skal have et nyt pas. {written}",
        "citizen": {
            "name": f"Karla {NAME} {digits}",
            "phone": f"{PHONE}{number:04}",
            "email": f"karla.{number}{MAIL}",
            "cpr": digits,
        },
        "attributes": {"emne": f"Vedr. {written}", digits: int(digits)},
    }
    return said, [one.text for one in find(written)] + [digits]


@pytest.fixture
def worked(web, trained, capfd):
    """A thousand inquiries taken in, and what an agent writes of some of them; the numbers that were said."""
    a_pool(keep_cpr=True)
    pbx, r = Api(web, a_key()), random.Random(7)
    citizens = [a_citizen(r, number) for number in range(INQUIRIES)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda one: pbx.post("/inquiries", json=one[0]), citizens))
    assert {answer.status_code for answer in answers} == {201}
    classify.run()
    numbers = [number for _, of_one in citizens for number in of_one]
    _, username = an_agent(topics=("passport",), capacity=6, presence="available", connected=True)
    agent, secret = signed_in(web, username), citizens[0][1][0]
    for _ in range(3):
        assert route() > 0
        for offer in agent.get("/me").json()["offers"]:
            agent.post(f"/offers/{offer['id']}/acceptance")
        for held in agent.get("/me").json()["inquiries"]:
            assert agent.post(f"/inquiries/{held['id']}/cpr/0/reveal", json={"reason": secret}).status_code == 200
            closed = {"outcome": "resolved", "note": f"Har talt med {secret}"}
            assert agent.post(f"/inquiries/{held['id']}/closure", json=closed).status_code == 200
    route()
    for offer in agent.get("/me").json()["offers"]:
        agent.post(f"/offers/{offer['id']}/refusal", json={"reason": f"kender {secret}"})
    agent.put("/me/presence", json={"state": "break", "reason": f"ringer til {secret}"})
    pbx.post("/inquiries", json={"channel": "web", "citizen": citizens[0][0]["citizen"], "text": 5})  # an error
    summarize.run()
    return numbers, "".join(capfd.readouterr())


def dump():
    """Every row of every table as text."""
    with owner().connect() as session:
        tables = session.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
        rows = [
            row for name in tables for row in session.execute(text(f'SELECT t::text FROM "{name}" t')).scalars().all()
        ]
    return "\n".join(rows)


def redis():
    """Every key with its value, whatever its type; what RQ has packed is unpacked."""
    client = rq_connection()
    read = {
        b"string": client.get,
        b"hash": lambda key: [part for pair in client.hgetall(key).items() for part in pair],
        b"list": lambda key: client.lrange(key, 0, -1),
        b"set": client.smembers,
        b"zset": lambda key: client.zrange(key, 0, -1),
        b"stream": lambda key: [repr(client.xrange(key)).encode()],
    }
    found = []
    for key in client.scan_iter():
        value = read[client.type(key)](key)
        found += [key, *([value] if isinstance(value, bytes) else value)]
    return b"\n".join(unpacked(one) for one in found).decode("latin-1")


def stands_in(number, found):
    """Whether this number is written there. Ten digits within longer hex say nothing: what is sealed holds some."""
    return number in found and re.search(rf"(?<![0-9a-f]){re.escape(number)}(?![0-9a-f])", found) is not None


def unpacked(value):
    with suppress(zlib.error):
        return zlib.decompress(value)
    return value


def test_after_a_day_nothing_of_a_citizen_is_found_anywhere(worked):
    numbers, logged = worked
    assert "workers.classify.run" in redis()  # the lanes are looked into
    for where, found in (("database", dump()), ("redis", redis()), ("logs", logged)):
        assert [number for number in numbers if stands_in(number, found)] == [], where
        for word in (NAME, MAIL, f"+45{PHONE}", f" {PHONE}0"):
            assert word not in found and word.encode().hex() not in found, (where, word)
    assert dump().count("[CPR]") > 2 * INQUIRIES
