"""What PostgreSQL itself lets each audience see: asked in SQL, by the very role that the application signs in as."""

import asyncio
import threading
from contextlib import suppress
from dataclasses import dataclass

import psycopg
import pytest
from psycopg.sql import SQL, Identifier
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from hotline import db as hotline_db
from hotline.access.models import ApiKey
from hotline.access.sessions import token_hash
from hotline.agents.models import AgentWork
from hotline.clock import now
from hotline.console.state import state_of
from hotline.directory.models import Agent, Person
from hotline.handling import actions
from hotline.inquiries.models import Citizen, Inquiry
from hotline.inquiries.notes import Note
from hotline.intake.models import IdempotencyKey
from hotline.offers.actions import accept, refuse
from hotline.privacy.vault import seal
from hotline.queue.run import route
from hotline.settings import settings
from hotline.statistics.rows import OF_ONE, OF_TWO, SUMS
from hotline.tenant import CONSOLE, DOOR, INTAKE, Tenant, at_accounts, at_work
from tests.builders import HJORRING, SKANDERBORG, a_key, a_person, a_pool, a_ready_agent, a_sign_in
from tests.building import accounts, owner, transaction
from tests.conftest import forget
from tests.offers.doing import a_journalled_inquiry, by, offer_of
from tests.statistics.lines import take_all
from tests.waiting import until

AARHUS = "0751"
HOMES = {HJORRING: SKANDERBORG, SKANDERBORG: AARHUS, AARHUS: SKANDERBORG}  # and who answers for them
PEOPLE = ("agent", "team_lead", "viewer", "secretariat")
AUDIENCES = ("work", "door", "intake", "console", "accounts", "retention", "ends", *PEOPLE, "integrator")
OPEN_TO_THE_ROLE = {"alembic_version"}  # says how old the tables are, and nothing about anybody
OF_CITIZENS = ("inquiry", "citizen", "note", "message", "offer", "journal")


@pytest.fixture
def app(database):
    """A connection as the application makes it, outside every transaction of its own."""
    with psycopg.connect(settings().database_url, autocommit=True) as connection:
        yield connection


@dataclass(frozen=True)
class Facts:
    """One closed inquiry for each municipality, by the citizen's municipality: who handed it in, who closed it."""

    inquiries: dict[str, object]
    agents: dict[str, int]
    integrators: dict[str, int]


@pytest.fixture
def facts(with_facts):
    """Citizens of three municipalities, each helped by an agent of another, with a note, figures and sign-ins."""
    a_pool(*HOMES)
    a_sign_in(a_person("viewer", HJORRING))
    found = Facts({}, {}, {})
    for home, answering in HOMES.items():
        with accounts() as session:
            integrator = session.get_one(ApiKey, token_hash(a_key())).integrator_id
        inquiry = a_journalled_inquiry(municipality=home, integrator_id=integrator, age=30)
        agent = a_ready_agent(municipality=answering)
        assert route() == 1
        by(agent, accept, offer_of(inquiry).id)
        with transaction() as session:
            session.add(Citizen(inquiry_id=inquiry, name=seal("Karla Invented", "name")))
            session.add(
                IdempotencyKey(
                    integrator_id=integrator, key="k", body_hash=b"h", inquiry_id=inquiry, answer={}, made_at=now()
                )
            )
        with transaction() as session:
            held, who = session.get_one(Inquiry, inquiry), session.get_one(Agent, agent)
            actions.close(session, held, who, "resolved", "Rang the office", now())
            session.get_one(AgentWork, agent).presence = "break"  # so that the next inquiry goes to the next agent
        found.inquiries[home], found.agents[home], found.integrators[home] = inquiry, agent, integrator
    with Session(owner()) as session:
        take_all(session)
    return found


def tables(connection):
    """The name of every table, view and the like that the hotline has."""
    of_ours = "relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')"
    return {name for (name,) in connection.execute(f"SELECT relname FROM pg_class WHERE {of_ours}").fetchall()}


