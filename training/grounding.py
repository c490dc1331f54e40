"""The weights of `grounded`, for `evaluators/grounding.json`.

    python -m training.grounding ../shared/data/labelled

Two kinds of sentences are learned from:

- BEGIN's answers on Wizard of Wikipedia (https://github.com/google/BEGIN-dataset, CC BY 4.0), which
  a crowd called fully attributable to a snippet or not. A fifth of the snippets is left out, to be
  measured on; so are the answers on CMU-DoG and TopicalChat.
- Sentences of answers to Natural Questions (EVOUNA, Apache-2.0) and to Alpaca's instructions
  (HaluEval, MIT), as they are, shortened or bounded truly (`more than 4` of 5): borne out by their
  own text. And with a number, a name, a negation, an opposite, a bound, a strict word or the end of
  another sentence put in: not borne out. BEGIN has few of these, and they are what users fear.

Needs scikit-learn, numpy. Takes half a minute.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from sklearn.linear_model import LogisticRegression
from training.linear import write_regression

from pytest_litmus.evaluators.claims import Sentence, sentences
from pytest_litmus.evaluators.english import OPPOSITES
from pytest_litmus.evaluators.quantities import Quantity, quantities
from pytest_litmus.evaluators.support import Finding, Signs, context_of

SEED = 11
MADE = 4_000
MADE_WEIGHS = 0.1
"""A made sentence beside one that people labelled."""
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: (?:of |the )?[A-Z][a-z]+){0,3}")
VERB = re.compile(r"\b(?:is|was|are|were|has|have|had|can|could|will|would|does|did)\b(?! not)")
CUT = re.compile(r", | (?:and|which|who|that|because|in|with|from|by|to|for) ")
ABOVE = ("more than", "over", "at least", "above")
BELOW = ("less than", "fewer than", "under", "below")
KEPT = {*ABOVE, *BELOW, "more", "less", "fewer", "than", "at", "least", "not", "never", "only"}


class Pair(NamedTuple):
    """A sentence and a context; label 1 where it is not borne out."""

    text: str
    context: str
    label: int


def rows(labelled: Path, name: str) -> Iterator[dict[str, object]]:
    """The rows of a data set."""
    with gzip.open(labelled / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def held_out(context: str) -> bool:
    """Whether a snippet is kept for measuring; `tests/truth/measure_grounding.py` asks the same."""
    return zlib.crc32(context.encode()) % 5 == 0


def crowd(labelled: Path) -> Iterator[Pair]:
    """BEGIN's answers on Wizard of Wikipedia that are learned from."""
    for row in rows(labelled, "groundedness/begin"):
        wow = row["meta"]["data_source"] == "wow"  # type: ignore[index]
        if wow and row["label"] is not None and not held_out(str(row["context"])):
            yield Pair(str(row["text"]), str(row["context"]), int(str(row["label"])))


