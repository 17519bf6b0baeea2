"""What speaks for a class of what waits: who is due first. Live and simulated nothing is read but the front of each."""

from collections.abc import Iterable

from hotline.routing.model import Inquiry

MOST_OF_A_CLASS = 20  # so many are read at once
# Topic, language, whether it is a call, to whom it is open by now, whether from outside, for which agent alone.
Class = tuple[str, str, bool, frozenset[str] | None, bool, int | None]


def class_of(inquiry: Inquiry) -> Class:
    """Inquiries of one class wait in one line: what can take the first of them can take the next."""
    return (
        inquiry.topic,
        inquiry.language,
        inquiry.is_call,
        inquiry.open_to,
        inquiry.is_outside,
        inquiry.only_agent,
    )


def lines(inquiries: Iterable[Inquiry]) -> list[list[Inquiry]]:
    """The line of each class, who is due first at its end, where the next one is taken from."""
    found: dict[Class, list[Inquiry]] = {}
    for one in sorted(inquiries, key=lambda one: (one.deadline, one.id), reverse=True):
        found.setdefault(class_of(one), []).append(one)
    return list(found.values())