def filled():
    """The tables that hold something, as their owner counts."""
    with owner().connect() as session:
        names = tables(session.connection.driver_connection)
        return {name for name in names if session.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar_one()}


def seen(connection, entering, table, columns="*"):
    """The rows of a table that are seen after these words of SQL; what may not even be asked shows none."""
    with suppress(psycopg.errors.InsufficientPrivilege), connection.transaction():
        connection.execute(entering)
        return connection.execute(SQL("SELECT {} FROM {}").format(SQL(columns), Identifier(table))).fetchall()
    return []


def column(connection, tenant, table, name):
    """One column of what this tenant sees, as a set."""
    return {value for (value,) in seen(connection, tenant.entering(), table, name)}


def viewer(municipality):
    return Tenant("viewer", "a test", person=0, municipality=municipality)


def test_every_table_decides_row_by_row(app):
    unguarded = app.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND ("
        " (relkind IN ('r', 'p') AND NOT relrowsecurity)"
        " OR (relkind = 'v' AND NOT 'security_invoker=true' = ANY (coalesce(reloptions, '{}')))"
        " OR relkind IN ('m', 'f'))"
    ).fetchall()
    assert {name for (name,) in unguarded} == OPEN_TO_THE_ROLE


def test_a_new_table_without_policies_is_noticed(app):
    with owner().begin() as session:
        session.exec_driver_sql("CREATE TABLE forgotten (id bigint)")
        session.exec_driver_sql("CREATE VIEW overlooked AS SELECT * FROM inquiry")
    with pytest.raises(AssertionError, match=r"forgotten|overlooked"):
        test_every_table_decides_row_by_row(app)


def test_no_function_lends_the_rights_of_its_owner(app):
    lends = app.execute("SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace")
    assert lends.fetchall() == []


def test_the_applications_role_is_nobody(app):
    [found] = app.execute(
        "SELECT current_user, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolinherit FROM pg_roles"
        " WHERE rolname = current_user"
    ).fetchall()
    assert found == ("hotline_app", False, False, False, False, False)
    owned = "SELECT relname FROM pg_class WHERE pg_has_role(current_user, relowner, 'MEMBER')"
    assert app.execute(owned).fetchall() == []
    may = "unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS may"
    for table in tables(app):
        held = app.execute(f"SELECT may FROM {may} WHERE has_table_privilege(current_user, %s, may)", [table])
        assert held.fetchall() == [], table
    [[creates]] = app.execute("SELECT has_schema_privilege(current_user, 'public', 'CREATE')").fetchall()
    assert not creates


