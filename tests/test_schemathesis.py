"""Sends every call of the API what its description allows and what it forbids: never an error of ours."""

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.openapi import from_dict
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hotline.app import create_app
from hotline.clock import now
from hotline.offers.actions import accept
from hotline.offers.make import make
from hotline.policies import current_policy
from hotline.routing.model import Match
from hotline.routing.why import Why
from tests.builders import HJORRING, PATIENCE, a_key, a_person, a_pool, an_agent, signed_in
from tests.building import transaction
from tests.offers.doing import a_journalled_inquiry, by, offer_of, sound

CALLS = [found.ok() for found in from_dict(create_app().openapi()).get_all_operations()]
STREAM = "/api/v1/me/events"  # to an agent it answers for hours
EXAMPLES = settings().max_examples // 10  # of each kind, for each call: some 500 requests, and 8,000 to explore
FEW = min(5, EXAMPLES)  # where it is one machine that asks: what it may send is tried in tests/integrations too
OF_MACHINES = ("/api/v1/cti/", "/api/v1/webhooks")
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def callers(web):
    """The web's address, each caller's token, and words that mean something: an inquiry offered and one in hand."""
    a_pool()
    agent, username = an_agent(connected=True, presence="available")
    tokens = {
        "agent": signed_in(web, username).token,
        "team lead": signed_in(web, a_person("team_lead", HJORRING)).token,
        "viewer": signed_in(web, a_person("viewer", HJORRING)).token,
        "secretariat": signed_in(web, a_person("secretariat")).token,
        "integrator": a_key(),
        "stranger": "hs_nobody",
    }
    offered, held = a_journalled_inquiry(), a_journalled_inquiry()
    for inquiry in (offered, held):
        match = Match(inquiry=str(inquiry), agent=agent, units=1, is_call=False, why=Why())
        with transaction() as session:
            assert make(session, [match], now(), current_policy()) == 1
    by(agent, accept, offer_of(held).id)
    real = {
        "inquiry_id": [str(held), str(offered)],
        "offer_id": [offer_of(offered).id, offer_of(held).id],
        "code": [HJORRING],
        "municipality": [HJORRING],
        "topic": ["passport"],
        "username": [username],
        "token": [tokens["integrator"]],
    }
    return web, tokens, real


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.method.upper()} {call.path}")
def test_no_request_is_answered_with_an_error_of_ours(call, callers):
    web, tokens, real = callers
    examples = FEW if call.path.startswith(OF_MACHINES) else EXAMPLES
    may_ask = sorted(tokens.keys() - ({"agent"} if call.path == STREAM else set()))
    statuses: set[int] = set()
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        if mode is GenerationMode.NEGATIVE and not (call.body or call.path_parameters or call.query or call.headers):
            continue

        @seed(20261121)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(
            case=call.as_strategy(generation_mode=mode),
            who=st.sampled_from(may_ask),
            known=st.fixed_dictionaries({name: st.sampled_from([None, *values]) for name, values in real.items()}),
        )
        def ask(case, who, known):
            for sent in (case.path_parameters, case.body):
                if isinstance(sent, dict):
                    sent.update({name: one for name, one in known.items() if one is not None and name in sent})
            answer = case.call(base_url=web, headers={"Authorization": f"Bearer {tokens[who]}"}, timeout=PATIENCE)
            statuses.add(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

        ask()
    assert statuses - {401}, "nobody was let in as far as to be read"
    sound()
