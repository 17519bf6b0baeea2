"""The lane `classify`: whatever waits for it gets its topic, language and urgency."""

from hotline.classification.reader import reads
from hotline.classification.waiting import classify_waiting
from hotline.lanes import in_batches


def run() -> bool:
    """All that was received so far, in batches of a transaction each; whether more is left."""
    return in_batches(lambda: classify_waiting(reads()) > 0)
