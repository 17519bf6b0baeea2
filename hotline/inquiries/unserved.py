"""What of the queue nobody on duty can take: since when, by class, and how that is said of one inquiry."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel

from hotline.columns import moment
from hotline.inquiries.models import Inquiry
from hotline.inquiries.states import State


class Unserved(SQLModel, table=True):
    """A class of what waits (circle, topic, language) that nobody available can take, though the hotline is open.

    It is kept by class, so that a queue of any length costs no more to mark than a short one. What is meant for one
    agent is not meant by it.
    """

    circle: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    topic: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    speaks: str = Field(sa_column=sa.Column(sa.Text, primary_key=True))
    since: datetime = Field(sa_column=moment())


def nobody_since(session: Session, inquiry: Inquiry) -> datetime | None:
    """Since when it waits for nobody; None where somebody available could take it, or it does not wait."""
    if inquiry.state != State.WAITING or inquiry.only_agent is not None:
        return None
    found = session.get(Unserved, (inquiry.circle, inquiry.topic, inquiry.speaks), populate_existing=True)
    return max(found.since, inquiry.queued_at) if found else None
