"""The live hotline and the simulator: what one does with an hour the other does, and what was is read back."""

from datetime import datetime
from random import Random

from hotline.clock import DANISH_TIME, now
from hotline.simulation.recorded import Days, recorded
from hotline.simulation.run import Run
from tests.building import transaction
from tests.simulation.days import CODES, DEFAULT, a_call, a_collaboration, a_day, an_agent, taken
from tests.simulation.replay import Replay

MONDAY = datetime(2026, 11, 23, tzinfo=DANISH_TIME)
SKILLS = ("mitid",), ("passport",), ("mitid", "passport")


def an_hour(seed):
    """Eight agents who can one or both of two things, and sixty calls, chats and mails; all of it at whole seconds."""
    random = Random(seed)
    agents = [
        an_agent(
            f"a{number}",
            municipality=random.choice(CODES),
            languages=frozenset(random.choice((("da",), ("da", "en")))),
            skills={topic: random.randint(1, 3) for topic in random.choice(SKILLS)},
            shifts=((60.0 * random.randint(0, 5), 60.0 * random.randint(40, 60)),),
        )
        for number in range(8)
    ]
    inquiries = [
        a_call(
            f"i{number:02}",
            float(at),
            municipality=random.choice(CODES),
            topic=random.choice(("mitid", "passport")),
            language=random.choice(("da", "da", "da", "en")),
            channel=(channel := random.choice(("phone", "phone", "phone", "chat", "email"))),
            priority=random.choice((1, 2, 2, 3)),
            handle_seconds=10.0 * random.randint(6, 60),
            patience_seconds=36000.0 if channel == "email" else float(random.randint(30, 600)),
        )
        for number, at in enumerate(sorted(random.sample(range(3600), 60)))
    ]
    return a_day(
        *agents,
        *inquiries,
        target_seconds=None,
        target_seconds_written=None,
        wrap_up_seconds=15.0,
        collaborations=(a_collaboration(*CODES, home_first_seconds=0.0, partner_seconds=0.0, partners={}, kept={}),),
        shift_ends_known=False,
        languages_widen=True,
    )


def test_an_hour_ends_live_as_it_does_simulated_and_so_does_what_the_journal_tells_of_it(with_facts):
    hour = an_hour(2)
    live, simulated = Replay(hour, MONDAY).run(), taken(hour)
    assert {one: (live[one], simulated[one]) for one in simulated if live[one] != simulated[one]} == {}
    with transaction() as session:
        told = recorded(session, Days(MONDAY.date()), DEFAULT, now())
    again = sorted((one.arrival.at, one.agent is None, round(one.at)) for one in Run(told, DEFAULT).fates())
    arrivals = {one.id: one.at for one in hour.inquiries}
    assert again == sorted((arrivals[one], agent is None, round(at)) for one, (agent, at) in simulated.items())
