"""What the router reads: as much as it needs for the right decisions, and no more."""

import uuid
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
import sqlalchemy as sa
from sqlmodel import col, update

from hotline import db
from hotline.agents.models import AgentWork, Presence
from hotline.clock import now
from hotline.directory.models import Agent
from hotline.directory.together import together
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import State
from hotline.offers.actions import refuse
from hotline.offers.make import make
from hotline.policies import current_policy
from hotline.queue.circles import waiting_circles
from hotline.queue.ready import BEST, FEW, LONGEST_IDLE, ready
from hotline.queue.run import route
from hotline.queue.snapshot import MOST_OF_A_CLASS, MOST_WAITING, load_snapshot
from hotline.routing.engine import decide
from hotline.routing.model import Match
from hotline.tenant import at_router
from tests import building
from tests.builders import HJORRING, a_ready_agent, a_waiting_inquiry, an_agent
from tests.building import accounts, heard, owner, transaction
from tests.offers.doing import a_journalled_inquiry, offer_of
from tests.queue.at_random import a_random_queue, everything

POLICY = current_policy.__wrapped__()


def look(at=None):
    """The narrow snapshot of this moment, by default of now."""
    with transaction() as session:
        return snapshot(session, at or now())


def snapshot(session, at, policy=POLICY):
    """The same in a transaction that is there already."""
    who = together(session, at)
    waiting = waiting_circles(session)
    found = ready(session, at, policy, who, waiting)
    return load_snapshot(session, at, policy, who, found.agents, waiting)


def ids(found):
    return [one.id for one in found]


def by_id(one):
    return one.id


def matches(snapshot):
    return [one for one in decide(snapshot, POLICY) if isinstance(one, Match)]


@pytest.mark.parametrize("seed", range(5))
def test_deciding_on_the_front_until_nothing_is_left_serves_as_many_as_deciding_on_everything(with_facts, moment, seed):
    with building.session() as session:
        a_random_queue(session, seed, moment)
        whole = everything(session, moment, POLICY)
        wanted = matches(whole)
        assert len(wanted) > 5
        served = []
        while found := matches(snapshot(session, moment)):
            assert make(session, found, moment, POLICY) == len(found)
            served += found
        assert matches(everything(session, moment, POLICY)) == []
        assert len(served) == len(wanted)


@pytest.mark.parametrize("seed", range(5))
def test_the_front_is_of_what_is_there_and_of_each_class_leaves_out_nothing_due_before_what_is_read(
    with_facts, moment, seed
):
    """But for what nobody there may take just now, which is passed over."""
    with building.session() as session:
        a_random_queue(session, seed, moment)
        whole, front = everything(session, moment, POLICY), snapshot(session, moment)
    assert sorted(front.agents, key=by_id) == sorted(whole.agents, key=by_id)
    assert set(front.waiting) <= set(whole.waiting)
    assert len(set(ids(front.waiting))) == len(front.waiting)
    read = set(ids(front.waiting))
    can = {one.id for one in whole.waiting if matches(type(whole)(whole.now, (one,), whole.agents))}
    for last in (one for one in front.waiting if one.only_agent is None):
        earlier = [
            one
            for one in whole.waiting
            if (one.municipality, one.topic, one.language, one.only_agent)
            == (last.municipality, last.topic, last.language, None)
            and one.channel == last.channel
            and (one.deadline, one.id) < (last.deadline, last.id)
        ]
        assert {one.id for one in earlier if one.id in can} <= read


def test_nobody_there_means_nothing_is_read(with_facts):
    a_waiting_inquiry()
    an_agent(presence=Presence.AVAILABLE, connected=False)
    an_agent(presence=Presence.BREAK, connected=True)
    snapshot = look()
    assert (snapshot.agents, snapshot.waiting) == ((), ())


def test_those_with_room_are_read_longest_idle_first_and_the_full_ones_not(with_facts):
    first, second, full = a_ready_agent(idle_for=30), a_ready_agent(idle_for=20), a_ready_agent(idle_for=90)
    with transaction() as session:
        session.exec(update(AgentWork).where(col(AgentWork.agent_id) == full).values(load=3))
    assert ids(look().agents) == [first, second]


