"""An offer as its agent sees it."""

import re

from hotline.directory.models import Person
from hotline.policies import current_policy
from tests.builders import Api, signed_in
from tests.offers.doing import an_offer, look_at


def test_an_offer_shows_how_long_it_is_open(web):
    _, agent_id, _ = an_offer()
    browser = Api(web).http
    browser.base_url = web
    browser.cookies.set("hotline_session", signed_in(web, look_at(Person, agent_id).username).token)
    page = browser.get("/desk").text
    [left], [of] = re.findall(r'data-left="([\d.]+)"', page), re.findall(r'data-of="([\d.]+)"', page)
    assert 0 < float(left) < float(of) == current_policy().offer_seconds
