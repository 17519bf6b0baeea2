"""What stands around the digits tells a CPR number from a time, an order or an account. Every number is invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.privacy.cpr import find, redact

DATES_AND_MORE = [
    "12.03.24 1430",
    "[12.03.24 1430] opkald",
    "12/3-24 1430, 12/03/24 1430",
    "fredag 12-03-24 0930-1030",
    "Mødet er d. 120324 1430",
    "12.03.24 4249,50",
    "12.03.24 - 5000 kr",
    "Flytning 12.08.19 7400 Herning",
    "flyttede d. 12.05.2019 6700 Esbjerg",
    "d. 12.03.24 4773 kroner",
    "Betalt 120324 4773 DKK, 120324 1430,00 kr.",
    "Vi flytter pr. 120324 8000 Aarhus",
    "Opkald 12.03.24 1430 vedr. cpr",
    "12.03.24 1430 er cpr-systemet nede",
    "12.03.24 1430 er ikke mit cpr",
    "cpr 1. januar 1965, 8800 Viborg",
    "Version 24.07.11.4137",
]
A_PERSON_AFTER_ALL = [
    ("cpr 12.03.24 1430", "12.03.24 1430"),
    ("01.01.65 1237", "01.01.65 1237"),
    ("01.01.65 1237 Viborg", "01.01.65 1237"),
    ("02.02.1940 2345", "02.02.1940 2345"),
    ("120324 1430", "120324 1430"),
    ("født den 010165 1237", "010165 1237"),
    ("12.03.24-1430", "12.03.24-1430"),
    ("d. 12.03.24 kl. 14.30: 0101651237", "0101651237"),
    ("12.03.24 1430 er min søns cpr", "12.03.24 1430"),
    ("»12.03.24 1430« er cpr-nummeret på ham", "12.03.24 1430"),
    ("er 12/03-24 1430 det rigtige cpr? Ring 20304050", "12/03-24 1430"),
    ("12.03.24 1430 er cpr 010165-1237 oprettet", "010165-1237"),
    ("betalte for 120324 4773kr", "120324 4773"),
    ("12.05.19 6700 Jeg bor her", "12.05.19 6700"),
    ("12.03.24 0101651237", "0101651237"),
]
ANOTHER_NUMBER = [
    "Ordrenummer 0101651237",
    "ordre 0101651237 er ikke kommet",
    "Fakturanr.: 0101651237",
    "Sagsnr. 0101651237",
    "journalnr. er 0101651237",
    "Kontonummer: 0101651237",
    "reg. 1234 konto 0101651237",
    "NemKonto 1234-0101651237",
    "tlf. 0101651237",
    "P-nr. 1003397172",
    "Bestellnummer 0101651237",
    "case number 0101651237",
    "regningsnr. 0101651237",
    "min ordre har nummer 0101651237",
    "номер телефону 0101651237",
    "billet nr 0101 65 1237",
    "sagsnr. 0101 65 1237",
    "faktura 010165 1237",
    "kundenr. 01 01 65 12 37",
    "ticket no 0101-65-1237",
    "Bookingnummer: 01 01 651237",
    "faktura fra 1. januar 1965 der slutter på 1237",
    "mit kort fra 01.01.65 slutter på 1237",
    "rykker af 1. januar 2025, slutter på 1237",
    "2025-01-01-1237",
    "2025-01-01 1237",
    "ISBN 0101651237",
    "ORD0101651237",
    "DOK-0101651237",
    "1Z863AA0101651237",
    "2024-0101651237",
    "ordrenr. 0101651237 er ikke mit cpr",
    "ordrenr. 0101651237 er mit cpr væk",
    "</cpr> ordrenr. 0101651237",
]
NAMED_AND_A_PERSON = [
    "Sags-/CPR-nr.: 0101651237",
    "kundenr. (cpr) 0101651237",
    "sag vedr. 0101651237",
    "fakturaen er til 0101651237",
    "ordre bestilt af 0101651237",
    "Tlf.:\n0101651237",
    "ring 22145561 0101651237",
    "bruger-id 0101651237",
    "lånernummer 0101651237",
    "nr. 0101651237",
    "NR0101651237",
    "CPR-0101651237",
    "22145561er0101651237",
    "sagsnr. 010165-1237",
    "billetnr. 0101 65 1237 og cpr 010165-1237",
    "ORD010165-1237",
]


@pytest.mark.parametrize("text", DATES_AND_MORE)
def test_a_date_with_a_time_a_sum_or_a_town_is_left_alone(text):
    assert redact(text) == (text, [])


@pytest.mark.parametrize(("text", "number"), A_PERSON_AFTER_ALL)
def test_a_date_that_may_be_a_person_is_taken(text, number):
    assert [one.text for one in find(text)] == [number]


@pytest.mark.parametrize("text", ANOTHER_NUMBER)
def test_digits_are_left_alone_where_words_or_letters_right_before_name_them(text):
    assert redact(text) == (text, [])


@pytest.mark.parametrize("text", NAMED_AND_A_PERSON)
def test_ten_digits_are_taken_where_the_name_is_not_clear(text):
    assert [one.number for one in find(text)] == ["0101651237"]


@given(
    st.dates().map(lambda day: day.strftime("%d %m %y").split()),
    st.sampled_from("./-"),
    st.integers(15, 35),
    st.times().map(lambda time: time.strftime("%H%M")),
    st.sampled_from(("", "d. ", "Jeg ringede ", "[")),
)
def test_a_day_of_these_years_and_a_time_is_never_a_person(day, sign, year, time, before):
    text = before + sign.join((day[0], day[1], str(year))) + " " + time
    assert find(text) == []
    assert len(find("cpr " + text)) == (time[0] in "012" and len(find("cpr " + "".join(day[:2]) + f"{year}{time}")))


@given(
    st.sampled_from(("Ordrenr.", "faktura", "Sagsnummer:", "kontonr.", "tlf", "journalnr. =")),
    st.integers(0, 10**10 - 1),
)
def test_a_name_makes_any_ten_digits_another_number_and_the_word_cpr_undoes_it(name, digits):
    assert find(f"{name} {digits:010}") == []
    assert [one.text for one in find(f"{name} cpr {digits:010}")] == [one.text for one in find(f"{digits:010}")]
