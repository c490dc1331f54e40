"""Similarity: how much an output has in common with a reference, by letters, words or n-grams.

`rouge_n` and `rouge_l` are those of https://aclanthology.org/W04-1013/ as the package rouge-score
counts them; `bleu` (https://aclanthology.org/P02-1040/) and `chrf`
(https://aclanthology.org/W15-3049/) are sentence scores as sacrebleu counts them
(https://aclanthology.org/W18-6319/). Tests hold the numbers against both packages.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Literal, TypeAlias

from pytest_litmus.evaluators.quoting import quoted
from pytest_litmus.evaluators.said import Said, text_of
from pytest_litmus.verdicts import Evidence, Score, Verdict, decided

References: TypeAlias = "str | Sequence[str]"

_LONGEST = 20_000
"""Letters that are compared: the time grows with the product of both lengths."""
_ROUGE_TOKEN = re.compile(r"[a-z0-9]+")
_BLEU_ORDER = 4
_CHRF_ORDER = 6
_CHRF_BETA = 2
_KEPT = 2_000
"""Letters of a text whose n-grams are kept for its next comparison."""
_13A = (
    (re.compile(r"([{-~\[-` -&(-+:-@/])"), r" \1 "),
    (re.compile(r"([^0-9])([.,])"), r"\1 \2 "),
    (re.compile(r"([.,])([^0-9])"), r" \1 \2"),
    (re.compile(r"([0-9])(-)"), r"\1 \2 "),
)
"""WMT's tokenizer 13a, the default of sacrebleu."""
_ENTITIES = (("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">"))


def similar(
    said: Said,
    reference: References,
    *,
    how: Literal["ratio", "partial", "token_sort", "token_set"] = "ratio",
    ignore_case: bool = False,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """How alike the letters of an output and of the nearest reference are, in [0, 1].

    It has no limit of its own. None where the output or all references are empty, or where one is
    longer than 20,000 letters.

    Blind spots: it knows letters, not meaning. `is` and `is not` are very alike, `car` and
    `automobile` are not; a right answer in a long sentence has a low `ratio`.

    Args:
        said: The output.
        reference: The expected text, or several of which the nearest counts.
        how: rapidfuzz's measures (https://rapidfuzz.github.io/RapidFuzz/Usage/fuzz.html): `ratio`
            of the whole texts (1 - insertions and deletions / both lengths), `partial` of the
            shorter with the best part of the longer, `token_sort` of the words in the alphabet's
            order, `token_set` of the words that they share and do not.
        ignore_case: Whether `A` and `a` are one.
        at_least: The lowest value that passes.
        at_most: The highest.
    """
    from rapidfuzz import fuzz

    measures: dict[str, Callable[[str, str], float]] = {
        "ratio": fuzz.ratio,
        "partial": fuzz.partial_ratio,
        "token_sort": fuzz.token_sort_ratio,
        "token_set": fuzz.token_set_ratio,
    }
    if how not in measures:
        raise ValueError(f"how={how!r}: known are {', '.join(measures)}")

    def value(one: str, other: str) -> float | None:
        if max(len(one), len(other)) > _LONGEST:
            return None
        pair = (one.casefold(), other.casefold()) if ignore_case else (one, other)
        return measures[how](*pair) / 100

    score = _nearest("similar", f"{how} ratio", value, said, reference)
    return decided(score, at_least=at_least, at_most=at_most)


def rouge_n(
    said: Said,
    reference: References,
    *,
    n: int = 2,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """The F1 of the word n-grams of an output and of the nearest reference, in [0, 1].

    Words are runs of a-z and 0-9 in lower case, not stemmed: rouge-score's default. None where one
    of the texts has no such word, which is so in most scripts but Latin: use `chrf` there.
    It has no limit of its own.

    Raises:
        ValueError: n is below 1.
    """
    if n < 1:
        raise ValueError(f"n={n}: an n-gram has at least one word")

    def value(one: list[str], other: list[str]) -> float:
        grams, wanted = _grams(one, n), _grams(other, n)
        return _f1((grams & wanted).total(), grams.total(), wanted.total())

    score = _nearest("rouge_n", f"ROUGE-{n}", _of_words(value), said, reference)
    return decided(score, at_least=at_least, at_most=at_most)


def rouge_l(
    said: Said,
    reference: References,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """The F1 of the longest common subsequence of words with the nearest reference, in [0, 1].

    Words and None as for `rouge_n`. It is ROUGE-L of the texts as one sentence each, not
    ROUGE-Lsum. It has no limit of its own.
    """
    from rapidfuzz.distance import LCSseq

    def value(one: list[str], other: list[str]) -> float:
        return _f1(LCSseq.similarity(one, other), len(one), len(other))

    score = _nearest("rouge_l", "ROUGE-L", _of_words(value), said, reference)
    return decided(score, at_least=at_least, at_most=at_most)


def bleu(
    said: Said,
    reference: References,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """The sentence BLEU of an output against all references together, in [0, 1].

    Sacrebleu's `sentence_bleu` divided by 100: tokenizer 13a, exponential smoothing, effective
    order. None where the output or all references are empty. It has no limit of its own.

    Blind spots: it was made for whole corpora, and is coarse for one sentence; scripts without
    spaces between words come out near zero: use `chrf` there.
    """
    references = _listed(reference)
    text, score = text_of(said), _missing("bleu", text_of(said), references)
    if score is None:
        score = _told("bleu", "BLEU", text, _bleu(text, references), references[0])
    return decided(score, at_least=at_least, at_most=at_most)


def chrf(
    said: Said,
    reference: References,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """The F-score of the character n-grams of an output and of the nearest reference, in [0, 1].

    Sacrebleu's `sentence_chrf` divided by 100, that is chrF2: n up to 6, recall weighs twice, white
    space does not count. Works in every script. None where the output or all references are empty.
    It has no limit of its own.
    """
    score = _nearest("chrf", "chrF", _chrf, said, reference)
    return decided(score, at_least=at_least, at_most=at_most)


def _nearest(
    name: str,
    title: str,
    measure: Callable[[str, str], float | None],
    said: Said,
    reference: References,
) -> Score:
    """The highest value over the references."""
    text, references = text_of(said), _listed(reference)
    missing = _missing(name, text, references)
    if missing is not None:
        return missing
    values = [(measure(text, one), one) for one in references]
    known = [(value, one) for value, one in values if value is not None]
    if not known:
        return Score(
            name=name,
            explanation=f"{title} cannot compare {quoted(text)} with {quoted(references[0])}: "
            "one has no words that it knows, or is too long",
        )
    return _told(name, title, text, *max(known, key=lambda pair: pair[0]))


def _listed(reference: References) -> list[str]:
    return [
        one for one in ([reference] if isinstance(reference, str) else reference) if one.strip()
    ]


def _missing(name: str, text: str, references: list[str]) -> Score | None:
    if not text.strip():
        return Score(name=name, explanation="the output is empty")
    if not references:
        return Score(name=name, explanation="there is no reference: all are empty")
    return None


def _told(name: str, title: str, text: str, value: float, reference: str) -> Score:
    return Score(
        name=name,
        value=value,
        explanation=f"{quoted(text)} has {title} {value:.2f} with {quoted(reference)}",
        evidence=(Evidence(rule=name, text=text, start=0, end=len(text), nearest=reference),),
    )


def _of_words(
    measure: Callable[[list[str], list[str]], float],
) -> Callable[[str, str], float | None]:
    def value(one: str, other: str) -> float | None:
        words, wanted = (_ROUGE_TOKEN.findall(text.lower()) for text in (one, other))
        return measure(words, wanted) if words and wanted else None

    return value


def _f1(common: int, said: int, wanted: int) -> float:
    return 2 * common / (said + wanted) if common else 0.0


def _grams(words: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(words[start:] for start in range(n)), strict=False))


def _bleu(text: str, references: list[str]) -> float:
    words, wanted = _tokens_13a(text), [_tokens_13a(one) for one in references]
    matches, totals = zip(
        *(_clipped(words, wanted, n) for n in range(1, _BLEU_ORDER + 1)), strict=True
    )
    if not any(matches):
        return 0.0
    logs, halved = [], 1
    for match, total in zip(matches, totals, strict=True):
        if not total:
            break
        halved = halved if match else 2 * halved
        logs.append(math.log(match / total if match else 1 / (halved * total)))
    nearest = min((len(one) for one in wanted), key=lambda n: (abs(n - len(words)), n))
    brevity = min(0.0, 1 - nearest / len(words))
    return math.exp(brevity + sum(logs) / len(logs))


def _clipped(words: list[str], wanted: list[list[str]], n: int) -> tuple[int, int]:
    """How many n-grams stand in a reference, each as often as there, and how many there are."""
    grams, allowed = _grams(words, n), Counter[tuple[str, ...]]()
    for one in wanted:
        allowed |= _grams(one, n)
    return (grams & allowed).total(), grams.total()


def _tokens_13a(text: str) -> list[str]:
    line = text.rstrip().replace("<skipped>", "").replace("-\n", "").replace("\n", " ")
    for entity, letter in _ENTITIES:
        line = line.replace(entity, letter)
    line = f" {line} "
    for pattern, spaced in _13A:
        line = pattern.sub(spaced, line)
    return line.split()


def _chrf(text: str, reference: str) -> float:
    said, wanted = "".join(text.split()), "".join(reference.split())
    orders = min(_CHRF_ORDER, len(said), len(wanted))
    common = [
        _common(*grams)
        for grams in zip(_letter_grams(said)[:orders], _letter_grams(wanted)[:orders], strict=True)
    ]
    if not any(common):
        return 0.0
    precision = sum(count / (len(said) - n) for n, count in enumerate(common))
    recall = sum(count / (len(wanted) - n) for n, count in enumerate(common))
    weight = _CHRF_BETA**2
    return (1 + weight) * precision * recall / (weight * precision + recall) / orders


def _letter_grams(text: str) -> tuple[Counter[str], ...]:
    """Of each length; those of a short text are kept, because it is compared with several."""
    return _kept_grams(text) if len(text) <= _KEPT else _counted_grams(text)


def _counted_grams(text: str) -> tuple[Counter[str], ...]:
    return tuple(
        Counter([text[start : start + n] for start in range(len(text) - n + 1)])
        for n in range(1, _CHRF_ORDER + 1)
    )


_kept_grams = lru_cache(maxsize=64)(_counted_grams)


def _common(one: Counter[str], other: Counter[str]) -> int:
    return sum(min(one[gram], other[gram]) for gram in one.keys() & other.keys())
