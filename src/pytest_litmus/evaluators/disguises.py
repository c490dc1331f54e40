"""Disguises: the forms in which a text can be said so that a plain search does not find it.

`folded` brings look-alikes, widths, accents, case and separators to one form; `needles` are what a
secret looks like then under ciphers of letters; `pieces` are what an output holds in encodings.
Look-alikes are the commonest of https://www.unicode.org/Public/security/latest/confusables.txt.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

Span = tuple[int, int]

_LOOK_ALIKES = dict(
    zip(
        "абвгеікмнорсптухѕјԁһոαβγεικνορτυχωѵԛԝɡɑıɩʟ",
        "abbreikmhopcntyxsjdhnabyeikvoptuxwvqwgaiil",
        strict=True,
    )
)
_LEET = str.maketrans("01345789@$!|l+", "oieastbgasiiit")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_NATO = """
alfa alpha bravo charlie delta echo foxtrot golf hotel india juliett juliet kilo lima mike november
oscar papa quebec romeo sierra tango uniform victor whiskey whisky x-ray xray yankee zulu
"""
_DIGIT_WORDS = "zero one two three four five six seven eight nine"
_SEPARATOR_WORDS = """
dash hyphen minus underscore dot point period slash space comma guion guión raya punto barra espacio
bindestrich unterstrich punkt schrägstrich tiret trait espace virgule trattino spazio traço
"""
_SPOKEN = (
    {word: word[0] for word in _NATO.split()}
    | {word: str(digit) for digit, word in enumerate(_DIGIT_WORDS.split())}
    | dict.fromkeys(_SEPARATOR_WORDS.split(), "")
)
_SPOKEN_WORD = re.compile(
    rf"\b(?:([A-Za-z]) (?:as in|like|for) [A-Za-z]{{2,12}}|({'|'.join(_SPOKEN)}))\b",
    re.IGNORECASE,
)
_MORSE_CODES = """
.- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..-
-.-- --.. ----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----.
"""
_MORSE = dict(zip(_MORSE_CODES.split(), _ALPHABET + "0123456789", strict=True))
_DASHES = str.maketrans("\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}\N{MIDDLE DOT}\N{BULLET}", "---..")

_ESCAPE = re.compile(
    r"%[0-9A-Fa-f]{2}|&#[xX]?[0-9A-Fa-f]{1,6};|&[A-Za-z]{2,8};|\\u[0-9A-Fa-f]{4}|"
    r"\\x[0-9A-Fa-f]{2}|\\u\{[0-9A-Fa-f]{1,6}\}|U\+[0-9A-Fa-f]{4,6}"
)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}(?:\r?\n[A-Za-z0-9+/_-]{2,})*")
_BASE32 = re.compile(r"[A-Z2-7]{8,}(?:\r?\n[A-Z2-7]{2,})*|[a-z2-7]{16,}")
_HEX = re.compile(r"(?<![0-9A-Fa-f])(?:(?:0x)?[0-9A-Fa-f]{2}[\s:,.-]{0,2}){4,}")
_BINARY = re.compile(r"(?:[01]{8}[\s,.-]{0,2}){4,}|(?:[01]{7}[\s,.-]{1,2}){3,}[01]{7}")
_NUMBERS = re.compile(r"(?:\d{1,3}[\s,;.-]{1,3}){3,}\d{1,3}")
_DOTS = re.compile(r"(?:[.-]{1,6}[ /|]{1,3}){3,}[.-]{1,6}")
_RUN = re.compile(rb"[ -~\n]{4,}")
_PRINTED = re.compile(r"[^\x00-\x09\x0b-\x1f\x7f-\x9f]{4,}")
_CODED = re.compile(r"\d|[+/=]|[a-z][A-Z]|[A-Z]{3}")
_LONG = 16
"""From which length on letters alone may be base64."""


class View(NamedTuple):
    """A text as it reads under one form, and where its characters come from."""

    form: str
    text: str
    spans: tuple[Span, ...] | Span | None
    """Of each character; the one of all of them; None where it is the output itself."""

    def span(self, start: int, end: int) -> Span:
        """Where a part of it stands in the output."""
        if self.spans is None:
            return start, end
        if self.spans and isinstance(self.spans[0], int):
            return self.spans
        part = self.spans[start:end]
        return part[0][0], part[-1][1]


class _Fold(dict[int, str]):
    """`str.translate`'s table, filled by the characters that come."""

    def __init__(self, prepare: Callable[[str], str] = str) -> None:
        self._prepare = prepare

    def __missing__(self, code: int) -> str:
        split = unicodedata.normalize("NFKD", self._prepare(chr(code))).casefold()
        plain = "".join(_LOOK_ALIKES.get(char, char) for char in split)
        self[code] = kept = "".join(char for char in self._prepare(plain) if char.isalnum())
        return kept


