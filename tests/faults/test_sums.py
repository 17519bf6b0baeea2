"""Workers that count, killed whenever it may be: no line of the journal is lost, and none counts twice."""

import random
import signal
import subprocess
import time

import sqlalchemy as sa
from sqlmodel import Session

from hotline.inquiries.states import Event
from hotline.statistics.rebuild import rebuild
from hotline.tenant import at_work
from tests.statistics.lines import lines_of, sums, take_all, total, write_a_day
from tests.statistics.test_summarize import WORKER, a_process, committed, wait_until_all_can_be_taken
from tests.waiting import until


def test_workers_killed_again_and_again_lose_and_double_nothing(db: Session):
    for seed in range(50):
        write_a_day(db, seed, inquiries=2)
        db.commit()
    chance, ends, seed = random.Random(6), [], 50
    while len(ends) < 3 or -signal.SIGKILL not in ends:  # on a busy machine a worker may be done before it is killed
        write_a_day(db, seed, inquiries=2)
        db.commit()
        seed += 1
        with a_process(db, WORKER.format(batch=2)) as worker:
            _wait_for_its_first_sums(db, worker)
            time.sleep(chance.uniform(0, 0.1))
            worker.kill()
            ends.append(worker.wait())
    take_all(db)
    running = sums(db)
    assert total(db)["offered"] == lines_of(db, Event.RECEIVED) == 2 * seed
    wait_until_all_can_be_taken(db)
    assert rebuild(at_work("test")) == db.execute(sa.text("SELECT count(*) FROM journal")).scalar_one()
    db.rollback()
    assert sums(db) == running


def _wait_for_its_first_sums(db: Session, worker: subprocess.Popen[str]) -> None:
    """Until this worker has moved the cursor, or has ended because there was nothing left."""
    cursor = sa.text("SELECT xid FROM journal_cursor")
    before = committed(db, cursor)
    until(lambda: worker.poll() is not None or committed(db, cursor) != before, "it has moved the cursor")
