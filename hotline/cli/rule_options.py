"""The rules of a collaboration as options of a command: a parameter for each, made from the list that declares them."""

import inspect
import re
from collections.abc import Callable
from typing import Annotated, Any

import typer

from hotline.directory.rules import RULES, Kind, Rule

NO_LIMIT = "none"
NUMBER = re.compile(r"-?\d{1,9}", re.ASCII)
TYPES: dict[Kind, Any] = {Kind.CHOICE: bool | None, Kind.LETTER: str | None}


def with_rules(command: Callable[..., None]) -> Callable[..., None]:
    """Give the command an option for every rule; it is called with those that were said as `rules`, by name."""

    def called(**given: Any) -> None:
        said = {rule: given.pop(rule.name) for rule in RULES}
        command(**given, rules={rule.name: _read(rule, value) for rule, value in said.items() if value is not None})

    own = [one for one in inspect.signature(command, eval_str=True).parameters.values() if one.name != "rules"]
    options = [
        inspect.Parameter(rule.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_option(rule))
        for rule in RULES
    ]
    called.__doc__ = command.__doc__
    called.__name__ = command.__name__
    parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own] + options
    called.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # what Typer reads
    called.__annotations__ = {one.name: one.annotation for one in parameters}
    return called


def _option(rule: Rule) -> Any:
    name = rule.name.replace("_", "-")
    flags = [f"--{name}/--{rule.off or f'no-{name}'}"] if rule.kind is Kind.CHOICE else []
    written = str | None if rule.may_be_none else TYPES.get(rule.kind, int | None)
    return Annotated[written, typer.Option(*flags, help=rule.help)]


def _read(rule: Rule, said: Any) -> Any:
    """What was written, as the rule has it, which refuses what it cannot say: a number that may be none is a word."""
    if not rule.may_be_none:
        return said
    return None if said == NO_LIMIT else int(said) if NUMBER.fullmatch(said) else said
