"""The description of the API: every call with an example of what goes in and comes out, and with its errors."""

import re

import pytest
from pydantic import BaseModel

from hotline.app import create_app
from hotline.errors import all_errors
from hotline.web.examples import EXAMPLES

PROBLEM = "application/problem+json"
TOLD = create_app().openapi()
SCHEMAS = TOLD["components"]["schemas"]
API = [
    pytest.param(call, id=f"{method.upper()} {path}")
    for path, methods in TOLD["paths"].items()
    for method, call in methods.items()
    if path.startswith("/api/")
]


@pytest.mark.parametrize("call", API)
def test_every_call_says_what_it_does_and_shows_what_goes_in_and_comes_out(call):
    assert call["description"]
    bodies = [call["requestBody"]["content"]] if "requestBody" in call else []
    bodies += [
        answer["content"] for status, answer in call["responses"].items() if status < "300" and "content" in answer
    ]
    for named in re.findall(r"'#/components/schemas/(\w+)'", str(bodies)):
        assert SCHEMAS[named].get("examples"), f"{named} has no example"


@pytest.mark.parametrize("call", API)
def test_every_call_tells_its_errors_with_an_example_of_each_kind(call):
    assert {"401", "503"} <= call["responses"].keys()
    for status, answer in call["responses"].items():
        if status >= "400":
            kinds = {kind.slug() for kind in all_errors() if kind.status == int(status)}
            assert answer["content"].keys() == {PROBLEM}
            assert answer["content"][PROBLEM]["examples"].keys() == kinds


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_one_that_the_api_would_take_or_give(name):
    model = MODELS[name]
    example = model.model_validate(EXAMPLES[name])
    assert EXAMPLES[name].keys() <= example.model_dump(mode="json").keys()


def below(model):
    return [model, *(found for kind in model.__subclasses__() for found in below(kind))]


MODELS = {model.__name__: model for model in below(BaseModel) if model.__module__.startswith("hotline.")}
