"""The weights of `correct`, for `evaluators/correctness.json`.

    python -m training.correctness ../shared/data/labelled

Two kinds of answers are learned from:

- Answers of five models to half of the questions of EVOUNA's Natural Questions, judged by people
  (https://github.com/wangcunxiang/QA-Eval, Apache-2.0); the other half is left out, to be measured.
- The expected answers of these questions in short sentences, as they are, denied, beside another
  one, with another number: models seldom answer so, and users' tests must tell them apart.

Needs scikit-learn, numpy. Takes a few seconds.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from sklearn.linear_model import LogisticRegression
from training.linear import write_regression

from pytest_litmus.evaluators.matching import Answer, Signs, expected, place

DATA = "answer_correctness/evouna_nq.jsonl.gz"
SEED = 7
MADE_WEIGHS = 0.03
"""A made answer beside one that people judged."""
RIGHT = ("{gold}", "{gold}.", "It is {gold}.", "The answer is {gold}, not {other}.")
LATE = ("It was not until {gold}.", "Not only {gold} but also {other}.")
WRONG = (
    *("It is not {gold}.", "It was never {gold}.", "It isn't {gold}.", "Not {gold}, but {other}."),
    *("{other}, not {gold}.", "{other}", "It is {other}."),
)
UNSURE = ("I don't know whether it is {gold}.", "I am not sure that it is {gold}.")
OPEN = ("{gold} or {other}", "Either {other} or {gold}.", "It is {gold} or {other}.")


class Judged(NamedTuple):
    """An answer, what was expected, and whether it is right."""

    text: str
    golds: list[str]
    right: int


def held_out(question: str) -> bool:
    """Whether a question is kept for measuring, as `tests/truth/measure_correctness.py` does."""
    return zlib.crc32(question.encode()) % 2 == 0


def judged(labelled: Path) -> dict[str, list[Judged]]:
    """The judged answers to each question that is learned from."""
    found: dict[str, list[Judged]] = {}
    with gzip.open(labelled / DATA, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if not held_out(row["prompt"]):
                golds = list(filter(str.strip, row["reference"].split("/")))
                found.setdefault(row["prompt"], []).append(Judged(row["text"], golds, row["label"]))
    return found


def made(golds: list[str]) -> Iterator[Judged]:
    """Short sentences about each expected answer."""
    random = Random(SEED)  # noqa: S311 - no secret is made
    for gold in golds:
        other = random.choice([one for one in golds if kind(one) == kind(gold)])
        if other == gold:
            continue
        ways = [(RIGHT, 1), (RIGHT, 1), (RIGHT, 1), (LATE, 1), (WRONG, 0), (WRONG, 0), (UNSURE, 0)]
        if kind(gold) != "words":
            ways.append((OPEN, 0))
        for forms, right in ways:
            yield Judged(random.choice(forms).format(gold=gold, other=other), [gold], right)
        if kind(gold) == "number":
            yield Judged(other_number(gold, random), [gold], 0)


def kind(gold: str) -> str:
    """Of what an expected answer is, roughly."""
    if re.search(r"\d", gold):
        return "number"
    return "name" if gold[0].isupper() else "words"


def other_number(gold: str, random: Random) -> str:
    """An expected answer with another number in it."""
    match = random.choice(list(re.finditer(r"\d+", gold)))
    return (
        f"{gold[: match.start()]}{int(match[0]) + random.choice((1, 2, 10))}{gold[match.end() :]}"
    )


def learned(one: Judged) -> Signs:
    """The signs of the expected answer that stands best in an answer."""
    answer = Answer(one.text)
    signs = [place(answer, expected(gold)).signs for gold in one.golds]
    return max(signs, key=lambda s: (s.cover + s.whole, s.early))


def main() -> None:
    """Learn, and write the weights."""
    answers = judged(Path(sys.argv[1]))
    real = [one for among in answers.values() for one in among]
    short = list(made(sorted({among[0].golds[0] for among in answers.values()})))
    weights = [1.0] * len(real) + [MADE_WEIGHS] * len(short)
    signs, labels = [learned(one) for one in (*real, *short)], [o.right for o in (*real, *short)]
    model = LogisticRegression(max_iter=3_000).fit(signs, labels, sample_weight=weights)
    write_regression("correctness", Signs._fields, model)


if __name__ == "__main__":
    main()
