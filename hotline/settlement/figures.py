"""Amounts, quantities and rates as decimal numbers, and as people write them. Pure."""

from decimal import Decimal, InvalidOperation

from hotline.settlement.lines import MILLION, ORE, Line
from hotline.settlement.work import THOUSAND


def kroner(ore: int) -> Decimal:
    """Øre as kroner with two decimals."""
    return (Decimal(ore) / ORE).quantize(Decimal("0.01"))


def quantity(thousandths: int) -> Decimal:
    """Thousandths of a unit as a number with three decimals."""
    return (Decimal(thousandths) / THOUSAND).quantize(Decimal("0.001"))


def rate(line: Line) -> Decimal:
    """Kroner for one unit, with two decimals or as many as it takes, six at most."""
    exact = Decimal(line.rate) / MILLION
    return exact.quantize(Decimal("0.01")) if exact == exact.quantize(Decimal("0.01")) else exact.normalize()


def read_ore(said: str) -> int | None:
    """Øre of an amount in kroner, `25`, `25.50` or `25,50`; None for anything else."""
    return _read(said, ORE)


def read_thousandths(said: str) -> int | None:
    """Thousandths of a number with three decimals at most; None for anything else."""
    return _read(said, THOUSAND)


def _read(said: str, of_one: int) -> int | None:
    try:
        number = Decimal(said.strip().replace(",", ".")) * of_one
    except InvalidOperation:
        return None
    return int(number) if number.is_finite() and number == number.to_integral_value() and number >= 0 else None
