"""The citizens' own pages, as a browser without JavaScript meets them."""

import re
from datetime import time, timedelta

import httpx
import pytest
from limits import RateLimitItemPerMinute
from sqlalchemy import event
from sqlmodel import select

from hotline.citizens import form_pages, own_key, pace
from hotline.citizens.at_the_page import note_who_left
from hotline.citizens.errors import TooMuchFromHere
from hotline.citizens.models import Receipt
from hotline.classification.waiting import classify_waiting
from hotline.clock import now
from hotline.db import engine
from hotline.directory.models import OpeningHours
from hotline.directory.queries import SNAPSHOT
from hotline.inquiries.models import Citizen, Inquiry
from hotline.inquiries.there import LEFT
from hotline.intake import keys
from hotline.offers.actions import accept
from hotline.privacy.retention import erase_identities, erase_texts
from hotline.privacy.vault import unseal
from hotline.queue.run import route
from hotline.settings import settings
from tests.builders import HJORRING, PATIENCE, Events, a_pool, an_agent, signed_in
from tests.building import accounts, transaction
from tests.callbacks.steps import Nothing
from tests.cli.commands import failure, hotline
from tests.offers.doing import by, offer_of, sound

CPR = "010165-1237"
CLOSED, FULL = "0751", "0730"
HOURS = {"opens": time(8), "closes": time(16)}
FORM = {
    "municipality": HJORRING,
    "subject": "Pas",
    "text": f"Mit pas udløber, og jeg er {CPR} <b>",
    "name": "Karla Opdigtet",
    "way": "page",
}
WORDS = re.compile(r"<[^>]+>|\s+")


@pytest.fixture
def contact(web, tmp_path, monkeypatch):
    """A browser at the citizens' pages of a hotline that has them."""
    path = tmp_path / "citizens.key"
    assert (
        f"made a key of {own_key.NAME}"
        in hotline("integrators", "citizens", HOTLINE_CITIZENS_KEY_FILE=str(path)).stdout
    )
    monkeypatch.setenv("HOTLINE_CITIZENS_KEY_FILE", str(path))
    settings.cache_clear()
    a_pool()
    with httpx.Client(base_url=web, timeout=PATIENCE, headers={"Accept": "text/html"}) as browser:
        yield browser


def hidden(page, name):
    """What the page sends along unseen."""
    return re.search(f'name="{name}" value="([^"]*)"', page.text)[1]


def words(page):
    """What somebody reads."""
    return " ".join(WORDS.sub(" ", page.text).split())


def filled_in(browser, **fields):
    """The form, opened and filled in."""
    return FORM | {"form": hidden(browser.get("/contact"), "form")} | fields


def sent(browser, **fields):
    """Hand in an inquiry: its page, reference, code and id."""
    answer = browser.post("/contact", data=filled_in(browser, **fields))
    assert answer.status_code == 303, words(answer)
    shown = browser.get(answer.headers["location"])
    reference, code = re.findall(r'class="told">([^<]+)<', shown.text)
    with transaction() as session:
        inquiry_id = session.exec(select(Inquiry.id).where(Inquiry.reference == reference)).one()
    return shown, reference, code, inquiry_id


def written(browser, shown, reference, text, **more):
    """Write more on this page."""
    fields = {name: hidden(shown, name) for name in ("word", "key")} | {"text": text} | more
    return browser.post(f"/contact/{reference}/messages", data=fields)


def everything():
    with transaction() as session:
        return session.exec(select(Inquiry)).all()


