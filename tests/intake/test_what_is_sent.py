"""What an integrator sends is taken as it is written, or refused where it is wrong; it is never guessed."""

import pytest

from hotline.errors import Invalid
from hotline.intake.api import parse

INQUIRY = '{{"channel": "phone", "municipality": "0860", {}}}'


def sent(member):
    return parse(INQUIRY.format(member).encode())


@pytest.mark.parametrize(
    ("member", "pointer"),
    [
        ('"received_at": 1764504000', "#/received_at"),
        ('"received_at": 1764504000123.5', "#/received_at"),
        ('"received_at": "1764504000"', "#/received_at"),
        ('"received_at": "-1"', "#/received_at"),
        ('"received_at": "2026-11-21"', "#/received_at"),
        ('"received_at": true', "#/received_at"),
        ('"topic_hint": {"topic": "mitid", "confidence": "0.5"}', "#/topic_hint/confidence"),
        ('"topic_hint": {"topic": "mitid", "confidence": true}', "#/topic_hint/confidence"),
        ('"text": "' + "a" * 20_001 + '"', "#/text"),
        ('"attributes": {"a": "' + "a" * 8_000 + '"}', "#/attributes"),
        ('"attributes": {"a": 1e999}', "#/attributes"),
    ],
)
def test_another_kind_of_value_is_refused_at_its_place(member, pointer):
    with pytest.raises(Invalid) as refused:
        sent(member)
    (error,) = refused.value.members["errors"]
    assert error["pointer"] == pointer and not error["detail"].startswith("Value error")


@pytest.mark.parametrize("said", ["2026-11-21T08:00:00Z", "2026-11-21t09:00:00.5+01:00", "2026-11-21 08:00:00Z"])
def test_a_time_with_its_zone_is_taken(said):
    assert sent(f'"received_at": "{said}"').received_at.utcoffset() is not None


def test_a_whole_number_is_a_confidence_too():
    assert sent('"topic_hint": {"topic": "mitid", "confidence": 1}').topic_hint.confidence == 1


def test_a_call_is_not_lost_by_a_long_name_before_its_number():
    line = '\\"Karla Opdigtet, Borgerservice Vest\\" <sip:+4520447788@pbx.kommune.example:5060;user=phone>'
    assert sent(f'"citizen": {{"phone": "{line}"}}').citizen.phone.endswith(";user=phone>")
