"""Citizens whose municipality takes no part: answered like any other, after all members, or not at all."""

import pytest
from sqlmodel import select

from hotline import policies
from hotline.callbacks.park import next_open
from hotline.clock import danish, now
from hotline.directory.models import Collaboration
from hotline.directory.queries import load
from hotline.directory.special_days import rows
from hotline.handling.actions import transfer
from hotline.inquiries.guards import held_inquiry
from hotline.inquiries.models import Inquiry
from hotline.offers.actions import accept
from hotline.policies import current_policy
from hotline.queue.run import route
from tests.builders import HJORRING, SKANDERBORG, Api, a_key, a_pool, a_ready_agent, an_agent, signed_in
from tests.building import accounts, transaction
from tests.callbacks.steps import a_call, row, taken
from tests.offers.doing import a_journalled_inquiry, by, look_at, offer_of, sound

ODDER = "0727"


@pytest.fixture
def says(monkeypatch, tmp_path):
    """Have the policy say this of those outside."""

    def say(outside):
        text = (policies.FOLDER / "default.toml").read_text()
        assert 'outside = "refuse"' in text
        (tmp_path / "default.toml").write_text(text.replace('outside = "refuse"', f'outside = "{outside}"'))
        monkeypatch.setattr(policies, "FOLDER", tmp_path)
        current_policy.cache_clear()

    return say


@pytest.mark.parametrize(("outside", "first"), [("equal", ODDER), ("last", HJORRING)])
def test_who_came_first_from_outside_is_served_first_or_after_all_members(with_facts, says, outside, first):
    says(outside)
    a_pool(HJORRING, SKANDERBORG)
    a_ready_agent(capacity=1)
    inquiries = {
        ODDER: a_journalled_inquiry(municipality=ODDER, outside=True, channel="phone", age=50),
        HJORRING: a_journalled_inquiry(channel="phone", age=1),
    }
    assert route() == 1 and offer_of(inquiries[first]) is not None
    a_ready_agent(capacity=1)
    assert route() == 1 and all(map(offer_of, inquiries.values()))
    sound()


def test_everybody_may_answer_it_at_once_and_pass_it_on_to_anybody_whatever_rings_and_kept_topics_say(with_facts):
    a_pool(HJORRING, home_first_seconds=300)
    a_pool(SKANDERBORG, home_first_seconds=300)
    one = a_ready_agent(municipality=SKANDERBORG)
    inquiry = a_journalled_inquiry(municipality=ODDER, outside=True)
    members = a_journalled_inquiry()
    assert route() == 1 and offer_of(members) is None
    by(one, lambda session, agent, at: accept(session, offer_of(inquiry).id, agent, at))
    other = a_ready_agent(municipality=HJORRING, capacity=1)
    assert route() == 1 and offer_of(members).agent_id == other
    third = a_ready_agent(municipality=HJORRING)
    by(one, lambda session, agent, at: transfer(
        session, held_inquiry(session, agent.id, inquiry), agent, None, third, None, at))  # fmt: skip
    assert route() == 1 and offer_of(inquiry).agent_id == third
    assert look_at(Inquiry, inquiry).widens_at is None


def test_nobody_whose_municipality_takes_no_part_is_offered_it(with_facts):
    a_pool(HJORRING)
    a_ready_agent(municipality=SKANDERBORG)
    inquiry = a_journalled_inquiry(municipality=ODDER, outside=True, channel="phone")
    assert route() == 0
    member = a_ready_agent(municipality=HJORRING)
    assert route() == 1 and offer_of(inquiry).agent_id == member


def test_over_http_it_is_taken_in_answered_and_read_by_who_answered_it(web, says):
    says("equal")
    a_pool(HJORRING, SKANDERBORG)
    agent_id, username = an_agent()
    agent, pbx = signed_in(web, username), Api(web, a_key())
    call = a_call(pbx, municipality=ODDER)
    assert row(call).outside and not row(a_call(pbx, "+4520123457", classified=False)).outside
    taken(agent, agent_id, call)
    assert agent.post(f"/inquiries/{call}/closure", json={"outcome": "resolved"}).status_code == 200
    assert agent.get(f"/inquiries/{call}").status_code == 200


def test_over_http_it_is_refused_on_every_channel_where_the_policy_says_so(web):
    a_pool(HJORRING, SKANDERBORG)
    pbx = Api(web, a_key())
    for channel in ("phone", "chat", "email"):
        answer = pbx.post("/inquiries", json={"channel": channel, "municipality": ODDER})
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/outside-the-pool")
        assert answer.json()["callback"] is False
    assert pbx.post("/inquiries", json={"channel": "phone", "municipality": HJORRING}).status_code == 201
    answer = pbx.post("/inquiries", json={"channel": "phone", "municipality": "0001"})
    assert answer.json()["type"] == "/problems/unknown-municipality"


def test_they_are_rung_back_in_the_hours_of_those_who_answer_them(with_facts):
    a_pool(HJORRING, always_open=False)
    with accounts() as session:
        [one] = session.exec(select(Collaboration))
        for day in range(1, 32):  # closed all month, and the days after it are not
            session.add_all(rows(one, f"{danish(now()):%m}-{day:02}", []))
    with transaction() as session:
        directory, moment = load(session), now()
    assert next_open(directory, ODDER, moment, "passport", is_outside=True) > moment
    assert next_open(directory, ODDER, moment, "passport") == moment  # it was a member's once: its own agents ring
