"""A database for each test without making one: the test process has two, which are emptied before each test."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import psycopg
from sqlalchemy import NullPool, create_engine
from sqlmodel import Session

from hotline.directory.shipped import seed_facts
from hotline.migrations.run import migrate

BARE, WITH_FACTS = "bare", "facts"

# What a database is like when a test gets it: rows that are there from the beginning have a copy in the schema `kept`,
# and whatever changes its shape, even what is rolled back, leaves a mark.
KEEP = """
CREATE SCHEMA kept;
CREATE SEQUENCE kept.changed;

CREATE FUNCTION kept.mark() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN PERFORM nextval('kept.changed'); END $$;

CREATE FUNCTION kept.tables() RETURNS SETOF name LANGUAGE sql STABLE AS
$$ SELECT tablename FROM pg_tables WHERE schemaname = 'public' $$;

CREATE FUNCTION kept.differs(q text) RETURNS bool LANGUAGE plpgsql AS $$
DECLARE found bool;
BEGIN EXECUTE 'SELECT EXISTS (' || q || ')' INTO found; RETURN found; END $$;

CREATE FUNCTION kept.empty() RETURNS void LANGUAGE plpgsql AS $$
DECLARE one name; large text; there text; was text;
BEGIN
    -- To truncate takes new files for the table, its indexes and all that refer to it, even where those are empty.
    SELECT string_agg(format('public.%I', t), ', ') INTO large FROM kept.tables() t
    WHERE to_regclass('kept.' || quote_ident(t)) IS NULL AND pg_relation_size(format('public.%I', t)) > 8 * 8192;
    IF large IS NOT NULL THEN EXECUTE 'TRUNCATE ' || large || ' CASCADE'; END IF;
    FOR one IN SELECT t FROM kept.tables() t WHERE to_regclass('kept.' || quote_ident(t)) IS NULL LOOP
        EXECUTE format('DELETE FROM public.%I', one);
    END LOOP;
    FOR one IN SELECT t FROM kept.tables() t WHERE to_regclass('kept.' || quote_ident(t)) IS NOT NULL LOOP
        there := format('SELECT r::text FROM public.%I r', one);
        was := format('SELECT r::text FROM kept.%I r', one);
        IF kept.differs(format('(%1$s EXCEPT ALL %2$s) UNION ALL (%2$s EXCEPT ALL %1$s)', there, was)) THEN
            EXECUTE format('DELETE FROM public.%I', one);
            EXECUTE format('INSERT INTO public.%1$I OVERRIDING SYSTEM VALUE TABLE kept.%1$I', one);
        END IF;
    END LOOP;
    PERFORM setval(format('%I.%I', schemaname, sequencename), start_value, false)
    FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$;

DO $$
DECLARE one name;
BEGIN
    FOR one IN SELECT t FROM kept.tables() t WHERE kept.differs(format('TABLE public.%I', t)) LOOP
        EXECUTE format('CREATE TABLE kept.%1$I AS TABLE public.%1$I', one);
    END LOOP;
END $$;

CREATE EVENT TRIGGER mark_change ON ddl_command_end EXECUTE FUNCTION kept.mark();
"""
# Without a time to wait for, since that is looked at ten times a second alone.
CUT_OFF = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND datname = current_database()
"""
# Nothing that is stored here has to outlive the machine.
FORGETFUL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum": "off"}


@dataclass(frozen=True)
class Databases:
    """The databases of one server; `url` is its owner's address of any of them."""

    url: str
    # Kept open for each that is emptied: a new one reads the catalogue first, which takes longer than to empty it.
    _kept: dict[str, psycopg.Connection] = field(default_factory=dict)

    def address(self, name: str) -> str:
        """The owner's address of the database of this name."""
        return self.url.replace("/hotline?", f"/{name}?")

    @contextmanager
    def superuser(self, name: str = "postgres") -> Iterator[psycopg.Connection]:
        """A connection that may do everything, each statement by itself."""
        address = self.address(name).replace("hotline@", "postgres@")
        with psycopg.connect(address, autocommit=True) as connection:
            yield connection

    def make(self) -> None:
        """Migrate a template of each kind, and let the server lose what it has when the machine stops."""
        with self.superuser() as connection:
            for name, value in FORGETFUL.items():
                connection.execute(f"ALTER SYSTEM SET {name} = {value}")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute(f"CREATE DATABASE template_{BARE} OWNER hotline")
        engine = self._engine(f"template_{BARE}")
        migrate(engine)
        with self.superuser() as connection:
            connection.execute(f"CREATE DATABASE template_{WITH_FACTS} OWNER hotline TEMPLATE template_{BARE}")
        with Session(self._engine(f"template_{WITH_FACTS}")) as session:
            seed_facts(session)
            session.commit()
        for kind in (BARE, WITH_FACTS):
            with self.superuser(f"template_{kind}") as connection:
                connection.execute(KEEP)
            self._copy(kind)

    def emptied(self, kind: str) -> str:
        """The address of the database of this kind, in which is nothing that was not there from the beginning.

        Whoever is still connected to it is cut off. Where its shape is another than it was it is made anew.
        """
        connection = self._kept_of(kind)
        while connection.execute(CUT_OFF).rowcount:
            time.sleep(0.001)
        [changed] = connection.execute("SELECT is_called FROM kept.changed").fetchone()
        if not changed:
            connection.execute("SELECT kept.empty()")
        else:
            self._kept.pop(kind).close()
            with self.superuser() as connection:
                connection.execute(f"DROP DATABASE {kind} WITH (FORCE)")
            self._copy(kind)
        return self.address(kind)

    @contextmanager
    def of_its_own(self) -> Iterator[str]:
        """The address of a database to which nothing that an earlier test left behind is connected."""
        with self.superuser() as connection:
            connection.execute("CREATE DATABASE alone OWNER hotline TEMPLATE template_bare STRATEGY wal_log")
        try:
            yield self.address("alone")
        finally:
            with self.superuser() as connection:
                connection.execute("DROP DATABASE alone WITH (FORCE)")

    def _kept_of(self, kind: str) -> psycopg.Connection:
        with suppress(KeyError, psycopg.OperationalError):  # a test may have cut it off
            self._kept[kind].execute("SELECT")
            return self._kept[kind]
        address = self.address(kind).replace("hotline@", "postgres@")
        self._kept[kind] = connection = psycopg.connect(address, autocommit=True)
        connection.execute("SET session_replication_role = replica")  # no trigger and no foreign key holds it up
        return connection

    def _copy(self, kind: str) -> None:
        with self.superuser() as connection:
            connection.execute(f"CREATE DATABASE {kind} OWNER hotline TEMPLATE template_{kind} STRATEGY wal_log")

    def _engine(self, name: str):
        return create_engine(self.address(name).replace("://", "+psycopg://"), poolclass=NullPool)
