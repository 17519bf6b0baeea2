"""The endpoint that intake is measured beside: it reads a body, stores one row, and does nothing else.

    python -m hotline.bench.bare FD

FD is the number of an open socket; the database is that of the settings, its table that of TABLE.
"""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import asyncpg
from fastapi import FastAPI, Request
from pydantic import BaseModel

from hotline.garbage import leave_what_is_there
from hotline.settings import settings
from hotline.web.server import Server

TABLE = """
    CREATE TABLE bare (id uuid PRIMARY KEY, channel text NOT NULL, municipality text NOT NULL, text text NOT NULL,
                       citizen jsonb NOT NULL, external_id text NOT NULL,
                       received_at timestamptz NOT NULL DEFAULT now());
    GRANT INSERT ON bare TO hotline_app
"""
INSERT = "INSERT INTO bare (id, channel, municipality, text, citizen, external_id) VALUES ($1, $2, $3, $4, $5, $6)"


class Body(BaseModel):
    """What the benchmark sends to both."""

    channel: str
    municipality: str
    text: str
    citizen: dict[str, Any]
    external_id: str


def create_app() -> FastAPI:
    """The application: one route, a pool of the size that the hotline's has, no middleware."""
    app = FastAPI(lifespan=_with_pool)

    @app.post("/api/v1/inquiries", status_code=201)
    async def create(body: Body, request: Request) -> dict[str, str]:
        row = (uuid4(), body.channel, body.municipality, body.text, json.dumps(body.citizen), body.external_id)
        await request.app.state.pool.execute(INSERT, *row)
        return {"id": str(row[0])}

    return app


@asynccontextmanager
async def _with_pool(app: FastAPI) -> AsyncIterator[None]:
    size = settings().pool_size
    async with asyncpg.create_pool(settings().database_url, min_size=size, max_size=size) as app.state.pool:
        yield


def main() -> None:
    """Serve until told to stop."""
    Server(create_app(), fd=int(sys.argv[1]), begun=leave_what_is_there, loop="uvloop", http="httptools").run()


if __name__ == "__main__":
    main()
