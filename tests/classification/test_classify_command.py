"""hotline classify, as other programs call it."""

import json
from itertools import product

import pytest

from hotline.classification import artefact
from hotline.classification.curve import SHARES, curve
from hotline.classification.examples import examples, keywords, training_files, unseen_files
from tests.cli.commands import hotline


def classify(data_dir, said, *options):
    return hotline("classify", *options, said=said, HOTLINE_DATA_DIR=str(data_dir))


def test_a_line_of_json_comes_out_for_each_that_goes_in(reader, data_dir):
    lines = [
        {"text": "Der er rotter på loftet. Mit nummer er 010165-1237.", "id": 7},
        {"text": ""},
        {"text": None},
        {"text": "How do I renew my driving licence?"},
    ]
    done = classify(data_dir, "\n".join(json.dumps(line) for line in lines) + "\n", "--jsonl")
    assert (done.exit_code, done.stderr) == (0, "")
    rats, empty, none, licence = (json.loads(line) for line in done.stdout.splitlines())
    said = ["topic", "confidence", "language", "urgent", "urgent_because", "redacted", "cpr", "routed", "alternatives"]
    assert list(rats) == said
    assert (rats["topic"], rats["language"], rats["urgent"], rats["routed"]) == ("pest-control", "da", True, True)
    assert (rats["urgent_because"], licence["urgent_because"]) == ("rats", None)
    assert rats["cpr"] == ["010165-1237"]
    assert rats["redacted"] == "Der er rotter på loftet. Mit nummer er [CPR]."
    assert rats["topic"] not in [one["topic"] for one in rats["alternatives"]]
    assert empty == none
    assert (empty["topic"], empty["confidence"], empty["routed"]) == ("other", 0, False)
    assert (licence["topic"], licence["language"]) == ("driving-licence", "en")


def test_a_broken_file_of_keywords_ends_the_command_with_one_clear_line(data_dir, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text("passport = ")
    asked = [("classify",), ("evaluate",), ("evaluate", str(unseen_files()[0])), ("train",)]
    for command, file in product(asked, (own, tmp_path / "nowhere.toml")):
        done = hotline(*command, said="Mit pas", HOTLINE_DATA_DIR=str(data_dir), HOTLINE_KEYWORDS_FILE=str(file))
        assert done.exit_code == 2 and done.stderr.splitlines()[-1].startswith(f"hotline {command[0]}: ")
        assert done.stdout == "" or command == ("train",)  # whose progress is all that it prints


@pytest.mark.parametrize("broken", ["not json", '{"text": "a\\ud800"}', '{"text": "a", "n": ' + "9" * 5000 + "}"])
def test_a_broken_line_ends_the_command_with_one_clear_line(reader, data_dir, broken):
    done = classify(data_dir, f'{{"text": "hej"}}\n{broken}\n', "--jsonl")
    assert done.exit_code == 2
    assert done.stderr.splitlines() == ['Line 2 is not {"text": "…"}.']


def test_one_text_is_explained_to_people(reader, data_dir):
    done = classify(data_dir, "Jeg vil gerne skifte læge, cpr 010165-1237, vi flyver i morgen og mangler det blå kort")
    assert done.exit_code == 0
    assert "Lægevalg og sundhedskort" in done.stdout
    assert "urgent     Travel within three days" in done.stdout
    assert "[CPR]" in done.stdout
    assert "010165" not in done.stdout


def test_evaluate_prints_the_same_figures_for_any_labelled_file(reader, data_dir, tmp_path):
    file = tmp_path / "mine.jsonl"
    said = ("jeg skal have nyt pas", "min læge er stoppet, hvordan skifter jeg")
    lines = [{"text": text, "topic": "passport", "language": "da", "urgent": False, "style": "sms"} for text in said]
    file.write_text("\n".join(json.dumps(line) for line in lines))
    done = hotline("evaluate", str(file), "--linear", "--errors", HOTLINE_DATA_DIR=str(data_dir))
    assert (done.exit_code, done.stderr) == (0, "")
    assert "1  passport as doctor" in done.stdout
    assert said[1] in done.stdout and said[0] not in done.stdout


def test_a_learning_curve_needs_texts_that_nobody_learns_from(data_dir):
    done = hotline("evaluate", "--curve", HOTLINE_DATA_DIR=str(data_dir))
    assert done.exit_code == 2 and "needs texts" in done.stderr


@pytest.mark.thorough
def test_a_learning_curve_grows_by_texts_and_by_writers():
    known, words = examples(training_files())[::40], keywords()[::10]
    rows = list(curve(known, words, known[:40]))
    assert [texts for _, texts, _ in rows][:3] == [len(known[::share]) for share in SHARES]
    assert rows[-1][1] == len(known) and rows[-1][0].startswith("founders, verden")


@pytest.mark.parametrize("command", [["classify", "--jsonl"], ["evaluate", "--linear", "FILE"]])
def test_a_command_that_trains_first_says_so_beside_what_it_prints(tmp_path, monkeypatch, command):
    few = training_files()[-1]
    monkeypatch.setattr(artefact, "training_files", lambda: [few])
    said = '{"text": "Mit pas udløber"}\n'
    (tmp_path / "texts.jsonl").write_text(few.read_text(encoding="utf-8").splitlines()[0], encoding="utf-8")
    asked = [str(tmp_path / "texts.jsonl") if one == "FILE" else one for one in command]
    done = hotline(*asked, said=said, HOTLINE_DATA_DIR=str(tmp_path))
    assert done.exit_code == 0
    assert "no reader has been trained here yet" in done.stderr and "trained: reader-" in done.stderr
    assert "trained" not in done.stdout
    assert hotline(*asked, said=said, HOTLINE_DATA_DIR=str(tmp_path)).stderr == ""
