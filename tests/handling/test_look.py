"""One inquiry as it is read: counted over everybody's, and told no further than to whom it concerns."""

from hotline.access.models import ApiKey
from hotline.access.sessions import token_hash
from tests.builders import HJORRING, SKANDERBORG, Api, a_key, a_person, a_pool, a_ready_agent, signed_in
from tests.building import accounts
from tests.offers.desk import a_journalled_inquiry


def integrator_of(key):
    with accounts() as session:
        return session.get_one(ApiKey, token_hash(key)).integrator_id


def test_a_place_in_the_queue_counts_everybodys_inquiries_and_everybodys_agents(web):
    a_pool()
    keys = a_key(), a_key(municipalities=(HJORRING,))
    a_journalled_inquiry(municipality=SKANDERBORG, integrator_id=integrator_of(keys[0]), age=60)
    last = a_journalled_inquiry(municipality=HJORRING, integrator_id=integrator_of(keys[1]))
    for _ in range(2):
        a_ready_agent()
    told = Api(web, keys[1]).get(f"/inquiries/{last}").json()
    assert (told["position"], told["estimated_wait_seconds"]) == (2, 300)  # 300 s each, of which two take one
    boss = signed_in(web, a_person("secretariat")).get(f"/inquiries/{last}").json()
    assert boss["position"] == told["position"]
