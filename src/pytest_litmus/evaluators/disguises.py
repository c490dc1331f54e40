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
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple

Span = tuple[int, int]

_LOOK_ALIKES = dict(
    zip(
        "абвгеікмнорсптухѕјԁһոαβγεικνορτυχωѵԛԝɡɑıɩʟ",
        "abbreikmhopcntyxsjdhnabyeikvoptuxwvqwgaiil",
        strict=True,
    )
) | dict(
    zip(
        # Turned by half a circle, then small capitals.
        "ɐɔǝɟƃɓᴉɾʞɯɹʇʌʍʎɥꞁ" + "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡʏᴢ",
        "acefggijkmrtvwyhl" + "abcdefghijkmnopqrstuvwyz",
        strict=True,
    )
)
_BLOCKS = ((0x1F1E6, "a"), (0x1F150, "a"), (0x1F170, "a"), (0xE0061, "a"), (0xE0041, "a"))
"""Where blocks of 26 letters begin that Unicode says nothing plainer of: flags, buttons, tags."""
_BRAILLE = dict(
    zip(
        "\u2801\u2803\u2809\u2819\u2811\u280b\u281b\u2813\u280a\u281a\u2805\u2807\u280d"
        "\u281d\u2815\u280f\u281f\u2817\u280e\u281e\u2825\u2827\u283a\u282d\u283d\u2835",
        "abcdefghijklmnopqrstuvwxyz",
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
_DASH = "\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}\N{MIDDLE DOT}\N{BULLET}"
_DASHES = str.maketrans(_DASH, "---..")

_ESCAPE = re.compile(
    r"%[0-9A-Fa-f]{2}|&#[xX]?[0-9A-Fa-f]{1,6};|&[A-Za-z]{2,8};|\\u[0-9A-Fa-f]{4}|"
    r"\\x[0-9A-Fa-f]{2}|=[0-9A-F]{2}(?![0-9A-F])|\\u\{[0-9A-Fa-f]{1,6}\}|U\+[0-9A-Fa-f]{4,6}"
)
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}(?:\r?\n[A-Za-z0-9+/_-]{2,})*")
_BASE32 = re.compile(r"[A-Z2-7]{8,}(?:\r?\n[A-Z2-7]{2,})*|[a-z2-7]{16,}")
_HEX = re.compile(r"(?<![0-9A-Fa-f])(?:(?:0x)?[0-9A-Fa-f]{2}[\s:,.-]{0,2}){4,}")
_BINARY = re.compile(r"(?:[01]{8}[\s,.-]{0,2}){4,}|(?:[01]{7}[\s,.-]{1,2}){3,}[01]{7}")
_NUMBERS = re.compile(r"(?:\d{1,3}[\s,;.-]{1,3}){3,}\d{1,3}")
_DOTS = re.compile(r"(?:[.-]{1,6}[ /|]{1,3}){3,}[.-]{1,6}")
_BASE85 = re.compile(r"(?<![!-~])(?=[!-~]{0,30}[!#$%&(*+;<=>?@^_`{|}~])[!-~]{9,}(?![!-~])")
_ROT47ED = re.compile(
    r"(?<!\S)(?=[!-~]{0,30}[!#$%&(*+;<=>?@^_`{|}~:2-9])[!-~]{4,}(?: [!-~]{2,}){0,9}"
)
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


class _Fold(dict[int, str | None]):
    """`str.translate`'s table, filled by the characters that come; None is faster there than ''."""

    def __init__(self, prepare: Callable[[str], str] = str) -> None:
        self._prepare = prepare

    def __missing__(self, code: int) -> str | None:
        char = _plainer(code)
        split = unicodedata.normalize("NFKD", self._prepare(char)).casefold()
        plain = "".join(_LOOK_ALIKES.get(char, char) for char in split)
        kept = "".join(char for char in self._prepare(plain) if char.isalnum())
        self[code] = kept or None
        return kept or None


def _plainer(code: int) -> str:
    """The letter that a character of a block of letters stands for, else itself."""
    for first, letter in _BLOCKS:
        if first <= code < first + 26:
            return chr(ord(letter) + code - first)
    if 0xE0030 <= code <= 0xE0039:
        return chr(code - 0xE0000)
    return _BRAILLE.get(chr(code), chr(code))


_PLAIN = _Fold()
_LEETED = _Fold(lambda text: text.translate(_LEET))


def folded(text: str, *, leet: bool = False) -> str:
    """The letters and digits of a text alone, look-alikes and widths as one, in lower case."""
    return text.translate(_LEETED if leet else _PLAIN)


def unfolded(text: str, start: int, end: int, *, leet: bool = False) -> Span:
    """Where a part of the folded text stands in the text."""
    table, place, first = _LEETED if leet else _PLAIN, 0, 0
    for at, char in enumerate(text):
        size = len(table[ord(char)] or "")
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
    ciphers.setdefault(secret[::-1].translate(_TURNED), "upside down")
    return tuple((needle, name) for needle, name in ciphers.items() if needle != secret)


_TURNED = str.maketrans("bdnpqu69", "qpudbn96")
"""Letters that are others upside down; those that are none are look-alikes."""


def respelled(secret: str) -> tuple[tuple[str, str], ...]:
    """What a secret's words read like in other orders, folded, with each one's name."""
    words = [folded(word) for word in re.findall(r"[^\W_]+", secret)]
    onsets = [_ONSET.match(word) for word in words]
    forms = {
        "words reversed": "".join(reversed(words)),
        "pig latin": "".join(f"{word[1:]}{word[:1]}ay" for word in words),
        "pig latin, onset": "".join(
            f"{word[m.end() :]}{m[0]}ay" if m else f"{word}way"
            for word, m in zip(words, onsets, strict=True)
        ),
        "without vowels": "".join(_VOWELS.sub("", word) for word in words),
        "without inner vowels": "".join(word[:1] + _VOWELS.sub("", word[1:]) for word in words),
    }
    plain = folded(secret)
    return tuple(
        (form, name)
        for name, form in forms.items()
        if form != plain and len(form) >= _LEAST_RESPELLED and _distinct(form, name)
    )


_ONSET = re.compile(r"[^aeiou\d]+")
_VOWELS = re.compile(r"[aeiou]")
_LEAST_RESPELLED = 5


def _distinct(form: str, name: str) -> bool:
    """Whether what is left without vowels still tells the secret: digits alone do not."""
    return "vowels" not in name or sum(char.isalpha() for char in form) >= _LEAST_RESPELLED


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
    if _spoken(view.text):
        yield _replaced(view, "spelled", _SPOKEN_WORD, _letter)


_AS_IN = re.compile(r"\b[A-Za-z] (?:as in|like|for) [A-Za-z]")
_BETWEEN_WORDS = re.compile(r"[\s,;.:/|()-]+")
_LEAST_SPOKEN = 4
"""Letters that are spoken; `one` and `space` alone are words."""


def _spoken(text: str) -> bool:
    """Whether enough of it may be letters that are spoken; cheaper than to look for them."""
    if _AS_IN.search(text):
        return True
    words = _BETWEEN_WORDS.split(text.lower())
    return sum(map(_SPOKEN.__contains__, words)) >= _LEAST_SPOKEN


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
    for form, likely, pattern, decode in _DECODERS:
        if not likely.search(text):
            continue
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


def _from_base85(coded: str) -> Iterator[str]:
    inner = coded.strip("`\"'").removeprefix("<~").removesuffix("~>")
    for part in dict.fromkeys((inner, inner.rstrip(".,"))):
        for decode in (base64.b85decode, base64.a85decode):
            with suppress(ValueError):
                yield _legible(decode(part))


def _from_rot47(coded: str) -> Iterator[str]:
    yield coded.translate(_ROT47)


_ROT47 = {code: 33 + (code - 33 + 47) % 94 for code in range(33, 127)}
_SIGN = r"[!#$%&(*+;<=>?@^_`{|}~]"
_DECODERS: tuple[
    tuple[str, re.Pattern[str], re.Pattern[str], Callable[[str], Iterator[str]]], ...
] = (
    # What is likely is found faster than the pattern: letters in ASCII all have digits in hex.
    (
        "base64",
        re.compile(r"[a-z][A-Z]|[A-Za-z]\d|[A-Za-z0-9+/_-]{16}|[A-Z0-9]{3}"),
        _BASE64,
        _from_base64,
    ),
    ("base32", re.compile(r"[A-Z2-7]{8}|[a-z2-7]{16}"), _BASE32, _from_base32),
    ("hex", re.compile(r"\d"), _HEX, _from_hex),
    ("binary", re.compile(r"[01]{7}"), _BINARY, _from_binary),
    ("code points", re.compile(r"\d[\s,;.-]{1,3}\d"), _NUMBERS, _from_numbers),
    (
        "morse",
        re.compile(f"[.{_DASH}-][ /|]+[.{_DASH}-]"),
        _DOTS,
        _from_morse,
    ),
    ("base85", re.compile(_SIGN), _BASE85, _from_base85),
    ("rot47", re.compile(_SIGN), _ROT47ED, _from_rot47),
)
