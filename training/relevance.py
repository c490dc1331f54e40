"""The weights of `relevant`, for `evaluators/relevance.json`.

    python -m training.relevance ../shared/data/labelled

Learned from are questions, each with its own answer and with one to another question:

- Natural Questions as five models answered them (EVOUNA, Apache-2.0,
  https://github.com/wangcunxiang/QA-Eval);
- harmful questions and what models said to them, refusals too (PyRIT, MIT,
  https://github.com/microsoft/PyRIT).

What `tests/truth/measure_relevance.py` measures on is from elsewhere. Needs scikit-learn, numpy.
Takes a few seconds.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

from sklearn.linear_model import LogisticRegression
from training.linear import write_regression

from pytest_litmus.evaluators.relevance import Signs, compared, question_of
from pytest_litmus.evaluators.terms import terms

FILES = ("answer_correctness/evouna_nq", "harmful_response/pyrit_harm")
SEED = 11


def answered(path: Path) -> list[tuple[str, str]]:
    """The questions of a file with their answers, each pair once."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return list(dict.fromkeys((row["prompt"], row["text"]) for row in rows))


def pairs(path: Path) -> Iterator[tuple[str, str, int]]:
    """Each question with its answer, and with one to another question."""
    random = Random(SEED)  # noqa: S311 - no secret is made
    every = answered(path)
    for question, answer in every:
        yield question, answer, 1
        yield (
            question,
            random.choice([a for q, a in random.choices(every, k=5) if q != question]),
            0,
        )


def main() -> None:
    """Learn, and write the weights."""
    signs, labels = [], []
    for name in FILES:
        for question, answer, label in pairs(Path(sys.argv[1]) / f"{name}.jsonl.gz"):
            signs.append(compared(question_of(question), terms(answer))[0])
            labels.append(label)
    model = LogisticRegression(max_iter=2_000).fit(signs, labels)
    write_regression("relevance", Signs._fields, model)


if __name__ == "__main__":
    main()
