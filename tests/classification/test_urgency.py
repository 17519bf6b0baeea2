"""What cannot wait, and what only sounds like it."""

import pytest

from hotline.classification.urgency import rules_of


@pytest.mark.parametrize(
    "text",
    [
        "Vi flyver i morgen, og min søns pas er udløbet",
        "our flight is tomorrow and the passport has expired",
        "Jeg har lige godkendt noget for en mand fra banken, og nu hæver de penge",
        "Min eks truer mig og har fundet ud af hvor jeg bor",
        "Fristen er i dag, ellers mister jeg pladsen",
        "vi har rotter på loftet",
        "VI HAR ROTTER PAA LOFTET",
        "der er en rotte i børnehaven",
        "min demente far er gået fra plejehjemmet og vi kan ikke finde ham",
        "naboen slår sit barn",
    ],
)
def test_danger_and_near_loss_are_urgent(text):
    assert rules_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "JEG HAR VENTET I OTTE MÅNEDER, DET ER FOR DÅRLIGT!!!",
        "Vi rejser til sommer og skal have nye pas",
        "mit pas blev stjålet på ferien sidste år",
        "jeg fik en sms fra nogen der ligner MitID men har ikke trykket på linket, er det svindel",
        "der er rotter i haven",
        "rotter i stalden hos hestene",
        "mus på loftet",
        "kan jeg flytte min tid i dag til i morgen",
        "I truer med bøde fordi jeg meldte flytning for sent",
        "min mor har demens og skal på plejehjem",
        "hej god morgen hvornår har I åbent",
        "",
    ],
)
def test_anger_and_long_waits_are_not_urgent(text):
    assert rules_of(text) == []


def test_what_runs_under_a_bedroom_floor_is_urgent_once_it_is_known_to_be_about_pests():
    text = "de er inde i soveværelset om natten"
    assert (rules_of(text), rules_of(text, "pest-control")) == ([], ["rats indoors"])
