"""These tests need an Asterisk and take minutes, so they are collected only when asked for by their path."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """True, unless the command line names this folder or something in it, as `make test-telephony` does."""
    if collection_path.suffix != ".py":
        return None
    named = [Path(config.invocation_params.dir, argument.partition("::")[0]).resolve() for argument in config.args]
    return None if any(path.is_relative_to(HERE) for path in named) else True