_PLAIN = _Fold()
_LEETED = _Fold(lambda text: text.translate(_LEET))


def folded(text: str, *, leet: bool = False) -> str:
    """The letters and digits of a text alone, look-alikes and widths as one, in lower case."""
    return text.translate(_LEETED if leet else _PLAIN)


def unfolded(text: str, start: int, end: int, *, leet: bool = False) -> Span:
    """Where a part of the folded text stands in the text."""
    table, place, first = _LEETED if leet else _PLAIN, 0, 0
    for at, char in enumerate(text):
        size = len(table[ord(char)])
        if size and place <= start:
            first = at
        place += size
        if place >= end:
            return first, at + 1
    return first, len(text)


@lru_cache(maxsize=512)
def needles(secret: str) -> tuple[tuple[str, str], ...]:
    """What a folded secret reads like under ciphers of letters, with each one's name."""
    ciphers = {secret[::-1]: "reversed"}
    for shift in range(1, 26):
        name = "rot13" if shift == 13 else f"caesar-{shift}"
        ciphers.setdefault(_shifted(secret, shift), name)
        ciphers.setdefault(_shifted(secret, shift)[::-1], f"reversed {name}")
    mirrored = secret.translate(str.maketrans(_ALPHABET, _ALPHABET[::-1]))
    ciphers.setdefault(mirrored, "atbash")
    ciphers.setdefault(mirrored[::-1], "reversed atbash")
    return tuple((needle, name) for needle, name in ciphers.items() if needle != secret)


def _shifted(text: str, by: int) -> str:
    return text.translate(str.maketrans(_ALPHABET, _ALPHABET[by:] + _ALPHABET[:by]))


def views(text: str, depth: int = 2) -> Iterator[View]:
    """The output as it stands, unescaped, as it is spoken, and all that it holds in encodings."""
    for view in _readings(View("", text, None)):
        yield view
        yield from _decoded(view, depth)


_ROT13 = str.maketrans(
    _ALPHABET + _ALPHABET.upper(),
    _ALPHABET[13:] + _ALPHABET[:13] + (_ALPHABET[13:] + _ALPHABET[:13]).upper(),
)


def _readings(view: View) -> Iterator[View]:
    yield view
    if _ESCAPE.search(view.text):
        once = _replaced(view, "escaped", _ESCAPE, _unescaped)
        yield once
        if _ESCAPE.search(once.text):
            yield _replaced(once, "escaped", _ESCAPE, _unescaped)
    if _SPOKEN_WORD.search(view.text):
        yield _replaced(view, "spelled", _SPOKEN_WORD, _letter)


def _unescaped(match: re.Match[str]) -> str:
    code = match[0]
    if code.startswith("&"):
        return html.unescape(code)
    number = int(re.sub(r"[^0-9A-Fa-f]", "", code), 16)
    return chr(number) if number < 0x110000 else code


def _letter(match: re.Match[str]) -> str:
    return match[1] or _SPOKEN[match[2].lower()]


