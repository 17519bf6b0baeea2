"""The sample that listens to an exchange is run as it stands, against a socket that tells what exchanges tell."""

import socket
import subprocess
import sys
import threading

import pytest
from sqlmodel import select

from hotline.classification.waiting import classify_waiting
from hotline.clock import now
from hotline.inquiries.models import Inquiry
from hotline.integrations.cti.calls import UNREAD, settle_due
from hotline.integrations.cti.models import AnsweringNumber, CalledNumber
from hotline.resources import ROOT
from tests.builders import HJORRING, a_key, a_pool, an_agent
from tests.building import transaction
from tests.callbacks.steps import Nothing

SAMPLE = ROOT / "docs" / "examples" / "exchange_events.py"
AMI = """Asterisk Call Manager/11.0.0
Response: Success
Message: Authentication accepted

Event: Newchannel
Channel: PJSIP/trunk-00000001
CallerIDNum: +4520123456
Exten: 1150860
Context: citizens
Uniqueid: 1796.1
Linkedid: 1796.1

Event: Newchannel
Channel: PJSIP/agent1-00000002
CallerIDNum: 2101
Context: agents
Uniqueid: 1796.2
Linkedid: 1796.1

Event: DialEnd
Channel: PJSIP/trunk-00000001
Context: citizens
Uniqueid: 1796.1
DestChannel: PJSIP/agent1-00000002
DestCallerIDNum: 2101
DialStatus: ANSWER

Event: Hangup
Channel: PJSIP/trunk-00000001
Context: citizens
Uniqueid: 1796.1
Cause: 16
Cause-txt: Normal Clearing

"""
ESL = """Content-Type: auth/request

Content-Type: command/reply
Reply-Text: +OK accepted

Content-Length: 200
Content-Type: text/event-plain

Event-Name: CHANNEL_CREATE
Unique-ID: 5d1f
Call-Direction: inbound
Caller-Context: citizens
Caller-Caller-ID-Number: %2B4520123456
Caller-Destination-Number: 1150860

Content-Length: 200
Content-Type: text/event-plain

Event-Name: CHANNEL_BRIDGE
Unique-ID: 5d1f
Call-Direction: inbound
Caller-Context: citizens
Other-Leg-Destination-Number: 2101

Content-Length: 200
Content-Type: text/event-plain

Event-Name: CHANNEL_HANGUP_COMPLETE
Unique-ID: 5d1f
Call-Direction: inbound
Caller-Context: citizens
Hangup-Cause: NORMAL_CLEARING

"""


def telling(words, asked):
    """A socket that says this to whoever comes; what that one said first is put into `asked`."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        with listening, listening.accept()[0] as connection:
            asked.append(connection.recv(1000).decode())
            connection.sendall(words.encode())

    threading.Thread(target=serve, daemon=True).start()
    return listening.getsockname()[1]


@pytest.mark.parametrize(
    ("kind", "words", "said"), [("ami", AMI, "Secret: a password\r\n"), ("esl", ESL, "auth a password\n")]
)
def test_a_call_that_an_exchange_tells_of_becomes_an_inquiry_is_answered_and_wraps_up(web, tmp_path, kind, words, said):
    a_pool()
    agent, _ = an_agent(connected=True, presence="available")
    with transaction() as session:
        session.add(CalledNumber(number=f"115{HJORRING}", municipality=HJORRING))
        session.add(AnsweringNumber(number="2101", agent_id=agent))
    secret, asked = tmp_path / "password", []
    secret.write_text("a password\n")
    exchange = f"127.0.0.1:{telling(words, asked)}"
    command = (SAMPLE, kind, exchange, "hotline", secret, f"{web}/api/v1/cti/{a_key()}", "citizens")
    done = subprocess.run([sys.executable, *map(str, command)], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "") and said in asked[0]
    classify_waiting(Nothing())
    settle_due(now() + UNREAD)  # what was told before it was read
    with transaction() as session:
        [inquiry] = session.exec(select(Inquiry))
        assert (inquiry.channel, inquiry.municipality, inquiry.state) == ("phone", HJORRING, "wrapping")
        assert inquiry.agent_id == agent
