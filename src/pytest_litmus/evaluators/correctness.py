"""Correctness: whether an answer gives the expected one, or one of several.

`exact_match` and `token_f1` are SQuAD's (https://arxiv.org/abs/1606.05250; the evaluation script
at https://rajpurkar.github.io/SQuAD-explorer/). `correct` also knows an expected answer again in a
longer one, in other spellings of names, numbers and dates, and whether it is denied there.
"""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence

from pytest_litmus.evaluators.matching import Answer, Place, expected, place
from pytest_litmus.evaluators.quoting import quoted
from pytest_litmus.evaluators.said import Said, text_of
from pytest_litmus.evaluators.weighing import likelihood
from pytest_litmus.verdicts import Evidence, Limit, Score, Verdict, decided

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation)
_MODEL = "correctness"
_RIGHT = 0.5


def correct(
    said: Said,
    gold: str | Sequence[str],
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """How likely an output gives the expected answer, or one of several.

    The value is in [0, 1]: the likelihood that people would call it right, by a logistic model of
    what of the expected answer stands in the output (`matching.Signs`). Passes from 0.5 on unless
    another limit is given. Case, accents, articles and punctuation do not count; `1,000`, `1e3` and
    `one thousand` are one, `4 July 1776` and `July 4, 1776` too; middle names and titles may be
    missing, a name may be misspelt by a letter. `not Paris` and `Paris or London` speak against.

    None where the output or all expected answers are empty.

    Blind spots: it does not know the question, nor that two names are one thing (`backflow
    prevention`, `keeps water from flowing back`): give such as further expected answers. Where all
    of several are wanted, ask for each.

    Args:
        said: The output.
        gold: The expected answer, or several of which one is enough.
        at_least: The lowest value that passes.
        at_most: The highest.
    """
    score = _measured("correct", _correct, said, gold)
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_least=_RIGHT))


def exact_match(
    said: Said,
    gold: str | Sequence[str],
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """Whether an output is an expected answer: 1 or 0, as SQuAD counts.

    Both without case, punctuation, English articles and spare white space. Passes at 1 unless
    another limit is given. None where the output or all expected answers are empty.
    """
    score = _measured("exact_match", _exact, said, gold)
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_least=1))


def token_f1(
    said: Said,
    gold: str | Sequence[str],
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """The F1 of an output's words and those of the nearest expected answer, as SQuAD counts.

    In [0, 1]: the harmonic mean of the shares of common words; normalised as for `exact_match`. A
    longer output scores lower, right or not: for whole sentences use `correct`. It has no limit of
    its own. None where the output or all expected answers are empty.
    """
    score = _measured("token_f1", _f1, said, gold)
    return decided(score, at_least=at_least, at_most=at_most)


def _listed(gold: str | Sequence[str]) -> list[str]:
    return [one for one in ([gold] if isinstance(gold, str) else gold) if one.strip()]


def _measured(
    name: str, measure: Callable[[str, list[str]], Score], said: Said, gold: str | Sequence[str]
) -> Score:
    text, golds = text_of(said), _listed(gold)
    if not text.strip():
        return Score(name=name, explanation="the output is empty")
    if not golds:
        return Score(name=name, explanation="there is no expected answer: all are empty")
    return measure(text, golds)


def _correct(text: str, golds: list[str]) -> Score:
    answer = Answer(text)
    places = [(gold, place(answer, expected(gold))) for gold in golds]
    found = [(likelihood(_MODEL, where.signs._asdict()), gold, where) for gold, where in places]
    value, gold, where = max(found, key=lambda one: one[0])
    evidence = Evidence(
        rule="expected-answer",
        text=text[where.start : where.end],
        start=where.start,
        end=where.end,
        nearest=gold,
    )
    return Score(
        name="correct",
        value=value,
        explanation=_explained(text, gold, where),
        evidence=(evidence,) if where.end else (),
    )


def _explained(text: str, gold: str, where: Place) -> str:
    if not where.end:
        return f"nothing of the expected {quoted(gold)} is in the output"
    signs = where.signs
    against = [
        *(["denied"] if signs.denied else []),
        *(["one of several left open"] if signs.among else []),
        *(["the output says that it does not know"] if signs.hedged else []),
        *(["there with another number"] if signs.other_number else []),
    ]
    stands = "stands" if signs.whole else f"stands, by {signs.cover:.0%} of its words,"
    but = f", but {', '.join(against)}" if against else ""
    return f"the expected {quoted(gold)} {stands} in {quoted(text[where.start : where.end])}{but}"


def _exact(text: str, golds: list[str]) -> Score:
    same = [gold for gold in golds if _normalised(gold) == _normalised(text)]
    nearest = (same or golds)[0]
    told = "is" if same else "is not"
    return Score(
        name="exact_match",
        value=float(bool(same)),
        explanation=f"{quoted(text)} {told} the expected {quoted(nearest)}",
        evidence=(_against("exact-match", text, nearest),),
    )


def _f1(text: str, golds: list[str]) -> Score:
    value, gold = max(((_overlap(text, gold), gold) for gold in golds), key=lambda one: one[0])
    return Score(
        name="token_f1",
        value=value,
        explanation=f"{quoted(text)} has F1 {value:.2f} with the expected {quoted(gold)}",
        evidence=(_against("token-f1", text, gold),),
    )


def _overlap(text: str, gold: str) -> float:
    said, wanted = _normalised(text).split(), _normalised(gold).split()
    common = (Counter(said) & Counter(wanted)).total()
    return 2 * common / (len(said) + len(wanted)) if common else float(said == wanted)


def _normalised(text: str) -> str:
    bare = text.lower().translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", bare).split())


def _against(rule: str, text: str, gold: str) -> Evidence:
    return Evidence(rule=rule, text=text, start=0, end=len(text), nearest=gold)
