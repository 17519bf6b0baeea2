"""number(): one way of writing whatever exchanges dial by; and whose a number is."""

import re

from sqlmodel import Session, col, select

from hotline.directory import usernames
from hotline.directory.models import Agent, Person
from hotline.integrations.cti.models import AnsweringNumber, CalledNumber
from hotline.privacy import subjects

MOST_DIGITS = 20


def number(said: str) -> str:
    """E.164 where it is a number that somebody can have, with or without its plus; else the digits alone.

    Empty where that is nothing, too long, or a word for a number that is withheld.
    """
    digits = re.sub(r"\D", "", said)
    found = subjects.phone(said)
    if found is None and digits not in subjects.WITHHELD and re.fullmatch(r"[1-9][0-9]{9,14}", said):
        found = subjects.phone(f"+{said}")  # a number of JSON has no plus
    if found is not None:
        return found
    inner = re.sub(r"\D", "", said.partition("@")[0])
    return inner if 0 < len(inner) <= MOST_DIGITS and inner not in subjects.WITHHELD else ""


def of_citizens(session: Session, called: str) -> CalledNumber | None:
    """What is known of a number that citizens ring (written by `number`)."""
    return session.get(CalledNumber, called) if called else None


def agent_of(session: Session, words: tuple[str, ...]) -> Agent | None:
    """The agent whom the first of these words means: by their telephone, their user name or their name.

    A name that two bear means neither.
    """
    for word in words:
        telephone = session.get(AnsweringNumber, number(word)) if number(word) else None
        person_id = telephone.agent_id if telephone else _called(session, word)
        agent = session.get(Agent, person_id) if person_id else None
        if agent is not None and session.get_one(Person, agent.id).active:
            return agent
    return None


def _called(session: Session, word: str) -> int | None:
    if (person := usernames.bearer(session, word)) is not None:
        return person.id
    named = session.exec(select(Person.id).where(col(Person.name) == word, col(Person.active))).all()
    return named[0] if len(named) == 1 else None
