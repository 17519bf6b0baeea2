"""`hotline mailboxes`: which mailboxes are looked into, as an operator says it."""

import re

import pytest

from tests.cli.commands import failure, hotline

ADD = ("mailboxes", "add", "Borgerservice", "--address", "Borger@Kommune.example", "--municipality", "0860",
       "--imap", "imaps://mail.example.dk", "--smtp", "smtp://mail.example.dk", "--user", "borger",
       "--password-file", "/etc/hotline/borger.txt")  # fmt: skip


def test_a_mailbox_is_added_has_more_addresses_ends_and_goes_on(with_facts):
    assert hotline(*ADD).stdout == "Borgerservice: looked into from now on, answered as borger@kommune.example\n"
    more = ("mailboxes", "address", "Borgerservice", "--address", "pas@kommune.example", "--municipality", "0746")
    assert hotline(*more, "--topic", "passport").stdout == "pas@kommune.example: 0746, passport\n"
    assert hotline("mailboxes", "end", "Borgerservice").stdout == "Borgerservice: ended\n"
    listed = [re.split(r"  +", line) for line in hotline("mailboxes", "list").stdout.splitlines()[1:]]
    assert listed == [
        ["Borgerservice", "ended", "never", "borger@kommune.example", "0860", "read"],
        ["Borgerservice", "ended", "never", "pas@kommune.example", "0746", "passport"],
    ]
    hotline("mailboxes", "resume", "Borgerservice")
    assert " well " in hotline("mailboxes", "list").stdout


def test_an_address_is_told_of_alerts_until_it_is_told_no_more(with_facts):
    hotline(*ADD)
    told = ("mailboxes", "alerts", "Borgerservice", "--kind", "surge", "--to", "Vagt@Kommune.example")
    for _ in range(2):
        assert hotline(*told).stdout == "vagt@kommune.example: told of `surge` by Borgerservice\n"
    assert hotline(*told, "--end").stdout == "vagt@kommune.example: no more told of `surge` by Borgerservice\n"
    assert "is not told of `surge`" in failure(*told, "--end")


@pytest.mark.parametrize(
    ("wrong", "code", "says"),
    [
        (("--municipality", "9999"), 1, "9999"),
        (("--topic", "fishing"), 1, "no such topic"),
        (("--address", "nobody"), 2, "no mail address"),
        (("--imap", "http://mail.example.dk"), 2, "no address like imaps://"),
        (("--smtp", "imaps://mail.example.dk"), 2, "no address like smtps://"),
    ],
)
def test_what_is_no_mailbox_is_refused_in_one_line_and_nothing_is_added(with_facts, wrong, code, says):
    assert says in failure(*ADD, *wrong, code=code)
    assert len(hotline("mailboxes", "list").stdout.splitlines()) == 1
