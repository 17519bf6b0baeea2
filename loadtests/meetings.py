"""Measures in this process how long an inquiry takes from the citizen's POST to the offer on an agent's stream."""

from locust import events


class Meetings:
    """Pairs the two moments (time.perf_counter) by the inquiry's id; the offer may be seen before the POST answers."""

    def __init__(self) -> None:
        """Nobody has come yet."""
        self._posted: dict[str, float] = {}
        self._seen: dict[str, float] = {}

    def posted(self, inquiry: str, at: float) -> None:
        """The POST of this inquiry began at this moment."""
        self._posted[inquiry] = at
        self._report(inquiry)

    def seen(self, inquiry: str, at: float) -> None:
        """An agent's stream carried the offer; only the first offer of an inquiry counts."""
        self._seen.setdefault(inquiry, at)
        self._report(inquiry)

    def _report(self, inquiry: str) -> None:
        if inquiry in self._posted and inquiry in self._seen:
            took = 1000 * (self._seen[inquiry] - self._posted.pop(inquiry))
            events.request.fire(
                request_type="SSE",
                name="POST to offer on the stream",
                response_time=took,
                response_length=0,
                exception=None,
                context={},
            )


MEETINGS = Meetings()
