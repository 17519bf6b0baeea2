"""A seeded hotline in the database, and the whole of it read without any care for how long that takes."""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import text
from sqlmodel import Session

from hotline.agents.models import AgentWork, Presence
from hotline.clock import seconds
from hotline.directory.models import Agent, AgentSkill, Person
from hotline.directory.together import together
from hotline.inquiries.offer import Offer, OfferState
from hotline.routing import model, timing
from hotline.routing.model import Snapshot
from hotline.routing.policy import Policy
from tests.builders import HJORRING, SKANDERBORG, a_pool, a_waiting_inquiry
from tests.building import accounts

TOPICS = ("passport", "mitid", "doctor", "childcare")
LANGUAGES = ("da", "en", "ar")
ODDER, HEDENSTED = "0727", "0766"
PLACES = (HJORRING, SKANDERBORG, ODDER, HEDENSTED)

EVERYBODY = text("""
    SELECT a.*, w.*, extract(epoch FROM w.idle_since)::float8 AS idle,
           ARRAY(SELECT s.topic FROM agent_skill s WHERE s.agent_id = a.id ORDER BY s.topic) AS topics,
           ARRAY(SELECT s.level FROM agent_skill s WHERE s.agent_id = a.id ORDER BY s.topic) AS levels
    FROM agent a JOIN agent_work w ON w.agent_id = a.id
""")
EVERYTHING = text("""
    SELECT *, extract(epoch FROM queued_at)::float8 AS queued, extract(epoch FROM deadline)::float8 AS due
    FROM inquiry WHERE state = 'waiting'
""")
SAID_NO = text("""
    SELECT inquiry_id, agent_id, state, CASE state WHEN 'accepted' THEN released_at ELSE answered_at END AS answered_at
    FROM offer WHERE state IN ('refused', 'lapsed', 'accepted') AND released_at IS NOT NULL
""")
HOW = {"refused": "refused", "lapsed": "missed", "accepted": "passed_on"}


def a_random_queue(session: Session, seed: int, now: datetime, agents: int = 25, waiting: int = 80) -> None:
    """Agents of every kind and what waits for them; some have refused some of it, lately or long ago.

    Skanderborg is in two collaborations, with Hjørring and with Odder; Hedensted is in none.
    """
    a_pool(HJORRING, SKANDERBORG)
    a_pool(SKANDERBORG, ODDER)
    random = Random(seed)
    with accounts() as hired:
        people = [_somebody(hired, random, now) for _ in range(agents)]
    queue = [_something(random, people, now) for _ in range(waiting)]
    for inquiry_id in queue:
        for agent_id in random.sample(people, random.choice((0, 0, 1, 3))):
            ago = random.choice((5, 25, 45, 300))
            state = random.choice((OfferState.REFUSED, OfferState.LAPSED))
            _refusal(session, inquiry_id, agent_id, state, now - timedelta(seconds=ago))
    session.commit()


def everything(session: Session, now: datetime, policy: Policy) -> Snapshot:
    """All who have room and all that waits."""
    said_no: dict[object, set[int]] = {}
    before = timing.asked_again_before(seconds(now), policy)
    for row in session.execute(SAID_NO):
        if (
            seconds(row.answered_at)
            > before[{"refused": "refused", "lapsed": "missed", "accepted": "passed_on"}[row.state]]
        ):
            said_no.setdefault(row.inquiry_id, set()).add(row.agent_id)
    who = together(session, now)
    return Snapshot(
        now=now.timestamp(),
        agents=tuple(
            model.Agent(
                row.id,
                row.municipality,
                dict(zip(row.topics, row.levels, strict=True)),
                frozenset(row.languages),
                row.capacity,
                row.load,
                row.idle,
            )
            for row in session.execute(EVERYBODY)
            if row.connected
            and row.presence == Presence.AVAILABLE
            and row.load < row.capacity
            and (row.rests_until is None or row.rests_until <= now)
        ),
        waiting=tuple(
            model.Inquiry(
                str(row.id),
                row.municipality,
                row.topic,
                row.speaks,
                row.channel,
                row.queued,
                row.due,
                who.answered_by(row.municipality, row.topic),
                who.open_to(row.circle),
                said_no=frozenset(said_no.get(row.id, ())),
                only_agent=row.only_agent,
            )
            for row in session.execute(EVERYTHING)
        ),
    )


def _somebody(session: Session, random: Random, now: datetime) -> int:
    person = Person(
        username=f"agent-{random.getrandbits(64)}",
        name="Somebody",
        role="agent",
        municipality=random.choice(PLACES),
    )
    session.add(person)
    session.flush()
    assert person.id is not None
    capacity = random.choice((1, 3, 3, 4))
    session.add(
        Agent(
            id=person.id,
            municipality=person.municipality,
            languages=random.sample(LANGUAGES, random.choice((1, 1, 2))),
        )
    )
    session.flush()
    session.add(
        AgentWork(
            agent_id=person.id,
            capacity=capacity,
            load=random.randint(0, capacity) if random.random() < 0.6 else 0,
            presence=random.choice((*[Presence.AVAILABLE] * 5, Presence.BREAK, Presence.OFFLINE)),
            connected=random.random() < 0.9,
            idle_since=now - timedelta(seconds=random.randint(0, 900)),
            rests_until=now + timedelta(seconds=random.choice((-5, 5))) if random.random() < 0.2 else None,
        )
    )
    session.flush()
    for topic in random.sample(TOPICS, random.randint(0, 3)):
        session.add(AgentSkill(agent_id=person.id, topic=topic, level=random.randint(1, 3)))
    return person.id


def _something(random: Random, people: list[int], now: datetime) -> object:
    one = random.choice(people) if random.random() < 0.08 else None
    arrived = now - timedelta(seconds=random.randint(0, 600))
    return a_waiting_inquiry(
        topic=random.choice(TOPICS),
        channel=random.choice(("phone", "web", "email", "chat")),
        speaks=random.choice((*LANGUAGES, "da", "da", "*")),
        municipality=random.choice(PLACES),
        only_agent=one,
        received_at=arrived,
        queued_at=arrived,
        deadline=arrived + timedelta(seconds=random.choice((20, 60, 600))),
    )


def _refusal(session: Session, inquiry_id: object, agent_id: int, state: OfferState, at: datetime) -> None:
    session.add(
        Offer(
            inquiry_id=inquiry_id,
            agent_id=agent_id,
            units=1,
            is_call=False,
            state=state,
            made_at=at,
            lapses_at=at,
            answered_at=at,
            released_at=at,
        )
    )
