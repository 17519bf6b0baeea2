"""What tests/privacy/cpr/test_growth.py asks of some pairs, asked of all."""

import pytest

from tests.privacy.cpr.test_growth import ATOMS, grows_too_much


@pytest.mark.parametrize("first", ATOMS)
def test_four_times_the_text_takes_no_more_than_its_share_of_work_whatever_two_it_is_made_of(first):
    assert grows_too_much(first, ATOMS[ATOMS.index(first) :]) == []
