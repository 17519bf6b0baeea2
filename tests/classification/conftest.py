"""One trained reader for all who read texts."""

from pathlib import Path

import pytest

from hotline.classification.reading import Reader


@pytest.fixture(scope="session")
def reader(data_dir: Path) -> Reader:
    """The reader as it is trained from config/training."""
    return Reader.load(data_dir / "models")