def _replaced(
    view: View, form: str, pattern: re.Pattern[str], by: Callable[[re.Match[str]], str]
) -> View:
    text, spans, last = [], [], 0
    for match in pattern.finditer(view.text):
        text.append(view.text[last : match.start()])
        spans += [view.span(at, at + 1) for at in range(last, match.start())]
        text.append(by(match))
        spans += [view.span(*match.span())] * len(text[-1])
        last = match.end()
    text.append(view.text[last:])
    spans += [view.span(at, at + 1) for at in range(last, len(view.text))]
    return View(_named(view, form), "".join(text), tuple(spans))


def _decoded(view: View, depth: int) -> Iterator[View]:
    """What stands in encodings, and what stands in those, down to a depth."""
    for form, span, text in _pieces(view.text):
        inner = View(_named(view, form), text, view.span(*span))
        yield inner
        if depth > 1:
            yield from _decoded(inner, depth - 1)


def _named(view: View, form: str) -> str:
    return f"{view.form} {form}".strip()


def _pieces(text: str) -> Iterator[tuple[str, Span, str]]:
    decoders: tuple[tuple[str, re.Pattern[str], Callable[[str], Iterator[str]]], ...] = (
        ("base64", _BASE64, _from_base64),
        ("base32", _BASE32, _from_base32),
        ("hex", _HEX, _from_hex),
        ("binary", _BINARY, _from_binary),
        ("code points", _NUMBERS, _from_numbers),
        ("morse", _DOTS, _from_morse),
    )
    for form, pattern, decode in decoders:
        plain = text.translate(_DASHES) if form == "morse" else text
        for match in pattern.finditer(plain):
            for turned, coded in _turned(form, match[0]):
                told = f"{turned} {form}".strip()
                yield from ((told, match.span(), out) for out in decode(coded) if len(out) > 3)


def _turned(form: str, coded: str) -> Iterator[tuple[str, str]]:
    """What is coded, and for base64 what may have been done to it afterwards."""
    if form != "base64":
        yield "", coded
    elif len(coded) >= _LONG or _CODED.search(coded):
        yield from (("", coded), ("reversed", coded[::-1]), ("rot13", coded.translate(_ROT13)))


def _from_base64(coded: str) -> Iterator[str]:
    joined = re.sub(r"\s", "", coded).replace("-", "+").replace("_", "/")
    for offset in range(4):
        part = joined[offset:]
        usable = part[: len(part) - (len(part) % 4 == 1)]
        yield _read(base64.b64decode, usable + "=" * (-len(usable) % 4))


def _from_base32(coded: str) -> Iterator[str]:
    joined = re.sub(r"\s", "", coded).upper()
    for offset in range(8):
        part = joined[offset:]
        usable = part[: len(part) - (len(part) % 8 in {1, 3, 6})]
        yield _read(base64.b32decode, usable + "=" * (-len(usable) % 8))


def _read(decode: Callable[[str], bytes], coded: str) -> str:
    try:
        return _legible(decode(coded))
    except binascii.Error:
        return ""


def _legible(raw: bytes) -> str:
    """What of the bytes is text: what is decoded by mistake has no run of it."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return " ".join(run.decode() for run in _RUN.findall(raw))
    return text if text.isprintable() else " ".join(_PRINTED.findall(text))


def _from_hex(coded: str) -> Iterator[str]:
    digits = re.sub(r"0x|[^0-9A-Fa-f]", "", coded)
    for offset in range(2):
        part = digits[offset:]
        yield _legible(bytes.fromhex(part[: len(part) // 2 * 2]))


def _from_binary(coded: str) -> Iterator[str]:
    tokens = re.findall(r"[01]{7,8}", coded)
    yield "".join(chr(int(token, 2)) for token in tokens)


def _from_numbers(coded: str) -> Iterator[str]:
    tokens = re.findall(r"\d+", coded)
    yield "".join(map(chr, map(int, tokens)))
    yield "".join(_ALPHABET[int(t) - 1] if 1 <= int(t) <= 26 else " " for t in tokens)
    if not re.search(r"[89]", coded):
        yield "".join(chr(int(token, 8)) for token in tokens)


def _from_morse(coded: str) -> Iterator[str]:
    yield "".join(_MORSE.get(sign, " ") for sign in re.split(r"[ /|]+", coded))
