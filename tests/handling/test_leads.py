"""What is in the hands of somebody who is gone goes back to the queue, or is ended by who leads, once."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import col, select
from typer.testing import CliRunner

from hotline.access.sessions import csrf_token, still_in
from hotline.agents import presence
from hotline.agents.models import AgentWork
from hotline.board.held import held
from hotline.clock import now
from hotline.inquiries.journal import JournalLine
from hotline.inquiries.models import Inquiry
from hotline.inquiries.notes import Note
from hotline.offers.actions import accept
from hotline.offers.sweep import absences
from hotline.policies import current_policy
from hotline.web.checks import failures
from tests.builders import HJORRING, SKANDERBORG, Api, a_person, a_ready_agent, an_agent, signed_in
from tests.building import owner, transaction
from tests.cli.commands import app
from tests.offers.doing import a_journalled_inquiry, by, events_of, look_at, offer_of, sound
from tests.offers.test_races import at_once
from workers.route import route

AWAY = int(current_policy().gives_back_after)


def in_hand(channel="web", municipality=HJORRING, **agent):
    """An inquiry in the hands of a fresh agent of Skanderborg: its id, and the agent's."""
    agent_id = a_ready_agent(**agent)
    inquiry = a_journalled_inquiry(channel=channel, municipality=municipality)
    assert route() == 1
    by(agent_id, accept, offer_of(inquiry).id)
    return inquiry, agent_id


def lines(inquiry, event):
    with transaction() as session:
        found = select(JournalLine).where(JournalLine.inquiry_id == inquiry, JournalLine.event == event)
        return list(session.exec(found.order_by(col(JournalLine.id))).all())


def notes(inquiry):
    with transaction() as session:
        return [(one.person_id, one.text) for one in session.exec(select(Note).where(Note.inquiry_id == inquiry))]


def stays_away(agent, seconds):
    """The web processes run for so long, and hear nothing of the agent."""
    begin = now()
    with transaction() as session:
        presence.beat(session, [agent], begin, 6.0, still_in)
    with owner().begin() as session:
        session.execute(text("UPDATE web_clock SET seconds = seconds + :s"), {"s": seconds})


def sweeping():
    absences(now(), current_policy())


@pytest.mark.parametrize("channel", ["web", "email", "sms", "bot", "chat"])
def test_written_work_of_who_stays_away_goes_back_at_its_age(with_facts, channel):
    inquiry, agent = in_hand(channel)
    before = look_at(Inquiry, inquiry)
    stays_away(agent, AWAY - 10)
    sweeping()
    assert (look_at(Inquiry, inquiry).state, look_at(Inquiry, inquiry).flag) == ("handling", "agent_gone")
    stays_away_still(20)
    sweeping()
    sweeping()
    after = look_at(Inquiry, inquiry)
    assert (after.state, after.agent_id, after.flag) == ("waiting", None, None)
    assert after.queued_at == before.queued_at
    [line] = lines(inquiry, "released")
    assert (line.data["by"], line.data["reason"], line.agent_id) == ("sweep", "agent stays away", agent)
    assert look_at(AgentWork, agent).load == 0
    sound()


def stays_away_still(seconds):
    with owner().begin() as session:
        session.execute(text("UPDATE web_clock SET seconds = seconds + :s"), {"s": seconds})


def test_a_call_of_who_stays_away_is_flagged_and_stays(with_facts):
    inquiry, agent = in_hand("phone")
    stays_away(agent, AWAY + 10)
    sweeping()
    assert (look_at(Inquiry, inquiry).state, look_at(Inquiry, inquiry).flag) == ("handling", "agent_gone")
    assert events_of(inquiry)[-1] == "flagged"
    sound()


def test_who_came_back_keeps_what_they_have(with_facts):
    inquiry, agent = in_hand()
    stays_away(agent, AWAY + 10)
    with transaction() as session:
        presence.beat(session, [agent], now(), 6.0, still_in)
    sweeping()
    assert look_at(Inquiry, inquiry).state == "handling"


