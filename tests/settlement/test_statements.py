"""A month is previewed, closed for good and put right by the next one, from the journal of a real database."""

import json
import uuid
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from hotline.agents.models import PresenceChange
from hotline.db import transaction as for_whom
from hotline.directory import collaborations
from hotline.directory.models import Agent, Person
from hotline.inquiries.facts import Closed, Transferred
from hotline.inquiries.journal import record
from hotline.settlement.agree import agree
from hotline.settlement.errors import BadTerms, CannotClose, InhabitantsUnknown
from hotline.settlement.exports import document
from hotline.settlement.inhabitants import store
from hotline.settlement.statements import close, preview
from hotline.settlement.terms import Basis, Month, Part, Terms
from hotline.tenant import Tenant
from tests.building import accounts, transaction
from tests.cli.commands import failure, hotline

AARHUS, SKANDERBORG, HJORRING = "0751", "0746", "0860"
NAME = "Nord"
OCTOBER, NOVEMBER, DECEMBER = Month(2026, 10), Month(2026, 11), Month(2026, 12)
NOON = datetime(2026, 11, 2, 11, tzinfo=UTC)
AFTER = datetime(2026, 12, 3, tzinfo=UTC)
BY_INQUIRY = Terms(date(2026, 1, 1), (Part(Basis.INQUIRIES, 2500, 40), Part(Basis.MINUTES, 650, 60)), again_minutes=30)


@pytest.fixture
def nord(with_facts):
    """A collaboration of three that settles by inquiries and minutes."""
    with accounts() as session:
        collaborations.create(session, NAME, {"always_open": True})
        collaborations.join(session, NAME, [AARHUS, SKANDERBORG, HJORRING], date(2026, 1, 1))
        agree(session, NAME, BY_INQUIRY)


def answered(home, by, at=NOON, minutes=5, **said):
    """An inquiry of one of `home`, answered by agents of these municipalities for so many minutes each; its id."""
    one = SimpleNamespace(id=uuid.uuid4(), municipality=home, topic="passport", channel="phone", came_by=None)
    spent = {"talk_seconds": 60.0 * minutes - 30, "wrap_seconds": 30.0}
    with transaction() as session:
        for code in by[:-1]:
            record(session, one, Transferred(**spent), at, SimpleNamespace(id=1, municipality=code))
        closed = Closed(**spent, **{"outcome": "resolved", "first_contact": True} | said)
        record(session, one, closed, at, SimpleNamespace(id=1, municipality=by[-1]))
    return str(one.id)


def settle(how, month=NOVEMBER, at=AFTER):
    with transaction() as session:
        return how(session, NAME, month, at)


def test_a_preview_is_what_is_closed_and_closing_twice_changes_nothing(nord):
    answered(HJORRING, [SKANDERBORG])
    answered(HJORRING, [SKANDERBORG, AARHUS], minutes=3)
    answered(AARHUS, [AARHUS])
    answered(HJORRING, [SKANDERBORG], again_after=600.0)
    answered(HJORRING, [SKANDERBORG], outcome="duplicate", minutes=1)
    first = answered(HJORRING, [SKANDERBORG], at=datetime(2026, 10, 31, 22, 59, tzinfo=UTC))  # the last of October
    seen = settle(preview)
    closed = settle(close)
    assert (seen.lines, seen.pieces, seen.closed_at) == (closed.lines, closed.pieces, None)
    # Skanderborg: 1.5 inquiries at 10 kroner, 5 + 3 + 5 + 1 minutes at 3.90; Aarhus half an inquiry and 3 minutes.
    assert closed.totals == {SKANDERBORG: 1500 + 5460, AARHUS: 500 + 1170, HJORRING: -2000 - 6630}
    assert first not in {piece.inquiry for piece in closed.pieces}
    late = answered(HJORRING, [AARHUS])
    assert settle(close, at=AFTER + timedelta(days=1)) == closed == settle(preview)
    december = settle(preview, DECEMBER, AFTER + timedelta(days=40))
    owed = [(line.corrects, line.amount) for line in december.lines if line.amount > 0]
    assert owed == [("2026-11", 1000), ("2026-11", 1950)]
    assert late in {piece.inquiry for piece in december.pieces} and sum(december.totals.values()) == 0


def test_months_are_closed_in_turn_by_terms_that_nobody_changes_afterwards(nord):
    with pytest.raises(CannotClose):
        settle(close, DECEMBER, NOON)  # not begun
    with pytest.raises(CannotClose):
        settle(close, Month(2025, 12))  # before anything was agreed
    settle(close, OCTOBER)
    with pytest.raises(CannotClose):
        settle(close, DECEMBER, AFTER)
    with accounts() as session, pytest.raises(BadTerms):
        agree(session, NAME, Terms(date(2026, 10, 31), BY_INQUIRY.parts))
    with accounts() as session:
        agree(session, NAME, Terms(date(2026, 11, 1), (Part(Basis.INHABITANTS, 10),)))
    with pytest.raises(InhabitantsUnknown):
        settle(close, NOVEMBER)
    with accounts() as session:
        store(session, {AARHUS: 370_000, SKANDERBORG: 65_000, HJORRING: 63_000}, date(2026, 1, 1), "counted by hand")
    answered(HJORRING, [SKANDERBORG])
    assert settle(close, NOVEMBER).totals[SKANDERBORG] == 10 * (370_000 + 63_000)


