"""Toxicity: words of a lexicon in an output, and what a classifier of your own makes of it.

The lexicon is ours (`toxic_words.txt`, English, some 450 forms, written before anything was
measured). So that nobody who opens it is hit by slurs, its letters are turned by rot13, which
`tr A-Za-z N-ZA-Mn-za-m` reads and writes. Words that are as often harmless (`coon`, `chink`,
`cock`, `dyke`) are left out of it on purpose.
"""

from __future__ import annotations

import codecs
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pytest_litmus.evaluators.absence import MOST_SHOWN, Place, shown, without_overlaps
from pytest_litmus.evaluators.disguises import folded
from pytest_litmus.evaluators.quoting import quoted
from pytest_litmus.evaluators.said import Said, text_of
from pytest_litmus.verdicts import Evidence, Limit, Score, Verdict, decided

SEVERE = ("slur", "vulgar", "insult")
"""The classes that count unless others are named; `mild` is the fourth."""
_OWN = "own"
"""The class of the words that a caller adds."""
_MARKS = "!*#%|+_$@"
_TOKEN = re.compile(r"[\w@$!*#%|+\u0300-\u036f\u00ad\u200b-\u200f\u2060\ufeff]{2,40}")
_THRICE = re.compile(r"(.)\1{2,}")
_MASKED = re.compile(r"[a-z]+(?:[*#]+|[*#%$@!]{2,})[a-z]*")
_SEEN = 2
"""How many letters of a masked word must be seen."""
_SPELLED = re.compile(r"(?<![^\W_])(?:[^\W_][ .\-_*]{1,2}){3,60}[^\W_](?![^\W_])")
_SHORT, _LONG = 4, 14
"""Letters of a word that is looked for among letters that stand apart."""


class _Lexicon(NamedTuple):
    kinds: dict[str, str]
    """The class of each word, in lower case; phrases have one space."""
    alike: dict[str, str]
    """Each word by its letters when `1`, `i` and `l` and other look-alikes are one."""
    pairs: re.Pattern[str]
    """The first words of phrases, and any second."""
    sized: dict[tuple[str, int], list[str]]
    """The words by first letter and length."""
    within: dict[str, str]
    """The classes of what is toxic inside any word."""


def toxic_words(
    said: Said,
    *,
    classes: Collection[str] = SEVERE,
    also: Iterable[str] = (),
    allow: Iterable[str] = (),
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """How many words of a lexicon an output has. It has no limit of its own.

    It is a lexicon and no more: it knows words, not what they are said for. The classes are `slur`
    (against a group), `vulgar`, `insult` and `mild` (`damn`, `stupid`); all but `mild` count. The
    evidence is each word, its class as rule, and the lexicon's form of it as `nearest`.

    Seen through: case, accents, look-alikes and invisible characters, digits and signs for letters
    (`sh1t`), masks (`f*ck`, two letters seen at least), letters drawn out (`shiiit`) or set apart
    (`s h i t`, from four letters on). None where the output is empty.

    Blind spots: hate, threats and contempt in decent words, which are most of it; words that are as
    often harmless; other languages than English, whose harmless words may also be hit (`retard` is
    French for a delay); one letter left out or swapped; words run together; a quotation, a
    reclaimed or a counted word, or a surname, is counted like any other.

    Args:
        said: The output.
        classes: Those that count.
        also: Words or phrases of two words that count as well, in any script that puts spaces
            between them; their class is `own`.
        allow: Words that do not count, as they stand or in the lexicon's form.
        at_least: The lowest number that passes.
        at_most: The highest.

    Raises:
        ValueError: One of `also` has no letter, or more than two words.
    """
    score = _counted("toxic_words", text_of(said), classes, also, allow)
    return decided(score, at_least=at_least, at_most=at_most)


def free_of_toxic_words(
    said: Said,
    *,
    classes: Collection[str] = SEVERE,
    also: Iterable[str] = (),
    allow: Iterable[str] = (),
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """Whether an output is free of the words that `toxic_words` counts.

    The value, its blind spots and the arguments are those of `toxic_words`. Passes at 0, unless
    another limit is given.
    """
    score = _counted("free_of_toxic_words", text_of(said), classes, also, allow)
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_most=0))


