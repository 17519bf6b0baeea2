"""What is erased when, by the rule of a collaboration, and what stays for ever."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from hotline.clock import now
from hotline.directory.models import Agent, Membership, Topic
from hotline.handling import actions
from hotline.inquiries.messages import Message
from hotline.inquiries.models import Citizen, Inquiry, Outcome
from hotline.inquiries.notes import Note
from hotline.intake.models import IdempotencyKey
from hotline.offers.actions import accept, refuse
from hotline.privacy.handover import hand_over
from hotline.privacy.models import KeptCpr, Lookup, RetentionRun
from hotline.privacy.retention import more_is_due, retain
from hotline.privacy.vault import seal
from hotline.queue.run import route
from tests.builders import HJORRING, SKANDERBORG, a_pool, a_ready_agent, a_waiting_inquiry
from tests.building import accounts, owner, transaction
from tests.offers.doing import a_journalled_inquiry, an_offer, by, in_, look_at, offer_of
from workers import retain as worker

COUNTS = ("identities", "kept_cpr", "request_keys", "reasons", "texts", "notes", "lookups", "held_back")


def a_known_inquiry(ended_days_ago=None, **facts):
    """An inquiry of which everything is kept: citizen, number, request key, text, attributes, note; its id."""
    agent = a_ready_agent()
    if ended_days_ago is not None:
        facts = {"state": "closed", "ended_at": now() - timedelta(days=ended_days_ago)} | facts
    inquiry = a_waiting_inquiry(text="Mit nummer er [CPR]", attributes={"queue": "a"}, **facts)
    with transaction() as session:
        held = session.get_one(Inquiry, inquiry)
        session.add(Citizen(inquiry_id=inquiry, name=seal("Karla", "name")))
        session.add(KeptCpr(inquiry_id=inquiry, n=1, place="text", position=0, sealed=seal("010165-1237", "kept_cpr")))
        key = {"integrator_id": held.integrator_id, "key": str(inquiry), "body_hash": b"x", "answer": {}}
        session.add(IdempotencyKey(**key, inquiry_id=inquiry, made_at=now()))
        session.add(Note(inquiry_id=inquiry, person_id=agent, at=now(), text="Har ringet"))
    return inquiry


def run(at=None, **limits):
    with transaction() as session:
        done = retain(session, at or now(), **limits)
        return {name: getattr(done, name) for name in COUNTS}, more_is_due(done, **limits)


def counts(**changed):
    return dict.fromkeys(COUNTS, 0) | changed


def kept(inquiry):
    """What is still there of it, in words."""
    with transaction() as session:
        there = [
            name
            for name, table in (("citizen", Citizen), ("number", KeptCpr), ("key", IdempotencyKey), ("note", Note))
            if session.exec(select(table).where(table.inquiry_id == inquiry)).first()
        ]
    held = look_at(Inquiry, inquiry)
    return there + (["text"] if held.text else []) + (["attributes"] if held.attributes else [])


ALL = ["citizen", "number", "key", "note", "text", "attributes"]
WRITTEN = ["note", "text", "attributes"]


@pytest.mark.parametrize("days, stays", [(9.99, ALL), (10.01, WRITTEN), (19.99, WRITTEN), (20.01, [])])
def test_the_rule_of_the_collaboration_says_when(with_facts, days, stays):
    a_pool(identity_days=10, text_days=20)
    inquiry = a_known_inquiry(days)
    run()
    assert kept(inquiry) == stays


@pytest.mark.parametrize("hours, there", [(23.9, True), (24.1, False)])
def test_what_may_only_be_put_back_is_there_for_a_day_after_the_end(with_facts, hours, there):
    a_pool(identity_days=10, text_days=20)
    inquiry = a_known_inquiry(hours / 24)
    with transaction() as session:
        session.exec(select(KeptCpr)).one().may_reveal = False
    assert run()[0] == counts(kept_cpr=0 if there else 1)
    assert kept(inquiry) == (ALL if there else [what for what in ALL if what != "number"])


def test_an_external_id_goes_with_who_asked_whatever_it_is_made_of(with_facts):
    a_pool(identity_days=10, text_days=20)
    mark = "cpr-[CPR]abcdefghijklmnop"
    ended = {"state": "closed", "ended_at": now() - timedelta(days=11)}
    old = a_waiting_inquiry(external_id=mark + "-1", **ended)
    named, young = a_waiting_inquiry(external_id="pbx-1", **ended), a_waiting_inquiry(external_id=mark + "-2")
    assert run()[0] == counts(request_keys=2)
    assert [look_at(Inquiry, one).external_id for one in (old, named, young)] == [None, None, mark + "-2"]
    assert run()[0] == counts()


def test_what_has_not_ended_is_never_erased(with_facts):
    a_pool(identity_days=1, text_days=1)
    waiting = a_known_inquiry(received_at=now() - timedelta(days=400))
    run(now() + timedelta(days=400))
    assert kept(waiting) == ALL


def test_a_run_counts_what_it_erased_and_a_second_one_has_nothing_left(with_facts):
    a_pool()
    for days in (31, 200):
        a_known_inquiry(days)
    everything = counts(identities=2, kept_cpr=2, request_keys=2, texts=1, notes=1)
    assert run() == (everything, False)
    assert run() == (counts(), False)
    with transaction() as session:
        lines = session.exec(select(RetentionRun).order_by(col(RetentionRun.id))).all()
    assert [line.identities for line in lines] == [2, 0]


def test_the_strictest_of_several_collaborations_holds_former_ones_too(with_facts):
    a_pool(HJORRING, identity_days=90)
    strict = a_pool(HJORRING, identity_days=5)
    with accounts() as session:
        one = session.exec(select(Membership).where(Membership.collaboration_id == strict)).one()
        one.left = (now() - timedelta(days=100)).date()
    of_nobody = a_known_inquiry(29, municipality=SKANDERBORG)
    inquiry = a_known_inquiry(6)
    run()
    assert kept(inquiry) == WRITTEN and kept(of_nobody) == ALL


def test_many_are_erased_batch_by_batch_and_the_worker_goes_on_to_the_end(with_facts):
    a_pool()
    for _ in range(5):
        a_known_inquiry(31)
    assert run(most=2) == (counts(identities=2, kept_cpr=2, request_keys=2), True)
    worker.run()
    with transaction() as session:
        assert session.exec(select(Citizen)).first() is None
        assert sum(line.identities for line in session.exec(select(RetentionRun)).all()) == 5


def test_notes_that_must_be_kept_are_handed_over_first(with_facts):
    a_pool(hand_over_notes=True)
    inquiry = a_known_inquiry(200)
    bare = a_waiting_inquiry(state="closed", ended_at=now() - timedelta(days=200))
    assert run()[0] == counts(identities=1, kept_cpr=1, request_keys=1, texts=1, held_back=1)
    assert kept(inquiry) == WRITTEN and kept(bare) == []
    with transaction() as session:
        [note] = hand_over(session, now(), within_days=14)
    kle = look_at(Topic, "passport").kle
    assert kle and (note["text"], note["kle"], note["municipality"]) == ("Har ringet", kle, HJORRING)
    assert note["reference"] == look_at(Inquiry, inquiry).reference
    with transaction() as session:
        assert hand_over(session, now(), within_days=14) == []
        [look] = session.exec(select(Lookup)).all()
    assert (look.who, look.what, look.inquiry_id) == ("a test", "exported", inquiry)
    assert run()[0] == counts(texts=1, notes=1)
    assert kept(inquiry) == []


def test_what_was_written_to_each_other_is_handed_over_in_its_order_and_held_back_till_then(with_facts):
    a_pool(hand_over_notes=True)
    inquiry = a_waiting_inquiry(state="closed", ended_at=now() - timedelta(days=200))
    agent, said = a_ready_agent(), (("citizen", "Hvornår?", 3), ("agent", "Kl. 10", 2))
    with transaction() as session:
        for sender, words, before in said:
            person = agent if sender == "agent" else None
            at = now() - timedelta(minutes=before)
            session.add(Message(inquiry_id=inquiry, sender=sender, person_id=person, at=at, text=words))
        session.add(Note(inquiry_id=inquiry, person_id=agent, at=now(), text="Har skrevet"))
    assert run()[0] == counts(held_back=1)
    with transaction() as session:
        handed = [(one["kind"], one["from"], one["text"]) for one in hand_over(session, now(), within_days=14)]
        assert hand_over(session, now(), within_days=14) == []
    assert handed == [("message", *said[0][:2]), ("message", *said[1][:2]), ("note", None, "Har skrevet")]
    assert run()[0] == counts(texts=1, notes=1)


@pytest.mark.parametrize("days, due", [(165, False), (167, True)])
def test_notes_are_handed_over_within_the_days_before_they_expire(with_facts, days, due):
    a_pool()
    a_known_inquiry(days)
    with transaction() as session:
        assert bool(hand_over(session, now(), within_days=14)) is due


def test_figures_stay_and_reasons_that_somebody_typed_go(with_facts):
    a_pool()
    first = a_ready_agent()
    inquiry = a_journalled_inquiry()
    assert route() == 1
    offer = offer_of(inquiry).id
    by(first, lambda session, agent, at: refuse(session, offer, agent, "kender borgeren", at))
    second = a_ready_agent()
    assert route() == 1
    by(second, accept, offer_of(inquiry).id)
    with transaction() as session:
        held, who = session.get_one(Inquiry, inquiry), session.get_one(Agent, second)
        actions.close(session, held, who, Outcome.OTHER, "x", now())
    with owner().connect() as connection:
        lines = "SELECT id, event, data - 'reason' FROM journal ORDER BY id"
        before = connection.execute(text(lines)).all()
        run(in_(days=181))
        assert connection.execute(text(lines)).all() == before
        said = "SELECT count(*) FROM journal WHERE data::text LIKE '%kender%'"
        assert connection.execute(text(said)).scalar_one() == 0
        assert connection.execute(text("SELECT count(*) FROM offer WHERE answer_reason IS NOT NULL")).scalar_one() == 0
        assert connection.execute(text("SELECT count(*) FROM offer WHERE state = 'refused'")).scalar_one() == 1


def test_a_look_up_cannot_be_taken_back_for_two_years(with_facts):
    _, _, inquiry = an_offer()
    by(offer_of(inquiry).agent_id, accept, offer_of(inquiry).id)
    with transaction() as session:
        gone = session.connection().execute(text("DELETE FROM lookup WHERE inquiry_id = :id"), {"id": inquiry})
        assert gone.rowcount == 0
    with owner().begin() as connection:
        connection.execute(text("UPDATE lookup SET at = now() - interval '3 years'"))
    assert run()[0]["lookups"] == 1


def test_an_inquiry_that_breaks_a_rule_of_the_database_holds_up_no_other_one(with_facts):
    poison, others = a_known_inquiry(200), [a_known_inquiry(200) for _ in range(2)]
    with owner().begin() as connection:
        rule = f"CHECK (id <> '{poison}' OR text <> '') NOT VALID"
        connection.execute(text(f"ALTER TABLE inquiry ADD CONSTRAINT poison {rule}"))
    done, _ = run()
    assert (done["texts"], done["identities"]) == (2, 3)
    assert [look_at(Inquiry, one).text for one in (poison, *others)] == ["Mit nummer er [CPR]", "", ""]
    with owner().begin() as connection:
        assert connection.execute(text("SELECT item FROM set_aside WHERE duty = 'retain'")).scalars().all() == [
            str(poison)
        ]
        connection.execute(text("ALTER TABLE inquiry DROP CONSTRAINT poison"))
    assert run()[0]["texts"] == 0
    with owner().begin() as connection:
        connection.execute(text("UPDATE set_aside SET again_at = now()"))
    assert run()[0]["texts"] == 1
    with owner().begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM set_aside")).scalar_one() == 0


def test_a_reason_that_breaks_a_rule_of_the_database_holds_up_nothing_else(with_facts):
    inquiry, agent = a_known_inquiry(200), a_ready_agent()
    with owner().begin() as connection:
        connection.execute(
            text(
                "INSERT INTO presence_change (agent_id, at, presence, connected, reason)"
                " VALUES (:agent, now() - interval '60 days', 'break', true, 'Tandlæge')"
            ),
            {"agent": agent},
        )
        connection.execute(
            text("ALTER TABLE presence_change ADD CONSTRAINT poison CHECK (reason IS NOT NULL) NOT VALID")
        )
    done, _ = run()
    assert (done["identities"], done["texts"]) == (1, 1) and kept(inquiry) == []
    with owner().begin() as connection:
        aside = text("SELECT duty, item FROM set_aside")
        assert connection.execute(aside).all() == [("retain at once", "breaks")]
        connection.execute(text("ALTER TABLE presence_change DROP CONSTRAINT poison"))
    assert run()[0]["reasons"] == 1
    with owner().begin() as connection:
        assert connection.execute(aside).all() == []
