"""A second, simple count of every figure from the journal. It shares nothing with the first but the tables' names.

Plain loops over the lines: no ladder, no batches, no facts. Where the two differ, one of them is wrong.
"""

import json
from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa

COPENHAGEN, UTC = ZoneInfo("Europe/Copenhagen"), ZoneInfo("UTC")
LINES = "SELECT event, at, municipality, coalesce(topic, '') AS topic, channel, answering, data FROM journal"
IN_HAND = ("transferred", "handed_over", "closed", "callback", "released")
COUNTED = {
    "offered": "offers_made", "refused": "offers_refused", "lapsed": "offers_lapsed", "transferred": "transferred",
    "handed_over": "handed_over", "closed": "closed",
}  # fmt: skip


def recounted(session):
    """Every figure that the journal makes, not nought: {(table, name of the count, *key): number}."""
    found = Counter()
    for line in session.execute(sa.text(LINES)):
        _recount(found, line, line.data if isinstance(line.data, dict) else json.loads(line.data))
    return {cell: number for cell, number in found.items() if number}


def kept(session, tables):
    """The same of what stands in the tables of sums."""
    found = {}
    for table in tables:
        keys = [column.name for column in table.primary_key]
        for row in session.execute(sa.select(table)).mappings():
            key = tuple(row[name].astimezone(UTC) if name == "start" else row[name] for name in keys)
            found |= {(table.name, name, *key): row[name] for name in row.keys() - set(keys) if row[name]}
    return found


def _recount(found, line, data):
    def home(name, number=1, at=line.at, where=line.municipality):
        _book(found, "interval_sum", "long_sum", name, number, at, (where, line.topic, line.channel))
        _book(found, None, "all_topics_sum", name, number, at, (where, line.channel))

    def pair(name, number):
        if line.answering is not None:
            _book(
                found, "exchange_sum", "long_exchange_sum", name, number, line.at, (line.municipality, line.answering)
            )

    unanswered = line.event == "abandoned" and not data.get("answered")
    if (
        line.event == "classified"
        or (unanswered and not data["classified"])
        or (line.event == "closed" and data.get("received_at"))
    ):
        home("offered", at=datetime.fromisoformat(data["received_at"]))
    if line.event in COUNTED:
        home(COUNTED[line.event])
    if line.event == "callback" and not data.get("again"):
        home("callbacks")
    if line.event == "closed" and data["first_contact"] and data["outcome"] == "resolved":
        home("resolved_first_contact")
    if line.event == "closed" and data.get("again_after") is not None:
        home("rang_again")
    if line.event in IN_HAND and data.get("talk_seconds") is not None:
        for name in ("talk_seconds", "wrap_seconds"):
            spent = _in_steps(data.get(name) or 0)
            home(name, spent)
            pair(name, spent)
        pair("inquiries", int(line.event in ("closed", "handed_over")))
    if line.event == "accepted" and data["first"]:
        home("answered")
        home("answered_in_target", int(data["wait_seconds"] <= data["target_seconds"]))
        home("wait_seconds", _in_steps(data["wait_seconds"]))
        pair("answered", 1)
        if line.answering not in (None, line.municipality):
            home("answered_by_others")
            home("answered_for_others", where=line.answering)
    if unanswered:
        home("abandoned")
        home("abandoned_in_target", int(data["wait_seconds"] <= data["target_seconds"]))
        home("short_abandoned", int(data["wait_seconds"] < 5))
    if unanswered or (line.event == "accepted" and data["first"]):
        bucket = next((k for k in range(136) if data["wait_seconds"] <= 2 ** (k / 8)), 136)
        _book(found, None, "wait_sum", "waited", 1, line.at, (line.municipality, line.channel, bucket))


def _book(found, short, long, name, number, at, key):
    if short:
        quarter = datetime.fromtimestamp(at.timestamp() // 900 * 900, UTC)
        found[short, name, quarter, *key] += number
    local = at.astimezone(COPENHAGEN)
    for rung, written in (("day", "%Y-%m-%d"), ("month", "%Y-%m-01"), ("year", "%Y-01-01")):
        day = datetime.strptime(local.strftime(written), "%Y-%m-%d").replace(tzinfo=COPENHAGEN)
        found[long, name, rung, day.astimezone(UTC), *key] += number


def _in_steps(seconds):
    return round(max(seconds, 0) * 1024) / 1024
