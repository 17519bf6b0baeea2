"""The page of the rules: what each collaboration keeps for how long, and what retention did."""

import re
from datetime import time, timedelta

import pytest
from sqlmodel import select

from hotline import db
from hotline.clock import now
from hotline.directory import collaborations
from hotline.directory.models import Collaboration, KeptTopic, Membership, OpeningHours, Partner
from hotline.directory.special_days import rows
from hotline.directory.wall_hours import read
from hotline.privacy import rules
from hotline.privacy.changed import Changed
from hotline.privacy.models import RetentionRun
from hotline.privacy.retention import retain
from hotline.tenant import at_accounts
from hotline.web.formats import Formats
from hotline.web.language import translator
from tests.builders import HJORRING, SKANDERBORG, Api, a_person, a_pool, signed_in
from tests.building import accounts, transaction

NOTHING = dict.fromkeys(("identities", "kept_cpr", "request_keys", "texts", "notes", "lookups", "held_back"), 0)


def a_run(hours_ago, **counts):
    with transaction() as session:
        session.add(RetentionRun(at=now() - timedelta(hours=hours_ago), **(NOTHING | counts)))


def read_by(web, role, language="da"):
    browser = Api(web).http
    browser.base_url = web
    browser.cookies.set("hotline_session", signed_in(web, a_person(role)).token)
    browser.cookies.set("language", language)
    answer = browser.get("/privacy/rules")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("role", ["secretariat", "administrator"])
def test_the_page_says_what_is_kept_for_how_long_and_what_was_erased(web, role):
    pool = a_pool(always_open=False, identity_days=1, text_days=1234, hand_over_notes=True, home_first_seconds=45)
    with accounts() as session:
        session.add(Partner(collaboration_id=pool, municipality=HJORRING, partner=SKANDERBORG))
        session.add_all(rows(session.get_one(Collaboration, pool), "12-24", []))
        session.add_all(rows(session.get_one(Collaboration, pool), "2026-12-23", [(time(8), time(12))]))
        session.add(KeptTopic(collaboration_id=pool, municipality=SKANDERBORG, topic="passport"))
        for one in read(["mon-thu 08:00-24:00"]):
            hours = {"weekday": one.weekday, "opens": one.opens, "closes": one.closes}
            session.add(OpeningHours(collaboration_id=pool, **hours))
    a_run(1, identities=4321, held_back=77)
    page = read_by(web, role)
    for said in ("1 dag efter", "1.234 dage efter", "mandag–torsdag 08.00–24.00", "Hjørring", "4.321", ">77<",
                 "45 sekunder", "Hjørring: Skanderborg", "Skanderborg: Pas",
                 "24. december: lukket", "23. december 2026: 08.00–12.00"):  # fmt: skip
        assert said in page, said
    assert "afleveret til kommunens sagssystem" in page and "vises for ingen" in page
    assert 'href="/privacy/rules" aria-current="page"' in page and "alert-warning" not in page


def test_the_page_says_who_changed_which_rule(web):
    with db.transaction(at_accounts("command by <b>karla</b>")) as session:
        collaborations.create(session, "Nord", {"keep_cpr": True})
    with db.transaction(at_accounts("person 7")) as session:
        collaborations.change(session, "Nord", {"identity_days": 20, "queue_limit": 5})
    page = read_by(web, "secretariat", "en")
    text = re.sub(r"\s*<[^>]+>\s*", "|", re.sub("</?bdi>", "", page))
    for line in (
        "command on the server by &lt;b&gt;karla&lt;/b&gt;||Nord||CPR numbers may be shown||–||yes|",
        "person no. 7||Nord||Days until the citizen&#39;s identity is erased||30||20|",
        "person no. 7||Nord||Longest queue||none||5|",
    ):
        assert line in text, (line, text)
    danish = read_by(web, "administrator")
    assert (
        "<td>ja</td>" in danish
        and "Seneste ændringer af reglerne" in danish
        and "kommando på serveren af &lt;b&gt;karla" in danish
    )


