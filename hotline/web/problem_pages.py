"""/problems: what each kind of error means and what to do about it; a problem document's `type` leads here."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from hotline.errors import HotlineError, NotFound, all_errors
from hotline.web.language import LANGUAGES, translator
from hotline.web.templates import page

router = APIRouter(include_in_schema=False)


@router.get("/problems")
def read_problems(request: Request) -> Response:
    """Every kind of error; as JSON `{items: [...]}` for whoever accepts JSON but no HTML."""
    if _wants_json(request):
        return JSONResponse({"items": [_explained(kind) for kind in all_errors()]})
    return page(request, "web/problems.html", kinds=all_errors())


@router.get("/problems/{slug}")
def read_problem(request: Request, slug: str) -> Response:
    """One kind of error, as a page or as JSON. Raises NotFound for a kind that there is not."""
    kind = next((kind for kind in all_errors() if kind.slug() == slug), None)
    if kind is None:
        raise NotFound
    if _wants_json(request):
        return JSONResponse(_explained(kind))
    return page(request, "web/problem.html", kind=kind)


def _explained(kind: type[HotlineError]) -> dict[str, Any]:
    """The members that all problems of this kind share, with both languages' words for people."""
    words = {language: translator(language) for language in LANGUAGES}
    return kind().problem() | {
        "meaning": {language: t(f"problem.{kind.slug()}") for language, t in words.items()},
        "what_to_do": {language: t(f"remedy.{kind.slug()}") for language, t in words.items()},
    }


def _wants_json(request: Request) -> bool:
    accepted = request.headers.get("accept", "")
    return "json" in accepted and "text/html" not in accepted
