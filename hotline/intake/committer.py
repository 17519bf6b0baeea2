"""Group commit: the requests that wait together are stored in one transaction, and each hears when it is durable."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import asyncpg

from hotline.errors import HotlineError, Invalid, NotReady
from hotline.faults import told
from hotline.intake.draft import Answer, Draft
from hotline.intake.errors import StillRunning
from hotline.intake.store import Behind, Outcome, explain, store

MOST = 256
TURNS = 3  # of the event loop: so many it takes from a request's first byte to its draft
TRIES = 5
# Seconds.
AGAIN = 0.01
PATIENCE = 0.02  # for a batch; beside one that takes longer the next one begins

Waiting = tuple[Draft, "asyncio.Future[Outcome]"]


class Committer:
    """One per web process. While a batch is being committed the next one gathers.

    A batch costs PostgreSQL as much as eight more rows do, so two small ones at once would take the place of one.
    """

    def __init__(
        self,
        pool: asyncpg.Pool,
        clock: Callable[[], datetime],
        stored: Callable[[], None],
    ) -> None:
        """`stored` is called after each batch that stored something."""
        self._pool, self._clock, self._stored = pool, clock, stored
        self._queue: asyncio.Queue[Waiting] = asyncio.Queue()
        self._running: set[tuple[int, str]] = set()  # integrators with the keys of requests that are not answered yet

    async def receive(self, draft: Draft) -> Answer:
        """Store the draft; the answer for the integrator once it is durable.

        Raises StillRunning where the first request with its key is not through yet, KeyReused, DuplicateExternalId,
        Invalid where a value cannot be stored, NotReady where the database does not answer, or InternalError.
        """
        outcome = await self._outcome(draft)
        if isinstance(outcome, HotlineError):
            raise outcome
        return outcome

    async def _outcome(self, draft: Draft) -> Outcome:
        name = None if draft.key is None else (draft.integrator_id, draft.key)
        if name in self._running:
            # The one before may itself be a repeat: what is known is answered at once, however many ask.
            return await explain(self._pool, draft) or StillRunning()
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        if name is not None:
            self._running.add(name)
            future.add_done_callback(lambda _: self._running.discard(name))
        self._queue.put_nowait((draft, future))
        return await future

    async def run(self) -> None:
        """Commit batch after batch until cancelled; whatever becomes of one, the next is committed.

        Several may run; the database tells what two of them store.
        """
        under_way: set[asyncio.Task[None]] = set()
        while True:
            batch, twins = _apart(await self._gather())
            for twin in twins:
                self._queue.put_nowait(twin)
            task = asyncio.create_task(self._commit(batch))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
            await asyncio.wait({task}, timeout=PATIENCE)

    async def _gather(self) -> list[Waiting]:
        """Those who wait, and those who are being read just now."""
        gathered = [await self._queue.get()]
        for _ in range(TURNS):
            await asyncio.sleep(0)
        while len(gathered) < MOST and not self._queue.empty():
            gathered.append(self._queue.get_nowait())
        return gathered

    async def _commit(self, batch: Sequence[Waiting]) -> None:
        try:
            async with self._pool.acquire() as connection:
                found = await store(connection, [draft for draft, _ in batch], self._clock())
                self._tell_stored(batch, found)  # before the connection is put in order for whoever uses it next
        except (asyncpg.UniqueViolationError, asyncpg.DataError, asyncpg.IntegrityConstraintViolationError):
            # One of them stands in the way of all: each by itself, so that only that one suffers.
            found = {}
        except Exception as error:  # nothing was stored; the same may be sent again with the same key
            meant = told(error, __name__)
            for _, future in batch:
                _tell(future, meant)
            return
        for draft, future in batch:
            outcome = found.get(draft.id)
            if isinstance(outcome, Behind):
                self._again_soon(draft, future)
            elif not isinstance(outcome, Answer):
                await self._commit_one(draft, future)

    def _tell_stored(self, batch: Sequence[Waiting], found: dict[UUID, Outcome | Behind]) -> None:
        if any(isinstance(outcome, Answer) for outcome in found.values()):
            self._stored()
        for draft, future in batch:
            if isinstance(outcome := found.get(draft.id), Answer):
                _tell(future, outcome)

    async def _commit_one(self, draft: Draft, future: "asyncio.Future[Outcome]") -> None:
        outcome: Outcome | Behind | None
        for _ in range(TRIES):
            try:
                outcome = await explain(self._pool, draft)
                if outcome is None:
                    stored = await store(self._pool, [draft], self._clock())
                    outcome = stored.get(draft.id)
            except asyncpg.DataError:
                _tell(future, Invalid("a value cannot be stored"))
                return
            except asyncpg.UniqueViolationError:
                continue  # somebody stored the same just now; the next look says what
            except Exception as error:  # of one alone; the others of its batch are stored
                _tell(future, told(error, __name__))
                return
            if isinstance(outcome, Behind):
                self._again_soon(draft, future)
                return
            if outcome is not None:
                if not isinstance(outcome, HotlineError):
                    self._stored()
                _tell(future, outcome)
                return
        _tell(future, NotReady())

    def _again_soon(self, draft: Draft, future: "asyncio.Future[Outcome]") -> None:
        behind = replace(draft, row=draft.row | {"behind": draft.row.get("behind", 0) + 1})
        asyncio.get_running_loop().call_later(AGAIN, self._queue.put_nowait, (behind, future))


def _apart(gathered: list[Waiting]) -> tuple[list[Waiting], list[Waiting]]:
    """Those that may be stored together, and those that repeat a key or an external id of one before them."""
    seen: set[tuple[int, str, str]] = set()
    batch: list[Waiting] = []
    twins: list[Waiting] = []
    for draft, future in gathered:
        names = {(draft.integrator_id, "key", draft.key)} if draft.key is not None else set()
        if draft.external_id is not None:
            names.add((draft.integrator_id, "external_id", draft.external_id))
        if draft.citizen.get("phone_hash") and draft.row["channel"] == "phone":
            names.add((0, "phone", (draft.citizen["phone_hash"] or b"").hex()))
        (twins if names & seen else batch).append((draft, future))
        seen |= names
    return batch, twins


def _tell(future: "asyncio.Future[Outcome]", outcome: Outcome) -> None:
    if not future.done():  # the request may have gone away; the inquiry is stored all the same
        future.set_result(outcome)
