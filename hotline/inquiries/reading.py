"""One inquiry as integrators and people read it: where it is, who has it, what happened to it so far."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from itertools import accumulate
from typing import Any

from sqlmodel import Session, col, select

from hotline.access.guards import KeyHolder
from hotline.db import acting
from hotline.directory.models import Agent, Person, Role
from hotline.inquiries.journal import JournalLine
from hotline.inquiries.links import links_of
from hotline.inquiries.models import LIVE_CHANNELS, Inquiry
from hotline.inquiries.offer import Offer, OfferState
from hotline.inquiries.place import place
from hotline.inquiries.states import State
from hotline.inquiries.unserved import nobody_since

# What of a journal line's data stands in the timeline, too.
SHOWN = ("reason", "outcome", "to_topic", "wait_seconds", "talk_seconds", "wrap_seconds", "confidence", "not_before",
    "message_id", "sender")  # fmt: skip


def summary(inquiry: Inquiry) -> dict[str, Any]:
    """The fields that every answer about an inquiry has."""
    return {
        "id": inquiry.id,
        "reference": inquiry.reference,
        "state": inquiry.state,
        "channel": inquiry.channel,
        "topic": inquiry.topic,
        "language": inquiry.language,
        "priority": inquiry.priority,
        "urgent": inquiry.urgent,
        "municipality": inquiry.municipality,
        "received_at": inquiry.received_at,
        "external_id": inquiry.external_id,
        "links": links_of(inquiry.id),
    }


def detail(session: Session, caller: KeyHolder | Person, inquiry: Inquiry, now: datetime) -> dict[str, Any]:
    """The summary with confidence, place in the queue, agent and timeline, of an inquiry that this caller may see.

    `position` and `estimated_wait_seconds` are those of place.py.
    """
    # Who has it, and how many are before it, is the answer's; what it is told from are other people and inquiries.
    with acting(session):
        agent = session.get(Agent, inquiry.agent_id) if inquiry.agent_id else None
        person = session.get(Person, inquiry.agent_id) if inquiry.agent_id else None
        position, wait = place(session, inquiry, now) if inquiry.state == State.WAITING else (None, None)
        typed = _typed(session, caller, inquiry)
        nobody = nobody_since(session, inquiry)
    return summary(inquiry) | {
        "topic_confidence": inquiry.topic_confidence,
        "position": position,
        "estimated_wait_seconds": wait,
        "nobody_since": nobody,
        "callback": nobody is not None and inquiry.channel in LIVE_CHANNELS,
        "agent": {"username": person.username, "name": person.name} if person else None,
        "answered_by_municipality": agent.municipality if agent else None,
        "outcome": inquiry.outcome,
        "timeline": timeline(session, inquiry.id, typed),
    }


def timeline(session: Session, inquiry_id: uuid.UUID, typed: Mapping[int, str]) -> list[dict[str, Any]]:
    """What happened, oldest first: the moment, the event, and the few facts that belong to it.

    `typed` are the reasons that agents typed, by offer, as far as they are whoever asks may see them.
    """
    lines = session.exec(
        select(JournalLine).where(col(JournalLine.inquiry_id) == inquiry_id).order_by(col(JournalLine.id))
    ).all()
    moments = accumulate((line.at for line in lines), max)  # a clock that steps back turns no order round
    return [
        told(line, at) | ({"reason": typed[line.data["offer_id"]]} if line.data.get("offer_id") in typed else {})
        for at, line in zip(moments, lines, strict=True)
    ]


def told(line: JournalLine, at: datetime) -> dict[str, Any]:
    """What of a line everybody is told who may see its inquiry."""
    facts = {name: line.data[name] for name in SHOWN if line.data.get(name) is not None}
    return {"at": at, "event": line.event, "municipality": line.answering} | facts


def _typed(session: Session, caller: KeyHolder | Person, inquiry: Inquiry) -> dict[int, str]:
    """Why agents refused it, in their own words: for who had it in hand and the secretariat; for a team lead those of
    the agents that they lead."""
    if isinstance(caller, KeyHolder):
        return {}
    offers = session.exec(select(Offer).where(col(Offer.inquiry_id) == inquiry.id)).all()
    had_it = any(one.agent_id == caller.id and one.state == OfferState.ACCEPTED for one in offers)
    if caller.role == Role.AGENT and not had_it:
        return {}
    refused = [one for one in offers if one.state == OfferState.REFUSED]
    if caller.role == Role.TEAM_LEAD and not had_it:
        led = select(Agent.id).where(col(Agent.municipality) == caller.municipality)
        team = set(session.exec(led.where(col(Agent.id).in_([one.agent_id for one in refused]))).all())
        refused = [one for one in refused if one.agent_id in team]
    return {one.id: one.answer_reason for one in refused if one.id is not None and one.answer_reason}
