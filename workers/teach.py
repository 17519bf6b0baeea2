"""The lane `teach`: once a night the reader learns from what agents corrected; and how sure it was is counted."""

from hotline.classification.bounded import bounded
from hotline.classification.days import count_days
from hotline.classification.night import is_night, learn_from, new_lessons, write_down
from hotline.classification.reader import reader
from hotline.clock import now
from hotline.db import transaction
from hotline.logs import log
from hotline.tenant import at_work

MOST_SECONDS = 30.0  # of the processor; a thousand lessons take two, two hundred with an embedding some fifteen


def run() -> bool:
    """What was corrected, by a night's first worker; whether there may be more days to count.

    A worker that dies leaves nothing, and ten minutes later another begins anew.
    """
    with transaction(at_work("teach")) as session:
        more = count_days(session, now()) > 0
        lessons = new_lessons(session, reader().model, now()) if is_night(session, now()) else None
    if lessons is not None:
        with bounded(MOST_SECONDS):
            night = learn_from(reader().model, lessons)
        with transaction(at_work("teach")) as session:
            if write_down(session, night, now()):
                log(__name__).info("learned from corrections", state=night.state, lessons=len(night.lessons))
    return more
