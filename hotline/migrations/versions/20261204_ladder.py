"""Sum days, months and years up as wholes, and keep how long citizens waited and who answered first for whom."""

import sqlalchemy as sa
from alembic import op

revision = "20261204_ladder"
down_revision = "20261203_one_promise"
branch_labels = None
depends_on = None

COUNTS = (
    "offered", "answered", "answered_in_target", "abandoned", "abandoned_in_target", "short_abandoned", "callbacks",
    "handed_over", "transferred", "closed", "resolved_first_contact", "wait_seconds", "talk_seconds", "wrap_seconds",
    "offers_made", "offers_refused", "offers_lapsed", "answered_by_others", "answered_for_others",
)  # fmt: skip
EXCHANGED = ("answered", "inquiries", "talk_seconds", "wrap_seconds")
INTERVAL_KEYS, EXCHANGE_KEYS = ("municipality", "topic", "channel"), ("home", "answering")
RUNGS = ("day", "month", "year")
ANEW = ("", "_anew")


def _make(name: str, keys: tuple[str, ...], counts: tuple[str, ...]) -> None:
    op.create_table(
        name,
        sa.Column("rung", sa.Text, primary_key=True),
        sa.Column("start", sa.DateTime(timezone=True), primary_key=True),
        *(sa.Column(key, sa.SmallInteger if key == "bucket" else sa.Text, primary_key=True, autoincrement=False)
          for key in keys),
        *(_count(count) for count in counts),
    )  # fmt: skip


def _count(name: str) -> sa.Column:
    kind = sa.Double if name.endswith("_seconds") else sa.BigInteger
    return sa.Column(name, kind, nullable=False, server_default=sa.text("0"))


def _sum_up(table: str, into: str, keys: tuple[str, ...], counts: tuple[str, ...]) -> None:
    for rung in RUNGS:
        op.execute(f"""
            INSERT INTO {into} (rung, start, {", ".join(keys)}, {", ".join(counts)})
            SELECT '{rung}', date_trunc('{rung}', start, 'Europe/Copenhagen'), {", ".join(keys)},
                   {", ".join(f"sum({count})" for count in counts)}
            FROM {table} GROUP BY 2, {", ".join(keys)}
        """)


def upgrade() -> None:
    """The sums that are there, summed up; waits and first answers are counted from now on, or by a rebuild."""
    for anew in ANEW:
        _make(f"long_sum{anew}", INTERVAL_KEYS, COUNTS)
        _make(f"long_exchange_sum{anew}", EXCHANGE_KEYS, EXCHANGED)
        _make(f"wait_sum{anew}", ("municipality", "channel", "bucket"), ("waited",))
        for count in ("answered", "wrap_seconds"):
            op.add_column(f"exchange_sum{anew}", _count(count))
        for count in ("inquiries", "talk_seconds"):
            op.alter_column(f"exchange_sum{anew}", count, server_default=sa.text("0"))
    op.create_index("long_sum_of_municipality", "long_sum", ["municipality", "rung", "start"])
    op.create_index("long_exchange_sum_home", "long_exchange_sum", ["home", "rung", "start"])
    op.create_index("long_exchange_sum_answering", "long_exchange_sum", ["answering", "rung", "start"])
    op.create_index("wait_sum_of_municipality", "wait_sum", ["municipality", "rung", "start"])
    _sum_up("interval_sum", "long_sum", INTERVAL_KEYS, COUNTS)
    _sum_up("exchange_sum", "long_exchange_sum", EXCHANGE_KEYS, EXCHANGED)


def downgrade() -> None:
    """What is kept beside quarters of an hour is lost; a rebuild makes it again."""
    for anew in ANEW:
        for count in ("inquiries", "talk_seconds"):
            op.alter_column(f"exchange_sum{anew}", count, server_default=None)
        for count in ("answered", "wrap_seconds"):
            op.drop_column(f"exchange_sum{anew}", count)
        for table in ("wait_sum", "long_exchange_sum", "long_sum"):
            op.drop_table(f"{table}{anew}")