def test_who_missed_an_offer_rests_and_is_back_when_the_rest_is_over(with_facts, moment):
    agent = a_ready_agent()
    with transaction() as session:
        session.exec(update(AgentWork).values(rests_until=moment + timedelta(seconds=10)))
    with transaction() as session:
        assert snapshot(session, moment).agents == ()
        assert ids(snapshot(session, moment + timedelta(seconds=10)).agents) == [agent]


def test_only_what_waits_is_read(with_facts):
    a_ready_agent()
    waiting = a_waiting_inquiry()
    for state in (State.RECEIVED, State.OFFERED, State.CLOSED, State.ABANDONED, State.CALLBACK, State.HANDED_OVER):
        a_waiting_inquiry(state=state, call_from=now())
    assert ids(look().waiting) == [str(waiting)]


def test_of_a_long_queue_only_as_many_are_read_as_there_is_room_for(with_facts):
    a_ready_agent(capacity=2)
    due = [a_waiting_inquiry(age=age) for age in (50, 40, 30, 20)]
    assert ids(look().waiting) == [str(one) for one in due[:2]]


def test_the_calls_behind_the_front_are_counted_as_far_as_they_matter(with_facts, monkeypatch):
    monkeypatch.setattr("hotline.queue.snapshot.CROWDED", 3)
    a_ready_agent(capacity=1, topics=("passport", "doctor"))
    for topic, channel in (("passport", "phone"),) * 4 + (("doctor", "phone"),) * 2 + (("passport", "web"),) * 2:
        a_waiting_inquiry(topic=topic, channel=channel)
    assert look().calls_waiting == {("passport", "da"): 3, ("doctor", "da"): 2}


def test_of_one_class_no_more_than_the_most_are_read_however_many_are_free(with_facts):
    for _ in range(9):
        a_ready_agent()
    for age in range(30):
        a_waiting_inquiry(age=age)
    assert len(look().waiting) == MOST_OF_A_CLASS < 27


def test_of_many_classes_the_first_of_each_is_read_and_the_rest_by_when_it_is_due(with_facts):
    for _ in range(8):
        a_ready_agent(topics=("passport", "mitid", "doctor"), languages=("da", "en", "ar"))
    last = a_waiting_inquiry(topic="doctor", target=100_000)
    many_wait(4000, a_closed_past(1))
    front = look().waiting
    assert str(last) in ids(front)
    assert MOST_WAITING <= len(front) < MOST_WAITING + 2 * 3 * 2 + 1


def test_of_many_who_are_free_the_longest_idle_of_each_class_that_waits_are_read(with_facts):
    a_crowd(FEW + 1)
    a_waiting_inquiry(topic="passport")
    able = [a_ready_agent(topics=("passport",), idle_for=seconds) for seconds in range(BEST + 5, 0, -1)]
    a_ready_agent(topics=("mitid",))
    assert sorted(ids(look().agents)) == sorted(able[:BEST])


def test_who_has_just_said_no_to_what_waits_comes_after_all_others_who_are_free(with_facts, moment):
    first = a_ready_agent()
    a_waiting_inquiry()
    refused(first, moment)
    with transaction() as session:
        session.exec(update(AgentWork).values(idle_since=moment - timedelta(hours=1)))
    others = [a_ready_agent(idle_for=seconds) for seconds in range(BEST, 0, -1)]
    a_crowd(FEW)
    assert sorted(ids(look(moment).agents)) == others
    assert sorted(ids(look(moment + timedelta(minutes=1)).agents)) == [first, *others[:-1]]


def test_who_has_been_idle_for_the_shortest_time_is_found_behind_a_crowd_that_cannot_help(with_facts):
    a_crowd(LONGEST_IDLE + 5)
    able, for_one = a_ready_agent(topics=("passport",)), a_ready_agent(topics=("doctor",))
    inquiry, theirs = a_journalled_inquiry(topic="passport"), a_journalled_inquiry(topic="doctor", only_agent=for_one)
    assert route() == 2
    assert (offer_of(inquiry).agent_id, offer_of(theirs).agent_id) == (able, for_one)


