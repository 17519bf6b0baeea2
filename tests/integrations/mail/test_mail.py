"""A mailbox on real servers: what comes in once, what goes out at least once, and what a server that hangs delays."""

import asyncio
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from random import Random
from zoneinfo import ZoneInfo

import pytest
from limits import parse
from sqlalchemy import text
from sqlmodel import col, select

from hotline import live
from hotline.agents.models import AgentWork
from hotline.clock import now
from hotline.handling import actions, messages
from hotline.inquiries.messages import Message
from hotline.inquiries.models import Citizen, Inquiry, Outcome
from hotline.integrations.mail import moderation, postman, send, take
from hotline.integrations.mail.models import MailAddress, Mailbox, ReceivedMail, SentMail
from hotline.integrations.mail.postman import Postman
from hotline.integrations.mail.thread import number_in, our_id
from hotline.offers.actions import accept
from hotline.privacy.cpr import TOKEN
from hotline.privacy.vault import unsealed
from hotline.queue.run import route
from hotline.web.checks import failures
from hotline.web.health import read_metrics
from tests.access.test_logins import as_login
from tests.builders import HJORRING, SKANDERBORG, a_pool, a_ready_agent
from tests.building import accounts, owner, transaction
from tests.conftest import forget
from tests.integrations.mail.boxes import ADDRESS, PASSWORD, Imap, Silent, Smtp, a_mailbox
from tests.integrations.mail.test_letters import LETTERS
from tests.offers.doing import by, look_at, offer_of
from tests.waiting import until
from workers import mail as worker

CITIZEN = "anna.holm@mail.example"
# As if so much time had passed since.
PASSES = """
    WITH box AS (UPDATE mailbox SET due_at = due_at - CAST(:time AS interval))
    UPDATE sent_mail SET due_at = due_at - CAST(:time AS interval), made_at = made_at - CAST(:time AS interval)
"""


class World:
    """A mailbox of Hjørring with its servers, and an agent who is there."""

    def __init__(self, folder):
        self.imap, self.smtp = Imap(), Smtp()
        a_pool()
        self.secret = folder / "password"
        self.secret.write_text(f"{PASSWORD}\n")
        self.box = a_mailbox(self.imap.url, self.smtp.url, password_file=str(self.secret))
        self.agent = a_ready_agent()

    def works(self, after=None):
        """Look and send what is due, once so long has passed; nothing is left over."""
        with owner().begin() as connection:
            connection.execute(text(PASSES), {"time": after or postman.LOOK})

        async def all_due():
            here = Postman(random=Random(1))
            await here.drain()
            await here.close()

        asyncio.run(all_due())

    def inquiries(self):
        with transaction() as session:
            return session.exec(select(Inquiry).order_by(col(Inquiry.id))).all()

    def taken(self, inquiry):
        """It is in the agent's hands."""
        ready = "UPDATE inquiry SET state = 'waiting', topic = 'passport', speaks = '*', deadline = queued_at"
        with owner().begin() as connection:
            connection.execute(text(f"{ready} WHERE id = :id"), {"id": inquiry})
        assert route() == 1
        by(self.agent, accept, offer_of(inquiry).id)

    def answers(self, inquiry, words):
        """The agent writes; the number of the message."""
        return by(self.agent, lambda session, agent, at: messages.write(
            session, session.get_one(Inquiry, inquiry, with_for_update=True), words, at, by=agent).id)  # fmt: skip

    def closes(self, inquiry):
        """The agent is done with it."""
        by(self.agent, lambda session, agent, at: actions.close(
            session, session.get_one(Inquiry, inquiry, with_for_update=True), agent, Outcome.RESOLVED, None, at
        ))  # fmt: skip

    def close(self):
        self.imap.close()
        self.smtp.close()


@pytest.fixture
def world(with_facts, tmp_path):
    made = World(tmp_path)
    yield made
    made.close()


def a_mail(words, mid, subject="Mit pas", sender=CITIZEN, to=ADDRESS, **more):
    made = EmailMessage()
    heads = {"From": f"Anna Holm <{sender}>", "To": to, "Subject": subject, "Message-ID": f"<{mid}>"} | {
        name.replace("_", "-"): value for name, value in more.items()
    }
    for name, value in heads.items():
        made[name] = value
    made.set_content(words)
    return made.as_bytes()


def letter(name):
    return (LETTERS / f"{name}.eml").read_bytes()


