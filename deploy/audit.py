"""Asks whether a pinned package has a vulnerability that is known; where nobody answers, it says so and goes on."""

import json
import subprocess

from deploy.steps import PYTHON, ROOT

PATIENCE = 90.0  # seconds for all of it
COMMAND = (
    *("pip_audit", "--disable-pip", "--no-deps", "--require-hashes", "--format", "json"),
    *("--progress-spinner", "off", "--timeout", "5", "--requirement", "deploy/lock/run.txt"),
)


def audit() -> tuple[str, list[str]]:
    """A word on how it went, and a line for each vulnerability that is known of what production runs on."""
    try:
        done = subprocess.run(
            [PYTHON, "-m", *COMMAND], cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return "skipped: the service that knows vulnerabilities is too slow", []
    return read(done.stdout)


def read(report: str) -> tuple[str, list[str]]:
    """The same of what pip-audit wrote as JSON; anything else means that it could not ask."""
    try:
        packages = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return "skipped: the service that knows vulnerabilities does not answer", []
    known = [package for package in packages if "skip_reason" not in package]
    if not known:
        return "skipped: the registry here knows of no package whether it is vulnerable", []
    found = [
        f"{package['name']} {package['version']}: {one['id']}, fixed in "
        + (" or ".join(one["fix_versions"]) or "none yet")
        for package in known
        for one in package["vulns"]
    ]
    unknown = f", {len(packages) - len(known)} unknown" if len(known) < len(packages) else ""
    return f"{len(known)} packages{unknown}, {len(found)} vulnerabilities", found
