"""What a pass left though somebody could take it, reckoned pair by pair from all rows, by other means than the pass."""

from sqlalchemy import text

from hotline.policies import current_policy
from hotline.routing.engine import decide
from hotline.routing.model import Snapshot, Wait
from tests.queue.at_random import everything

# An earlier call of the same caller about the same topic is answered first.
HELD_UP = text("""
    SELECT w.id::text FROM inquiry w JOIN inquiry e ON e.id = w.resumes
    WHERE w.state = 'waiting' AND e.state IN ('received', 'waiting', 'offered')
      AND (e.topic IS NULL OR e.topic = w.topic AND e.speaks = w.speaks)
""")
WRITTEN = text("""
    SELECT id, extract(epoch FROM deadline)::float8 AS due FROM inquiry
    WHERE id = ANY(:inquiries) AND channel NOT IN ('phone', 'chat')
""")
KNOWN = text("""
    SELECT id, municipality, languages, ARRAY(SELECT topic FROM agent_skill s WHERE s.agent_id = agent.id) AS topics
    FROM agent
""")


def left_idle(session, now, made):
    """A line for each pair that could be made at `now` and is not, unless an earlier call is why and the run says so;
    and for each offer of written work, of those just `made`, to somebody for whom a call waits that is due before."""
    policy = current_policy()
    found = everything(session, now, policy)
    held_up = set(session.execute(HELD_UP).scalars())
    waiting = [one for one in found.waiting if one.id not in held_up]
    told = decide(Snapshot(found.now, tuple(waiting), found.agents), policy)
    waits = {one.inquiry: one.not_able for one in told if isinstance(one, Wait)}
    calls = [one for one in waiting if one.channel == "phone"]
    wrong = []

    def first_call(agent):
        theirs = (one.deadline for one in calls if _knows(agent, one) and agent.municipality in one.answered_by)
        return min(theirs, default=float("inf"))

    for one in waiting:
        for agent in found.agents:
            units = agent.capacity if one.channel == "phone" else 1
            rests = one.only_agent is None and agent.id in one.said_no
            if not _knows(agent, one) or agent.municipality not in one.open_to or rests:
                continue
            if agent.load + units > agent.capacity:
                continue
            is_kept = one.channel == "email" and first_call(agent) < one.deadline
            if not is_kept or "kept_for_a_call" not in waits.get(one.id, ()):
                wrong.append(f"{one.id} ({one.channel}) waits beside {agent.id}; the run says {waits.get(one.id)}")
    written = {str(one.id): one for one in session.execute(WRITTEN, {"inquiries": [one.inquiry_id for one in made]})}
    agents = {row.id: row for row in session.execute(KNOWN)}
    for offer in made:
        one, agent = written.get(str(offer.inquiry_id)), agents[offer.agent_id]
        if one and first_call(agent) < one.due:
            wrong.append(f"{one.id} is given to {agent.id}, for whom a call waits")
    return wrong


def _knows(agent, inquiry):
    """Whether they have its topic and language, or it is meant for them by name."""
    if inquiry.only_agent is not None:
        return inquiry.only_agent == agent.id and inquiry.topic in agent.topics
    return inquiry.topic in agent.topics and (inquiry.language == "*" or inquiry.language in agent.languages)