def test_hours_on_duty_are_those_between_being_there_and_leaving(nord):
    came = datetime(2026, 10, 31, 22, tzinfo=UTC)  # an hour before November begins
    with accounts() as session:
        agree(session, NAME, Terms(date(2026, 11, 1), (Part(Basis.HOURS, 100),), owed={HJORRING: 2000}))
        person = Person(username="a", name="A", role="agent", municipality=AARHUS)
        session.add(person)
        session.flush()
        session.add(Agent(id=person.id, municipality=AARHUS, languages=["da"]))
    with transaction() as session:
        for at, presence, there in ((came, "available", True), (NOON, "break", True), (AFTER, "available", False)):
            session.add(PresenceChange(agent_id=person.id, at=at, presence=presence, connected=there))
    given = {line.municipality: line.quantity for line in settle(preview).lines if line.kind == "hours_given"}
    assert given == {AARHUS: 36_000, SKANDERBORG: 0, HJORRING: 0}


def test_a_municipality_sees_its_own_lines_and_everybodys_sums_and_nobody_changes_any(nord):
    answered(HJORRING, [SKANDERBORG])
    settle(close)
    viewer = Tenant("viewer", "a test", person=1, municipality=SKANDERBORG)
    with for_whom(viewer) as session:
        lines = session.execute(text("SELECT DISTINCT municipality FROM settlement_line")).scalars().all()
        totals = session.execute(text("SELECT count(*), sum(amount) FROM settlement_total")).one()
        pieces = session.execute(text("SELECT home, answering FROM settled_inquiry")).all()
    assert (lines, tuple(totals), [tuple(one) for one in pieces]) == ([SKANDERBORG], (3, 0), [(HJORRING, SKANDERBORG)])
    for stranger, there in (("0101", 0), (AARHUS, 3)):
        with for_whom(Tenant("viewer", "a test", person=1, municipality=stranger)) as session:
            assert session.execute(text("SELECT count(*) FROM settlement_total")).scalar_one() == there
            assert session.execute(text("SELECT count(*) FROM settled_inquiry")).scalar_one() == 0
    for table in ("settlement_statement", "settlement_line", "settlement_total", "settled_inquiry"):
        for change in (f"DELETE FROM {table}", f"UPDATE {table} SET statement_id = 1"):
            change = change.replace("statement_id = 1", "month = '2026-12'") if table.endswith("statement") else change
            with pytest.raises(ProgrammingError, match="permission denied"), transaction() as session:
                session.execute(text(change))


def test_the_commands_agree_preview_close_and_put_right(nord, tmp_path):
    answered(HJORRING, [SKANDERBORG])
    asked = ("--collaboration", NAME, "--period", "2026-11")
    said = json.loads(hotline("settlement", "preview", *asked, "--json").stdout)
    assert said == document(settle(preview)) and (said["closed_at"], said["sum"]) == (None, "0.00")
    assert {"municipality": SKANDERBORG, "kind": "minutes_given", "quantity": "5.000", "unit": "minute", "rate": "3.90",
            "amount": "19.50", "since": "2026-11-01", "corrects": None} in said["lines"]  # fmt: skip
    table = tmp_path / "november.csv"
    done = hotline("settlement", "close", *asked, "--csv", str(table), LC_ALL="da_DK.UTF-8")
    assert "Skanderborg" in done.stdout and done.exit_code == 0
    assert table.read_bytes().startswith(b"\xef\xbb\xbfKode;Kommune;") and "3,90;19,50;" in table.read_text("utf-8-sig")
    paid = ("--payer", SKANDERBORG, "--payee", HJORRING, "--amount", "9,50", "--why", "a call of their own")
    assert hotline("settlement", "correct", *asked, *paid).exit_code == 0
    december = settle(preview, DECEMBER)
    assert [(one.municipality, one.amount, one.corrects) for one in december.lines if one.correction] == [
        (SKANDERBORG, -950, "2026-11"),
        (HJORRING, 950, "2026-11"),
    ]
    assert settle(preview).lines == settle(close).lines
    december = ("--collaboration", NAME, "--period", "2026-12")
    assert "is not closed" in failure("settlement", "correct", *december, *paid, code=2)
    mixed = ("--by", "minutes 6.50 60%", "--by", "hours 300 30%")
    assert "90 %" in failure("settlement", "agree", "--collaboration", NAME, *mixed, code=2)
    mixed = ("--by", "minutes 6.50 60%", "--by", "hours 300 40%", "--owes", "0860=120.5", "--from", "2026-12-01")
    assert hotline("settlement", "agree", "--collaboration", NAME, *mixed).exit_code == 0
    assert "0860 owes 120.5 hours" in hotline("settlement", "terms", "--collaboration", NAME).stdout
    counted = tmp_path / "inhabitants.csv"
    counted.write_text("municipality;inhabitants\n0860;63.000\n9999;1\n")
    load = ("settlement", "inhabitants", str(counted), "--day", "2026-01-01", "--source", "Statistics Denmark, FOLK1A")
    assert "9999" in failure(*load)
    counted.write_text("municipality;inhabitants\n0860;63.000\n")
    assert "63000 inhabitants" in hotline(*load).stdout
