"""Who sees which row: what the reader is taught, which names inquiries, topics and agents alone."""

from hotline.rows import (
    ALL, SECRETARIAT, SEE, WORK, Line)  # fmt: skip

LINES = (
    Line("topic_example", (WORK,), ALL),
    Line("topic_example", (SECRETARIAT,), (SEE,)),
    Line("lesson", (WORK,), ALL),
    Line("lesson", (SECRETARIAT,), (SEE,)),
    Line("taught", (WORK,), ALL),
    Line("taught", (SECRETARIAT,), (SEE,)),
    Line("reading_day", (WORK,), ALL),
    Line("reading_day", (SECRETARIAT,), (SEE,)),
)
