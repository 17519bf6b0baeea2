"""One open console: what it is told, as server-sent events."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from hotline.console.state import changes, version

KEEP_ALIVE = 15.0  # seconds
QUEUED_EVENTS = 100

State = dict[str, Any]


class Stream:
    """One open console of one agent: the events it has yet to send, and the state it has told last."""

    def __init__(self, agent_id: int, token_hash: bytes) -> None:
        """`token_hash` is that of the sign-in that opened it; it ends with the sign-in."""
        self.agent_id, self.token_hash = agent_id, token_hash
        self.told: State | None = None
        self._events: asyncio.Queue[str | None] = asyncio.Queue(QUEUED_EVENTS)

    def tell(self, state: State) -> None:
        """Queue what leads from the state told last to this one, each event with the version of what it leads to.

        A console that does not keep up is sent away.
        """
        try:
            if events := list(changes(self.told, state)):
                led_to = version(state)
                for name, data in events:
                    told = json.dumps(data, ensure_ascii=False)
                    self._events.put_nowait(f"event: {name}\nid: {led_to}\ndata: {told}\n\n")
        except asyncio.QueueFull:
            self.end()
        self.told = state

    def end(self) -> None:
        """Close the stream after what is queued has been dropped; the console comes back and gets its whole state."""
        while not self._events.empty():
            self._events.get_nowait()
        self._events.put_nowait(None)

    async def events(self) -> AsyncIterator[str]:
        """Server-sent events until the stream ends; a comment now and then keeps proxies from closing it."""
        yield "retry: 1000\n\n"
        while True:
            try:
                event = await asyncio.wait_for(self._events.get(), KEEP_ALIVE)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if event is None:
                return
            yield event
