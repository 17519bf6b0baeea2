"""One citizen's rights: what is kept, who looked, everything handed out, and erased."""

import json

import pytest
from sqlalchemy import text
from sqlmodel import select
from typer.testing import CliRunner

from hotline import db
from hotline.clock import now
from hotline.directory.models import Agent
from hotline.handling import actions
from hotline.handling import cpr_numbers as identity
from hotline.inquiries.guards import held_inquiry
from hotline.inquiries.models import Citizen, Inquiry, Outcome
from hotline.offers.actions import accept
from hotline.privacy.lookups import CITIZEN_ASKED, looked
from hotline.privacy.models import Look, Lookup
from hotline.privacy.pages import sample
from hotline.queue.run import route
from hotline.tenant import at_work
from tests.builders import HJORRING, Api, a_key, a_person, a_pool, a_ready_agent, signed_in
from tests.building import owner, transaction
from tests.cli.commands import app
from tests.offers.doing import by, look_at, offer_of

CITIZEN = {"name": "Karla Opdigtet", "phone": "20 12 34 56", "email": "Karla@example.org", "cpr": "010165-1237"}
SAME = (("phone", "+4520123456"), ("email", " karla@EXAMPLE.org "), ("cpr", "0101651237"))


def hotline(*arguments, said=""):
    done = CliRunner().invoke(app, ["citizen", *arguments], input=said)
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def known(web):
    """Three inquiries of one citizen, taken in over HTTP: closed with a note, in hand and revealed, waiting."""
    a_pool(keep_cpr=True)
    pbx, agent = Api(web, a_key()), a_ready_agent()
    ids = []
    for channel in ("email", "web", "web"):
        said = {"channel": channel, "municipality": HJORRING, "text": "Mit nummer er 020270-1111", "citizen": CITIZEN}
        ids.append(pbx.post("/inquiries", json=said).json()["id"])
    pbx.post(
        "/inquiries", json={"channel": "web", "municipality": HJORRING, "text": "En anden", "citizen": {"name": "B"}}
    )
    with transaction() as session:
        ready = "UPDATE inquiry SET state = 'waiting', topic = 'passport', speaks = '*', deadline = queued_at"
        session.execute(text(f"{ready} WHERE id = ANY(:ids)"), {"ids": ids[:2]})
    assert route() == 2
    for inquiry in ids[:2]:
        by(agent, accept, offer_of(inquiry).id)
    with transaction() as session:
        who = session.get_one(Agent, agent)
        actions.close(session, held_inquiry(session, agent, ids[0]), who, Outcome.RESOLVED, "Har fået svar", now())
        identity.reveal(session, held_inquiry(session, agent, ids[1]), who, 0, "slå sagen op", now())
    return ids


@pytest.mark.parametrize("field, said", SAME)
def test_the_report_says_what_is_kept_and_who_looked_but_not_which_employee(known, field, said):
    code, out, _ = hotline("report", f"--{field}", said, "--json", "--why", "anmodning")
    told = json.loads(out)
    assert code == 0 and len(told["inquiries"]) == 3
    assert told["inquiries"][0]["kept"] == ["name", "phone", "email", "cpr"]
    assert [(one["notes"], one["cpr_numbers_found"]) for one in told["inquiries"]] == [(1, 1), (0, 1), (0, 1)]
    assert told["inquiries"][0]["identity_until"] and told["inquiries"][1]["identity_until"] is None
    looks = [(look["what"], look["why"]) for look in told["looks"]]
    assert looks == [("opened", None)] * 2 + [("revealed", "slå sagen op")] + [("reported", "anmodning")] * 3
    assert {name for look in told["looks"] for name in look} == {"at", "what", "why", "reference"}
    assert not any(value in out for value in CITIZEN.values())


def test_the_report_is_in_danish_unless_said_otherwise(known):
    code, out, _ = hotline("report", "--phone", "-", said="20123456\n")
    assert code == 0 and "Hvad hotlinen har om dig" in out and "CPR-nummer vist · slå sagen op" in out
    assert "What the hotline has about you" in hotline("report", "--phone", "20123456", "--language", "en")[1]