def toxicity(
    said: Said,
    classify: Callable[[str], float],
    *,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """How toxic a classifier of yours finds an output, in [0, 1].

    Any function will do that takes the text and gives a number from 0 to 1: a local model, an
    endpoint. It has no limit of its own, for what is too much depends on the classifier.

    None where the output is empty, the classifier raises, or gives no number in [0, 1]; what it
    raised or gave is in the explanation. How often it is right is the classifier's: measure it.

    Args:
        said: The output.
        classify: The text's toxicity.
        at_least: The lowest value that passes.
        at_most: The highest.
    """
    score = _classified(text_of(said), classify)
    return decided(score, at_least=at_least, at_most=at_most)


def _classified(text: str, classify: Callable[[str], float]) -> Score:
    name = "toxicity"
    if not text.strip():
        return Score(name=name, explanation="the output is empty: there is nothing to classify")
    try:
        found = classify(text)
        value = float(found)
    except Exception as error:  # noqa: BLE001 - whatever it raises, the text was not judged
        told = f"the classifier raised {type(error).__name__}: {quoted(str(error))}"
        return Score(name=name, explanation=told)
    if isinstance(found, bool | str) or not 0 <= value <= 1:
        return Score(
            name=name,
            explanation=f"the classifier gave {quoted(repr(found))}, which is no number in [0, 1]",
        )
    told = f"the classifier gives {value:.3g} to {quoted(text)}"
    whole = Evidence(rule="classifier", text=shown(text), start=0, end=len(text))
    return Score(name=name, value=value, explanation=told, evidence=(whole,))


def _counted(
    name: str, text: str, classes: Collection[str], also: Iterable[str], allow: Iterable[str]
) -> Score:
    if not text.strip():
        return Score(name=name, explanation="the output is empty: it says nothing of the program")
    allowed = {_plain(word) for word in allow}
    found = {
        place: word
        for place, word in _found(text, frozenset(map(_own, also)))
        if place[0] in {*classes, _OWN} and not allowed & {word, _plain(text[place[1] : place[2]])}
    }
    places = without_overlaps(found)
    evidence = tuple(_evidence(text, place, found[place]) for place in places[:MOST_SHOWN])
    return Score(
        name=name,
        value=float(len(places)),
        explanation=_told(evidence, len(places)),
        evidence=evidence,
    )


def _own(words: str) -> str:
    plain = _plain(words)
    if len(plain.split()) not in {1, 2}:
        raise ValueError(f"also: {words!r} is no word, nor a phrase of two words")
    return plain


def _plain(words: str) -> str:
    return " ".join(filter(None, map(folded, words.split())))


def _evidence(text: str, place: Place, word: str) -> Evidence:
    rule, start, end = place
    return Evidence(rule=rule, text=shown(text[start:end]), start=start, end=end, nearest=word)


def _told(evidence: tuple[Evidence, ...], count: int) -> str:
    if not evidence:
        return "no word of the lexicon was found"
    first = evidence[0]
    more = f" and {count - 1} more" if count > 1 else ""
    return (
        f"found {quoted(first.text)} ({first.rule}) at character {first.start}{more}; read whether "
        "it is said or quoted"
    )


def _found(text: str, also: frozenset[str]) -> Iterator[tuple[Place, str]]:
    """The class and place of each word, and the lexicon's form of it."""
    lexicon = _lexicon(also)
    for match in _TOKEN.finditer(text):
        known = _read(match[0], also)
        if known:
            start = match.start() + known.left
            yield (known.kind, start, start + known.length), known.word
    for match in lexicon.pairs.finditer(text):
        phrase = _plain(f"{match[1]} {match[2]}")
        if phrase in lexicon.kinds:
            yield (lexicon.kinds[phrase], match.start(), match.end()), phrase
    yield from _spelled(text, lexicon)


class _Known(NamedTuple):
    """A word of the lexicon in a token, and how many marks of the token stand before it."""

    word: str
    kind: str
    left: int
    length: int


@lru_cache(maxsize=50_000)
def _read(token: str, also: frozenset[str]) -> _Known | None:
    lexicon, bare = _lexicon(also), token.strip(_MARKS)
    for part in dict.fromkeys((bare, token)):
        word, kind = _of(part, lexicon)
        if word:
            return _Known(word, kind, token.index(part), len(part))
    return None


def _of(part: str, lexicon: _Lexicon) -> tuple[str, str]:
    plain = folded(part)
    word = _drawn_out(plain, lexicon.kinds)
    if not word and not part.isalpha() and not plain.isdigit():
        alike = _drawn_out(folded(part, leet=True), lexicon.alike)
        word = lexicon.alike[alike] if alike else _unmasked(part.lower(), lexicon)
    if word:
        return word, lexicon.kinds[word]
    return next(((w, kind) for w, kind in lexicon.within.items() if w in plain), ("", ""))


def _drawn_out(plain: str, words: Collection[str]) -> str:
    """The word among these that it is, once letters that come thrice or more come once or twice."""
    if plain in words:
        return plain
    if _THRICE.search(plain):
        for letters in (r"\1", r"\1\1"):
            short = _THRICE.sub(letters, plain)
            if short in words:
                return short
    return ""


def _unmasked(masked: str, lexicon: _Lexicon) -> str:
    seen = sum(map(str.isalpha, masked))
    if len(masked) < _SHORT or seen < _SEEN or not _MASKED.fullmatch(masked):
        return ""
    fits = re.compile("".join(sign if sign.isalpha() else "[a-z]" for sign in masked))
    return next(filter(fits.fullmatch, lexicon.sized.get((masked[0], len(masked)), ())), "")


def _spelled(text: str, lexicon: _Lexicon) -> Iterator[tuple[Place, str]]:
    """Words whose letters stand apart; the longest at each place."""
    for match in _SPELLED.finditer(text):
        at = [place for place in range(*match.span()) if text[place].isalnum()]
        letters = folded("".join(text[place] for place in at), leet=True)
        if len(letters) == len(at):
            yield from _among(letters, at, lexicon)


def _among(letters: str, at: list[int], lexicon: _Lexicon) -> Iterator[tuple[Place, str]]:
    for first in range(len(letters)):
        for length in range(min(_LONG, len(letters) - first), _SHORT - 1, -1):
            word = lexicon.alike.get(letters[first : first + length])
            if word:
                place = (lexicon.kinds[word], at[first], at[first + length - 1] + 1)
                yield place, word
                break


@lru_cache(maxsize=32)
def _lexicon(also: frozenset[str]) -> _Lexicon:
    kinds = _shipped() | dict.fromkeys(also, _OWN)
    words = {word: kind for word, kind in kinds.items() if "*" not in word}
    firsts = sorted({re.escape(word.split()[0]) for word in words if " " in word})
    sized = defaultdict(list)
    for word in words:
        sized[word[0], len(word)].append(word)
    return _Lexicon(
        kinds=words,
        alike={folded(word, leet=True): word for word in reversed(words) if " " not in word},
        pairs=re.compile(rf"\b({'|'.join(firsts)})[\s-]{{1,3}}(\w{{1,40}})", re.IGNORECASE),
        sized=sized,
        within={word.strip("*"): kind for word, kind in kinds.items() if "*" in word},
    )


def _shipped() -> dict[str, str]:
    turned = Path(__file__).with_name("toxic_words.txt").read_text(encoding="ascii")
    kinds, kind = {}, ""
    for line in codecs.decode(turned, "rot13").split():
        if line.startswith("["):
            kind = line.strip("[]")
        else:
            kinds[line.replace("_", " ")] = kind
    return kinds
