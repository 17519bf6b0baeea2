"""Tests that share a demo go to one process, or each process would start one."""

import pytest

from hotline.resources import ROOT
from tests.together import TOGETHER, group_of


@pytest.mark.parametrize("group", TOGETHER)
def test_a_group_is_a_place_that_there_is(group):
    assert (ROOT / group).exists()


def test_whoever_shares_a_demo_goes_together_and_everything_else_by_itself(request):
    of_browsers, of_the_demo, others = set(), set(), []
    for item in request.session.items:
        if "hotline" in item.fixturenames:
            of_browsers.add(group_of(item.nodeid))
        elif item.path == ROOT / "tests/demo/test_demo.py":
            of_the_demo.add(group_of(item.nodeid))
        elif item.path.parent != ROOT / "tests/browser":
            others.append(group_of(item.nodeid))
    assert len(of_browsers) <= 1 and len(of_the_demo) <= 1
    assert len(set(others)) == len(others) > 0
