"""Likeness: which of many texts say nearly the same.

Two texts are alike from rapidfuzz's `ratio` of 0.9 on (1 - insertions and deletions / both
lengths), letter case and white space aside. K. Lee et al. drop training texts that repeat others
from an edit similarity of 0.8 on (https://arxiv.org/abs/2107.06499); a prompt is shorter, so that
fewer letters tell two questions apart, and one case too many costs less than one that is lost.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

AT_LEAST = 0.9
_DIFFERENT = 0.3
"""The share of words in which two texts may differ and are still found: a letter or two in each of
three words of ten."""
_MOST = 1_000
"""Texts that one is compared with, those that share its rarest words first."""
_WORD = re.compile(r"\w+")
_LONG_WORD = 12


def alike(texts: Sequence[str], *, at_least: float = AT_LEAST) -> list[int]:
    """For each text the place of the first one that it is like, which may be its own.

    Only texts are compared that share one of their rarest words (prefix filtering: S. Chaudhuri,
    V. Ganti and R. Kaushik, ICDE 2006): 100,000 take seconds to minutes instead of hours.
    """
    from rapidfuzz import fuzz, process

    plain = [_plain(text) for text in texts]
    words = [_words(text) for text in plain]
    frequency = Counter(word for found in words for word in found)
    first: dict[str, int] = {}
    index: dict[str, list[int]] = defaultdict(list)
    group: list[int] = []
    for place, text in enumerate(plain):
        if text in first:
            group.append(group[first[text]])
            continue
        first[text] = place
        rare = _rarest(words[place], frequency)
        near = _candidates(rare, index, plain, len(text), at_least)
        found = process.extractOne(text, near, scorer=fuzz.ratio, score_cutoff=100 * at_least)
        group.append(place if found is None else found[2])
        if found is None:
            for word in rare:
                index[word].append(place)
    return group


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _words(text: str) -> set[str]:
    """Words; of scripts without blanks, and of a text in a few words, pieces of three letters."""
    found = set(_WORD.findall(text))
    if len(found) >= 4 and sum(map(len, found)) <= _LONG_WORD * len(found):
        return found
    return {text[start : start + 3] for start in range(max(1, len(text) - 2))}


def _rarest(words: set[str], frequency: Counter[str]) -> list[str]:
    kept = 1 + math.ceil(_DIFFERENT * len(words))
    return sorted(words, key=lambda word: (frequency[word], word))[:kept]


def _candidates(
    rare: Sequence[str],
    index: dict[str, list[int]],
    plain: Sequence[str],
    length: int,
    at_least: float,
) -> dict[int, str]:
    """Texts of a length with which the ratio can be reached."""
    shortest, longest = length * at_least / (2 - at_least), length * (2 - at_least) / at_least
    found: dict[int, str] = {}
    for word in rare:
        for place in index.get(word, ()):
            if shortest <= len(plain[place]) <= longest:
                found[place] = plain[place]
                if len(found) >= _MOST:
                    return found
    return found
