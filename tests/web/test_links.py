"""A link to a phone or a mail leads to that phone or mail and to nothing else."""

import pytest

from hotline.web.links import mailto, tel


@pytest.mark.parametrize(
    ("said", "link"),
    [
        ("+4520447788", "tel:+4520447788"),
        ("+4520447788;ext=12", "tel:+4520447788;ext=12"),
        ("*21*90123456#", None),
        ("tel:*21*90123456#", None),
        ("##002#", None),
        ("20447788 efter kl. 16", None),
        ("20447788 / 30557788", None),
        ("+4520447788;phone-context=evil.example", "tel:+4520447788"),
        ("+4520447788?call", None),
        ("112", None),
        ("00000000", None),
        ("anonymous", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_a_phone_is_a_link_where_it_is_one_valid_number(said, link):
    assert tel(said) == link


@pytest.mark.parametrize(
    ("said", "link"),
    [
        ("karla.opdigtet+hus@example.dk", "mailto:karla.opdigtet%2Bhus@example.dk"),
        ("åse@blåbær.dk", "mailto:%C3%A5se@bl%C3%A5b%C3%A6r.dk"),
        ("karla@example.dk?bcc=all@example.com", None),
        ("karla?bcc=all@example.com", None),
        ("karla@example.dk?bcc=all%40example.com&subject=x", None),
        ("karla@example.dk,all@example.com", None),
        ("karla@example.dk;all@example.com", None),
        ("karla%0Abcc:all@example.com", None),
        ("karla@example.dk\nbcc: all", None),
        ("karla@example.dk\n", None),
        ("\u202ekarla@example.dk", None),
        ("Karla <karla@example.dk>", None),
        ("mailto:karla@example.dk", None),
        ("karla@localhost", None),
        ("karla.@example.dk", None),
        (".karla@example.dk", None),
        ("karla@example..dk", None),
        ("karla@-example.dk", None),
        ("k" * 250 + "@example.dk", None),
        ("karla", None),
        ("", None),
    ],
)
def test_a_mail_is_a_link_where_it_is_one_plain_address(said, link):
    assert mailto(said) == link