@pytest.mark.parametrize(
    "channel, said, seconds, state, flag",
    [
        ("web", "offline", AWAY - 20, "handling", None),
        ("web", "offline", AWAY + 10, "waiting", None),
        ("chat", "offline", AWAY + 10, "waiting", None),
        ("web", "break", AWAY + 10, "handling", None),
        ("phone", "offline", AWAY - 20, "handling", None),
        ("phone", "offline", AWAY + 10, "handling", "agent_gone"),
    ],
)
def test_written_work_of_who_is_off_duty_goes_back_though_their_desk_is_open(
    with_facts, channel, said, seconds, state, flag
):
    inquiry, agent = in_hand(channel)
    then = now() - timedelta(seconds=seconds)
    with owner().begin() as session:
        session.execute(text("UPDATE inquiry SET answered_at = :a"), {"a": then - timedelta(seconds=70)})
    with transaction() as session:
        for before, presence_said in ((3600, "offline"), (3000, "available"), (0, said)):
            presence.say(session, agent, presence_said, None, then - timedelta(seconds=before))
    stays_away(agent, 0)
    sweeping()
    found = look_at(Inquiry, inquiry)
    assert (found.state, found.flag) == (state, flag)
    if state == "waiting":
        [line] = lines(inquiry, "released")
        assert (line.data["reason"], line.data["talk_seconds"]) == ("agent is off duty", 70)
    if flag:
        with transaction() as session:
            assert [(one.away, one.has_left) for one in held(session, now(), None)] == [(True, False)]
    sound()


@pytest.mark.parametrize("change", ["active = false", "role = 'viewer'", "role = 'team_lead'"])
@pytest.mark.parametrize("channel, state", [("web", "waiting"), ("phone", "handling")])
def test_whoever_answers_no_longer_holds_nothing_written_and_their_call_is_flagged(with_facts, change, channel, state):
    inquiry, agent = in_hand(channel)
    with owner().begin() as session:
        session.execute(text(f"UPDATE person SET {change} WHERE id = :id"), {"id": agent})
    sweeping()
    found = look_at(Inquiry, inquiry)
    assert (found.state, found.flag) == (state, None if state == "waiting" else "agent_gone")
    sound()


@pytest.mark.parametrize("who, status", [("home", 200), ("answering", 200), ("other", 404), ("secretariat", 200)])
@pytest.mark.parametrize(
    "way, body, state",
    [
        ("release", {"reason": "Fru Zylqvist, 010165-1237, venter"}, "waiting"),
        ("closure", {"outcome": "other", "note": "Fru Zylqvist, 010165-1237, venter"}, "closed"),
        ("transfer", {"topic": "doctor", "note": "Fru Zylqvist, 010165-1237, venter"}, "waiting"),
        ("transfer", {"municipality": HJORRING, "note": "Fru Zylqvist, 010165-1237, venter"}, "handed_over"),
    ],
)
def test_who_leads_the_agent_or_the_citizen_may_take_it_and_that_is_written_down(led, who, status, way, body, state):
    inquiry, agent = in_hand("phone")
    answer = led[who].post(f"/inquiries/{inquiry}/{way}", json=body)
    assert answer.status_code == status, answer.text
    if status == 404:
        assert look_at(Inquiry, inquiry).state == "handling" and notes(inquiry) == []
        return
    assert (answer.json()["state"], look_at(Inquiry, inquiry).state) == (state, state)
    me = led[who].get("/me").json()["username"]
    with transaction() as session:
        person = session.execute(text("SELECT id FROM person WHERE username = :u"), {"u": me}).scalar_one()
    assert notes(inquiry) == [(person, "Fru Zylqvist, [CPR], venter")]
    [line] = lines(inquiry, "released" if way == "release" else "taken_over")
    assert line.data["by"] == f"person {person}" and "Zylqvist" not in str(line.data)
    assert look_at(AgentWork, agent).load == 0
    sound()


@pytest.mark.parametrize(
    "way, body, event",
    [("closure", {"outcome": "no_answer"}, "closed"), ("release", {"reason": "Hun er væk"}, "released")],
)
@pytest.mark.parametrize(
    "history",  # minutes ago, and whether they were there from then on
    [
        ((400, True), (296, False), (290, False)),
        ((296, True), (296, False)),  # deactivated: off duty and signed out at one moment
    ],
)
def test_the_talk_of_who_is_gone_ended_when_they_went(led, way, body, event, history):
    inquiry, agent = in_hand("phone")
    with owner().begin() as session:
        session.execute(
            text("UPDATE inquiry SET answered_at = now() - interval '5 hours' WHERE id = :i"), {"i": inquiry}
        )
        session.execute(text("UPDATE agent_work SET connected = false WHERE agent_id = :a"), {"a": agent})
        went = (
            "INSERT INTO presence_change (agent_id, at, presence, connected)"
            " VALUES (:a, now() - :ago * interval '1 minute', 'available', :c)"
        )
        for ago, connected in history:
            session.execute(text(went), {"a": agent, "ago": ago, "c": connected})
    assert led["home"].post(f"/inquiries/{inquiry}/{way}", json=body).status_code == 200
    [line] = lines(inquiry, event)
    assert 239 < line.data["talk_seconds"] < 241 and line.data["wrap_seconds"] == 0


