"""admit(): whether a call, form or mail is taken in, and if not, why."""

from datetime import datetime
from typing import Any

from hotline.clock import danish
from hotline.directory.errors import TopicClosed, UnknownMunicipality, UnknownTopic
from hotline.directory.snapshot import Directory
from hotline.inquiries.models import LIVE_CHANNELS
from hotline.intake.errors import Closed, OutsideThePool, QueueFull
from hotline.intake.requests import InquiryIn
from hotline.routing.outside import is_taken_in
from hotline.routing.policy import Policy


def admit(request: InquiryIn, directory: Directory, waiting: int, now: datetime, policy: Policy) -> None:
    """Pass what the hotline takes in at `now`; `waiting` is how many wait in its queue already.

    Raises UnknownMunicipality, UnknownTopic or TopicClosed; OutsideThePool where the municipality is no member and the
    policy refuses those, whatever the channel: nobody would answer; and for those who ring or chat Closed or QueueFull,
    which say when it opens and that a callback may be had. Written inquiries are taken at any hour and of any age.
    """
    is_outside = not directory.is_member(request.municipality, now)
    if is_outside and (request.municipality not in directory.municipalities or not directory.members(now)):
        raise UnknownMunicipality(request.municipality)
    if not is_taken_in(is_outside, policy):
        raise OutsideThePool(callback=False)
    for slug in filter(None, (request.topic, request.topic_hint.topic if request.topic_hint else None)):
        topic = directory.topics.get(slug)
        if topic is None:
            raise UnknownTopic(slug)
        if not topic.open and slug == request.topic:
            raise TopicClosed(slug)
    if request.channel not in LIVE_CHANNELS:
        return
    opens_at = directory.opening(request.municipality, now, request.topic)
    if opens_at is not None:
        raise Closed(f"it opens {danish(opens_at):%d.%m. %H:%M}", **_when(opens_at))
    limit = next((one.queue_limit for one in directory.collaborations_of(request.municipality, now)), None)
    if limit is not None and waiting >= limit:
        raise QueueFull(**_when(None))


def _when(opens_at: datetime | None) -> dict[str, Any]:
    return {"opens_at": danish(opens_at).isoformat() if opens_at else None, "callback": True}
