"""typeset(): a template in Typst and words become a PDF."""

import json
from typing import Any

from hotline.resources import TEMPLATES


class NotTypeset(Exception):
    """The library broke down over these words."""


def typeset(template: str, name: str, words: dict[str, Any], **how: Any) -> bytes:
    """The PDF; the template has the words as the input `name`, in which nothing is markup. Raises NotTypeset.

    What the library raises where it breaks down is no Exception, and would end whatever runs it.
    """
    import typst  # a tenth of a second and 60 MB, which no other work has to wait for

    try:
        made = typst.compile(
            str(TEMPLATES / template), root=str(TEMPLATES), format="pdf", sys_inputs={name: json.dumps(words)}, **how
        )
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ != "PanicException":
            raise
        raise NotTypeset(template) from None
    return bytes(made)
