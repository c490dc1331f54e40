"""Garbling: what stands in an output only because something broke on the way to it.

Tokens of a chat template that were not stripped, bytes of a tokenizer, characters decoded wrongly,
characters that nobody can print. The rules are ours, after the templates of Llama
(https://www.llama.com/docs/model-cards-and-prompt-formats/), Mistral, Gemma, ChatML and DeepSeek,
and after what UTF-8 becomes when it is read as Windows-1252.
"""

from __future__ import annotations

import re

from pytest_litmus.evaluators.absence import absence
from pytest_litmus.evaluators.said import Said, text_of
from pytest_litmus.verdicts import Limit, Score, Verdict, decided

_RULES = {
    "template-token": r"<\|[a-z][a-z_0-9]{1,30}\|>|<\uff5c[^\uff5c<>\n]{2,40}\uff5c>"
    r"|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|<(?:pad|unk|eos|bos)>|</s>\s{0,9}\Z",
    "token-bytes": r"<0x[0-9A-F]{2}>|(?<=[a-z.,!?])[\u0120\u010a](?=[A-Za-z])|\u010a{2,9}"
    r"|\u2581[^\W_]{1,30}\u2581",
    "wrong-decoding": r"\u00e2\u20ac[\u2122\u0153\u009d\u201c\u201d\u00a6\u02dc\u00a2]"
    r"|\u00c3[\u0080-\u00bf\u2122\u0178\u0152\u0153\u0160\u0161\u017d\u017e]"
    r"|\u00c2[\u0080-\u00bf]|\u00ef\u00bb\u00bf|\u00f0\u0178[^\s]{2}",
    "replacement-character": r"\ufffd{1,99}",
    "unprintable": r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]{1,99}|[\ue000-\uf8ff]{1,99}"
    r"|[\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]{1,99}",
    "mixed-alphabets": r"[A-Za-z]{2}[\u0430-\u044f]{2}|[\u0430-\u044f]{2}[a-z]{2}",
}
_ANY = re.compile("|".join(f"({rule})" for rule in _RULES.values()))
_NAMES = tuple(_RULES)


def free_of_garbling(
    said: Said, *, at_least: float | None = None, at_most: float | None = None
) -> Score | Verdict:
    r"""How many places of an output are garbled. Passes at 0, unless another limit is given.

    `template-token` (`<|im_end|>`, `[INST]`, `</s>` at the end), `token-bytes` (`<0x0A>`, a
    tokenizer's signs for a space), `wrong-decoding` (an apostrophe that became three characters),
    `replacement-character` (U+FFFD), `unprintable` (control and private-use characters, not the
    terminal's escape, for which there is `free_of_terminal_escapes`), `mixed-alphabets` (a word
    half Latin, half Cyrillic). None where the output is empty.

    Blind spots: gibberish of ordinary letters, and words in no order; an answer about templates or
    encodings holds such text rightly.
    """
    text = text_of(said)
    if not text.strip():
        empty = Score(name="free_of_garbling", explanation="the output is empty")
        return decided(empty, at_least=at_least, at_most=at_most, otherwise=Limit(at_most=0))
    return absence(
        "free_of_garbling",
        text,
        ((_NAMES[(found.lastindex or 1) - 1], *found.span()) for found in _ANY.finditer(text)),
        "see whether the template, the tokenizer or the decoding broke",
        at_least=at_least,
        at_most=at_most,
    )
