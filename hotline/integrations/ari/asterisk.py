"""Asterisk: what we ask of it over its REST interface, and the events that it tells over a websocket."""

import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidHandshake, WebSocketException

ANSWERS_WITHIN = 5.0  # seconds
SIGN_OF_LIFE = 2.0  # so often the websocket is asked for one, and so long it may take
LARGEST = 2**20  # bytes of an event
THERE = 409  # the status with which Asterisk says that something of this name is there already


class AsteriskAway(Exception):
    """It does not answer, or not as Asterisk does; the word says what went wrong. It may pass."""


class AsteriskCannot(Exception):
    """It answers that this cannot be done: the channel has gone, or there is no such telephone."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class Asterisk:
    """One exchange; close it after use. Everything may raise AsteriskAway, and AsteriskCannot where it says so."""

    def __init__(self, url: str, user: str, password: str, app: str) -> None:
        """`url` is where its HTTP server is, like `http://127.0.0.1:8088`; with its prefix, where it has one."""
        self._app, self._base = app, url.rstrip("/") + "/ari"
        self._sign_in = httpx.BasicAuth(user, password)
        self._http = httpx.AsyncClient(
            base_url=self._base,
            auth=self._sign_in,
            timeout=ANSWERS_WITHIN,
            trust_env=False,
            limits=httpx.Limits(max_connections=32, max_keepalive_connections=32),
        )

    async def close(self) -> None:
        """Let go of all connections."""
        await self._http.aclose()

    async def events(self) -> AsyncIterator[dict[str, Any] | None]:
        """Every event from now on; the first is None, once they come. Ends by AsteriskAway."""
        split = urlsplit(self._base)
        address = f"{'wss' if split.scheme == 'https' else 'ws'}://{split.netloc}{split.path}/events"
        asked = httpx.Request("GET", "http://asterisk")
        headers = next(self._sign_in.auth_flow(asked)).headers
        try:
            async with connect(
                f"{address}?{urlencode({'app': self._app, 'subscribeAll': 'false'})}",
                additional_headers={"Authorization": headers["Authorization"]},
                open_timeout=ANSWERS_WITHIN,
                ping_interval=SIGN_OF_LIFE,
                ping_timeout=SIGN_OF_LIFE,
                close_timeout=0.5,
                max_size=LARGEST,
                proxy=None,
            ) as socket:
                yield None
                async for message in socket:
                    yield json.loads(message)
        except InvalidHandshake as error:
            raise AsteriskAway("it lets this user have no events") from error
        except (OSError, TimeoutError, WebSocketException, ValueError) as error:
            raise AsteriskAway(type(error).__name__) from error
        raise AsteriskAway("it has closed the events")

    async def channels(self) -> list[dict[str, Any]]:
        """All that there are."""
        found: list[dict[str, Any]] = await self._ask("GET", "/channels")
        return found

    async def bridges(self) -> list[dict[str, Any]]:
        """All that there are."""
        found: list[dict[str, Any]] = await self._ask("GET", "/bridges")
        return found

    async def bridge(self, name: str, kind: str) -> None:
        """Have this bridge, `mixing` or `holding`, whether it was there or not."""
        try:
            await self._ask("POST", f"/bridges/{name}", type=kind, name=name)
        except AsteriskCannot as error:
            if error.status != THERE:
                raise

    async def music(self, bridge: str, music_class: str) -> None:
        """Music for all in the bridge."""
        await self._ask("POST", f"/bridges/{bridge}/moh", mohClass=music_class)

    async def join(self, bridge: str, *channels: str) -> None:
        """Have these channels in the bridge, out of whichever they are in."""
        await self._ask("POST", f"/bridges/{bridge}/addChannel", channel=",".join(channels))

    async def end_bridge(self, name: str) -> None:
        """The bridge is no more."""
        await self._ask("DELETE", f"/bridges/{name}")

    async def answer(self, channel: str) -> None:
        """Take the call."""
        await self._ask("POST", f"/channels/{channel}/answer")

    async def ring(self, channel: str, endpoint: str, caller_id: str, seconds: int) -> None:
        """Ring a telephone by a channel of this name, for so long at the most."""
        await self._ask(
            "POST",
            "/channels",
            endpoint=endpoint,
            app=self._app,
            appArgs="agent",
            channelId=channel,
            callerId=caller_id,
            timeout=str(seconds),
        )

    async def hang_up(self, channel: str) -> None:
        """End the channel."""
        await self._ask("DELETE", f"/channels/{channel}")

    async def play(self, channel: str, sounds: str) -> None:
        """Play these one after the other, as `sound:hello,digits:3`."""
        await self._ask("POST", f"/channels/{channel}/play", media=sounds)

    async def tell(self, channel: str, name: str, value: str) -> None:
        """Set a variable of the channel, for the dialplan."""
        await self._ask("POST", f"/channels/{channel}/variable", variable=name, value=value)

    async def leave(self, channel: str) -> None:
        """Back to the dialplan, behind where it came from."""
        await self._ask("POST", f"/channels/{channel}/continue")

    async def _ask(self, verb: str, path: str, **asked: str) -> Any:
        try:
            answer = await self._http.request(verb, path, params=asked)
        except (httpx.HTTPError, OSError) as error:
            raise AsteriskAway(type(error).__name__) from error
        if answer.status_code >= 500 or answer.status_code in (401, 403):
            raise AsteriskAway(str(answer.status_code))
        if answer.status_code >= 400:
            raise AsteriskCannot(answer.status_code)
        return answer.json() if answer.content else None
