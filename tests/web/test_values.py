"""What another system sent beside a text reads as words, in the reader's language."""

import pytest

from hotline.web.language import translator
from hotline.web.templates import environment

READ = '{% from "shared/_value.html" import plain with context %}{{ plain(value) }}'


@pytest.mark.parametrize(("language", "yes", "no"), [("da", "ja", "nej"), ("en", "yes", "no")])
def test_yes_no_and_nothing_are_words_and_not_json(language, yes, no):
    def read(value):
        return environment().from_string(READ).render(value=value, t=translator(language)).strip()

    assert [read(value) for value in (True, False, None, 0, "true")] == [yes, no, "–", "0", "true"]
    nested = read({"samtykke": True, "svar": [False, None]})
    assert f"</span> {yes}</li>" in " ".join(nested.split()).replace(" </li>", "</li>")
    assert not {"true", "false", "null"} & set(nested.replace("<", " ").replace(">", " ").split())
