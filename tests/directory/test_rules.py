"""A rule of a collaboration is declared once: what it may say, and everything that shows or changes it follows."""

import pytest
from typer.testing import CliRunner

from hotline.directory.errors import BadRule
from hotline.directory.models import Collaboration
from hotline.directory.rules import RULES, Kind, must_fit
from tests.cli.commands import app


def test_every_column_of_a_collaboration_is_a_rule_and_every_rule_a_column():
    assert {rule.name for rule in RULES} == Collaboration.model_fields.keys() - {"id", "name"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_a_collaboration_begins_with_fits(rule):
    rule.must_fit(getattr(Collaboration(name="Nord"), rule.name))


@pytest.mark.parametrize("command", ["create", "set"])
def test_every_rule_is_an_option_of_the_commands(command):
    told = CliRunner().invoke(app, ["collaboration", command, "--help"], env={"COLUMNS": "200"}).stdout
    for rule in RULES:
        assert f"--{rule.name.replace('_', '-')}" in told and rule.help[:40] in told
        assert rule.kind is not Kind.CHOICE or f"--{rule.off or 'no-' + rule.name.replace('_', '-')}" in told


@pytest.mark.parametrize(
    "said",
    [
        {"identity_days": 0}, {"identity_days": 36_501}, {"identity_days": None}, {"text_days": "many"},
        {"redial_seconds": -1}, {"queue_limit": 1_000_001}, {"sl_formula": "G"}, {"sl_formula": "AB"},
        {"sl_formula": None}, {"keep_cpr": None}, {"always_open": 2},
    ],
)  # fmt: skip
def test_what_a_rule_cannot_say_is_refused_by_its_name(said):
    with pytest.raises(BadRule) as refused:
        must_fit({"redial_seconds": 0, "queue_limit": None, **said})
    assert refused.value.members["rule"] in said
