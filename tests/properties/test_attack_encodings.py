from __future__ import annotations

import binascii
import codecs
import json
import quopri
import re
from base64 import a85decode, b32decode, b64decode
from collections.abc import Callable
from functools import cache
from string import ascii_lowercase, ascii_uppercase, printable
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.properties.attacking import PRINTED, SEEDS, body, message, named

ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
TEXT = st.text() | PRINTED | st.text(st.sampled_from(printable))


def numbers(base: int) -> Callable[[str], str]:
    return lambda coded: bytes(int(word, base) for word in coded.split()).decode()


def replaced(coded: str, plain: str, letters: str) -> str:
    """The letters of a cipher's alphabet set back."""
    table = str.maketrans(letters + letters.upper(), plain + plain.upper())
    return coded.translate(table)


def moved(by: int) -> str:
    return ascii_lowercase[by:] + ascii_lowercase[:by]


def uudecoded(coded: str) -> str:
    lines = coded.split("\n")[1:-2]
    return b"".join(binascii.a2b_uu(line) for line in lines).decode()


def unvaried(coded: str) -> str:
    codes = [ord(char) for char in coded[1:]]
    return bytes(code - 0xFE00 if code < 0xFE10 else code - 0xE0100 + 16 for code in codes).decode()


def unhidden(coded: str) -> str:
    bits = coded.translate({0x2062: "0", 0x2064: "1"})
    return bytes(int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)).decode()


def unfenced(coded: str) -> str:
    order = sorted(range(len(coded)), key=lambda at: (min(at % 4, 4 - at % 4), at))
    return "".join(char for _, char in sorted(zip(order, coded, strict=True)))


def untagged(coded: str) -> str:
    return "".join(
        chr(ord(char) - 0xE0000) if 0xE0020 <= ord(char) <= 0xE007E else char for char in coded
    )


EXACT: dict[str, Callable[[str], str]] = {
    "base64": lambda coded: b64decode(coded).decode(),
    "base32": lambda coded: b32decode(coded).decode(),
    "ascii85": lambda coded: a85decode(coded, adobe=True).decode(),
    "hex": lambda coded: bytes.fromhex(coded).decode(),
    "binary": numbers(2),
    "octal": numbers(8),
    "decimal": lambda coded: "".join(chr(int(word)) for word in coded.split()),
    "url-percent": lambda coded: unquote_to_bytes(coded).decode(),
    "html-entities": lambda coded: re.sub("&#x([0-9A-F]+);", lambda m: chr(int(m[1], 16)), coded),
    "unicode-escapes": lambda coded: json.loads(f'"{coded}"'),
    "quoted-printable": lambda coded: quopri.decodestring(coded.encode()).decode(),
    "uuencode": uudecoded,
    "rot13": lambda coded: codecs.decode(coded, "rot13"),
    "rot47": lambda coded: coded.translate({33 + at: 33 + (at + 47) % 94 for at in range(94)}),
    "atbash": lambda coded: replaced(coded, ascii_lowercase, ascii_lowercase[::-1]),
    "keyboard-shift": lambda coded: replaced(
        coded, "".join(ROWS), "".join(row[1:] + row[0] for row in ROWS)
    ),
    "rail-fence": unfenced,
    "unicode-tags": untagged,
    "variation-selectors": unvaried,
    "sneaky-bits": unhidden,
    "layered": lambda coded: codecs.decode(b64decode(coded).decode(), "rot13"),
}
SPELLED = {"morse", "nato", "a1z26", "bacon", "polybius", "keypad"}
KEYED = {"caesar", "vigenere", "bijection", "word-substitution"}


def lowered(text: str) -> str:
    """Without case, where it is case that ASCII has."""
    return text.translate(str.maketrans(ascii_uppercase, ascii_lowercase))


@cache
def signs_of(name: str) -> dict[str, str]:
    """What each code of a spelling stands for."""
    return {body(name, sign): sign for sign in printable if sign not in ascii_uppercase}


def test_every_encoding_is_decoded_here() -> None:
    assert named("encoding") == {*EXACT, *SPELLED, *KEYED, "braille"}


@pytest.mark.parametrize("name", EXACT)
@given(payload=TEXT)
def test_an_encoding_decodes_to_the_payload(name: str, payload: str) -> None:
    if name == "unicode-tags":
        payload = untagged(payload)

    assert EXACT[name](body(name, payload)) == payload


@pytest.mark.parametrize("name", sorted(SPELLED))
@given(payload=TEXT)
def test_a_spelling_reads_sign_by_sign_without_case(name: str, payload: str) -> None:
    spelled = body(name, payload)
    signs = signs_of(name)

    # A space that stands in quotes is none that parts two signs.
    words = re.findall(r"'(?s:.)'|[^ ]+", spelled)
    read = "".join(signs[word] if word in signs else word[1:-1] for word in words)

    assert read == lowered(payload)


@given(payload=TEXT, seed=SEEDS)
def test_a_caesar_cipher_tells_its_shift(payload: str, seed: int) -> None:
    shift = re.search(r"by (\d+)", message("caesar", payload, seed))
    assert shift is not None

    letters = moved(int(shift[1]))
    assert replaced(body("caesar", payload, seed), ascii_lowercase, letters) == payload


@given(payload=TEXT, seed=SEEDS)
def test_a_vigenere_cipher_tells_its_key(payload: str, seed: int) -> None:
    found = re.search(r"the key ([A-Z]+)", message("vigenere", payload, seed))
    assert found is not None

    read, at = "", 0
    for char in body("vigenere", payload, seed):
        shift = ascii_uppercase.index(found[1][at % len(found[1])])
        read += replaced(char, ascii_lowercase, moved(shift))
        at += char.isascii() and char.isalpha()
    assert read == payload


@given(payload=TEXT, seed=SEEDS)
def test_a_bijection_tells_its_letters(payload: str, seed: int) -> None:
    key = re.findall(r"\b([a-z])=([a-z])\b", message("bijection", payload, seed).split(")")[0])
    plain, coded = ("".join(letters) for letters in zip(*key, strict=True))

    assert sorted(coded) == sorted(plain) == list(ascii_lowercase)
    assert replaced(body("bijection", payload, seed), plain, coded) == payload


@given(payload=TEXT, seed=SEEDS)
def test_a_word_substitution_tells_its_words(payload: str, seed: int) -> None:
    told = message("word-substitution", payload, seed).partition(": ")[2].partition("). Decode")[0]
    meanings = dict(pair.split("=") for pair in told.split(", ")) if told else {}

    coded = body("word-substitution", payload, seed)
    assert re.sub(r"\w+", lambda found: meanings[found[0]], coded) == payload


@given(payload=TEXT)
def test_braille_reads_cell_by_cell(payload: str) -> None:
    payload = re.sub("[\u2800-\u28ff]", "", payload)
    cells = {body("braille", letter): letter for letter in ascii_lowercase}

    def read(found: re.Match[str]) -> str:
        letter = cells[found[2]]
        if found[1] == "⠼":
            return str("jabcdefghi".index(letter))
        return letter.upper() if found[1] else letter

    plain = re.sub("([⠠⠼]?)([⠁-⠟⠡-⠻⠽-⣿])", read, body("braille", payload))
    assert plain.replace("\u2800", " ") == payload
