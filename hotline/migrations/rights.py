"""Carries out hotline/rows.py: roles, grants and policies are afterwards what it says, and nothing beside it.

Only what differs is touched, since a policy that is made anew locks its table against everybody: on a database that is
as declared nothing is written and no table is locked.
"""

from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import Connection, text

from hotline.rows import ADD, AUDIENCES, CHANGE, LOGINS, NOBODY, SEE, Line, lines

Grant = tuple[str, str | None, str, str]  # table, column if not all, role, verb
VERSIONS = "alembic_version"  # how old the tables are: each process may ask, as nobody

ROLES = "SELECT rolname FROM pg_roles WHERE rolname LIKE 'hotline\\_%'"
# Whoever makes a role may give it to others, and by that alone not become it.
MEMBERS = """
    SELECT m.rolname AS who, r.rolname AS role, bool_or(a.set_option AND NOT a.inherit_option) AS right_so
    FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member JOIN pg_roles r ON r.oid = a.roleid GROUP BY 1, 2
"""
OWNER = "SELECT relowner::regrole::text FROM pg_class WHERE oid = CAST(:table AS regclass)"
GRANTS = """
    SELECT c.relname, a.attname, coalesce(r.rolname, 'public'), g.privilege_type
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    CROSS JOIN LATERAL aclexplode(a.attacl) g LEFT JOIN pg_roles r ON r.oid = g.grantee
    WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT c.relname, NULL, coalesce(r.rolname, 'public'), g.privilege_type FROM pg_class c
    CROSS JOIN LATERAL aclexplode(c.relacl) g LEFT JOIN pg_roles r ON r.oid = g.grantee
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
"""
# What PostgreSQL made of a policy, in a word: one that somebody altered by hand has another than its comment says.
POLICIES = """
    SELECT c.relname AS table, p.polname AS name, coalesce(obj_description(p.oid, 'pg_policy'), '') AS said,
           md5(concat_ws('|', p.polcmd, p.polpermissive, p.polroles::regrole[],
                         pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))) AS made
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = 'public'::regnamespace
"""
UNGUARDED = """
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
    AND NOT relrowsecurity AND relname <> :versions ORDER BY 1
"""


def apply(connection: Connection) -> list[str]:
    """Make it so, within the transaction of the connection; the statements that this took, none where it was so."""
    done: list[str] = []
    for step in STEPS:
        for statement in step(connection):
            connection.exec_driver_sql(statement.replace("%", "%%"))
            done.append(statement)
    for policy in connection.execute(text(POLICIES)).all():
        if policy.said != policy.made:
            connection.exec_driver_sql(f"COMMENT ON POLICY {policy.name} ON {policy.table} IS '{policy.made}'")
    return done


def differing(connection: Connection) -> list[str]:
    """What apply() would do now; whoever may sign in may ask."""
    return [statement for step in STEPS for statement in step(connection)]


def _roles(connection: Connection) -> Iterator[str]:
    there = set(connection.execute(text(ROLES)).scalars())
    needed = dict.fromkeys(AUDIENCES, "NOLOGIN") | dict.fromkeys(LOGINS, "LOGIN NOINHERIT")
    for role, kind in needed.items():
        if role not in there:
            yield f"CREATE ROLE {role} {kind} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"


def _members(connection: Connection) -> Iterator[str]:
    """The owner and the logins may become audiences, and inherit nothing from them; the logins become nothing else."""
    have = {(row.who, row.role): row.right_so for row in connection.execute(text(MEMBERS))}
    owner = connection.execute(text(OWNER), {"table": VERSIONS}).scalar_one()
    want = {(login, role) for login, roles in LOGINS.items() for role in roles} | {(owner, role) for role in AUDIENCES}
    for who, role in sorted(have):
        if who in LOGINS and (who, role) not in want:
            yield f"REVOKE {role} FROM {who}"
    for who, role in sorted(want):
        if not have.get((who, role)):
            yield f"GRANT {role} TO {who} WITH INHERIT FALSE, SET TRUE"


def _guards(connection: Connection) -> Iterator[str]:
    for table in connection.execute(text(UNGUARDED), {"versions": VERSIONS}).scalars():
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"


def _taken(connection: Connection) -> Iterator[str]:
    """Before what is given: taking a right to a whole table takes that to single columns as well."""
    for table, column, role, verb in sorted(_granted(connection) - _declared(), key=str):
        yield f"REVOKE {verb}{_of(column)} ON {table} FROM {role}"


def _given(connection: Connection) -> Iterator[str]:
    for table, column, role, verb in sorted(_declared() - _granted(connection), key=str):
        yield f"GRANT {verb}{_of(column)} ON {table} TO {role}"


def _granted(connection: Connection) -> set[Grant]:
    """Of ours and of everybody; what another role was given by the database's owner is the owner's business."""
    ours = {*AUDIENCES, *LOGINS, "public"}
    return {tuple(row) for row in connection.execute(text(GRANTS)) if row[2] in ours}


def _declared() -> set[Grant]:
    found: set[Grant] = {(VERSIONS, None, login, SEE) for login in LOGINS}
    for line in lines():
        columns = line.columns.split(", ") if line.columns else [None]
        found |= {(line.table, name, role, verb) for name in columns for role in line.audiences for verb in line.verbs}
    return found


def _of(column: str | None) -> str:
    return f" ({column})" if column else ""


def _policies(connection: Connection) -> Iterator[str]:
    have = {(row.table, row.name): row.said == row.made for row in connection.execute(text(POLICIES))}
    want = dict(policy for line in lines() if line.condition != NOBODY for policy in _policies_of(line))
    for table, name in sorted(have):
        if (table, name) not in want or not have[table, name]:
            yield f'DROP POLICY "{name}" ON {table}'
    for one, statement in sorted(want.items()):
        if not have.get(one):
            yield statement


def _policies_of(line: Line) -> Iterator[tuple[tuple[str, str], str]]:
    """The policies that a line takes, by table and name: one for each verb, or one for all four."""
    condition, roles = line.condition.format(table=line.table), ", ".join(line.audiences)
    becomes = line.becomes.format(table=line.table) or condition
    for verb in ("ALL",) if len(line.verbs) == 4 else line.verbs:
        sees = "" if verb == ADD else f" USING ({condition})"
        writes = f" WITH CHECK ({becomes})" if verb in ("ALL", ADD, CHANGE) else ""
        rule = f"FOR {verb} TO {roles}{sees}{writes}"
        name = f"{verb.lower()}_{sha256(rule.encode()).hexdigest()[:12]}"
        yield (line.table, name), f"CREATE POLICY {name} ON {line.table} {rule}"


STEPS = (_roles, _members, _guards, _taken, _given, _policies)
