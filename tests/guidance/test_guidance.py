"""Guidance: written by editors, shown beside an inquiry, searched in Danish, told to programs."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from hotline.access.sessions import csrf_token
from hotline.clock import danish, now
from hotline.directory.errors import BadHours
from hotline.guidance import markdown, opening
from hotline.guidance.models import Guidance, GuidanceWish, Phrase
from hotline.guidance.reading import guidance_for, search
from hotline.guidance.writing import Written, write
from tests.access.decisions import AGENTS, POOL, everybody, people
from tests.builders import HJORRING, SKANDERBORG, Api, a_key, a_person, a_pool, an_agent, signed_in
from tests.building import owner, transaction

VERSION = {"text": "- Ring", "owner": "Borgerservice", "review_by": "2027-05-01", "after": "7"}
EDITORS = ("team lead", *POOL)
DECISIONS = {
    "GET /api/v1/guidance": everybody(200),
    "GET /desk/guidance": people(422, *AGENTS),  # of which topic?
    "POST /desk/guidance/wishes": people(
        201, *AGENTS, json={"topic": "passport", "municipality": HJORRING, "text": "Prisen"}
    ),
    "GET /guidance": people(200, *EDITORS),
    "GET /guidance/{topic}": people(200, *EDITORS, params={"topic": "passport"}),
    "POST /guidance/{topic}": people(409, *EDITORS, params={"topic": "passport"}, form=VERSION),
    "DELETE /guidance/wishes/{number}": people(404, *EDITORS, params={"number": "999"}),
}
DECISIONS |= {
    "GET /desk/phrases": people(200, *AGENTS),
    "POST /guidance/phrases": people(200, *EDITORS, form={"name": "hej", "text": "Hej"}),
    "DELETE /guidance/phrases/{number}": people(404, *EDITORS, params={"number": "999"}),
}
DECISIONS["GET /api/v1/guidance"].expected["nobody"] = 401

REVIEW_BY = date(2027, 5, 1)


@pytest.mark.parametrize(
    ("written", "html", "plain"),
    [
        (
            "- **Husk** foto\n- To",
            "<ul>\n<li><strong>Husk</strong> foto</li>\n<li>To</li>\n</ul>\n",
            "• Husk foto\n• To",
        ),
        ("1. Én\n2. To", "<ol>\n<li>Én</li>\n<li>To</li>\n</ol>\n", "1. Én\n2. To"),
        ("[pas](https://a.dk)", 'href="https://a.dk" target="_blank" rel="noopener noreferrer"', "pas (https://a.dk)"),
        ("<https://a.dk>", ">https://a.dk</a>", "https://a.dk"),
        ("[ring](tel:+4533980010)", '<a href="tel:+4533980010">ring</a>', "ring"),
        ("to\nlinjer", "to\nlinjer", "to linjer"),
        ("<script>alert(1)</script>", "&lt;script&gt;", "<script>alert(1)</script>"),
        ('<b onclick="x">a</b>', "&lt;b onclick=", '<b onclick="x">a</b>'),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>", "[a](javascript:alert(1))"),
        ("[a](JaVa&#115;cript:alert(1))", "<p>[a](JaVascript:alert(1))</p>", "[a](JaVascript:alert(1))"),
        ("[a](data:text/html,x)", "<p>[a](data", "[a](data:text/html,x)"),
        ("[a](//a.dk)", "<p>[a](//a.dk)</p>", "[a](//a.dk)"),
        ("![a](https://a.dk/p.png)", "<p>!<a href", "!a (https://a.dk/p.png)"),
        ('[a](https://a.dk "x\\" onmouseover=1")', 'title="x&quot; onmouseover=1"', "a (https://a.dk)"),
        ("# Overskrift", "<p># Overskrift</p>", "# Overskrift"),
        ("", "", ""),
    ],
)
def test_what_an_editor_writes_is_shown_safely_and_copied_whole(written, html, plain):
    shown = str(markdown.html(written))
    assert html in shown and markdown.plain(written) == plain
    assert set(re.findall(r"<(\w+)", shown)) <= {"p", "ul", "ol", "li", "strong", "em", "a", "br"}


MONDAY, CHRISTMAS = date(2026, 11, 30), date(2026, 12, 25)  # a Friday


@pytest.mark.parametrize(
    ("written", "day", "hours"),
    [
        ("man-tor 10.00-15.00\nfre 10-12", MONDAY, ["10:00-15:00"]),
        ("man-tor 10.00-15.00\nfre 10-12", MONDAY + timedelta(4), ["10:00-12:00"]),
        ("Man – Fre 9.30–14", MONDAY, ["09:30-14:00"]),
        ("mon 10:00-12:00\n\nmon 14:00-17:00", MONDAY, ["10:00-12:00", "14:00-17:00"]),
        ("man-fre 10-15", MONDAY + timedelta(5), []),
        ("man-fre 10-15", CHRISTMAS, []),
        ("", MONDAY, None),
    ],
)
def test_the_hours_of_a_counter_are_those_of_the_day(written, day, hours):
    found = opening.on(written, day)
    assert hours == (None if found is None else [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in found])


@pytest.mark.parametrize("written", ["i morgen", "man 15-10", "man-tor", "xyz 10-12"])
def test_what_is_no_hours_is_refused(written):
    with pytest.raises(BadHours):
        opening.read(written)


def kept(topic, words, municipality=None, after=0, **more):
    with transaction() as session:
        written = Written(
            **{"text": words, "owner": "Borgerservice", "review_by": REVIEW_BY, "for_citizens": True} | more
        )
        write(session, topic, municipality, written, after)


@pytest.fixture
def some(web):
    """Guidance of a few topics, common and Hjørring's own; the address of the web process."""
    a_pool()
    kept("passport", "- Du skal **møde op** med dit gamle pas.\n- Børn skal have samtykke fra forældrene.")
    kept("passport", "- Bestil tid hos os.", HJORRING, hours="man-søn 00.00-24.00")
    kept("mitid", "- Hent appen på den nye telefon.\n- Kodeviseren kan ikke byttes.")
    kept("doctor", "- Til medarbejdere alene", for_citizens=False)
    kept("childcare", "- Gammel")
    kept("childcare", "", after=1)
    return web


