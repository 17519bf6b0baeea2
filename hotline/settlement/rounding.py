"""Whole numbers from exact ones: the written rule for what is left over. Pure."""

from collections.abc import Mapping
from fractions import Fraction
from math import floor
from typing import TypeVar

Key = TypeVar("Key", bound=str)


def whole(exact: Mapping[Key, Fraction]) -> dict[Key, int]:
    """Each number to the whole one below or above it, so that they add up to what the exact ones add up to.

    Everything is rounded down first. What is then missing goes, one each, to where the most was rounded away; of two
    alike to the lower key. The exact numbers must add up to a whole one; AssertionError where they do not.
    """
    found = {key: floor(number) for key, number in exact.items()}
    missing = sum(exact.values(), Fraction()) - sum(found.values())
    assert missing.denominator == 1, "what does not add up to a whole number cannot be rounded to it"
    for key in sorted(exact, key=lambda key: (found[key] - exact[key], key))[: int(missing)]:
        found[key] += 1
    return found


def shared(total: int, weights: Mapping[Key, int]) -> dict[Key, int]:
    """A whole number divided in proportion to these weights, of which one at least is more than nought."""
    of = sum(weights.values())
    return whole({key: Fraction(total * weight, of) for key, weight in weights.items()})


def nearest(number: int, divisor: int) -> int:
    """A quotient of whole numbers, none of them negative, to the nearest whole one; a half goes up."""
    return (2 * number + divisor) // (2 * divisor)
