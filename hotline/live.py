"""Redis carries only what may be lost: wake-ups for the router and words for the consoles."""

from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache

import redis
from redis.exceptions import RedisError
from sqlmodel import Session

from hotline.db import after
from hotline.settings import settings

WAKE = "hotline:wake"
AGENTS = "hotline:agents"


@lru_cache
def connection() -> redis.Redis:
    """The process's connection pool to Redis; answers are strings."""
    return redis.Redis.from_url(
        settings().redis_url,
        decode_responses=True,
        socket_timeout=5,
        socket_connect_timeout=2,
        health_check_interval=30,
    )


def wake_router_later(session: Session) -> None:
    """Let the router run once this transaction has committed."""
    after(session, wake_router)


def tell_agents_later(session: Session, agent_ids: Iterable[int]) -> None:
    """Let these agents' consoles look again once this transaction has committed."""
    ids = list(agent_ids)
    after(session, lambda: tell_agents(ids))


def wake_router() -> None:
    """Ask for one more run; a wake-up that comes during a run leaves its mark for the next one."""
    with suppress(RedisError), connection().pipeline(transaction=False) as pipe:  # the router looks by itself as well
        pipe.lpush(WAKE, 1)
        pipe.ltrim(WAKE, 0, 0)
        pipe.execute()


def wait_for_wake(seconds: float) -> bool:
    """Wait until somebody asks for a run, at the most `seconds`; true where somebody did.

    Raises redis.exceptions.RedisError where Redis is away: the caller then waits in its own way.
    """
    return connection().blpop([WAKE], timeout=seconds) is not None


def tell_agents(agent_ids: Iterable[int]) -> None:
    """Tell the consoles of these agents that something of theirs has changed; ids only, nothing of the citizen."""
    ids = sorted(set(agent_ids))
    if not ids:
        return
    with suppress(RedisError):  # every stream reads its state again within seconds
        connection().publish(AGENTS, ",".join(map(str, ids)))
