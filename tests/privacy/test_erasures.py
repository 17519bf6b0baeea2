"""Nothing that names a citizen outlives their erasure: not in any column, not in Redis, not in a restored backup."""

import json
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from hotline import live
from hotline.agents import presence
from hotline.agents.models import AgentWork, Presence
from hotline.citizens.models import Receipt
from hotline.clock import now
from hotline.directory.models import Agent
from hotline.guidance.writing import wish
from hotline.handling import actions, leads, messages
from hotline.inquiries.guards import held_inquiry
from hotline.inquiries.models import Citizen, Inquiry, Outcome
from hotline.inquiries.notes import NoteDraft
from hotline.integrations.mail.models import ReceivedMail
from hotline.integrations.mail.thread import Head, hash_of
from hotline.integrations.sms.models import ReceivedSms, SmsGateway
from hotline.offers.abandon import abandon
from hotline.offers.actions import accept, lapse, refuse
from hotline.privacy.lookups import looked
from hotline.privacy.models import Look
from hotline.queue.run import route
from hotline.settings import settings
from tests.builders import HJORRING, Api, a_key, a_pool, a_ready_agent
from tests.building import owner, transaction
from tests.cli.commands import app
from tests.integrations.mail.boxes import a_mailbox
from tests.offers.doing import by, events_of, look_at, offer_of
from tests.privacy.columns import listed
from tests.privacy.test_retention import run
from workers import retain as worker

NAME, PHONE, MAIL, CPR = "Zylqvist", "4579130511", "zylqvist@example.org", "010165-1237"
CITIZEN = {"name": f"Karla {NAME}", "phone": f"+{PHONE}", "email": MAIL, "cpr": CPR}
NEEDLES = (NAME.lower(), PHONE, PHONE[2:], "79 13 05 11", "010165")
MY_OWN = "zylqvist@example.org"


