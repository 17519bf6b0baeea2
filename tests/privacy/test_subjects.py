"""However a number or address is written, it is the same citizen; what names nobody is nobody."""

from itertools import product

import phonenumbers
import pytest

from hotline.intake.draft import sealed
from hotline.intake.requests import CitizenIn
from hotline.privacy.subjects import email, phone
from hotline.privacy.vault import unseal

NOBODY = (
    *(
        "00000000",
        "+266696687",
        "266696687",
        "115",
        "112",
        "4711",
        "1813",
        "12345678",
        "99999999",
        "+4500000000",
        "0",
        "+",
    ),
    *("Private 00000", "anonymous", "Anonymous 20123456", "unknown", "Restricted", "ukendt", "", "CLIR"),
    *(
        "sip:anonymous@anonymous.invalid",
        "Anonymous <sip:anonymous@anonymous.invalid>",
        "sip:unavailable@unknown.invalid",
    ),
    *("20447788 / 30447788", "20447788 30447788", "20447788 og 30447788", "20447788, 30447788", "20447788\n30447788"),
    *("+49 30 123456 / 40 123456", "privat 20123456, arbejde 33123456", "204477881", "2044778", "2044778816"),
)
SAME = (
    *(
        "20447788",
        "+45 20 44 77 88",
        "0045 20447788",
        "4520447788",
        "(+45) 20447788",
        "+45 (0) 20447788",
        "20.44.77.88",
    ),
    *(
        "tel:+45-2044-7788",
        "sip:+4520447788@pbx.example;user=phone",
        '"Karla" <sip:20447788@pbx>',
        "\u202a+4520447788\u202c",
    ),
    *(
        "２０４４７７８８",
        "20447788 efter kl. 16",
        "20 44 77 88 efter 16.30",
        "20447788/+4520447788",
        "20447788 eller 20 44 77 88",
        "ring 20447788",
        "20447788 (Karla)",
        "20\u00a044 77 88",
    ),
)
EXTENSIONS = (
    "20447788 #12",
    "20447788 lok. 12",
    "20447788 omst. 12",
    "20447788,12",
    "20447788,,12",
    "+45 20447788 p12",
    "20447788;12",
    "20447788*12",
    "20447788 lokal 12",
    "20447788 x12",
    "20447788;ext=12",
    "+45 20447788 ext. 12",
    "20447788 #12",
)


@pytest.mark.parametrize("said", NOBODY)
def test_what_is_no_number_of_one_person_is_nobody(said):
    assert phone(said) is None


@pytest.mark.parametrize("said", SAME)
def test_one_number_is_the_same_however_it_is_written_and_whatever_stands_beside_it(said):
    assert phone(said) == "+4520447788"


@pytest.mark.parametrize("said", EXTENSIONS)
def test_an_extension_is_kept_and_tells_two_callers_apart(said):
    assert phone(said) == "+4520447788;ext=12"


@pytest.mark.parametrize("said", ["+46 70 123 45 67", "0046701234567", "tel:+46701234567"])
def test_a_number_of_another_country_keeps_its_country(said):
    assert phone(said) == "+46701234567"


def test_eight_digits_are_a_number_exactly_where_the_library_holds_them_for_one():
    for prefix, rest in product(range(10_000), ("0000", "3141")):
        digits = f"{prefix:04}{rest}"
        valid = phonenumbers.is_valid_number(phonenumbers.parse(f"+45{digits}")) and len(set(digits)) > 1
        written = (digits, f"+45{digits}", f"+45 {digits[:2]} {digits[2:4]} {digits[4:6]} {digits[6:]} ")
        assert {phone(said) for said in written} == {f"+45{digits}" if valid else None}


@pytest.mark.parametrize(
    "said",
    [
        *(
            "karla@example.org",
            " Karla@EXAMPLE.org ",
            "Karla <karla@example.org>",
            '"Opdigtet, Karla" <Karla@example.org>',
        ),
        *(
            "mailto:karla@example.org",
            "<karla@example.org>",
            "karla@example.org.",
            "karla\u200b@example.org",
            "karla@ｅxample.org",
        ),
    ],
)
def test_one_mail_address_is_the_same_however_it_is_written(said):
    assert email(said) == "karla@example.org"


def test_letters_are_the_same_composed_or_not_and_domains_as_name_servers_write_them():
    assert email("bo\u0308rge@ÆBLE.example") == email("b\u00f6rge@xn--ble-xla.example")


@pytest.mark.parametrize(
    "said", ["nobody", "a@example.org, b@example.org", "@example.org", "karla@", "x@anonymous.invalid", ""]
)
def test_what_is_no_single_address_is_nobody(said):
    assert email(said) is None


@pytest.mark.parametrize(
    ("said", "shown", "is_found"),
    [
        ("20 44 77 88", "+4520447788", True),
        ("20447788 efter kl. 16", "20447788 efter kl. 16", True),
        ("Private 00000", "Private 00000", False),
        ("0101651237", "[CPR]", False),
    ],
)
def test_an_agent_reads_the_words_beside_a_number_and_nobody_has_no_hash(database, said, shown, is_found):
    columns = sealed(CitizenIn(phone=said))
    assert unseal(columns["phone"], "phone") == shown
    assert (columns["phone_hash"] is not None) == is_found


def test_the_address_is_kept_without_the_name_before_it(database):
    columns = sealed(CitizenIn(email="Karla Opdigtet <Karla@Example.org>"))
    assert unseal(columns["email"], "email") == "Karla@Example.org"
    assert columns["email_hash"] == sealed(CitizenIn(email="karla@example.org"))["email_hash"]
    nobody = sealed(CitizenIn(email="nobody"))
    assert nobody["email"] is not None and nobody["email_hash"] is None


@pytest.mark.parametrize("unseen", ["\u2800", "\u3164", "\u00ad", "\u200b", "\ufe0f", "\u2066", "\U000e0041"])
def test_what_nobody_sees_tells_no_two_citizens_apart(unseen):
    assert phone(f"2044{unseen}7788") == phone("20447788")
    assert email(f"kar{unseen}la@example.org") == email("karla@example.org")