def test_the_report_tells_danish_days_and_times(known):
    with owner().begin() as session:
        night = (
            "UPDATE inquiry SET received_at = '2026-06-30 22:30+00', ended_at = '2026-07-01 22:45+00' WHERE id = :id"
        )
        session.execute(text(night), {"id": known[0]})
        session.execute(text("UPDATE lookup SET at = '2026-06-30 22:40+00' WHERE inquiry_id = :id"), {"id": known[0]})
    out = hotline("report", "--phone", "20123456")[1]
    [received] = [line for line in out.splitlines() if "2026-07-01" in line and " · " in line and ":" not in line]
    assert "2026-07-01 00:40 · " in out and "UTC" not in out and "Hjørring" in received
    assert (
        json.loads(hotline("report", "--phone", "20123456", "--json")[1])["inquiries"][0]["identity_until"]
        == "2026-08-01"
    )


def test_a_citizen_is_found_by_a_number_of_the_text_too(known):
    assert len(json.loads(hotline("report", "--cpr", "020270-1111", "--json")[1])["inquiries"]) == 3


def test_a_citizen_is_found_by_a_number_of_an_external_id_too_and_it_goes_with_them(web):
    a_pool()
    pbx = Api(web, a_key())
    for said in ("case 030365-1239", "other 040465-1239"):
        answer = pbx.post("/inquiries", json={"channel": "web", "municipality": HJORRING, "external_id": said})
        assert answer.status_code == 201
    code, out, _ = hotline("report", "--cpr", "0303651239", "--json")
    [inquiry] = json.loads(out)["inquiries"]
    assert (code, inquiry["kept"]) == (0, ["external_id"])
    assert "id, som indsenderens system gav" in hotline("report", "--cpr", "0303651239")[1]
    [told] = json.loads(hotline("export", "--cpr", "0303651239")[1])["inquiries"]
    assert told["data"]["external_id"].startswith("case [CPR]") and "0303" not in told["data"]["external_id"]
    with owner().begin() as session:
        session.execute(text("UPDATE inquiry SET state = 'closed', ended_at = now()"))
    assert hotline("erase", "--cpr", "0303651239", "--yes")[1].count("erased") == 1
    with transaction() as session:
        kept = session.exec(select(Inquiry.external_id)).all()
    assert len([one for one in kept if one]) == 1
    assert json.loads(hotline("report", "--cpr", "030365-1239", "--json")[1])["inquiries"] == []


def test_the_export_opens_everything(known):
    told = json.loads(hotline("export", "--email", CITIZEN["email"])[1])
    data = told["inquiries"][0]["data"]
    assert data["citizen"] == CITIZEN | {"phone": "+4520123456"}
    assert data["cpr_numbers_found"] == ["020270-1111"]
    assert (data["text"], data["notes"][0]["text"]) == ("Mit nummer er [CPR]", "Har fået svar")


def test_erasing_takes_what_has_ended_and_leaves_the_figures(known):
    code, out, _ = hotline("erase", "--phone", "20123456", "--yes")
    said = [line.partition(": ")[2].split(",")[0] for line in out.splitlines()]
    assert (code, said) == (0, ["erased", "still open", "still open"])
    gone = look_at(Inquiry, known[0])
    assert (gone.text, gone.attributes, gone.state, gone.outcome) == ("", {}, "closed", "resolved")
    with transaction() as session:
        assert session.get(Citizen, known[0]) is None and session.get(Citizen, known[1]) is not None
    told = json.loads(hotline("report", "--phone", "20123456", "--json")[1])
    assert len(told["inquiries"]) == 2
    assert "erased" in {look["what"] for look in told["looks"] if look["reference"] == gone.reference}


def test_an_inquiry_is_found_exported_and_erased_by_its_reference(known):
    reference = look_at(Inquiry, known[0]).reference
    told = json.loads(hotline("export", "--reference", reference.lower().replace("-", " "))[1])
    assert [one["reference"] for one in told["inquiries"]] == [reference]
    assert told["inquiries"][0]["data"]["citizen"]["name"] == CITIZEN["name"]
    assert hotline("report", "--reference", "H-2222-2222")[0] == 0
    code, out, _ = hotline("erase", "--reference", reference, "--yes")
    assert (code, out) == (0, f"{reference}: erased\n")
    with transaction() as session:
        assert {one.inquiry_id for one in session.exec(select(Lookup).where(Lookup.what == "erased"))} == {
            look_at(Inquiry, known[0]).id
        }


