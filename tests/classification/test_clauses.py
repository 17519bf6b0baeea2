"""Of a text that names several matters, what is still open."""

import pytest

from hotline.classification.clauses import open_part


@pytest.mark.parametrize(
    ("text", "still_open"),
    [
        ("Mit pas er ordnet, men nu driller MitID", "nu driller MitID"),
        ("nej det er ikke passet, det er kørekortet", "det er kørekortet"),
        ("I already have a passport, but I need a new licence", "but I need a new licence"),
        ("Plads har vi fået, det er ikke det. Hvornår starter skolen?", "Hvornår starter skolen?"),
        ("Ikke kørekort: handicapkort til bilen", "handicapkort til bilen"),
        ("Rotter væk, fint nok. Åbent: kloaklugt i gaden", "Åbent: kloaklugt i gaden"),
        ("Nie chodzi o paszport, chodzi o adres", "chodzi o adres"),
        ("паспорт вже є, але MitID не працює", "але MitID не працює"),
        ("jeg kan ikke åbne min post", "jeg kan ikke åbne min post"),
        ("der er rotter i haven", "der er rotter i haven"),
        ("nej", "nej"),
        ("", ""),
    ],
)
def test_what_is_denied_or_finished_is_left_out_unless_nothing_else_is_said(text, still_open):
    assert open_part(text) == still_open