def test_a_citizen_writes_waits_reads_the_answer_and_writes_more(contact, web):
    shown, reference, code, inquiry = sent(contact)
    assert "Vi har modtaget din henvendelse" in words(shown)
    assert CPR not in shown.text and "jeg er [CPR] &lt;b&gt;" in shown.text
    with transaction() as session:
        kept = session.get_one(Inquiry, inquiry)
        assert (kept.channel, kept.text) == ("web", "Pas\n\nMit pas udløber, og jeg er [CPR] <b>")
        assert unseal(session.get_one(Citizen, inquiry).name, "name") == "Karla Opdigtet"
        assert code.encode() not in session.get_one(Receipt, inquiry).code_hash
    classify_waiting(Nothing())
    assert "ingen ledig" in words(contact.get(f"/contact/{reference}"))
    agent, username = an_agent(topics=("other",), presence="available", connected=True)
    assert "Du er nummer 1 i køen. Ventetiden er omkring 7 min." in words(contact.get(f"/contact/{reference}"))
    assert route() == 1
    by(agent, accept, offer_of(inquiry).id)
    assert "En medarbejder er i gang" in words(contact.get(f"/contact/{reference}"))
    desk = signed_in(web, username)
    [mine] = desk.get("/me").json()["inquiries"]
    assert mine["answered_in"] is None
    assert desk.post(f"/inquiries/{inquiry}/messages", json={"text": "Kom kl. 10 <i>"}).status_code == 201
    shown = contact.get(f"/contact/{reference}")
    assert "Du har fået svar" in words(shown) and "Kom kl. 10 &lt;i&gt;" in shown.text
    for _ in range(2):  # as somebody does who presses twice
        assert written(contact, shown, reference, f"Tak fra {CPR}").status_code == 303
    thread = desk.get(f"/inquiries/{inquiry}/messages").json()
    assert [(one["from"], one["text"]) for one in thread] == [("agent", "Kom kl. 10 <i>"), ("citizen", "Tak fra [CPR]")]
    assert desk.post(f"/inquiries/{inquiry}/closure", json={"outcome": "resolved"}).status_code == 200
    shown = contact.get(f"/contact/{reference}")
    assert "Henvendelsen er afsluttet" in words(shown) and "Skriv mere" not in words(shown)
    assert written(contact, shown, reference, "For sent").status_code == 303  # from a page that stood open
    assert len(desk.get(f"/inquiries/{inquiry}/messages").json()) == 2
    with transaction() as session:
        erase_identities(session, [inquiry])
        erase_texts(session, [inquiry], now())
    shown = contact.get(f"/contact/{reference}")
    assert "Henvendelsen er slettet" in words(shown) and "Kom kl. 10" not in words(shown)
    contact.cookies.set("language", "en")
    assert "The inquiry has been erased" in words(contact.get(f"/contact/{reference}"))
    sound()


def test_the_form_sent_twice_is_one_inquiry_and_another_text_is_asked_about(contact):
    fields = filled_in(contact)
    first, again = (contact.post("/contact", data=fields) for _ in range(2))
    assert first.status_code == again.status_code == 303
    assert first.headers["location"] == again.headers["location"]
    assert first.headers["set-cookie"].partition(";")[0] == again.headers["set-cookie"].partition(";")[0]
    other = contact.post("/contact", data=fields | {"text": "Noget andet"})
    assert other.status_code == 422 and "allerede sendt" in words(other) and "Noget andet" in other.text
    assert len(everything()) == 1
    assert hidden(other, "form") != fields["form"]
    assert contact.post("/contact", data=fields | {"text": "Noget andet", "form": hidden(other, "form")}).is_redirect
    assert len(everything()) == 2


MENDED = (
    ({"text": "  "}, 422, "Skriv, hvad du vil spørge om."),
    ({"text": "x" * 20_001}, 422, "Henvendelsen er for lang."),
    ({"municipality": ""}, 422, "Vælg din kommune."),
    ({"municipality": "0101"}, 422, "Vælg din kommune."),  # no member
    ({"name": "x" * 101}, 422, "Navnet må højst"),
    ({"subject": "x" * 151}, 422, "Emnet må højst"),
    ({"way": "phone", "phone": "112"}, 422, "Skriv et telefonnummer"),
    ({"way": "phone"}, 422, "Skriv et telefonnummer"),
)


def test_what_cannot_be_handed_in_stays_as_it_was_written_and_says_what_to_mend(contact):
    for fields, status, said in MENDED:
        answer = contact.post("/contact", data=filled_in(contact, **{"text": 'Mit "pas"'} | fields))
        assert (answer.status_code, said in words(answer)) == (status, True), fields
        assert "text" in fields or "Mit &#34;pas&#34;" in answer.text, fields
    for site in ("cross-site", "same-site"):
        assert contact.post("/contact", data=filled_in(contact), headers={"Sec-Fetch-Site": site}).status_code == 403
    assert everything() == []


def test_a_chat_that_is_closed_or_full_says_so_and_what_is_written_is_taken_all_the_same(contact):
    a_pool(FULL, queue_limit=0)
    pool = a_pool(CLOSED, always_open=False)
    tomorrow = now() + timedelta(days=1)
    with accounts() as session:
        session.add(OpeningHours(collaboration_id=pool, weekday=tomorrow.weekday(), **HOURS))
    for code, said in ((CLOSED, "Chatten er lukket"), (FULL, "for mange i kø")):
        answer = contact.post("/contact", data=filled_in(contact, way="chat", municipality=code))
        assert answer.status_code == 409 and said in words(answer) and "Mit pas udløber" in answer.text
        assert re.search('id="way-page"[^>]* checked', answer.text)
        assert everything() == []
    assert "Lukket lige nu. Åbner" in words(contact.get(f"/contact?municipality={CLOSED}"))
    shown, *_ = sent(contact, municipality=CLOSED)
    assert 'every 20s"' in shown.text
    classify_waiting(Nothing())
    assert "Vi har lukket lige nu" in words(contact.get(shown.url.path))
    shown, *_ = sent(contact, way="chat")
    assert 'every 3s"' in shown.text
    assert [one.channel for one in everything()] == ["web", "chat"]


