"""The list of words that the secretariat keeps: what is added, what is taken out, and what counts by now."""

from datetime import datetime

from sqlalchemy import text
from sqlmodel import Session, col, select

from hotline.classification.errors import BadWord, KnownWord, NoSuchWord
from hotline.classification.examples import keywords
from hotline.classification.models import TopicWord
from hotline.classification.words import stems
from hotline.db import on_behalf_of, rows_changed
from hotline.text import readable

MOST = 200  # words that count at a time: what all of them take of a text's reading is not to be felt
LONGEST, MOST_STEMS, SHORTEST = 60, 5, 3  # characters, words of a phrase, letters
WEIGHTS = (0.5, 1.0, 1.5)

# A word that is there already, or one more than there may be, is not added.
ADD = text("""
    INSERT INTO topic_word (topic, word, said, weight)
    SELECT :topic, :word, :said, :weight
    WHERE (SELECT count(*) FROM topic_word WHERE removed_at IS NULL) < :most
    ON CONFLICT (said) WHERE removed_at IS NULL DO NOTHING
""")
REMOVE = text("""
    UPDATE topic_word SET removed_at = :now, removed_by = :who WHERE id = :id AND removed_at IS NULL
""")
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('hotline words'))")


def listed(session: Session) -> list[TopicWord]:
    """Those that are not taken out, by topic and word."""
    there = select(TopicWord).where(col(TopicWord.removed_at).is_(None))
    return list(session.exec(there.order_by(col(TopicWord.topic), col(TopicWord.word))).all())


def topics_of_words() -> frozenset[str]:
    """The topics that words may point to: those that the reader was trained for."""
    return frozenset(one.topic for one in keywords())


def add_word(session: Session, topic: str, word: str, weight: float) -> None:
    """From now on this word points to that topic, once a worker has found that nothing is read worse by it.

    Raises BadWord; KnownWord where it is there already, also in another form, or the list is full.
    """
    written = " ".join(readable(word).split())
    said = stems(written)
    long_enough = sum(map(str.isalpha, written)) >= SHORTEST and len(written) <= LONGEST and len(said) <= MOST_STEMS
    if not said or not long_enough or weight not in WEIGHTS or topic not in topics_of_words():
        raise BadWord(fewest=SHORTEST, longest=LONGEST, words=MOST_STEMS)
    session.execute(ONE_AT_A_TIME)
    facts = {"topic": topic, "word": written, "said": " ".join(said), "weight": weight, "most": MOST}
    if rows_changed(session, ADD, facts) != 1:
        raise KnownWord(word=written, most=MOST)


def remove_word(session: Session, number: int, now: datetime) -> None:
    """It points to nothing any more; that it did, until when and by whom, stays. Raises NoSuchWord."""
    if rows_changed(session, REMOVE, {"id": number, "now": now, "who": on_behalf_of(session)}) != 1:
        raise NoSuchWord(number=number)
