"""Patterns of KLE, by which Danish municipalities number what they do: `23.15.25`, `23.15.*`, `23`, `*`."""

import re

PATTERN = re.compile(r"\*|\d{2}(\.\d{2}){0,2}|\d{2}(\.\d{2})?\.\*", re.ASCII)


def is_pattern(said: str) -> bool:
    """Whether this is a KLE number or a pattern of some."""
    return PATTERN.fullmatch(said) is not None


def covers(pattern: str, number: str) -> bool:
    """Whether a pattern takes a KLE number in: `23.15.25` itself, `23.15.*` and `23` all below them, `*` all.

    Raises ValueError for what is no pattern of KLE.
    """
    if not is_pattern(pattern):
        raise ValueError("no pattern of KLE numbers")
    parts = pattern.removesuffix("*").removesuffix(".").split(".")
    return parts == [""] or number.split(".")[: len(parts)] == parts
