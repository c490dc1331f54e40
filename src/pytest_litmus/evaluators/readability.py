"""Readability: how hard an English text is to read, by the standard formulas.

They count words, sentences, syllables and letters, and nothing else. Sources: R. Flesch, Journal of
Applied Psychology 32 (1948) 221-233; J. P. Kincaid et al., Research Branch Report 8-75 (1975),
https://stars.library.ucf.edu/istlibrary/56; R. Gunning, The Technique of Clear Writing (1952);
G. H. McLaughlin, Journal of Reading 12 (1969) 639-646; M. Coleman and T. L. Liau, Journal of
Applied Psychology 60 (1975) 283-284; R. J. Senter and E. A. Smith, AMRL-TR-66-220 (1967),
https://apps.dtic.mil/sti/citations/AD0667273.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Literal, NamedTuple

from pytest_litmus.evaluators.claims import Sentence, sentences
from pytest_litmus.evaluators.english import FUNCTION_WORDS
from pytest_litmus.evaluators.language import language
from pytest_litmus.evaluators.quoting import quoted
from pytest_litmus.evaluators.said import Said, text_of
from pytest_litmus.evaluators.terms import plain_letters
from pytest_litmus.verdicts import Evidence, Score, Verdict, decided

Formula = Literal[
    "flesch_reading_ease",
    "flesch_kincaid_grade",
    "gunning_fog",
    "smog",
    "coleman_liau",
    "automated_readability",
]

_WORD = re.compile(r"[^\W\d_]+(?:['\N{RIGHT SINGLE QUOTATION MARK}][^\W\d_]+)*")
_APOSTROPHE = re.compile(r"['\N{RIGHT SINGLE QUOTATION MARK}]")
_FEW = 5
"""A shorter sentence is not named as the hardest: one long word would make it so."""
_MANY_SYLLABLES = 3
_READ = 1_000
"""Characters by whose words English is known at once; where they do not tell, `language` does."""
_SMALL = 0.3
"""The share of small English words from which on a text is English: no paragraph of the Universal
Declaration of Human Rights in 41 other languages has more than 0.23."""
_KINDS = 4
"""How many different ones it takes."""

_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(
    # `made`, `makes`, `liked`, but `table`, `boxes`, `wanted`.
    r"(?<=[^aeiouy])(?:(?<![^aeiouyrw]l)e|(?<=[aeiouyrw]l)es?|(?<![dt])(?<![^aeiouyrw]l)ed|"
    r"(?<![scxzgl])(?<!sh|ch)es)$"
    # `lovely`, `statement`, `something`.
    r"|(?<=[aeiouy].)e(?=(?:ly|ment|ments|less|ful|ness|some|where|body|times?)$)"
)
_APART = re.compile(
    # Vowels side by side that are spoken apart: `various`, `science`, `area`, `being`, `fuel`.
    r"(?<![tscgx])(?<!ll)i[aou]|(?<=[tscgx])i(?:a(?![lnt])|o(?![un])|e(?![nsdrvfclg]))(?!$)"
    r"|eo(?!u)|ua(?=[^r]|ry)|uo|[aeiouy]ing|ya|(?<=[a-z])yo|ea(?=t(?:e|i(?!n))|l(?:i(?!n)|t))"
    r"|ui(?=t[yio]|n)|(?<![ct])ie(?=t|n[tc])|eu[mrs]$|i(?:er|est)$|(?<=[^aeiouyq])ue(?=[lnt])"
    r"|(?<=[ao])ye(?=r)|reas?$|idea"
    # `prism` has a second one, without a vowel.
    r"|sms?$"
)
_ONE_AFTER_ALL = re.compile(r"[qg]ua")


class Counts(NamedTuple):
    """What the formulas count."""

    sentences: int
    words: int
    letters: int
    syllables: int
    long_words: int
    """Of three syllables and more."""


_EASE = (
    (90, "very easy"),
    (80, "easy"),
    (70, "fairly easy"),
    (60, "standard"),
    (50, "fairly difficult"),
    (30, "difficult"),
)
_FORMULAS: dict[Formula, Callable[[Counts], float]] = {
    "flesch_reading_ease": lambda c: (
        206.835 - 1.015 * c.words / c.sentences - 84.6 * c.syllables / c.words
    ),
    "flesch_kincaid_grade": lambda c: (
        0.39 * c.words / c.sentences + 11.8 * c.syllables / c.words - 15.59
    ),
    "gunning_fog": lambda c: 0.4 * (c.words / c.sentences + 100 * c.long_words / c.words),
    "smog": lambda c: 1.0430 * math.sqrt(30 * c.long_words / c.sentences) + 3.1291,
    "coleman_liau": lambda c: (
        0.0588 * (100 * c.letters / c.words) - 0.296 * (100 * c.sentences / c.words) - 15.8
    ),
    "automated_readability": lambda c: (
        4.71 * c.letters / c.words + 0.5 * c.words / c.sentences - 21.43
    ),
}


def readability(
    said: Said,
    *,
    how: Formula = "flesch_reading_ease",
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """How hard an output is to read, by one of the standard formulas for English.

    - `flesch_reading_ease`: higher is easier; plain English is from 60 to 70, 100 is very easy, and
      a text of long words may be below 0. The label is Flesch's: `very easy`, `easy`,
      `fairly easy`, `standard`, `fairly difficult`, `difficult`, `very difficult`.
    - `flesch_kincaid_grade`, `gunning_fog`, `smog`, `coleman_liau`, `automated_readability`: the
      years of school (in the United States) that it takes; higher is harder. No label.

    There is no limit of its own. The evidence is the sentence that reads hardest.

    None where the output has no words, or is in another language: the formulas were fitted to
    English alone.

    Blind spots: whether it makes sense. Syllables are told by spelling, and 5 of 100 common words
    are wrong by one. Numbers count for nothing, code and tables as prose; a list's entry is a
    sentence. The formulas were made for texts of 100 words and more (`smog`: 30 sentences).

    Args:
        said: The output.
        how: The formula.
        at_least: The lowest value that passes.
        at_most: The highest.
    """
    return decided(_measured(text_of(said), how), at_least=at_least, at_most=at_most)


@lru_cache(maxsize=20_000)
def syllables(word: str) -> int:
    """How many syllables an English word has, by its spelling; at least one."""
    plain = plain_letters(word)[:100]
    heard = len(_VOWELS.findall(_SILENT.sub("", plain)))
    apart = len(_APART.findall(plain)) - len(_ONE_AFTER_ALL.findall(plain))
    return max(1, heard + apart)


def _measured(text: str, how: Formula) -> Score:
    parts = [(one, counts) for one in sentences(text) if (counts := _counted(one.text)).words]
    why = _undecidable(text) if parts else "the output has no words"
    if why:
        return Score(name="readability", explanation=why)
    counts = Counts(*map(sum, zip(*(counts for _, counts in parts), strict=True)))
    value = _FORMULAS[how](counts)
    label = _ease(value) if how == "flesch_reading_ease" else None
    hardest = _hardest(parts, how)
    told = f"{label}: " if label else ""
    return Score(
        name="readability",
        value=value,
        label=label,
        explanation=f"{told}{how} {value:.1f} over {counts.words} words in {counts.sentences} "
        f"sentences; the hardest is {quoted(hardest.text)}",
        evidence=(Evidence(rule=how, text=hardest.text, start=hardest.start, end=hardest.end),),
    )


def _undecidable(text: str) -> str:
    if _surely_english(text[:_READ]):
        return ""
    spoken = language(text)
    label = spoken.label if isinstance(spoken, Score) else None
    if label in {None, "en"}:
        return ""
    return f"the output reads as {label!r}, and the formulas are for English alone"


def _surely_english(text: str) -> bool:
    """Whether so many words are small ones of English that no other language comes near."""
    words = _WORD.findall(text)
    small = [word for word in map(str.lower, words) if word in FUNCTION_WORDS]
    return len(set(small)) >= _KINDS and len(small) >= _SMALL * len(words)


def _hardest(parts: list[tuple[Sentence, Counts]], how: Formula) -> Sentence:
    sign = -1 if how == "flesch_reading_ease" else 1
    long = [part for part in parts if part[1].words >= _FEW] or parts
    return max(long, key=lambda part: sign * _FORMULAS[how](part[1]))[0]


def _counted(sentence: str) -> Counts:
    words = _WORD.findall(sentence)
    spoken = [syllables(word) for word in words]
    return Counts(
        sentences=1,
        words=len(words),
        letters=sum(map(len, words)) - len(_APOSTROPHE.findall("".join(words))),
        syllables=sum(spoken),
        long_words=sum(count >= _MANY_SYLLABLES for count in spoken),
    )


def _ease(value: float) -> str:
    return next((label for least, label in _EASE if value >= least), "very difficult")
