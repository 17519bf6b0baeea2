"""A migrated database is the one that the models describe, checks and indexes included."""

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from hotline.migrations.metadata import metadata
from hotline.migrations.run import config, differences, migrate, missing
from tests.building import owner

CONSTRAINTS = """
    SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c
    WHERE c.connamespace = 'public'::regnamespace AND c.conrelid <> 0 ORDER BY 1, 2
"""
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2"
COLUMNS = """
    SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity, identity_generation
    FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2
"""


def shape(connection):
    """Every column, constraint and index, but for Alembic's own table."""
    found = [tuple(row) for query in (COLUMNS, CONSTRAINTS, INDEXES) for row in connection.execute(text(query))]
    return [row for row in found if row[0] != "alembic_version"]


def test_a_migrated_database_and_a_fresh_one_have_the_same_shape(database):
    with owner().begin() as connection:
        migrated = shape(connection)
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
        metadata.create_all(connection)
        assert shape(connection) == migrated
    assert len(migrated) > 100


def test_after_migrating_nothing_is_missing_and_migrating_again_changes_nothing(database):
    migrate(owner())
    with owner().connect() as connection:
        assert missing(connection) == []
        assert differences(connection) == []


@pytest.mark.parametrize("change", ["ALTER TABLE offer DROP COLUMN answer_reason", "DROP INDEX offer_one_per_inquiry"])
def test_a_database_that_was_changed_by_hand_is_noticed(database, change):
    with owner().connect() as connection:
        connection.execute(text(change))
        assert differences(connection) != []


BEFORE_AGENT_WORK = "20261130_lookup_who"
SOMEBODY = """
    WITH p AS (INSERT INTO person (username, name, role, municipality, active)
               VALUES ('anna', 'Anna', 'agent', '0746', true) RETURNING id)
    INSERT INTO agent (id, municipality, languages, capacity, load, presence, presence_reason, connected, misses)
    SELECT id, '0746', '{da,en}', 4, 2, 'break', 'frokost', true, 1 FROM p
"""


def test_agents_of_a_data_folder_of_before_come_with_their_work(with_facts):
    def to(revision, change=command.upgrade):
        with owner().connect() as connection:
            wanted = config()
            wanted.attributes["connection"] = connection
            change(wanted, revision)
            connection.commit()

    to(BEFORE_AGENT_WORK, command.downgrade)
    with owner().begin() as connection:
        connection.execute(text(SOMEBODY))
    migrate(owner())
    with owner().connect() as connection:
        [agent] = connection.execute(text("SELECT * FROM agent JOIN agent_work ON agent_id = id")).all()
        assert differences(connection) == []
    assert (agent.municipality, agent.languages, agent.capacity, agent.load) == ("0746", ["da", "en"], 4, 2)
    assert (agent.presence, agent.presence_reason, agent.connected, agent.misses) == ("break", "frokost", True, 1)
    with owner().connect() as connection, pytest.raises(IntegrityError, match="agent_not_over_capacity"):
        connection.execute(text("UPDATE agent_work SET load = 5"))
