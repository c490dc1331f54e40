from __future__ import annotations

import re
import unicodedata
from base64 import b64decode
from collections.abc import Callable
from string import ascii_letters, ascii_lowercase

import pytest
from hypothesis import given
from tests.properties.attacking import ASCII, PRINTED, SEEDS, body, message, named

from pytest_litmus.evaluators.disguises import folded

Restored = Callable[[str], str]


def without(*pieces: str) -> Restored:
    return lambda text: re.sub("|".join(map(re.escape, pieces)), "", text)


def unmarked(text: str) -> str:
    return "".join(char for char in text if not unicodedata.combining(char))


def unflagged(text: str) -> str:
    def letter(found: re.Match[str]) -> str:
        return chr(ord(found[1]) - 0x1F1E6 + ord("a"))

    return re.sub("([\U0001f1e6-\U0001f1ff]) ", letter, text)


def unbroken(text: str) -> str:
    """The stray letter of each longer word taken away."""
    return re.sub("[A-Za-z]([A-Za-z]{4,})", r"\1", text)


def letters_turned(text: str) -> str:
    return re.sub("[A-Za-z]+", lambda found: found[0][::-1], text)


def words_turned(text: str) -> str:
    return " ".join(reversed(text.split(" ")))


def decoded(text: str) -> str:
    return re.sub(r"\[([\w+/=]+)\]", lambda found: b64decode(found[1]).decode(), text)


def compatible(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


RESTORED: dict[str, Restored] = {
    "zero-width": without("\u200b"),
    "spaced-letters": lambda text: text[::2],
    "circled": compatible,
    "full-width": compatible,
    "mathematical": compatible,
    "diacritics": unmarked,
    "bidi-override": lambda text: text[-2:0:-1],
    "backspaces": lambda text: re.sub("[a-z]\b", "", text),
    "emoji-inside": lambda text: "".join(char for char in text if char.isascii()),
    "token-break": unbroken,
}
TOLD: dict[str, Restored] = {
    "vertical": lambda text: text[::2],
    "backwards": lambda text: text[::-1],
    "words-backwards": words_turned,
    "letters-backwards": letters_turned,
    "coded-words": decoded,
}
SAME_LETTERS = ("typos", "scrambled")
ALIKE: dict[str, Restored] = {
    "leetspeak": lambda text: folded(text, leet=True),
    "homoglyphs": folded,
    "random-case": str.lower,
    "regional-indicators": lambda text: unflagged(text).lower(),
    "hyphenated": without("-"),
    "disemvowelled": lambda text: re.sub("(?i)[aeiou]", "", text),
    "camel-case": lambda text: "".join(text.split()).lower(),
}
"""What stays the same where letters lose something."""


def test_every_obfuscation_has_its_property() -> None:
    others = {"small-caps", "upside-down", "pig-latin", "ascii-art"}

    assert named("obfuscation") == {*RESTORED, *TOLD, *SAME_LETTERS, *ALIKE, *others}


@pytest.mark.parametrize("name", RESTORED)
@given(payload=ASCII, seed=SEEDS)
def test_the_payload_can_be_restored(name: str, payload: str, seed: int) -> None:
    assert RESTORED[name](message(name, payload, seed)) == payload


@pytest.mark.parametrize("name", TOLD)
@given(payload=ASCII, seed=SEEDS)
def test_the_payload_can_be_restored_by_what_is_told(name: str, payload: str, seed: int) -> None:
    payload = payload.replace("[", "(")

    assert TOLD[name](body(name, payload, seed)) == payload


@pytest.mark.parametrize("name", SAME_LETTERS)
@given(payload=PRINTED, seed=SEEDS)
def test_letters_change_places_inside_their_word(name: str, payload: str, seed: int) -> None:
    text = message(name, payload, seed)

    for before, after in zip(payload.split(" "), text.split(" "), strict=True):
        assert sorted(before) == sorted(after)
        assert (before[:1], before[-1:]) == (after[:1], after[-1:])


@pytest.mark.parametrize("name", ALIKE)
@given(payload=ASCII, seed=SEEDS)
def test_it_reads_alike(name: str, payload: str, seed: int) -> None:
    assert ALIKE[name](message(name, payload, seed)) == ALIKE[name](payload)


@given(payload=ASCII)
def test_small_caps_leave_no_small_letter_but_the_x(payload: str) -> None:
    text = message("small-caps", payload)

    assert len(text) == len(payload)
    assert not set(text) & (set(ascii_lowercase) - {"x"})
    assert [char for char in text if char.isascii()] == [
        char for char in payload if char not in ascii_lowercase or char == "x"
    ]


@given(payload=ASCII)
def test_upside_down_turns_each_letter_into_one_other(payload: str) -> None:
    text = body("upside-down", payload)
    turned = {letter: body("upside-down", letter) for letter in set(payload.lower())}

    assert len(set(turned.values())) >= len(turned) - 1  # An n is a turned u, and ' a turned comma.
    assert text[::-1] == "".join(turned[char] for char in payload.lower())


@given(payload=ASCII)
def test_pig_latin_keeps_the_letters_of_each_word(payload: str) -> None:
    before = re.findall("[A-Za-z]+", payload)
    after = re.findall("[A-Za-z]+", message("pig-latin", payload))

    assert len(before) == len(after)
    for plain, played in zip(before, after, strict=True):
        tail = "way" if plain[0] in "aeiouAEIOU" else "ay"
        assert played.endswith(tail)
        assert sorted(played.removesuffix(tail)) == sorted(plain)


def glyphs(drawing: str) -> list[str]:
    """The drawn signs, each as its five rows."""
    rows = drawing.split("\n")
    return ["/".join(row[at : at + 3] for row in rows) for at in range(0, len(rows[0]), 4)]


@given(payload=ASCII)
def test_ascii_art_draws_the_longest_word(payload: str) -> None:
    payload = payload.replace("[WORD]", "")
    words = re.findall("[A-Za-z0-9]+", payload)
    drawing = body("ascii-art", payload).rpartition("\n\n")[2]
    signs = {
        glyphs(body("ascii-art", sign).rpartition("\n\n")[2])[0]: sign
        for sign in (*ascii_lowercase, *"0123456789")
    }

    assert len(signs) == 36
    if words:
        word = "".join(signs[glyph] for glyph in glyphs(drawing))
        assert word == max(words, key=len).lower()
        masked = body("ascii-art", payload).removesuffix(f"\n\n{drawing}")
        assert masked.lower().replace("[word]", word) == payload.lower()


@pytest.mark.parametrize("name", ["homoglyphs", "leetspeak", "full-width", "random-case"])
@given(payload=PRINTED, seed=SEEDS)
def test_as_many_characters_stand_there_as_before(name: str, payload: str, seed: int) -> None:
    text = message(name, payload, seed)

    assert len(text) == len(payload)
    assert all(a == b for a, b in zip(payload, text, strict=True) if not a.isascii())
    if name != "full-width":
        assert all(a == b for a, b in zip(payload, text, strict=True) if a not in ascii_letters)
