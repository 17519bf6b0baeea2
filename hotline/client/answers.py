"""What an answer of the hotline means to its caller, and how long to wait before asking again."""

import json
import time
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import httpx
import httpx_sse

API = "/api/v1"
PATIENCE = 60.0  # seconds for which a call is tried again, unless said otherwise
FIRST_WAIT, LONGEST_WAIT = 0.1, 2.0  # seconds between two tries; each wait is twice the one before
TIMEOUT = httpx.Timeout(15)
# The hotline writes to a quiet stream now and then; one that is silent for so long is dead.
STREAM_TIMEOUT = httpx.Timeout(15, read=60)
# Streams stay open: with a limit they would starve the calls beside them.
LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=100)


@cache
def connection() -> dict[str, Any]:
    """How every client connects, by the certificates that are believed: to read them takes 30 ms, so once a process."""
    trusted = httpx.create_ssl_context(trust_env=False)
    return {"timeout": TIMEOUT, "limits": LIMITS, "trust_env": False, "verify": trusted}


class Problem(Exception):
    """The hotline said no, and would say so again. `status` is 4xx, `problem` its problem document, {} without one."""

    def __init__(self, answer: httpx.Response) -> None:
        """From the answer, which has been read."""
        self.status, self.problem = answer.status_code, problem_of(answer)
        why = self.problem.get("detail") or self.problem.get("title", "")
        super().__init__(f"{self.status} {self.kind or ''} {why}".rstrip())

    @property
    def kind(self) -> str | None:
        """The problem's name as its page in the hotline has it: `offer-gone`, `closed`; None without a document."""
        return str(self.problem["type"]).rpartition("/")[2] if "type" in self.problem else None


class Away(Exception):
    """The hotline did not answer for as long as the caller has patience; what was asked may yet have been done."""


class Event(NamedTuple):
    """Something new for an agent: `offer`, `offer_gone`, `inquiry` or `presence`, and what it is now."""

    name: str
    data: Any


def problem_of(answer: httpx.Response) -> dict[str, Any]:
    """The problem document of an answer; {} where it is none."""
    try:
        problem = answer.json()
    except ValueError:
        return {}
    return problem if isinstance(problem, dict) else {}


def passes(answer: httpx.Response) -> bool:
    """Whether the same call may well be answered otherwise in a moment."""
    if answer.status_code == 409:
        return str(problem_of(answer).get("type", "")).endswith("/still-running")
    return answer.status_code == 429 or answer.status_code >= 500


def told(answer: httpx.Response) -> Any:
    """The JSON of an answer, None of an empty one. Problem on 4xx; ValueError where it is no JSON."""
    if not answer.is_success:
        raise Problem(answer)
    return answer.json() if answer.content else None


def happened(sent: httpx_sse.ServerSentEvent) -> Event | None:
    """The event that was sent; None for one that says nothing."""
    return Event(sent.event, json.loads(sent.data)) if sent.data else None


class Tries:
    """The tries of one call: iterate over them, and wait `pause` seconds after each that came to nothing."""

    def __init__(self, what: str, patience: float | None) -> None:
        """`what` is said when `patience` (seconds; None: for ever) is over."""
        self.what, self.patience = what, patience
        self.pause, self.last = 0.0, "no answer"

    def __iter__(self) -> Iterator[int]:
        """Numbers from 0. Away, or Problem where it was told to come later, once the next try would be too late."""
        begun, number, wait = time.monotonic(), 0, FIRST_WAIT
        while True:
            self.pause = wait
            yield number
            if self.patience is not None and time.monotonic() + self.pause > begun + self.patience:
                raise Away(f"{self.what}: {self.last}")
            number, wait = number + 1, min(LONGEST_WAIT, wait * 2)

    def over(self, answer: httpx.Response) -> bool:
        """Whether this is what the hotline has to say; else it passes, and `pause` is not shorter than it asks for.

        Problem where that is too late.
        """
        if not passes(answer):
            return True
        self.last = f"{answer.status_code} {answer.text[:200]}"
        later = answer.headers.get("Retry-After", "")
        self.pause = max(self.pause, float(later) if later.isdecimal() else 0.0)
        if answer.status_code < 500 and self.patience is not None and self.pause > self.patience:
            raise Problem(answer)
        return False
