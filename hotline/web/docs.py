"""/docs: the API's description as a page that works without asking anybody outside."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from hotline.web.security import POLICY
from hotline.web.templates import page

router = APIRouter(include_in_schema=False)

# Swagger UI draws its arrows from pictures that stand in its style sheet; scripts and styles stay ours alone.
DOCS_POLICY = POLICY.replace("img-src 'self'", "img-src 'self' data:")


@router.get("/docs")
def read_docs(request: Request) -> HTMLResponse:
    """Every call with its examples and errors, read from /openapi.json by the browser; calls can be tried from it."""
    answer = page(request, "web/docs.html")
    answer.headers["Content-Security-Policy"] = DOCS_POLICY
    return answer