@pytest.mark.parametrize("way", ["lead", "operator", "left", "stays away"])
def test_what_was_done_in_hands_that_it_leaves_unended_is_counted(led, way):
    inquiry, agent = in_hand()
    with owner().begin() as session:
        session.execute(
            text(
                "UPDATE inquiry SET answered_at = now() - interval '240 seconds', state = 'wrapping',"
                " wrapping_at = now() - interval '60 seconds'"
            )
        )
    if way == "lead":
        assert led["home"].post(f"/inquiries/{inquiry}/release", json={"reason": "Syg"}).status_code == 200
    elif way == "operator":
        assert hotline("release", look_at(Inquiry, inquiry).reference, "--reason", "Syg")[0] == 0
    elif way == "left":
        with owner().begin() as session:
            session.execute(text("UPDATE person SET active = false WHERE id = :id"), {"id": agent})
    else:
        stays_away(agent, AWAY + 10)
    sweeping()
    [line] = lines(inquiry, "released")
    assert line.data["talk_seconds"] == pytest.approx(180, abs=1)
    assert line.data["wrap_seconds"] == pytest.approx(60, abs=5)


@pytest.mark.parametrize("other", ["release", "closure"])
def test_of_two_who_take_it_at_once_one_wins(led, other):
    inquiry, _ = in_hand("phone")
    bodies = {"release": {"reason": "x"}, "closure": {"outcome": "other"}}
    answers = at_once(
        lambda: led["home"].post(f"/inquiries/{inquiry}/release", json=bodies["release"]).status_code,
        lambda: led["secretariat"].post(f"/inquiries/{inquiry}/{other}", json=bodies[other]).status_code,
    )
    assert sorted(answers) == [200, 409]
    sound()


def test_a_page_that_is_old_takes_nothing_from_somebody_else(led):
    inquiry, agent = in_hand()
    lead = led["secretariat"]
    assert lead.post(f"/inquiries/{inquiry}/release", json={"reason": "x", "agent": "who"}).status_code == 409
    with transaction() as session:
        called = session.execute(text("SELECT username FROM person WHERE id = :id"), {"id": agent}).scalar_one()
    assert lead.post(f"/inquiries/{inquiry}/release", json={"reason": "x", "agent": called}).status_code == 200
    assert lead.post(f"/inquiries/{inquiry}/release", json={"reason": "x"}).status_code == 409


@pytest.mark.parametrize("reason", ["", "   ", None, "a" * 201, "\x00"])
def test_without_a_reason_nothing_is_taken(led, reason):
    inquiry, _ = in_hand()
    assert led["home"].post(f"/inquiries/{inquiry}/release", json={"reason": reason}).status_code == 422
    assert look_at(Inquiry, inquiry).state == "handling"


def test_whoever_has_it_next_reads_why(led, web):
    inquiry, first = in_hand()
    with transaction() as session:
        session.get_one(AgentWork, first).connected = False
    assert led["home"].post(f"/inquiries/{inquiry}/release", json={"reason": "Medarbejderen er syg"}).status_code == 200
    agent_id, username = an_agent(presence="available", connected=True)
    assert route() == 1
    next_one = signed_in(web, username)
    assert next_one.post(f"/offers/{offer_of(inquiry).id}/acceptance").status_code == 200
    [held] = next_one.get("/me").json()["inquiries"]
    assert held["notes"][0]["text"] == "Medarbejderen er syg" and held["notes"][0]["by"]
    assert look_at(Inquiry, inquiry).agent_id == agent_id
    assert timedelta(0) <= now() - look_at(Inquiry, inquiry).answered_at


