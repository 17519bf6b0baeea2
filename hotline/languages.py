"""Languages as ISO 639 codes: two letters where the language has them, else three (`kmr`, `prs`, `ckb`)."""

import re
from typing import Annotated

from babel.core import get_global
from pydantic import AfterValidator, StringConstraints

CODE = re.compile(r"[a-z]{2,3}")
# The Kurdish and the Persian that people ask for by name: CLDR would call the first Kurdish, the second Persian.
OF_THEIR_OWN = frozenset({"kmr", "prs"})


def usual(code: str) -> str:
    """The two letters for a code of three, so that `deu`, `ger` and `de` meet; itself where there are none."""
    other = get_global("language_aliases").get(code, code)
    return str(other) if len(code) == 3 and len(other) == 2 and code not in OF_THEIR_OWN else code


Language = Annotated[str, StringConstraints(pattern=f"^{CODE.pattern}$"), AfterValidator(usual)]
