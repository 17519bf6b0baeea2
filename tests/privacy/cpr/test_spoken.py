"""CPR numbers said in words, told in two parts or misread by a scanner are found too. Every number is invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.privacy.cpr import find

SAID = [
    ("mit cpr er nul et nul et seks fem et to tre syv tak", "nul et nul et seks fem et to tre syv"),
    ("nul, en, nul, en, seks, fem, streg, en, to, tre, syv", "nul, en, nul, en, seks, fem, streg, en, to, tre, syv"),
    ("det er en nul et nul et seks fem et to tre syv", "nul et nul et seks fem et to tre syv"),
    ("cpr nul et nul et femogtres tolv syvogtredive", "nul et nul et femogtres tolv syvogtredive"),
    ("nul et nul et fem og tres tolv syv og tredive", "nul et nul et fem og tres tolv syv og tredive"),
    ("Nul-et-nul-et-nitten-femogtres tolv syvogtredive", "Nul-et-nul-et-nitten-femogtres tolv syvogtredive"),
    ("cpr oh one oh one sixty five twelve thirty-seven", "oh one oh one sixty five twelve thirty-seven"),
    ("null eins null eins fünfundsechzig zwölf siebenunddreißig",) * 2,
    ("født 010165, og de sidste fire er 1237", "010165, og de sidste fire er 1237"),
    ("Bot: fødselsdag?\nBorger: 01.01.1965\nBot: sidste 4?\nBorger: 1237",
     "01.01.1965\nBot: sidste 4?\nBorger: 1237"),
    ("født 1. januar 1965, sidste fire er 1237", "1. januar 1965, sidste fire er 1237"),
    ("cpr 1. januar 1965 - 1237", "1. januar 1965 - 1237"),
    ("my CPR is 1 Jan 65, 1237", "1 Jan 65, 1237"),
    ("ja 01 01 femogtres 12 syvogtredive tak", "01 01 femogtres 12 syvogtredive"),
    ("det er 010165 streg tolv syvogtredive", "010165 streg tolv syvogtredive"),
    ("cpr nul 1 nul 1 65 12 37, ring 20304050", "nul 1 nul 1 65 12 37"),
    ("ring 20304050 nul et nul et femogtres tolv syvogtredive", "nul et nul et femogtres tolv syvogtredive"),
    ("cpr er en nul et nul et seks fem et to tre syv", "nul et nul et seks fem et to tre syv"),
    ("numer CPR to zero jeden zero jeden sześć pięć jeden dwa trzy siedem",
     "zero jeden zero jeden sześć pięć jeden dwa trzy siedem"),
    ("мій CPR нуль один нуль один шість п’ять один два три сім", "нуль один нуль один шість п’ять один два три сім"),
    ("هو صفر واحد صفر واحد ستة خمسة واحد اثنان ثلاثة سبعة", "صفر واحد صفر واحد ستة خمسة واحد اثنان ثلاثة سبعة"),
    ("noll ett noll ett sex fem ett två tre sju",) * 2,
    ("O1O165-1237", "O1O165-1237"),
    ("cpr 0l0165 I237", "0l0165 I237"),
]  # fmt: skip
NOT_SAID = [
    "en to tre fire fem seks syv otte ni ti",
    "tlf. to to et fire fem fem seks et",
    "nul et nul et seks fem et to tre",
    "kortet udløber 01.02.25, de sidste fire cifre er 1237",
    "født 010165, de sidste fire af 22145561",
    "OlOI65-I237",
    "ring 20 30 40 50, to gange",
    "12.03.24 tolv syv og tredive fem",
    "Vi ses 1. januar 2026 - 1430",
    "010165 I237",
]


@pytest.mark.parametrize(("text", "said"), SAID)
def test_a_number_is_found_however_it_is_said(text, said):
    assert [(one.text, one.number) for one in find(text)] == [(said, "0101651237")]


@pytest.mark.parametrize("text", NOT_SAID)
def test_other_words_and_digits_are_left_alone(text):
    assert find(text) == []


WORDS = ["nul", "et", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni"]


@given(st.integers(0, 10**10 - 1), st.sampled_from((" ", ", ", "-", " - ")), st.sampled_from(("", "cpr ", "Jeg er ")))
def test_ten_digits_said_are_what_they_are_written(digits, between, before):
    said = before + between.join(WORDS[int(digit)] for digit in f"{digits:010}")
    assert [one.number for one in find(said)] == [one.number for one in find(f"{digits:010}")]


@given(st.integers(0, 10**10 - 1), st.sets(st.integers(0, 9), min_size=1), st.sampled_from((" ", ", ", "-")))
def test_it_does_not_matter_which_of_the_digits_are_words(digits, in_words, between):
    said = between.join(WORDS[int(one)] if at in in_words else one for at, one in enumerate(f"{digits:010}"))
    assert [one.number for one in find(said)] == [one.number for one in find(f"{digits:010}")]