def test_the_applications_role_becomes_an_audience_and_nothing_else(app):
    roles = app.execute("SELECT rolname FROM pg_roles WHERE pg_has_role(current_user, oid, 'SET')").fetchall()
    assert {name for (name,) in roles} == {"hotline_app", *(f"hotline_{one}" for one in AUDIENCES)}
    for other in ("hotline", "postgres"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(f"SET ROLE {other}")


def test_without_a_named_user_no_table_shows_a_row(app, facts):
    full = filled() - OPEN_TO_THE_ROLE
    assert {"inquiry", "citizen", "credential", "sign_in_session", "interval_sum", "journal"} <= full
    for table in full:
        assert seen(app, "SELECT 1", table) == [], table
        for audience in AUDIENCES:
            assert seen(app, f"SET LOCAL ROLE hotline_{audience}", table) == [], (table, audience)
            emptied = Tenant(audience, "").entering()  # what a transaction before has left: '' and not null
            assert seen(app, emptied, table) == [], (table, audience)


def test_without_a_named_user_nothing_is_written_either(app, facts):
    full = filled() - OPEN_TO_THE_ROLE
    for audience in AUDIENCES:
        for table in full:
            with suppress(psycopg.errors.InsufficientPrivilege), app.transaction():
                app.execute(f"SET LOCAL ROLE hotline_{audience}")
                assert app.execute(f"DELETE FROM {table}").rowcount == 0, (table, audience)


def test_a_viewer_sees_figures_of_the_own_municipality_alone(app, facts):
    with owner().connect() as session:
        pairs = {tuple(row) for row in session.exec_driver_sql("SELECT home, answering FROM exchange_sum")}
        assert pairs == set(HOMES.items())
    for code in HOMES:
        for table in OF_ONE:
            assert column(app, viewer(code), table, "municipality") == {code}
        for table in OF_TWO:
            mine = {pair for pair in pairs if code in pair}
            assert set(seen(app, viewer(code).entering(), table, "home, answering")) == mine
    assert column(app, viewer("0000"), "interval_sum", "municipality") == set()


def test_a_viewer_sees_nothing_of_citizens_and_of_agents_work(app, facts):
    for table in (*OF_CITIZENS, "presence_change", "agent", "api_key", "integrator"):
        assert seen(app, viewer(HJORRING).entering(), table) == [], table


def test_a_setting_is_a_value_and_never_sql(app, facts):
    for code in ("' OR true --", "0860' OR '1'='1", "\\' OR true --", "0860'; SET ROLE hotline_work; --"):
        assert seen(app, viewer(code).entering(), "interval_sum") == []


def test_an_agent_sees_what_was_in_their_hands_and_nothing_beside_it(app, facts):
    me = Tenant("agent", "a test", person=facts.agents[HJORRING], municipality=SKANDERBORG)
    mine = {facts.inquiries[HJORRING]}
    assert column(app, me, "inquiry", "id") == mine
    for table in ("citizen", "note", "offer", "journal"):
        assert column(app, me, table, "inquiry_id") == mine, table
    for table in SUMS:
        assert seen(app, me.entering(), table) == []


def test_what_was_only_offered_and_not_taken_shows_no_citizen(app, facts):
    with transaction() as session:
        session.get_one(AgentWork, facts.agents[HJORRING]).presence = "available"
    offered = a_journalled_inquiry(municipality=AARHUS, integrator_id=facts.integrators[AARHUS])
    with transaction() as session:
        session.add(Citizen(inquiry_id=offered, name=seal("Bo Invented", "name")))
    assert route() == 1
    me = Tenant("agent", "a test", person=facts.agents[HJORRING], municipality=SKANDERBORG)
    assert offered in column(app, me, "inquiry", "id")
    assert offered not in column(app, me, "citizen", "inquiry_id")
    by(facts.agents[HJORRING], lambda session, agent, at: refuse(session, offer_of(offered).id, agent, None, at))
    assert offered not in column(app, me, "inquiry", "id")


def an_absence(agent_id, reason):
    """Somebody is on a break for a reason of theirs, and may write under a mail address."""
    with accounts() as session:
        agent, person = session.get_one(AgentWork, agent_id), session.get_one(Person, agent_id)
        agent.presence, agent.presence_reason = "break", reason
        person.username = f"{agent_id}@skanderborg.example"


def test_an_agent_reads_of_no_colleague_why_they_are_away_who_they_are_or_what_they_can(app, facts):
    me, *others = facts.agents.values()
    for one in others:
        an_absence(one, "hos lægen")
    mine = Tenant("agent", "a test", person=me, municipality=HOMES[HJORRING])
    assert column(app, mine, "agent_work", "presence_reason") == {None}
    assert column(app, mine, "agent_work", "agent_id") == {me}
    assert column(app, mine, "agent", "id") == column(app, mine, "person", "id") == {me}
    assert column(app, mine, "agent_skill", "agent_id") == {me}
    lead = Tenant("team_lead", "a test", person=0, municipality=HOMES[SKANDERBORG])
    theirs = {facts.agents[SKANDERBORG]}
    for table, key in (("agent", "id"), ("agent_work", "agent_id"), ("agent_skill", "agent_id")):
        assert column(app, lead, table, key) == theirs
    assert column(app, lead, "person", "municipality") == {lead.municipality}
    for table in ("agent", "agent_work", "person", "agent_skill", "presence_change"):
        assert seen(app, Tenant("integrator", "a test", integrator=facts.integrators[HJORRING]).entering(), table) == []


def test_who_wrote_on_what_is_in_my_hands_has_a_name_and_nothing_else(app, facts):
    before, me = facts.agents[HJORRING], facts.agents[SKANDERBORG]
    inquiry = a_journalled_inquiry(municipality=AARHUS, integrator_id=facts.integrators[AARHUS])
    with transaction() as session:
        session.add(Note(inquiry_id=inquiry, person_id=before, at=now(), text="Ringer igen"))
        session.get_one(AgentWork, me).presence = "available"
    mine = Tenant("agent", "a test", person=me, municipality=HOMES[SKANDERBORG])
    assert column(app, mine, "person", "id") == {me}
    assert route() == 1
    assert column(app, mine, "person", "id") == {me}  # an offer shows no note yet
    by(me, accept, offer_of(inquiry).id)
    assert column(app, mine, "person", "id") == {me, before}
    assert column(app, mine, "agent", "id") == {me}
    with hotline_db.transaction(mine) as session:
        [held] = state_of(session, me)["inquiries"]
    with transaction() as session:
        assert [note["by"] for note in held["notes"]] == [session.get_one(Person, before).name]


def test_a_team_lead_sees_the_inquiries_and_figures_of_the_own_municipality(app, facts):
    lead = Tenant("team_lead", "a test", person=0, municipality=HJORRING)
    assert column(app, lead, "inquiry", "municipality") == {HJORRING}
    assert column(app, lead, "interval_sum", "municipality") == {HJORRING}
    for table in ("citizen", "note", "journal"):
        assert column(app, lead, table, "inquiry_id") == {facts.inquiries[HJORRING]}, table
    for home, answering in seen(app, lead.entering(), "exchange_sum", "home, answering"):
        assert HJORRING in (home, answering)


def test_an_integrator_sees_what_it_handed_in_and_nobodys_identity(app, facts):
    key = Tenant("integrator", "a test", integrator=facts.integrators[HJORRING])
    assert column(app, key, "inquiry", "id") == {facts.inquiries[HJORRING]}
    assert column(app, key, "journal", "inquiry_id") == {facts.inquiries[HJORRING]}
    assert column(app, key, "integrator", "id") == {facts.integrators[HJORRING]}
    for table in ("citizen", "note", "offer", "interval_sum", "exchange_sum", "credential", "api_key"):
        assert seen(app, key.entering(), table) == [], table


WAYS_IN = {
    "credential": ("password_hash", {"door", "accounts"}),
    "sign_in_session": ("token_hash", {"door", "accounts"}),
    "oidc_person": ("subject", {"accounts"}),
    "oidc_attempt": ("state_hash", {"door"}),
    "api_key": ("key_hash", {"door", "intake", "accounts"}),
}


def test_only_the_door_and_the_accounts_know_how_people_come_in(app, facts):
    """Nor the hotline at work, which acts for whoever asked and does nearly everything else."""
    with owner().begin() as session:
        session.exec_driver_sql("INSERT INTO oidc_person SELECT 'https://a.example', 'one', min(id), now() FROM person")
        session.exec_driver_sql("INSERT INTO oidc_attempt VALUES ('hash', '/', now())")
    for table, (secret, readers) in WAYS_IN.items():
        for audience in AUDIENCES:
            tenant = Tenant(audience, "a test", person=1, municipality=HJORRING, integrator=1)
            found = len(seen(app, tenant.entering(), table, secret))
            assert (found > 0) == (audience in readers), (table, audience)


def test_the_hotline_at_work_lets_nobody_in_and_makes_no_way_in(app, facts):
    working = at_work("a test").entering()
    for table in WAYS_IN:
        for change in (f"INSERT INTO {table} DEFAULT VALUES", f"DELETE FROM {table}", f"TRUNCATE {table}"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), app.transaction():
                app.execute(working)
                app.execute(change)


def test_the_accounts_know_nothing_of_citizens(app, facts):
    accounts = at_accounts("a test").entering()
    for table in ("citizen", "kept_cpr", "note", "offer", "journal", "lookup", "idempotency_key"):
        assert seen(app, accounts, table) == [], table
    assert seen(app, accounts, "inquiry", "id") == seen(app, accounts, "inquiry", "text") == []
    assert seen(app, accounts, "inquiry", "agent_id") == []  # all of them are closed
    inquiry = a_journalled_inquiry(municipality=HJORRING, integrator_id=facts.integrators[HJORRING])
    with transaction() as session:
        session.get_one(AgentWork, facts.agents[HJORRING]).presence = "available"
    assert route() == 1
    by(facts.agents[HJORRING], accept, offer_of(inquiry).id)
    assert seen(app, accounts, "inquiry", "agent_id, state") == [(facts.agents[HJORRING], "handling")]


def test_what_takes_in_reads_neither_who_asked_before_nor_what_they_wrote(app, facts):
    intake = INTAKE.entering()
    known_again = {facts.inquiries[home] for home in HOMES}
    assert {row[0] for row in seen(app, intake, "inquiry", "id, external_id, state")} == known_again
    assert {row[0] for row in seen(app, intake, "citizen", "inquiry_id, phone_hash")} == known_again
    hidden = {
        "inquiry": ("text", "attributes", "topic_hint", "agent_id", "outcome"),
        "citizen": ("name", "phone", "email", "cpr", "email_hash", "cpr_hash"),
    }
    for table, columns in hidden.items():
        for one in columns:
            assert seen(app, intake, table, one) == [], (table, one)


def test_the_door_may_say_of_a_sign_in_only_that_it_is_used(app, facts):
    for change, may in (("seen_at = now()", True), ("ends_at = 'infinity'", False), ("person_id = 1", False)):
        with suppress(psycopg.errors.InsufficientPrivilege), app.transaction():
            app.execute(DOOR.entering())
            assert (app.execute(f"UPDATE sign_in_session SET {change}").rowcount > 0) == may
            assert may, change


def test_people_and_keys_change_nothing_by_themselves(app, facts):
    """A request may change something only once a guard has allowed it and the hotline acts for whoever asked."""
    full = filled() - OPEN_TO_THE_ROLE
    for audience in (*PEOPLE, "integrator", "console"):
        who = Tenant(audience, "a test", person=facts.agents[HJORRING], municipality=HJORRING, integrator=1)
        for table in full:
            with suppress(psycopg.errors.InsufficientPrivilege), app.transaction():
                app.execute(who.entering())
                assert app.execute(f"DELETE FROM {table}").rowcount == 0, (table, audience)


def test_rows_that_a_query_does_not_see_cannot_be_felt_for_either(app, facts):
    """A function in a condition runs only over rows that the policy lets through: an error would tell of the others."""
    with app.transaction():
        app.execute(viewer(HJORRING).entering())
        felt = "SELECT count(*) FROM interval_sum WHERE 1 / (CASE municipality WHEN '0746' THEN 0 ELSE 1 END) = 1"
        assert app.execute(felt).fetchone()[0] >= 1


REFUSED_BY_THE_TABLES = (
    "UPDATE inquiry SET priority = 9",
    "UPDATE kept_cpr SET sealed = NULL",
    "INSERT INTO idempotency_key SELECT * FROM idempotency_key",
    "UPDATE agent_work SET load = 99",
)


@pytest.mark.parametrize("statement", REFUSED_BY_THE_TABLES)
def test_what_a_table_refuses_is_told_without_the_row(app, facts, statement):
    """PostgreSQL writes an error's detail into its log, and in the detail it would tell the row."""
    with owner().begin() as session:
        number = (
            "INSERT INTO kept_cpr (inquiry_id, n, place, position, sealed) SELECT id, 1, 'text', 0, 's' FROM inquiry"
        )
        session.exec_driver_sql(number)
    with pytest.raises(psycopg.errors.IntegrityError) as refused, app.transaction():
        app.execute(at_work("a test").entering())
        app.execute(statement)
    assert refused.value.diag.message_detail is None


WHO = "SELECT current_user, coalesce(current_setting('hotline.who', true), ''),"
WHO += " coalesce(current_setting('hotline.municipality', true), ''), pg_backend_pid()"


@pytest.fixture
def one_connection(database, monkeypatch):
    """The application's pool, of a single connection, so that whoever comes next gets the same."""
    monkeypatch.setenv("HOTLINE_POOL_SIZE", "1")
    forget()

    def is_nobodys():
        with hotline_db.engine().connect() as connection:
            role, who, municipality, pid = connection.exec_driver_sql(WHO).one()
        assert (role, who, municipality) == ("hotline_app", "", "")
        return pid

    return is_nobodys


def fails_in_the_database(session):
    with pytest.raises(DBAPIError):
        session.connection().exec_driver_sql("SELECT 1/0")
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("ends", "raised"),
    [
        (lambda session: None, None),
        (lambda session: session.rollback(), None),
        (fails_in_the_database, ZeroDivisionError),
        (lambda session: [][1], IndexError),
    ],
    ids=["commit", "rollback", "database error", "error"],
)
def test_whose_a_transaction_was_is_gone_when_the_connection_serves_the_next(one_connection, ends, raised):
    before = one_connection()

    def work():
        with hotline_db.transaction(viewer(HJORRING)) as session:
            row = session.connection().exec_driver_sql(WHO).one()
            assert tuple(row) == ("hotline_viewer", "a test", HJORRING, before)
            ends(session)

    if raised:
        with pytest.raises(raised):
            work()
    else:
        work()
    assert one_connection() == before


