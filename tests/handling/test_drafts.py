"""What an agent is still writing: kept as it is written, theirs alone, gone with the inquiry from their hands."""

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from hotline import db as hotline_db
from hotline.access.guards import tenant_of
from hotline.console.state import state_of
from hotline.directory.models import Person
from hotline.handling import actions
from hotline.handling.drafts import draft
from hotline.inquiries.errors import WrongState
from hotline.inquiries.models import Outcome
from hotline.inquiries.notes import NoteDraft
from hotline.offers.give_back import give_back
from hotline.tenant import Tenant
from tests.builders import HJORRING
from tests.building import transaction
from tests.offers.doing import doing


def kept():
    with transaction() as session:
        return [(one.text, one.outcome) for one in session.exec(select(NoteDraft)).all()]


def test_what_is_written_is_kept_as_it_stands_and_shown_to_its_agent(held):
    assert doing(held, draft, "Ringer i", None)
    assert doing(held, draft, "Ringer i morgen", Outcome.REFERRED)
    assert not doing(held, draft, "Ringer i morgen", Outcome.REFERRED)  # nobody is told of what is nothing new
    with transaction() as session:
        tenant = tenant_of(session.get_one(Person, held[1]))
    with hotline_db.transaction(tenant) as session:
        [inquiry] = state_of(session, held[1])["inquiries"]
        assert (inquiry["draft"]["text"], inquiry["draft"]["outcome"]) == ("Ringer i morgen", "referred")
        assert [one.text for one in session.exec(select(NoteDraft)).all()] == ["Ringer i morgen"]
    assert doing(held, draft, "", None)
    assert kept() == []


def test_no_cpr_number_is_kept_of_what_is_still_written(held):
    doing(held, draft, "Fru Zylqvist, 010165-1237, venter", None)
    assert kept() == [("Fru Zylqvist, [CPR], venter", None)]


@pytest.mark.parametrize("audience", ["team_lead", "viewer", "secretariat", "integrator", "accounts", "intake"])
def test_nobody_else_may_read_it(held, audience):
    doing(held, draft, "Ringer i morgen", None)
    tenant = Tenant(audience, "person 0", person=0, municipality=HJORRING)
    try:
        with hotline_db.transaction(tenant) as session:
            assert session.exec(select(NoteDraft)).all() == []
    except DBAPIError as error:
        assert "permission denied" in str(error.orig)


def released(session, inquiry, agent, now):
    give_back(session, inquiry, now)


@pytest.mark.parametrize(
    "leaves, facts",
    [
        (actions.close, (Outcome.OTHER, "Skrevet")),
        (actions.transfer, ("passport", None, None)),
        (actions.hand_over, (None,)),
        (released, ()),
    ],
)
def test_it_is_gone_once_the_inquiry_leaves_the_agents_hands(held, leaves, facts):
    doing(held, draft, "Ringer i morgen", None)
    doing(held, leaves, *facts)
    assert kept() == []
    with pytest.raises(WrongState):
        doing(held, draft, "for sent", None)
