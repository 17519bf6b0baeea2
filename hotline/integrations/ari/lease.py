"""Of several connectors one is at work: whoever holds the lease, for as long as it renews it.

A connector that hangs renews nothing, and another takes over once the lease is out; should it come back to life, it
sees by its own clock that it holds nothing any more before it does anything else.
"""

import time
import uuid

from sqlalchemy import text

from hotline.db import transaction
from hotline.tenant import at_work

# Seconds.
LASTS = 3.0
RENEWED_EVERY = 0.5

TAKE = text("""
    INSERT INTO ari_lease AS l (app, holder, until)
    VALUES (:app, :holder, clock_timestamp() + make_interval(secs => :lasts))
    ON CONFLICT (app) DO UPDATE SET holder = excluded.holder, until = excluded.until
    WHERE l.holder = excluded.holder OR l.until < clock_timestamp()
    RETURNING l.holder
""")
GIVE_UP = text("DELETE FROM ari_lease WHERE app = :app AND holder = :holder")


class Lease:
    """The lease of one app as one process knows it."""

    def __init__(self, app: str) -> None:
        self._app, self._holder, self._until = app, uuid.uuid4(), 0.0

    def take(self) -> bool:
        """Take it, or renew it; whether it is ours now."""
        begun = time.monotonic()  # before the database's clock is read, so that ours never lasts longer
        with transaction(at_work("telephony")) as session:
            held = session.execute(TAKE, {"app": self._app, "holder": self._holder, "lasts": LASTS}).first()
        self._until = begun + LASTS if held else 0.0
        return held is not None

    def is_held(self) -> bool:
        """Whether it is ours still, with nobody asked."""
        return time.monotonic() < self._until

    def give_up(self) -> None:
        """Another may begin at once."""
        self._until = 0.0
        with transaction(at_work("telephony")) as session:
            session.execute(GIVE_UP, {"app": self._app, "holder": self._holder})
