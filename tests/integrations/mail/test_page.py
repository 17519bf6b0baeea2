"""The page of the mailboxes says how it is with each, in words that whoever runs the pool understands."""

import asyncio
import re
from datetime import timedelta

import pytest

from hotline.clock import now
from hotline.integrations.mail.models import Mailbox
from hotline.integrations.mail.pages import KNOWN
from hotline.integrations.mail.postman import Postman
from hotline.resources import ROOT
from hotline.web.language import COOKIE
from tests.builders import Api, a_person, a_sign_in
from tests.building import accounts
from tests.integrations.mail.boxes import ADDRESS, a_mailbox


@pytest.fixture
def secretariat(web):
    return Api(web, a_sign_in(a_person("secretariat")))


def shown(web, secretariat, language="da"):
    answer = secretariat.get(f"{web}/integrations/mailboxes", cookies={COOKIE: language})
    assert answer.status_code == 200
    return answer.text


def looked_into():
    async def look():
        postman = Postman()
        try:
            await postman.drain()
        finally:
            await postman.close()

    asyncio.run(look())


def box(number):
    with accounts() as session:
        return session.get_one(Mailbox, number)


def test_a_mailbox_that_cannot_be_reached_says_so_in_words_until_it_is_tried_again(web, secretariat):
    number = a_mailbox()
    assert "Hjørring" in shown(web, secretariat) and ADDRESS in shown(web, secretariat)
    looked_into()
    assert "Mailserveren svarer ikke. (1 gange i træk)" in shown(web, secretariat)
    assert "The mail server does not answer. (1 times in a row)" in shown(web, secretariat, "en")
    resting = box(number)
    assert resting.due_at > now() + timedelta(seconds=10)
    answer = secretariat.post(f"{web}/integrations/mailboxes/{number}/looks")
    assert answer.status_code == 200 and "i orden" in answer.text
    assert (box(number).failures, box(number).due_at <= now()) == (0, True)


def test_a_mailbox_that_is_turned_off_is_looked_into_no_more(web, secretariat):
    number = a_mailbox(due_at=now() + timedelta(hours=1))
    answer = secretariat.delete(f"{web}/integrations/mailboxes/{number}/looks")
    assert answer.status_code == 200 and "slået fra" in answer.text and box(number).active is False
    secretariat.post(f"{web}/integrations/mailboxes/{number}/looks")
    assert box(number).active is True


@pytest.mark.parametrize("verb", ["post", "delete"])
@pytest.mark.parametrize(
    ("number", "status"), [("4000000000", 404), ("0", 422), ("99999999999999999999", 422), ("x", 422)]
)
def test_a_mailbox_that_there_is_not_is_turned_neither_way(web, secretariat, verb, number, status):
    ours = a_mailbox()
    asked = getattr(secretariat, verb)(f"{web}/integrations/mailboxes/{number}/looks")
    assert asked.status_code == status and box(ours).active is True


def test_whatever_can_be_wrong_with_a_server_has_its_words():
    said = set(re.findall(r'Failed\("(\w+)"\)', (ROOT / "hotline/integrations/mail/servers.py").read_text()))
    assert said - {"no_smtp"} == set(KNOWN)
