"""Which topics the hotline takes in, for whoever lets citizens choose."""

from hotline.access.keys import Scope
from hotline.directory.models import Topic
from tests.builders import HJORRING, Api, a_key, a_pool
from tests.building import accounts


def test_whoever_has_a_key_reads_the_topics_that_are_taken_in_and_no_other(web):
    a_pool()
    with accounts() as session:
        session.get_one(Topic, "childcare").open = False
    listed = Api(web, a_key(scopes=(Scope.STATISTICS,))).get("/topics")
    assert listed.status_code == 200
    named = {one["topic"]: one for one in listed.json()}
    assert len(named) == len(listed.json()) == 12 and "childcare" not in named
    assert named["mitid"] == {"topic": "mitid", "name": "MitID", "name_en": "MitID", "kle": "23.15.25"}
    key = Api(web, a_key())
    taken = {slug: {"channel": "web", "municipality": HJORRING, "topic": slug} for slug in (*named, "childcare")}
    refused = {slug for slug, asked in taken.items() if key.post("/inquiries", json=asked).status_code != 201}
    assert refused == {"childcare"}
