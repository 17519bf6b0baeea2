"""The part of a text that is still open: what stands after the last "but", without what is denied or finished."""

import re

_CLAUSES = re.compile(r"(?<=[.!?;\n])\s+|,\s+|\s+(?=(?:men|but|aber|nu) )", re.IGNORECASE)
_BUT = re.compile(r"(?:men|but|aber)\b", re.IGNORECASE)
_CLOSED = re.compile(
    r"\b(?:ikke (?:det|mit|passet|om)|nej|er (?:ordnet|fikset|klaret|løst|på plads)|har jeg (?:fået|ordnet)|virker fint"
    r"|not (?:the|about)|already)\b",
    re.IGNORECASE,
)


def open_part(text: str) -> str:
    """The clauses that say what is still wanted; the whole text where none seems to be denied or finished."""
    clauses = [clause for clause in _CLAUSES.split(text) if clause]
    last = max((place for place, clause in enumerate(clauses) if _BUT.match(clause)), default=0)
    rest = clauses[last:]
    return " ".join([clause for clause in rest if not _CLOSED.search(clause)] or rest)
