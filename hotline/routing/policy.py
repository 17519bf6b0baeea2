"""How the hotline behaves: read from config/policies/NAME.toml, reviewed like code."""

import tomllib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """Every number is seconds, but for the counts named so.

    `targets_live` (phone, chat) and `targets_written` map a priority to the seconds within which it should be answered.
    """

    targets_live: dict[int, float]
    targets_written: dict[int, float]
    offer_seconds: float
    rest_after_refusal: float
    rest_after_miss: float
    misses_before_break: int
    language_grace: float
    only_agent_seconds: float
    callback_attempts: int
    callback_again: tuple[float, ...]
    callback_furthest: float
    gone_after: float
    gives_back_after: float
    too_long: float

    @classmethod
    def from_toml(cls, text: str) -> "Policy":
        """Read a policy file. Raises KeyError or tomllib.TOMLDecodeError where it is not one."""
        body = tomllib.loads(text)
        return cls(
            targets_live={int(priority): float(seconds) for priority, seconds in body["targets"]["live"].items()},
            targets_written={int(p): float(seconds) for p, seconds in body["targets"]["written"].items()},
            offer_seconds=float(body["offers"]["lapse_after"]),
            rest_after_refusal=float(body["offers"]["rest_after_refusal"]),
            rest_after_miss=float(body["offers"]["rest_after_miss"]),
            misses_before_break=int(body["offers"]["misses_before_break"]),
            language_grace=float(body["routing"]["language_grace"]),
            only_agent_seconds=float(body["routing"]["only_agent"]),
            callback_attempts=int(body["callbacks"]["attempts"]),
            callback_again=tuple(60 * float(minutes) for minutes in body["callbacks"]["again_minutes"]),
            callback_furthest=86_400 * float(body["callbacks"]["furthest_days"]),
            gone_after=float(body["presence"]["gone_after"]),
            gives_back_after=60 * float(body["presence"]["gives_back_minutes"]),
            too_long=60 * float(body["presence"]["too_long_minutes"]),
        )

    def answer_within(self, live: bool, priority: int) -> float:
        """Seconds from arrival within which an inquiry of this priority (1 to 3) should be answered."""
        return (self.targets_live if live else self.targets_written)[priority]
