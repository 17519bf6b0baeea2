"""What was not understood is said in one line that names the command, in the same way for all of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup

# Typer itself names only this one of its errors of usage.
UsageError: Any = typer.BadParameter.__mro__[1]


class OneLine(TyperGroup):
    """The group of all commands. Wrong options and arguments of any of them end here: one line, exit code 2."""

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **more: Any) -> Any:
        """Read what stands before the command's name."""
        with _in_one_line():
            if not all(map(_is_utf8, args)):
                raise UsageError("An argument is no UTF-8.")
            return super().make_context(info_name, args, *rest, **more)

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        with _in_one_line():
            return super().invoke(ctx)


@contextmanager
def _in_one_line() -> Iterator[None]:
    try:
        yield
    except UsageError as error:
        if type(error).show is not UsageError.show:  # a group without a command shows its help instead
            raise
        # Whatever started the process (`python -m hotline`), its lines begin with hotline.
        path = error.ctx.command_path.removeprefix(error.ctx.find_root().command_path) if error.ctx else ""
        typer.echo(f"hotline{path}: {' '.join(error.format_message().split())}", err=True)
        raise typer.Exit(2) from None


def _is_utf8(argument: str) -> bool:
    """Whether it came as UTF-8: Python keeps other bytes as halves of a pair, which can be neither stored nor said."""
    try:
        argument.encode()
    except UnicodeEncodeError:
        return False
    return True
