"""Lists what production runs on, from the lock files, as CycloneDX 1.6: the same locks give the same list."""

import base64
import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deploy.steps import BUILD, ROOT

PYTHON_LOCK = ROOT / "deploy" / "lock" / "run.txt"
NPM_LOCK = ROOT / "hotline" / "static" / "package-lock.json"
TO = BUILD / "sbom.json"
PIN = re.compile(r"(?P<name>[A-Za-z0-9][\w.-]*)==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<where>[^\\\n]+?))?\s*(?:\\|$)")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
Component = dict[str, Any]


def main() -> int:
    """Write the list to the path on the command line, else to build/sbom.json, and say how long it is."""
    to = Path(sys.argv[1]) if len(sys.argv) > 1 else TO
    made = sbom(PYTHON_LOCK.read_text(), NPM_LOCK.read_text(), (ROOT / "pyproject.toml").read_text())
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(json.dumps(made, indent=2) + "\n")
    print(f"  {to}: {len(made['components'])} components")
    return 0


def sbom(python_lock: str, npm_lock: str, project: str) -> dict[str, Any]:
    """The list as CycloneDX: each pinned package with its version, purl and the hashes that set-up accepts.

    A package that set-up installs only on some machines has the property `hotline:where`, in the words of its pin.
    """
    ours = tomllib.loads(project)["project"]
    found = [*python_components(python_lock), *npm_components(npm_lock)]
    name = f"pkg:pypi/{ours['name']}@{ours['version']}"
    application = {"type": "application", "bom-ref": name, "name": ours["name"], "version": ours["version"]}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name + json.dumps(found))}",
        "version": 1,
        "metadata": {"component": application | {"licenses": [{"license": {"id": ours["license"]}}]}},
        "components": found,
    }


def python_components(lock: str) -> Iterator[Component]:
    """The packages of a lock file as pip and uv read it. Several hashes are of one package's several files."""
    for pinned in re.split(r"\n(?=\S)", lock.strip()):
        found = PIN.match(pinned)
        if found is None:
            raise ValueError(f"no pin: {pinned.splitlines()[0]}")
        one = _component("pypi", found["name"], found["version"], "SHA-256", HASH.findall(pinned))
        where = {"properties": [{"name": "hotline:where", "value": found["where"]}]} if found["where"] else {}
        yield one | where


def npm_components(lock: str) -> Iterator[Component]:
    """The packages of npm's lock file whose files the pages load."""
    for path, package in json.loads(lock)["packages"].items():
        if path and not package.get("dev"):
            kind, _, packed = package["integrity"].partition("-")
            hashed = base64.b64decode(packed).hex()
            name = path.rpartition("node_modules/")[2].replace("@", "%40")
            one = _component("npm", name, package["version"], kind.upper().replace("SHA", "SHA-"), [hashed])
            yield one | ({"licenses": [_licence(package["license"])]} if "license" in package else {})


def _component(registry: str, name: str, version: str, kind: str, hashes: list[str]) -> Component:
    purl = f"pkg:{registry}/{name}@{version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name.replace("%40", "@"),
        "version": version,
        "purl": purl,
        "hashes": [{"alg": kind, "content": one} for one in hashes],
    }


def _licence(said: str) -> dict[str, Any]:
    return {"expression": said} if " " in said else {"license": {"id": said}}


if __name__ == "__main__":
    raise SystemExit(main())
