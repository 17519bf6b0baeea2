"""Nothing of whoever runs the tests leads them elsewhere."""

import os

import pytest

from hotline import db
from hotline.cli.first import call_it
from tests.conftest import forget
from tests.surroundings import leading_astray


@pytest.mark.parametrize("name", ["HOTLINE_POLICY", "HOTLINE_DEMO", "PGPORT", "PGSERVICE", "http_proxy", "ALL_PROXY"])
def test_what_leads_elsewhere_is_left_aside(name):
    assert leading_astray({name: "x"}) == [name]


@pytest.mark.parametrize("name", ["HOTLINE_CHROMIUM", "PATH", "TMPDIR", "TZ", "PYTEST_XDIST_WORKER"])
def test_everything_else_stays(name):
    assert leading_astray({name: "x"}) == []


def test_nothing_of_it_is_left_in_this_process():
    assert leading_astray(os.environ) == []


def test_what_a_command_said_of_its_process_is_taken_back():
    call_it("router")
    db.hold_nothing_longer_than(1)
    forget()
    said = [db.SESSION_OPTIONS[name] for name in ("application_name", "idle_in_transaction_session_timeout")]
    assert said == ["hotline", "30s"]
