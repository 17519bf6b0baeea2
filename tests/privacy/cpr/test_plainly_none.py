"""The short way tells of a text that it holds no number only where the long way finds none."""

from hypothesis import given
from hypothesis import strategies as st

from hotline.demo import citizens
from hotline.privacy.cpr import find, look_through, plainly_none
from tests.privacy.cpr.test_growth import ATOMS
from tests.privacy.cpr.test_texts import texts

WRITTEN = tuple(text for _, _, text in texts())
PARTS = st.sampled_from((*ATOMS, *(word for text in WRITTEN for word in text.split()), ",", " og ", "'", "\u2019"))


def test_no_text_with_a_number_is_passed_over():
    assert not [text for text in WRITTEN if plainly_none(text) and look_through(text)]


def test_most_of_what_citizens_write_is_known_the_short_way():
    without = [one.text for one in citizens.texts() if one.language in ("da", "en") and not find(one.text)]
    assert len([text for text in without if plainly_none(text)]) > 0.8 * len(without)


@given(st.lists(PARTS, max_size=14).flatmap(lambda parts: st.sampled_from(("", " ")).map(lambda gap: gap.join(parts))))
def test_nor_is_one_of_parts_of_such_texts(text):
    assert not (plainly_none(text) and look_through(text))


@given(st.text(st.one_of(st.sampled_from("0123456789 -./'\u2019_&;ø\n"), st.characters()), max_size=40))
def test_nor_one_of_any_signs(text):
    assert not (plainly_none(text) and look_through(text))
