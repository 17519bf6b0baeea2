"""Policy files: every one in config/policies is read, and what is none says so."""

import tomllib
from dataclasses import replace

import pytest

from hotline.policies import NoPolicy, named
from hotline.resources import CONFIG
from hotline.routing.policy import Policy
from tests.routing.snapshots import DEFAULT

FILES = sorted((CONFIG / "policies").glob("*.toml"))
TEXT = (CONFIG / "policies" / "default.toml").read_text()


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_every_policy_that_comes_with_the_hotline_can_be_used(file):
    policy = named(file.stem)
    for targets in (policy.targets_live, policy.targets_written):
        assert set(targets) == {1, 2, 3}
        assert 0 < targets[1] <= targets[2] <= targets[3]
    assert policy.offer_seconds > 0 and policy.gone_after > 0 and policy.misses_before_break >= 1
    assert min(policy.rest_after_refusal, policy.rest_after_miss, policy.language_grace, policy.only_agent_seconds) >= 0


def test_there_is_a_default_policy_and_others_to_set_beside_it():
    assert {"default", "home-first", "oldest-first"} <= {file.stem for file in FILES}


@pytest.mark.parametrize(
    ("says", "found"),
    [
        ('like = "default"\n[offers]\nlapse_after = 30', None),
        ('like = "nothing"', "no policy that stands by itself"),
        ('like = "another"', "no policy that stands by itself"),
        ('like = "default"\n[offers]\nlapse_afer = 30', "offers.lapse_afer is no setting"),
        ('like = "default"\nofers = 1', "ofers is no setting"),
        ('like = "default"\noffers = 1', "offers is no setting"),
    ],
)
def test_a_policy_may_be_like_another_but_for_what_it_says(tmp_path, monkeypatch, says, found):
    monkeypatch.setattr("hotline.policies.FOLDER", tmp_path)
    (tmp_path / "default.toml").write_text(TEXT)
    (tmp_path / "another.toml").write_text(says)
    if found is None:
        assert named("another") == replace(DEFAULT, offer_seconds=30.0)
    else:
        with pytest.raises(NoPolicy, match=found):
            named("another")


@pytest.mark.parametrize(
    ("live", "priority", "seconds"), [(True, 1, 20), (True, 2, 60), (True, 3, 180), (False, 1, 60), (False, 3, 1800)]
)
def test_a_target_goes_by_channel_and_priority(live, priority, seconds):
    assert DEFAULT.answer_within(live, priority) == seconds


@pytest.mark.parametrize("part", ["targets.live", "targets.written", "offers", "routing", "presence"])
def test_a_policy_without_one_of_its_parts_is_none(part):
    with pytest.raises(KeyError):
        Policy.from_toml(TEXT.replace(f"[{part}]", "[elsewhere]"))


@pytest.mark.parametrize("line", [line.split()[0] for line in TEXT.splitlines() if line[:1].isalpha()])
def test_a_policy_without_one_of_its_settings_is_none(line):
    with pytest.raises(KeyError):
        Policy.from_toml(TEXT.replace(f"\n{line} =", "\nelsewhere ="))


def test_what_is_no_toml_is_no_policy():
    with pytest.raises(tomllib.TOMLDecodeError):
        Policy.from_toml("targets: {}")


def test_a_number_that_is_none_is_refused():
    with pytest.raises(ValueError, match="soon"):
        Policy.from_toml(TEXT.replace("lapse_after = 20", 'lapse_after = "soon"'))
