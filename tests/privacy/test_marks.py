"""A name that a program gave keeps telling one thing from another when the numbers in it are gone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.privacy import ring
from hotline.privacy.cpr import TOKEN, find
from hotline.privacy.marks import mark_of, marked
from hotline.settings import settings
from tests.conftest import forget
from tests.privacy.leaks import cpr


@pytest.fixture(scope="module", autouse=True)
def keys(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOTLINE_KEYS_FILE", str(tmp_path_factory.mktemp("ring") / "keys.json"))
        forget()
        ring.make(settings().key_ring)
        yield
    forget()


def test_a_name_without_a_number_stays_as_it_is():
    for name in ("pbx-2026-000123", "+4520123456", "sag 17/2026", "[CPR]"):
        assert marked(name) == name


@pytest.mark.parametrize("said", ["cpr-010165-1237-1", "0101651237", "a 010165-1237, b 020270-1111", "010165 TA1B2"])
def test_what_stood_there_cannot_be_read_and_no_number_is_found_in_a_mark(said):
    shown = marked(said)
    assert shown == marked(said)
    assert shown.count(TOKEN) == len(find(said)) and find(shown) == []
    assert all(one.text not in shown and one.number not in shown for one in find(said))


def test_a_number_that_another_one_hid_is_found_too():
    said = "0101651237O0101651237"
    assert len(find(said)) == 1 and marked(said).count(TOKEN) == 2


def test_every_citizen_has_a_mark_of_their_own():
    said = [f"sag {cpr(number)}" for number in range(1000)]
    assert len({marked(one) for one in said}) == len(set(said))


def test_a_number_written_otherwise_is_another_name_as_it_was_before():
    assert marked("010165-1237") != marked("0101651237")


def test_however_it_is_written_the_same_number_is_found_by_its_mark():
    mark = mark_of("0101651237")
    assert mark_of("010165-1237") == mark != mark_of("0101651238")
    for said in ("010165-1237", "pbx 0101651237", "0101651237O0101651237", "020270-1111 og 010165 1237"):
        assert mark in marked(said) and mark_of("0303031111") not in marked(said)


def test_another_installation_gives_other_marks(tmp_path, monkeypatch):
    here = marked("010165-1237")
    monkeypatch.setenv("HOTLINE_KEYS_FILE", str(tmp_path / "other.json"))
    forget()
    ring.make(settings().key_ring)
    assert marked("010165-1237") != here
    monkeypatch.undo()
    forget()


@given(st.text(max_size=200) | st.text("0123456789012 -.+[CPR]O", max_size=60))
def test_no_name_breaks_it_and_nothing_is_left_to_find(said):
    assert find(marked(said)) == []
