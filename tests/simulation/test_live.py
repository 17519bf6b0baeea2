"""The live hotline and the simulator: what one does with an hour the other does, and what was is read back."""

from datetime import datetime
from random import Random

import pytest

from hotline.clock import DANISH_TIME, now
from hotline.simulation.recorded import Days, recorded
from hotline.simulation.run import Run
from tests.building import transaction
from tests.simulation.days import CODES, DEFAULT, a_call, a_collaboration, a_day, an_agent, taken
from tests.simulation.replay import Replay

MONDAY = datetime(2026, 11, 23, tzinfo=DANISH_TIME)
SKILLS = ("mitid",), ("passport",), ("mitid", "passport")


NEAR = "0746", "0860"
FAR = "0860", "0727"
ALL_AT_ONCE = (a_collaboration(*CODES, home_first_seconds=0.0, partner_seconds=0.0, partners={}, kept={}),)
BY_RINGS = (
    a_collaboration(*NEAR, kept={"0746": frozenset({"passport"})}),
    a_collaboration(*FAR, home_first_seconds=20.0, partner_seconds=45.0, kept={}),
)


def an_hour(seed, collaborations=ALL_AT_ONCE, number=60):
    """Eight agents who can one or both of two things, and so many calls, chats and mails, one a minute; all of it at
    whole seconds."""
    random = Random(seed)
    agents = [
        an_agent(
            f"a{place}",
            municipality=random.choice(CODES),
            languages=frozenset(random.choice((("da",), ("da", "en")))),
            skills={topic: random.randint(1, 3) for topic in random.choice(SKILLS)},
            shifts=((60.0 * random.randint(0, 5), 60.0 * random.randint(40, 60)),),
        )
        for place in range(8)
    ]
    inquiries = [
        a_call(
            f"i{place:02}",
            float(at),
            municipality=random.choice(CODES),
            topic=random.choice(("mitid", "passport")),
            language=random.choice(("da", "da", "da", "en")),
            channel=(channel := random.choice(("phone", "phone", "phone", "chat", "email"))),
            priority=random.choice((1, 2, 2, 3)),
            handle_seconds=10.0 * random.randint(6, 60),
            patience_seconds=36000.0 if channel == "email" else float(random.randint(30, 600)),
        )
        for place, at in enumerate(sorted(random.sample(range(60 * number), number)))
    ]
    return a_day(
        *agents,
        *inquiries,
        target_seconds=None,
        target_seconds_written=None,
        wrap_up_seconds=15.0,
        collaborations=collaborations,
        shift_ends_known=False,
        languages_widen=True,
    )


def every(*hours):
    return pytest.mark.parametrize(("seed", "collaborations"), hours)


@every((0, ALL_AT_ONCE), (1, BY_RINGS), (2, BY_RINGS))
def test_half_an_hour_ends_live_as_it_does_simulated(with_facts, seed, collaborations):
    ends_alike(an_hour(seed, collaborations, number=24))


@pytest.mark.thorough
@every(*((seed, agreed) for seed in range(6) for agreed in (ALL_AT_ONCE, BY_RINGS)))
def test_a_whole_hour_does_so_too(with_facts, seed, collaborations):
    ends_alike(an_hour(seed, collaborations))


def ends_alike(hour):
    live, simulated = Replay(hour, MONDAY).run(), taken(hour)
    assert {one: (live[one], simulated[one]) for one in simulated if live[one] != simulated[one]} == {}


def test_what_the_journal_tells_of_an_hour_ends_as_the_hour_did(with_facts):
    hour = an_hour(3, number=30)
    live = Replay(hour, MONDAY).run()
    with transaction() as session:
        told = recorded(session, Days(MONDAY.date()), DEFAULT, now())
    again = sorted((one.arrival.at, one.agent is None, round(one.at)) for one in Run(told, DEFAULT).fates())
    arrivals = {one.id: one.at for one in hour.inquiries}
    assert again == sorted((arrivals[one], agent is None, round(at)) for one, (agent, at) in live.items())
