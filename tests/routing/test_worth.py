"""Who is missed where home comes first: those whose own citizens would wait for them."""

from hotline.routing.absence import whom
from hotline.routing.cover import Cover
from hotline.routing.learned import Learned
from hotline.routing.moment import Moment
from hotline.routing.rings import Agreement
from tests.routing.snapshots import DEFAULT, NOW, an_agent, an_inquiry

BOTH = frozenset({"0746", "0860"})


def chosen(agents, agreement, calls_from):
    """Whom of these a call from elsewhere goes to, after calls from one municipality."""
    cover, learned = Cover(), Learned()
    for agent in agents:
        cover.sign_in(agent)
        cover.is_idle(agent)
    for number in range(60):
        learned.came("passport", "da", NOW - 60 + number, calls_from)
    moment = Moment(NOW, DEFAULT, learned, cover, lambda _: (), agreements=(agreement,))
    call = an_inquiry("i", channel="phone", municipality="0727", answered_by=agreement.members)
    best, _ = whom(call, agents, moment)
    return best.municipality


def test_where_home_comes_first_the_agent_of_a_town_that_calls_much_is_spared():
    agreement = Agreement(BOTH | {"0727"}, 30.0, 30.0)
    agents = [an_agent(1), an_agent(2, municipality="0860")]
    assert chosen(agents, agreement, calls_from="0746") == "0860"
    assert chosen(agents, agreement, calls_from="0860") == "0746"


def test_and_so_is_the_agent_whose_partners_call_much():
    agreement = Agreement(BOTH | {"0727"}, 30.0, 30.0, partners={"0727": frozenset({"0746"})})
    agents = [an_agent(1), an_agent(2, municipality="0860")]
    assert chosen(agents, agreement, calls_from="0727") == "0860"
