"""Common words: English words by how common they are, for `evaluators/common_words.json`.

    pip install symspellpy
    python training/common_words.py

Takes the order of SymSpell's frequency dictionary (MIT, https://github.com/wolfgarbe/SymSpell: the
words of SCOWL as often as Google Books has them) and keeps that alone: no counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

FILE = "frequency_dictionary_en_82_765.txt"
OUT = Path(__file__).parents[1] / "src/pytest_litmus/evaluators/common_words.json"
SIZE = 10_000


def words() -> Iterator[str]:
    """The words of letters alone, commonest first; it has some lines of one letter by mistake."""
    for line in files("symspellpy").joinpath(FILE).read_text(encoding="utf-8-sig").splitlines():
        word = line.split()[0]
        if word.isascii() and word.isalpha() and (len(word) > 1 or word in {"a", "i"}):
            yield word


def main() -> None:
    """Write the commonest words, in their order."""
    kept = " ".join(word for word, _ in zip(words(), range(SIZE), strict=False))
    OUT.write_text(json.dumps({"words": kept}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