def test_a_mail_becomes_an_inquiry_its_answer_goes_out_and_what_is_answered_then_is_a_message(world):
    world.imap.comes(a_mail("Mit pas udløber, cpr 130965-4003.", "a1@mail.example"))
    world.works()
    [inquiry] = world.inquiries()
    assert (inquiry.channel, inquiry.municipality, inquiry.state) == ("email", HJORRING, "received")
    assert inquiry.text == f"Mit pas\n\nMit pas udløber, cpr {TOKEN}."
    citizen = look_at(Citizen, inquiry.id)
    assert (unsealed(citizen.name, "name"), unsealed(citizen.email, "email")) == ("Anna Holm", CITIZEN)
    assert not any(b"Seen" in one for one in world.imap.flags()), "the mailbox is as it was"

    world.taken(inquiry.id)
    number = world.answers(inquiry.id, f"Kom på torsdag, {TOKEN} er ikke nødvendigt. Hilsen Bo")
    world.works()
    [(to, sent)] = world.smtp.got
    assert to == [CITIZEN] and sent.get_content().strip().endswith("nødvendigt. Hilsen Bo")
    assert sent["Subject"] == f"SV: Mit pas [{inquiry.reference}]" and sent["Auto-Submitted"] is None
    assert sent["In-Reply-To"] == sent["References"] == "<a1@mail.example>"
    assert (sent["From"].addresses[0].addr_spec, sent["Reply-To"]) == (ADDRESS, ADDRESS)
    assert number_in(sent["Message-ID"].strip("<>")) == number
    assert number_in(sent["Message-ID"].strip("<>").replace("hotline.", "hotline.1")) is None, "nobody makes one up"

    # It comes back as a copy, is answered, answered by a machine, by its reference, and by somebody else's guess.
    ours, ref = sent["Message-ID"], inquiry.reference
    world.imap.comes(
        sent.as_bytes(),
        a_mail("Tak, det passer.\n\nDen 23. nov. 2026 kl. 10 skrev Bo:\n> Kom på torsdag", "a2@mail.example",
               f"Re: {sent['Subject']}", In_Reply_To=ours, References=f"<a1@mail.example> {ours}"),
        a_mail("Er på ferie", "o1@mail.example", "Automatisk svar", In_Reply_To=ours, Auto_Submitted="auto-replied"),
        a_mail("Og hvor?", "a3@other.example", f"ang. {ref.lower()}"),
        a_mail("Send mig alt", "x1@evil.example", f"Re: {ref}", "mallory@evil.example"),
        a_mail("Send mig alt", "x2@evil.example", f"Re: {ref}", "mallory@evil.example", Reply_To=CITIZEN),
        a_mail("Jeg har ny adresse", "x3@evil.example", "Re: Mit pas", "mallory@evil.example", Reply_To=CITIZEN,
               In_Reply_To="<a1@mail.example>"),
    )  # fmt: skip
    world.works()
    with transaction() as session:
        thread = [(one.sender, one.text) for one in messages.thread(session, inquiry.id)]
        became = session.exec(select(ReceivedMail.became).order_by(col(ReceivedMail.id))).all()
    assert thread[1:] == [("citizen", words) for words in ("Tak, det passer.", "Og hvor?")]
    assert became == ["inquiry", "own_answer", "message", "out_of_office", "message", "inquiry", "inquiry", "inquiry"]
    assert [one.attributes for one in world.inquiries()[1:]] == [{}, {}, {"stranger": True}]

    # The same again, from another folder too, is nothing; to what has ended an answer is an inquiry that names it.
    world.closes(inquiry.id)
    other = a_mailbox(world.imap.url, world.smtp.url, "pas@kommune.example", password_file=str(world.secret))
    world.imap.comes(a_mail("Én ting til.", "a4@mail.example", "Re: Mit pas", In_Reply_To=ours))
    with transaction() as session:  # as if the mailbox had been restored
        session.get_one(Mailbox, world.box).validity = 1
    world.works()
    world.works()
    new = world.inquiries()[4:]
    assert [one.text.splitlines()[-1] for one in new] == ["Én ting til."] and look_at(Mailbox, other).failures == 0
    assert new[0].attributes == {"former": ref} and len(world.smtp.got) == 1


