"""One trained reader for all who read texts."""

from pathlib import Path

import pytest

from hotline.classification.reading import Reader


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A data folder that the processes of a parallel run share, so that as a rule only one of them trains."""
    base = tmp_path_factory.getbasetemp()
    return (base if worker_id == "master" else base.parent) / "reads"


@pytest.fixture(scope="session")
def reader(data_dir: Path) -> Reader:
    """The reader as it is trained from config/training."""
    return Reader.load(data_dir / "models")
