"""Let agents and keys read of other people only what the desk shows: not why a colleague is on a break, nor who is.

What is counted over everybody, such as a place in the queue, is counted by the hotline and told as a number.
"""

from alembic import op

revision = "20261122_colleagues"
down_revision = "20261122_marked_names"
branch_labels = None
depends_on = None

DOOR, CONSOLE, SECRETARIAT, INTEGRATOR = "hotline_door", "hotline_console", "hotline_secretariat", "hotline_integrator"
AGENT, TEAM_LEAD = "hotline_agent", "hotline_team_lead"
ME = "(SELECT nullif(current_setting('hotline.person', true), '')::bigint)"
MINE = "(SELECT nullif(current_setting('hotline.municipality', true), ''))"
# Who wrote a note on what is in my hands stands beside it. From those few inquiries to their notes: quick for anybody.
WROTE_TO_ME = (
    "EXISTS (SELECT 1 FROM inquiry i JOIN note n ON n.inquiry_id = i.id"
    f" WHERE i.agent_id = {ME} AND i.state IN ('handling', 'wrapping') AND n.agent_id = person.id)"
)
OF_MY_AGENT = "EXISTS (SELECT 1 FROM agent a WHERE a.id = agent_skill.agent_id)"  # by the policies of agent

# (table, the policy that let everybody read, who keeps that, then who reads what instead)
BEFORE = (
    ("person", "read_5", f"{DOOR}, {CONSOLE}, {AGENT}, {TEAM_LEAD}, {SECRETARIAT}, {INTEGRATOR}"),
    ("agent", "read_7", f"{DOOR}, {CONSOLE}, {AGENT}, {TEAM_LEAD}, {SECRETARIAT}, {INTEGRATOR}"),
    ("agent_skill", "read_8", f"{CONSOLE}, {AGENT}, {TEAM_LEAD}, {SECRETARIAT}, {INTEGRATOR}"),
)
AFTER = {
    "person": f"{DOOR}, {CONSOLE}, {SECRETARIAT}",
    "agent": f"{CONSOLE}, {SECRETARIAT}",
    "agent_skill": f"{CONSOLE}, {SECRETARIAT}",
}
INSTEAD = (
    ("person", "read_own", f"{AGENT}, {TEAM_LEAD}", f"id = {ME} OR {WROTE_TO_ME}"),
    ("person", "read_team", TEAM_LEAD, f"municipality = {MINE}"),
    ("agent", "read_own", f"{AGENT}, {TEAM_LEAD}", f"id = {ME}"),
    ("agent", "read_team", TEAM_LEAD, f"municipality = {MINE}"),
    ("agent_skill", "read_own", f"{AGENT}, {TEAM_LEAD}", OF_MY_AGENT),
)


def upgrade() -> None:
    """Narrow the three policies, and add what is left to read."""
    for table, policy, _ in BEFORE:
        op.execute(f"ALTER POLICY {policy} ON {table} TO {AFTER[table]}")
    for table, policy, readers, condition in INSTEAD:
        op.execute(f"CREATE POLICY {policy} ON {table} FOR SELECT TO {readers} USING ({condition})")


def downgrade() -> None:
    """Back to everybody who is somebody."""
    for table, policy, *_ in INSTEAD:
        op.execute(f"DROP POLICY {policy} ON {table}")
    for table, policy, readers in BEFORE:
        op.execute(f"ALTER POLICY {policy} ON {table} TO {readers}")
