"""Where the time between a citizen's POST and the offer goes, by the journal of a demo on this machine.

.venv/bin/python loadtests/stages.py .hotline/demo.json [--minutes 5]
"""

import argparse
import json
from pathlib import Path

import psycopg

STAGES = {
    "taken in → classified": "classified - received",
    "classified → offer decided": "offered - classified",
    "taken in → offer decided": "offered - received",
}
FIRST = """
    WITH moment AS (
        SELECT min(at) FILTER (WHERE event = 'received') AS received,
               min(at) FILTER (WHERE event = 'classified') AS classified,
               min(at) FILTER (WHERE event = 'offered') AS offered
        FROM journal GROUP BY inquiry_id
    )
    SELECT count(*), percentile_cont(ARRAY[0.5, 0.9, 0.99]) WITHIN GROUP (ORDER BY 1000 * extract(epoch FROM {stage}))
    FROM moment WHERE offered IS NOT NULL AND received > now() - make_interval(mins => %s)
"""


def main() -> None:
    """Print p50, p90 and p99 of each stage in milliseconds, of what came in within these minutes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("demo", type=Path)
    parser.add_argument("--minutes", type=int, default=5)
    asked = parser.parse_args()
    with psycopg.connect(json.loads(asked.demo.read_text())["owner_url"]) as connection:
        for name, stage in STAGES.items():
            [(count, found)] = connection.execute(FIRST.format(stage=stage), [asked.minutes]).fetchall()
            said = "  ".join(f"{one:8.1f}" for one in found or ())
            print(f"{name:<28} {said}   ({count} inquiries)")


if __name__ == "__main__":
    main()
