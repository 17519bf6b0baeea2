"""The description of the API: what FastAPI finds, and the shapes it cannot find by itself."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from hotline.intake.requests import InquiryIn
from hotline.web.examples import EXAMPLES
from hotline.web.problems import MEDIA_TYPE, problems

PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "An error as RFC 9457 has it. Programs go by `type`, people read `title` and `detail`.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "examples": ["/problems/offer-gone"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "id": {"type": "string", "description": "Of a fault of ours: what the log has it under."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"detail": {"type": "string"}, "pointer": {"type": "string"}},
            },
        },
    },
}

SECURITY: dict[str, Any] = {
    "key or sign-in": {
        "type": "http",
        "scheme": "bearer",
        "description": "An integrator's key, or the token that POST /api/v1/sessions answers with.",
    }
}
OPEN_TO_ALL = frozenset({"/api/v1/sessions", "/healthz", "/readyz", "/metrics"})
API = "/api/"


def describe(app: FastAPI) -> None:
    """Have `app` describe itself at /openapi.json; the intake path reads its body itself, so it is told here."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _description(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _description(app: FastAPI) -> dict[str, Any]:
    found = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    inquiry = InquiryIn.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(inquiry.pop("$defs", {}))
    schemas.update({"InquiryIn": inquiry, "Problem": PROBLEM})
    found["components"]["securitySchemes"] = SECURITY
    for name, example in EXAMPLES.items():
        schemas[name]["examples"] = [example]
    for path, operations in found["paths"].items():
        for operation in operations.values():
            _tidy(operation, open_to_all=path in OPEN_TO_ALL)
            if path.startswith(API):
                _say_every_error(operation)
    return found


def _tidy(operation: dict[str, Any], *, open_to_all: bool) -> None:
    """FastAPI's own shape of a 422 is not ours; a call is named by its first sentence; most need a key or a sign-in."""
    operation["summary"] = " ".join(operation["description"].split()).partition(". ")[0].rstrip(".")
    operation["responses"].get("422", {}).get("content", {}).pop("application/json", None)
    if not open_to_all:
        operation["security"] = [{"key or sign-in": []}]


def _say_every_error(operation: dict[str, Any]) -> None:
    """Any call may meet a wrong sign-in, a limit, our fault, an absent database; a body or a parameter may be wrong."""
    wrong = (400, 413, 415, 422) if "requestBody" in operation else (422,) if "422" in operation["responses"] else ()
    kind = (403,) if "security" in operation else ()
    for status, described in problems(401, *kind, 429, 500, 503, *wrong).items():
        if "examples" not in operation["responses"].get(str(status), {}).get("content", {}).get(MEDIA_TYPE, {}):
            operation["responses"][str(status)] = described
