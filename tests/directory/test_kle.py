"""Which KLE numbers a pattern takes in."""

import pytest

from hotline.directory.kle import covers


@pytest.mark.parametrize(
    "pattern, taken_in, left_out",
    [
        ("*", ("23.15.25", "09.13.01"), ()),
        ("23.*", ("23.15.25", "23.09.02"), ("09.13.01", "00.23.00")),
        ("23", ("23.15.25",), ("29.03.12",)),
        ("23.15.*", ("23.15.25", "23.15.15"), ("23.09.02",)),
        ("23.15", ("23.15.25",), ("23.09.02",)),
        ("23.15.25", ("23.15.25",), ("23.15.15",)),
    ],
)
def test_a_kle_constraint_takes_in_its_number_and_all_below_it(pattern, taken_in, left_out):
    assert all(covers(pattern, number) for number in taken_in)
    assert not any(covers(pattern, number) for number in left_out)


@pytest.mark.parametrize("pattern", ["", "2*", "23.1*", "23.15.25.*", "mitid", "23..15", "٢٣.*", "23.*\n"])
def test_what_is_no_kle_pattern_is_refused(pattern):
    with pytest.raises(ValueError):
        covers(pattern, "23.15.25")