def hotline(*arguments):
    done = CliRunner().invoke(app, ["citizen", *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def taken_in(web, **more):
    """An inquiry of the citizen, waiting; its id."""
    said = {"channel": "web", "municipality": HJORRING, "text": f"Jeg er {NAME}, {CPR}", "citizen": CITIZEN}
    key = {"Idempotency-Key": f"{MAIL}-{uuid.uuid4().hex}"}
    answer = Api(web, a_key()).post("/inquiries", json=said | more, headers=key)
    assert answer.status_code == 201, answer.text
    with transaction() as session:
        ready = "UPDATE inquiry SET state = 'waiting', topic = 'passport', speaks = '*', deadline = queued_at"
        session.execute(text(f"{ready} WHERE id = :id"), {"id": answer.json()["id"]})
    return uuid.UUID(answer.json()["id"])


def a_mail_of(inquiry):
    """As if the citizen's words had come by mail."""
    box = a_mailbox()
    with transaction() as session:
        head = Head(f"1.{MAIL}", (), f"Hilsen {NAME}").sealed()
        mail = ReceivedMail(message_hash=hash_of(MAIL), mailbox_id=box, at=now(), inquiry_id=inquiry, head=head)
        session.add(mail)


def an_sms_told():
    """As if a gateway had told of a message."""
    with transaction() as session:
        integrator = session.connection().exec_driver_sql("SELECT min(id) FROM integrator").scalar_one()
        facts = {"url": "https://sms.example.dk", "username": "hotline", "password_file": "/run/password"}
        session.add(SmsGateway(integrator_id=integrator, municipality=HJORRING, made_at=now(), **facts))
        session.flush()
        session.add(ReceivedSms(integrator_id=integrator, known_by=hash_of(MAIL), at=now()))


@pytest.fixture
def everywhere(web):
    """One inquiry, closed, of a citizen whose name stands wherever anybody could write it; its id."""
    a_pool(keep_cpr=True)
    inquiry = taken_in(
        web,
        external_id=f"{MAIL} {PHONE}",
        attributes={"from": NAME, CPR: CPR},
    )
    first, second = a_ready_agent(idle_for=60), a_ready_agent()
    assert route() == 1
    assert offer_of(inquiry).agent_id == first
    offer = offer_of(inquiry).id
    by(first, lambda session, agent, at: refuse(session, offer, agent, f"kender {NAME}", at))
    away = f"ringer til 79 13 05 11, {MAIL}"
    by(first, lambda session, agent, at: presence.say(session, agent.id, Presence.BREAK, away, at))
    assert route() == 1
    by(second, accept, offer_of(inquiry).id)
    third = a_ready_agent()
    with transaction() as session:
        held, who = held_inquiry(session, second, inquiry), session.get_one(Agent, second)
        actions.correct(session, held, who, {"priority": 1}, f"{NAME} haster", now())
        leads.release(session, held, None, f"{NAME} klager over {PHONE}", now())
    assert route() == 1
    lapse_at = now() + timedelta(minutes=5)
    with transaction() as session:
        assert lapse(session, offer_of(inquiry).id, lapse_at)
        session.get_one(AgentWork, third).rests_until = None
    fru = f"hjælper fru {NAME.upper()} ved skranken"
    by(second, lambda session, agent, at: presence.say(session, agent.id, Presence.BREAK, fru, at))
    fourth = a_ready_agent()
    assert route() == 1
    by(fourth, accept, offer_of(inquiry).id)
    with transaction() as session:
        held, who = held_inquiry(session, fourth, inquiry), session.get_one(Agent, fourth)
        looked(session, Look.REVEALED, f"{NAME} ringede", inquiry)
        messages.write(session, held, f"Hilsen {NAME}", now(), key=MAIL)
        actions.close(session, held, who, Outcome.RESOLVED, f"Talte med {NAME}", now())
        session.add(NoteDraft(inquiry_id=inquiry, agent_id=fourth, text=f"Talte med {NAME}", changed_at=now()))
    a_mail_of(inquiry)
    an_sms_told()
    with transaction() as session:
        wish(session, "passport", HJORRING, f"{NAME} fandt ikke prisen")
        if session.get(Receipt, inquiry) is None:
            session.add(Receipt(inquiry_id=inquiry, code_hash=b"hash", made_at=now()))
    hotline("report", "--phone", PHONE[2:], "--why", f"brev fra {NAME}")
    return inquiry


def rows():
    """Every row of every table, by table, as JSON."""
    with owner().connect() as connection:
        tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars()
        return {
            table: connection.execute(text(f"SELECT to_jsonb(t)::text FROM {table} t")).scalars().all()
            for table in tables
        }


def naming():
    return [(table, row) for table, found in rows().items() for row in found if any(n in row.lower() for n in NEEDLES)]


def filled():
    return {
        f"{table}.{column}"
        for table, found in rows().items()
        for row in found
        for column, value in json.loads(row).items()
        if value not in (None, "", {}, [])
    }


@pytest.mark.parametrize("field", ["phone", "cpr", "reference"])
def test_whatever_may_name_a_citizen_is_gone_once_they_are_erased(everywhere, field):
    assert set(listed()[0]) - filled() == set()
    told = json.loads(hotline("export", "--phone", PHONE[2:]))
    assert told["inquiries"][0]["data"]["refusals"][0]["reason"] == f"kender {NAME}"
    assert told["breaks"][0]["reason"].endswith(MAIL)
    said = {"phone": PHONE[2:], "cpr": CPR, "reference": look_at(Inquiry, everywhere).reference}[field]
    hotline("erase", f"--{field}", said, "--yes", "--why", f"{NAME} beder om det")
    assert naming() == []
    with transaction() as session:
        for table in ("citizen", "kept_cpr", "idempotency_key", "note", "message", "note_draft", "received_mail"):
            assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
    redis = live.connection()
    assert not any(needle in str(redis.keys("*")).lower() for needle in NEEDLES)
    assert not any(needle in settings().erasures.read_text().lower() for needle in NEEDLES)


def test_retention_takes_all_of_it_as_well(everywhere):
    with owner().begin() as session:
        for table, moment in (("inquiry", "ended_at"), ("presence_change", "at"), ("lookup", "at")):
            session.execute(text(f"UPDATE {table} SET {moment} = now() - interval '31 days' WHERE {moment} < now()"))
        session.execute(text("UPDATE guidance_wish SET at = now() - interval '181 days'"))
    done = run()[0]
    assert (done["identities"], done["reasons"]) == (1, 8) and done["request_keys"] == 3
    left = {table for table, _ in naming()}
    assert left == {"inquiry", "note", "note_draft", "message"} and look_at(Inquiry, everywhere).external_id is None
    with owner().begin() as session:
        session.execute(text("UPDATE inquiry SET ended_at = now() - interval '181 days'"))
    run()
    assert naming() == [] and run()[0] == dict.fromkeys(run()[0], 0)


@pytest.mark.parametrize(
    "external_id, theirs",
    [
        (MAIL, True),
        (f"mail:{MAIL.upper()}/7", True),
        (f"an{MAIL}", False),
        (f"{MAIL}il", False),
    ],
)
def test_an_external_id_with_a_mail_address_is_found_by_it(web, external_id, theirs):
    a_pool()
    taken_in(web, external_id=external_id, citizen=None)
    assert len(json.loads(hotline("report", "--email", MAIL, "--json"))["inquiries"]) == theirs


@pytest.mark.parametrize(
    "external_id, theirs",
    [(PHONE, True), ("+45 79 13 05 11", True), ("call-79130511-2", True), ("179130511", False), ("7913 05112", False)],
)
def test_an_external_id_with_a_phone_number_is_found_by_it(web, external_id, theirs):
    a_pool()
    taken_in(web, external_id=external_id, citizen=None)
    assert len(json.loads(hotline("report", "--phone", PHONE, "--json"))["inquiries"]) == theirs


def test_what_is_open_is_remembered_and_erased_once_it_has_ended(web):
    a_pool()
    waits, held = taken_in(web), taken_in(web, text="Kort")
    agent = a_ready_agent(capacity=1)
    assert route() == 1
    first = offer_of(waits) or offer_of(held)
    by(agent, accept, first.id)
    out = hotline("erase", "--email", MAIL, "--yes")
    assert out.count("still open") == 2
    worker.run()
    assert look_at(Citizen, waits) and look_at(Citizen, held)
    away = f"ringer til 79 13 05 11, fru {NAME}"
    by(agent, lambda session, agent, at: presence.say(session, agent.id, Presence.BREAK, away, at))
    hotline("report", "--phone", "20447788", "--why", f"spurgt af {MAIL}")
    with transaction() as session:
        one, who = held_inquiry(session, agent, first.inquiry_id), session.get_one(Agent, agent)
        actions.close(session, one, who, Outcome.RESOLVED, f"Talte med {NAME}", now())
    assert live.connection().llen("hotline:lane:retain") == 1  # at once, not within the hour
    with transaction() as session:
        abandon(session, session.get_one(Inquiry, waits if first.inquiry_id == held else held), now())
    worker.run()
    assert naming() == []
    assert events_of(held)[0] == events_of(waits)[0] == "received"


@pytest.mark.parametrize("inflected", ["s", "S", "'", "'s", "es", "er", "erne", "ernes"])
def test_a_reason_that_names_the_citizen_goes_however_the_name_is_inflected(web, inflected):
    a_pool()
    taken_in(web)
    agent = a_ready_agent()
    by(agent, lambda session, one, at: presence.say(session, one.id, Presence.BREAK, f"i {NAME}bo Kirke", at))
    with transaction() as session:
        wish(session, "passport", HJORRING, f"Hvad koster {NAME}{inflected} pas?")
    hotline("erase", "--email", MAIL, "--yes")
    left = {table for table, _ in naming()}
    assert "guidance_wish" not in left and "presence_change" in left


def test_texts_of_an_open_inquiry_go_once_its_notes_have_been_handed_over(web, tmp_path):
    a_pool(hand_over_notes=True)
    inquiry, agent = taken_in(web), a_ready_agent()
    assert route() == 1
    by(agent, accept, offer_of(inquiry).id)
    hotline("erase", "--email", MAIL, "--yes")
    with transaction() as session:
        one, who = held_inquiry(session, agent, inquiry), session.get_one(Agent, agent)
        actions.close(session, one, who, Outcome.RESOLVED, f"Talte med {NAME}", now())
    assert run()[0]["identities"] == 1
    assert {table for table, _ in naming()} == {"inquiry", "note"}
    assert run()[0] == dict.fromkeys(run()[0], 0)
    hotline("handover", "--out", str(tmp_path / "notes"), "--days", "200")
    run()
    assert naming() == []


def test_a_restored_backup_is_told_what_was_erased_since(web):
    a_pool()
    gone, later = taken_in(web, external_id=MAIL), taken_in(web)
    with owner().begin() as session:
        session.execute(text("UPDATE inquiry SET state = 'closed', ended_at = now(), outcome = 'resolved'"))
        session.execute(
            text("UPDATE inquiry SET received_at = now() + interval '1 hour' WHERE id = :id"), {"id": later}
        )
        session.execute(text("CREATE SCHEMA backup"))
        for table in ("inquiry", "citizen", "kept_cpr", "idempotency_key"):
            session.execute(text(f"CREATE TABLE backup.{table} AS SELECT * FROM {table}"))
        session.execute(text("DELETE FROM backup.inquiry WHERE id = :id"), {"id": later})
    with owner().begin() as session:  # the later one is not there yet when the citizen asks
        for table in ("citizen", "kept_cpr", "idempotency_key"):
            session.execute(text(f"DELETE FROM {table} WHERE inquiry_id = :id"), {"id": later})
    assert hotline("erase", "--email", MAIL, "--yes").count("erased") == 1
    assert naming() != [] and look_at(Inquiry, gone).external_id is None
    with owner().begin() as session:
        session.execute(text("UPDATE inquiry i SET text = b.text, external_id = b.external_id, texts_erased_at = NULL"
                             " FROM backup.inquiry b WHERE b.id = i.id"))  # fmt: skip
        for table in ("citizen", "kept_cpr", "idempotency_key"):
            session.execute(text(f"INSERT INTO {table} SELECT * FROM backup.{table}"))
        session.execute(text("DROP SCHEMA backup CASCADE"))
    by(a_ready_agent(), lambda session, one, at: presence.say(session, one.id, Presence.BREAK, f"hjælper {NAME}", at))
    out = hotline("replay-erasures")
    assert out.splitlines()[-1].startswith("1 erasures in ") and "1 inquiries" in out
    assert look_at(Inquiry, gone).text == "" and look_at(Inquiry, gone).external_id is None
    assert not {"presence_change", "agent_work"} & {table for table, _ in naming()}
    assert look_at(Inquiry, later).text != ""  # what the citizen asked after the erasure stays
    with transaction() as session:
        assert session.get(Citizen, gone) is None and session.get(Citizen, later) is not None
    assert "0 inquiries" in hotline("replay-erasures")


def test_without_a_place_to_write_it_down_nothing_is_erased(web, monkeypatch, tmp_path):
    a_pool()
    inquiry = taken_in(web)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HOTLINE_ERASURES_FILE", str(tmp_path / "file" / "erasures.jsonl"))
    settings.cache_clear()
    done = CliRunner().invoke(app, ["citizen", "erase", "--email", MAIL, "--yes"])
    assert done.exit_code == 1 and len(done.stderr.splitlines()) == 1 and "nothing is erased" in done.stderr
    assert look_at(Inquiry, inquiry).erase_asked_at is None


@pytest.mark.parametrize(
    "line", ["", "{}", "[]", '{"at": "2026-11-30T10:00:00", "field": "email", "hash": "", "inquiries": []}']
)
def test_a_file_that_is_none_changes_nothing_and_names_its_line(database, tmp_path, line):
    file = tmp_path / "erasures.jsonl"
    file.write_text(line + "\n")
    done = CliRunner().invoke(app, ["citizen", "replay-erasures", str(file)])
    assert done.exit_code == 1 and "line 1 is no erasure" in done.stderr
