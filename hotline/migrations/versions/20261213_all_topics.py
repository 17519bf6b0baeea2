"""Sum days, months and years up without their topics, too: what a whole pool did in years is read from few rows."""

import sqlalchemy as sa
from alembic import op

revision = "20261213_all_topics"
down_revision = "20261218_messages_handed_over"
branch_labels = None
depends_on = None

KEYS = ("rung", "start", "municipality", "channel")
COUNTS = (
    "offered", "answered", "answered_in_target", "abandoned", "abandoned_in_target", "short_abandoned", "callbacks",
    "handed_over", "transferred", "closed", "resolved_first_contact", "wait_seconds", "talk_seconds", "wrap_seconds",
    "offers_made", "offers_refused", "offers_lapsed", "answered_by_others", "answered_for_others", "rang_again",
)  # fmt: skip


def upgrade() -> None:
    """What is there is summed up."""
    for anew in ("", "_anew"):
        op.create_table(
            f"all_topics_sum{anew}",
            *(
                sa.Column(key, sa.DateTime(timezone=True) if key == "start" else sa.Text, primary_key=True)
                for key in KEYS
            ),
            *(
                sa.Column(
                    count,
                    sa.Double if count.endswith("_seconds") else sa.BigInteger,
                    nullable=False,
                    server_default=sa.text("0"),
                )
                for count in COUNTS
            ),
        )
        keys, summed = ", ".join(KEYS), ", ".join(f"sum({count})" for count in COUNTS)
        op.execute(f"""
            INSERT INTO all_topics_sum{anew} ({keys}, {", ".join(COUNTS)})
            SELECT {keys}, {summed} FROM long_sum{anew} GROUP BY {keys}
        """)
    op.create_index("all_topics_sum_of_municipality", "all_topics_sum", ["municipality", "rung", "start"])


def downgrade() -> None:
    """The sums by topic stay."""
    for anew in ("", "_anew"):
        op.drop_table(f"all_topics_sum{anew}")