def test_a_cancelled_query_leaves_nobody_behind_either(facts, one_connection):
    before = one_connection()
    with hotline_db.transaction(viewer(HJORRING)) as session:
        assert session.connection().exec_driver_sql(WHO).one()[3] == before
        ending = threading.Thread(target=cancels, args=[before])
        ending.start()
        with pytest.raises(DBAPIError, match="canceling statement due to user request"):
            session.connection().exec_driver_sql("SELECT pg_sleep(60)")
        ending.join()
        session.rollback()
    assert one_connection() == before


def cancels(pid):
    """Ends the query of this connection once it sleeps; before that there would be none to end."""
    with psycopg.connect(settings().database_url, autocommit=True) as other:
        asleep = "SELECT FROM pg_stat_activity WHERE pid = %s AND wait_event = 'PgSleep'"
        until(lambda: other.execute(asleep, [pid]).rowcount, "it sleeps")
        other.execute("SELECT pg_cancel_backend(%s)", [pid])


def test_after_a_rollback_in_mid_work_the_same_session_is_the_same_tenants(facts):
    with hotline_db.transaction(viewer(HJORRING)) as session:
        for _ in range(2):
            assert session.connection().exec_driver_sql(WHO).one()[:3] == ("hotline_viewer", "a test", HJORRING)
            session.rollback()


