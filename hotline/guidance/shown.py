"""A guidance as it is shown: safe HTML, the words to copy, whether its review is due, and the hours of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from hotline.directory.hours import Span
from hotline.guidance import markdown, opening
from hotline.guidance.models import Guidance

COUNTER = "appointment"  # the topic whose hours hold for every other one that has none of its own


@dataclass(frozen=True)
class Shown:
    """One guidance on a page. `today` is when the counter is open, nothing where it is closed, None if not known."""

    topic: str
    municipality: str | None
    html: Markup
    plain: str
    owner: str
    review_by: date
    overdue: bool
    today: Sequence[Span] | None


def shown(one: Guidance, today: date, counter: Guidance | None = None) -> Shown:
    """`one` on this Danish day; `counter` has the hours where it has none itself."""
    hours = opening.on(one.hours, today)
    if hours is None and counter is not None:
        hours = opening.on(counter.hours, today)
    return Shown(
        topic=one.topic,
        municipality=one.municipality,
        html=markdown.html(one.text),
        plain=markdown.plain(one.text),
        owner=one.owner,
        review_by=one.review_by,
        overdue=one.review_by < today,
        today=hours,
    )
