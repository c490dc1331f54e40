"""Sentiment: fits the words' weights in `evaluators/sentiment.json`.

    python -m training.sentiment vaderSentiment-3.3.2.tar.gz

The archive is vaderSentiment's source distribution (MIT; Hutto and Gilbert, ICWSM 2014). Begins
with its lexicon, each word rated by ten people, and corrects that by its snippets of movie reviews,
product reviews and newspaper editorials, each rated by twenty. Its tweets are left out: they
measure. How strong the correction is was chosen by fitting on two of the three and looking at the
third.
"""

from __future__ import annotations

import json
import sys
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import Ridge
from training.linear import EVALUATORS

from pytest_litmus.evaluators.groups import ATTRIBUTES, words
from pytest_litmus.evaluators.sentiment import UNIT, Felt, felt

SOURCES = ("amazonReviewSnippets", "movieReviewSnippets", "nytEditorialSnippets")
HELD = 120.0
"""How strongly weights are held to the lexicon's (ridge)."""
SNIPPETS = 4
"""A word is corrected that is in as many, and, where the lexicon lacks it, in two sources."""
NO_FEELING = words(*(set(ATTRIBUTES) - {"age", "wealth"}))
"""That a group of people is named says nothing good or bad: these words get no weight."""
SCALE = 4.0
"""Ratings go from -4 to 4."""
HIGHEST = 0.95

Snippet = tuple[float, list[Felt], int]
"""Its rating in [-1, 1], its words, and the number of its source."""


def lexicon(archive: tarfile.TarFile) -> dict[str, float]:
    """The rating of each word that is one word to us as well."""
    rated: dict[str, float] = {}
    for line in _lines(archive, "vaderSentiment-3.3.2/vaderSentiment/vader_lexicon.txt"):
        told, rating = line.split("\t")[:2]
        found = felt(told)
        if len(found) == 1 and found[0].end == len(told) and found[0].word not in NO_FEELING:
            rated.setdefault(found[0].word, float(rating))
    return rated


def snippets(archive: tarfile.TarFile) -> Iterator[Snippet]:
    """What was rated as a whole."""
    packed = archive.extractfile(
        "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz"
    )
    with tarfile.open(fileobj=packed) as inner:
        for number, source in enumerate(SOURCES):
            for line in _lines(inner, f"hutto_ICWSM_2014/{source}_GroundTruth.txt"):
                _, rating, text = line.split("\t", 2)
                yield float(rating) / SCALE, felt(text), number


def fitted(rated: dict[str, float], told: list[Snippet]) -> dict[str, float]:
    """The words' weights: the lexicon's on the snippets' scale, and what corrects them."""
    corrected = _corrected(rated, told)
    place = {word: number for number, word in enumerate(corrected)}
    cells = [
        (row, place[one.word], one.factor)
        for row, (_, found, _) in enumerate(told)
        for one in found
        if one.word in place
    ]
    rows, columns, factors = zip(*cells, strict=True)
    counts = csr_matrix((factors, (rows, columns)), shape=(len(told), len(corrected)))
    begun = np.array([sum(rated.get(o.word, 0) * o.factor for o in found) for _, found, _ in told])
    wanted = np.arctanh(np.clip([rating for rating, _, _ in told], -HIGHEST, HIGHEST))
    sizes = np.bincount([source for _, _, source in told])
    even = np.array([len(told) / len(sizes) / sizes[source] for _, _, source in told])
    scale = (begun * wanted * even).sum() / (begun * begun * even).sum()
    learner = Ridge(alpha=HELD, solver="lsqr", fit_intercept=False)
    learner.fit(counts, wanted - scale * begun, sample_weight=even)
    weights = {word: scale * rating for word, rating in rated.items()}
    for word, more in zip(corrected, learner.coef_, strict=True):
        weights[word] = weights.get(word, 0.0) + more
    return weights


def write(weights: dict[str, float]) -> None:
    """Put the weights beside the evaluators, the words of each weight together."""
    by_weight: defaultdict[int, list[str]] = defaultdict(list)
    for word in sorted(weights):
        by_weight[round(weights[word] * UNIT)].append(word)
    by_weight.pop(0, None)
    raw = {str(weight): " ".join(by_weight[weight]) for weight in sorted(by_weight)}
    text = json.dumps(raw, indent=1) + "\n"
    (EVALUATORS / "sentiment.json").write_text(text, encoding="utf-8")


def _corrected(rated: dict[str, float], told: list[Snippet]) -> list[str]:
    met: defaultdict[str, list[int]] = defaultdict(list)
    for _, found, source in told:
        for word in {one.word for one in found} - NO_FEELING:
            met[word].append(source)
    often = {word: set(sources) for word, sources in met.items() if len(sources) >= SNIPPETS}
    return sorted(word for word, sources in often.items() if word in rated or len(sources) > 1)


def _lines(archive: tarfile.TarFile, name: str) -> list[str]:
    member = archive.extractfile(name)
    return member.read().decode("utf-8", "replace").splitlines() if member else []


def main() -> None:
    """Read, fit and write."""
    with tarfile.open(Path(sys.argv[1])) as archive:
        write(fitted(lexicon(archive), list(snippets(archive))))


if __name__ == "__main__":
    main()
