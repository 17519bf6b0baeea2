"""Whatever dies or hangs in the middle of the day: every inquiry taken in meets its fate, once, and is counted once.

A demo of its own for each fault; eight agents and forty inquiries through the public API, on loopback alone.
"""

import signal
import threading
import time
from collections import Counter
from random import Random

import psycopg
import pytest
import redis

from tests.demo.driver import Citizens, at_work, figures
from tests.demo.running import Running, demo, is_alive
from tests.waiting import until

AGENTS, INQUIRIES, A_SECOND = 8, 40, 8
HANGS = 10.0  # seconds
ENDS_WITHIN = 90.0  # seconds after the last inquiry; an agent's absence is noticed after 30

# What the figures call it, and the lines of the journal that say so.
JOURNAL = """
    SELECT municipality,
           count(*) FILTER (WHERE event = 'received') AS offered,
           count(*) FILTER (WHERE event = 'accepted' AND (data->>'first')::boolean) AS answered,
           count(*) FILTER (WHERE event = 'closed') AS closed,
           count(*) FILTER (WHERE event = 'offered') AS offers_made,
           count(*) FILTER (WHERE event = 'refused') AS offers_refused,
           count(*) FILTER (WHERE event = 'lapsed') AS offers_lapsed
    FROM journal GROUP BY municipality ORDER BY municipality
"""
NEVER = {
    "an inquiry that is not the one of its timeline": """
        SELECT i.id FROM inquiry i LEFT JOIN journal j ON j.inquiry_id = i.id AND j.event = 'received'
        GROUP BY i.id HAVING count(j.id) <> 1""",
    "an inquiry closed twice": """
        SELECT inquiry_id FROM journal WHERE event = 'closed' GROUP BY inquiry_id HAVING count(*) > 1""",
    "an offer that holds its agent after the end": "SELECT id FROM offer WHERE released_at IS NULL",
    "an agent who is still loaded": "SELECT agent_id FROM agent_work WHERE load <> 0",
    "more accepted offers than answers in the journal": """
        SELECT o.inquiry_id FROM offer o WHERE o.state = 'accepted' GROUP BY o.inquiry_id
        HAVING count(*) <> (SELECT count(*) FROM journal j WHERE j.inquiry_id = o.inquiry_id AND j.event = 'accepted')
    """,
}


@pytest.fixture
def running(tmp_path):
    with demo(tmp_path) as one:
        yield one


@pytest.mark.parametrize("kind", ["web", "worker", "router", "valkey", "postgres"])
def test_a_part_is_killed_in_mid_load(running, kind):
    a_day(running, lambda: running.kill(kind))


@pytest.mark.parametrize("kind", ["web", "worker", "router", "valkey", "postgres"])
def test_a_part_hangs_in_mid_load(running, kind):
    a_day(running, lambda: running.hang(kind, HANGS))


def test_everything_but_the_database_is_killed_at_once(running):
    def kill() -> None:
        for kind in ("valkey", "web", "worker", "router"):
            running.kill(kind)

    a_day(running, kill)


def test_redis_is_flushed_in_mid_day_again_and_again(running):
    def flush() -> None:
        for _ in range(5):
            redis.Redis.from_url(running.facts["redis_url"]).flushall()
            time.sleep(0.4)

    a_day(running, flush)


def test_the_supervisor_is_killed_and_the_demo_goes_on_with_its_data(running):
    port = running.facts["url"].rpartition(":")[2]

    def kill_and_start_again() -> None:
        before = {one for kind in ("web", "worker", "router", "postgres", "valkey") for one in running.pids(kind)}
        running.end(signal.SIGKILL)
        until(lambda: not any(map(is_alive, before)), "nothing outlives the supervisor", 30)
        (running.folder / "demo.json").unlink()
        running.start("--keep", "--port", port)

    a_day(running, kill_and_start_again)


def a_day(running: Running, fault) -> None:
    """Citizens ask, agents answer, and when half of it is in, the fault comes; then everything is looked at."""
    facts = running.facts
    agents = working(facts)
    homes = sorted({agent["municipality"] for agent in agents})
    citizens, random = Citizens(facts), Random(7)
    topics = sorted({topic for agent in agents for topic in agent["topics"]})
    failure: list[BaseException] = []

    def strike() -> None:
        try:
            fault()
        except BaseException as error:  # said once the citizens have come home
            failure.append(error)

    with at_work(facts["url"], agents, talk_seconds=0.3) as at_desks:
        for number in range(INQUIRIES):
            if number == INQUIRIES // 2:
                striking = threading.Thread(target=strike)
                striking.start()
            channel = random.choice(("phone", "web", "email"))
            citizens.ask(random.choice(homes), random.choice((None, *topics)), channel)
            time.sleep(1 / A_SECOND)
        striking.join()
        assert not failure, failure
        fates = citizens.fates(ENDS_WITHIN)
        assert Counter(fate["state"] for fate in fates.values()) == {"closed": INQUIRIES}
        taken = Counter(id for agent in at_desks for id in agent.taken)
    assert [id for id, times in taken.items() if times > 1] == []
    nothing_is_doubled(running, citizens)
    the_figures_are_those_of_the_journal(running)


def working(facts):
    """Eight agents who can answer everything between them: the first ones that add a topic, then the next."""
    agents = [user for user in facts["users"] if user["role"] == "agent"]
    chosen, covered = [], set()
    for agent in agents:
        if set(agent["topics"]) - covered:
            chosen.append(agent)
            covered |= set(agent["topics"])
    return (chosen + [agent for agent in agents if agent not in chosen])[: max(AGENTS, len(chosen))]


def nothing_is_doubled(running, citizens):
    with psycopg.connect(running.facts["owner_url"]) as connection:
        stored = {str(row[0]) for row in connection.execute("SELECT id FROM inquiry")}
        assert stored == citizens.posted.keys()
        assert {what: found for what, sql in NEVER.items() if (found := connection.execute(sql).fetchall())} == {}


def the_figures_are_those_of_the_journal(running):
    with psycopg.connect(running.facts["owner_url"], row_factory=psycopg.rows.dict_row) as connection:
        journal = {row.pop("municipality"): row for row in connection.execute(JOURNAL)}
    assert sum(row["closed"] for row in journal.values()) == INQUIRIES

    def counted():
        found = figures(running.facts, list(journal))
        return {code: {name: found[code].get(name, 0) for name in row} for code, row in journal.items()}

    until(lambda: counted() == journal, "the figures follow the journal")
