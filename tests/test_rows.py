"""Who sees which row is what each room declares in its rows.py, and `hotline migrate` makes it so."""

import pytest
from sqlalchemy import text

from hotline.db import engine
from hotline.migrations.metadata import metadata
from hotline.migrations.rights import apply, differing
from hotline.migrations.run import migrate
from hotline.rows import ALL, AUDIENCES, LOGINS, NOBODY, lines
from tests.building import owner

POLICIES = "SELECT tablename, policyname, permissive, roles::text[], cmd, qual, with_check FROM pg_policies"
WHOLE = """
    SELECT table_name, NULL, grantee, privilege_type FROM information_schema.table_privileges
    WHERE table_schema = 'public' AND grantee <> 'hotline' AND table_name <> 'alembic_version'
"""
BY_COLUMN = """
    SELECT c.relname, a.attname, (g).grantee::regrole::text, (g).privilege_type
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid, aclexplode(a.attacl) g
    WHERE c.relnamespace = 'public'::regnamespace
"""
LOCKS = """
    SELECT relname, mode FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
    WHERE pid = pg_backend_pid() AND relnamespace = 'public'::regnamespace
"""


def policies(connection):
    """Every policy in PostgreSQL's own words."""
    return sorted(str(tuple(row)) for row in connection.execute(text(POLICIES)))


def test_every_table_has_its_lines():
    assert {line.table for line in lines()} == set(metadata.tables)


def test_every_line_is_of_audiences_that_there_are():
    assert {audience for line in lines() for audience in line.audiences} == set(AUDIENCES)
    assert {audience for audiences in LOGINS.values() for audience in audiences} == set(AUDIENCES)


def test_the_policies_of_a_migrated_database_are_the_declared_ones(database):
    declared = {
        (line.table, audience, verb)
        for line in lines()
        for audience in line.audiences
        for verb in line.verbs
        if line.condition != NOBODY
    }
    with owner().begin() as connection:
        found = {
            (row.tablename, role, verb)
            for row in connection.execute(text(POLICIES))
            for role in row.roles
            for verb in (ALL if row.cmd == "ALL" else (row.cmd,))
        }
        assert found == declared
        before = policies(connection)
        for row in connection.execute(text(POLICIES)).all():
            connection.exec_driver_sql(f"DROP POLICY {row.policyname} ON {row.tablename}")
        apply(connection)
        assert policies(connection) == before


def test_the_grants_of_a_migrated_database_are_the_declared_ones(database):
    declared = {
        (line.table, column, audience, verb)
        for line in lines()
        for column in (line.columns.split(", ") if line.columns else [None])
        for audience in line.audiences
        for verb in line.verbs
    }
    with owner().begin() as connection:
        found = {tuple(row) for query in (WHOLE, BY_COLUMN) for row in connection.execute(text(query))}
    assert found == declared


BY_HAND = (
    "ALTER POLICY {citizen} ON citizen USING (true)",
    "ALTER POLICY {note} ON note TO hotline_viewer",
    "DROP POLICY {offer} ON offer",
    "CREATE POLICY mine ON inquiry TO hotline_viewer USING (true)",
    "ALTER TABLE lookup DISABLE ROW LEVEL SECURITY",
    "CREATE TABLE forgotten (id bigint)",
    "GRANT TRUNCATE ON journal TO hotline_work",
    "GRANT SELECT ON credential TO public",
    "GRANT SELECT ON inquiry TO hotline_intake",
    "GRANT UPDATE (password_hash) ON credential TO hotline_door",
    "REVOKE INSERT ON inquiry FROM hotline_intake",
    "REVOKE SELECT (phone_hash) ON citizen FROM hotline_intake",
)


@pytest.mark.parametrize("change", BY_HAND)
def test_what_was_changed_by_hand_is_seen_by_the_application_and_put_right_by_migrating(database, change):
    with owner().begin() as connection:
        before = policies(connection)
        names = {row.tablename: row.policyname for row in connection.execute(text(POLICIES)) if row.cmd == "SELECT"}
        connection.exec_driver_sql(change.format(**names))
    with engine().connect() as connection:
        assert differing(connection) != []
    assert migrate(owner()) != []
    with engine().connect() as connection:
        assert differing(connection) == []
        assert policies(connection) == before


def test_applying_what_is_there_already_locks_no_table(database):
    with owner().begin() as connection:
        assert apply(connection) == []
        assert {mode for _, mode in connection.execute(text(LOCKS))} <= {"AccessShareLock"}


def test_only_the_tables_that_differ_are_locked(database):
    with owner().begin() as connection:
        connection.exec_driver_sql("CREATE POLICY mine ON web_clock TO hotline_viewer USING (true)")
    with owner().begin() as connection:
        [dropped] = apply(connection)
        assert dropped == 'DROP POLICY "mine" ON web_clock'
        locked = {name for name, mode in connection.execute(text(LOCKS)) if mode != "AccessShareLock"}
    assert locked & set(metadata.tables) == {"web_clock"}
