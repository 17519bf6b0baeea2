"""Failed sign-ins are counted against the account and the address they came from; those that succeed are not."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from math import ceil
from typing import TypeVar

from fastapi import Request
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from hotline.access.errors import TooManyAttempts, WrongSignIn
from hotline.clock import now
from hotline.directory.usernames import as_kept
from hotline.errors import HotlineError
from hotline.live import asking
from hotline.logs import log
from hotline.settings import settings

Answer = TypeVar("Answer")
IN_MEMORY = MovingWindowRateLimiter(MemoryStorage())


@dataclass(frozen=True)
class Limits:
    """How many failures in how long are borne with."""

    account: RateLimitItem
    address: RateLimitItem


# In a quarter of an hour. An address may be that of a whole town hall.
LIMITS = Limits(RateLimitItemPerMinute(10, 15), RateLimitItemPerMinute(50, 15))
# So long an address is known to be one that an account comes in from.
KNOWN = RateLimitItemPerDay(1, 30)


@contextmanager
def counted(account: str | None, address: str | None, limits: Limits = LIMITS) -> Iterator[None]:
    """Around one attempt to sign in: what leaves it as a 401 is a failure and counts; None counts for nobody.

    Failures from an address that the account has come in from lately are counted by themselves, and all others
    together: whoever knows a user name must not keep its owner out from where they work.

    Raises TooManyAttempts before the attempt where there were too many failures, whether or not there is such an
    account; and after it where others used the attempts up meanwhile, even if this one found the right password.
    """
    names = _names(account, address, limits)
    _must_have_room(names)
    try:
        yield
    except HotlineError as error:
        if error.status == 401:
            _tell(error, address)
            if not _count(names):
                raise _too_many(names) from error
        raise
    _must_have_room(names)
    if account and address:
        _ask(lambda limiter: limiter.hit(KNOWN, "known", _both(account, address)))


def within(kind: str, whose: str | None, limit: RateLimitItem) -> bool:
    """Count one thing of this kind that somebody does; false where it is one too many."""
    return whose is None or _count([(limit, kind, _unreadable(whose))])


def has_room(kind: str, whose: str, limit: RateLimitItem) -> bool:
    """Whether `within` would be true; it counts nothing."""
    return _ask(lambda limiter: limiter.test(limit, kind, _unreadable(whose)))


def address_of(request: Request) -> str | None:
    """Where a request comes from: an IPv4 address, or the network (/64) of an IPv6 one, for that is one household."""
    if request.client is None:
        return None
    try:
        found = ip_address(request.client.host)
    except ValueError:
        return request.client.host
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return str(IPv6Network((found, 64), strict=False))
    return str(getattr(found, "ipv4_mapped", None) or found)


Names = list[tuple[RateLimitItem, str, str]]


def _names(account: str | None, address: str | None, limits: Limits) -> Names:
    """What is counted where. Hashes: Redis learns no name and no address, and nobody fills it with long ones."""
    found: Names = [(limits.address, "address", _unreadable(address))] if address else []
    if not account:
        return found
    here = _both(account, address) if address else ""
    if here and not _ask(lambda limiter: limiter.test(KNOWN, "known", here)):
        return [(limits.account, "account here", here), *found]
    return [(limits.account, "account", _unreadable(as_kept(account))), *found]


def _both(account: str, address: str) -> str:
    return _unreadable(f"{as_kept(account)} {address}")


def _unreadable(value: str) -> str:
    return hashlib.sha256(value.encode(errors="replace")).hexdigest()[:32]


def _tell(error: HotlineError, address: str | None) -> None:
    """One line for one wrong sign-in: by the person's number where the name is one of ours, never by what was typed."""
    person = error.person if isinstance(error, WrongSignIn) else None
    facts = {"kind": error.slug(), "person": person, "reason": error.detail, "address": address}
    log(__name__).warning("wrong sign-in", **{name: fact for name, fact in facts.items() if fact})
    error.logged = True


def _must_have_room(names: Names) -> None:
    if not _ask(lambda limiter: all(limiter.test(*name) for name in names)):
        log(__name__).warning("sign-in not tried", reason="too many failures")
        raise _too_many(names)


def _count(names: Names) -> bool:
    """Count a failure; false where there had been too many before it."""
    return False not in _ask(lambda limiter: [limiter.hit(*name) for name in names])


def _too_many(names: Names) -> TooManyAttempts:
    """The error that says in how many seconds all of them have room again."""
    moment = now().timestamp()

    def wait(limiter: MovingWindowRateLimiter) -> float:
        stats = [limiter.get_window_stats(*name) for name in names]
        return max((one.reset_time - moment for one in stats if one.remaining <= 0), default=1)

    return TooManyAttempts(retry_after=max(1, ceil(_ask(wait))))


def _ask(question: Callable[[MovingWindowRateLimiter], Answer]) -> Answer:
    """The answer by what all processes counted in Redis; while it is away, by what this one counted itself."""
    try:
        with asking() as client:
            shared = RedisStorage(settings().redis_url, client.connection_pool, key_prefix="hotline:sign-in")
            return question(MovingWindowRateLimiter(shared))
    except RedisError as error:
        log(__name__).warning("sign-ins counted by this process alone", error=type(error).__name__)
        return question(IN_MEMORY)
