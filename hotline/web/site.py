"""The site: every stage's pages, the files they load, and what is shown when something goes wrong."""

from importlib import import_module

from fastapi import FastAPI

from hotline.web.assets import Assets
from hotline.web.errors import as_page

# Found by name: this package is ground that the stages stand on, and sees none of them.
PAGES = (
    "hotline.web.pages",
    "hotline.access.pages",
    "hotline.queue.pages",
    "hotline.handling.pages",
    "hotline.statistics.pages",
)

error_page = as_page


def mount(app: FastAPI) -> None:
    """Add the pages in the order of the flow, and /static."""
    for name in PAGES:
        app.include_router(import_module(name).router)
    app.mount("/static", Assets(), name="static")
