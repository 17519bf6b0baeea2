"""What cannot wait, and what only sounds like it."""

import pytest

from hotline.classification.urgency import rules_of


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Vi flyver i morgen, og min søns pas er udløbet", "travel"),
        ("our flight is tomorrow and the passport has expired", "travel"),
        ("jutro lecę do Gdańska, a paszport zgubiłem", "travel"),
        ("завтра летимо до Відня, а паспорт загубився", "travel"),
        ("سفرنا بكرا والجواز ضاع", "travel"),
        ("yarın uçağım var, pasaportumun süresi dolmuş", "travel"),
        ("maine zbor la Iași și pașaportul e expirat", "travel"),
        ("berri ayaan u duulayaa Hargeysa, baasaboorku waa dhacay", "travel"),
        ("پاسپورتم گم شده و فردا پرواز دارم", "travel"),
        ("vi flyger i morgon och passet har gått ut", "travel"),
        ("flyet går i kveld og passet er borte", "travel"),
        ("Jeg har lige godkendt noget for en mand fra banken, og nu hæver de penge", "fraud"),
        ("Min eks truer mig og har fundet ud af hvor jeg bor", "threat"),
        ("jeg har beskyttet adresse, og nu er den udleveret til ham", "threat"),
        ("mój mąż grozi, że mnie zabije, zna mój adres", "threat"),
        ("Fristen er i dag, ellers mister jeg pladsen", "deadline"),
        ("dziś ostatni dzień, inaczej stracę miejsce", "deadline"),
        ("vi har rotter på loftet", "rats"),
        ("VI HAR ROTTER PAA LOFTET", "rats"),
        ("der er en rotte i børnehaven", "rats"),
        ("щури в квартирі на кухні", "rats"),
        ("banyoda sıçan var", "rats"),
        ("min demente far er gået fra plejehjemmet og vi kan ikke finde ham", "helpless"),
        ("naboen slår sit barn", "helpless"),
        ("der lugter af gas i opgangen", "danger"),
    ],
)
def test_danger_and_near_loss_are_urgent_and_told_by_their_reason(text, reason):
    assert reason in rules_of(text)


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
        "szczury na podwórku przy śmietniku",
        "yarın kaçta açılıyorsunuz",
        "завтра ви відкриті?",
        "der er ikke rotter inde i huset, men i haven",
        "",
    ],
)
def test_anger_and_long_waits_are_not_urgent(text):
    assert rules_of(text) == []


def test_what_runs_under_a_bedroom_floor_is_urgent_once_it_is_known_to_be_about_pests():
    text = "de er inde i soveværelset om natten"
    assert (rules_of(text), rules_of(text, "pest-control")) == ([], ["rats"])
