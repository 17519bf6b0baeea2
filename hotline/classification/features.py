"""What of a text is compared: stems and pairs of them, sequences of letters, and those of its open part once more."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.feature_extraction.text import TfidfVectorizer

from hotline.classification.clauses import open_part
from hotline.classification.words import plain, stems

OPEN = 0.4  # how much of what texts have in common is that of their open parts
COMMON = 0.1  # of the texts; letters that stand in more tell little, and cost most of the training


@dataclass(frozen=True)
class Features:
    """Turns texts into rows of length 1, so that the product of two says how alike they are, from 0 to 1."""

    words: TfidfVectorizer
    letters: TfidfVectorizer

    def of(self, texts: list[str]) -> csr_matrix:
        """A row for each text; without any entry where nothing of it was ever seen."""
        return self.beside_open(texts, self._seen(texts))

    def beside_open(self, texts: list[str], seen: csr_matrix) -> csr_matrix:
        """What was seen of whole texts, and beside it what of their open parts is."""
        still_open = [open_part(text) for text in texts]
        parts = [row for row, text in enumerate(texts) if still_open[row] != text]
        if not parts:
            return _beside(seen, seen)
        rows = np.arange(len(texts))
        rows[parts] = len(texts) + np.arange(len(parts))
        seen_open = self._seen([still_open[row] for row in parts])
        return _beside(seen, vstack([seen, seen_open], format="csr")[rows])

    def _seen(self, texts: list[str]) -> csr_matrix:
        return _joined(self.words.transform(texts), self.letters.transform(texts))


def learn(texts: list[str]) -> tuple[Features, csr_matrix]:
    """What stands in at least two of these texts, the rarer the weightier; and the row of each of them."""
    both = {"sublinear_tf": True, "min_df": 2, "dtype": np.float32}
    words = TfidfVectorizer(analyzer=_words, **both)
    letters = TfidfVectorizer(preprocessor=plain, analyzer="char_wb", ngram_range=(3, 5), max_df=COMMON, **both)
    seen = _joined(words.fit_transform(texts), letters.fit_transform(texts))
    features = Features(words, letters)
    return features, features.beside_open(texts, seen)


def _beside(seen: csr_matrix, seen_open: csr_matrix) -> csr_matrix:
    return hstack([seen * np.float32((1 - OPEN) ** 0.5), seen_open * np.float32(OPEN**0.5)], format="csr")


def _joined(words: csr_matrix, letters: csr_matrix) -> csr_matrix:
    return hstack([words, letters], format="csr") * np.float32(0.5**0.5)


def _words(text: str) -> list[str]:
    """Stems and pairs of neighbouring stems."""
    single = stems(text)
    return single + [f"{left} {right}" for left, right in pairwise(single)]
