"""Makes .venv ready to run (`run`), to test (`test`) or to pin (`pins`); what is done already is not done again."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from deploy import browser, link, registry
from deploy.steps import BEGUN, BUILD, PYTHON, ROOT, VENV, Failed, Ledger, announced, only_one, run

LOCK = ROOT / "deploy" / "lock"
STATIC = ROOT / "hotline" / "static"
UNFINISHED = VENV / "unfinished"  # stands in a virtual environment while venv is still filling it
OLDEST_NODE = 18
ASTRAY = {"PYTHONHOME", "PYTHONPATH", "PYTHONSAFEPATH", "VIRTUAL_ENV", "UV_SYSTEM_PYTHON", "PIP_TARGET", "PIP_PREFIX"}
WHOLE = {"run": ("demo",), "test": ("demo", "test"), "pins": ()}  # which lock files a purpose needs


def main() -> int:
    """Set up for the purpose named on the command line; 0 when ready, 1 after one clear line."""
    purpose = sys.argv[1] if len(sys.argv) > 1 else "run"
    if purpose not in WHOLE:
        print(f"setup: {purpose} is none of {', '.join(WHOLE)}.", file=sys.stderr)
        return 1
    try:
        if not ready(purpose):
            with only_one() as lock:
                if not ready(purpose):  # whoever was waited for may have done it all
                    set_up(purpose, lock)
    except Failed as failure:
        print(f"setup: {failure} The next run begins again where this one stopped.", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"setup: {error.strerror}: {error.filename}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nsetup: interrupted; the next run goes on.", file=sys.stderr)
        return 130
    return 0


def ready(purpose: str) -> bool:
    """Whether nothing is to be done: decided from the ledger and a few files, in a few milliseconds."""
    done = Ledger(VENV / "setup.json").done
    front = purpose == "pins" or (done.get("front end") == _front_end_digest() and (STATIC / "vendor").is_dir())
    return (
        _venv_works()
        and done.get("place") == str(ROOT)
        and done.get("uv") == _digest("setup")
        and (purpose == "pins" or (done.get("packages") in _good_enough(purpose) and link.stands()))
        and front
        and (purpose != "test" or browser.known(done) is not None)
    )


def set_up(purpose: str, lock: int) -> None:
    """Bring .venv to what `purpose` needs, one printed line a step; Failed when a step cannot be done."""
    print(f"Setting up {ROOT}", flush=True)
    env = environment()

    def quietly(*command: str | Path) -> str:
        return run(command, env, keep_open=lock)

    if not _venv_works() or Ledger(VENV / "setup.json").done.get("place", str(ROOT)) != str(ROOT):
        _make_venv(quietly)
    ledger = Ledger(VENV / "setup.json")
    ledger.write("place", str(ROOT))  # scripts in .venv/bin name their interpreter by its path: moved means anew
    install = _Installer(quietly, env)
    ledger.step("uv", _digest("setup"), "uv, the installer", install.uv)
    if purpose == "pins":
        return
    if ledger.done.get("packages") not in _good_enough(purpose):
        packages = LOCK / f"{WHOLE[purpose][-1]}.txt"
        count = packages.read_text().count("==")
        work = install.from_lock(packages)
        try:
            ledger.step("packages", _digest(*WHOLE[purpose]), f"{count} packages", work)
        except Failed:
            ledger.write("uv", BEGUN)  # what failed may have been the network all along: ask for uv again, too
            raise
    link.make()
    if not (STATIC / "vendor").is_dir():
        ledger.done.pop("front end", None)
    ledger.step("front end", _front_end_digest(), "front-end files", lambda _: _build_front_end(install, env, lock))
    if purpose == "test" and browser.known(ledger.done) is None:
        browser.prepare(ledger, quietly, lambda: _with_node(install, env))


class _Installer:
    """Installs what a lock file pins, with every hash checked: by uv, and where uv cannot, by pip itself."""

    def __init__(self, quietly: Callable[..., str], env: dict[str, str]) -> None:
        self.quietly = quietly
        pip = quietly(PYTHON, "-m", "pip", "config", "list")
        for name, value in registry.uv_environment(pip).items():
            env.setdefault(name, value)

    def uv(self, interrupted: bool) -> str | None:
        try:
            self._pip(LOCK / "setup.txt", interrupted)
        except Failed:
            return "not for this machine: pip will do"  # slower, and the same packages
        return None

    def from_lock(self, lock: Path) -> Callable[[bool], str | None]:
        def work(interrupted: bool) -> str | None:
            uv = VENV / "bin" / "uv"
            if uv.exists():
                flags = ("-q", "--compile-bytecode", *(["--reinstall"] if interrupted else []))
                try:
                    self.quietly(uv, "pip", "install", "--python", PYTHON, *flags, "--require-hashes", "-r", lock)
                    return None
                except Failed:
                    print("    once more with pip … ", end="", flush=True)  # it may know a registry that uv does not
            self._pip(lock, interrupted)
            return "by pip"

        return work

    def _pip(self, lock: Path, again: bool) -> None:
        flags = ("-q", "--force-reinstall") if again else ("-q",)
        self.quietly(PYTHON, "-m", "pip", "install", *flags, "--require-hashes", "-r", lock)


def _make_venv(quietly: Callable[..., str]) -> None:
    """A fresh virtual environment in place of one that is missing, half made, moved, or whose Python has gone."""
    if VENV.exists():
        shutil.rmtree(VENV)
    VENV.mkdir()
    UNFINISHED.touch()

    def fill() -> None:
        quietly(sys.executable, "-m", "venv", VENV)
        UNFINISHED.unlink()

    announced(f".venv with Python {'.'.join(map(str, sys.version_info[:3]))}", fill)


def _venv_works() -> bool:
    if UNFINISHED.exists() or not PYTHON.exists():
        return False
    check = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([PYTHON, "-I", "-c", check], capture_output=True, check=False).returncode == 0


def _build_front_end(install: _Installer, env: dict[str, str], lock: int) -> str | None:
    said = _with_node(install, env)
    run([PYTHON, STATIC / "build.py"], env, keep_open=lock)
    return said


def _with_node(install: _Installer, env: dict[str, str]) -> str | None:
    """See that `node` and `npm` are on the PATH of `env`: the machine's own, or a wheel of them in .venv."""
    if _node_is_new_enough(env):
        return None
    env["PATH"] = f"{VENV / 'bin'}{os.pathsep}{env['PATH']}"
    if _node_is_new_enough(env):
        return None
    install.from_lock(LOCK / "node.txt")(True)
    if not _node_is_new_enough(env):
        raise Failed(f"npm of Node.js {OLDEST_NODE} or newer is needed, and its wheel does not run here.")
    return "no npm here, so Node.js went into .venv"


