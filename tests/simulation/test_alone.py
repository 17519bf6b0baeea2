"""What the pool saves, and which training helps most."""

from hotline.simulation.alone import alone
from hotline.simulation.report import beside_alone
from hotline.simulation.run import Run
from hotline.simulation.training import trainings
from tests.simulation.days import DEFAULT, a_call, a_day, an_agent


def test_the_pool_is_set_beside_those_who_have_agents_and_the_others_are_counted_apart():
    """Two agents of two municipalities, two calls at once of one of them, and one of a third that has nobody."""
    agents = an_agent("a"), an_agent("b", municipality="0860")
    day = a_day(*agents, a_call("i1"), a_call("i2", 1), a_call("i3", 300, municipality="0727"))
    fates = list(Run(day, DEFAULT).fates())
    told = beside_alone(day, DEFAULT, fates, list(alone(day, DEFAULT)))
    assert told["nobody"] == {"municipalities": 1, "inquiries": 1}
    assert (told["pooled"]["number"], told["pooled"]["queue_time"]) == (2, 0)
    assert (told["alone"]["number"], told["alone"]["queue_time"]) == (2, 49.5)
    of_third = told["municipalities"]["0727"]
    assert (of_third["pooled"]["number"], of_third["alone"]) == (1, None)


def test_the_training_that_helps_most_is_of_what_was_waited_for():
    """Two at once ask about passports, which one of three can; the other two are idle, one of them all day."""
    others = [an_agent("m", skills={"mitid": 2}), an_agent("d", skills={"doctor": 2})]
    day = a_day(an_agent("p"), *others, a_call("i1"), a_call("i2", 1), a_call("i3", 2, topic="doctor"))
    best, *rest = trainings(day, DEFAULT)
    assert (best.agent, best.topic, best.spared) == ("m", "passport", 99)
    assert all(one.spared <= best.spared for one in rest)
