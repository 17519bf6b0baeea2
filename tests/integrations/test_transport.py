"""Nothing is sent to a machine that is none of an integrator's, however its address is spelt or resolved."""

import asyncio

import pytest

from hotline.integrations import transport
from hotline.integrations.errors import AddressNotAllowed
from hotline.integrations.transport import Transport, check, judge
from hotline.settings import settings
from tests.conftest import forget
from tests.integrations.receiver import Receiver

GUARDED = {
    "loopback": "https://127.0.0.1/",
    "another loopback": "https://127.8.9.10:8443/hook",
    "localhost": "https://localhost/",
    "with a dot": "https://localhost./",
    "below localhost": "https://hotline.localhost/",
    "decimal": "https://2130706433/",
    "hexadecimal": "https://0x7f000001/",
    "octal": "https://017700000001/",
    "octal in part": "https://0177.0.0.1/",
    "hexadecimal in part": "https://0x7f.0.0.1/",
    "short": "https://127.1/",
    "nought": "https://0/",
    "everything here": "https://0.0.0.0/",
    "this network": "https://0.1.2.3/",
    "ten": "https://10.0.0.8/",
    "ten in decimal": "https://167772168/",
    "172": "https://172.16.0.1/",
    "172, the last": "https://172.31.255.254/",
    "192": "https://192.168.1.1/",
    "carriers'": "https://100.64.0.1/",
    "link-local": "https://169.254.1.1/",
    "a cloud's metadata": "https://169.254.169.254/latest/meta-data/",
    "the same in decimal": "https://2852039166/",
    "for benchmarks": "https://198.18.0.1/",
    "for documents": "https://192.0.2.1/",
    "multicast": "https://224.0.0.1/",
    "reserved": "https://240.0.0.1/",
    "broadcast": "https://255.255.255.255/",
    "IPv6 loopback": "https://[::1]/",
    "IPv6 nothing": "https://[::]/",
    "IPv4 in IPv6": "https://[::ffff:127.0.0.1]/",
    "the same in hexadecimal": "https://[::ffff:7f00:1]/",
    "ten in IPv6": "https://[::ffff:a00:8]/",
    "IPv4-compatible": "https://[::127.0.0.1]/",
    "NAT64": "https://[64:ff9b::7f00:1]/",
    "6to4": "https://[2002:7f00:1::]/",
    "Teredo": "https://[2001:0:5ef5:79fd:0:0:80ff:fffe]/",
    "unique local": "https://[fd00::1]/",
    "IPv6 link-local": "https://[fe80::1]/",
    "site-local": "https://[fec0::1]/",
    "IPv6 multicast": "https://[ff02::1]/",
    "IPv6 for documents": "https://[2001:db8::1]/",
    "with a user name": "https://example.dk@127.0.0.1/",
    "user name and password": "https://a:b@93.184.215.14/",
    "not encrypted": "http://93.184.215.14/",
    "another scheme": "ftp://93.184.215.14/",
    "a file": "file:///etc/passwd",
    "a socket": "https+unix://%2Frun%2Fpostgres/",
    "no host": "https:///hook",
    "no such port": "https://93.184.215.14:99999/",
    "port nought": "https://93.184.215.14:0/",
    "a backslash": "https://93.184.215.14\\@127.0.0.1/",
    "a line break": "https://93.184.215.14/\r\nX-Evil: 1",
    "wide digits": "https://\uff11\uff12\uff17.0.0.1/",
    "a part of a page": "https://93.184.215.14/#part",
    "a name of nobody": "https://nobody.invalid/",
}


@pytest.mark.parametrize("url", GUARDED.values(), ids=GUARDED.keys())
def test_a_guarded_address_is_not_taken(url):
    with pytest.raises(AddressNotAllowed):
        check(url)


def test_an_address_of_the_world_is_taken_and_one_of_ours_where_the_operator_says_so(monkeypatch):
    for url in ("https://93.184.215.14/hook?a=b", "https://[2a05:f480:1800::1]:8443/"):
        check(url)
    judge("https://example.dk/", ["93.184.215.14", "2a05:f480:1800::1"])
    with pytest.raises(AddressNotAllowed):  # one of several is enough
        judge("https://example.dk/", ["93.184.215.14", "127.0.0.1"])
    monkeypatch.setenv("HOTLINE_WEBHOOK_NETWORKS", "10.0.0.0/8,::1/128")
    forget()
    for url in ("http://10.0.0.8/", "https://10.0.0.8/", "http://[::1]/"):
        check(url)
    with pytest.raises(AddressNotAllowed):
        check("https://127.0.0.1/")
    monkeypatch.undo()
    forget()
    assert settings().webhook_networks == ""


def test_a_name_that_changes_after_it_was_looked_at_leads_nowhere(monkeypatch):
    """It is judged by the very addresses of the connection, each time; and that is the one that is connected to."""
    receiver = Receiver()
    answers = [["93.184.215.14"], ["127.0.0.1"], ["93.184.215.14", "::ffff:127.0.0.1"]]

    async def resolve(host, port):
        return answers.pop(0)

    async def send():
        sender = Transport(resolve)
        monkeypatch.setattr(transport, "WHOLE", 0.3)
        said = []
        for _ in range(3):
            try:
                await sender.post(f"https://changing.example.dk:{receiver.port}/", {}, b"{}")
            except (AddressNotAllowed, transport.Unreachable) as error:
                said.append(type(error).__name__)
        await sender.close()
        return said

    assert asyncio.run(send()) == ["Unreachable", "AddressNotAllowed", "AddressNotAllowed"]
    assert receiver.got == []
    receiver.close()
