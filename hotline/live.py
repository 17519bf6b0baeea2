"""Redis carries only what may be lost: wake-ups for the router and the lanes, and words for the consoles.

Whoever waits for it waits a fraction of a second at the most, and while it is silent it is asked once a second: the
router, the workers and the streams look by themselves meanwhile. Nothing that it says is carried out: a wake-up has no
content, and a word is a list of numbers.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache

import redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from sqlmodel import Session

from hotline.db import after
from hotline.settings import settings

WAKE = "hotline:wake"
AGENTS = "hotline:agents"
LANE = "hotline:lane:"
# Seconds.
PATIENCE = 0.3  # for one question; what is put off after a commit is one question
SILENT = 1.0  # after a question without an answer nobody of this process asks another for so long
LOOK = 0.2  # so often whoever waits looks by itself while Redis is silent


class Silent(RedisError):
    """Redis did not answer a moment ago, so it was not asked."""


class Words:
    """What one transaction has to say once it has committed: whom to wake, and which consoles look again."""

    def __init__(self) -> None:
        self.wake: set[str] = set()
        self.agents: set[int] = set()

    def say(self) -> None:
        """Say all of it in one go; where Redis does not answer, everybody looks by themselves within a moment."""
        with suppress(RedisError), asking() as client, client.pipeline(transaction=False) as pipe:
            for key in sorted(self.wake):
                pipe.lpush(key, 1)
                pipe.ltrim(key, 0, 0)
            if self.agents:
                pipe.publish(AGENTS, ",".join(map(str, sorted(self.agents))))
            pipe.execute()


@lru_cache
def connection() -> redis.Redis:
    """The process's connection pool to Redis; answers are strings. Ask it through `asking`."""
    return _client(PATIENCE)


@contextmanager
def asking() -> Iterator[redis.Redis]:
    """Redis, for one question. Raises RedisError: at once where it left one unanswered less than a second ago."""
    if is_silent():
        raise Silent("Redis did not answer a moment ago")
    try:
        yield connection()
    except RedisError:
        _Breaker.closed_until, _Breaker.failed = time.monotonic() + SILENT, True
        raise
    _Breaker.failed = False


def forget() -> None:
    """Ask anew, at the address that the settings name now."""
    connection.cache_clear()
    _waiting.cache_clear()
    _Breaker.closed_until, _Breaker.failed = 0.0, False


def wake_router_later(session: Session) -> None:
    """Let the router run once this transaction has committed."""
    _words(session).wake.add(WAKE)


def wake_lane_later(session: Session, lane: str) -> None:
    """Let a worker look at this lane once this transaction has committed."""
    _words(session).wake.add(LANE + lane)


def tell_agents_later(session: Session, agent_ids: Iterable[int]) -> None:
    """Let these agents' consoles look again once this transaction has committed; ids only, nothing of the citizen."""
    _words(session).agents.update(agent_ids)


def wake(*keys: str) -> None:
    """Ask whoever waits for these to look; a wake-up that comes while they do leaves its mark for the next time."""
    words = Words()
    words.wake.update(keys)
    words.say()


def wait_for(keys: Sequence[str], seconds: float) -> str | None:
    """Wait until somebody wakes one of these, the first ones first, at the most `seconds`; which one it was.

    While Redis does not answer this waits for LOOK seconds alone: the caller then looks by itself. It never raises
    for Redis.
    """
    try:
        with asking() as client:
            if _Breaker.failed:
                client.ping()  # or this would wait as long as for a wake-up, again and again
            found = _waiting(seconds).blpop([*keys], timeout=seconds)
            return str(found[0]) if isinstance(found, (list, tuple)) else None
    except RedisError:
        time.sleep(LOOK)
        return None


def is_woken(key: str) -> bool:
    """Whether somebody has woken this since it was last waited for; the mark is gone then. It waits for nothing."""
    with suppress(RedisError), asking() as client:
        return client.lpop(key) is not None
    return False


def is_silent() -> bool:
    """Whether Redis left this process's last question unanswered, a moment ago."""
    return time.monotonic() < _Breaker.closed_until


class _Breaker:
    closed_until = 0.0
    failed = False


@lru_cache
def _waiting(seconds: float) -> redis.Redis:
    return _client(seconds + PATIENCE)


def _client(patience: float) -> redis.Redis:
    # Asked again at once, and only where the connection had ended: as many as the pool held, when Redis began anew.
    again = Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,))
    return redis.Redis.from_url(
        settings().redis_url,
        decode_responses=True,
        socket_timeout=patience,
        socket_connect_timeout=PATIENCE,
        retry=again,
    )


def _words(session: Session) -> Words:
    words = session.info.get("words")
    if words is None:
        words = session.info["words"] = Words()
        after(session, words.say)
    return words
