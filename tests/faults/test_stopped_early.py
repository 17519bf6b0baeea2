"""Ctrl-C in the first second of the demo, at the moments that tests/demo/test_early_stop.py leaves to this one."""

import pytest

from tests.demo.test_early_stop import one_line_and_nothing_left


@pytest.mark.parametrize(("event", "what", "code"), [("open", "hotline.lock", 0)])
def test_ctrl_c_in_the_first_second_is_one_line_and_leaves_nothing(tmp_path, event, what, code):
    one_line_and_nothing_left(tmp_path, event, what, code)
