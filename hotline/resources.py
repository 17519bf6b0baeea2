"""Where the hotline's own files are: beside the package in a checkout, inside it where a wheel was installed."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
IN_CHECKOUT = (PACKAGE.parent / "pyproject.toml").is_file()

ROOT = PACKAGE.parent  # what must be on sys.path for the hotline and its workers
CONFIG = (ROOT if IN_CHECKOUT else PACKAGE) / "config"
TEMPLATES = (ROOT if IN_CHECKOUT else PACKAGE) / "templates"
STATIC = PACKAGE / "static"
HOME = ROOT if IN_CHECKOUT else Path.cwd()  # where data lies unless something else is said
# A wheel gives the workers a name that no other package has.
WORKERS = "workers" if IN_CHECKOUT else "hotline_workers"