def _node_is_new_enough(env: dict[str, str]) -> bool:
    node, npm = (shutil.which(name, path=env["PATH"]) for name in ("node", "npm"))
    if node is None or npm is None:
        return False
    answer = subprocess.run([node, "--version"], env=env, capture_output=True, text=True, check=False).stdout
    major = answer.removeprefix("v").partition(".")[0]
    return major.isdigit() and int(major) >= OLDEST_NODE


def environment() -> dict[str, str]:
    """The environment of every step: nothing that leads an installer past .venv, and a cache that can be written."""
    env = {name: value for name, value in os.environ.items() if name not in ASTRAY}
    env.update(PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0", PIP_DISABLE_PIP_VERSION_CHECK="1", UV_NO_PROGRESS="1")
    env.setdefault("PATH", os.defpath)
    home = Path(env.get("HOME", "/nonexistent"))
    if not os.access(home, os.W_OK):
        caches = {"UV_CACHE_DIR": "uv", "PIP_CACHE_DIR": "pip", "npm_config_cache": "npm"}
        for name, folder in caches.items():
            env.setdefault(name, str(BUILD / "cache" / folder))
    return env


def _good_enough(purpose: str) -> set[str]:
    """The digests that serve: what the tests need holds all that running needs."""
    return {_digest(*WHOLE["test"]), _digest(*WHOLE[purpose])}


def _digest(*locks: str) -> str:
    return _digest_of(*(LOCK / f"{lock}.txt" for lock in locks))


def _front_end_digest() -> str:
    return _digest_of(*(STATIC / name for name in ("build.py", "package.json", "package-lock.json")))


def _digest_of(*files: Path) -> str:
    read = [[file.name, file.read_bytes().hex() if file.exists() else None] for file in files]
    return hashlib.sha256(json.dumps(read).encode()).hexdigest()[:16]


if __name__ == "__main__":
    raise SystemExit(main())