def test_a_municipality_s_own_stands_instead_of_the_common_one_until_it_is_taken_back(some):
    with transaction() as session:
        assert guidance_for(session, HJORRING, "passport").municipality == HJORRING
        assert guidance_for(session, SKANDERBORG, "passport").municipality is None
        assert guidance_for(session, HJORRING, "childcare") is None
    kept("passport", "", HJORRING, after=1)
    with transaction() as session:
        assert guidance_for(session, HJORRING, "passport").municipality is None
        of_it = select(Guidance.version).where(Guidance.topic == "passport", Guidance.municipality == HJORRING)
        assert session.exec(of_it.order_by(Guidance.version)).all() == [1, 2]


@pytest.mark.parametrize(
    ("words", "home", "topics"),
    [
        ("forældre samtykker", SKANDERBORG, ["passport"]),
        ("samtykke", HJORRING, []),  # its own says nothing of that
        ("telefoner", HJORRING, ["mitid"]),
        ("kodevis", HJORRING, ["mitid"]),  # still being typed
        ("pas", HJORRING, ["passport"]),
        ("med", HJORRING, []),  # in every text
        ("& | ! ' ( :*", HJORRING, []),
        ("", HJORRING, []),
    ],
)
def test_a_search_finds_danish_words_in_any_form(some, words, home, topics):
    with transaction() as session:
        assert [one.topic for one in search(session, words, home)] == topics


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ({}, 200, [("mitid", None), ("passport", None)]),
        ({"municipality": HJORRING}, 200, [("mitid", None), ("passport", HJORRING)]),
        ({"municipality": HJORRING, "topic": "passport"}, 200, [("passport", HJORRING)]),
        ({"municipality": HJORRING, "topic": "doctor"}, 200, []),
        ({"q": "app"}, 200, [("mitid", None)]),
        ({"q": "app", "topic": "passport"}, 200, []),
        ({"municipality": "0001"}, 422, None),
        ({"topic": "nothing"}, 422, None),
        ({"q": "a" * 201}, 422, None),
        ({"kommune": HJORRING}, 422, None),
    ],
)
def test_programs_are_told_what_citizens_may_see(some, asked, status, told):
    answer = Api(some, a_key()).get("/guidance", params=asked)
    assert answer.status_code == status
    if told is not None:
        assert [(one["topic"], one["municipality"]) for one in answer.json()] == told
    if told == [("passport", HJORRING)]:
        [one] = answer.json()
        assert one["open_today"] == [{"opens": "00:00", "closes": "24:00"}]
        assert (one["text"], one["html"]) == ("- Bestil tid hos os.", "<ul>\n<li>Bestil tid hos os.</li>\n</ul>\n")


def browser(web, username):
    """The client of this person's page."""
    token = signed_in(web, username).token
    http = Api(web).http
    http.base_url = web
    http.cookies.set("hotline_session", token)
    http.headers.update({"X-CSRF-Token": csrf_token(token)})
    return http


def test_an_agent_sees_what_holds_and_says_what_is_missing_and_an_editor_deals_with_it(some):
    agent = browser(some, an_agent(municipality=SKANDERBORG)[1])
    beside = agent.get("/desk/guidance", params={"topic": "passport", "municipality": HJORRING}).text
    assert "Gælder for Hjørring" in beside and "Bestil tid hos os." in beside and "00.00–24.00" in beside
    elsewhere = agent.get("/desk/guidance", params={"topic": "passport", "municipality": SKANDERBORG}).text
    assert "Fælles for alle" in elsewhere and "Åbent i dag" not in elsewhere
    found = agent.get("/desk/guidance", params={"topic": "passport", "municipality": HJORRING, "q": "app"}).text
    assert "MitID" in found and "Fandt 1 vejledning" in found
    asked = {"topic": "passport", "municipality": HJORRING}
    for wrong in ({}, {"text": ""}, {"text": "a" * 501}, {"text": "x", "topic": "nothing"}, {"text": "x", "y": 1}):
        assert agent.post("/desk/guidance/wishes", json=asked | wrong).status_code == 422
    assert agent.post("/desk/guidance/wishes", json=asked | {"text": "Prisen? 120367-1240"}).status_code == 201
    home, other = (browser(some, a_person("team_lead", code)) for code in (HJORRING, SKANDERBORG))
    assert "Prisen? [CPR]" in home.get("/guidance").text and "Prisen?" not in other.get("/guidance").text
    with transaction() as session:
        number = session.exec(select(GuidanceWish.id)).one()
    assert other.delete(f"/guidance/wishes/{number}").status_code == 404
    assert "Prisen?" not in home.delete(f"/guidance/wishes/{number}").text


