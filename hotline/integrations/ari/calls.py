"""What happens to a call's inquiry: taken in, accepted, given back, ended, each as it would be for anybody else."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, col, select

from hotline.access.guards import KeyHolder
from hotline.access.keys import Scope
from hotline.access.models import Integrator
from hotline.callbacks.numbers import number_to_call
from hotline.callbacks.promise import request
from hotline.db import rows_changed, transaction
from hotline.directory.models import Agent, Topic
from hotline.errors import HotlineError
from hotline.inquiries.errors import WrongState
from hotline.inquiries.models import Inquiry
from hotline.inquiries.place import place
from hotline.inquiries.states import HELD, State
from hotline.integrations.ari.channels import Channel
from hotline.integrations.ari.due import IS_BUSY, SAID_NO
from hotline.integrations.ari.models import AriCall
from hotline.integrations.ari.rules import Rules
from hotline.integrations.ari.steps import Stands
from hotline.integrations.cti import talk
from hotline.integrations.cti.numbers import number, of_citizens
from hotline.languages import CODE
from hotline.offers import actions as offers
from hotline.offers.errors import OfferGone
from hotline.offers.give_back import give_back
from hotline.offers.unreached import rest, unreached
from hotline.tenant import at_accounts, at_work

WORK = at_work("telephony")
CODED = re.compile(r"115([0-9]{4})")  # with a municipality's code
UNKNOWN_NUMBER, GONE = "unknown-number", "gone"
SURE = 0.8  # of what the citizen has chosen in the exchange's menu
KEPT = timedelta(days=30)

LOOK = text("""
    SELECT c.id, c.channel, c.in_vain, i.state, i.municipality, i.reference, o.id AS offer, o.agent_id, p.endpoint,
           coalesce(o.answered_at, o.made_at) AS since
    FROM ari_call c LEFT JOIN inquiry i ON i.id = c.inquiry_id
    LEFT JOIN LATERAL (SELECT * FROM offer o WHERE o.inquiry_id = i.id AND o.released_at IS NULL
                       ORDER BY o.id DESC LIMIT 1) o ON true
    LEFT JOIN agent_phone p ON p.agent_id = o.agent_id
    WHERE c.app = :app AND c.over_at IS NULL ORDER BY c.id
""")
CAME = text("""
    INSERT INTO ari_call (app, channel, came_at) VALUES (:app, :channel, :came_at)
    ON CONFLICT (app, channel) WHERE over_at IS NULL DO NOTHING
