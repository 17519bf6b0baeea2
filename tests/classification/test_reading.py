"""A text is read: topic, language, urgency, and whether it may be routed."""

import re
import shutil
import tomllib
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from hotline.classification import artefact
from hotline.classification.evaluate import evaluate, figures
from hotline.classification.examples import TOPICS, examples, keywords, training_files, unseen_files
from hotline.classification.model import train
from hotline.classification.reading import LONGEST, Reader


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Jeg har glemt min pinkode til MitID", "mitid"),
        ("kan ikke finde brevet fra kommunen i e-boks", "digital-post"),
        ("min mor vil fritages for digital post", "digital-post-exemption"),
        ("mit pas er blevet stjålet, hvad gør jeg", "passport"),
        ("Skal forny mit korekort", "driving-licence"),
        ("vi flytter d 1 hvordan melder vi flytning", "relocation"),
        ("JEG VIL GERNE SKIFTE LÆGE", "doctor"),
        ("opskrivning til vuggestue, hvordan?", "childcare"),
        ("der er rotter i vores have", "pest-control"),
        ("Hvornår har Borgerservice åbent på fredag", "appointment"),
        ("hvor langt er I med min sag", "case-status"),
        ("siden melder fejl når jeg trykker send", "self-service"),
        ("hvornår bliver skraldet hentet", "other"),
        ("How do I renew my driving licence?", "driving-licence"),
    ],
)
def test_plain_questions_reach_the_skill_that_answers_them(reader, text, topic):
    [reading] = reader.read([text])
    assert (reading.topic, reading.routed) == (topic, True)


@pytest.mark.parametrize("text", ["", None, "   ", "\n\t"])
def test_a_text_that_says_nothing_is_other_and_not_routed(reader, text):
    [reading] = reader.read([text])
    assert (reading.topic, reading.confidence, reading.alternatives) == ("other", 0, ())
    assert (reading.language, reading.urgent, reading.routed) == ("da", False, False)


@pytest.mark.parametrize("text", ["?", "qwxz", "12345", "🙂", "hm"])
def test_a_text_without_a_hint_is_not_routed(reader, text):
    [reading] = reader.read([text])
    assert not reading.routed


def test_readings_come_in_the_order_of_the_texts(reader):
    texts = ["rotter i haven", None, "nyt pas", "skifte læge"]
    together = reader.read(texts)
    assert together == [reader.read([text])[0] for text in texts]
    assert reader.read([]) == []


def between_letters(sign):
    return lambda text: re.sub(r"(?<=\w)(?=\w)", sign, text)


WRITTEN = {
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "soft hyphens": between_letters("\u00ad"),
    "zero widths": between_letters("\u200b"),
    "directions": lambda text: f"\u202b{between_letters(chr(0x2060))(text)}\u202c",
    "decomposed, with marks between": lambda text: between_letters("\u200d")(unicodedata.normalize("NFD", text)),
    "a byte order mark": lambda text: "\ufeff" * (LONGEST + 1) + text,
    "hard spaces": lambda text: text.replace(" ", "\u00a0"),
    "thin spaces": lambda text: text.replace(" ", "\u202f"),
    "ligatures": lambda text: text.replace("fi", "\ufb01").replace("fl", "\ufb02"),
    "wide letters": lambda text: re.sub("[!-~]", lambda one: chr(ord(one[0]) + 0xFEE0), text),
    "hard hyphens": lambda text: text.replace("-", "\u2011"),
}


def test_a_text_says_the_same_however_its_letters_are_written(reader):
    texts = [one.text for one in examples(unseen_files())][::4]
    said = reader.read(texts)
    for way, written in WRITTEN.items():
        assert reader.read([written(text) for text in texts]) == said, way


def test_the_alternatives_are_other_topics_likeliest_first(reader):
    [reading] = reader.read(["jeg vil bestille tid til pas og kørekort"])
    topics, confidences = zip(*reading.alternatives, strict=True)
    assert reading.topic not in topics
    assert [reading.confidence, *confidences] == sorted([reading.confidence, *confidences], reverse=True)


def test_a_very_long_text_is_read_by_its_beginning(reader):
    [short, long] = reader.read(["der er rotter i haven", "der er rotter i haven " + "hm " * 300_000])
    assert long.topic == short.topic