def test_among_many_who_are_free_class_after_class_is_looked_at_until_the_last(with_facts, monkeypatch):
    monkeypatch.setattr("hotline.queue.ready.CLASSES_AT_ONCE", 2)
    a_crowd(FEW + 1)
    for topic in ("childcare", "doctor", "mitid", "passport"):
        a_journalled_inquiry(topic=topic)
    able = a_ready_agent(topics=("self-service",))
    inquiry = a_journalled_inquiry(topic="self-service")
    assert route() == 1
    assert offer_of(inquiry).agent_id == able


@pytest.mark.parametrize("waiting", [{"topic": "mitid"}, {"speaks": "ar"}, {"channel": "phone"}])
def test_what_nobody_on_duty_can_take_does_not_have_everybody_looked_at(with_facts, waiting):
    a_crowd(3 * FEW)
    with accounts() as session:
        session.execute(sa.text("INSERT INTO agent_skill (agent_id, topic, level) SELECT id, 'passport', 1 FROM agent"))
        session.execute(sa.text("UPDATE agent_work SET capacity = 2, load = 1"))
    inquiry = a_journalled_inquiry(**waiting)
    with heard() as said:
        assert route() == 0
    assert sum("idle_since" in statement for statement, _ in said) == 2
    able = a_ready_agent(topics=("passport", "mitid"), languages=("da", "ar"))
    assert route() == 1
    assert offer_of(inquiry).agent_id == able


def a_crowd(many):
    """Agents without a skill, who have been idle for a day."""
    with accounts() as session:
        session.execute(
            sa.text("""
            WITH p AS (INSERT INTO person (username, name, role, municipality, active)
                       SELECT 'crowd-' || n, 'Crowd', 'agent', '0746', true
                       FROM generate_series(1, :many) n RETURNING id),
                 a AS (INSERT INTO agent (id, municipality, languages) SELECT id, '0746', '{da}' FROM p RETURNING id)
            INSERT INTO agent_work (agent_id, capacity, presence, connected, idle_since)
            SELECT id, 1, 'available', true, now() - interval '1 day' FROM a
            """),
            {"many": many},
        )


def test_a_class_that_nobody_there_can_serve_is_not_read(with_facts):
    a_ready_agent(topics=("passport",))
    a_waiting_inquiry(topic="mitid")
    a_waiting_inquiry(topic="passport", speaks="ar")
    assert look().waiting == ()


def test_what_is_meant_for_one_is_read_when_that_one_has_room(with_facts):
    one, other = a_ready_agent(topics=("mitid",)), an_agent()[0]
    mine, theirs = a_waiting_inquiry(only_agent=one), a_waiting_inquiry(only_agent=other)
    assert ids(look().waiting) == [str(mine)] != [str(theirs)]


@pytest.mark.parametrize(("state", "rest"), [("refused", 20), ("lapsed", 40), ("accepted", 60)])
def test_a_no_counts_for_as_long_as_the_policy_says_of_its_kind(with_facts, moment, state, rest):
    policy = replace(POLICY, rest_after_refusal=20, again_after_miss=40, again_after_transfer=60)
    agent, inquiry = a_ready_agent(), a_waiting_inquiry()
    refused(agent, moment)
    with owner().begin() as session:
        session.execute(sa.text("UPDATE offer SET state = :s"), {"s": state})
    with transaction() as session:
        soon = snapshot(session, moment + timedelta(seconds=rest - 1), policy)
        later = snapshot(session, moment + timedelta(seconds=rest), policy)
    assert matches(soon) == []
    assert [(one.id, one.said_no) for one in later.waiting] == [(str(inquiry), frozenset())]


def test_who_refused_the_first_of_the_queue_gets_the_next_one(with_facts, moment):
    """Else a single agent who says no would be given nothing for half a minute."""
    agent = a_ready_agent(capacity=1)
    a_waiting_inquiry(age=50)
    following = a_waiting_inquiry(age=40)
    refused(agent, moment)
    assert [(one.agent, one.inquiry) for one in matches(look(moment))] == [(agent, str(following))]


