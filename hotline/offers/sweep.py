"""What the router looks after once a second, so that no lost wake-up or vanished agent leaves anything behind."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, exists, select
from sqlmodel.sql.expression import SelectOfScalar

from hotline.access.ends import end_the_expired
from hotline.db import transaction
from hotline.directory.models import Agent, Presence
from hotline.inquiries.models import Inquiry
from hotline.inquiries.offer import Offer, OfferState
from hotline.inquiries.states import HELD, State
from hotline.logs import log
from hotline.offers import presence
from hotline.offers.actions import lapse, withdraw
from hotline.routing.policy import Policy
from hotline.tenant import at_accounts, at_work

LATE = timedelta(seconds=2)
AT_ONCE = 200


def sweep(now: datetime, policy: Policy, ask_to_classify: Callable[[], None]) -> None:
    """Lapse what is due, take offers back from agents who are gone, flag what those hold, and have classified what
    has waited for that longer than it should. Each change is a transaction of its own."""
    _each(_due(now), lambda session, offer_id: lapse(session, offer_id, now), "offer not lapsed")
    with transaction(at_work("sweep")) as session:
        presence.notice_the_gone(session, now, policy.gone_after)
    with transaction(at_accounts("sweep")) as session:
        end_the_expired(session, now)
    take_back_from_the_absent(now)
    _each(_gone_with_inquiries(), lambda s, agent_id: presence.flag_what_they_hold(s, agent_id, now), "not flagged")
    if _unclassified(now):
        ask_to_classify()


def take_back_from_the_absent(now: datetime) -> None:
    """Whoever is on break, off duty or gone loses what they are offered, which goes back to the queue with its age."""
    _each(_offers_of_the_absent(), lambda s, offer_id: _take_back(s, offer_id, now), "offer not withdrawn")


def _each(ids: list[int], act: Callable[[Session, int], object], failure: str) -> None:
    for one in ids:
        try:
            with transaction(at_work("sweep")) as session:
                act(session, one)
        except OperationalError as error:  # a deadlock or a lock not got in time: the next sweep tries again
            log(__name__).warning(failure, id=one, error=type(error.orig).__name__)


def _due(now: datetime) -> list[int]:
    due = select(Offer.id).where(col(Offer.state) == OfferState.OPEN, col(Offer.lapses_at) <= now)
    return _ids(due.order_by(col(Offer.lapses_at)).limit(AT_ONCE))


def _take_back(session: Session, offer_id: int, now: datetime) -> None:
    agent = session.get_one(Agent, session.get_one(Offer, offer_id).agent_id)
    withdraw(session, offer_id, now, f"agent on {agent.presence}" if agent.connected else presence.ABSENT)


def _offers_of_the_absent() -> list[int]:
    gone = (
        select(Offer.id)
        .join(Agent, col(Agent.id) == col(Offer.agent_id))
        .where(
            col(Offer.state) == OfferState.OPEN,
            or_(~col(Agent.connected), col(Agent.presence) != Presence.AVAILABLE),
        )
    )
    return _ids(gone.order_by(col(Offer.id)).limit(AT_ONCE))


def _gone_with_inquiries() -> list[int]:
    held = exists().where(
        col(Inquiry.agent_id) == col(Agent.id), col(Inquiry.state).in_(HELD), col(Inquiry.flag).is_(None)
    )
    return _ids(select(Agent.id).where(~col(Agent.connected), held).limit(AT_ONCE))


def _unclassified(now: datetime) -> bool:
    with transaction(at_work("sweep")) as session:
        late = select(Inquiry.id).where(col(Inquiry.state) == State.RECEIVED, col(Inquiry.received_at) < now - LATE)
        return session.exec(late.limit(1)).first() is not None


def _ids(statement: SelectOfScalar[Any]) -> list[int]:
    with transaction(at_work("sweep")) as session:
        return [one for one in session.exec(statement).all() if one is not None]
