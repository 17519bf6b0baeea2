"""The list of components names all that production runs on, and is what others' tools read."""

import json
import subprocess
import sys
from importlib.resources import files

import jsonschema_rs
import pytest
from cyclonedx.model.bom import Bom

from deploy.sbom import NPM_LOCK, PYTHON_LOCK, python_components, sbom
from deploy.steps import ROOT

PROJECT = (ROOT / "pyproject.toml").read_text()


@pytest.fixture
def written(tmp_path):
    """The list as the command writes it."""
    to = tmp_path / "of" / "sbom.json"
    subprocess.run([sys.executable, "-m", "deploy.sbom", str(to)], cwd=ROOT, check=True, capture_output=True)
    return json.loads(to.read_text())


def test_every_pin_is_listed_with_all_its_hashes(written):
    pins, packages = PYTHON_LOCK.read_text(), json.loads(NPM_LOCK.read_text())["packages"]
    python = [one for one in written["components"] if one["purl"].startswith("pkg:pypi/")]
    assert len(python) == pins.count("==") - pins.count("== '") > 70
    assert sum(len(one["hashes"]) for one in python) == pins.count("--hash=")
    for one in python:
        assert f"{one['name']}=={one['version']}" in pins
    npm = {one["purl"] for one in written["components"]} - {one["purl"] for one in python}
    locked = {path.removeprefix("node_modules/").replace("@", "%40"): one for path, one in packages.items() if path}
    assert npm == {f"pkg:npm/{name}@{one['version']}" for name, one in locked.items()}


def test_the_list_fits_the_standards_schema_and_its_own_library_reads_it(written):
    def schema(name):
        return json.loads(files("cyclonedx.schema").joinpath("_res", f"{name}.SNAPSHOT.schema.json").read_text())

    def beside(address):
        return schema(address.rpartition("/")[2].removesuffix(".schema.json").removesuffix(".SNAPSHOT"))

    validator = jsonschema_rs.validator_for(schema("bom-1.6"), retriever=beside)
    assert [error.message for error in validator.iter_errors(written)] == []
    broken = written | {"components": [{"type": "something", "name": "a"}]}
    assert not validator.is_valid(broken)
    assert len(Bom.from_json(written).components) == len(written["components"])


def test_the_same_locks_give_the_same_list_and_others_another(written):
    python, npm = PYTHON_LOCK.read_text(), NPM_LOCK.read_text()
    assert sbom(python, npm, PROJECT) == written
    other = sbom(python.replace("asyncpg==", "asyncpg==9."), npm, PROJECT)
    assert other["serialNumber"] != written["serialNumber"]


def test_where_a_pin_holds_is_kept_in_its_words():
    pin = "deprecated==1.3.1 ; python_full_version < '3.12' \\\n    --hash=sha256:" + "a" * 64
    [one] = python_components(pin)
    assert one["properties"] == [{"name": "hotline:where", "value": "python_full_version < '3.12'"}]
    assert one["hashes"] == [{"alg": "SHA-256", "content": "a" * 64}]


@pytest.mark.parametrize("line", ["-e .", "package>=1.0", "# nothing"])
def test_what_is_no_pin_is_not_left_out_in_silence(line):
    with pytest.raises(ValueError, match="no pin"):
        list(python_components(f"a==1\n{line}\n"))