""")
LINK = text("UPDATE ari_call SET inquiry_id = :inquiry WHERE id = :id AND inquiry_id IS NULL")
NOTHING = text("UPDATE ari_call SET in_vain = :why WHERE id = :id AND inquiry_id IS NULL AND in_vain IS NULL")
OVER = text("UPDATE ari_call SET over_at = clock_timestamp() WHERE id = :id AND over_at IS NULL")
FORGET = text("DELETE FROM ari_call WHERE id IN (SELECT id FROM ari_call WHERE over_at < :before LIMIT 1000)")


def integrator(app: str) -> KeyHolder:
    """As whom calls are handed in: an integrator of their own, which has no key; it is added where there is none."""
    name = f"Asterisk {app}"
    with transaction(at_accounts("telephony")) as session:
        known = session.exec(select(Integrator).where(Integrator.name == name)).first()
        if known is None:
            known = Integrator(name=name)
            session.add(known)
            session.flush()
        assert known.id is not None
        return KeyHolder(known.id, name, frozenset({Scope.INTAKE}), frozenset())


def look(app: str) -> list[Stands]:
    """How every call that is not over stands."""
    with transaction(WORK) as session:
        return [
            Stands(
                call=row.id,
                channel=row.channel,
                state=State(row.state) if row.state else None,
                in_vain=row.in_vain,
                municipality=row.municipality or "",
                reference=row.reference or "",
                offer=row.offer,
                agent=row.agent_id,
                endpoint=row.endpoint,
                since=row.since,
            )
            for row in session.execute(LOOK, {"app": app})
        ]


def came(app: str, channel: Channel) -> None:
    """A citizen rings; told again it is the same call."""
    with transaction(WORK) as session:
        session.execute(CAME, {"app": app, "channel": channel.id, "came_at": channel.came_at})


def asked_for(call: int, channel: Channel, rules: Rules) -> dict[str, Any] | None:
    """The call as intake reads it; None where nobody knows whose citizens the number is for."""
    with transaction(WORK) as session:
        called = channel.called or next(iter(channel.args[1:]), "")
        known = of_citizens(session, number(called))
        coded = CODED.fullmatch(called)
        municipality = known.municipality if known else coded[1] if coded else rules.municipality
        if not municipality:
            return None
        came_at = session.get_one(AriCall, call).came_at
        hints = dict(one.partition("=")[::2] for one in channel.args if "=" in one)
        topic = session.get(Topic, known.topic) if known and known.topic else None
        hinted = session.get(Topic, hints.get("topic", ""))
    return {
        "channel": "phone",
        "municipality": municipality,
        "topic": topic.slug if topic and topic.open else None,
        "topic_hint": {"topic": hinted.slug, "confidence": SURE} if hinted else None,
        "language": hints.get("language") if CODE.fullmatch(hints.get("language", "")) else None,
        "citizen": {"phone": channel.number} if channel.number else None,
        "external_id": f"{channel.id}@{came_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}",
        "received_at": came_at.isoformat(),
    }


def body_of(asked: Mapping[str, Any]) -> bytes:
    """The JSON text."""
    return json.dumps({name: value for name, value in asked.items() if value is not None}).encode()


def became(call: int, inquiry_id: UUID) -> None:
    """This inquiry was made of the call."""
    with transaction(WORK) as session:
        rows_changed(session, LINK, {"id": call, "inquiry": inquiry_id})


def came_to_nothing(call: int, why: str) -> None:
    """No inquiry comes of it."""
    with transaction(WORK) as session:
        rows_changed(session, NOTHING, {"id": call, "why": why})


def accept(offer_id: int, agent_id: int, moment: datetime, now: datetime) -> bool:
    """The agent has answered their telephone at `moment`; false where the offer is no longer theirs."""
    at = min(moment, now)
    try:
        with transaction(at_work(f"person {agent_id}", agent_id)) as session:
            offers.accept(session, offer_id, session.get_one(Agent, agent_id), at)
    except (OfferGone, WrongState):
        return False
    return True


def not_reached(offer_id: int, agent_id: int, why: str, now: datetime) -> None:
    """The agent's telephone cannot be rung, or says no for them."""
    if why == SAID_NO:
        try:
            with transaction(at_work(f"person {agent_id}", agent_id)) as session:
                offers.refuse(session, offer_id, session.get_one(Agent, agent_id), why, now)
        except OfferGone:  # it was answered on their page, or has lapsed
            return
    else:
        with transaction(WORK) as session:
            unreached(session, offer_id, why, now, missed=why != IS_BUSY)


def gives_back(call: int, why: str, now: datetime) -> None:
    """Out of the hands of an agent who cannot be rung, who rests; unless they speak by now."""
    with transaction(WORK) as session:
        inquiry = _locked(session, call)
        if inquiry.state == State.HANDLING and inquiry.agent_id is not None:
            agent_id = inquiry.agent_id
            give_back(session, inquiry, now, why)
            rest(session, agent_id, inquiry, now, missed=why != IS_BUSY)


def ends(call: int, moment: datetime, now: datetime) -> None:
    """The call was over at `moment`: nobody had answered, or the talk has ended."""
    with transaction(WORK) as session:
        inquiry = _locked(session, call)
        begun = inquiry.answered_at if inquiry.state in HELD and inquiry.answered_at else inquiry.received_at
        talk.ends(session, inquiry, max(begun, min(moment, now)))


def calls_back(call: int, holder: KeyHolder, said: str, now: datetime) -> bool:
    """The citizen is rung at the number that they ring from when it is their turn; false where that cannot be."""
    try:
        with transaction(WORK) as session:
            inquiry_id = session.get_one(AriCall, call).inquiry_id
            assert inquiry_id is not None
            request(session, holder, inquiry_id, number_to_call(said), None, now)
    except HotlineError:  # no number, a number that is not rung, or an agent was faster
        return False
    return True


def where(call: int, now: datetime) -> tuple[int | None, int | None] | None:
    """Place and likely wait of one that waits, as its integrator would read them; None of any other."""
    with transaction(WORK) as session:
        inquiry_id = session.get_one(AriCall, call).inquiry_id
        inquiry = session.get(Inquiry, inquiry_id) if inquiry_id else None
        if inquiry is None or inquiry.state not in (State.WAITING, State.OFFERED) or inquiry.deadline is None:
            return None
        return place(session, inquiry, now)


def over(call: int) -> None:
    """Nothing more can come of it."""
    with transaction(WORK) as session:
        rows_changed(session, OVER, {"id": call})


def forget_old(session: Session, now: datetime) -> None:
    """Of calls that are long over nothing is kept."""
    session.execute(FORGET, {"before": now - KEPT})


def _locked(session: Session, call: int) -> Inquiry:
    known = session.exec(select(AriCall.inquiry_id).where(col(AriCall.id) == call)).one()
    assert known is not None
    return talk.locked(session, known)