def test_a_reference_that_two_inquiries_share_finds_neither(known):
    reference = look_at(Inquiry, known[0]).reference
    with transaction() as session:
        session.get_one(Inquiry, known[1]).reference = reference
    code, out, err = hotline("export", "--reference", reference)
    assert (code, out, len(err.splitlines())) == (1, "", 1)


def test_nothing_is_erased_without_a_yes(known):
    assert hotline("erase", "--phone", "20123456", said="n\n")[0] == 1
    with transaction() as session:
        assert len(session.exec(select(Citizen)).all()) == 4
        assert "searched" in session.exec(select(Lookup.what)).all()


@pytest.mark.parametrize(
    "arguments",
    [
        ("report",),
        ("report", "--phone", "1", "--cpr", "2"),
        ("export", "--cpr", "12"),
        ("erase", "--email", "nobody"),
        ("export", "--phone", "00000000"),
        ("erase", "--email", "nobody@nobody.invalid"),
        ("report", "--reference", "H-nobody"),
    ],
)
def test_what_names_nobody_is_refused_in_one_line_that_does_not_repeat_it(known, arguments):
    code, out, err = hotline(*arguments)
    assert code == 2 and out == "" and len(err.splitlines()) == 1
    assert "nobody" not in err


def test_who_is_not_known_is_journalled_as_searched_for_all_the_same(known):
    assert json.loads(hotline("report", "--phone", "+4530303030", "--json")[1])["inquiries"] == []
    with transaction() as session:
        [line] = session.exec(select(Lookup).where(Lookup.what == "reported")).all()
    assert line.inquiry_id is None and line.subject and line.who.startswith("command by ")


def test_notes_are_written_to_a_new_file_once(known, tmp_path):
    out = tmp_path / "notes.jsonl"
    assert hotline("handover", "--out", str(out), "--days", "200")[0] == 0
    [note] = [json.loads(line) for line in out.read_text().splitlines()]
    assert note["text"] == "Har fået svar" and note["reference"] == look_at(Inquiry, known[0]).reference
    assert out.stat().st_mode & 0o777 == 0o600
    assert hotline("handover", "--out", str(out), "--days", "200")[0] == 1
    again = tmp_path / "again.jsonl"
    assert hotline("handover", "--out", str(again), "--days", "200")[0] == 0 and again.read_text() == ""


def test_a_file_that_cannot_be_written_marks_nothing(known, tmp_path):
    assert hotline("handover", "--out", str(tmp_path / "no" / "notes.jsonl"), "--days", "200")[0] == 1
    with transaction() as session:
        assert session.execute(text("SELECT count(*) FROM note WHERE handed_over_at IS NULL")).scalar_one() == 1


def test_the_spot_check_names_the_person_and_draws_the_same_again(known, web):
    administrator = signed_in(web, a_person("administrator"))
    browser = Api(web).http
    browser.base_url = web
    browser.cookies.set("hotline_session", administrator.token)
    with db.transaction(at_work("command by karla")) as session:
        looked(session, Look.REPORTED, CITIZEN_ASKED)
    page = browser.get("/privacy/lookups").text
    assert "kommando på serveren af karla" in page and "borgeren har bedt om det" in page
    assert "slå sagen op" in page and look_at(Inquiry, known[1]).reference in page
    assert not any(value in page for value in CITIZEN.values())
    with transaction() as session:
        session.add_all(Lookup(what="searched", why=str(n)) for n in range(100))
    until = now()
    with owner().connect() as connection:
        first, again, other = (sample(connection, seed, until) for seed in (7, 7, 8))
    assert first == again != other and first[0] == 104 and len(first[1]) == 20


@pytest.mark.parametrize(("until", "status"), [("0001-01-01T00:00:00Z", 422), ("9999-12-31T23:59:59-12:00", 200)])
def test_a_spot_check_at_the_ends_of_the_calendar_is_answered(web, until, status):
    administrator = signed_in(web, a_person("administrator"))
    answer = administrator.get(f"{web}/privacy/lookups", params={"until": until}, headers={"Accept": "text/html"})
    assert answer.status_code == status and "<h1" in answer.text
