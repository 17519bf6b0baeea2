"""The audit of the pinned packages tells what is known, and does not take silence for safety."""

import json

import pytest

from deploy import check
from deploy.audit import audit, read

SOUND = {"name": "sound", "version": "1.0", "vulns": []}
HURT = {"name": "hurt", "version": "2.1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.2", "3.0"]}]}
OPEN = {"name": "open", "version": "0.1", "vulns": [{"id": "PYSEC-2", "fix_versions": []}]}
UNKNOWN = {"name": "unknown", "skip_reason": "Dependency not found"}


def report(*packages):
    return json.dumps({"dependencies": packages, "fixes": []})


def test_each_known_vulnerability_is_named_with_what_mends_it():
    word, found = read(report(SOUND, HURT, OPEN, UNKNOWN))
    assert word == "3 packages, 1 unknown, 2 vulnerabilities"
    assert found == ["hurt 2.1: PYSEC-1, fixed in 2.2 or 3.0", "open 0.1: PYSEC-2, fixed in none yet"]


def test_nothing_found_is_said_with_how_many_were_asked_about():
    assert read(report(SOUND, SOUND)) == ("2 packages, 0 vulnerabilities", [])


@pytest.mark.parametrize("said", ["", "ERROR:pip_audit: no route", "[]", "null", report(UNKNOWN, UNKNOWN)])
def test_where_nobody_answers_it_is_skipped_with_a_word(said):
    word, found = read(said)
    assert word.startswith("skipped: ") and found == []


@pytest.mark.parametrize(("packages", "ends"), [((SOUND,), False), ((SOUND, HURT), True), ((UNKNOWN,), False)])
def test_only_what_is_known_to_be_vulnerable_ends_the_run_and_only_in_ci(monkeypatch, capsys, packages, ends):
    monkeypatch.setattr(check, "audit", lambda: read(report(*packages)))
    monkeypatch.setenv("CI", "true")
    assert bool(check.vulnerable()) is ends
    monkeypatch.delenv("CI")
    assert not check.vulnerable()
    assert "audit …" in capsys.readouterr().out


def test_the_real_audit_comes_to_an_end_with_a_word():
    word, found = audit()
    assert word and all(": " in line for line in found)
