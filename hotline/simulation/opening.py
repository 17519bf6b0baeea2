"""How far each inquiry that waits in a simulation is open to others than its own municipality."""

from collections.abc import Iterable
from dataclasses import replace

from hotline.routing import rings
from hotline.routing.cover import Cover
from hotline.routing.model import Inquiry
from hotline.routing.rings import Agreement, Opening


class Openings:
    """The rings of what waits, by the agreements of a scenario; without any, everybody may answer everybody."""

    def __init__(self, agreements: tuple[Agreement, ...] | None) -> None:
        self._agreements = agreements
        self._of: dict[str, tuple[Opening, ...]] = {}

    def begin(self, inquiry: Inquiry, now: float, cover: Cover) -> Inquiry:
        """The inquiry as it comes, with whose agents may ever answer it and whose may at once."""
        if self._agreements is None or inquiry.is_outside:
            return inquiry
        home = inquiry.municipality
        self._of[inquiry.id] = rings.begin(home, inquiry.topic, inquiry.queued_at, self._agreements)
        everyone = rings.answered_by(home, self._of[inquiry.id])
        return self.widen(replace(inquiry, answered_by=everyone), now, cover)

    def widen(self, inquiry: Inquiry, now: float, cover: Cover) -> Inquiry:
        """The inquiry with whose agents may answer it by now."""
        home, topic, language = inquiry.municipality, inquiry.topic, inquiry.language
        if inquiry.id not in self._of:
            return inquiry
        openings = tuple(
            rings.widen(one, home, lambda codes: cover.serves(codes, topic, language), now)
            for one in self._of[inquiry.id]
        )
        self._of[inquiry.id] = openings
        return replace(inquiry, open_to=rings.open_to(home, openings))

    def widens_at(self, inquiry: str) -> float | None:
        """When it is opened further at the latest; None where it never is."""
        times = (rings.widens_at(one) for one in self._of.get(inquiry, ()))
        return min((at for at in times if at < float("inf")), default=None)

    def stale(self, waiting: Iterable[Inquiry], cover: Cover, now: float) -> list[Inquiry]:
        """Those of what waits that are further open than they know."""
        if self._agreements is None:
            return []
        held = [one for one in waiting if self.widens_at(one.id) is not None]
        return [one for one in held if self.widen(one, now, cover).open_to != one.open_to]

    def forget(self, inquiry: str) -> None:
        """It waits no longer."""
        self._of.pop(inquiry, None)
