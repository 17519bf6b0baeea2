"""Which alerts begin and end: the rules of config/alerts.toml, with hysteresis. Pure."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from hotline.resources import CONFIG


class Kind(StrEnum):
    """What an alert is about; its subject is a topic's slug, or a municipality's code."""

    WAITING = "waiting"
    SURGE = "surge"
    PROMISE = "promise"


@dataclass(frozen=True)
class Rule:
    """It begins where what is read reaches `begins`, ends where it is `ends` or less, and then rests.

    Of fewer than `fewest` nothing is read.
    """

    begins: float
    ends: float
    rest: timedelta
    fewest: int = 1


@dataclass(frozen=True)
class Change:
    """What is to be done: alerts of these subjects begin, go on with what is read now, and end."""

    begin: Mapping[str, float]
    go_on: Mapping[str, float]
    end: frozenset[str]


@lru_cache
def rules() -> Mapping[Kind, Rule]:
    """Those of the file. KeyError where it lacks one."""
    with (CONFIG / "alerts.toml").open("rb") as file:
        said = tomllib.load(file)
    return {
        kind: Rule(
            float(said[kind]["from"]),
            float(said[kind]["until"]),
            timedelta(minutes=said[kind]["rest_minutes"]),
            int(said[kind].get("fewest", 1)),
        )
        for kind in Kind
    }


def judge(
    rule: Rule, read: Mapping[str, float], running: frozenset[str], ended: Mapping[str, datetime], now: datetime
) -> Change:
    """What changes, by subject: what is `read` now, which alerts are `running`, and when others last `ended` (aware).

    Of whom nothing is read any more has nothing to be alerted about.
    """
    go_on = {one: read[one] for one in running if one in read and read[one] > rule.ends}
    rested = {one for one in read if one not in ended or ended[one] + rule.rest <= now}
    begin = {one: value for one, value in read.items() if one in rested - running and value >= rule.begins}
    return Change(begin, go_on, running - go_on.keys())
