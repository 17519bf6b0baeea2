"""Names in the order of the Danish alphabet."""

import unicodedata

from hotline.directory.names import alphabetical


def test_danish_letters_come_last_and_double_a_is_one_of_them():
    names = ["Aarhus", "Ærø", "Aabenraa", "Odder", "Øster", "Åby", "albertslund", "Viborg"]
    ordered = ["albertslund", "Odder", "Viborg", "Ærø", "Øster", "Aabenraa", "Åby", "Aarhus"]
    assert sorted(names, key=alphabetical) == ordered
    decomposed = [unicodedata.normalize("NFD", name) for name in names]
    assert sorted(decomposed, key=alphabetical) == [unicodedata.normalize("NFD", name) for name in ordered]