def test_who_has_been_let_in_further_is_so_for_one_request_alone(one_connection):
    with hotline_db.transaction(viewer(HJORRING)) as session:
        hotline_db.act(session)
        assert session.connection().exec_driver_sql("SELECT current_user").scalar_one() == "hotline_work"
        assert session.tenant == at_work("a test", viewer(HJORRING).person)
    one_connection()


LEFT_BEHIND = (
    "SET ROLE hotline_viewer",
    "SET SESSION AUTHORIZATION hotline_app",  # it takes the role away as well
    "SELECT set_config('hotline.who', 'whoever was here', false), set_config('hotline.municipality', '0860', false)",
    "SET hotline.person = '7'; SET statement_timeout = 0; SET search_path = pg_temp",
    "CREATE TEMP TABLE person AS SELECT 7 AS id",  # it would be read instead of ours
    "DECLARE read CURSOR WITH HOLD FOR SELECT 7",
    "SELECT pg_advisory_lock(7)",
    "LISTEN whatever",
)
RULES = "SELECT current_setting('statement_timeout'), current_setting('search_path'), "
RULES += "coalesce(current_setting('hotline.person', true), ''), to_regclass('person') = to_regclass('public.person'),"
RULES += " (SELECT count(*) FROM pg_cursors WHERE is_holdable), (SELECT count(*) FROM pg_listening_channels()),"
RULES += " (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())"
AT_FIRST = ("15s", '"$user", public', "", True, 0, 0, 0)


