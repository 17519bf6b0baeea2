"""Sends inquiries over kept-open connections, each as soon as the one before was answered: a process of its own.

    python -m hotline.bench.client < JOB

The job is one JSON object on standard input (see Job); the answer one on standard output: the seconds it took and the
milliseconds of each request. Exits 1 with the answer that was no 201.
"""

import asyncio
import json
import re
import sys
import time
from dataclasses import dataclass
from itertools import count
from typing import cast

import uvloop

LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
PATIENCE = 30.0  # seconds for the last answers
NAME = "NAME"  # stands in a body where the name of the request goes
HEAD = (
    "POST /api/v1/inquiries HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {key}\r\nIdempotency-Key: {name}\r\n"
    "Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
)


@dataclass(frozen=True)
class Job:
    """What to send: `bodies` in turn, each with a name of its own that begins with `prefix`, for so many seconds."""

    host: str
    port: int
    key: str
    bodies: list[str]
    prefix: str
    connections: int
    seconds: float


class NotStored(Exception):
    """An answer that is no 201."""


class Connection(asyncio.Protocol):
    """One connection: the next request goes out when the answer has come in."""

    def __init__(self, job: Job, numbers: "count[int]", until: float) -> None:
        self._job, self._numbers, self._until = job, numbers, until
        self._received, self._sent_at = b"", 0.0
        self.took: list[float] = []
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast(asyncio.WriteTransport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        """Once an answer is whole, note its time and send on."""
        self._received += data
        head, blank, body = self._received.partition(b"\r\n\r\n")
        length = LENGTH.search(head)
        if not blank or (length and len(body) < int(length[1])):
            return
        now = time.perf_counter()
        if not head.startswith(b"HTTP/1.1 201 "):
            self._end(NotStored(self._received.decode(errors="replace")))
        elif now < self._until:
            self.took.append((now - self._sent_at) * 1000)
            self._send()
        else:
            self._end(None)

    def connection_lost(self, error: Exception | None) -> None:
        """The server went away."""
        self._end(error or ConnectionError("closed"))

    def _send(self) -> None:
        number = next(self._numbers)
        name = f"{self._job.prefix}-{number}"
        body = self._job.bodies[number % len(self._job.bodies)].replace(NAME, name).encode()
        head = HEAD.format(host=self._job.host, key=self._job.key, name=name, length=len(body))
        self._received, self._sent_at = b"", time.perf_counter()
        self._transport.write(head.encode() + body)

    def _end(self, error: Exception | None) -> None:
        if not self.over.done():
            self.over.set_exception(error) if error else self.over.set_result(None)
            self._transport.close()


async def work(job: Job) -> list[float]:
    """Do the job; the milliseconds of each request. Raises NotStored; OSError or TimeoutError where nobody answers."""
    loop, numbers, until = asyncio.get_running_loop(), count(), time.perf_counter() + job.seconds
    made = [
        await loop.create_connection(lambda: Connection(job, numbers, until), job.host, job.port)
        for _ in range(job.connections)
    ]
    async with asyncio.timeout(job.seconds + PATIENCE):
        await asyncio.gather(*(connection.over for _, connection in made))
    return [one for _, connection in made for one in connection.took]


def main() -> None:
    """Read the job, do it, tell."""
    job = Job(**json.load(sys.stdin))
    begun, cpu = time.perf_counter(), time.process_time()
    try:
        took = uvloop.run(work(job))
    except (NotStored, OSError) as error:
        sys.exit(f"the server answered {str(error)[:1000]!r}")
    busy = (time.process_time() - cpu) / (time.perf_counter() - begun)
    json.dump({"took": [round(one, 3) for one in took], "busy": round(busy, 3)}, sys.stdout)


if __name__ == "__main__":
    main()
