"""Only failed sign-ins count, against the account and the address, with Redis and without."""

from types import SimpleNamespace

import httpx
import pytest
from limits import RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from hotline import live
from hotline.access import throttle
from hotline.access.errors import TooManyAttempts, WrongSignIn
from hotline.access.throttle import LIMITS, Limits, address_of, counted
from hotline.settings import settings
from tests.builders import PASSWORD, PATIENCE, Api, a_person, signed_in
from tests.waiting import until

FEW = Limits(RateLimitItemPerMinute(3, 15), RateLimitItemPerMinute(5, 15))
HTML = {"Accept": "text/html"}
BRIEF = Limits(RateLimitItemPerSecond(1), RateLimitItemPerMinute(99))


@pytest.fixture(params=["with Redis", "without Redis"])
def counting(request, database, monkeypatch):
    """Failures are counted in Redis, or in this process alone because nothing answers there."""
    monkeypatch.setattr(throttle, "IN_MEMORY", MovingWindowRateLimiter(MemoryStorage()))
    if request.param == "without Redis":
        monkeypatch.setenv("HOTLINE_REDIS_URL", "redis://127.0.0.1:1/0")
        settings.cache_clear()
        live.connection.cache_clear()


def attempt(account, address, wrong=True, limits=FEW):
    """What an attempt to sign in ends with."""
    try:
        with counted(account, address, limits):
            if wrong:
                raise WrongSignIn
    except (WrongSignIn, TooManyAttempts) as error:
        return type(error)
    return None


def test_after_so_many_failures_an_account_is_closed_from_everywhere(counting):
    assert [attempt("karla", f"192.0.2.{i}") for i in range(3)] == [WrongSignIn] * 3
    assert attempt("karla", "192.0.2.9") is TooManyAttempts
    assert attempt(" Karla ", "192.0.2.9", wrong=False) is TooManyAttempts
    assert attempt("viggo", "192.0.2.1", wrong=False) is None
    with pytest.raises(TooManyAttempts) as refused, counted("karla", None, FEW):
        pass
    assert 14 * 60 < refused.value.members["retry_after"] <= 15 * 60


def test_who_knows_a_user_name_keeps_its_owner_out_from_nowhere_they_come_in_from(counting):
    assert attempt("karla", "192.0.2.7", wrong=False) is None
    for i in range(5):
        attempt("karla", f"198.51.100.{i}")
    assert attempt("karla", "198.51.100.9", wrong=False) is TooManyAttempts
    assert attempt("Karla", "192.0.2.7", wrong=False) is None
    assert [attempt("karla", "192.0.2.7") for _ in range(4)] == [WrongSignIn] * 3 + [TooManyAttempts]
    assert attempt("viggo", "192.0.2.7", wrong=False) is None


def test_after_its_while_an_account_is_open_again(counting):
    assert TooManyAttempts in [attempt("karla", "192.0.2.1", limits=BRIEF) for _ in range(20)]
    until(lambda: attempt("karla", "192.0.2.1", wrong=False, limits=BRIEF) is None, "a second has passed")


def test_an_address_is_closed_after_failures_for_many_accounts(counting):
    assert [attempt(f"name-{i}", "192.0.2.1") for i in range(5)] == [WrongSignIn] * 5
    assert attempt("another", "192.0.2.1", wrong=False) is TooManyAttempts
    assert attempt("another", "192.0.2.2", wrong=False) is None


def test_those_who_get_in_are_never_counted(counting):
    assert {attempt("karla", "192.0.2.1", wrong=False) for _ in range(20)} == {None}


def test_who_finds_the_password_while_others_use_the_attempts_up_does_not_get_in(counting):
    with pytest.raises(TooManyAttempts), counted("karla", "192.0.2.1", FEW):
        for i in range(3):
            attempt("karla", f"192.0.2.{i + 2}")


def test_redis_learns_no_name_and_no_address(database):
    attempt("karla.jensen", "192.0.2.77", limits=LIMITS)
    names = live.connection().keys("*")
    assert len(names) == 2
    said = " ".join([*names, *(str(live.connection().lrange(name, 0, -1)) for name in names)])
    assert "karla" not in said and "192.0.2.77" not in said


@pytest.mark.parametrize("known", [True, False])
def test_known_and_unknown_names_are_closed_alike_for_programs_and_browsers(web, known):
    name = a_person("secretariat") if known else "nobody-of-ours"
    body = {"username": name, "password": "wrong"}
    said = [Api(web).post("/sessions", json=body) for _ in range(11)]
    assert [answer.status_code for answer in said] == [401] * 10 + [429]
    assert said[-1].json()["type"] == "/problems/too-many-attempts"
    assert 0 < int(said[-1].headers["retry-after"]) <= 15 * 60
    right = Api(web).post("/sessions", json=body | {"password": PASSWORD})
    assert right.status_code == 429 and right.json().keys() == said[-1].json().keys()
    page = httpx.post(f"{web}/sign-in", data=body | {"password": PASSWORD}, headers=HTML, timeout=PATIENCE)
    assert page.status_code == 429 and "<h1" in page.text and int(page.headers["retry-after"]) > 0
    assert "set-cookie" not in page.headers


def test_sixty_agents_of_one_town_hall_sign_in_as_often_as_they_like(web):
    name = a_person("secretariat")
    for _ in range(60):
        signed_in(web, name)


@pytest.mark.parametrize(
    ("host", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:9::9", "2001:db8:1:2::/64"),
    ],
)
def test_an_ipv6_household_is_one_address(host, counted_as):
    assert address_of(SimpleNamespace(client=SimpleNamespace(host=host))) == counted_as


def test_who_came_by_no_address_is_counted_by_name_alone(database):
    assert address_of(SimpleNamespace(client=None)) is None
    assert attempt("karla", None) is WrongSignIn
