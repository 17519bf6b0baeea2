"""Tells the hotline of an exchange's calls: from Asterisk's manager interface (AMI) or FreeSWITCH's event socket (ESL).

    exchange_events.py ami 127.0.0.1:5038 USER PASSWORD_FILE https://hotline.example.dk/api/v1/cti/KEY CONTEXT
    exchange_events.py esl 127.0.0.1:8021 -    PASSWORD_FILE https://hotline.example.dk/api/v1/cti/KEY CONTEXT

CONTEXT is the part of the dialplan in which citizens' calls come in. Standard library alone. It ends when the exchange
closes the connection: have systemd start it again. The hotline takes events twice and in any order.
"""

import json
import socket
import sys
import time
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import unquote
from urllib.request import Request, urlopen

TRIES = 5  # of an event that the hotline does not take just now, a second apart
SUBSCRIBED = "CHANNEL_CREATE CHANNEL_BRIDGE CHANNEL_HANGUP_COMPLETE"


def blocks(lines):
    """Headers by name, a block at a time; what comes between two empty lines is one."""
    block = {}
    for line in lines:
        name, colon, value = line.rstrip("\r\n").partition(":")
        if colon:
            block[name] = unquote(value.strip())
        elif not name and block:
            yield block
            block = {}


def of_ami(event, context):
    """What an event of Asterisk's tells of a citizen's call, as the hotline takes it; None where it tells nothing."""
    kind, call = event.get("Event"), event.get("Uniqueid")
    if kind == "Newchannel" and event.get("Context") == context:
        return {"event": "newCall", "callId": call, "from": event.get("CallerIDNum"), "to": event.get("Exten")}
    if kind == "DialEnd" and event.get("DialStatus") == "ANSWER" and event.get("Context") == context:
        return {"event": "answer", "callId": call, "answeringNumber": event.get("DestCallerIDNum")}
    if kind == "Hangup" and event.get("Context") == context:
        return {"event": "hangup", "callId": call, "cause": event.get("Cause-txt")}
    return None


def of_esl(event, context):
    """The same of FreeSWITCH's."""
    kind, call = event.get("Event-Name"), event.get("Unique-ID")
    if event.get("Caller-Context") != context or event.get("Call-Direction") != "inbound":
        return None
    if kind == "CHANNEL_CREATE":
        ours = {"from": event.get("Caller-Caller-ID-Number"), "to": event.get("Caller-Destination-Number")}
        return {"event": "newCall", "callId": call, **ours}
    if kind == "CHANNEL_BRIDGE":
        return {"event": "answer", "callId": call, "answeringNumber": event.get("Other-Leg-Destination-Number")}
    if kind == "CHANNEL_HANGUP_COMPLETE":
        return {"event": "hangup", "callId": call, "cause": event.get("Hangup-Cause")}
    return None


def tell(address, said):
    """Post it; what may pass is tried again, what is wrong is said and left."""
    body = json.dumps({name: value for name, value in {**said, "direction": "in"}.items() if value}).encode()
    for _ in range(TRIES):
        try:
            with urlopen(Request(address, body, {"Content-Type": "application/json"}), timeout=10):
                return
        except HTTPError as error:
            if error.code not in (429, 503):
                print(f"not taken: {error.code}", file=sys.stderr)
                return
        except URLError as error:
            print(f"no hotline: {error.reason}", file=sys.stderr)
        time.sleep(1)


def main(kind, exchange, user, password_file, address, context):
    host, _, port = exchange.partition(":")
    password = Path(password_file).read_text().strip()
    ami = f"Action: Login\r\nUsername: {user}\r\nSecret: {password}\r\nEvents: call\r\n\r\n"
    esl = f"auth {password}\n\nevent plain {SUBSCRIBED}\n\n"
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall((ami if kind == "ami" else esl).encode())
        with connection.makefile(encoding="utf-8", errors="replace") as lines:
            for block in blocks(lines):
                said = of_ami(block, context) if kind == "ami" else of_esl(block, context)
                if said:
                    tell(address, said)


if __name__ == "__main__":
    main(*sys.argv[1:])
