"""The page of simulations, and how what was asked for on it is carried out: once, whoever dies meanwhile."""

from datetime import timedelta

import pytest
from sqlmodel import select

from hotline import policies
from hotline.clock import now
from hotline.errors import Invalid
from hotline.simulation.asked import MOST_OPEN, MOST_TRIES, SILENT, ask, beat, end, take
from hotline.simulation.models import Simulation
from hotline.simulation.slices import Work
from tests.access.decisions import POOL, people
from tests.builders import Api, a_person, a_sign_in
from tests.building import transaction
from tests.simulation.test_recorded import MONDAY, a_monday

ASKED = {"day": "2026-11-23", "days": "1", "first": "default"}
DECISIONS = {
    "GET /simulations": people(200, *POOL),
    "POST /simulations": people(303, *POOL, form=ASKED),
    "GET /simulations/{number}": people(404, *POOL, params={"number": "7"}),
    "GET /simulations/{number}/now": people(404, *POOL, params={"number": "7"}),
}


@pytest.fixture
def two_policies(tmp_path, monkeypatch):
    """Beside the policy that is shipped another one by its numbers."""
    for name in ("default", "other"):
        (tmp_path / f"{name}.toml").write_text((policies.FOLDER / "default.toml").read_text())
    monkeypatch.setattr(policies, "FOLDER", tmp_path)


def test_last_monday_by_two_policies_is_asked_for_carried_out_and_kept(web, two_policies):
    a_monday()
    api = Api(web, a_sign_in(a_person("secretariat")))
    assert "2026-" in api.get(f"{web}/simulations").text
    asked = api.post(f"{web}/simulations", data=ASKED | {"second": "other"})
    assert asked.status_code == 303
    address = f"{web}{asked.headers['location']}"
    again = api.post(f"{web}/simulations", data=ASKED | {"second": "other"})
    assert again.headers["location"] == asked.headers["location"]
    assert "<progress" in api.get(address).text and api.get(f"{address}/now").status_code == 200
    work = Work()
    while work.go_on():
        pass
    assert api.get(f"{address}/now").headers["HX-Refresh"] == "true"
    shown = api.get(address).text
    assert "<progress" not in shown and "15 s" in shown and "50 %" in shown
    with transaction() as session:
        [one] = session.exec(select(Simulation)).all()
    assert (one.state, one.tries, one.who.partition(" ")[0]) == ("done", 1, "person")
    first, second = one.result["policies"]
    assert first["figures"] == second["figures"] and first["figures"]["number"] == 2
    assert one.result["beside"]["queue_time"]["value"] == 0
    assert one.result["alone"]["nobody"] == {"municipalities": 1, "inquiries": 2}


@pytest.mark.parametrize(
    "wrong",
    [{"first": "nope"}, {"first": ""}, {"days": "0"}, {"days": "32"}]
    + [{"day": day} for day in ("2999-01-01", "1999-01-01", "soon")],
)
def test_what_cannot_be_simulated_is_refused_and_nothing_is_asked_for(web, wrong):
    assert (
        Api(web, a_sign_in(a_person("administrator"))).post(f"{web}/simulations", data=ASKED | wrong).status_code == 422
    )
    with transaction() as session:
        assert session.exec(select(Simulation)).all() == []


def test_no_more_is_asked_for_than_a_worker_gets_done(with_facts):
    def asked(days_ago):
        with transaction() as session:
            return ask(session, MONDAY.date() - timedelta(days=days_ago), 1, ["default"], MONDAY.date())

    first = [asked(one) for one in range(MOST_OPEN)]
    assert len(set(first)) == MOST_OPEN and asked(0) == first[0]
    with pytest.raises(Invalid):
        asked(MOST_OPEN)
    with transaction() as session:
        taken = take(session, now())
        end(session, taken, now(), {}, None)
    assert asked(MOST_OPEN) not in first


def test_one_worker_at_a_time_is_at_it_and_another_begins_anew_when_that_one_is_gone(with_facts):
    def with_(act, *facts):
        with transaction() as session:
            return act(session, *facts)

    number = with_(ask, MONDAY.date(), 1, ["default"], MONDAY.date())
    moment, silence = MONDAY, timedelta(seconds=SILENT + 1)
    gone = with_(take, moment)
    assert gone.id == number and with_(take, moment) is None
    assert with_(beat, gone, 0.5, moment)
    taken = with_(take, moment + silence)
    assert (taken.id, taken.tries) == (number, 2)
    assert not with_(beat, gone, 0.9, moment + silence)
    with_(end, gone, moment, {"policies": []}, None)
    for tries in range(3, MOST_TRIES + 2):
        moment += 2 * silence
        assert (with_(take, moment) is None) is (tries > MOST_TRIES)
    with transaction() as session:
        one = session.get_one(Simulation, number)
    assert (one.state, one.result, one.error) == ("failed", None, "whoever began it was gone")
