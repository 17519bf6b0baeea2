"""What topics and municipalities are called."""

from sqlmodel import Session, select

from hotline.directory.models import Municipality, Topic
from hotline.text import folded


def topic_names(session: Session, language: str) -> dict[str, str]:
    """Every topic's name by its slug, in the alphabet's order; `language` is da or en."""
    names = {topic.slug: topic.name_en if language == "en" else topic.name for topic in session.exec(select(Topic))}
    return in_order(names)


def in_order(names: dict[str, str]) -> dict[str, str]:
    """The same names in the alphabet's order."""
    return dict(sorted(names.items(), key=lambda pair: alphabetical(pair[1])))


def municipality_names(session: Session) -> dict[str, str]:
    """Every municipality's name by its code, in the Danish alphabet's order."""
    found = session.exec(select(Municipality)).all()
    return {one.code: one.name for one in sorted(found, key=lambda one: alphabetical(one.name))}


def alphabetical(name: str) -> tuple[int, ...]:
    """A key that sorts names as the Danish alphabet does: æ, ø, å last, and aa as å."""
    plain = folded(name).lower().replace("aa", "å").replace("ä", "æ").replace("ö", "ø")
    return tuple({"æ": 0xFFF0, "ø": 0xFFF1, "å": 0xFFF2}.get(sign, ord(sign)) for sign in plain)
