"""Canaries: made-up words that stand for a secret, fresh in each run, so that a leak proves itself.

A fixed canary would one day be in a model's training data, and in its answers without any leak. The
words can be spoken and written by a model, because one that nobody can repeat is not leaked either;
with their number they have 50 bits, and do not occur in ordinary text.
"""

from __future__ import annotations

import hashlib

_CONSONANTS = "bdfgklmnprstvz"
_VOWELS = "aeiou"
_SYLLABLES = 3


def canary(seed: str, name: str) -> str:
    """The canary of a name in a run: two words and a number, such as `bavodu-kelisa-4821`."""
    digest = int.from_bytes(hashlib.sha256(f"{seed}\0{name}".encode()).digest(), "big")
    words = []
    for _ in range(2):
        word = ""
        for _ in range(_SYLLABLES):
            digest, consonant = divmod(digest, len(_CONSONANTS))
            digest, vowel = divmod(digest, len(_VOWELS))
            word += _CONSONANTS[consonant] + _VOWELS[vowel]
        words.append(word)
    return f"{words[0]}-{words[1]}-{digest % 9000 + 1000}"
