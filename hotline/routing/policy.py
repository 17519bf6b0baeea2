"""How the hotline behaves: read from config/policies/NAME.toml, reviewed like code."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

Weights = TypeVar("Weights")


@dataclass(frozen=True, slots=True)
class InquiryWeights:
    """How much each thing presses in the choice of the inquiry for an agent; the file says what each is."""

    age: float
    age_at_once: float
    long_wait: float
    long_after: float
    target: float
    short: float
    scarce: float
    many: float
    crowd: float
    surge: float
    surge_slack: float
    pace: float
    chat: float
    home: float


@dataclass(frozen=True, slots=True)
class AgentWeights:
    """What counts in the choice of the agent for an inquiry; the file says what each is."""

    spared: float
    substitute: float
    scarce: float
    scarce_plus: float
    anybody: float
    pace_elsewhere: float
    pace: float
    home: float
    at_home: float
    owes: float
    idle: float


@dataclass(frozen=True, slots=True)
class WrittenWork:
    """`idle_agents_after` is the share of its target that written work waits for somebody who can be spared."""

    idle_agents_after: float


@dataclass(frozen=True, slots=True)
class Policy:
    """Every number is seconds, but for the counts and weights named so.

    `targets_live` (phone, chat) and `targets_written` map a priority to the seconds within which it should be answered;
    `pace` maps a level to the time an agent of it takes, beside the usual; `outside` is one of OUTSIDE.
    """

    targets_live: Mapping[int, float]
    targets_written: Mapping[int, float]
    offer_seconds: float
    rest_after_refusal: float
    again_after_miss: float
    again_after_transfer: float
    rest_after_miss: float
    misses_before_break: int
    language_grace: float
    only_agent_seconds: float
    hands_over_after: float
    callback_attempts: int
    callback_again: tuple[float, ...]
    callback_furthest: float
    gone_after: float
    gives_back_after: float
    too_long: float
    outside: str
    pace: Mapping[int, float]
    inquiries: InquiryWeights
    agents: AgentWeights
    written: WrittenWork

    @classmethod
    def from_toml(cls, text: str) -> "Policy":
        """Read a whole policy. Raises KeyError, ValueError or tomllib.TOMLDecodeError where it is not one."""
        return cls.of(tomllib.loads(text))

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Policy":
        """The policy that these tables say. Raises KeyError or ValueError where they say none."""
        if body["routing"]["outside"] not in OUTSIDE:
            raise ValueError(f"outside is {body['routing']['outside']!r}, not one of {', '.join(OUTSIDE)}")
        return cls(
            targets_live=_by_number(body["targets"]["live"]),
            targets_written=_by_number(body["targets"]["written"]),
            offer_seconds=float(body["offers"]["lapse_after"]),
            rest_after_refusal=float(body["offers"]["rest_after_refusal"]),
            again_after_miss=float(body["offers"]["again_after_miss"]),
            again_after_transfer=float(body["offers"]["again_after_transfer"]),
            rest_after_miss=float(body["offers"]["rest_after_miss"]),
            misses_before_break=int(body["offers"]["misses_before_break"]),
            language_grace=float(body["routing"]["language_grace"]),
            only_agent_seconds=float(body["routing"]["only_agent"]),
            hands_over_after=60 * float(body["routing"]["hands_over_minutes"]),
            callback_attempts=int(body["callbacks"]["attempts"]),
            callback_again=tuple(60 * float(minutes) for minutes in body["callbacks"]["again_minutes"]),
            callback_furthest=86_400 * float(body["callbacks"]["furthest_days"]),
            gone_after=float(body["presence"]["gone_after"]),
            gives_back_after=60 * float(body["presence"]["gives_back_minutes"]),
            too_long=60 * float(body["presence"]["too_long_minutes"]),
            outside=body["routing"]["outside"],
            pace=_by_number(body["pace"]),
            inquiries=_weights(InquiryWeights, body["which_inquiry"]),
            agents=_weights(AgentWeights, body["which_agent"]),
            written=_weights(WrittenWork, body["written_work"]),
        )

    def answer_within(self, live: bool, priority: int) -> float:
        """Seconds from arrival within which an inquiry of this priority (1 to 3) should be answered."""
        return (self.targets_live if live else self.targets_written)[priority]


OUTSIDE = ("equal", "last", "refuse")  # those whose municipality takes no part: like any other, after all, not at all


def _by_number(table: dict[str, Any]) -> dict[int, float]:
    return {int(number): float(value) for number, value in table.items()}


def _weights(kind: type[Weights], table: dict[str, Any]) -> Weights:
    """Raises KeyError where a weight is missing."""
    return kind(**{one.name: float(table[one.name]) for one in fields(kind)})  # type: ignore[arg-type]
