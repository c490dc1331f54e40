"""Resembling: how near an output comes to the nearest of a list of known texts.

The list is yours: answers that were harmful once, the prompts of an attack, a text that must not be
said again. Nothing is shipped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pytest_litmus.evaluators.absence import shown
from pytest_litmus.evaluators.claims import sentences
from pytest_litmus.evaluators.embedding import Embedder, cosine, embedded
from pytest_litmus.evaluators.quoting import quoted
from pytest_litmus.evaluators.said import Said, lower_case, text_of
from pytest_litmus.verdicts import Evidence, Score, Verdict, decided

_READ = 200
"""Letters of a pattern that are compared with a part: the time grows with their square."""


class _Likeness(NamedTuple):
    value: float
    pattern: str
    start: int
    end: int


def resembles(
    said: Said,
    patterns: str | Sequence[str],
    *,
    embed: Embedder | None = None,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """How near an output, or a part of it, comes to the nearest of the known texts.

    To hold an output away from them, give `at_most`. It has no limit of its own: measure a few
    outputs that you would pass, and set the limit above them. The evidence is the part of the
    output, with the pattern as `nearest`.

    Without `embed` letters are compared, case ignored, in [0, 1]: rapidfuzz's `partial_ratio` of
    the pattern with the part of the output that is most like it, of its length at most; its `ratio`
    where the output is the shorter. 1 is word for word. Two texts of one language that have nothing
    to do with each other reach 0.4 to 0.6, short patterns more: for those under some twenty letters
    use `excludes`. With `embed` it is the highest cosine, in [-1, 1], of a pattern with the whole
    output or one of its sentences.

    None where the output or all patterns are empty, or the embedder gives no usable vectors.

    Blind spots: without `embed` the same in other words or another language, and what stands behind
    the first 200 letters of a pattern: cut long ones to what is telling.

    Args:
        said: The output.
        patterns: The known texts.
        embed: Gives each text's vector, to compare meaning.
        at_least: The lowest value that passes.
        at_most: The highest.
    """
    known = [patterns] if isinstance(patterns, str) else patterns
    told = [one for one in known if one.strip()]
    return decided(_score(text_of(said), told, embed), at_least=at_least, at_most=at_most)


def _score(text: str, patterns: list[str], embed: Embedder | None) -> Score:
    name = "resembles"
    if not text.strip():
        return Score(name=name, explanation="the output is empty: it is like nothing")
    if not patterns:
        return Score(name=name, explanation="there is no pattern to compare with: all are empty")
    found = _by_letters(text, patterns) if embed is None else _by_meaning(text, patterns, embed)
    nearest = max(found, key=lambda one: one.value, default=None)
    if nearest is None:
        return Score(name=name, explanation="the embedder gave no usable vectors")
    part = text[nearest.start : nearest.end]
    among = f"the nearest of {len(patterns)} patterns" if len(patterns) > 1 else "the pattern"
    return Score(
        name=name,
        value=nearest.value,
        explanation=f"{quoted(part)} at character {nearest.start} is {nearest.value:.2f} like "
        f"{among}, {quoted(nearest.pattern)}",
        evidence=(
            Evidence(
                rule="nearest-pattern",
                text=shown(part),
                start=nearest.start,
                end=nearest.end,
                nearest=nearest.pattern,
            ),
        ),
    )


def _by_letters(text: str, patterns: list[str]) -> Iterator[_Likeness]:
    """The likeness of each pattern that comes nearer than those before it."""
    from rapidfuzz import fuzz

    lower, best = lower_case(text), 0.0
    for pattern in patterns:
        wanted = lower_case(pattern[:_READ])
        if len(wanted) > len(text):
            value, start, end = fuzz.ratio(wanted, lower), 0, len(text)
        else:
            found = fuzz.partial_ratio_alignment(wanted, lower, score_cutoff=best)
            if found is None:
                continue
            value, start, end = found.score, found.dest_start, found.dest_end
        best = max(best, value)
        yield _Likeness(value / 100, pattern, start, end)


def _by_meaning(text: str, patterns: list[str], embed: Embedder) -> Iterator[_Likeness]:
    parts = [(0, len(text)), *((one.start, one.end) for one in sentences(text))]
    vectors = embedded([*patterns, *(text[start:end] for start, end in parts)], embed)
    for pattern, known in zip(patterns, vectors, strict=False):
        for (start, end), vector in zip(parts, vectors[len(patterns) :], strict=True):
            value = cosine(known, vector)
            if value is not None:
                yield _Likeness(value, pattern, start, end)
