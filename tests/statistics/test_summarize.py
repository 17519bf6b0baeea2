"""The journal becomes sums: each line exactly once, whoever dies, waits or works at the same time."""

import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session
from typer.testing import CliRunner

from hotline.inquiries.states import Event
from hotline.statistics.rebuild import rebuild
from hotline.statistics.summarize import summarize
from hotline.tenant import at_work
from hotline.web.checks import failures
from tests.cli.commands import app
from tests.statistics.lines import MORNING, anything_left, lines_of, sums, take_all, total, write, write_a_day
from tests.waiting import until

ROOT = Path(__file__).resolve().parents[2]
SUMS_AND_HANGS = """
import sys, time
from hotline.db import transaction
from hotline.tenant import at_work
from hotline.statistics.summarize import summarize
with transaction(at_work("test")) as session:
    print(summarize(session), flush=True)
    time.sleep(600)
"""
WORKER = "from workers import summarize; summarize.BATCH = {batch}; summarize.run()"


def test_a_line_is_taken_once(db: Session):
    write_a_day(db, seed=2, inquiries=20)
    db.commit()
    take_all(db)
    before = sums(db)
    assert summarize(db) == 0
    db.commit()
    assert sums(db) == before


def test_later_lines_add_to_the_same_rows(db: Session):
    for _ in range(3):
        write(db, Event.OFFERED)
        db.commit()
        take_all(db)
    [row], exchanged, *_ = sums(db)
    assert total(db)["offers_made"] == 3
    assert row[:4] == (MORNING.replace(minute=0, second=0), "0751", "passport", "phone")
    assert exchanged == []


def test_a_line_that_commits_late_is_not_passed_by(db: Session):
    with Session(db.get_bind()) as slow:
        write(slow, Event.OFFERED)  # this transaction has its number now, and stays open
        write(db, Event.OFFERED)
        db.commit()
        assert summarize(db) == 0
        db.commit()
        assert anything_left(db)
        db.rollback()
        slow.commit()
    take_all(db)
    assert total(db)["offers_made"] == 2


def test_a_transaction_that_is_rolled_back_holds_up_nobody_for_good(db: Session):
    with Session(db.get_bind()) as slow:
        write(slow, Event.OFFERED)
        write(db, Event.REFUSED)
        db.commit()
        slow.rollback()
    take_all(db)
    assert (total(db)["offers_made"], total(db)["offers_refused"]) == (0, 1)


def test_a_transaction_of_many_lines_is_taken_whole(db: Session):
    for _ in range(25):
        write(db, Event.OFFERED)
    db.commit()
    take_all(db, batch=10)
    assert total(db)["offers_made"] == 25


def test_the_second_of_two_workers_waits_and_takes_nothing_twice(db: Session):
    write_a_day(db, seed=3, inquiries=10)
    db.commit()
    wait_until_all_can_be_taken(db)
    taken: list[int] = []

    def second() -> None:
        with Session(db.get_bind()) as session:
            taken.append(summarize(session))
            session.commit()

    first = summarize(db)
    other = threading.Thread(target=second)
    other.start()
    other.join(0.3)
    assert taken == []
    db.commit()
    other.join(60)
    assert (first > 0, taken) == (True, [0])


def test_four_workers_at_once_count_as_one_does(db: Session):
    write_a_day(db, seed=4)
    db.commit()

    def work() -> None:
        with Session(db.get_bind()) as session:
            take_all(session, batch=7)

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
        write_a_day(db, seed=random.Random(4).randrange(99), inquiries=5)
        db.commit()
    for worker in workers:
        worker.join(60)
    take_all(db)
    assert total(db)["offered"] == lines_of(db, Event.RECEIVED) == 80
    assert total(db)["closed"] == lines_of(db, Event.CLOSED)
    assert total(db)["answered"] == lines_of(db, Event.RECEIVED) - lines_of(db, Event.ABANDONED)


def test_a_worker_killed_before_its_commit_leaves_everything_to_the_next(db: Session):
    """One that is killed whenever it may be is tests/faults/test_sums.py."""
    write_a_day(db, seed=5, inquiries=20)
    db.commit()
    wait_until_all_can_be_taken(db)
    with a_process(db, SUMS_AND_HANGS) as hanging:
        assert int(hanging.stdout.readline()) > 0
        hanging.kill()
        hanging.wait()
    assert total(db)["offered"] == 0
    take_all(db)
    assert total(db)["offered"] == 20