@pytest.mark.parametrize("left", LEFT_BEHIND)
def test_what_is_said_for_a_whole_connection_ends_when_it_goes_back_to_the_pool(one_connection, left):
    before = one_connection()
    for _ in range(7):  # more often than psycopg waits before it prepares a statement
        with hotline_db.transaction(viewer(HJORRING)) as session:
            session.connection().exec_driver_sql(left)
        assert one_connection() == before
    with hotline_db.engine().connect() as connection:
        assert tuple(connection.exec_driver_sql(RULES).one()) == AT_FIRST


@pytest.mark.parametrize("left", LEFT_BEHIND)
@pytest.mark.parametrize("tenant", [INTAKE, CONSOLE], ids=["intake", "console"])
def test_a_pool_of_an_async_path_forgets_what_was_said_for_a_whole_connection(database, monkeypatch, tenant, left):
    monkeypatch.setenv("HOTLINE_POOL_SIZE", "1")
    settings.cache_clear()

    async def uses():
        async with await hotline_db.open_pool(tenant) as pool:
            before = await pool.fetchrow(WHO)
            async with pool.acquire() as connection:
                await connection.execute(left)
            return before, await pool.fetchrow(WHO), await pool.fetchrow(RULES)

    before, after, rules = asyncio.run(uses())
    assert tuple(before)[:3] == (tenant.role, tenant.user, "") and after == before
    assert tuple(rules) == AT_FIRST


