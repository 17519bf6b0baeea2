"""due(): what is to be done for a call next, by what Asterisk shows of it and what the hotline says of its inquiry.

It is asked again whenever either changes, and after a restart: nothing but these two is remembered. What was done
already is not due, so that it may be asked as often as anybody likes.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

from hotline.inquiries.states import QUEUED, State
from hotline.integrations.ari.channels import Channel
from hotline.integrations.ari.steps import (
    Accept,
    Answer,
    CallBack,
    End,
    Finish,
    GiveBack,
    HangUp,
    Leave,
    Names,
    Patience,
    Ring,
    Stands,
    Step,
    TakeIn,
    Talk,
    Unreached,  # fmt: skip
    Wait,
)

BUSY, DECLINED = frozenset({17}), frozenset({21})  # Q.850
DEAD, IS_BUSY, SAID_NO, NO_ANSWER = "telephone dead", "telephone busy", "telephone declined", "telephone not answered"
NO_PHONE = "no telephone"
BACK_TO_EXCHANGE = (State.CALLBACK, State.HANDED_OVER)


def due(
    stands: Stands,
    caller: Channel | None,
    legs: Mapping[int, Channel],
    names: Names,
    now: datetime,
    patience: Patience,
    callback_key: str = "",
) -> list[Step]:
    """What is to be done now, in this order; `legs` are the telephones rung for this call, by their offers.

    Nothing where the citizen's channel has not been seen yet.
    """
    if caller is None:
        return []
    others = [leg for offer, leg in legs.items() if offer != stands.offer and leg.gone_at is None]
    theirs = legs.get(stands.offer) if stands.offer is not None else None
    steps: list[Step] = [HangUp(leg.id) for leg in others]
    if stands.state is None and stands.in_vain is None:
        return [*steps, TakeIn()]
    if caller.gone_at is not None:
        return [*steps, *_alone(stands, caller.gone_at, theirs)]
    if stands.state in QUEUED:
        return [*steps, *_waits(stands, caller, theirs, names, now, patience, callback_key)]
    if stands.state == State.HANDLING:
        return [*steps, *_talks(stands, caller, theirs, names, now, patience)]
    if theirs is not None and theirs.gone_at is None:
        steps.append(HangUp(theirs.id))
    result = stands.in_vain or (str(stands.state) if stands.state in BACK_TO_EXCHANGE else None)
    return [*steps, Leave(result) if result else HangUp(caller.id)]


def _alone(stands: Stands, gone_at: datetime, leg: Channel | None) -> Iterator[Step]:
    """The citizen has hung up."""
    if leg is not None and leg.gone_at is None:
        yield HangUp(leg.id)
    if stands.state in (*QUEUED, State.HANDLING):
        yield End(gone_at)
    else:
        yield Finish()


def _waits(
    stands: Stands, caller: Channel, leg: Channel | None, names: Names, now: datetime, patience: Patience, key: str
) -> Iterator[Step]:
    """Nobody has it in hand."""
    if caller.up_at is None:
        yield Answer()
    if caller.bridge != names.waiting:
        yield Wait()
    if key and key in caller.pressed:
        yield CallBack()
    elif stands.offer is not None and stands.agent is not None and stands.endpoint is not None:
        if leg is None:
            yield Ring(stands.offer, stands.endpoint)
        elif leg.gone_at is not None:
            yield Unreached(stands.offer, stands.agent, _why(leg))
        elif leg.up_at is not None:
            yield Accept(stands.offer, stands.agent, leg.up_at)
        elif _is_dead(leg, now, patience):
            yield HangUp(leg.id)
            yield Unreached(stands.offer, stands.agent, DEAD)


def _talks(
    stands: Stands, caller: Channel, leg: Channel | None, names: Names, now: datetime, patience: Patience
) -> Iterator[Step]:
    """An agent has it in hand, and speaks with the citizen or is about to."""
    talk = names.talk(stands.call)
    if caller.up_at is None:
        yield Answer()
    if leg is None:
        if caller.bridge == talk:  # they hung up while nobody listened to Asterisk
            yield End(now)
        elif stands.offer is not None and stands.endpoint is not None:
            yield Ring(stands.offer, stands.endpoint)
        elif stands.since is None or now - stands.since >= patience.phone:
            yield GiveBack(NO_PHONE)
    elif leg.gone_at is not None:
        yield End(leg.gone_at) if leg.up_at is not None else GiveBack(_why(leg))
    elif leg.here and leg.up_at is not None:
        if leg.bridge != talk or caller.bridge != talk:
            yield Talk(leg.id)
    elif leg.up_at is None and (_is_dead(leg, now, patience) or _rings_long(stands, leg, now, patience)):
        yield HangUp(leg.id)


def _is_dead(leg: Channel, now: datetime, patience: Patience) -> bool:
    return leg.ringing_at is None and leg.dialled_at is not None and now - leg.dialled_at >= patience.dead


def _rings_long(stands: Stands, leg: Channel, now: datetime, patience: Patience) -> bool:
    begun = [one for one in (stands.since, leg.dialled_at) if one is not None]
    return bool(begun) and now - max(begun) >= patience.ring


def _why(leg: Channel) -> str:
    if leg.cause in BUSY:
        return IS_BUSY
    if leg.cause in DECLINED:
        return SAID_NO
    return NO_ANSWER if leg.ringing_at is not None else DEAD
