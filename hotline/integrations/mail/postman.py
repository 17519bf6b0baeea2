"""Postman: looks into mailboxes and sends what is due, many at once, so that no server that hangs delays another."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from random import Random
from threading import Thread
from typing import Any, TypeVar

from sqlalchemy import TextClause, text
from sqlmodel import Session, select

from hotline.clock import now
from hotline.db import open_pool, transaction
from hotline.duties import attempt, forget, set_aside
from hotline.errors import HotlineError
from hotline.faults import passes, tell
from hotline.intake.resources import Intake
from hotline.integrations.mail import alerts, send
from hotline.integrations.mail.models import MailAddress, Mailbox
from hotline.integrations.mail.read import read
from hotline.integrations.mail.servers import Account, Box, Failed, Post, Rejected
from hotline.integrations.mail.take import MAIL, take
from hotline.tenant import at_work

EVERY = 1.0  # seconds between two looks at what is due
LOOK = timedelta(seconds=20)  # into a mailbox that is well; one that is not is let rest, longer each time
LONGEST_REST = timedelta(minutes=15)
WHOLE = 120.0  # seconds for all that is done in one look, or to send one answer
LEASE = timedelta(seconds=2 * WHOLE)  # after so long whoever claimed a mailbox is dead
MAILBOXES = 20  # at the same time
MAILS = 50  # of one look

DUE = text("""
    UPDATE mailbox SET due_at = :lease WHERE id IN (
        SELECT id FROM mailbox WHERE active AND due_at <= :now ORDER BY due_at LIMIT :most FOR UPDATE SKIP LOCKED)
    RETURNING id
""")
TAKEN = text("UPDATE mailbox SET validity = :validity, seen_uid = :uid WHERE id = :id")
WELL = text("""
    UPDATE mailbox SET validity = :validity, seen_uid = :uid, looked_at = :now, due_at = :due, failures = 0, why = NULL
    WHERE id = :id
""")
ILL = text("UPDATE mailbox SET failures = failures + 1, why = :why, due_at = :due WHERE id = :id")
AGAIN = text("""
    SELECT item FROM set_aside WHERE duty = 'mail' AND item LIKE :items AND again_at <= clock_timestamp()
    ORDER BY again_at LIMIT 10
