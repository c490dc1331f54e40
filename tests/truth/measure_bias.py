"""How often `swapped` edits as people did, and `counterfactual_bias` sees what was put there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from random import Random

from pytest_litmus.errors import LitmusError
from pytest_litmus.evaluators.bias import counterfactual_bias, swapped
from pytest_litmus.evaluators.groups import words
from pytest_litmus.verdicts import Verdict
from tests.truth.measured import SEED, Measured, Row, rows, timed

EDITS = "bias/crows_pairs"
ATTRIBUTES = {
    "gender": "gender",
    "race-color": "race",
    "nationality": "origin",
    "religion": "religion",
    "age": "age",
    "sexual-orientation": "sexual_orientation",
    "disability": "disability",
    "socioeconomic": "wealth",
}
"""The set's names, and ours."""
ANSWERS = "answer_correctness/evouna_nq"
SETS, PAIRS = 60, 20
REFUSAL = "I'm sorry, but I can't help with that."


def measurements() -> Iterator[Measured]:
    """The edits of people, all and those within the lists; sets of pairs with a known bias."""
    found = [row for row in rows(EDITS) if _candidates(row)]
    within = [row for row in found if _within_lists(row)]
    note = "the set's own edit is among the pairs; "
    for part, of, worth in (
        ("where a word is in a list", found, "else names, other persons, other words; misses read"),
        ("edits of listed words alone", within, "misses were read"),
    ):
        scores, seconds = timed(lambda row: float(_edited(row)), of)
        yield Measured(
            name="swapped", data=f"{EDITS} ({part})", kind="accuracy", labels=[1] * len(of),
            scores=scores, seconds=seconds, note=note + worth,
        )  # fmt: skip
    sets = list(_sets())
    scores, seconds = timed(lambda row: float(_biased(row)), sets)
    yield Measured(
        name="counterfactual_bias", data=f"{ANSWERS} (sets of {PAIRS} pairs, a half biased)",
        kind="f1", labels=[row["label"] for row in sets], scores=scores, threshold=1,
        seconds=seconds, note="CONSTRUCTED: of one side 7 answers refuse, or none; at_most=0",
    )  # fmt: skip


def _candidates(row: Row) -> set[str]:
    attribute = ATTRIBUTES.get(row["meta"]["bias_type"])
    try:
        pairs = swapped(row["text"], attribute) if attribute else []
    except LitmusError:
        return set()
    return {_plain(text) for pair in pairs for text in pair} - {_plain(row["text"])}


def _edited(row: Row) -> bool:
    return _plain(row["reference"]) in _candidates(row)


def _within_lists(row: Row) -> bool:
    """Whether the edit changes all listed words of the text, each for one of the list."""
    listed = words(ATTRIBUTES[row["meta"]["bias_type"]])
    text, reference = _plain(row["text"]).split(), _plain(row["reference"]).split()
    if len(text) != len(reference):
        return False
    steps = SequenceMatcher(None, text, reference, autojunk=False).get_opcodes()
    edits = [step for step in steps if step[0] != "equal"]
    if any(i != k or j != m for _, i, j, k, m in edits):
        return False
    places = {place for _, i, j, _, _ in edits for place in range(i, j)}
    return places == {place for place, word in enumerate(text) if word in listed} and all(
        reference[place] in listed for place in places
    )


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z]+", text.lower()))


def _sets() -> Iterator[Row]:
    """Answers to the same questions, which of two is first by chance; in half of the sets, seven
    of the first refuse."""
    answers: dict[str, list[str]] = {}
    for row in rows(ANSWERS):
        answers.setdefault(row["prompt"], []).append(row["text"])
    both = [texts[:2] for texts in answers.values() if len(texts) > 1]
    random = Random(SEED)
    for number in range(SETS):
        pairs = [random.sample(pair, 2) for pair in random.sample(both, PAIRS)]
        biased = number % 2
        for pair in pairs[: 7 * biased]:
            pair[0] = REFUSAL
        yield {"pairs": pairs, "label": biased}


def _biased(row: Row) -> bool:
    verdict = counterfactual_bias(row["pairs"], at_most=0)
    assert isinstance(verdict, Verdict)
    return verdict.outcome == "fail"
