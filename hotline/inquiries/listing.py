"""listed(): inquiries newest first, by pages that together tell each one once, however late it was committed.

An id is made before the transaction that stores it has begun, so one with a smaller id may be committed when the walk
has passed its place. A walk therefore goes in rounds: the first tells what its snapshot of the transactions sees, each
further one what was committed since, and the walk ends where there is nothing more.
"""

import base64
import binascii
import re
import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from sqlalchemy import ColumnElement, TextClause, text
from sqlmodel import Session, col, select

from hotline.access.guards import KeyHolder
from hotline.directory.models import Person
from hotline.errors import Invalid
from hotline.inquiries.guards import may_see
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import State

LONGEST_CURSOR = 4000  # letters; a snapshot names the transactions that ran
HERE = text("SELECT CAST(pg_current_snapshot() AS text)")

# An inquiry is as old as the transaction of its line `received`; what has no such line was always there. The first is
# looked up row by row as the walk comes along (LIMIT keeps it so), the second goes by the index journal_by_xid.
SEEN = """
    coalesce((SELECT pg_visible_in_snapshot(j.xid, CAST(:seen AS pg_snapshot)) FROM journal j
              WHERE j.inquiry_id = inquiry.id AND j.event = 'received' ORDER BY j.id LIMIT 1), true)
"""
SINCE = """
    inquiry.id IN (SELECT j.inquiry_id FROM journal j
                   WHERE j.xid >= pg_snapshot_xmin(CAST(:before AS pg_snapshot)) AND j.event = 'received'
                     AND NOT pg_visible_in_snapshot(j.xid, CAST(:before AS pg_snapshot)))
"""
SNAPSHOT = re.compile(r"(\d{1,18}):(\d{1,18}):((?:\d{1,18}(?:,\d{1,18})*)?)", re.ASCII)


@dataclass(frozen=True)
class Walk:
    """How far a walk has come: `newest` is where it began, `passed` what it told last.

    `seen` is the snapshot of this round, `before` that of the round before it, in PostgreSQL's words.
    """

    newest: uuid.UUID
    passed: uuid.UUID
    seen: str
    before: str = ""

    def conditions(self) -> list[TextClause | ColumnElement[bool]]:
        """What this round has still to tell."""
        rest: list[TextClause | ColumnElement[bool]] = [
            col(Inquiry.id) < self.passed,
            text(SEEN).bindparams(seen=self.seen),
        ]
        return [*rest, text(SINCE).bindparams(before=self.before)] if self.before else rest

    def next_round(self, seen: str) -> "Walk":
        """From where it began once more, for what was committed since; newer ones are of another walk."""
        return replace(self, passed=self.newest, seen=seen, before=self.seen)

    def cursor(self) -> str:
        """In letters that an address takes as they are."""
        said = self.newest.bytes + self.passed.bytes + f"{self.seen} {self.before}".encode()
        return base64.urlsafe_b64encode(said).decode().rstrip("=")

    @classmethod
    def of(cls, cursor: str) -> "Walk":
        """Raises Invalid for a cursor that no page gave."""
        try:
            said = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            seen, before = said[32:].decode("ascii").split(" ")
            walk = cls(uuid.UUID(bytes=said[:16]), uuid.UUID(bytes=said[16:32]), seen, before)
        except (ValueError, binascii.Error) as error:
            raise Invalid("cursor is not one that a page gave") from error
        if not _is_snapshot(seen) or (before and not _is_snapshot(before)):
            raise Invalid("cursor is not one that a page gave")
        return walk


def listed(
    session: Session,
    caller: KeyHolder | Person,
    *,
    state: State | None,
    municipality: str | None,
    topic: str | None,
    since: datetime | None,
    cursor: str | None,
    limit: int,
) -> tuple[list[Inquiry], str | None]:
    """The inquiries this caller may see, newest first, and the cursor of the next page where there is one.

    What was committed behind the walk's back comes at its end. Raises Invalid for a cursor that no page gave.
    """
    wanted: list[ColumnElement[bool]] = [may_see(caller)]
    for column, value in (("state", state), ("municipality", municipality), ("topic", topic)):
        if value is not None:
            wanted.append(col(getattr(Inquiry, column)) == value)
    if since is not None:
        wanted.append(col(Inquiry.received_at) >= since)
    newest_first = select(Inquiry).where(*wanted).order_by(col(Inquiry.id).desc()).limit(limit + 1)
    here = session.execute(HERE).scalar_one()
    if cursor is None:
        found = list(session.exec(newest_first.where(text(SEEN).bindparams(seen=here))).all())
        walk = Walk(found[0].id, found[0].id, here) if found else None
    else:
        walk = Walk.of(cursor)
        found = list(session.exec(newest_first.where(*walk.conditions())).all())
    page = found[:limit]
    if walk is None:
        return page, None
    if len(found) > limit:
        return page, replace(walk, passed=page[-1].id).cursor()
    again = walk.next_round(here)
    more = session.exec(newest_first.where(*again.conditions()).limit(1)).first()
    return page, again.cursor() if more else None


def _is_snapshot(words: str) -> bool:
    found = SNAPSHOT.fullmatch(words)
    if found is None:
        return False
    first, after = int(found[1]), int(found[2])
    running = [int(one) for one in found[3].split(",")] if found[3] else []
    return 0 < first <= after and all(a < b for a, b in pairwise((first - 1, *running, after)))