CHANGES = [
    ("keep_cpr", "yes", "ja", "yes"),
    ("queue_limit", "none", "ingen", "none"),
    ("queue_limit", "1000", "1000", "1000"),
    ("name", "from none", "from none", "from none"),
    ("member", "0860 from 2027-01-01 until 2027-07-01", "Hjørring fra 1. januar 2027 til 1. juli 2027",
     "Hjørring from 1 January 2027 until 1 July 2027"),
    ("hours", "mon-fri 08:00-16:00, sun 16:00-24:00", "mandag–fredag 08.00–16.00, søndag 16.00–24.00",
     "Monday–Friday 08:00–16:00, Sunday 16:00–24:00"),
    ("day", "12-24 closed", "24. december: lukket", "24 December: closed"),
    ("day", "2026-12-23 08:00-12:00", "23. december 2026: 08.00–12.00", "23 December 2026: 08:00–12:00"),
    ("day", "12-24 as usual", "24. december: som sædvanligt", "24 December: as usual"),
    ("partners", "0860 0746, 9999", "Hjørring: Skanderborg, 9999", "Hjørring: Skanderborg, 9999"),
    ("kept", "0860 passport, unicorns", "Hjørring: Pas, unicorns", "Hjørring: Passport, unicorns"),
    ("kept", "0860 none", "Hjørring: ingen", "Hjørring: none"),
    ("settlement", "from 2027-01-01: minutes 6.50 60% + inquiries 45.00 40%, again within 9 minutes",
     "fra 1. januar 2027: minutter 6,50 kr. 60 % + henvendelser 45,00 kr. 40 %, samme borger igen inden for 9 minutter",
     "from 1 January 2027: minutes DKK 6.50 60 % + inquiries DKK 45.00 40 %, the same citizen again within 9 minutes"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "written", "in_danish", "in_english"), CHANGES)
def test_what_was_changed_is_said_in_the_readers_language(rule, written, in_danish, in_english):
    for language, said in (("da", in_danish), ("en", in_english)):
        topics = {"passport": "Pas" if language == "da" else "Passport"}
        places = {HJORRING: "Hjørring", SKANDERBORG: "Skanderborg"}
        changed = Changed(translator(language), Formats(language), places, topics)
        assert (changed.says(rule, written), changed.says(rule, None)) == (said, "–")


def test_it_is_read_in_english_too_and_what_a_name_holds_is_text(web):
    with accounts() as session:
        session.add(Collaboration(name="<b>Nord</b>", always_open=True, keep_cpr=True))
    page = read_by(web, "secretariat", "en")
    assert "erased 30 days after" in page and "at all hours" in page and "may be shown to the agent" in page
    assert "&lt;b&gt;Nord" in page and "<b>Nord" not in page


def test_who_is_no_member_today_is_not_named(with_facts):
    pool = a_pool(HJORRING, SKANDERBORG)
    with accounts() as session:
        gone = session.exec(select(Membership).where(Membership.municipality == SKANDERBORG)).one()
        gone.left = now().date() - timedelta(days=1)
    with transaction() as session:
        [one] = rules.collaborations(session, now())
    assert (one.rules.id, one.members, one.hours) == (pool, ["Hjørring"], [])


def test_the_latest_lines_are_shown_and_thirty_days_are_summed(with_facts):
    for hours in range(30):
        a_run(hours + 1, texts=1, held_back=hours)
    a_run(31 * 24, texts=1000)
    with transaction() as session:
        retain(session, now())
    with transaction() as session:
        told = rules.erased(session, now())
    assert len(told.lines) == rules.LINES and told.lines[0]["texts"] == 0
    assert told.lines[0]["at"] > told.lines[1]["at"] > told.lines[-1]["at"]
    assert told.sums == dict.fromkeys(rules.COUNTS, 0) | {"texts": 30}
    assert (told.held_back, told.overdue) == (0, False)


@pytest.mark.parametrize(("hours", "overdue"), [(None, True), (2.1, True), (1.9, False)])
def test_a_worker_that_does_not_erase_is_noticed(with_facts, hours, overdue):
    if hours is not None:
        a_run(hours)
    with transaction() as session:
        assert rules.erased(session, now()).overdue is overdue
