"""Who may be offered what: a table of sentences, each about one agent and one inquiry."""

import pytest

from hotline.routing.eligibility import units, why_not
from hotline.routing.model import ANY_LANGUAGE
from tests.routing.snapshots import an_agent, an_inquiry

BOTH = frozenset({"da", "ar"})

TABLE = {
    "one with the skill and the language can take it": (an_agent(), an_inquiry(), None),
    "a skill at the lowest level is a skill": (an_agent(topics={"passport": 1}), an_inquiry(), None),
    "the citizen's municipality need not be the agent's": (
        an_agent(municipality="0746"),
        an_inquiry(municipality="0860"),
        None,
    ),
    "the citizen of those who do not answer together with the agent's is none of theirs": (
        an_agent(municipality="0746"),
        an_inquiry(municipality="0860", answered_by=frozenset({"0860"})),
        "collaboration",
    ),
    "where home comes first the others wait for their turn": (
        an_agent(municipality="0746"),
        an_inquiry(municipality="0860", answered_by=frozenset({"0746", "0860"}), open_to=frozenset({"0860"})),
        "home_first",
    ),
    "and at home it may be taken at once": (
        an_agent(municipality="0860"),
        an_inquiry(municipality="0860", answered_by=frozenset({"0746", "0860"}), open_to=frozenset({"0860"})),
        None,
    ),
    "what is meant for me needs no language, for whoever passed it on chose me": (
        an_agent(7),
        an_inquiry(only_agent=7, language="ar"),
        None,
    ),
    "what I passed on comes back to me where it is meant for me": (
        an_agent(7),
        an_inquiry(only_agent=7, said_no=frozenset({7}), had_it=frozenset({7})),
        None,
    ),
    "what is meant for me still needs the collaboration": (
        an_agent(7),
        an_inquiry(only_agent=7, answered_by=frozenset({"0860"})),
        "collaboration",
    ),
    "who had it before may have it again": (an_agent(7), an_inquiry(had_it=frozenset({7})), None),
    "without the topic there is no offer": (an_agent(topics=("mitid",)), an_inquiry(), "skill"),
    "one without any topic is offered nothing": (an_agent(topics=()), an_inquiry(), "skill"),
    "without the language there is no offer": (an_agent(), an_inquiry(language="ar"), "language"),
    "one of several languages is enough": (an_agent(languages=BOTH), an_inquiry(language="ar"), None),
    "where the language no longer matters anybody with the skill will do": (
        an_agent(languages=frozenset()),
        an_inquiry(language=ANY_LANGUAGE),
        None,
    ),
    "the last free unit takes a form": (an_agent(load=2), an_inquiry(), None),
    "one who is full is offered nothing": (an_agent(load=3), an_inquiry(), "capacity"),
    "an idle agent takes a call": (an_agent(), an_inquiry(channel="phone"), None),
    "one with a form in hand takes no call": (an_agent(load=1), an_inquiry(channel="phone"), "capacity"),
    "a chat is no call": (an_agent(load=2), an_inquiry(channel="chat"), None),
    "capacity for one is enough for a call": (an_agent(capacity=1), an_inquiry(channel="phone"), None),
    "who refused or missed it a moment ago is left in peace": (
        an_agent(7),
        an_inquiry(said_no=frozenset({7})),
        "said_no",
    ),
    "that another refused it is nothing to me": (an_agent(7), an_inquiry(said_no=frozenset({8})), None),
    "what is meant for me comes to me": (an_agent(7), an_inquiry(only_agent=7), None),
    "what is meant for another does not": (an_agent(7), an_inquiry(only_agent=8), "meant_for_another"),
    "what is meant for me still needs the skill": (an_agent(7, topics=()), an_inquiry(only_agent=7), "skill"),
    "what is meant for me still needs room": (an_agent(7, load=3), an_inquiry(only_agent=7), "capacity"),
}


@pytest.mark.parametrize(("agent", "inquiry", "answer"), TABLE.values(), ids=TABLE.keys())
def test_who_may_be_offered_what(agent, inquiry, answer):
    assert why_not(agent, inquiry) == answer


@pytest.mark.parametrize(("channel", "taken"), [("phone", 3), ("chat", 1), ("email", 1), ("web", 1), ("bot", 1)])
def test_a_call_takes_an_agent_whole_and_anything_else_one_unit(channel, taken):
    assert units(an_agent(capacity=3), an_inquiry(channel=channel)) == taken
