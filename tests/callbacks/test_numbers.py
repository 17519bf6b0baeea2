"""Which numbers a citizen may be rung at, and what is said of the others."""

import pytest

from hotline.callbacks.errors import NumberNotCalled
from hotline.callbacks.numbers import number_to_call

RUNG = {
    "20123456": "+4520123456",
    "+45 33 66 12 34": "+4533661234",
    "tel:+45-20-12-34-56": "+4520123456",
    "0045 20123456": "+4520123456",
    "＋４５２０１２３４５６": "+4520123456",
    "+46 70 123 45 67": "+46701234567",
    "+298 212345": "+298212345",
    "+299 32 12 34": "+299321234",
    "33661234 lokal 12": "+4533661234;ext=12",
}
NOT_RUNG = {
    "112": "emergency", "1 1 2": "emergency", "114": "emergency", "115": "emergency", "+45112": "emergency",
    "tel:112": "emergency", "+46112": "emergency", "911": "emergency", "１１２": "emergency", "0045112": "emergency",
    "90123456": "premium", "+45 90 12 34 56": "premium", "+46900123456": "premium", "+1 900 234 5678": "premium",
    "+33 899 12 34 56": "premium", "+44 70 1234 5678": "premium", "+46771123456": "premium",
    "+881612345678": "premium", "+979123456789": "premium", "+870773111632": "premium",
    "1811": "short", "116000": "short", "118": "short", "1200": "short", "12": "short",
    "*21*20123456#": "code", "**21*20123456#": "code", "#31#20123456": "code", "*100#": "code", "20123456#": "code",
    "＊２１＊２０１２３４５６＃": "code",
    "80123456": "service", "+46 20 123 456": "service",
    "": "withheld", "   ": "withheld", "anonymous": "withheld", "+266696687": "withheld", "00000000": "withheld",
    "Private 00000": "withheld", "sip:anonymous@anonymous.invalid": "withheld",
    "2012345": "invalid", "201234567": "invalid", "99999999": "invalid", "20123456 / 20123457": "invalid",
    "+999 1234567": "invalid",
}  # fmt: skip


@pytest.mark.parametrize("said", RUNG)
def test_an_ordinary_number_is_rung_however_it_is_written(said):
    assert number_to_call(said) == RUNG[said]


@pytest.mark.parametrize("said", NOT_RUNG)
def test_what_would_cost_money_or_lives_is_refused_by_name_and_without_the_number(said):
    with pytest.raises(NumberNotCalled) as refused:
        number_to_call(said)
    told = refused.value.problem()
    assert (told["status"], told["type"], told["why"]) == (422, "/problems/number-not-called", NOT_RUNG[said])
    assert told["detail"] == refused.value.said("en") and refused.value.said("da")
    assert len(said) < 4 or said not in str(told)
