"""The search for what of a citizen stands in the clear finds it however it is written, and nothing else.

It looks through a whole hotline in tests/demo/test_demo.py.
"""

import base64
import zlib

import pytest

from tests.privacy.leaks import WRITTEN, citizen, cpr, found_in


@pytest.mark.parametrize("number", range(len(WRITTEN)))
def test_the_search_knows_what_it_looks_for_however_it_is_written(number):
    who = citizen(number)
    for field in who.values():
        assert found_in(f"a {field}, b".encode()), field
    assert found_in(f"nummer {cpr(number)}.".encode())
    assert found_in(f"{BEFORE[number % 3]}{cpr(number)}\n".encode())


BEFORE = ("\t", '"', "id=")


def test_the_search_sees_through_every_disguise():
    who = citizen(7)
    for field in (who["name"], who["email"], who["cpr"]):
        for disguised in (
            field.encode().hex().encode(),
            field.encode().hex().upper().encode(),
            field.encode("utf-16-le"),
            zlib.compress(f"a job with {field}".encode()),
            *(base64.b64encode(b"x" * shift + field.encode()) for shift in range(3)),
        ):
            assert found_in(b"before " + disguised + b" after"), (field, disguised)


@pytest.mark.parametrize(
    "harmless",
    [
        b"[CPR]",
        b"2026-11-21 13:09:65.400012+00",
        b"0a1309654000ff",
        b"0.79131234",
        b"\\x791312347913aa",
        b"1309654000123",
        b"01a20036-7913-7913-8001-130965400012",
    ],
)
def test_the_search_takes_nothing_else_for_it(harmless):
    assert found_in(harmless) == []


def test_the_search_takes_no_time_of_day_for_a_number():
    assert found_in(b"2026-11-22 05:27:45.791305+00\t2026-11-22 05:13:09.654321+00\treceived") == []
    assert found_in(f"tlf:79130005 nr:{cpr(0)}".encode()) != []
