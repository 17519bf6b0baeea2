"""Takes CPR numbers out of a name that a program gave, so that the name still tells one thing from another."""

from hotline.privacy import subjects
from hotline.privacy.cpr import TOKEN, find
from hotline.privacy.vault import search_hash

FIELD = "external_id"
NUMBER, WRITING = 6, 8  # bytes: whose number it is, and how it was written, by which names are told apart
# No digits: whoever looks for numbers later must find none in a mark.
LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def marked(name: str) -> str:
    """The name with `[CPR]` and 28 letters in the place of every number.

    The letters are keyed hashes of the number, as `mark_of` has it, and of how it was written: the same name always
    becomes the same, another name another, and nothing leads back to the number.
    """
    found = find(name)
    if not found:
        return name
    parts, last = [], 0
    for one in found:
        parts += [name[last : one.start], mark_of(one.number), _letters(one.text, WRITING)]
        last = one.end
    # A number may be seen only once what ran into it is gone.
    return marked("".join([*parts, name[last:]]))


def mark_of(number: str) -> str:
    """What every mark of this CPR number begins with, however it was written: `[CPR]` and twelve letters."""
    return TOKEN + _letters(subjects.cpr(number), NUMBER)


def _letters(said: str, count: int) -> str:
    return search_hash(said, FIELD)[:count].hex().translate(LETTERS)
