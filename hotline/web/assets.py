"""Serves the pages' own and fetched files from hotline/static, and names each with its fingerprint."""

import hashlib
from functools import lru_cache
from pathlib import PurePosixPath

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from hotline.resources import STATIC

SERVED = {".css", ".js", ".svg", ".woff2"}


@lru_cache
def asset(path: str) -> str:
    """The address of a file in hotline/static; it changes with the file, so that browsers may keep it for ever.

    Raises FileNotFoundError where the front end was not built.
    """
    return f"/static/{path}?v={hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:10]}"


class Assets(StaticFiles):
    """The folder as an application, to be mounted at /static; it shows styles, scripts, pictures and fonts alone."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file at `path`; 404 for everything that no page loads."""
        file = PurePosixPath(path)
        if file.suffix not in SERVED or "node_modules" in file.parts:
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        kept = "31536000, immutable" if b"v=" in scope["query_string"] else "3600"
        response.headers["Cache-Control"] = f"public, max-age={kept}"
        return response
