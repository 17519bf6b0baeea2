"""Lets uv use the package registry that pip is set up for; uv itself does not read pip's configuration."""

import ast
from collections.abc import Mapping

PRECEDENCE = ("global", "install", ":env:")  # pip's own: the environment wins over a section, a section over global


def uv_environment(pip_config_list: str) -> dict[str, str]:
    """Turn the output of `pip config list` into the environment variables that mean the same to uv.

    Lines that uv has no word for are left out. Values may hold credentials: never print them.
    """
    pip = _settings(pip_config_list)
    named = {
        "UV_DEFAULT_INDEX": pip.get("index-url", ""),
        "UV_INDEX": " ".join(pip.get("extra-index-url", "").split()),
        "UV_FIND_LINKS": ",".join(pip.get("find-links", "").split()),
        "UV_INSECURE_HOST": " ".join(pip.get("trusted-host", "").split()),
        "SSL_CERT_FILE": pip.get("cert", ""),
        "ALL_PROXY": pip.get("proxy", ""),
        # pip takes the best version over all indexes, uv the first index that knows the name; hashes make both safe.
        "UV_INDEX_STRATEGY": "unsafe-best-match" if "extra-index-url" in pip else "",
    }
    return {name: value for name, value in named.items() if value}


def _settings(pip_config_list: str) -> Mapping[str, str]:
    found: dict[str, tuple[int, str]] = {}
    for line in pip_config_list.splitlines():
        key, equals, value = line.partition("=")
        section, _, name = key.rpartition(".")
        if not equals or section not in PRECEDENCE:
            continue
        rank = PRECEDENCE.index(section)
        if name not in found or rank >= found[name][0]:
            found[name] = (rank, str(ast.literal_eval(value)))
    return {name: value for name, (_, value) in found.items()}
