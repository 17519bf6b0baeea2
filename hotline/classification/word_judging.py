"""Whether a new word of the secretariat's is worth taking: nothing that is held out may be read worse by it."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlmodel import Session

from hotline.classification.examples import examples, training_files
from hotline.classification.judgement import figures, judged
from hotline.classification.model import Model
from hotline.classification.models import TaughtState, WordState
from hotline.classification.own_words import OwnWords
from hotline.db import rows_changed

AT_ONCE = 20  # a tenth of a second each
Word = tuple[str, str, float]  # and its topic and weight

LIVE = text("""
    SELECT topic, word, weight FROM topic_word WHERE state = 'live' AND removed_at IS NULL ORDER BY id LIMIT 500
""")
NEW = text(f"""
    SELECT id, topic, word, weight FROM topic_word WHERE state = 'new' AND removed_at IS NULL
    ORDER BY id LIMIT {AT_ONCE}
""")
# Of two workers that judged the same word the first to write has it.
SETTLE = text("UPDATE topic_word SET state = :state WHERE id = :id AND state = 'new'")


def live_words(session: Session) -> tuple[Word, ...]:
    """(word, topic, weight) of those that count."""
    return tuple((row.word, row.topic, row.weight) for row in session.execute(LIVE))


def new_words(session: Session) -> dict[int, Word]:
    """Those of which nobody knows yet whether anything is read worse by them, by their numbers."""
    return {row.id: (row.word, row.topic, row.weight) for row in session.execute(NEW)}


def judge_words(model: Model, live: Sequence[Word], new: dict[int, Word]) -> dict[int, WordState]:
    """What becomes of each new word, beside those that count. Takes seconds, for the training texts are read for it."""
    texts = [one.text for one in examples(training_files())]
    added = OwnWords.of_topics(live, model.topics).of(texts)
    before, states = figures(model, added), {}
    for number, word in new.items():
        beside = added + OwnWords.of_topics([word], model.topics).of(texts)
        after = figures(model, beside)
        states[number] = WordState.LIVE
        if judged(before, after, helped=1)[0] is TaughtState.WORSE:
            states[number] = WordState.WORSE
        else:
            added, before = beside, after
    return states


def settle(session: Session, states: dict[int, WordState]) -> int:
    """Write down what becomes of them; of how many this worker was the first to say it."""
    return sum(rows_changed(session, SETTLE, {"id": one, "state": state}) for one, state in states.items())