class Maker:
    """Makes sentences that a text bears out, and such that it does not."""

    def __init__(self, texts: list[str]) -> None:
        self.random = Random(SEED)  # noqa: S311 - no secret is made
        self.texts = texts
        self.names = [match[0] for text in texts for match in NAME.finditer(text)]
        self.opposites = dict(line.split() for line in OPPOSITES.strip().split("\n"))

    def pairs(self, count: int) -> Iterator[Pair]:
        """So many pairs, half of each label."""
        true = (self.same, self.shorter, self.shorter, self.ending, self.bounded, self.bounded)
        false = (
            *(self.other_number, self.other_number, self.misbounded, self.misbounded),
            *(self.other_name, self.other_name, self.negated, self.affirmed, self.opposite),
            *(self.stricter,),
            *(self.longer, self.longer),
        )
        made = 0
        while made < count:
            text = self.random.choice(self.texts)
            whole = [one for one in sentences(text) if 25 < len(one.text) < 300]
            if whole:
                pair = self.pair(text, self.random.choice(whole), (true, false))
                if pair:
                    made += 1
                    yield pair

    def pair(
        self, text: str, sentence: Sentence, ways: tuple[tuple[Callable[[str], str], ...], ...]
    ) -> Pair | None:
        """One pair, or None where its sentence has nothing to change."""
        label = int(self.random.random() < 0.5)
        base = sentence.text
        if self.random.random() < 0.5:
            base = self.shorter(base) or base
        said = self.random.choice(ways[label])(base)
        if not said or (label and said == base):
            return None
        context = text if self.random.random() < 0.5 else sentence.text
        if self.random.random() < 0.4:
            said = self.thinned(said)
        if self.random.random() < 0.2:
            said = self.random.choice(("yes, ", "yeah, ", "well, ", "")) + said.lower()
        return Pair(said, context, label)

    def same(self, sentence: str) -> str:
        """The sentence itself."""
        return sentence

    def shorter(self, sentence: str) -> str:
        """Its beginning."""
        cuts = [match.start() for match in CUT.finditer(sentence) if match.start() > 25]
        return sentence[: self.random.choice(cuts)].rstrip(" ,") + "." if cuts else ""

    def ending(self, sentence: str) -> str:
        """Its end."""
        cuts = [m.end() for m in re.finditer(", ", sentence) if len(sentence) - m.end() > 30]
        return sentence[self.random.choice(cuts) :].capitalize() if cuts else ""

    def thinned(self, sentence: str) -> str:
        """Without some of its words, as a short note is; never without one that turns it."""
        share = self.random.choice((0.1, 0.2, 0.3))
        words = sentence.split()
        kept = [w for w in words if w in KEPT or not w.isalpha() or self.random.random() > share]
        return " ".join(kept) if len(words) > 6 else sentence

    def bounded(self, sentence: str) -> str:
        """With a bound that its number keeps."""
        return self.with_bound(sentence, 1)

    def misbounded(self, sentence: str) -> str:
        """With a bound that its number breaks."""
        return self.with_bound(sentence, -1)

    def with_bound(self, sentence: str, true: int) -> str:
        """With `more than` or `less than` before a number near its own."""
        number = self.number(
            sentence, lambda one: one.kind not in {"year", "ordinal"} and one.exact
        )
        if not number:
            return ""
        up = self.random.random() < 0.5
        words = self.random.choice(ABOVE if up else BELOW)
        by = max(1, round(number.value * self.random.choice((0.02, 0.05, 0.1, 0.2))))
        bound = number.value - true * by if up else number.value + true * by
        return _put(sentence, number, f"{words} {_spelled(max(0, bound))}")

    def other_number(self, sentence: str) -> str:
        """With another number for one of its own."""
        number = self.number(sentence, lambda one: True)
        if not number:
            return ""
        by = max(
            1, round(self.random.choice((1, 2, 3, 5, 10, number.value / 10, number.value / 2)))
        )
        other = number.value + by * self.random.choice((-1, 1))
        return _put(sentence, number, _spelled(other if other > 0 else number.value + by))

    def number(self, sentence: str, fits: Callable[[Quantity], bool]) -> Quantity | None:
        """One of its numbers in digits."""
        found = [
            one
            for one in quantities(sentence)
            if one.value > 4 and re.fullmatch(r"\d[\d,]*", sentence[one.start : one.end])
        ]
        fitting = list(filter(fits, found))
        return self.random.choice(fitting) if fitting else None

    def other_name(self, sentence: str) -> str:
        """With another text's name for one of its own."""
        found = list(NAME.finditer(sentence))
        name = self.random.choice(self.names)
        if not found or name in sentence:
            return ""
        match = self.random.choice(found)
        return sentence[: match.start()] + name + sentence[match.end() :]

    def negated(self, sentence: str) -> str:
        """With `not` or `never` behind its verb."""
        return self.behind_verb(sentence, ("not", "never"))

    def affirmed(self, sentence: str) -> str:
        """Without its `not` or `never`."""
        found = re.search(r" (?:not|never)\b|n't\b|(?<=can)not\b", sentence)
        return sentence[: found.start()] + sentence[found.end() :] if found else ""

    def stricter(self, sentence: str) -> str:
        """With `only` or `always` behind its verb."""
        return self.behind_verb(sentence, ("only", "always", "exclusively"))

    def behind_verb(self, sentence: str, words: tuple[str, ...]) -> str:
        """With one of the words behind its first verb of the common ones."""
        verb = VERB.search(sentence)
        if not verb:
            return ""
        return f"{sentence[: verb.end()]} {self.random.choice(words)}{sentence[verb.end() :]}"

    def opposite(self, sentence: str) -> str:
        """With the opposite of one of its words."""
        found = [m for m in re.finditer("[a-z]+", sentence) if m[0] in self.opposites]
        if not found:
            return ""
        match = self.random.choice(found)
        return sentence[: match.start()] + self.opposites[match[0]] + sentence[match.end() :]

    def longer(self, sentence: str) -> str:
        """With the end of a sentence of another text."""
        other = self.random.choice(sentences(self.random.choice(self.texts))).text
        cuts = [match.start() for match in CUT.finditer(other)]
        return sentence.rstrip(".") + other[self.random.choice(cuts) :] if cuts else ""


def texts(labelled: Path) -> list[str]:
    """Answers in prose, each once."""
    found = {}
    for name in ("answer_correctness/evouna_nq", "hallucination_closed_book/halueval_general"):
        for row in rows(labelled, name):
            text = str(row["text"])
            if 60 < len(text) < 1200 and not re.search(r"language model|[{}<>`]", text):
                found[text] = None
    return list(found)


def learned(pair: Pair) -> Iterator[tuple[Signs, int]]:
    """The signs of the sentences that bear a pair's label.

    Of an answer that is borne out, all are. Of one that is not, the one with most that is missing:
    the label does not say which.
    """
    context = context_of(pair.context)
    signs = [Finding(one, context).signs for one in sentences(pair.text) if one.kind != "filler"]
    told = [one for one in signs if not one.question] or signs
    if pair.label and told:
        told = [max(told, key=lambda one: one.missing + one.new_pairs)]
    yield from ((one, pair.label) for one in told)


def main() -> None:
    """Learn, and write the weights."""
    labelled = Path(sys.argv[1])
    made = Maker(texts(labelled)).pairs(MADE)
    signs, labels, weights = [], [], []
    for pairs, weight in ((crowd(labelled), 1.0), (made, MADE_WEIGHS)):
        for sign, label in (one for pair in pairs for one in learned(pair)):
            signs.append(sign)
            labels.append(label)
            weights.append(weight)
    model = LogisticRegression(max_iter=3_000).fit(signs, labels, sample_weight=weights)
    write_regression("grounding", Signs._fields, model)


def _put(sentence: str, number: Quantity, text: str) -> str:
    return sentence[: number.start] + text + sentence[number.end :]


def _spelled(value: float) -> str:
    return f"{value:,.0f}" if value > 9_999 else f"{value:.0f}"


if __name__ == "__main__":
    main()
