"""What a command refuses and what a page refuses is the same error, in the reader's language."""

from datetime import date

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from typer.testing import CliRunner

from hotline.access import accounts, keys
from hotline.access.keys import Grant
from hotline.clock import now
from hotline.directory import collaborations, listing
from hotline.directory.in_step import Wanted
from hotline.directory.models import Role
from hotline.errors import HotlineError, all_errors
from hotline.web import problems
from hotline.web.error_pages import as_page
from hotline.web.language import catalogue
from tests import building
from tests.builders import HJORRING
from tests.cli.commands import app as commands

DAY = date(2026, 12, 1)
HTML = {"accept": "text/html"}
KARLA = Wanted("karla", "Karla", Role.SECRETARIAT, None)

# What is asked for, the command that asks for it where there is one, and what a page or a command answers.
REFUSED = {
    "a member twice": (
        lambda session: collaborations.join(session, "Nord", [HJORRING], DAY),
        ("collaboration", "join", "Nord", HJORRING),
        (
            409,
            "member-already",
            "0860 Hjørring er allerede medlem",
            "0860 Hjørring is a member already",
        ),
    ),
    "a collaboration that there is not": (
        lambda session: collaborations.named(session, "Syd"),
        ("collaboration", "show", "Syd"),
        (404, "unknown-collaboration", "der er intet samarbejde `Syd`", "there is no collaboration `Syd`"),
    ),
    "a rule beyond its limits": (
        lambda session: collaborations.change(session, "Nord", {"text_days": 0}),
        ("collaboration", "set", "Nord", "--text-days", "0"),
        (
            422,
            "bad-rule",
            "text_days er et tal fra 1 til 36500, ikke 0",
            "text_days is a number from 1 to 36500, not 0",
        ),
    ),
    "a municipality that there is not": (
        lambda session: collaborations.join(session, "Nord", ["9999"], DAY),
        ("collaboration", "join", "Nord", "9999"),
        (422, "unknown-municipality", "ingen kommune har koden 9999", "no municipality has the code 9999"),
    ),
    "nobody of this name": (
        lambda session: accounts.person_called(session, "nobody"),
        ("people", "sessions", "nobody"),
        (404, "unknown-person", "Der er ingen med det brugernavn.", "There is nobody of this user name."),
    ),
    "a password that is too short": (
        lambda session: accounts.add(session, KARLA, "kort", now()),
        ("people", "add", "karla", "--role", "secretariat"),
        (422, "weak-password", "mindst 12 tegn", "at least 12 characters"),
    ),
    "a key's name on two lines": (
        lambda session: keys.add(session, "PBX\nother", Grant(), now()),
        ("integrators", "add", "PBX\nother"),
        (422, "bad-name", "et navn har 1 til 100 tegn", "a name has 1 to 100 characters"),
    ),
    "a list that is no JSON": (
        lambda session: listing.read(session, "{"),
        None,
        (422, "bad-listing", "det er ikke JSON", "it is no JSON"),
    ),
}
every = pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)


@pytest.fixture
def nord(with_facts):
    with building.accounts() as session:
        collaborations.create(session, "Nord", {})
        collaborations.join(session, "Nord", [HJORRING], date(2026, 11, 1))


def asked_by(browser_headers, ask, path="/asked", language="da"):
    """What a page or the API answers that does this."""
    app = FastAPI()

    @app.get(path)
    def asked():
        with building.accounts() as session:
            ask(session)

    problems.install(app, page=as_page)
    with TestClient(app, cookies={"language": language}, raise_server_exceptions=False) as client:
        return client.get(path, headers=browser_headers)


@every
def test_a_page_says_it_in_the_readers_language(nord, case):
    ask, _, (status, slug, danish, english) = case
    for language, words in (("da", danish), ("en", english)):
        for headers in (HTML, HTML | {"hx-request": "true"}):
            shown = asked_by(headers, ask, language=language)
            assert shown.status_code == status and words in shown.text.replace("&#39;", "'"), (language, shown.text)
            assert catalogue(language)[f"problem.{slug}"].rstrip(".") in shown.text


@every
def test_a_program_reads_the_same_kind_with_its_members(nord, case):
    ask, _, (status, slug, _, english) = case
    problem = asked_by({}, ask, "/api/asked").json()
    assert (problem["status"], problem["type"]) == (status, f"/problems/{slug}")
    assert english in problem.get("detail", problem["title"])


@every
def test_a_command_says_it_in_one_line_in_the_language_of_the_terminal(nord, case, monkeypatch):
    _, command, (_, slug, danish, english) = case
    if command is None:
        return
    for setting, language, words in (("da_DK.UTF-8", "da", danish), ("C.UTF-8", "en", english), ("", "en", english)):
        monkeypatch.setenv("LC_ALL", setting)
        done = CliRunner().invoke(commands, command, input="kort\n")
        assert done.exit_code in (1, 2) and done.stderr.count("\n") == 1, done.stderr
        assert words in done.stderr and catalogue(language)[f"problem.{slug}"].rstrip(".") in done.stderr


def test_what_was_sent_comes_back_without_its_cpr_number(nord):
    ask = lambda session: collaborations.named(session, "010165-1237")  # noqa: E731
    for headers, path in (({}, "/api/asked"), (HTML, "/asked"), (HTML | {"hx-request": "true"}, "/asked")):
        assert "010165" not in asked_by(headers, ask, path).text


@pytest.mark.parametrize("language", ["da", "en"])
def test_every_detail_belongs_to_an_error(language):
    kinds = {kind.slug() for kind in all_errors()}
    details = {key.split(".")[1] for key in catalogue(language) if key.startswith("detail.")}
    assert details and details - kinds == set()


def test_an_error_that_is_said_without_members_is_its_title_alone():
    assert [kind().problem().get("detail") for kind in all_errors()] == [None] * len(all_errors())
    assert HotlineError().line("da") == catalogue("da")["problem.hotline-error"]
