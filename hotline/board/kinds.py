"""New kinds of inquiries among those that the reader is not sure of, before anybody has a name for them."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from math import log
from uuid import UUID

import numpy as np
from sklearn.cluster import AgglomerativeClustering
from sklearn.feature_extraction.text import TfidfVectorizer

from hotline.classification.examples import examples, training_files
from hotline.classification.words import stems
from hotline.ids import reference_of
from hotline.text import readable

FEWEST = 4  # inquiries that make a kind
SHOWN = 8  # kinds
WORDS = 5  # of each
SHARED_BY = 3  # inquiries at the least, before a word of theirs is shown
COMMON = 0.01  # of all texts, from which on a word tells nothing of a kind
APART = 0.85  # from here on, of 0 to 1, two inquiries are not of a kind
EXAMPLES = 10
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True)
class Example:
    """An inquiry by its id and what people call it."""

    id: UUID

    @property
    def reference(self) -> str:
        """As its citizen was told."""
        return reference_of(self.id)


@dataclass(frozen=True)
class Kind:
    """Inquiries that are alike: how many, the words that they share, and those in its midst."""

    count: int
    words: tuple[str, ...]
    examples: tuple[Example, ...]


def kinds(texts: Sequence[tuple[UUID, str]]) -> list[Kind]:
    """The kinds among these inquiries, the newest and biggest first.

    A word is shown only where three of a kind and a third of it say it: no word of one citizen alone is.
    """
    said = [(one, set(_WORD.findall(readable(text).lower()))) for one, text in texts]
    said = [(one, words) for one, words in said if words]
    if len(said) < FEWEST:
        return []
    vectorizer = TfidfVectorizer(analyzer=_telling, min_df=2, dtype=np.float32)
    try:
        rows = vectorizer.fit_transform([words for _, words in said])
    except ValueError:  # no two of them have a word in common
        return []
    known = np.flatnonzero(np.diff(rows.indptr))
    if len(known) < FEWEST:
        return []
    rows = rows[known]
    apart = np.clip(1 - (rows @ rows.T).toarray(), 0, 1)
    grouping = AgglomerativeClustering(
        n_clusters=None, distance_threshold=APART, metric="precomputed", linkage="average"
    )
    labels = grouping.fit_predict(apart)
    found = []
    for label, count in Counter(labels.tolist()).items():
        if count >= FEWEST:
            members = np.flatnonzero(labels == label)
            nearest = members[np.argsort(apart[np.ix_(members, members)].mean(axis=1), kind="stable")]
            share = np.asarray(rows[members].mean(axis=0))[0]
            likeliest = vectorizer.get_feature_names_out()[np.argsort(-share, kind="stable")]
            of_them = [said[known[row]] for row in nearest]
            words = _words(likeliest, [words for _, words in of_them])
            found.append(Kind(count, words, tuple(Example(one) for one, _ in of_them[:EXAMPLES])))
    return sorted((kind for kind in found if kind.words), key=lambda kind: (-_newness(kind), kind.words))[:SHOWN]


def _telling(words: set[str]) -> list[str]:
    """The stems of these words but for those that people use whatever they write about."""
    usual = _usual()
    return sorted(stem for stem in {stems(word)[0] for word in words} if usual.get(stem, 0.0) < COMMON)


@lru_cache
def _usual() -> dict[str, float]:
    """How large a share of the training texts says each stem."""
    texts = examples(training_files())
    counts = Counter(stem for one in texts for stem in set(stems(one.text)))
    return {stem: count / len(texts) for stem, count in counts.items()}


def _newness(kind: Kind) -> float:
    """How many say what was seldom said before: a kind that everybody knows comes after one of a few new words."""
    usual = _usual()
    return kind.count * sum(-log(usual.get(stems(word)[0], 0.0) + 1e-4) for word in kind.words) / len(kind.words)


def _words(likeliest: Iterable[str], members: list[set[str]]) -> tuple[str, ...]:
    """The likeliest stems as most of the members write them, of those that enough of them write at all."""
    written: dict[str, Counter[str]] = defaultdict(Counter)
    for words in members:
        for stem, word in {stems(word)[0]: word for word in sorted(words)}.items():
            written[stem][word] += 1
    least = max(SHARED_BY, len(members) / 3)
    shown = (stem for stem in likeliest if written[stem].total() >= least)
    return tuple(min(written[stem].items(), key=lambda one: (-one[1], one[0]))[0] for stem in islice(shown, WORDS))
