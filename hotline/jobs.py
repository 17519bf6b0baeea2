"""later(): work for the RQ workers, put on a lane by name once the transaction has committed."""

from functools import lru_cache

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Retry, SimpleWorker
from rq.serializers import JSONSerializer
from sqlmodel import Session

from hotline.db import after
from hotline.resources import WORKERS
from hotline.settings import settings

# The order in which a worker looks at its lanes.
LANES = ("classify", "summarize", "reseal", "retain")


class Worker(SimpleWorker):
    """A worker without a fork for each job; when Redis is away it asks again every second, not ever more rarely."""

    max_connection_wait_time = 1.0


@lru_cache
def rq_connection() -> Redis:
    """Redis as RQ wants it: bytes, and no time-out shorter than its blocking reads."""
    return Redis.from_url(settings().redis_url, socket_connect_timeout=2, health_check_interval=30)


def later(session: Session, lane: str) -> None:
    """Have the lane's job run once this transaction has committed."""
    after(session, lambda: enqueue(lane))


def enqueue(lane: str) -> None:
    """Have the lane's job run soon; one that waits already is enough, for it will see all that is committed by now.

    The jobs are workers/<lane>.py:run; each does all the work there is, so it carries no ids. A job that has begun
    does not count as waiting. Lost with Redis, it is found again by the router's sweep.
    """
    try:
        queue = Queue(lane, connection=rq_connection(), serializer=JSONSerializer)
        if queue.count == 0:
            queue.enqueue_call(
                f"{WORKERS}.{lane}.run", timeout=60, result_ttl=0, failure_ttl=3600, retry=Retry(max=2, interval=[1, 5])
            )
    except RedisError:
        pass  # the sweep asks again within seconds
