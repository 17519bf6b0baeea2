"""A new key while the hotline runs: everything stays readable, nothing is lost, and the old key goes when it may."""

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select
from typer.testing import CliRunner

from hotline.clock import now
from hotline.inquiries.models import Citizen
from hotline.privacy import ring, vault
from hotline.privacy.models import KeptCpr
from hotline.privacy.reseal import BATCH, TABLES, reseal, sealed_with
from hotline.resources import ROOT
from hotline.settings import settings
from tests.builders import HJORRING, Api, a_key, a_pool, a_waiting_inquiry
from tests.building import owner, transaction
from tests.cli.commands import app
from tests.waiting import until
from workers import reseal as worker

FIELDS = {"name": "Karla Opdigtet", "phone": "+4520123456", "email": "karla@example.org", "cpr": "010165-1237"}


def keys(*arguments):
    done = CliRunner().invoke(app, ["keys", *arguments])
    return done.exit_code, done.stdout, done.stderr


def many(count):
    """So many citizens and as many numbers kept of texts."""
    first = a_waiting_inquiry(state="closed")
    columns = (
        "reference, integrator_id, channel, municipality, state, priority, priority_given, received_at, queued_at, text"
    )
    copy = (
        f"INSERT INTO inquiry (id, {columns}) SELECT gen_random_uuid(), {columns} FROM inquiry, generate_series(2, :n)"
    )
    with owner().begin() as connection:
        connection.execute(text(f"{copy} WHERE id = :first"), {"n": count, "first": first})
    with transaction() as session:
        ids = session.execute(text("SELECT id FROM inquiry")).scalars().all()
        sealed = {name: vault.seal(value, name) for name, value in FIELDS.items()}
        session.add_all(Citizen(inquiry_id=one, **sealed) for one in ids)
        number = vault.seal("010165-1237", "kept_cpr")
        session.add_all(KeptCpr(inquiry_id=one, n=1, place="text", position=0, sealed=number) for one in ids)
    assert len(ids) == count


def all_readable():
    """How many rows there are; fails where one of them cannot be read."""
    with transaction() as session:
        citizens, numbers = session.exec(select(Citizen)).all(), session.exec(select(KeptCpr)).all()
    for citizen in citizens:
        for name, value in FIELDS.items():
            sealed = getattr(citizen, name)
            assert sealed is None or vault.unseal(sealed, name) == value
    for number in numbers:
        assert vault.unseal(number.sealed, "kept_cpr") == "010165-1237"
    return len(citizens), len(numbers)


def left():
    with transaction() as session:
        return sealed_with(session)


def test_a_new_key_seals_from_its_moment_on_and_not_before(tmp_path):
    path = tmp_path / "keys.json"
    ring.make(path)
    assert ring.rotate(path, now() + timedelta(seconds=10)) == 2
    held = ring.load(path)
    assert (held.sealing(now()), held.sealing(now() + timedelta(seconds=11))) == (1, 2)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir() if one.name not in ("keys.json", ".keys.json.lock")] == []


def test_a_key_outlasts_a_power_cut_before_anything_is_sealed_with_it(tmp_path, monkeypatch):
    file, fsync, written = tmp_path / "ring.json", os.fsync, []

    def watched(descriptor):
        if os.fstat(descriptor).st_ino == tmp_path.stat().st_ino:
            written.append(file.stat().st_ino)  # the ring that the folder names when the folder goes to disk
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    ring.make(file)
    first = file.stat().st_ino
    ring.rotate(file, now())
    assert written == [first, file.stat().st_ino]


def test_the_ring_is_read_anew_when_its_file_changes_and_kept_while_it_is_away(database):
    sealed = vault.seal("Karla", "name")
    ring.rotate(settings().key_ring, now())
    assert vault.seal("Karla", "name")[1] == 2 and vault.unseal(sealed, "name") == "Karla"
    settings().key_ring.rename(settings().key_ring.with_name("away.json"))
    assert vault.unseal(sealed, "name") == "Karla"


def test_resealing_leaves_nothing_of_the_old_key_and_a_second_run_changes_nothing(with_facts):
    many(BATCH + 50)
    assert left() == {1: 5 * (BATCH + 50)}
    ring.rotate(settings().key_ring, now())
    worker.run()
    assert left() == {2: 5 * (BATCH + 50)} and all_readable() == (BATCH + 50, BATCH + 50)
    rows = "SELECT string_agg(encode(name, 'hex'), '' ORDER BY inquiry_id) FROM citizen"
    with owner().connect() as connection:
        before = connection.execute(text(rows)).scalar_one()
        worker.run()
        assert connection.execute(text(rows)).scalar_one() == before


def test_what_changes_between_reading_and_writing_is_not_overwritten(with_facts):
    many(3)
    ring.rotate(settings().key_ring, now())
    renamed = vault.seal("Karla Gift", "name")
    with owner().connect() as other, transaction() as session:
        other.execute(text("UPDATE citizen SET name = :name"), {"name": renamed})
        committing = threading.Timer(0.5, other.commit)
        committing.start()
        reseal(session, TABLES[0], None)  # waits for the other, then finds other bytes than it read
        committing.join()
    with transaction() as session:
        assert {vault.unseal(one.name, "name") for one in session.exec(select(Citizen)).all()} == {"Karla Gift"}


