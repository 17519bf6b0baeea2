"""Whole numbers that others tell, as JSON Schema has an integer: 1.0 is one, "1" and true are none."""

from typing import Any

from pydantic import BeforeValidator


def _without_fraction(said: Any) -> Any:
    return int(said) if isinstance(said, float) and said.is_integer() else said


# Beside `strict`, which refuses what else may be taken for a number.
WHOLE = BeforeValidator(_without_fraction)
