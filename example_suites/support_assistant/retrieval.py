"""Finds the passages of the shop's policies that a question is about."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "policies"
SATURATION, LENGTH_WEIGHT = 1.5, 0.75  # BM25's usual k1 and b
STOP_WORDS = set(
    re.findall(
        r"\w+",
        "a an and any are as at be by can do does for from had has have how i if in is it its me "
        "my not of on or our that the this to was we what when where which who will with you your",
    )
)


@dataclass(frozen=True)
class Passage:
    """One section of a policy."""

    policy: str
    title: str
    text: str

    @property
    def words(self) -> list[str]:
        return words(f"{self.policy} {self.title} {self.text}")


def search(question: str, *, top: int = 3) -> list[Passage]:
    """The passages nearest to the question, best first; empty when none shares a word with it."""
    ranked = sorted(passages(), key=lambda passage: -score(question, passage))
    return [passage for passage in ranked[:top] if score(question, passage) > 0]


def score(question: str, passage: Passage) -> float:
    """BM25: rare words count more, repeated words count less and less."""
    counts = Counter(passage.words)
    lengths = [len(other.words) for other in passages()]
    relative_length = len(passage.words) / (sum(lengths) / len(lengths))
    damping = SATURATION * (1 - LENGTH_WEIGHT + LENGTH_WEIGHT * relative_length)
    return sum(
        rarity(word) * counts[word] * (SATURATION + 1) / (counts[word] + damping)
        for word in set(words(question))
    )


@cache
def rarity(word: str) -> float:
    having = sum(word in passage.words for passage in passages())
    return math.log(1 + (len(passages()) - having + 0.5) / (having + 0.5))


@cache
def passages() -> tuple[Passage, ...]:
    return tuple(
        passage
        for path in sorted(FOLDER.glob("*.md"))
        for passage in sections(path.stem, path.read_text(encoding="utf-8"))
    )


def sections(policy: str, markdown: str) -> list[Passage]:
    found = re.findall(r"^## (.+)\n([^#]+)", markdown, flags=re.MULTILINE)
    return [Passage(policy, title.strip(), text.strip()) for title, text in found]


def words(text: str) -> list[str]:
    """Lower-case words without stop words and the commonest endings: `shipped` becomes `ship`."""
    found = re.findall(r"[a-z0-9]+", text.lower())
    return [stem(word) for word in found if word not in STOP_WORDS]


def stem(word: str) -> str:
    without_ending = re.sub(r"(?<=\w{3})(?:ing|ed|es|s)$", "", word)
    return re.sub(r"(\w)\1$", r"\1", without_ending)
