"""The language of a text; where there is little to go by, Danish."""

import pytest

from hotline.classification.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("der er rotter i vores have", "da"),
        ("Jeg vil gerne skifte læge", "da"),
        ("opskrivning til vuggestue, hvordan?", "da"),
        ("skal forny mit kørekort, jeg fylder 70", "da"),
        ("Borger ringer vedr. glemt pinkode", "da"),
        ("B. rykker for svar i sag", "da"),
        ("JEG KAN IKKE ÅBNE MIN POST", "da"),
        ("jeg ikke forstaa brev", "da"),
        ("vil skift laege hvordan", "da"),
        ("hej", "da"),
        ("nyt pas", "da"),
        ("", "da"),
        ("+45 20 30 40 50", "da"),
        ("How do I change my doctor?", "en"),
        ("I lost my yellow health card", "en"),
        ("my MitID does not work on the new phone", "en"),
        ("Wie kann ich meinen Pass verlängern?", "de"),
        ("Jak zmienić lekarza rodzinnego?", "pl"),
        ("Як вибрати сімейного лікаря?", "uk"),
        ("أريد تغيير طبيب العائلة", "ar"),
        ("مرحبا", "ar"),
        ("Çöp ne zaman toplanıyor?", "tr"),
        ("Cum îmi înscriu copilul la grădiniță?", "ro"),
        ("hei, jeg trenger nytt pass, hvor lenge må jeg vente?", "no"),
        ("Vi har fått barnehageplass, men hvordan sier vi den opp?", "no"),
        ("er rottene deres eller utleier sitt ansvar? de er inne på kjøkkenet vårt", "no"),
        ("Eg treng hjelp med MitID, eg har fått ny telefon og veit ikkje kva eg skal gjere", "no"),
        ("hva gjør jeg når mit pas er væk", "da"),
        ("nå men a ska ha nyt kørekort hva koster det", "da"),
        ("jeg har noen spørsmål om min nye læge", "da"),
        ("ka i kjøre ud te min mor, hun har ente fået post", "da"),
        ("har i hjelp til nem id jeg glemte min kode", "da"),
        ("Jeg flytter til Norge, skal jeg melde min norske adresse?", "da"),
        ("Hur öppnar jag ett brev från kommunen i Digital Post?", "sv"),
    ],
)
def test_the_language_is_that_of_the_text(text, language):
    assert language_of(text) == language