@pytest.mark.parametrize("tenant", [INTAKE, CONSOLE], ids=["intake", "console"])
def test_a_pool_of_an_async_path_stays_its_audiences_and_keeps_no_ones_settings(database, monkeypatch, tenant):
    monkeypatch.setenv("HOTLINE_POOL_SIZE", "1")
    settings.cache_clear()

    async def uses():
        pool = await hotline_db.open_pool(tenant)
        try:
            async with pool.acquire() as connection:
                await connection.execute("SET hotline.person = '7'; SET hotline.municipality = '0860'")
            yield await pool.fetchrow(WHO)
            with suppress(ZeroDivisionError):
                async with pool.acquire() as connection, connection.transaction():
                    await connection.execute("SET LOCAL hotline.municipality = '0860'")
                    raise ZeroDivisionError
            yield await pool.fetchrow(WHO)
            with suppress(TimeoutError):
                async with asyncio.timeout(0.2), pool.acquire() as connection, connection.transaction():
                    await connection.execute("SET LOCAL hotline.municipality = '0860'")
                    await connection.execute("SELECT pg_sleep(20)")
            yield await pool.fetchrow(WHO)
        finally:
            await pool.close()

    async def all_of_it():
        return [tuple(row)[:3] async for row in uses()]

    assert asyncio.run(all_of_it()) == [(tenant.role, tenant.user, "")] * 3


def test_a_person_without_a_municipality_matches_no_row_of_a_municipality(app, facts):
    assert seen(app, viewer(None).entering(), "interval_sum") == []
    assert seen(app, Tenant("team_lead", "a test").entering(), "inquiry") == []
    assert column(app, Tenant("agent", "a test"), "inquiry", "id") == set()
    with transaction() as session:
        assert session.exec(select(Person)).first() is not None