def browser_of(web, client):
    browser = Api(web).http
    browser.base_url = web
    browser.cookies.set("hotline_session", client.token)
    browser.headers.update({"X-CSRF-Token": csrf_token(client.token), "HX-Request": "true"})
    return browser


def test_a_team_lead_sees_whose_hands_are_gone_and_gives_back_on_the_page(led, web):
    inquiry, agent = in_hand()
    with owner().begin() as session:
        session.execute(text("UPDATE agent_work SET connected = false WHERE agent_id = :a"), {"a": agent})
    with transaction() as session:
        called = session.execute(text("SELECT username FROM person WHERE id = :id"), {"id": agent}).scalar_one()
    reference = look_at(Inquiry, inquiry).reference
    other, home = browser_of(web, led["other"]), browser_of(web, led["home"])
    assert reference not in other.get("/held").text
    page = home.get("/held").text
    assert reference in page and "er væk" in page and f'hx-post="/api/v1/inquiries/{inquiry}/release"' in page
    assert 'href="/held"' in page
    body = {"agent": called, "reason": "Syg"}
    release = f"/api/v1/inquiries/{inquiry}/release"
    assert other.post(release, json=body).status_code == 404
    assert home.post(release, json=body | {"reason": " "}).status_code == 422
    assert home.post(release, json=body | {"agent": "else"}).status_code == 409
    answer = home.post(release, json=body)
    assert answer.status_code == 200 and "Ingen har noget i hånden" in answer.text
    assert home.post(release, json=body).status_code == 409
    assert [one for _, one in notes(inquiry)] == ["Syg"]


@pytest.mark.parametrize(
    "way, more, state", [("closure", {"outcome": "no_answer"}, "closed"), ("transfer", {"topic": "doctor"}, "waiting")]
)
def test_the_secretariat_ends_it_or_passes_it_on_on_the_page_if_it_is_still_there(led, web, way, more, state):
    inquiry, agent = in_hand("phone")
    with transaction() as session:
        called = session.execute(text("SELECT username FROM person WHERE id = :id"), {"id": agent}).scalar_one()
    pool = browser_of(web, led["secretariat"])
    body = {"held_by": called, "note": "Linjen er død"} | more
    assert pool.post(f"/api/v1/inquiries/{inquiry}/{way}", json=body | {"held_by": "else"}).status_code == 409
    answer = pool.post(f"/api/v1/inquiries/{inquiry}/{way}", json=body)
    assert answer.status_code == 200 and answer.text.startswith("<section"), answer.text
    assert look_at(Inquiry, inquiry).state == state
    sound()


ENDS = {
    "closed": ("closure", {"outcome": "other", "note": "Ingen tager fru Zylqvist"}),
    "handed_over": ("transfer", {"municipality": HJORRING, "note": "Ingen tager fru Zylqvist"}),
}


@pytest.mark.parametrize("state", ENDS)
@pytest.mark.parametrize("who", ["home", "secretariat"])
def test_what_waits_and_nobody_can_take_is_ended_once_by_who_leads_the_citizen(led, who, state):
    inquiry, (way, body) = a_journalled_inquiry("doctor", age=3600), ENDS[state]
    address = f"/inquiries/{inquiry}/{way}"
    for another in ("answering", "other"):
        assert led[another].post(address, json=body).status_code == 404
    answers = at_once(*[lambda: led[who].post(address, json=body).status_code] * 2)
    assert sorted(answers) == [200, 409] and look_at(Inquiry, inquiry).state == state
    assert events_of(inquiry)[-2:] == ["taken_over", state]
    [taken], [line] = lines(inquiry, "taken_over"), lines(inquiry, state)
    assert taken.data["by"] == f"person {notes(inquiry)[0][0]}" and "Zylqvist" not in str(taken.data)
    assert (line.agent_id, line.data["talk_seconds"]) == (None, 0)
    sound()


