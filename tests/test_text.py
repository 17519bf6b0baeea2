"""One way to write what can be written in several."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.text import folded, readable


@pytest.mark.parametrize(
    ("written", "one_way"),
    [
        ("a\u030a A\u030a \u212b", "å Å Å"),
        ("a\u200b\u030a", "å"),
        ("p\u00adas \u2066ny\u2069 \ufefftid\u200d\ufe0f\U000e0061", "pas ny tid"),
        ("ny\u00a0tid\u202fi\u3000dag", "ny tid i dag"),
        ("en\u2028to\u0085tre\r\nfire\tfem", "en\nto\ntre\r\nfire\tfem"),
        ("NUL\x00 og klokke\x07", "NUL og klokke"),
        ("½ ﬂ e\u2011boks Ａ ’", "½ ﬂ e\u2011boks Ａ ’"),
    ],
)
def test_a_letter_is_written_in_one_way_and_what_nobody_sees_is_gone(written, one_way):
    assert folded(written) == one_way


def test_a_reader_sees_what_a_keyboard_types():
    assert readable("ﬂyt e\u2011boks Ａ1 didn’t") == "flyt e-boks A1 didn't"


@given(st.text())
def test_what_is_folded_stays_as_it_is(text):
    assert folded(folded(text)) == folded(text)
    assert unicodedata.is_normalized("NFC", folded(text))


@pytest.mark.parametrize("marks", ["\u0301\u0323", "\u064e\u0651", "\u3099\u0301"])
def test_a_row_of_marks_takes_time_by_its_length_and_not_by_its_square(marks):
    def seconds(length):
        begun = time.thread_time()
        for _ in range(20):
            folded("a" + marks * length)
        return time.thread_time() - begun

    assert seconds(20_000) < 40 * seconds(2_000)
