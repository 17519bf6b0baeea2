"""Figures as files that other programs read."""

import csv
import io
from collections.abc import Iterable

from hotline.statistics.models import COUNTS, SECONDS
from hotline.statistics.queries import Row


def csv_of_rows(rows: Iterable[Row]) -> str:
    """The rows as comma-separated text: start (RFC 3339, Danish time), topic (empty for none), channel, every count."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["start", "topic", "channel", *COUNTS])
    for row in rows:
        counts = [round(row.counts[name], 3) if name in SECONDS else row.counts[name] for name in COUNTS]
        writer.writerow([row.start.isoformat(), row.topic or "", row.channel, *counts])
    return text.getvalue()
