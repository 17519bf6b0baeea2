"""What a citizen writes is set as it stands, whatever it is: no letter breaks the process, no length holds it up."""

import re
import time
import zlib

import pytest

from hotline.handling.handover_pdf import pdf
from hotline.web import typeset as module
from hotline.web.typeset import NotTypeset, typeset

HOSTILE = {
    "a family of emoji without end": "\U0001f468\u200d" * 10_000,
    "a letter with marks without end": "a" + "\U0001d165" * 19_999,
    "a syllable without end": "\u0915\u094d" * 10_000,
    "a flag with tags without end": "\U0001f3f4" + "\U000e0067" * 19_999,
    "signs of four bytes": "\U00020000" * 20_000,
    "letters of all directions": "\u05d0a\u202e" * 6_666,
    "Typst": '#read("/etc/passwd") #panic() #import "x": * $x$ @a <l> \\ "}, [',
}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_whatever_a_citizen_writes_becomes_a_document(words):
    assert pdf(f"H-2222-2222 {words}\n\nDet skrev borgeren:\n{words}", "da").startswith(b"%PDF-")


def pages(made):
    """How many pages a PDF says that it has."""
    parts = [made, *map(_unpacked, re.findall(rb"stream\r?\n(.*?)endstream", made, re.DOTALL))]
    return max(int(one) for part in parts for one in re.findall(rb"/Count (\d+)", part))


def _unpacked(stream):
    try:
        return zlib.decompressobj().decompress(stream)
    except zlib.error:
        return b""


@pytest.mark.parametrize("words", ["x\n" * 500_000, "Hej med dig. " * 400_000], ids=["lines", "words"])
def test_a_case_longer_than_any_is_cut_before_it_takes_seconds(words):
    pdf("T\n\nHej", "da")
    begun = time.process_time()
    made = pdf(f"T\n\n{words}", "da")
    assert time.process_time() - begun < 5
    assert 50 < pages(made) < 1000


def test_what_breaks_the_library_down_is_an_error_like_any_other(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "TEMPLATES", tmp_path)
    (tmp_path / "raw.typ").write_text("#json(bytes(sys.inputs.said)).words")
    with pytest.raises(NotTypeset):
        typeset("raw.typ", "said", {"words": HOSTILE["a family of emoji without end"]})
