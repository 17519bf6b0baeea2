"""Classifies whatever waits for it."""

from hotline.classification.job import classify_waiting
from hotline.classification.reader import reader


def run() -> None:
    """One job: everything received so far, in batches of a transaction each."""
    while classify_waiting(reader()):
        pass
