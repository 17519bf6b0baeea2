"""pdf(): a case in words, set as a document."""

import json

from hotline.resources import TEMPLATES


def pdf(words: str, language: str) -> bytes:
    """A title in the first line, and paragraphs; what citizens write is words in it and nothing else.

    It is held to no standard of PDF, which would refuse a sign that no font here has.
    """
    import typst  # a tenth of a second and 60 MB, which no other work has to wait for

    title, _, rest = words.strip().partition("\n")
    paragraphs = [one.strip().splitlines() for one in rest.split("\n\n") if one.strip()]
    note = json.dumps({"title": title, "paragraphs": paragraphs, "language": language})
    template = str(TEMPLATES / "handling" / "handover.typ")
    return bytes(typst.compile(template, root=str(TEMPLATES), format="pdf", sys_inputs={"note": note}))
