"""Box, Post: the two ways to a mail server. Every command has its time, and whoever waits can hang up."""

import imaplib
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from email import policy
from email.message import EmailMessage
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

COMMAND = 20.0  # seconds until a server has answered, each time
LARGEST = 5_000_000  # bytes that are read of a mail; what stands behind them are files
PORTS = {"imaps": 993, "imap": 143, "smtps": 465, "smtp": 587}
# The words of Failed, where the server has given no status.
WRONG = ("password_file", "sign_in", "refused", "late", "no_tls", "no_connection", "no_imap", "no_smtp")
PARTIAL = re.compile(rb"BODY\[\]<0>")


class Rejected(Exception):
    """The server took it and said no, for good: the words are its status, such as `550 5.1.1`."""


class Failed(Exception):
    """It may go better later; the word says what went wrong."""


@dataclass(frozen=True)
class Account:
    """How one signs in to a mailbox's servers. The secret is read anew from its file each time."""

    imap: str
    smtp: str
    username: str
    password_file: str
    by_token: bool = False

    def secret(self) -> str:
        """Raises Failed where the file cannot be read."""
        try:
            return Path(self.password_file).read_text().strip()
        except (OSError, UnicodeDecodeError):
            raise Failed("password_file") from None


class _Known:
    """Says that it is there before it connects, which may take for ever."""

    def __init__(self, known: list[Any], *args: Any, **options: Any) -> None:
        known.append(self)
        super().__init__(*args, **options)


class _Imap(_Known, imaplib.IMAP4):
    pass


class _ImapByTls(_Known, imaplib.IMAP4_SSL):
    pass


class _Smtp(_Known, smtplib.SMTP):
    pass


class _SmtpByTls(_Known, smtplib.SMTP_SSL):
    pass


class Line:
    """A connection to a mail server, for one use."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._known: list[Any] = []

    def hang_up(self) -> None:
        """From another thread: whoever waits for the server waits no longer."""
        for one in self._known:
            with suppress(OSError, AttributeError):
                one.sock.shutdown(socket.SHUT_RDWR)
                one.sock.close()


class Box(Line):
    """An open mailbox, of which nothing is changed."""

    validity = 0

    def open(self, folder: str = "INBOX") -> None:
        """Sign in and look at the folder. Raises Failed."""
        with _failing():
            scheme, host, port = parts(self._account.imap)
            if scheme == "imaps":
                _ImapByTls(self._known, host, port, ssl_context=_tls(), timeout=COMMAND)
            else:
                _Imap(self._known, host, port, timeout=COMMAND)
                if not is_here(host):
                    self._imap.starttls(_tls())
            _sign_in(self._imap, self._account)
            self._ok(self._imap.select(folder, readonly=True))
            _, said = self._imap.response("UIDVALIDITY")
            self.validity = int(said[0] or 0) if said else 0

    def behind(self, uid: int, since: date) -> list[int]:
        """The numbers of the mails behind this one, in order; of all where that is 0, of those since this day."""
        with _failing():
            asked = f"UID {uid + 1}:*" if uid else f"SINCE {since:%d-%b-%Y}"
            [found] = self._ok(self._imap.uid("SEARCH", asked))
            numbers = sorted(int(one) for one in (found or b"").split())
            return [one for one in numbers if one > uid]  # `5:*` is the last one where there is none behind 4

    def fetch(self, uid: int) -> bytes | None:
        """The first LARGEST bytes of a mail, which stays unread; None where it is gone."""
        with _failing():
            found = self._ok(self._imap.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{LARGEST}>)"))
            return next((one[1] for one in found if isinstance(one, tuple) and PARTIAL.search(one[0])), None)

    def close(self) -> None:
        """Leave, politely where that is possible."""
        with suppress(OSError, imaplib.IMAP4.error, Failed):
            self._imap.logout()

    @property
    def _imap(self) -> imaplib.IMAP4:
        if not self._known:
            raise Failed("no_connection")
        opened: imaplib.IMAP4 = self._known[-1]
        return opened

    def _ok(self, answer: tuple[str, list]) -> list:
        kind, data = answer
        if kind != "OK":
            raise Failed("refused")
        return data


class Post(Line):
    """One mail on its way to the server."""

    def send(self, sender: str, to: str, message: EmailMessage) -> None:
        """Hand it over. Raises Rejected, or Failed."""
        try:
            with self._connected() as server:
                server.sendmail(sender, [to], message.as_bytes(policy=policy.SMTP))
        except smtplib.SMTPRecipientsRefused as error:
            raise _meant(*next(iter(error.recipients.values()))) from None
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            raise _meant(error.smtp_code, error.smtp_error) from None
        except (smtplib.SMTPNotSupportedError, UnicodeError):  # letters in the address that this server does not know
            raise Rejected("553 5.6.7") from None
        except smtplib.SMTPException:
            raise Failed("no_smtp") from None
        except ssl.SSLError:
            raise Failed("no_tls") from None
        except TimeoutError:
            raise Failed("late") from None
        except OSError:
            raise Failed("no_connection") from None

    def _connected(self) -> smtplib.SMTP:
        scheme, host, port = parts(self._account.smtp)
        server: smtplib.SMTP
        if scheme == "smtps":
            server = _SmtpByTls(self._known, host, port, timeout=COMMAND, context=_tls())
        else:
            server = _Smtp(self._known, host, port, timeout=COMMAND)
            if not is_here(host):
                server.starttls(context=_tls())
        server.ehlo_or_helo_if_needed()
        if server.has_extn("auth") or not is_here(host):
            _sign_in_to_send(server, self._account)
        return server


def parts(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of a mail server's address. Raises ValueError where it is none."""
    split = urlsplit(url)
    if split.scheme not in PORTS or not split.hostname or split.path.strip("/") or split.query or split.username:
        raise ValueError(url)
    return split.scheme, split.hostname, split.port or PORTS[split.scheme]


def _sign_in(imap: imaplib.IMAP4, account: Account) -> None:
    try:
        if account.by_token:
            imap.authenticate("XOAUTH2", lambda _: _xoauth2(account).encode())
        else:
            imap.login(account.username, account.secret())
    except imaplib.IMAP4.error:
        raise Failed("sign_in") from None


def _sign_in_to_send(server: smtplib.SMTP, account: Account) -> None:
    try:
        if account.by_token:
            server.auth("XOAUTH2", lambda challenge=None: _xoauth2(account))
        else:
            server.login(account.username, account.secret())
    except (smtplib.SMTPAuthenticationError, smtplib.SMTPNotSupportedError):  # also where it offers no way
        raise Failed("sign_in") from None


def _xoauth2(account: Account) -> str:
    return f"user={account.username}\1auth=Bearer {account.secret()}\1\1"


def _meant(code: int, said: bytes | str) -> Exception:
    """A five is for good; what else is said may pass. Of the server's words only the status is kept."""
    words = said.decode("ascii", "replace") if isinstance(said, bytes) else said
    status = re.search(r"\b[245]\.\d{1,3}\.\d{1,3}\b", words)
    told = f"{code} {status[0]}" if status else str(code)
    return Rejected(told) if 500 <= code < 600 else Failed(told)


@contextmanager
def _failing() -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        raise Failed("late") from None
    except ssl.SSLError:
        raise Failed("no_tls") from None
    except (OSError, imaplib.IMAP4.abort):
        raise Failed("no_connection") from None
    except (imaplib.IMAP4.error, ValueError, UnicodeError):
        raise Failed("no_imap") from None


def is_here(host: str) -> bool:
    """On this machine nobody listens in."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@lru_cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()
