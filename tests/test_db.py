"""The pool of connections: what is given out works, and is for somebody from its first statement on."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from hotline.db import transaction as transaction_of
from hotline.settings import settings
from hotline.tenant import DOOR, Tenant
from tests.building import engine_of, heard, transaction

ME = text("SELECT pg_backend_pid()")


def test_a_connection_that_ended_in_the_pool_is_replaced_before_anybody_asks_by_it(db):
    with transaction() as session:
        before = session.execute(ME).scalar_one()
    with engine_of(settings().sqlalchemy_url).connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": before})
    with transaction() as session:
        assert session.execute(ME).scalar_one() != before


def test_one_that_did_not_end_is_given_out_again_without_a_word(db):
    with heard() as said:
        for _ in range(3):
            with transaction() as session:
                session.execute(ME)
    assert [statement for statement, _ in said] == [ME.text] * 3


def test_who_may_not_be_entered_reads_nothing_and_leaves_a_connection_that_works(db):
    with pytest.raises(Exception, match="hotline_nobody"), transaction_of(Tenant("nobody", "nobody")) as session:
        session.execute(ME)
    with transaction_of(DOOR) as session, pytest.raises(DBAPIError, match="permission denied"):
        session.execute(text("SELECT FROM inquiry"))
    with transaction() as session:
        assert session.execute(text("SELECT current_user")).scalar_one() == "hotline_work"