def test_a_stranger_who_knows_of_a_mail_learns_nothing_by_it_and_changes_no_thread(world):
    world.imap.comes(a_mail("Mit pas udløber.", "m1@mail.example"))
    world.works()
    [inquiry] = world.inquiries()
    world.taken(inquiry.id)
    ours = f"<{our_id(world.answers(inquiry.id, 'Kom på torsdag'), ADDRESS)}>"
    # Whom the citizen sent a copy goes on with what we sent: that is said, and the citizen is answered as before.
    world.imap.comes(a_mail("Jeg kører hende", "s1@other.example", "Min bil", "bo@other.example", In_Reply_To=ours))
    world.works()
    world.answers(inquiry.id, "Fint")
    world.works()
    to, sent = world.smtp.got[-1]
    assert to == [CITIZEN] and sent["In-Reply-To"] == "<m1@mail.example>" and sent["Subject"].startswith("SV: Mit pas")
    with transaction() as session:
        assert [one.text for one in messages.thread(session, inquiry.id)][1] == "[bo@other.example]\nJeg kører hende"
    # Of what has ended nobody else is told the reference, by whatever they knew it.
    world.closes(inquiry.id)
    known = (ours, "<m1@mail.example>")
    world.imap.comes(
        *(a_mail("Send alt", f"t{n}@evil.example", "Re", "x@evil.example", In_Reply_To=one) for n, one in
          enumerate(known)),
        a_mail("Og så?", "m2@mail.example", "Re: Mit pas", In_Reply_To="<m1@mail.example>"),
    )  # fmt: skip
    world.works()
    marked = [one.attributes for one in world.inquiries()[1:]]
    assert marked == [{"stranger": True}, {"stranger": True}, {"former": inquiry.reference}]


def test_a_letter_is_of_whoever_its_address_says_and_its_files_are_named_alone(world):
    with accounts() as session:
        session.add(MailAddress(address="pas@skanderborg.example", mailbox_id=world.box, municipality=SKANDERBORG,
                                topic="passport"))  # fmt: skip
    world.imap.comes(
        a_mail("Hej", "b1@mail.example", to="Pas <PAS@skanderborg.example>, x@elsewhere.example"),
        letter("number-in-the-name-of-a-file"),
        letter("nothing"),
        b"\0" * 500,
        letter("newsletter"),
        a_mail("x" * 90_000, "b2@mail.example"),
    )
    world.works()
    first, second, third, fourth, long = world.inquiries()
    assert (first.municipality, first.topic_hint["topic"]) == (SKANDERBORG, "passport")
    assert second.attributes == {"attachments": [f"lægeattest {TOKEN}.pdf · pdf · 1 kB", "ansøgning.pdf · exe · 1 kB"]}
    assert (third.text, fourth.text, third.municipality) == ("", "", HJORRING)
    assert len(long.text) == 20_000 and long.text.endswith("[…]")


def test_an_answer_that_does_not_arrive_is_told_whoever_wrote_it(world):
    world.imap.comes(*(a_mail("Hej", f"c{n}@mail.example") for n in range(3)))
    world.works()
    refused, bounced, late = [one.id for one in world.inquiries()]
    for one in (refused, bounced, late):
        world.taken(one)
    world.smtp.says = ["550 5.1.1 no such user"]
    first = world.answers(refused, "Et")
    world.works()
    assert look_at(Message, first).undelivered == "550 5.1.1"

    # A bounce of what its agent has closed brings it back; told twice it is told once; a delay is nothing.
    second = world.answers(bounced, "To")
    world.closes(bounced)
    world.works()
    ours = our_id(second, ADDRESS).encode()
    old = b"hotline.41.0123456789abcdef0123@borger.example"
    world.imap.comes(*(letter(name).replace(old, ours) for name in ("delayed", "bounce", "bounce-of-old")))
    world.works()
    assert look_at(Message, second).undelivered == "5.1.1" and look_at(Inquiry, bounced).state == "wrapping"
    assert len(world.inquiries()) == 3, "a bounce is no inquiry"
    world.closes(bounced)

    # What may pass is tried again, under the same Message-ID, and given up after a day.
    third = world.answers(late, "Tre")
    world.smtp.says = ["451 4.7.1 come later"] * 2
    world.works()
    assert look_at(SentMail, third).why == "451 4.7.1" and look_at(Message, third).undelivered is None
    with owner().begin() as connection:
        connection.execute(text("UPDATE sent_mail SET attempts = 9 WHERE state = 'waiting'"))
    world.works(timedelta(hours=24))
    tries = {mail["Message-ID"] for to, mail in world.smtp.got if mail.get_content().strip() == "Tre"}
    assert (look_at(Message, third).undelivered, len(tries)) == ("451 4.7.1", 1)
    with owner().begin() as connection:
        connection.execute(text("DELETE FROM citizen"))
    fourth = world.answers(late, "Fire")
    world.works()
    assert look_at(Message, fourth).undelivered == "no_address"


