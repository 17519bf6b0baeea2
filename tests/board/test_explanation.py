"""Why an inquiry went where it did, as those who lead read it: data, a page, and a command."""

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from hotline.inquiries.models import Inquiry
from tests.builders import HJORRING, SKANDERBORG, a_person, a_ready_agent, an_agent, signed_in
from tests.building import owner
from tests.cli.commands import app
from tests.handling.test_leads import browser_of
from tests.offers.doing import a_journalled_inquiry, look_at, offer_of
from workers.route import route

OLD = "least needed elsewhere of 1 able"


@pytest.fixture
def leads(web):
    """Clients of the secretariat, and of the team lead of the citizens."""
    return {
        "secretariat": signed_in(web, a_person("secretariat")),
        "home": signed_in(web, a_person("team_lead", HJORRING)),
        "other": signed_in(web, a_person("team_lead", "0751")),
        "agent": signed_in(web, an_agent()[1]),
    }


def explain(*arguments, language="en"):
    done = CliRunner().invoke(app, ["explain", *arguments], env={"LC_ALL": f"{language}_DK.UTF-8"})
    return done.exit_code, done.stdout, done.stderr


def test_who_leads_reads_why_this_one_and_why_not_the_others(leads, web):
    wanted = a_ready_agent(topics=("passport", "mitid", "doctor"), municipality=HJORRING)
    chosen = a_ready_agent()
    a_ready_agent(languages=("en",))
    inquiry = a_journalled_inquiry(channel="phone", municipality=HJORRING)
    assert route() == 1 and offer_of(inquiry).agent_id == chosen

    told = leads["secretariat"].get(f"/inquiries/{inquiry}/explanation").json()
    [offer] = told["offers"]
    assert (offer["able"], offer["at_work"], offer["not_able"], offer["language"]) == (2, 2, {"language": 1}, "da")
    [beside] = offer["beside"]
    assert (beside["behind"], beside["agent"]["municipality"]) == ("more_missed", HJORRING) and beside["times"] > 1
    assert told["waiting"] is None and offer["agent"]["municipality"] == SKANDERBORG

    names = {one: look_at_name(one) for one in (wanted, chosen)}
    for who in ("home", "secretariat"):
        shown = browser_of(web, leads[who]).get(f"/inquiries/{inquiry}").text
        assert names[chosen] in shown and names[wanted] in shown and "med emnet og noget plads: 1 taler ikke" in shown
    assert leads["other"].get(f"/inquiries/{inquiry}/explanation").status_code == 404
    assert leads["agent"].get(f"/inquiries/{inquiry}/explanation").status_code == 403

    reference = look_at(Inquiry, inquiry).reference
    code, out, _ = explain(reference.lower())
    assert code == 0 and names[chosen] in out and f"{names[wanted]} (Hjørring) would be missed" in out
    assert explain(str(inquiry), language="da")[1].splitlines()[0] == f"{reference} Tilbudt"
    code, out, err = explain("H-0000-0000")
    assert (code, out) == (1, "") and "there is no inquiry" in err


def test_a_team_lead_reads_no_names_of_others_colleagues_who_were_not_asked(leads):
    a_ready_agent(topics=("passport", "mitid", "doctor"))
    a_ready_agent()
    inquiry = a_journalled_inquiry(channel="phone", municipality=HJORRING)
    assert route() == 1
    for who, named in (("home", False), ("secretariat", True)):
        [offer] = leads[who].get(f"/inquiries/{inquiry}/explanation").json()["offers"]
        assert offer["agent"]["name"] and bool(offer["beside"][0]["agent"]["name"]) is named


def test_what_waits_says_why_and_an_old_offer_keeps_its_words(leads, web):
    """Of all with the topic, of whom the router's own look sees those with room alone."""
    inquiry = a_journalled_inquiry(channel="phone", municipality=HJORRING)
    asked = f"/inquiries/{inquiry}/explanation"
    assert leads["home"].get(asked).json()["waiting"]["not_able"] == {"not_there": 1}  # the agent of this test
    a_ready_agent(languages=("ar",))
    resting, full, old = a_ready_agent(), a_ready_agent(capacity=1), a_ready_agent()
    with owner().begin() as session:
        for statement, agent in (
            ("UPDATE agent_work SET rests_until = now() + interval '1 hour' WHERE agent_id = :a", resting),
            ("UPDATE agent_work SET load = 1 WHERE agent_id = :a", full),
            ("UPDATE agent_work SET presence = 'break' WHERE agent_id = :a", old),
            (
                "INSERT INTO offer (inquiry_id, agent_id, units, is_call, state, reason, made_at, lapses_at,"
                f" answered_at, released_at) SELECT '{inquiry}', :a, 1, true, 'lapsed', '{OLD}', n, n, n, n"
                " FROM now() n",
                old,
            ),
        ):
            session.execute(text(statement), {"a": agent})
    told = leads["home"].get(asked).json()
    assert told["waiting"]["not_able"] == {"not_there": 1, "language": 1, "rests": 1, "capacity": 1, "on_break": 1}
    assert (told["offers"][0]["reason"], told["offers"][0]["able"]) == (OLD, None)
    shown = browser_of(web, leads["home"]).get(f"/inquiries/{inquiry}").text
    assert OLD in shown and "1 taler ikke sproget" in shown


def test_a_callers_second_call_waits_for_the_first_about_the_same_and_for_no_other(leads):
    """The first about something that nobody there can answer keeps nobody from the second."""
    agent = a_ready_agent(capacity=1)
    first = a_journalled_inquiry(channel="phone", municipality=HJORRING, age=9)
    same = a_journalled_inquiry(channel="phone", municipality=HJORRING, age=20, resumes=first)
    assert route() == 1 and offer_of(first).agent_id == agent
    told = explain(str(same))[1]
    assert f"behind {look_at(Inquiry, first).reference}, an earlier call" in told
    other = a_journalled_inquiry("mitid", channel="phone", municipality=HJORRING)
    about_else = a_journalled_inquiry("doctor", channel="phone", municipality=HJORRING, resumes=other)
    able = a_ready_agent(topics=("doctor",))
    assert route() == 1 and offer_of(about_else).agent_id == able
    assert offer_of(other) is None and "behind" not in explain(str(other))[1]


def look_at_name(agent):
    with owner().begin() as session:
        return session.execute(text("SELECT name FROM person WHERE id = :a"), {"a": agent}).scalar_one()
