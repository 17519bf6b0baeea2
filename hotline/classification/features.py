"""What of a text is compared: stems and pairs of them, sequences of letters, and those of its open part once more."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from hotline.classification.clauses import open_part
from hotline.classification.words import plain, stems

OPEN = 1 / 3  # how much of what texts have in common is that of their open parts


@dataclass(frozen=True)
class Features:
    """Turns texts into rows of length 1, so that the product of two says how alike they are, from 0 to 1."""

    words: TfidfVectorizer
    letters: TfidfVectorizer

    def of(self, texts: list[str]) -> csr_matrix:
        """A row for each text; without any entry where nothing of it was ever seen."""
        whole, still_open = self._half(texts), self._half([open_part(text) for text in texts])
        return hstack([whole * np.float32((1 - OPEN) ** 0.5), still_open * np.float32(OPEN**0.5)], format="csr")

    def _half(self, texts: list[str]) -> csr_matrix:
        seen = hstack([self.words.transform(texts), self.letters.transform(texts)], format="csr")
        return seen * np.float32(0.5**0.5)


def learn(texts: list[str]) -> Features:
    """What stands in at least two of these texts, the rarer the weightier."""
    both = {"sublinear_tf": True, "min_df": 2, "dtype": np.float32}
    words = TfidfVectorizer(analyzer=_words, **both)
    letters = TfidfVectorizer(preprocessor=plain, analyzer="char_wb", ngram_range=(2, 5), **both)
    return Features(words.fit(texts), letters.fit(texts))


def _words(text: str) -> list[str]:
    """Stems and pairs of neighbouring stems."""
    single = stems(text)
    return single + [f"{left} {right}" for left, right in pairwise(single)]