def test_who_asks_to_be_rung_keeps_the_place_and_is_rung(contact):
    shown, *_ = sent(contact, way="phone", phone="20 12 34 56")
    assert "Vi ringer til dig" in words(shown) and "Skriv mere" not in words(shown)
    [inquiry] = everything()
    assert inquiry.state == "callback" and inquiry.call_from is not None
    assert "Mit pas udløber" in shown.text


def test_an_inquiry_opens_by_its_own_code_and_by_nothing_else(contact, web):
    shown, reference, code, _ = sent(contact)
    _, others_reference, others_code, _ = sent(contact, text="En andens")
    theirs = contact.cookies.get(f"hotline_inquiry_{others_reference}")
    with httpx.Client(base_url=web, timeout=PATIENCE, headers={"Accept": "text/html"}) as stranger:
        asked = stranger.get(f"/contact/{reference}")
        assert (asked.status_code, asked.headers["location"]) == (303, f"/contact?reference={reference}#known")
        for forged in (f"{code}.", code, f"{code}.{'0' * 32}", theirs):
            stranger.cookies.set(f"hotline_inquiry_{reference}", forged)
            assert stranger.get(f"/contact/{reference}").status_code == 303, forged
            assert "hx-redirect" in stranger.get(f"/contact/{reference}/news").headers
            assert written(stranger, shown, reference, "Fra en anden").status_code == 403
        stranger.cookies.clear()
        known = {"reference": reference.lower().replace("-", " "), "code": code.lower().replace("-", "")}
        opened = stranger.post("/contact/known", data=known)
        assert opened.headers["location"] == f"/contact/{reference}"
        assert "Mit pas udløber" in stranger.get(f"/contact/{reference}").text
        forgotten = stranger.post(f"/contact/{reference}/forgotten", data={"word": hidden(shown, "word")})
        assert forgotten.status_code == 303 and stranger.get(f"/contact/{reference}").status_code == 303
        wrong = [
            stranger.post("/contact/known", data={"reference": one, "code": guess})
            for one, guess in ((reference, "2222-2222"), ("H-2222-2222", code), (reference, others_code), ("x", ""))
        ]
        assert {one.status_code for one in wrong} == {401}
        assert len({re.sub('id="reference"[^>]*|name="form" value="[^"]*"', "", one.text) for one in wrong}) == 1
        for _ in range(8):
            stranger.post("/contact/known", data={"reference": reference, "code": "2222-2222"})
        late = stranger.post("/contact/known", data=known)
        assert late.status_code == 429 and "for mange gange" in words(late)
    assert written(contact, shown, reference, "Hej", word="0" * 32).status_code == 403
    assert contact.post(f"/contact/{reference}/messages", data={"text": "Hej"}).status_code == 403
    assert written(contact, shown, reference, "Hej").status_code == 303  # and who is in stays in


def test_whoever_knows_a_reference_keeps_its_citizen_out_from_nowhere_else(contact, monkeypatch):
    _, reference, code, _ = sent(contact)
    addresses = iter(["192.0.2.1"] * 12 + ["2001:db8::1", "192.0.2.1"])
    monkeypatch.setattr(form_pages, "address_of", lambda _: next(addresses))
    guesses = [contact.post("/contact/known", data={"reference": reference, "code": "2222-2222"}) for _ in range(12)]
    assert [one.status_code for one in guesses] == [401] * 10 + [429] * 2
    known = {"reference": reference, "code": code}
    assert contact.post("/contact/known", data=known).headers["location"] == f"/contact/{reference}"
    assert contact.post("/contact/known", data=known).status_code == 429


def test_news_are_what_the_page_has_not_shown_yet(contact):
    shown, reference, _, _ = sent(contact)
    marks = {name: hidden(shown, name) for name in ("after", "version")}
    assert contact.get(f"/contact/{reference}/news", params=marks).status_code == 204
    fields = {name: hidden(shown, name) for name in ("word", "key", "after")} | {"text": "Mere"}
    news = contact.post(f"/contact/{reference}/messages", data=fields, headers={"HX-Request": "true"})
    assert news.status_code == 200 and "Mere" in news.text and "<html" not in news.text
    assert hidden(news, "key") != fields["key"]
    marks["after"] = hidden(news, "after")
    assert contact.get(f"/contact/{reference}/news", params=marks).status_code == 204
    classify_waiting(Nothing())
    news = contact.get(f"/contact/{reference}/news", params=marks)
    assert "i kø" in words(news) and "Mere" not in news.text


