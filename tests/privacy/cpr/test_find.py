"""CPR numbers are found however they are written. Every number here is invented."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.privacy.cpr import TOKEN, find, redact

WRITTEN = [
    ("Mit nummer er 010165-1237", "010165-1237"),
    ("Mit nummer er 0101651237", "0101651237"),
    ("010165 1237", "010165 1237"),
    ("010165 - 1237 tak", "010165 - 1237"),
    ("010165.1237", "010165.1237"),
    ("010165/1237", "010165/1237"),
    ("010165–1237", "010165–1237"),
    ("010165\u00a01237", "010165\u00a01237"),
    ("1965-01-01 1237 er mit cpr", "1965-01-01 1237"),
    ("1965/01/01, 1237 er min datters cpr", "1965/01/01, 1237"),
    ("19650101-1237 is my cpr number", "19650101-1237"),
    ("cpr 1965-01-01 1237", "1965-01-01 1237"),
    ("196501011237 er mit cpr", "196501011237"),
    ("1965-01-01-1237", "1965-01-01-1237"),
    (
        "fra den første januar femogtres og slutter på tolv syvogtredive",
        "første januar femogtres og slutter på tolv syvogtredive",
    ),
    ("fra 1. januar 1965 og slutter på 1237", "1. januar 1965 og slutter på 1237"),
    ("det er den første januar 1965, sidste fire er 1237", "første januar 1965, sidste fire er 1237"),
    ("01.01.65-1237", "01.01.65-1237"),
    ("01-01-65-1237", "01-01-65-1237"),
    ("01/01/65-1237", "01/01/65-1237"),
    ("01 01 65 1237", "01 01 65 1237"),
    ("01.01.651237", "01.01.651237"),
    ("01. 01. 65 - 1237", "01. 01. 65 - 1237"),
    ("01-01-1965-1237", "01-01-1965-1237"),
    ("01.01.1965 1237", "01.01.1965 1237"),
    ("01011965-1237", "01011965-1237"),
    ("010119651237", "010119651237"),
    ("21 10 62 5629", "21 10 62 5629"),
    ("21 10 62 56 29", "21 10 62 56 29"),
    ("0101 65 1237", "0101 65 1237"),
    ("0 1 0 1 6 5 1237", "0 1 0 1 6 5 1237"),
    ("010165 1 2 3 7", "010165 1 2 3 7"),
    ("211062 56 29", "211062 56 29"),
    ("0 1 0 1 6 5 1 2 3 7", "0 1 0 1 6 5 1 2 3 7"),
    ("cpr:010165-1237", "010165-1237"),
    ("CPR0101651237", "0101651237"),
    ("CPR=0101651237;", "0101651237"),
    ("(010165-1237)", "010165-1237"),
    ("Hun hedder Bo, 010165-1237, og bor her", "010165-1237"),
    ("Det er 010165-1237.", "010165-1237"),
    ("betalte for 0101651237kr", "0101651237"),
    ("cpr er 010 165 1237", "010 165 1237"),
    ("mit personnummer er 0101 65 1237", "0101 65 1237"),
    ("CPR-nr. 12.03.24 14.30", "12.03.24 14.30"),
    ("ring 20 30 40 50, cpr 010165-1237", "010165-1237"),
    ("20304050 010165-1237", "010165-1237"),
    ("٠١٠١٦٥-١٢٣٧", "٠١٠١٦٥-١٢٣٧"),
    ("610165-1237", "610165-1237"),
    ("910165-1237", "910165-1237"),
    ("290200-4123", "290200-4123"),
    ("010165-1AB2", "010165-1AB2"),
    ("0101657xy4", "0101657xy4"),
    ("01.01.65-1AB2", "01.01.65-1AB2"),
    ("010165-\n1237", "010165-\n1237"),
    ("010165\r\n-1237", "010165\r\n-1237"),
    ("> 010165-\n> 1237", "010165-\n> 1237"),
    ("hun er 010165\n1237 og bor her", "010165\n1237"),
    ("010165\u00ad1237", "010165\u00ad1237"),
    ("\u200b01\u200b0165\u200b-1237", "01\u200b0165\u200b-1237"),
    ("０１０１６５－１２３７", "０１０１６５－１２３７"),
    ("/sag?cpr=010165%2D1237&trin=2", "010165%2D1237"),
    ("mailto:a@example.dk?subject=CPR%200101651237", "0101651237"),
    ("cpr%3D0101651237", "0101651237"),
    ("010165&ndash;1237", "010165&ndash;1237"),
    ("010165&#8209;1237", "010165&#8209;1237"),
    ("cpr 010165,1237", "010165,1237"),
    ("cpr 010165 streg 1237", "010165 streg 1237"),
    ("cpr 1/1-1965 1237", "1/1-1965 1237"),
    ("cpr 10165-1237", "10165-1237"),
    ("cpr 01.01.1965-5237", "01.01.1965-5237"),
    ("01.01.1965-5237", "01.01.1965-5237"),
    ("22 14 55 61 01 01 65 1237", "01 01 65 1237"),
    ("21 10 62 56 29 22 14 55 61", "21 10 62 56 29"),
    ("12.03.24 15 02 64 23 52", "15 02 64 23 52"),
    ("15 02 64 23 52 12.03.24", "15 02 64 23 52"),
    ("cpr 010165 (1237).", "010165 (1237)"),
    ("cpr (010165) 1237.", "(010165) 1237"),
    ("det er 01 01 65 streg 1237", "01 01 65 streg 1237"),
    ("det er 010165 bindestreg 12 37 ja", "010165 bindestreg 12 37"),
    ("cpr 010165\n1237 Jeg bor her", "010165\n1237"),
    ("cpr: 0, 1, 0, 1, 6, 5, 1, 2, 3, 7 Viborg", "0, 1, 0, 1, 6, 5, 1, 2, 3, 7"),
    ("2026-11-21 14:30:11 15 10 86 0343", "15 10 86 0343"),
]

SOMETHING_ELSE = [
    "ordre 1234567890",
    "sagsnummer 4501991234",
    "sag 2024-123456",
    "ordre 991365-1237",
    "ring 20 30 40 50",
    "+45 20 30 40 50",
    "+45 2030 4050",
    "+31 10 62 56 29",
    "+0101651237",
    "004520304050",
    "20 10 40 50 21 10 62 56",
    "20304050 30405060",
    "DK50 0040 0440 1162 43",
    "DK5000400440116243",
    "reg. 1234 konto 12345678",
    "kontonr. 1234 0101651237",
    "den 12.03.24 14.30",
    "12-03-2026 14:30",
    "12.03.2026 1430",
    "21-11-2026 0915",
    "12/03/24 14:30",
    "01.02.24 - 05.02.24",
    "01.02-01.03.2024",
    "2026-11-21T14:30:00",
    "290200-1123",
    "310465-1237",
    "001265-1237",
    "EAN 5790000123456",
    "KLE 00.14.00-G01-6-14",
    "journalnr. 23.05.10-P19-1-24",
    "2 50 100 200",
    "[CPR] 12.03.24 14.30",
    "født 010165\n8800 Viborg",
    "120324\n1430\n1500",
    "cpr 010165, 8800 Viborg",
    "12.03.2024-1430",
    "01.01.2005-2010",
    "12.03.24-28.03",
    "280524\n24.01.22",
    "",
]


@pytest.mark.parametrize(("text", "number"), WRITTEN)
def test_a_number_is_found_however_it_is_written(text, number):
    assert [one.text for one in find(text)] == [number]


@pytest.mark.parametrize("text", SOMETHING_ELSE)
def test_other_numbers_are_left_alone(text):
    assert redact(text) == (text, [])


def test_a_finding_says_where_it_stands_and_which_number_it_means():
    [one] = find("cpr: 01.01.1965 12 37, tak")
    assert (one.start, one.end, one.text, one.number) == (5, 21, "01.01.1965 12 37", "0101651237")


def test_a_number_that_fails_modulus_11_is_a_number():
    # 0101651237 weighed by 4,3,2,7,6,5,4,3,2,1 gives a remainder; such numbers are given out since 2007.
    assert sum(w * int(d) for w, d in zip((4, 3, 2, 7, 6, 5, 4, 3, 2, 1), "0101651237", strict=True)) % 11 != 0
    assert find("0101651237")


def test_redaction_keeps_the_rest_of_the_text():
    text, found = redact("Jeg (010165-1237) ringer for min mor, 02.02.1940 2345.")
    assert text == f"Jeg ({TOKEN}) ringer for min mor, {TOKEN}."
    assert [one.number for one in found] == ["0101651237", "0202402345"]


@st.composite
def numbers(draw):
    """A valid number's day, month, year in full and serial, by the rule of the seventh digit."""
    born = draw(st.dates(date(1858, 1, 1), date(2057, 12, 31)))
    sevenths = {
        18: "5678" if born.year <= 1899 else "",
        19: "0123" + ("49" if born.year >= 1937 else ""),
        20: ("49" if born.year <= 2036 else "") + "5678",
    }[born.year // 100]
    serial = draw(st.sampled_from(sevenths)) + f"{draw(st.integers(0, 999)):03}"
    day = f"{born.day + draw(st.sampled_from((0, 60))):02}"
    return day, f"{born.month:02}", f"{born.year:04}", serial


A_DATE_AND_FOUR = re.compile(r"\d\d(?:[./–-]| - |\. )\d\d(?:[./–-]| - |\. )\d+(?:[ \u00a0]| - )\d{4}$")


@st.composite
def writings(draw):
    day, month, year, serial = draw(numbers())
    year_in_full = draw(st.booleans())
    inside = draw(st.sampled_from(("", ".", "-", "/", " ", "–", " - ", ". ")))
    before_serial = draw(st.sampled_from(("", ".", "-", "/", " ", "–", " - ", "\u00a0")))
    halved = draw(st.booleans()) and before_serial != ""
    tail = f"{serial[:2]} {serial[2:]}" if halved else serial
    written = inside.join((day, month, year if year_in_full else year[2:])) + before_serial + tail
    return written, day + month + year[2:] + serial


@given(
    writings(),
    st.sampled_from(("", "cpr:", "CPR=", "(", "mit nummer er ", "CPR", "nr. ", "[")),
    st.sampled_from(("", ".", ",", ";", ")", " tak", "\n", "kr", ": hun er min mor")),
)
def test_every_valid_number_is_found_in_every_writing(writing, before, after):
    written, number = writing
    if before in ("", "(", "mit nummer er ", "nr. ", "[") and A_DATE_AND_FOUR.match(written):
        before = "cpr "  # without that word it may be a day and the time, test_cpr_context.py
    text = before + written + after
    assert [(one.text, one.number) for one in find(text)] == [(written, number)]


FRAGMENTS = (
    *"0123456789 .,-/+:[]%&\n",
    *(
        "cpr ",
        "CPR",
        "[CPR]",
        "født ",
        "d. ",
        "ordrenr. ",
        "ORD",
        "konto 1234 ",
        " Viborg",
        " kr",
        ",50",
        "%20",
        "&nbsp;",
    ),
    *(
        "\u200b",
        "O",
        "nul ",
        "et ",
        "femogtres ",
        "streg ",
        " sidste fire ",
        "12 ",
        "(",
        ")",
        " er mit cpr",
        " januar ",
    ),
)


@given(st.lists(st.one_of(st.text(), writings().map(lambda w: w[0]), st.sampled_from(FRAGMENTS))))
def test_redaction_leaves_nothing_to_find(parts):
    redacted, found = redact("".join(parts))
    assert find(redacted) == []
    assert redacted.count(TOKEN) == "".join(parts).count(TOKEN) + len(found)


@given(st.text())
def test_any_text_can_be_looked_through(text):
    assert all(text[one.start : one.end] == one.text for one in find(text))


@given(st.text(alphabet="0123456789 .-/+\n", max_size=60), st.sampled_from(("", "cpr ", "konto 1234 ")))
def test_findings_are_in_order_and_stand_where_they_say(digits, before):
    text = before + digits
    last = 0
    for one in find(text):
        assert last <= one.start < one.end and text[one.start : one.end] == one.text
        assert len(one.number) == 10
        last = one.end
    assert find(redact(text)[0]) == []
