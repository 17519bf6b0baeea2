"""reader(): the trained reader of this process, loaded once."""

from functools import lru_cache

from hotline.classification.reading import Reader
from hotline.settings import settings


@lru_cache
def reader() -> Reader:
    """The reader trained on config/training; kept in the data folder, so that only the first start trains it."""
    return Reader.load(settings().data_dir / "models")
