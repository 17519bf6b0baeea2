"""What a process that stays asks before it begins, so that it ends with one clear line rather than in mid-work."""

from hotline.cli.frame import failure


def call_it(kind: str) -> None:
    """Let the database know this process by its kind (web, worker, router), so that `hotline check` does."""
    from hotline.db import SESSION_OPTIONS

    SESSION_OPTIONS["application_name"] = f"hotline-{kind}"


def check_policy(command: str) -> None:
    """Read the policy; exit 1 with a line that names the command where there is none."""
    from hotline.policies import NoPolicy, current_policy

    try:
        current_policy()
    except NoPolicy as error:
        raise failure(command, str(error)) from None


def check_sign_in(command: str) -> None:
    """Where an OpenID provider is set, exit 1 without the rules for its claims or the client's secret."""
    from hotline.access.oidc_secret import unready

    if found := unready():
        raise failure(command, found)


def check_safe(command: str, host: str | None = None) -> None:
    """Exit 1 with a line that names the command where it would run with a secret or a door that is none.

    `host` is the address that a web process listens on.
    """
    from hotline.cli.safe import unsafe
    from hotline.settings import settings

    if found := unsafe(settings(), host):
        raise failure(command, found)


def check_keys(command: str) -> None:
    """Read the key ring, which a demo makes itself; exit 1 with a line that names the command where there is none."""
    from hotline.privacy import ring, vault
    from hotline.settings import settings

    try:
        if settings().demo:
            ring.make(settings().key_ring)
        vault.key_ring()
    except (OSError, ValueError) as error:
        raise failure(command, f"no key ring (`hotline keys make` makes one): {error}") from None


def check_redis(command: str) -> None:
    """Ask Redis for a sign of life; exit 1 with a line that names the command where there is none."""
    from redis.exceptions import RedisError

    from hotline.live import connection

    try:
        connection().ping()
    except RedisError as error:
        raise failure(command, f"Redis does not answer: {error}") from None


def check_database(command: str) -> None:
    """Ask PostgreSQL for a sign of life; exit 1 with a line that names the command where there is none."""
    from sqlalchemy.exc import DBAPIError

    from hotline.db import engine

    try:
        engine().connect().close()
    except DBAPIError as error:
        said = str(error.orig).strip().splitlines()[0]
        raise failure(command, f"PostgreSQL does not answer: {said}") from None
