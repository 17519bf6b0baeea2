"""Who sees which row: what the reader is taught, which names inquiries, topics and agents alone."""

from hotline.rows import (
    ADD, ALL, CHANGE, SECRETARIAT, SEE, WORK, Line)  # fmt: skip

LINES = (
    Line("topic_example", (WORK,), ALL),
    Line("topic_example", (SECRETARIAT,), (SEE,)),
    Line("lesson", (WORK,), ALL),
    Line("lesson", (SECRETARIAT,), (SEE,)),
    Line("taught", (WORK,), ALL),
    Line("taught", (SECRETARIAT,), (SEE,)),
    Line("reading_day", (WORK,), ALL),
    Line("reading_day", (SECRETARIAT,), (SEE,)),
    # A word is taken out, never deleted: who pointed where from when to when stays.
    Line("topic_word", (WORK,), (SEE,)),
    Line("topic_word", (WORK,), (ADD,), columns="topic, word, said, weight"),
    Line("topic_word", (WORK,), (CHANGE,), columns="state, removed_at, removed_by"),
    Line("topic_word", (SECRETARIAT,), (SEE,)),
)
