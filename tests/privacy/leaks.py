"""Invented citizens whose words can be told from everything else, and a search for them wherever anything is kept."""

import base64
import os
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from random import Random

import psycopg
from redis import Redis

# Every name and mail address holds this word, every CPR number is of one birthday, every phone number begins alike.
WORD = "Zylqvist"
BIRTHDAY = "130965"  # with a 4 behind it: of the year 1965
WRITTEN = (
    "{d}{m}{y}-{n}",
    "{d}{m}{y}{n}",
    "{d}{m}{y} {n}",
    "{d}.{m}.{y}-{n}",
    "{d}-{m}-19{y}-{n}",
    "{d}/{m}/{y} - {n}",
    "{d} {m} {y} {n}",
    "{d}{m}19{y}-{n}",
    "CPR:{d}{m}{y}{n}",
    "{d}{m}{y}–{n}",
    "({d}{m}{y} {n})",
)

BETWEEN = rb"[^0-9A-Za-z]{0,4}"
NO_CLOCK = rb"(?<!\d:)"  # 05:27:45.791305+00 holds the digits of 45 79 13 05 00, and 05:13:09.654321+00 of a CPR number
CPR = BETWEEN.join(
    (
        rb"(?<![0-9a-fA-F.])" + NO_CLOCK + b"1",
        b"3",
        b"0",
        b"9",
        rb"(?:1" + BETWEEN + rb"9" + BETWEEN + rb")?6",
        b"5",
        b"4",
    )
)
CPR += (BETWEEN + rb"\d") * 3 + rb"(?![0-9a-fA-F])"
PHONE = (
    rb"(?<![0-9a-fA-F.])"
    + NO_CLOCK
    + rb"(?:\+?45)?[^0-9A-Za-z]?79[^0-9A-Za-z]?13[^0-9A-Za-z]?0\d[^0-9A-Za-z]?\d\d(?![0-9a-fA-F])"
)


def cpr(number: int) -> str:
    """The CPR number of this invented citizen (0 to 999), written in one of the ways that people have."""
    d, m, y = BIRTHDAY[:2], BIRTHDAY[2:4], BIRTHDAY[4:]
    return WRITTEN[number % len(WRITTEN)].format(d=d, m=m, y=y, n=4000 + number)


def relative(number: int) -> tuple[str, str]:
    """A number that this invented citizen writes of somebody else, of any birthday: as written, and as ten digits."""
    by_chance = Random(number)
    d, m, y = (f"{by_chance.randint(1, most):02}" for most in (28, 12, 99))
    form = WRITTEN[number % len(WRITTEN)]
    n = f"{by_chance.randint(0, 3999 if '19' in form else 9999):04}"  # from 4000 on some years are of other centuries
    return form.format(d=d, m=m, y=y, n=n), f"{d}{m}{y}{n}"


def citizen(number: int) -> dict[str, str]:
    """The fields of this invented citizen (0 to 999)."""
    phone = f"7913{number:04d}"
    written = (f"+45 {phone}", phone, f"+45{phone}", " ".join(re.findall("..", phone)))[number % 4]
    return {
        "name": f"Runa {WORD}-{number}",
        "phone": written,
        "email": f"runa.{WORD}{number}@borger.example",
        "cpr": f"{BIRTHDAY}-{4000 + number}",
    }


def found_in(blob: bytes) -> list[bytes]:
    """What of the invented citizens stands in these bytes, each with a little of what stands around it."""
    found = [blob[max(one.start() - 30, 0) : one.end() + 30] for one in IN_THE_CLEAR.finditer(blob)]
    for inner in unpacked(blob):
        found += [inner[max(one.start() - 30, 0) : one.end() + 30] for one in IN_THE_CLEAR.finditer(inner)]
    return found


def dump(owner_url: str) -> Iterator[tuple[str, bytes]]:
    """Every table as COPY writes it, which is how pg_dump does; its owner asks, whom no policy holds."""
    with psycopg.connect(owner_url) as connection:
        names = connection.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        for (name,) in names.fetchall():
            kind = connection.execute("SELECT relkind FROM pg_class WHERE relname = %s", [name]).fetchone()
            if kind == ("r",):
                with connection.cursor().copy(f"COPY {name} TO STDOUT") as rows:
                    yield name, b"".join(bytes(part) for part in rows)


def redis(url: str) -> Iterator[tuple[str, bytes]]:
    """Every key and value that Redis holds now."""
    readers = {
        b"string": lambda c, key: [c.get(key)],
        b"hash": lambda c, key: [part for pair in c.hgetall(key).items() for part in pair],
        b"list": lambda c, key: c.lrange(key, 0, -1),
        b"set": lambda c, key: list(c.smembers(key)),
        b"zset": lambda c, key: c.zrange(key, 0, -1),
        b"stream": lambda c, key: [repr(c.xrange(key)).encode()],
    }
    with Redis.from_url(url) as connection:
        for key in connection.scan_iter():
            read = readers.get(connection.type(key), lambda c, key: [])  # gone since the scan
            yield f"redis {key!r}", b"\n".join([key, *(part for part in read(connection, key) if part)])


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file under a folder, as it lies on the disk; what the servers remove meanwhile is left out."""
    for inside, _, names in os.walk(folder):
        for path in (Path(inside, name) for name in sorted(names)):
            try:
                found = path.read_bytes() if path.is_file() else b""
            except FileNotFoundError:
                continue
            yield str(path.relative_to(folder)), found


def unpacked(blob: bytes) -> Iterator[bytes]:
    """What was packed by zlib within these bytes, as RQ packs what a job is given."""
    at = -1
    while (at := blob.find(b"\x78\x9c", at + 1)) >= 0:
        try:
            yield zlib.decompressobj().decompress(blob[at:], 1_000_000)
        except zlib.error:  # two bytes by chance
            continue


def _disguised(word: str) -> Iterator[bytes]:
    plain = word.encode()
    yield plain.hex().encode()
    yield plain.hex().upper().encode()
    yield word.encode("utf-16-le")
    yield word.encode("utf-16-be")
    for shift in range(3):  # base64 takes three bytes at a time, so a word looks different at each of three places
        packed = base64.b64encode(b"\0" * shift + plain)
        yield packed[(0, 2, 3)[shift] : (len(plain) + shift) * 8 // 6]


WORDS = (WORD, WORD.lower(), WORD.upper(), f"{BIRTHDAY}-4", f"{BIRTHDAY}4")
IN_THE_CLEAR = re.compile(
    b"|".join(
        [
            re.escape(WORD.encode()),
            re.escape(WORD.lower().encode()),
            re.escape(WORD.upper().encode()),
            CPR,
            PHONE,
            *(re.escape(form) for word in WORDS for form in _disguised(word)),
        ]
    )
)