def test_the_reader_knows_the_topics_that_ship(reader):
    assert sorted(reader.model.topics) == sorted(t["slug"] for t in tomllib.loads(TOPICS.read_text())["topic"])


def test_the_reader_reads_what_it_has_not_learned_from(reader):
    """Floors under what `hotline evaluate --linear` prints, so that nobody makes it worse unseen."""
    found = figures(evaluate(reader, examples(unseen_files()))[0])
    assert found.topic_macro_f1 >= 0.84
    assert found.in_first_three >= 0.95
    assert found.language_accuracy >= 0.98
    assert found.urgent_f1 is not None and found.urgent_f1 >= 0.82
    assert found.routed_coverage >= 0.65
    assert found.routed_accuracy is not None and found.routed_accuracy >= 0.95


@pytest.mark.parametrize("text", ["I need help with MitID please", "MITID VIRKER IKKE HJÆLP!!!", "help me please"])
def test_a_cry_for_help_alone_is_not_urgent(reader, text):
    assert not reader.read([text])[0].urgent


@pytest.mark.thorough
def test_the_same_texts_train_the_same_model():
    some, words = examples(training_files())[::8], keywords()
    (one, _), (other, _) = train(some, words), train(some, words)
    assert (one.routed_from, one.urgent_from) == (other.routed_from, other.urgent_from)
    assert np.array_equal(one.coefficients, other.coefficients)


def test_a_text_is_judged_by_what_other_writers_wrote():
    """What one writer alone calls a passport, no other writer's text tells; nor may it be read as if it did."""
    known = [replace(one, writer=str(number % 3)) for number, one in enumerate(examples(training_files())[::8])]
    own = [replace(known[0], text=f"zorblax quixomat {n}", topic="passport", writer="alone") for n in range(20)]
    model, held = train([*known, *own], [])
    column = model.topics.index("passport")
    assert (held.topics[-20:, column] < 0.5).all()
    assert (model.read([one.text for one in own])[0][:, column] > 0.5).all()


@pytest.fixture
def two_writers(monkeypatch):
    """Only two writers are learned from, which takes a moment."""
    two = [file for file in training_files() if file.stem in ("breve", "haster")]
    monkeypatch.setattr(artefact, "training_files", lambda: two)


@pytest.mark.thorough
def test_a_damaged_model_is_trained_anew(two_writers, tmp_path):
    first = Reader.load(tmp_path / "models").read(["der er rotter i haven"])
    [damaged] = (tmp_path / "models").glob("*.joblib")
    damaged.write_bytes(damaged.read_bytes()[:10_000])
    assert Reader.load(damaged.parent).read(["der er rotter i haven"]) == first
    beside = {damaged.with_suffix(ending).name for ending in (".joblib", ".json", ".lock")}
    assert {path.name for path in damaged.parent.iterdir()} == beside
    made = damaged.stat().st_mtime_ns
    assert Reader.load(damaged.parent).read(["der er rotter i haven"]) == first
    assert damaged.stat().st_mtime_ns == made  # what was kept then is whole, and read the next time


def test_of_several_that_start_with_nothing_trained_one_trains(two_writers, tmp_path):
    said = []
    with ThreadPoolExecutor(3) as threads:
        loaded = [threads.submit(artefact.linear, tmp_path / "models", said.append) for _ in range(3)]
    assert len({one.result().coefficients.tobytes() for one in loaded}) == 1
    words = [line.partition(" ")[0] for line in said]
    assert [word for word in words if word != "no"] == ["learning", "trained:"]


def test_a_kept_model_reads_as_the_trained_one(reader, data_dir, tmp_path):
    shutil.copytree(data_dir / "models", tmp_path / "copy")
    texts = [one.text for one in examples(unseen_files())][::4]
    assert Reader.load(tmp_path / "copy").read(texts) == reader.read(texts)


def test_a_folder_that_cannot_be_written_to_only_costs_time(two_writers, tmp_path):
    (tmp_path / "file").write_text("no folder")
    [reading] = Reader.load(tmp_path / "file" / "models").read(["der er rotter i haven"])
    assert reading.topic == "pest-control"
