"""Topics open and close while the hotline runs; a temporary one is answered by those who can another."""

import re

from sqlalchemy import text
from sqlmodel import Session

from hotline.db import rows_changed
from hotline.directory.errors import BadName, UnknownTopic
from hotline.directory.models import Topic

SLUG = re.compile(r"[a-z][a-z0-9-]{0,59}")
LONGEST_NAME = 100

# Each at their own level at the other topic; who has the skill already keeps it as it is.
GIVE = text("""
    INSERT INTO agent_skill (agent_id, topic, level)
    SELECT agent_id, :slug, level FROM agent_skill WHERE topic = :like
    ON CONFLICT (agent_id, topic) DO NOTHING
""")


def open_topic(
    session: Session, slug: str, name: str | None = None, name_en: str | None = None, like: str | None = None
) -> int:
    """Take in inquiries about this topic from now on; one that there is not yet is made, which needs both names.

    With `like` everybody who has the skill for that topic gets it for this one; how many did not have it. Raises
    UnknownTopic, BadName.
    """
    topic = session.get(Topic, slug, with_for_update=True)
    if topic is None:
        topic = _made(slug, name, name_en)
    other = session.get(Topic, like) if like else None
    if like and other is None:
        raise UnknownTopic(topic=like)
    topic.open = True
    session.add(topic)
    session.flush()
    return rows_changed(session, GIVE, {"slug": slug, "like": like}) if like else 0


def close_topic(session: Session, slug: str) -> None:
    """Take in no more about this topic; what waits is answered by those who have the skill. Raises UnknownTopic."""
    topic = session.get(Topic, slug, with_for_update=True)
    if topic is None:
        raise UnknownTopic(topic=slug)
    topic.open = False
    session.add(topic)


def _made(slug: str, name: str | None, name_en: str | None) -> Topic:
    if name is None or name_en is None:
        raise UnknownTopic(topic=slug)
    names = [" ".join(one.split()) for one in (name, name_en)]
    if not SLUG.fullmatch(slug) or not all(one and len(one) <= LONGEST_NAME and one.isprintable() for one in names):
        raise BadName(longest=LONGEST_NAME)
    return Topic(slug=slug, name=names[0], name_en=names[1])
