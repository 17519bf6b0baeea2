"""Which passwords nobody may choose."""

from random import Random

import pytest

from hotline.access.errors import NoPasswordList, WeakPassword
from hotline.access.password_rules import must_be_strong
from hotline.access.passwords import new_password
from hotline.settings import settings


@pytest.mark.parametrize(
    "password",
    [
        "",
        "kort nok",
        "elleve tegn",
        "Sommer2026!!",
        "s0mmer-s0mmer-2026",
        "Password12345",
        "Velkommen2026!",
        "MinKode1234567",
        "hotline-hotline",
        "Kommune2025!!",
        "karla.jensen",
        "Karla-Jensen-1987!",
        "123456789012",
        "987654321098",
        "aaaaaaaaaaaa",
        "abababababab",
        "qwertyuiop12",
        "asdfghjkl123456",
        "Efterår2026..",
    ],
)
def test_what_everybody_thinks_of_is_refused(password):
    with pytest.raises(WeakPassword):
        must_be_strong(password, "karla.jensen")


@pytest.mark.parametrize(
    "password",
    ["grøn hest spiser tapet", "kDf83-mmPw2z", "394170582664", "a long enough password", "æblegrød i regnvejr"],
)
def test_what_is_long_and_nobody_foresees_is_taken_without_asking_for_signs(password):
    must_be_strong(password, "karla.jensen")


def test_a_password_has_at_most_128_characters():
    by_chance = Random(1)
    longest = "".join(by_chance.choice("bdfghjkmnprtvz") for _ in range(128))
    must_be_strong(longest, "karla.jensen")
    with pytest.raises(WeakPassword, match="at most 128"):
        must_be_strong(longest + "b", "karla.jensen")


def test_every_password_that_is_generated_is_taken():
    for seed in range(300):
        must_be_strong(new_password(Random(seed)), "karla.jensen")


def test_an_operator_may_bring_a_longer_list(tmp_path, monkeypatch):
    path = tmp_path / "common.txt"
    path.write_text("Grøn hest spiser tapet\n", encoding="utf-8")
    must_be_strong("grøn hest spiser tapet", "karla")
    monkeypatch.setenv("HOTLINE_COMMON_PASSWORDS", str(path))
    settings.cache_clear()
    try:
        with pytest.raises(WeakPassword, match="list"):
            must_be_strong("grøn hest spiser tapet", "karla")
        monkeypatch.setenv("HOTLINE_COMMON_PASSWORDS", str(tmp_path / "none"))
        settings.cache_clear()
        with pytest.raises(NoPasswordList, match="HOTLINE_COMMON_PASSWORDS"):
            must_be_strong("grøn hest spiser tapet", "karla")
    finally:
        monkeypatch.undo()
        settings.cache_clear()