def test_the_worker_takes_all_there_is_and_ends(db: Session):
    write_a_day(db, seed=7)
    db.commit()
    wait_until_all_can_be_taken(db)
    with a_process(db, WORKER.format(batch=20)) as worker:
        assert worker.wait(60) == 0
    assert total(db)["offered"] == 60


def test_figures_that_somebody_spoiled_are_those_of_the_journal_again_after_the_command(db: Session):
    write_a_day(db, seed=12, inquiries=20)
    db.commit()
    take_all(db)
    running = sums(db)
    db.execute(sa.text("UPDATE interval_sum SET offered = offered + 7"))
    db.execute(sa.text("DELETE FROM exchange_sum"))
    db.commit()
    wait_until_all_can_be_taken(db)
    done = CliRunner().invoke(app, ["statistics", "rebuild"])
    lines = db.execute(sa.text("SELECT count(*) FROM journal")).scalar_one()
    assert (done.exit_code, done.stdout) == (0, f"counted anew from {lines} lines of the journal\n")
    assert sums(db) == running


def test_figures_go_on_while_they_are_recomputed_and_nothing_of_that_time_is_lost(db: Session):
    write_a_day(db, seed=8, inquiries=10)
    db.commit()
    take_all(db)
    seen = []

    def meanwhile(_: int) -> None:
        write_a_day(db, seed=20 + len(seen), inquiries=5)
        db.commit()
        take_all(db)
        seen.append(total(db)["offered"])

    rebuild(at_work("test"), meanwhile)
    take_all(db)
    assert seen == [15] and total(db)["offered"] == lines_of(db, Event.RECEIVED) == 15
    running = sums(db)
    rebuild(at_work("test"))
    db.rollback()
    assert sums(db) == running


def test_a_line_that_cannot_be_read_stops_none_of_those_after_it(db: Session):
    write(db, Event.CALLBACK, MORNING)
    db.execute(sa.text("UPDATE journal SET event = 'accepted'"))
    write_a_day(db, seed=3, inquiries=10)
    db.commit()
    take_all(db)
    assert total(db)["offered"] == lines_of(db, Event.RECEIVED) == 10
    assert "summarize 1 " in (failures()["set aside"] or "")
    db.execute(sa.text("DELETE FROM journal WHERE event = 'accepted' AND NOT data ? 'first'"))
    db.commit()
    wait_until_all_can_be_taken(db)
    rebuild(at_work("test"))
    assert failures()["set aside"] is None


@pytest.mark.parametrize("taken_before_the_dump", [True, False])
def test_figures_go_on_after_a_restore_into_a_server_with_lower_numbers(db: Session, taken_before_the_dump: bool):
    write_a_day(db, seed=9, inquiries=20)
    db.commit()
    take_all(db)
    if not taken_before_the_dump:
        write_a_day(db, seed=10, inquiries=20)
        db.commit()
    # What a restore brings: every stored number is one that this server will reach in some years.
    higher = "CAST(CAST(CAST(xid AS text) AS bigint) + 1000000000 AS text)"
    db.execute(sa.text(f"UPDATE journal SET xid = CAST({higher} AS xid8)"))
    db.execute(sa.text(f"UPDATE journal_cursor SET xid = {higher}"))
    db.commit()
    write_a_day(db, seed=11, inquiries=20)
    db.commit()
    take_all(db)
    running = sums(db)
    assert total(db)["offered"] == lines_of(db, Event.RECEIVED) == (40 if taken_before_the_dump else 60)
    write(db, Event.CALLBACK, MORNING + timedelta(days=1))
    db.commit()
    take_all(db)
    assert total(db)["callbacks"] == 1
    db.execute(sa.text("DELETE FROM journal WHERE event = 'callback'"))
    db.commit()
    wait_until_all_can_be_taken(db)
    rebuild(at_work("test"))
    db.rollback()
    assert sums(db) == running


@contextmanager
def a_process(db: Session, code: str) -> Iterator[subprocess.Popen[str]]:
    """Another process with this database; killed at the end, if it still lives."""
    url = db.get_bind().url.set(drivername="postgresql").render_as_string(hide_password=False)
    environment = os.environ | {"HOTLINE_DATABASE_URL": url, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until_all_can_be_taken(db: Session) -> None:
    """Until no transaction of any database of this server is older than the journal's last line."""
    behind = sa.text("SELECT count(*) FROM journal WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())")
    until(lambda: committed(db, behind) == 0, "no transaction is older than the journal")


def committed(db: Session, query: sa.TextClause) -> object:
    """The one value that a query gives in a transaction of its own, which is over afterwards."""
    try:
        return db.execute(query).scalar_one_or_none()
    finally:
        db.rollback()
