"""Languages of two and of three letters are the same wherever people say one."""

import pytest
from pydantic import TypeAdapter, ValidationError
from sqlmodel import select

from hotline.access.claims import _languages
from hotline.handling.requests import CorrectionRequest
from hotline.inquiries.models import Inquiry
from hotline.intake.requests import InquiryIn
from hotline.languages import Language, usual
from hotline.web.formats import Formats
from tests.builders import HJORRING, Api, a_key, a_pool
from tests.building import transaction

SAID = {"kmr": "kmr", "prs": "prs", "ckb": "ckb", "da": "da", "deu": "de", "ger": "de", "som": "so", "tir": "ti"}


@pytest.mark.parametrize("said", SAID)
def test_a_language_of_two_or_three_letters_may_be_said_in_every_request(said):
    assert InquiryIn(channel="web", municipality="0751", language=said).language == SAID[said]
    assert CorrectionRequest(language=said).language == SAID[said]
    assert list(_languages([f"{said}-DK", said.upper()])) == [SAID[said]]
    assert TypeAdapter(Language).validate_python(said) == usual(said) == SAID[said]


@pytest.mark.parametrize("said", ["d", "dansk", "DA", "d1", "", "da-DK"])
def test_what_is_no_code_is_refused(said):
    with pytest.raises(ValidationError):
        InquiryIn(channel="web", municipality="0751", language=said)


def test_an_inquiry_keeps_the_language_of_three_letters(web):
    a_pool()
    said = {"channel": "web", "municipality": HJORRING, "text": "Silav", "language": "kmr"}
    assert Api(web, a_key()).post("/inquiries", json=said).json()["language"] == "kmr"
    with transaction() as session:
        assert session.exec(select(Inquiry.language)).all() == ["kmr"]


@pytest.mark.parametrize("code", ["kmr", "prs", "ckb", "da", "so"])
def test_people_read_what_it_is_called_and_not_its_code(code):
    for language in ("da", "en"):
        assert Formats(language).language_name(code).lower() != code
