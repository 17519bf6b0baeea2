"""One's own account: another password, and the sign-ins that last."""

import pytest
from sqlmodel import delete, select

from hotline.access import throttle
from hotline.access.guards import COOKIE
from hotline.access.models import Credential
from hotline.access.sessions import begin, csrf_token
from hotline.clock import now
from hotline.directory.models import Person
from tests.builders import PASSWORD, Api, a_person, signed_in
from tests.building import accounts, transaction

NEW = "grøn hest spiser tapet"


@pytest.fixture
def name(web):
    return a_person("secretariat")


def browser(web, token):
    """A browser with this sign-in, and the word of its pages."""
    client = Api(web).http
    client.base_url = web
    client.cookies.set(COOKIE, token)
    client.headers["X-CSRF-Token"] = csrf_token(token)
    return client


def signed_in_elsewhere(person_id):
    """Another sign-in of this person, as the way back from their organisation begins one; its token."""
    with accounts() as session:
        return begin(session, person_id, now())


def comes_in(web, name, password):
    return Api(web).post("/sessions", json={"username": name, "password": password}).status_code == 201


def test_who_knows_the_password_until_now_chooses_another_and_is_out_everywhere_else(web, name):
    here, elsewhere = signed_in(web, name), signed_in(web, name)
    mine = browser(web, here.token)
    answer = mine.post("/account/password", data={"current": PASSWORD, "password": NEW})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/account?changed=true")
    assert browser(web, answer.cookies[COOKIE]).get("/account?changed=true").text.count("Adgangskoden er skiftet") == 1
    assert [one.get("/me").status_code for one in (here, elsewhere)] == [401, 401]
    assert comes_in(web, name, NEW) and not comes_in(web, name, PASSWORD)


@pytest.mark.parametrize(
    "current, password, words",
    [
        ("wrong", NEW, "nuværende adgangskode er ikke rigtig"),
        (PASSWORD, "kort", "mindst 12 tegn"),
        (PASSWORD, "x9" * 65, "højst have 128 tegn"),
        (PASSWORD, "Sommer2026!!", "for let at gætte"),
    ],
)
def test_a_change_that_is_refused_says_why_and_changes_nothing(web, name, current, password, words):
    here, elsewhere = signed_in(web, name), signed_in(web, name)
    answer = browser(web, here.token).post("/account/password", data={"current": current, "password": password})
    assert answer.status_code == 422 and words in answer.text and password not in answer.text
    assert [one.get("/me").status_code for one in (here, elsewhere)] == [200, 200]
    assert comes_in(web, name, PASSWORD)


def test_whoever_found_a_browser_open_cannot_try_out_passwords(web, name):
    mine = browser(web, signed_in(web, name).token)
    statuses = [
        mine.post("/account/password", data={"current": f"guess {n}", "password": NEW}).status_code
        for n in range(throttle.LIMITS.account.amount)
    ]
    statuses += [mine.post("/account/sign-ins/end", data={"current": "guess"}).status_code]
    assert statuses == [422] * throttle.LIMITS.account.amount + [429]
    assert mine.post("/account/password", data={"current": PASSWORD, "password": NEW}).status_code == 429


def test_another_sites_form_changes_nothing(web, name):
    mine = browser(web, signed_in(web, name).token)
    del mine.headers["X-CSRF-Token"]
    assert mine.post("/account/password", data={"current": PASSWORD, "password": NEW}).status_code == 403
    assert mine.post("/account/sign-ins/end").status_code == 403
    assert comes_in(web, name, PASSWORD)


def test_people_see_their_own_sign_ins_and_end_all_but_this_one(web, name):
    stranger = signed_in(web, a_person("viewer"))
    here, elsewhere = signed_in(web, name), signed_in(web, name)
    mine = browser(web, here.token)
    page = mine.get("/account").text
    assert page.count('<th scope="row">') == 2 and page.count("denne browser") == 1
    for wrong in ({}, {"current": "wrong"}):
        answer = mine.post("/account/sign-ins/end", data=wrong)
        assert (answer.status_code, answer.headers["hx-retarget"]) == (422, "#sign-ins")
        assert "nuværende adgangskode er ikke rigtig" in answer.text and answer.text.count('<th scope="row">') == 2
    assert elsewhere.get("/me").status_code == 200
    answer = mine.post("/account/sign-ins/end", data={"current": PASSWORD})
    assert answer.status_code == 200 and answer.text.count('<th scope="row">') == 1
    assert [one.get("/me").status_code for one in (here, elsewhere, stranger)] == [200, 401, 200]


def test_who_comes_in_through_an_organisation_has_no_password_to_change(web, name):
    mine = browser(web, signed_in(web, name).token)
    with transaction() as session:
        person_id = session.exec(select(Person.id).where(Person.username == name)).one()
    with accounts() as session:
        session.exec(delete(Credential).where(Credential.person_id == person_id))
    assert "password-form" not in mine.get("/account").text
    assert mine.post("/account/password", data={"current": PASSWORD, "password": NEW}).status_code == 422
    elsewhere = signed_in_elsewhere(person_id)
    assert "sign-ins/end" in mine.get("/account").text and 'id="known"' not in mine.get("/account").text
    assert mine.post("/account/sign-ins/end").status_code == 200
    assert Api(web, elsewhere).get("/me").status_code == 401
