"""Takes CPR numbers out of a name that a program gave, so that the name still tells one thing from another."""

from hotline.privacy.cpr import TOKEN, find
from hotline.privacy.vault import search_hash

FIELD = "external_id"
BYTES = 8
# No digits: whoever looks for numbers later must find none in a mark.
LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def marked(name: str) -> str:
    """The name with `[CPR]` and sixteen letters in the place of every number.

    The letters are a keyed hash of what was written there: the same name always becomes the same, another name
    another, and nothing leads back to the number.
    """
    found = find(name)
    if not found:
        return name
    parts, last = [], 0
    for one in found:
        mark = search_hash(one.text, FIELD)[:BYTES].hex().translate(LETTERS)
        parts += [name[last : one.start], TOKEN, mark]
        last = one.end
    # A number may be seen only once what ran into it is gone.
    return marked("".join([*parts, name[last:]]))
