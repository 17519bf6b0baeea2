"""The reader as it has been taught by now: the lessons that a night took, topics known by examples, and words."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from hotline.classification import artefact, nearest
from hotline.classification.errors import KnownTopic, NoExample
from hotline.classification.examples import keywords
from hotline.classification.lessons import texts_of
from hotline.classification.model import Model
from hotline.classification.night import supplement
from hotline.classification.own_words import OwnWords
from hotline.classification.reading import LONGEST, Reader
from hotline.classification.word_judging import live_words
from hotline.db import rows_changed
from hotline.text import readable

EXAMPLES = text("""
    SELECT e.topic, i.text FROM topic_example e JOIN inquiry i ON i.id = e.inquiry_id JOIN topic t ON t.slug = e.topic
    WHERE t.open AND i.text <> '' ORDER BY e.topic, i.id LIMIT 1000
""")
LESSONS = text("SELECT lessons FROM taught WHERE state = 'live' AND base = :base ORDER BY id DESC LIMIT 1")
# Of a topic that the model was trained for nothing needs examples; of an inquiry without a text there is none.
SHOW = text("""
    INSERT INTO topic_example (topic, inquiry_id, person_id, at)
    SELECT :topic, i.id, :person, :now FROM inquiry i WHERE i.id = ANY(:ids) AND i.text <> ''
    ON CONFLICT DO NOTHING
""")
# Another one as soon as anything is taught, taken back or erased.
VERSION = text("""
    WITH live AS (SELECT id, lessons FROM taught WHERE state = 'live' AND base = :base ORDER BY id DESC LIMIT 1)
    SELECT (SELECT id FROM live),
           (SELECT count(*) FROM live, jsonb_array_elements(lessons) l JOIN inquiry i ON i.id = (l ->> 0)::uuid
            WHERE i.text <> ''),
           (SELECT md5(string_agg(e.topic || e.inquiry_id, ',' ORDER BY e.topic, e.inquiry_id))
            FROM topic_example e JOIN inquiry i ON i.id = e.inquiry_id JOIN topic t ON t.slug = e.topic
            WHERE t.open AND i.text <> ''),
           (SELECT md5(string_agg(id::text, ',' ORDER BY id)) FROM topic_word
            WHERE state = 'live' AND removed_at IS NULL)
""")


def show_examples(session: Session, topic: str, inquiry_ids: list[UUID], person_id: int | None, now: datetime) -> int:
    """Have the reader take for `topic` what is like these inquiries; how many were not shown before.

    Raises KnownTopic for one that the model was trained for, and NoExample where one of them is none: there is no such
    inquiry, or no text of it any more.
    """
    if topic in {keyword.topic for keyword in keywords()}:
        raise KnownTopic(topic=topic)
    found = texts_of(session, inquiry_ids)
    if missing := [str(one) for one in inquiry_ids if one not in found]:
        raise NoExample(inquiry=missing[0])
    return rows_changed(session, SHOW, {"topic": topic, "ids": inquiry_ids, "person": person_id, "now": now})


def version(session: Session) -> tuple[object, ...]:
    """What has been taught by now, in a word that nothing else has."""
    return tuple(session.execute(VERSION, {"base": artefact.key()}).one())


@dataclass(frozen=True)
class Told:
    """What has been taught, without what has been erased since: lessons as (text, topic, weight), examples, and words.

    Words are (word, topic, weight), too.
    """

    lessons: tuple[tuple[str, str, float], ...]
    examples: dict[str, list[str]]
    words: tuple[tuple[str, str, float], ...] = ()

    def reader(self, model: Model) -> Reader:
        """A reader by this model and all of this; with an embedding it takes as long as reading the lessons does."""
        made = supplement(model, *map(list, zip(*self.lessons, strict=True))) if self.lessons else None
        new = {topic: texts for topic, texts in self.examples.items() if topic not in model.topics}
        words = OwnWords.of_topics(self.words, model.topics) if self.words else None
        return Reader(model, made, nearest.learn(model, new), words)


def told(session: Session) -> Told:
    """What has been taught by now."""
    lessons = session.execute(LESSONS, {"base": artefact.key()}).scalar_one_or_none() or []
    texts = texts_of(session, [UUID(one) for one, *_ in lessons])
    there = ((texts[UUID(one)], topic, weight) for one, topic, weight in lessons if UUID(one) in texts and weight > 0)
    examples: dict[str, list[str]] = defaultdict(list)
    for row in session.execute(EXAMPLES):
        examples[row.topic].append(readable(row.text)[:LONGEST])
    return Told(tuple(there), examples, live_words(session))
