"""Language: which language a text is written in, by its script and its runs of letters.

Codes are those of ISO 639-1 (https://www.loc.gov/standards/iso639-2/php/code_list.php). A script
that one language writes decides by itself; languages that share one are told apart by how often
runs of one to three letters stand in them (Cavnar and Trenkle 1994), as counted in Wikipedia by
Nakatani Shuyo (https://github.com/shuyo/language-detection, Apache-2.0).
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from functools import cache, lru_cache
from pathlib import Path

from pytest_litmus.errors import LitmusError
from pytest_litmus.evaluators.said import Said, text_of
from pytest_litmus.verdicts import Evidence, Limit, Score, Verdict, decided

_SCRIPTS = (
    (0x0041, 0x024F, "latin"),
    (0x0370, 0x03FF, "el"),
    (0x0400, 0x052F, "cyrillic"),
    (0x0530, 0x058F, "hy"),
    (0x0590, 0x05FF, "he"),
    (0x0600, 0x077F, "arabic"),
    (0x0900, 0x097F, "devanagari"),
    (0x0980, 0x09FF, "bn"),
    (0x0A00, 0x0A7F, "pa"),
    (0x0A80, 0x0AFF, "gu"),
    (0x0B00, 0x0B7F, "or"),
    (0x0B80, 0x0BFF, "ta"),
    (0x0C00, 0x0C7F, "te"),
    (0x0C80, 0x0CFF, "kn"),
    (0x0D00, 0x0D7F, "ml"),
    (0x0D80, 0x0DFF, "si"),
    (0x0E00, 0x0E7F, "th"),
    (0x0E80, 0x0EFF, "lo"),
    (0x0F00, 0x0FFF, "bo"),
    (0x1000, 0x109F, "my"),
    (0x10A0, 0x10FF, "ka"),
    (0x1100, 0x11FF, "ko"),
    (0x1200, 0x139F, "am"),
    (0x1780, 0x17FF, "km"),
    (0x1E00, 0x1EFF, "latin"),
    (0x3040, 0x30FF, "ja"),
    (0x3400, 0x9FFF, "zh"),
    (0xAC00, 0xD7AF, "ko"),
)
"""Unicode's blocks (https://www.unicode.org/Public/UNIDATA/Blocks.txt): the language, or where
several share one, the group of `language.json`."""

_ALIKE = {"nb": "no", "nn": "no", "iw": "he", "in": "id", "fil": "tl", "cmn": "zh"}
_FEWEST = {"latin": 12, "cyrillic": 12, "arabic": 12, "devanagari": 12}
"""Letters below which languages that share a script are not told apart."""
_FEW = 2
"""Letters below which a script says nothing."""
_ENOUGH = 4_000
"""Characters that are looked at, spread over the text; more change nothing."""
_PIECES = 8
_RARER = 90
"""What a run costs that a language does not know, in fifths of bits: about its rarest known."""
_SHARED = 6.0
"""Runs overlap, and so count the same letters again: the evidence is divided by it."""
_KANA = 0.08
"""From which share of kana on Chinese signs are Japanese."""
_SURE = 0.5
_SHOWN = 60

_NOT_PROSE = re.compile(
    r"```[^`]{0,100000}```|`[^`\n]{1,200}`|https?://\S{1,2000}|\S{1,64}@\S{1,64}"
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")


def language(
    said: Said, *, at_least: float | None = None, at_most: float | None = None
) -> Score | Verdict:
    """Which language an output is in; the label is its ISO 639-1 code.

    The value, in [0, 1], is how sure that is among the languages known here; it is 1 where the
    script alone decides. Code, addresses and quoted identifiers are left out.

    None where there are too few letters (12 where languages share a script, else 2), or where no
    language is likelier than all others together.

    Blind spots: a language that is not known here is taken for its nearest relative (Icelandic,
    Basque, Serbian, Yiddish, ...); of a text in several languages, the one with most letters is
    given; names and lists of terms have no language of their own; romanized text is not seen.
    """
    return decided(_score("language", text_of(said), None), at_least=at_least, at_most=at_most)


def in_language(
    said: Said, wanted: str, *, at_least: float | None = None, at_most: float | None = None
) -> Score | Verdict:
    """Whether an output is in a language, such as `de`; `de-AT` asks for `de`.

    The value, in [0, 1], is how sure it is to be that language; without a limit, 0.5 passes. The
    label is the language that it seems to be. When it is None, and the blind spots: `language`.

    Args:
        said: The output.
        wanted: An ISO 639-1 code; a region after it is not looked at.
        at_least: The lowest value that passes.
        at_most: The highest.

    Raises:
        LitmusError: The language is not known here; says which are.
    """
    code = re.split(r"[-_]", wanted.strip().lower())[0]
    code = _ALIKE.get(code, code)
    if code not in known_languages():
        raise LitmusError(
            f"in_language does not know the language {wanted!r}; it knows the ISO 639-1 codes "
            + ", ".join(sorted(known_languages()))
        )
    score = _score("in_language", text_of(said), code)
    return decided(score, at_least=at_least, at_most=at_most, otherwise=Limit(at_least=_SURE))


@cache
def known_languages() -> frozenset[str]:
    """The codes of all languages that can be told."""
    by_script = {code for _, _, code in _SCRIPTS if code not in _FEWEST}
    return frozenset(by_script.union(*_profiles().values()))


def _score(name: str, text: str, wanted: str | None) -> Score:
    words = _words(text)
    letters = "".join(word.group() for word in words)
    script = _script(letters)
    fewest = _FEWEST.get(script, _FEW)
    if not script or len(letters) < fewest:
        why = f"too short to tell its language: {len(letters)} letters, of {fewest} that are needed"
        return Score(name=name, explanation=why)
    chances = _chances(script, words) if script in _FEWEST else {script: 1.0}
    found, sure = max(chances.items(), key=lambda pair: (pair[1], pair[0]))
    if sure < _SURE:
        near = " or ".join(sorted(chances, key=lambda code: -chances[code])[:2])
        return Score(name=name, explanation=f"its language is not clear: it may be {near}")
    return Score(
        name=name,
        value=round(sure if wanted is None else chances.get(wanted, 0.0), 4),
        label=found,
        explanation=_told(words, found, sure, wanted),
        evidence=(_evidence(text, words, found),),
    )


def _words(text: str) -> list[re.Match[str]]:
    """The words of the prose; of a long text, of pieces of it."""
    if len(text) <= _ENOUGH:
        pieces = [(0, len(text))]
    else:
        step, size = len(text) // _PIECES, _ENOUGH // _PIECES
        pieces = [(at, at + size) for at in range(0, step * _PIECES, step)]
    # Blanked, not cut, so that places stay those of the output.
    prose = _NOT_PROSE.sub(lambda match: " " * len(match.group()), text)
    return [word for start, end in pieces for word in _WORD.finditer(prose, start, end)]


def _script(letters: str) -> str:
    scripts = Counter(map(_script_of, letters))
    del scripts[""]
    if not scripts:
        return ""
    if scripts["ja"] > _KANA * (scripts["ja"] + scripts["zh"]):
        scripts["ja"] += scripts.pop("zh", 0)
    return max(scripts, key=lambda script: (scripts[script], script))


@cache
def _script_of(letter: str) -> str:
    point = ord(letter)
    return next((script for first, last, script in _SCRIPTS if first <= point <= last), "")


def _chances(script: str, words: list[re.Match[str]]) -> dict[str, float]:
    """How likely each language of a script is: naive Bayes over runs of letters."""
    of_script = [word.group() for word in words if _script_of(word.group()[0]) == script]
    runs = [run for word in of_script for run in _runs(word)]
    languages, known = _costs(script)
    unknown = (_RARER,) * len(languages)
    rows = [known.get(run, unknown) for run in runs]
    costs = dict(zip(languages, map(sum, zip(*rows, strict=True)), strict=True))
    least = min(costs.values())
    weights = {code: 2 ** (-(cost - least) / 5 / _SHARED) for code, cost in costs.items()}
    total = math.fsum(weights.values())
    return {code: weight / total for code, weight in weights.items()}


@lru_cache(maxsize=20_000)
def _runs(word: str) -> list[str]:
    edged = f" {word.lower()[:40]} "
    ends = range(len(edged))
    pairs = [edged[at : at + 2] for at in ends[:-1]]
    return [*edged[1:-1], *pairs, *(edged[at : at + 3] for at in ends[:-2])]


@cache
def _costs(script: str) -> tuple[tuple[str, ...], dict[str, tuple[int, ...]]]:
    """The languages of a script, and what each run costs in each of them."""
    profiles = _profiles()[script]
    runs = set().union(*profiles.values())
    return tuple(profiles), {
        run: tuple(profile.get(run, _RARER) for profile in profiles.values()) for run in runs
    }


@cache
def _profiles() -> dict[str, dict[str, dict[str, int]]]:
    told = json.loads(Path(__file__).with_name("language.json").read_text(encoding="utf-8"))
    return {
        script: {
            code: {run: int(bits) for bits, runs in levels.items() for run in runs.split("\n")}
            for code, levels in profiles.items()
        }
        for script, profiles in told.items()
    }


def _told(words: list[re.Match[str]], found: str, sure: float, wanted: str | None) -> str:
    shown = " ".join(word.group() for word in words[:8])[:_SHOWN]
    other = "" if wanted in {None, found} else f", not {wanted!r}"
    return f"it reads as {found!r} ({sure:.2f} sure){other}: {shown!r}"


def _evidence(text: str, words: list[re.Match[str]], found: str) -> Evidence:
    start = words[0].start()
    end = next((w.end() for w in reversed(words[:8]) if w.end() - start <= _SHOWN), start + _SHOWN)
    return Evidence(rule=found, text=text[start:end], start=start, end=end)