def test_whoever_dies_in_between_loses_nothing_and_says_nothing_twice(world, monkeypatch):
    world.imap.comes(a_mail("Hej", "d1@mail.example"), a_mail("Hej igen", "d2@mail.example"))

    async def dies(*_):
        raise ConnectionResetError

    with monkeypatch.context() as first:
        first.setattr(postman, "take", dies)
        world.works()
    assert world.inquiries() == []
    with monkeypatch.context() as second:
        second.setattr(take, "_finish", lambda *_: 1 / 0)  # stored, and then it was killed
        world.works(postman.LEASE)
    assert len(world.inquiries()) == 2
    with owner().begin() as connection:
        connection.execute(text("UPDATE set_aside SET again_at = now()"))
        connection.execute(text(PASSES), {"time": postman.LEASE})
    monkeypatch.setenv("HOTLINE_DATABASE_URL", as_login("hotline_worker"))  # all that a worker may
    forget()
    with worker.beside(lambda: True):
        until(lambda: not asides(), "the worker takes them")
    assert len(world.inquiries()) == 2
    world.taken(world.inquiries()[0].id)
    world.answers(world.inquiries()[0].id, "Svar")
    with transaction() as session:
        assert send.write_down(session, now())
        assert len(send.claim(session, now())) == 1  # and then it was killed
    world.works(timedelta(seconds=1))
    assert world.smtp.got == []
    world.works(send.LEASE)
    assert len(world.smtp.got) == 1


def test_a_server_that_hangs_delays_nobody_and_is_let_rest(world, monkeypatch):
    monkeypatch.setattr(postman, "WHOLE", 3.0)
    silent = Silent()
    ill = a_mailbox(silent.url, silent.url.replace("imap", "smtp"), "ill@kommune.example", due_at=now())
    gone = a_mailbox(address="gone@kommune.example")
    world.secret.chmod(0o600)
    world.imap.comes(a_mail("Hej", "e1@mail.example"))
    begun = now()
    world.works()
    assert len(world.inquiries()) == 1 and (now() - begun).total_seconds() < 20
    until(lambda: silent.left, "it is hung up")
    silent.close()
    boxes = {one: look_at(Mailbox, one) for one in (world.box, ill, gone)}
    assert [(one.failures, one.why) for one in boxes.values()] == [(0, None), (1, "late"), (1, "no_connection")]
    assert boxes[ill].due_at - begun > timedelta(seconds=15)
    world.secret.write_text("wrong")
    world.works()
    assert look_at(Mailbox, world.box).why == "sign_in" and look_at(AgentWork, world.agent).load == 0


def asides():
    with transaction() as session:
        return session.execute(text("SELECT count(*) FROM set_aside")).scalar_one()


def test_a_mailbox_that_is_added_after_a_danish_midnight_takes_what_its_server_dates_before_it():
    made_at = datetime(2026, 12, 1, 0, 30, tzinfo=ZoneInfo("Europe/Copenhagen"))
    assert postman._since(Mailbox(made_at=made_at)) == date(2026, 11, 30)


def test_a_flood_of_one_sender_is_set_aside_and_taken_in_once_there_is_room(world, monkeypatch):
    few = {"of_sender": parse("3 per hour"), "of_mailbox": parse("6 per hour")}
    monkeypatch.setattr(moderation, "bounds", lambda: few)
    a_form = {"sender": "formular@kommune.example", "subject": "Formular"}
    world.imap.comes(
        *(a_mail(f"Nummer {n}", f"f{n}@loop.example", sender="robot@loop.example") for n in range(5)),
        *(a_mail("Fra en formular", f"g{n}@kommune.example", Reply_To=f"borger{n}@mail.example", **a_form)
          for n in range(4)),
        a_mail("Er på ferie", "o2@mail.example", "Automatisk svar", Auto_Submitted="auto-replied"),
    )  # fmt: skip
    world.works()
    assert [one.text.splitlines()[-1] for one in world.inquiries()] == [
        *(f"Nummer {n}" for n in range(3)), *["Fra en formular"] * 3
    ]  # fmt: skip
    assert "mail 3 (such as" in failures()["set aside"] and "TooMany" in failures()["set aside"]
    assert 'hotline_set_aside{duty="mail"} 3.0' in read_metrics().body.decode()
    with transaction() as session:
        assert session.exec(select(ReceivedMail.became)).all().count("out_of_office") == 1
    later = "UPDATE set_aside SET again_at = now()"
    with owner().begin() as connection:
        connection.execute(text(later))
    world.works()
    assert len(world.inquiries()) == 6, "there is no room yet"
    live.connection().flushall()  # an hour has passed
    with owner().begin() as connection:
        connection.execute(text(later))
    world.works()
    assert len({one.text for one in world.inquiries()}) == 6 and len(world.inquiries()) == 9
    assert failures()["set aside"] is None