def test_both_ends_of_a_chat_hear_whether_the_other_is_there_and_writes(contact, web):
    shown, reference, _, inquiry = sent(contact, way="chat")
    classify_waiting(Nothing())
    agent, username = an_agent(topics=("other",), presence="available", connected=True)
    assert route() == 1
    by(agent, accept, offer_of(inquiry).id)
    desk = signed_in(web, username)
    heard = Events(desk)

    def there():
        return desk.get("/me").json()["inquiries"][0]["there"]

    assert there()["typed_at"] is None and there()["left_at"] is None
    typed = {"word": hidden(shown, "word")}
    assert contact.post(f"/contact/{reference}/typed", data=typed).status_code == 204
    assert heard.wait_for("inquiry", lambda data: (data["there"] or {}).get("typed_at"))
    with transaction() as session:
        note_who_left(session, now() + LEFT / 2)
    assert there()["left_at"] is None
    with transaction() as session:
        note_who_left(session, now() + 2 * LEFT)
    assert there()["left_at"]
    assert "Medarbejderen skriver" not in words(contact.get(f"/contact/{reference}"))
    assert there()["left_at"] is None  # and is back
    assert desk.put(f"/inquiries/{inquiry}/messages/draft", json={"text": "Hej"}).status_code == 204
    assert "Medarbejderen skriver" in words(contact.get(f"/contact/{reference}"))
    heard.close()


def test_from_one_network_no_more_are_taken_in_than_a_library_sends(contact, monkeypatch):
    monkeypatch.setattr(form_pages, "MOST", RateLimitItemPerMinute(3, 15))
    for _ in range(3):
        assert contact.post("/contact", data=filled_in(contact)).status_code == 303
    answer = contact.post("/contact", data=filled_in(contact))
    assert answer.status_code == TooMuchFromHere.status and "Mit pas udløber" in answer.text
    assert len(everything()) == 3


def test_without_a_key_there_are_no_such_pages(contact, tmp_path, monkeypatch):
    path = settings().citizens_key_file
    again = hotline("integrators", "citizens", HOTLINE_CITIZENS_KEY_FILE=str(path))
    assert "is in force" in again.stdout and own_key.unready() is None
    assert hotline("integrators", "revoke", own_key.NAME).exit_code == 0
    monkeypatch.setattr(keys, "TTL", timedelta(0))
    ended = contact.post("/contact", data=filled_in(contact))
    assert ended.status_code == 503 and "Mit pas udløber" in ended.text
    path.unlink()
    assert "there is no key" in own_key.unready()
    assert contact.get("/contact").status_code == 503
    monkeypatch.delenv("HOTLINE_CITIZENS_KEY_FILE")
    settings.cache_clear()
    assert contact.get("/contact").status_code == 404
    assert "names no file" in failure("integrators", "citizens")


def test_a_page_that_asks_without_end_has_to_wait_and_nobody_else_has(contact, web, monkeypatch):
    _, reference, _, _ = sent(contact)
    _, other, _, _ = sent(contact, text="En anden")
    monkeypatch.setattr(pace, "OWN", RateLimitItemPerMinute(5))
    asked = [contact.get(f"/contact/{reference}/news") for _ in range(7)]
    assert {one.status_code for one in asked} == {200, 429}
    assert 1 <= int(asked[-1].headers["retry-after"]) <= 60
    assert "for meget" not in asked[-1].text and "vente et øjeblik" in words(asked[-1])
    assert contact.get(f"/contact/{other}/news").status_code == 200
    monkeypatch.setattr(pace, "STRANGERS", RateLimitItemPerMinute(3))
    with httpx.Client(base_url=web, timeout=PATIENCE) as stranger:
        for way in ("/contact", f"/contact/{reference}", f"/contact/{reference}/news"):
            last = [stranger.get(way).status_code for _ in range(5)]
            assert last[-1] == 429, way
        refused = stranger.get("/contact")
        assert refused.json()["type"] == "/problems/asked-too-often"
        assert stranger.post("/contact", data=FORM).status_code == 303
    monkeypatch.setattr(pace, "ADDRESS", RateLimitItemPerMinute(1))
    assert [contact.get(f"/contact/{other}/news").status_code for _ in range(2)] == [200, 429]


def test_pages_that_ask_again_and_again_read_the_directory_once_in_a_while(contact):
    _, reference, _, _ = sent(contact)
    classify_waiting(Nothing())
    read = []

    def note(_, __, statement, *___):
        read.extend([statement] if statement == SNAPSHOT else [])

    event.listen(engine(), "before_cursor_execute", note)
    try:
        for _ in range(5):
            assert contact.get(f"/contact/{reference}/news").status_code == 200
    finally:
        event.remove(engine(), "before_cursor_execute", note)
    assert len(read) <= 1