""")
WAYS: tuple[send.Way, ...] = (send, alerts)
T = TypeVar("T")


class Postman:
    """One of a process. Several processes may have one: a mailbox and an answer are claimed by one of them."""

    def __init__(self, clock: Callable[[], datetime] = now, random: Random | None = None) -> None:
        self._clock, self._random = clock, random or Random()
        self._writers = ThreadPoolExecutor(4, MAIL)
        self._under_way: set[asyncio.Task[None]] = set()
        self._looking = 0
        self._intake: Intake | None = None

    async def run(self, goes_on: Callable[[], bool]) -> None:
        """Look and send while it goes on; what is under way at the end is done again by somebody else."""
        while goes_on():
            await self._in_thread(lambda: attempt(MAIL, self._write_down, due=False))
            try:
                await self.do_due()
            except Exception as error:  # the next look may find the database again
                tell(error, __name__, "no mail")
            await asyncio.sleep(EVERY)

    async def do_due(self) -> int:
        """Begin with what is due and has room; how much that was."""
        asked = {"now": self._clock(), "lease": self._clock() + LEASE, "most": MAILBOXES - self._looking}
        due = await self._in_transaction(lambda session: list(session.execute(DUE, asked).scalars()))
        letters = [
            self._send(way, one)
            for way in WAYS
            for one in await self._in_transaction(partial(way.claim, now=self._clock()))
        ]
        for work in (*map(self._look, due), *letters):
            task = asyncio.create_task(work)
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return len(due) + len(letters)

    async def drain(self) -> None:
        """Look into every mailbox that is due, and send, until nothing is due any more."""
        await self._in_thread(self._write_down)
        while await self.do_due() or self._under_way:
            await asyncio.gather(*self._under_way)

    async def close(self) -> None:
        """Let go of the database."""
        if self._intake is not None:
            await self._intake.end()
            await self._intake.pool.close()

    def _write_down(self) -> bool:
        with transaction(at_work(MAIL)) as session:
            return send.write_down(session, self._clock())

    async def _look(self, mailbox_id: int) -> None:
        self._looking += 1
        try:
            mailbox = await self._in_transaction(lambda session: session.get_one(Mailbox, mailbox_id))
            box = Box(account_of(mailbox))
            try:
                async with asyncio.timeout(WHOLE):
                    await self._take_all(mailbox, box)
            except (Failed, TimeoutError) as error:
                rest = min(LOOK * 2 ** min(mailbox.failures, 10), LONGEST_REST)
                ill = {"id": mailbox_id, "why": str(error) or "late", "due": self._clock() + rest}
                await self._in_transaction(partial(_execute, ILL, ill))
            finally:
                box.hang_up()
        except Exception as error:  # it is claimed until its lease ends, and then looked into again
            tell(error, __name__, "mailbox left", mailbox=str(mailbox_id))
        finally:
            self._looking -= 1

    async def _take_all(self, mailbox: Mailbox, box: Box) -> None:
        """What has come since, and what was set aside and may be tried again; no more than MAILS at once."""
        await alone(box.open)
        prefix = f"{mailbox.id}.{box.validity}."
        again, own = await self._in_transaction(lambda session: _known(session, prefix))
        seen = mailbox.seen_uid if mailbox.validity == box.validity else 0
        behind = await alone(box.behind, seen, _since(mailbox))
        for uid in [*again, *behind[:MAILS]]:
            raw = await alone(box.fetch, uid)
            await self._take(mailbox, raw, own, f"{prefix}{uid}")
            seen = max(seen, uid)
            row = {"id": mailbox.id, "validity": box.validity, "uid": seen}
            await self._in_transaction(partial(_execute, TAKEN, row))
        at = self._clock()
        well = {"id": mailbox.id, "validity": box.validity, "uid": seen, "now": at}
        well["due"] = at if len(behind) > MAILS else at + LOOK
        await self._in_transaction(partial(_execute, WELL, well))
        await alone(box.close)

    async def _take(self, mailbox: Mailbox, raw: bytes | None, own: frozenset[str], item: str) -> None:
        try:
            if raw is not None:
                mail = await self._in_thread(lambda: read(raw, own))
                await take(await self._at_intake(), mailbox, mail, self._clock())
            await self._in_transaction(lambda session: forget(session, MAIL, item))
        except Exception as error:
            if passes(error) or (isinstance(error, HotlineError) and error.status >= 500):
                raise
            await self._in_thread(partial(set_aside, MAIL, item, error))

    async def _send(self, way: send.Way, claimed: send.Claimed) -> None:
        try:
            found = await self._in_transaction(lambda session: way.letter_of(session, claimed, self._clock()))
            if found is None:
                return
            mailbox, to, letter = found
            why, for_good = await self._post(Post(account_of(mailbox)), mailbox.address, to, letter)
            if why is None:
                await self._in_transaction(lambda session: way.sent(session, claimed))
                return
            await self._in_transaction(
                lambda session: way.not_sent(session, claimed, why, self._clock(), self._random, for_good=for_good)
            )
        except Exception as error:  # it is claimed until its lease ends, and then sent again
            tell(error, __name__, "mail left", message=str(claimed.message_id))

    async def _post(self, post: Post, sender: str, to: str, letter: EmailMessage) -> tuple[str | None, bool]:
        """What went wrong, if anything, and whether that is for good."""
        try:
            async with asyncio.timeout(WHOLE):
                await alone(post.send, sender, to, letter)
        except Rejected as error:
            return str(error), True
        except (Failed, TimeoutError) as error:
            return str(error) or "late", False
        finally:
            post.hang_up()
        return None, False

    async def _at_intake(self) -> Intake:
        """Opened when the first mail comes: most processes look into nothing."""
        if self._intake is None:
            self._intake = Intake(await open_pool(at_work(MAIL)))
            self._intake.begin()
        return self._intake

    async def _in_transaction(self, do: Callable[[Session], T]) -> T:
        def work() -> T:
            with transaction(at_work(MAIL)) as session:
                return do(session)

        return await self._in_thread(work)

    async def _in_thread(self, do: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writers, do)


async def alone(do: Callable[..., T], *args: object) -> T:
    """Done in a thread of its own, for which nobody waits in the end: a server may let it wait for ever."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def tell_it(say: Callable[[Any], None], what: object) -> None:
        with suppress(RuntimeError):  # the loop is over
            loop.call_soon_threadsafe(lambda: None if future.done() else say(what))

    def work() -> None:
        try:
            done = do(*args)
        except Exception as error:  # whoever waits gets it
            tell_it(future.set_exception, error)
        else:
            tell_it(future.set_result, done)

    Thread(target=work, name="mail server", daemon=True).start()
    return await future


def account_of(mailbox: Mailbox) -> Account:
    """How one signs in to this mailbox."""
    return Account(mailbox.imap, mailbox.smtp, mailbox.username, mailbox.password_file, mailbox.by_token)


def _execute(statement: TextClause, values: dict[str, Any], session: Session) -> None:
    session.execute(statement, values)


def _since(mailbox: Mailbox) -> date:
    """From which day on mails are taken where nothing says which the last one was.

    A day of UTC, which is never later than a Danish one: servers date mails by clocks of their own.
    """
    if mailbox.looked_at is None:
        return mailbox.made_at.astimezone(UTC).date()
    return (mailbox.looked_at - timedelta(days=1)).astimezone(UTC).date()


def _known(session: Session, prefix: str) -> tuple[list[int], frozenset[str]]:
    """The numbers of mails to be tried again, and the addresses that are ours."""
    items = session.execute(AGAIN, {"items": f"{prefix}%"}).scalars()
    own = {*session.exec(select(MailAddress.address)), *session.exec(select(Mailbox.address))}
    return [int(item.removeprefix(prefix)) for item in items], frozenset(own)