def test_a_field_that_no_key_opens_is_left_and_does_not_stop_the_rest(with_facts):
    many(4)
    with owner().begin() as connection:
        broken = "UPDATE citizen SET name = set_byte(name, 20, 0) || '\\x00' WHERE inquiry_id ="
        connection.execute(text(f"{broken} (SELECT inquiry_id FROM citizen ORDER BY inquiry_id LIMIT 1)"))
    ring.rotate(settings().key_ring, now())
    worker.run()
    assert left() == {1: 4, 2: 16}


def test_an_old_key_goes_only_when_nothing_is_sealed_with_it(with_facts):
    many(2)
    assert keys("rotate", "--in", "0")[0] == 0
    code, _, err = keys("retire", "1")
    assert code == 1 and "10 fields are sealed with key 1" in err
    worker.run()
    assert keys("status")[1].splitlines() == ["key 1: 0 fields, old", "key 2: 10 fields, seals now"]
    code, _, err = keys("retire", "1")
    assert code == 1 and "a minute ago" in err
    body = json.loads(settings().key_ring.read_text())
    body["begins"]["2"] = (now() - timedelta(seconds=90)).isoformat()
    settings().key_ring.write_text(json.dumps(body))
    assert keys("retire", "2")[0] == 1 and keys("retire", "7")[0] == 1
    assert keys("retire", "1") == (0, "key 1 is gone\n", "")
    assert vault.key_ring().keys.keys() == {2} and all_readable() == (2, 2)


def test_a_worker_killed_in_the_middle_loses_nothing_and_the_next_goes_on(with_facts):
    many(4 * BATCH)
    ring.rotate(settings().key_ring, now())
    for batch in (1, 2):
        with held(batch * BATCH + BATCH // 2):
            process = subprocess.Popen(
                [sys.executable, "-c", "from workers import reseal; reseal.run()"],
                cwd=ROOT,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
            )
            until(lambda sealed=4 * BATCH * batch: left().get(2) == sealed, "a batch is resealed")
            process.send_signal(signal.SIGKILL)
            assert process.wait(60) == -signal.SIGKILL
        assert left() == {1: 4 * BATCH * (5 - batch), 2: 4 * BATCH * batch}
        assert all_readable() == (4 * BATCH, 4 * BATCH)
    while worker.run():  # a turn is two seconds, and so many rows may take longer
        pass
    assert left() == {2: 5 * 4 * BATCH} and all_readable() == (4 * BATCH, 4 * BATCH)


@contextmanager
def held(place):
    """Somebody changes the citizen at this place in the order of the batches, and nobody gets past them."""
    with owner().begin() as other:
        one = "(SELECT inquiry_id FROM citizen ORDER BY inquiry_id OFFSET :place LIMIT 1)"
        other.execute(text(f"SELECT FROM citizen WHERE inquiry_id = {one} FOR UPDATE"), {"place": place})
        yield


@pytest.mark.parametrize("rotations", [3])
def test_keys_rotate_under_load_and_every_inquiry_stays_readable(web, rotations):
    a_pool(keep_cpr=True)
    key, stop, taken, wrong = a_key(), threading.Event(), [], []

    def citizens():
        pbx = Api(web, key)
        while not stop.is_set():
            said = {"channel": "web", "municipality": HJORRING, "text": "nr 010165-1237", "citizen": FIELDS}
            answer = pbx.post("/inquiries", json=said)
            (taken if answer.status_code == 201 else wrong).append(answer.text)

    def some_more():
        enough = len(taken) + 10
        until(lambda: len(taken) >= enough or wrong, "ten more came in")

    threads = [threading.Thread(target=citizens) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(2, rotations + 2):
        some_more()
        assert ring.rotate(settings().key_ring, now()) == number
        worker.run()
    some_more()
    stop.set()
    for thread in threads:
        thread.join(60)
    assert wrong == []
    assert all_readable() == (len(taken), len(taken))
    worker.run()
    assert left() == {rotations + 1: 5 * len(taken)}


def test_a_row_that_breaks_a_rule_of_the_database_holds_up_no_other_one(with_facts):
    many(3)
    with transaction() as session:
        poison = session.execute(text("SELECT inquiry_id FROM citizen ORDER BY inquiry_id LIMIT 1")).scalar_one()
    with owner().begin() as connection:
        connection.execute(text(f"UPDATE citizen SET name = NULL WHERE inquiry_id = '{poison}'"))
        rule = f"inquiry_id <> '{poison}' OR get_byte(phone, 1) = 1"
        connection.execute(text(f"ALTER TABLE citizen ADD CONSTRAINT poison CHECK ({rule})"))
    ring.rotate(settings().key_ring, now())
    worker.run()
    with transaction() as session:
        assert session.execute(text("SELECT item FROM set_aside")).scalars().all() == [f"citizen {poison}"]
    assert left() == {1: 3, 2: 4 * 2 + 3}
