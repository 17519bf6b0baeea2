"""CVR numbers come in from a file, or not at all."""

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from hotline.directory.cvr import CvrNumber
from tests.building import transaction
from tests.cli.commands import app


def load(tmp_path, text, *options):
    file = tmp_path / "numbers.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return CliRunner().invoke(app, ["cvr", "load", str(file), *options])


def numbers():
    with transaction() as session:
        return {one.cvr: (one.municipality, one.invented) for one in session.exec(select(CvrNumber))}


def test_numbers_are_read_in_and_what_a_later_file_says_holds(with_facts, tmp_path):
    assert load(tmp_path, "cvr,municipality\n99000860,0860\n99000746,0746\n", "--invented").exit_code == 0
    assert numbers() == {"99000860": ("0860", True), "99000746": ("0746", True)}
    answer = load(tmp_path, "\ufeffmunicipality;cvr;note\n0751; 99000860 ;merged\n")
    assert (answer.exit_code, answer.stdout) == (0, "1 CVR number is in place.\n")
    assert numbers() == {"99000860": ("0751", False), "99000746": ("0746", True)}
    listed = CliRunner().invoke(app, ["cvr", "list"]).stdout.splitlines()
    assert listed == ["99000746\t0746\tinvented", "99000860\t0751"]


@pytest.mark.parametrize(
    "text, why",
    [
        ("", "lacks the columns"),
        ("cvr,kommune\n99000860,0860\n", "lacks the columns"),
        ("cvr,municipality\n9900086,0860\n", "line 2"),
        ("cvr,municipality\n99000860,0860\n99000861\n", "line 3"),
        ("cvr,municipality\n99000860,0860\n99000860,0746\n", "twice"),
        ("cvr,municipality\n99000746,0746\n99000860,9999\n", "9999"),
        ('cvr,municipality\n"' + "9" * 200_000 + '",0860\n', "no CSV"),
        (b"\xff\xfe", "no UTF-8"),
    ],
)
def test_of_a_broken_file_nothing_is_taken(with_facts, tmp_path, text, why):
    answer = load(tmp_path, text)
    assert answer.exit_code == 1 and why in answer.stderr and len(answer.stderr.splitlines()) == 1
    assert numbers() == {}


def test_a_file_that_is_not_there_is_named(with_facts, tmp_path):
    answer = CliRunner().invoke(app, ["cvr", "load", str(tmp_path / "none.csv")])
    assert answer.exit_code == 1 and "none.csv" in answer.stderr
