"""Mailboxes of ours, on real servers on loopback: pymap for IMAP, aiosmtpd for SMTP."""

import asyncio
import socket
import threading
import time
from argparse import Namespace
from email import message_from_bytes, policy
from imaplib import IMAP4

from aiosmtpd.controller import Controller
from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer
from pysasl.hashing import BuiltinHash

from hotline.access.models import Integrator
from hotline.clock import now
from hotline.integrations.mail.models import MailAddress, Mailbox
from tests.builders import HJORRING
from tests.building import accounts

ADDRESS = "borger@kommune.example"
USER, PASSWORD = "borger", "a password"
# What pymap's command line gives where nothing is said.
PYMAP = {"debug": False, "cert": None, "key": None, "tls": False, "passlib_cfg": None, "proxy_protocol": None,
    "demo_data": False, "demo_user": USER, "demo_password": PASSWORD}  # fmt: skip


def a_mailbox(imap="imap://localhost:1", smtp="smtp://localhost:1", address=ADDRESS, municipality=HJORRING, **more):
    """A mailbox of this municipality; its id."""
    with accounts() as session:
        integrator = Integrator(name=f"Mail {address}")
        session.add(integrator)
        session.flush()
        usual = {"username": USER, "password_file": "/dev/null", "made_at": now(), "due_at": now()}
        box = Mailbox(
            name=f"Borgerservice {address}",
            integrator_id=integrator.id,
            address=address,
            imap=imap,
            smtp=smtp,
            **(usual | more),
        )
        session.add(box)
        session.flush()
        session.add(MailAddress(address=address, mailbox_id=box.id, municipality=municipality))
        return box.id


class Imap:
    """A server with one mailbox, into which `comes` puts mails."""

    def __init__(self):
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.url = f"imap://127.0.0.1:{self.port}"
        self._loop = asyncio.new_event_loop()
        started = threading.Event()
        threading.Thread(target=self._serve, args=(started,), daemon=True).start()
        assert started.wait(30)

    def _serve(self, started):
        asyncio.set_event_loop(self._loop)

        async def serve():
            args = Namespace(host="127.0.0.1", port=self.port, **PYMAP)
            backend, config = await DictBackend.init(args, invalid_user_sleep=0, hash_context=BuiltinHash(rounds=1))
            config.apply_context()
            answers = ProxyProtocolReader(config.proxy_protocol).get_callback(IMAPServer(backend.login, config))
            await asyncio.start_server(answers, sock=self._listening)
            started.set()

        self._loop.run_until_complete(serve())
        self._loop.run_forever()

    def comes(self, *mails):
        """These bytes lie in the mailbox, in this order."""
        with IMAP4("127.0.0.1", self.port) as box:
            box.login(USER, PASSWORD)
            for mail in mails:
                assert box.append("INBOX", "", None, mail)[0] == "OK"

    def flags(self):
        """What is marked of each mail."""
        with IMAP4("127.0.0.1", self.port) as box:
            box.login(USER, PASSWORD)
            box.select("INBOX", readonly=True)
            return [line for line in box.fetch("1:*", "(FLAGS)")[1] if line]

    def close(self):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._listening.close()


class Smtp:
    """A server that keeps what it was sent as (recipients, mail); `says` are its answers to the next mails."""

    def __init__(self):
        self.got, self.says = [], []
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=port)
        self._controller.start()
        self.url = f"smtp://127.0.0.1:{port}"

    async def handle_DATA(self, server, session, envelope):
        said = self.says.pop(0) if self.says else "250 OK"
        if said == "stall":
            await asyncio.sleep(5)
            said = "250 late"
        self.got.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return said

    def close(self):
        self._controller.stop()


class Silent:
    """A server that takes connections and says a byte now and then, for ever."""

    def __init__(self):
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"imap://127.0.0.1:{self._listening.getsockname()[1]}"
        self.left = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._drip, args=(line,), daemon=True).start()

    def _drip(self, line):
        try:
            while True:
                line.sendall(b"*")
                time.sleep(0.02)
        except OSError:
            self.left += 1

    def close(self):
        self._listening.close()
