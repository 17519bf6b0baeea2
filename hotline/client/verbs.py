"""What can be asked of the hotline, a method each: both clients have them, one answers, one has to be awaited."""

import uuid
from abc import ABC, abstractmethod
from typing import Any, Generic, Literal, TypeVar

Answer = TypeVar("Answer")
Presence = Literal["available", "break", "offline"]


class Verbs(ABC, Generic[Answer]):
    """Every method gives the JSON that docs at /api/docs describe, or raises Problem or Away as `call` does."""

    @abstractmethod
    def call(self, method: str, path: str, body: Any = None, *, key: str | None = None, **query: Any) -> Answer:
        """Any call under /api/v1, for what has no method of its own."""

    def hand_in(self, inquiry: dict[str, Any], key: str | None = None) -> Answer:
        """Take this inquiry in: durable once it is answered, and stored once however often it is tried.

        With a `key` of one's own that is so for later calls, too. Problem as `closed` or `queue-full` where a call
        or a chat cannot be taken in now; `problem["opens_at"]` says when it can.
        """
        return self.call("POST", "/inquiries", inquiry, key=key or uuid.uuid4().hex)

    def inquiry(self, id: str) -> Answer:
        """What became of it: state, place in the queue, timeline."""
        return self.call("GET", f"/inquiries/{id}")

    def inquiries(self, **query: Any) -> Answer:
        """A page of one's own inquiries; `next_cursor` in it leads to the next."""
        return self.call("GET", "/inquiries", **query)

    def abandon(self, id: str) -> Answer:
        """The citizen has hung up. Problem (409) where somebody had answered."""
        return self.call("POST", f"/inquiries/{id}/abandonment")

    def call_back(self, id: str, phone: str, not_before: str | None = None) -> Answer:
        """The citizen hangs up and is rung at this number, from then on (RFC 3339) or as soon as may be."""
        return self.call(
            "POST", f"/inquiries/{id}/callback", {"phone": phone} | ({"not_before": not_before} if not_before else {})
        )

    def write(self, id: str, text: str, key: str | None = None) -> Answer:
        """What the citizen, or the agent who has it, writes of it; stored once however often it is tried."""
        return self.call("POST", f"/inquiries/{id}/messages", {"text": text}, key=key or uuid.uuid4().hex)

    def messages(self, id: str, after: int = 0) -> Answer:
        """What was written since the message of that number."""
        return self.call("GET", f"/inquiries/{id}/messages", after=after)

    def webhook(self, url: str, *events: str) -> Answer:
        """Have these events of one's own inquiries sent there; `secret`, which signs them, is told this once."""
        return self.call("POST", "/webhooks", {"url": url, "events": list(events)})

    def webhooks(self) -> Answer:
        """Where one's events are sent, and how that goes."""
        return self.call("GET", "/webhooks")

    def deliveries(self, webhook: int, **query: Any) -> Answer:
        """A page of what was sent to a webhook and what waits, with each try."""
        return self.call("GET", f"/webhooks/{webhook}/deliveries", **query)

    def end_webhook(self, webhook: int) -> Answer:
        """Nothing more is sent there."""
        return self.call("DELETE", f"/webhooks/{webhook}")

    def me(self) -> Answer:
        """The agent who signed in: presence, offers, and what is in hand."""
        return self.call("GET", "/me")

    def be(self, presence: Presence, reason: str | None = None) -> Answer:
        """Say that one is available, on a break or gone home."""
        return self.call("PUT", "/me/presence", {"state": presence} | ({"reason": reason} if reason else {}))

    def accept(self, offer: int) -> Answer:
        """Take what is offered. Problem (409) where it is gone."""
        return self.call("POST", f"/offers/{offer}/acceptance")

    def refuse(self, offer: int, reason: str | None = None) -> Answer:
        """Leave it to somebody else."""
        return self.call("POST", f"/offers/{offer}/refusal", {"reason": reason} if reason else None)

    def correct(self, id: str, **facts: Any) -> Answer:
        """Put topic, priority or note right."""
        return self.call("PATCH", f"/inquiries/{id}", facts)

    def transfer(self, id: str, topic: str, note: str | None = None) -> Answer:
        """Pass it on to those who know this topic."""
        return self.call("POST", f"/inquiries/{id}/transfer", {"topic": topic} | ({"note": note} if note else {}))

    def wrap_up(self, id: str) -> Answer:
        """The talk is over; what remains is the note."""
        return self.call("POST", f"/inquiries/{id}/wrap-up")

    def close(self, id: str, outcome: str, note: str | None = None) -> Answer:
        """It is done, and how it ended."""
        return self.call("POST", f"/inquiries/{id}/closure", {"outcome": outcome} | ({"note": note} if note else {}))
