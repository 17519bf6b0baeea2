"""Decides where the servers of a data folder live while they run, and cleans up after those that were killed.

Sockets always lie in a private folder under the system's temporary one: a socket's path holds 107 bytes. PostgreSQL
refuses to run as root, so root's server runs as `nobody`; where that user cannot reach the data folder, the cluster
moves to the private folder while it runs, and where it cannot reach the programs, they are copied there.
"""

import os
import pwd
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hotline.embedded.errors import CannotStart, NoPlace
from hotline.embedded.launch import Account, Command, finish
from hotline.embedded.leftovers import wait_for_leftovers
from hotline.embedded.wheels import postgres_folder

RECORD = "private-folder"  # in the data folder: the path of the private one
MARK = "made-by-hotline"  # in the private folder: nothing without it is ever removed
LONGEST_SOCKET = 107
Ignore = Callable[[str, list[str]], set[str]]
NOT_TO_RUN = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "doc", "*.a")  # parts of the programs' folder


@dataclass(frozen=True)
class Places:
    """Where everything of one data folder is, for as long as its servers run."""

    folder: Path
    private: Path
    cluster: Path
    programs: Path
    account: Account | None  # who runs PostgreSQL, where that is not the present user

    @property
    def home(self) -> Path:
        """Where the cluster lies between runs."""
        return self.folder / "postgres"


@contextmanager
def settled(folder: Path) -> Iterator[Places]:
    """Find a place for the servers of this folder, which the caller holds; afterwards nothing is left outside it."""
    recover(folder)
    try:
        places = _settle(folder)
        _move(places.home, places.cluster, places.account)
        yield places
    finally:
        recover(folder)


def recover(folder: Path) -> None:
    """Bring home the cluster of the last run, however it ended, and remove what that run had outside the folder."""
    wait_for_leftovers(folder)
    record = folder / RECORD
    if not record.exists():
        return
    private = Path(record.read_text().strip())
    if (private / MARK).is_file():
        wait_for_leftovers(private)
        _move(private / "postgres", folder / "postgres", _server_account())
        shutil.rmtree(private)
    record.unlink()


def _settle(folder: Path) -> Places:
    account = _server_account()
    programs, home = postgres_folder(), folder / "postgres"
    copy_programs = account is not None and not _runs(account, programs)
    move_cluster = account is not None and not _reaches(account, folder)
    private = _make_private(folder, account, runs_programs=copy_programs)
    if copy_programs:
        programs = _copy_programs(programs, private, account)
    return Places(folder, private, private / "postgres" if move_cluster else home, programs, account)


def _server_account() -> Account | None:
    if os.geteuid() != 0:
        return None
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        raise CannotStart("PostgreSQL refuses to run as root, and there is no user `nobody` to run it as.") from None
    return Account(nobody.pw_name, nobody.pw_uid, nobody.pw_gid)


def _reaches(account: Account, folder: Path) -> bool:
    return _shell(account, 'cd -- "$1"', folder)


def _runs(account: Account, programs: Path) -> bool:
    check = '"$1/bin/initdb" --version && "$1/bin/postgres" --version && test -r "$1/share/postgres.bki"'
    return _shell(account, check, programs)


def _shell(account: Account, script: str, argument: Path) -> bool:
    argv = ("/bin/sh", "-c", script, "sh", str(argument))
    return finish(Command(argv, env={"PATH": os.defpath}, cwd=Path("/"), account=account))[0] == 0


def _make_private(folder: Path, account: Account | None, *, runs_programs: bool) -> Path:
    """Recorded before it is made, so that even a start that is killed half-way leaves nothing unknown behind."""
    parent = _temporary(account, runs_programs=runs_programs)
    private = parent / f"hotline-{secrets.token_hex(4)}"
    (folder / RECORD).write_text(f"{private}\n")
    private.mkdir(mode=0o700)
    (private / MARK).write_text(f"{folder}\n")
    if account:
        os.chown(private, account.uid, account.gid)
    return private


def _temporary(account: Account | None, *, runs_programs: bool) -> Path:
    """The first temporary folder where a socket's name fits, and where the server's user can work."""
    for candidate in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp")):
        parent = Path(candidate).resolve()
        short = len(os.fsencode(parent / "hotline-00000000" / ".s.PGSQL.5432")) <= LONGEST_SOCKET
        usable = parent.is_dir() and os.access(parent, os.W_OK | os.X_OK)
        if not (short and usable) or (account and not _reaches(account, parent)):
            continue
        if runs_programs and os.statvfs(parent).f_flag & os.ST_NOEXEC:
            continue
        return parent
    raise NoPlace("No temporary folder is writable with a path short enough for a socket; set TMPDIR to one.")


def _move(source: Path, destination: Path, account: Account | None) -> None:
    """Move a cluster, if there is one, in steps that may be interrupted anywhere: the source counts until it is gone,
    and it goes under another name before the first of its files does."""
    gone = source.with_name("postgres.gone")
    shutil.rmtree(gone, ignore_errors=True)
    if source == destination or not source.exists():
        return
    shutil.rmtree(destination, ignore_errors=True)
    try:
        source.rename(destination)
    except OSError:  # another file system
        half = destination.with_name("postgres.half")
        shutil.rmtree(half, ignore_errors=True)
        _copy(source, half, account).rename(destination)
        source.rename(gone)
        shutil.rmtree(gone)


def _copy_programs(programs: Path, private: Path, account: Account | None) -> Path:
    """They look for their libraries where the wheel has them: in a folder beside the package's own."""
    package = programs.parent
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        _copy(libraries, private / libraries.name, account)
    return _copy(programs, private / package.name / programs.name, account, NOT_TO_RUN)


def _copy(source: Path, destination: Path, account: Account | None, ignore: Ignore | None = None) -> Path:
    shutil.copytree(source, destination, symlinks=True, ignore=ignore)
    if account:
        for path in (destination, *destination.rglob("*")):
            os.chown(path, account.uid, account.gid, follow_symlinks=False)
    return destination