def test_calls_that_need_an_idle_agent_hide_no_form_and_hold_back_only_what_is_due_after_them(with_facts):
    agent = a_ready_agent(capacity=3)
    with transaction() as session:
        session.exec(update(AgentWork).values(load=1))
    for age in (90, 80, 70):
        a_waiting_inquiry(channel="phone", age=age)
    a_waiting_inquiry(channel="web", age=10)
    assert matches(look()) == []
    late = a_waiting_inquiry(channel="web", age=700)
    assert [(one.agent, one.inquiry) for one in matches(look())] == [(agent, str(late))]


@pytest.mark.parametrize("known", ["nothing", "an empty queue", "this queue"])
@pytest.mark.parametrize("free", ["few", "many"])
def test_of_thousands_waiting_only_the_fronts_are_read_whatever_the_planner_knows(with_facts, moment, known, free):
    for _ in range(3):
        a_ready_agent(topics=("passport", "mitid"), languages=("da", "en"))
    if free == "many":
        a_crowd(FEW)
    integrator = a_closed_past(500)
    if known == "an empty queue":
        run("ANALYZE")
    many_wait(4000, integrator)
    if known == "this queue":
        run("ANALYZE")
    nodes = [node for node in plan_of_a_look(moment) if node.get("Relation Name") == "inquiry"]
    read = [(node.get("Index Name"), node["Actual Rows"] * node["Actual Loops"], passed_over(node)) for node in nodes]
    assert nodes and {node["Node Type"] for node in nodes} <= {"Index Scan", "Index Only Scan"}, str(read)
    assert sum(rows for _, rows, _ in read) < 200 and not sum(beside for *_, beside in read), str(read)
    assert "inquiry_front_of_class" in {name for name, *_ in read}


def passed_over(node):
    """How many rows a node read in vain."""
    return (node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)) * node["Actual Loops"]


def refused(agent_id, moment):
    """The agent is offered the first of the queue, and says no."""
    with transaction() as session:
        [match] = matches(snapshot(session, moment))
        make(session, [match], moment, POLICY)
    with transaction() as session:
        offer = session.execute(sa.text("SELECT id FROM offer WHERE state = 'open'")).scalar_one()
        refuse(session, offer, session.get_one(Agent, agent_id), None, moment)


def plan_of_a_look(moment):
    """Every node of the plans by which a look at it was made."""
    with db.transaction(at_router()) as session:
        with heard() as said:
            snapshot(session, moment)
        asked = [(statement, values) for statement, values in said if not statement.startswith("SET")]
        connection = session.connection().connection.cursor()
        for statement, values in asked:
            connection.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", values)
            yield from nodes_of(connection.fetchone()[0][0]["Plan"])
    assert len(asked) > 3


def nodes_of(plan):
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes_of(below)


def run(statement):
    with building.owner().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(statement))


def a_closed_past(count):
    """So many inquiries that ended; the integrator they came from."""
    first = a_waiting_inquiry(state=State.CLOSED)
    with transaction() as session:
        integrator = session.get_one(Inquiry, first).integrator_id
    insert(count, integrator, state="closed")
    return integrator


def many_wait(count, integrator):
    """So many inquiries that wait, of two topics, three languages and two channels."""
    insert(count, integrator, state="waiting")


def insert(count, integrator, state):
    random = Random(count)
    arrived = now()
    with transaction() as session:
        circle = together(session, arrived).reach(HJORRING, "passport", 0.0, {}, 0.0).circle
    same = {
        "circle": circle,
        "reference": "",
        "integrator_id": integrator,
        "municipality": "0860",
        "text": "",
        "attributes": {},
        "alternatives": [],
        "state": state,
        "priority": 2,
        "priority_given": False,
        "received_at": arrived,
        "queued_at": arrived,
    }
    rows = [
        same
        | {
            "id": uuid.UUID(int=random.getrandbits(128)),
            "topic": random.choice(("passport", "mitid")),
            "speaks": random.choice(("da", "en", "ar")),
            "channel": random.choice(("phone", "web")),
            "deadline": arrived + timedelta(seconds=random.randint(0, 900)),
        }
        for _ in range(count)
    ]
    with transaction() as session:
        session.execute(sa.insert(Inquiry), rows)
