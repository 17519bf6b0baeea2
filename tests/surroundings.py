"""What the tests leave aside of the environment of whoever runs them, for it would lead them elsewhere."""

import re
from collections.abc import Mapping

# The hotline's own settings, those by which libpq finds another PostgreSQL, and proxies, through which no server on
# loopback is reached. Set-up's choice of a browser stays.
LEADS_ASTRAY = re.compile(r"HOTLINE_(?!CHROMIUM$)\w+|PG[A-Z]+|\w+_PROXY", re.ASCII)


def leading_astray(environ: Mapping[str, str]) -> list[str]:
    """The names of the variables that no test may see."""
    return [name for name in environ if LEADS_ASTRAY.fullmatch(name.upper())]
