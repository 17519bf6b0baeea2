"""Whatever way a CPR number is written in a text, an attribute or a note, its digits are nowhere in the database."""

import re

from hotline.web.problems import MEDIA_TYPE
from tests.builders import HJORRING, Api, a_key, a_pool
from tests.building import owner
from tests.privacy.cpr.test_texts import texts
from tests.privacy.cpr.test_values import HELD
from tests.privacy.leaks import dump


def test_of_texts_and_attributes_of_all_kinds_no_number_is_in_the_database(web):
    a_pool()
    api = Api(web, a_key())
    said = [(text, number) for _, number, text in texts() if number]
    for text, _ in said:
        assert api.post("/inquiries", json=base(text, {"said": text, "list": [text, 1]})).status_code == 201
    for value in HELD:
        answer = api.post("/inquiries", json=base("Hej", {"held": value}))
        assert answer.status_code == 201, (value, answer.headers["content-type"] == MEDIA_TYPE)
    stored = dict(dump(owner().url.render_as_string(hide_password=False).replace("+psycopg", "")))
    assert stored["inquiry"].count(b"[CPR]") > len(said) * 2
    for _, number in [*said, ("", "0101651237")]:
        assert not re.search(rb"(?<![0-9a-f])" + number[-4:].encode() + rb"(?![0-9a-f])", stored["inquiry"]), number


def base(text, attributes):
    """An inquiry as a form hands it in."""
    return {"channel": "web", "municipality": HJORRING, "text": text, "attributes": attributes}
