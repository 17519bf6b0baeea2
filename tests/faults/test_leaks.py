"""The search of tests/demo/test_demo.py after a longer day with a thousand citizens."""

from tests.demo.running import demo
from tests.privacy.leak_run import run_and_search


def test_after_a_thousand_citizens_nothing_of_them_is_left_in_the_clear(tmp_path):
    with demo(tmp_path, "--web", "2", "--workers", "2") as running:
        assert run_and_search(running, inquiries=1000, seconds=25) == []