@pytest.mark.parametrize(
    "agent, change, status",
    [
        ({}, "SELECT 1", 409),
        ({"presence": "offline", "connected": False}, "SELECT 1", 409),
        ({"municipality": "0751"}, "SELECT 1", 200),
        ({"topics": ("mitid",)}, "SELECT 1", 200),
        ({}, "UPDATE person SET active = false", 200),
        ({}, "UPDATE person SET role = 'viewer'", 200),
        ({}, "UPDATE topic SET open = false WHERE slug = 'passport'", 409),
        ({}, "DELETE FROM membership WHERE municipality = '0746'", 200),
        ({"municipality": HJORRING}, "DELETE FROM membership", 409),
        ({}, f"INSERT INTO kept_topic SELECT id, '{HJORRING}', 'passport' FROM collaboration", 200),
        (
            {"municipality": HJORRING},
            f"INSERT INTO kept_topic SELECT id, '{HJORRING}', 'passport' FROM collaboration",
            409,
        ),
    ],
)
def test_nobody_can_take_it_where_nobody_who_answers_there_has_the_skill(web, agent, change, status):
    a_ready_agent(**agent)
    inquiry = a_journalled_inquiry(age=1200)
    with owner().begin() as session:
        session.execute(text(change))
    told = failures()["in vain"]
    assert (told is None) is (status == 409), told
    lead = signed_in(web, a_person("secretariat"))
    answer = lead.post(f"/inquiries/{inquiry}/closure", json={"outcome": "other"})
    assert (answer.status_code, failures()["in vain"]) == (status, None)


def test_the_page_and_the_check_name_what_waits_in_vain_and_it_is_ended_there(led, web):
    oldest = look_at(Inquiry, a_journalled_inquiry("doctor", age=3600))
    a_journalled_inquiry("doctor", municipality=SKANDERBORG, age=60)
    assert failures()["in vain"] == (
        f"2 wait and nobody can take it, the oldest {oldest.reference} (doctor) for 60 minutes; end it at /held"
    )
    home = browser_of(web, led["home"])
    page = home.get("/held").text
    assert "Venter, og ingen kan tage dem" in page and page.count('id="in-vain-') == 1 and oldest.reference in page
    assert f'href="/inquiries/{oldest.id}"' in page
    body = {"municipality": HJORRING, "note": "Emnet er lukket"}
    answer = home.post(f"/api/v1/inquiries/{oldest.id}/transfer", json=body)
    assert answer.status_code == 200 and answer.text.startswith("<section") and "ingen kan tage" not in answer.text
    assert hotline("close", look_at(Inquiry, oldest.id).reference, "--reason", "x")[0] == 1
    sound()


def hotline(*arguments):
    done = CliRunner().invoke(app, ["inquiry", *arguments])
    return done.exit_code, done.stdout, done.stderr


def test_an_operator_gives_back_and_ends_by_reference(with_facts):
    first, _ = in_hand("phone")
    second, agent = in_hand("email")
    names = [look_at(Inquiry, one).reference for one in (first, second)]
    with owner().begin() as session:
        session.execute(text("UPDATE agent_work SET connected = false WHERE agent_id = :a"), {"a": agent})
    listed = hotline("held")[1].splitlines()[1:]
    assert [line.split()[0] for line in listed] == [names[1], names[0]] and "away" in listed[0]
    assert hotline("release", names[0].lower(), "--reason", "Fru Zylqvist venter")[0] == 0
    assert hotline("close", names[1], "--outcome", "no_answer", "--reason", "Ingen svarer")[0] == 0
    assert [look_at(Inquiry, one).state for one in (first, second)] == ["waiting", "closed"]
    [line] = lines(first, "released")
    assert line.data["by"].startswith("command by ") and "Zylqvist" not in str(line.data)
    assert notes(first) == [(None, "Fru Zylqvist venter")]
    for again in (("release", names[0]), ("close", names[1])):
        code, _, err = hotline(*again, "--reason", "x")
        assert code == 1 and "in nobody's hands" in err and len(err.splitlines()) == 1
    sound()


@pytest.mark.parametrize(
    "arguments", [("release", "H-0000-0000", "--reason", "x"), ("close", "H-0000-0000", "--reason", "x")]
)
def test_what_is_no_inquiry_is_said_in_one_line(with_facts, arguments):
    code, out, err = hotline(*arguments)
    assert (code, out) == (1, "") and "there is no inquiry" in err


@pytest.mark.parametrize("hours, named", [(7, False), (9, True)])
def test_the_check_names_what_has_been_in_hand_for_long(with_facts, hours, named):
    inquiry, _ = in_hand("phone")
    with owner().begin() as session:
        long_ago = "UPDATE inquiry SET answered_at = now() - make_interval(hours => :h)"
        session.execute(text(long_ago), {"h": hours})
    assert (look_at(Inquiry, inquiry).reference in (failures()["in hand"] or "")) is named
