"""Who wrote which example: the reader is judged on writers it does not know, for it will know none of its citizens."""

from zlib import crc32

from hotline.classification.examples import Example

FEWEST = 3  # writers; where there are fewer, one's own words cannot be told from everybody's
PARTS = 5


def parts(examples: list[Example]) -> list[str]:
    """The part of each example, one a writer; with too few of them five, drawn by the text."""
    writers = [one.writer for one in examples]
    if len(set(writers)) >= FEWEST:
        return writers
    return [str(crc32(one.text.encode()) % PARTS) for one in examples]