NEW = {
    "text": "- Ny",
    "owner": " Borgerservice ",
    "review_by": "2027-05-01",
    "hours": "man 10-12",
    "for_citizens": "true",
}


@pytest.mark.parametrize(
    ("role", "whose", "changed", "status"),
    [
        ("secretariat", "", {"after": 1}, 204),
        ("secretariat", HJORRING, {"after": 1}, 204),
        ("administrator", SKANDERBORG, {"after": 0}, 204),
        ("team_lead", "", {"after": 1}, 204),  # of Hjørring, and so its own
        ("team_lead", HJORRING, {"after": 1}, 204),
        ("team_lead", SKANDERBORG, {"after": 0}, 403),
        ("secretariat", "", {"after": 0}, 409),  # somebody was faster
        ("secretariat", "", {"after": 2}, 409),
        ("secretariat", "0001", {"after": 0}, 422),
        ("secretariat", "", {"after": 1, "owner": " "}, 422),
        ("secretariat", "", {"after": 1, "hours": "når vi gider"}, 422),
        ("secretariat", "", {"after": 1, "text": "a" * 10_001}, 422),
        ("secretariat", "", {"after": 1, "review_by": "i morgen"}, 422),
    ],
)
def test_an_editor_writes_the_next_version_of_what_is_theirs(some, role, whose, changed, status):
    editor = browser(some, a_person(role, HJORRING if role == "team_lead" else None))
    params = {"municipality": whose} if whose else {}
    answer = editor.post("/guidance/passport", params=params, data=NEW | changed)
    assert answer.status_code == status
    with transaction() as session:
        new = session.exec(select(Guidance).where(Guidance.text == "- Ny")).all()
        assert len(new) == (status == 204)
        if new:
            assert (new[0].owner, new[0].version) == ("Borgerservice", changed["after"] + 1)
            page = editor.get("/guidance/passport", params=params).text
            assert f"Udgave {new[0].version}" in page and "- Ny" in page
            with owner().connect() as connection:
                who = connection.execute(text("SELECT who FROM guidance WHERE text = '- Ny'")).scalar_one()
            assert who.startswith("person ")


def test_what_was_not_reviewed_in_time_is_marked_for_editors_and_agents(some):
    yesterday = danish(now()).date() - timedelta(days=1)
    kept("relocation", "- Meld flytning", review_by=yesterday)
    editor, agent = browser(some, a_person("secretariat")), browser(some, an_agent()[1])
    for address in ("/guidance?municipality=0001", "/guidance/nothing", "/guidance/passport?municipality=%00"):
        assert editor.get(address).status_code == 422
    assert editor.get("/guidance").text.count("Skulle være set efter") == 1
    beside = agent.get("/desk/guidance", params={"topic": "relocation", "municipality": HJORRING}).text
    assert "Skulle være set efter" in beside


def test_ready_phrases_are_their_editors_and_reach_the_agents_who_answer_those_citizens(some):
    pool, home = browser(some, a_person("secretariat")), browser(some, a_person("team_lead", HJORRING))
    agent = browser(some, an_agent()[1])
    for editor, name in ((pool, "hilsen"), (home, "hjemme")):
        assert f"/{name}" in editor.post("/guidance/phrases", data={"name": name, "text": "Venlig hilsen"}).text
    for wrong in ({"name": ""}, {"text": " "}, {"name": "a" * 41}, {"text": "a" * 1001}):
        assert pool.post("/guidance/phrases", data={"name": "a", "text": "b"} | wrong).status_code == 422
    assert (
        home.post(f"/guidance/phrases?municipality={SKANDERBORG}", data={"name": "a", "text": "b"}).status_code == 403
    )
    for code, names in ((HJORRING, ["hilsen", "hjemme"]), (SKANDERBORG, ["hilsen"])):
        assert [one["name"] for one in agent.get(f"/desk/phrases?municipality={code}").json()] == names
    with transaction() as session:
        numbers = {one.name: one.id for one in session.exec(select(Phrase)).all()}
    assert home.delete(f"/guidance/phrases/{numbers['hilsen']}").status_code == 404
    assert "/hjemme" not in home.delete(f"/guidance/phrases/{numbers['hjemme']}").text
    assert [one["name"] for one in agent.get(f"/desk/phrases?municipality={HJORRING}").json()] == ["hilsen"]
