"""Common words: English words by how often models use them, for `evaluators/common_words.json`.

    python training/common_words.py ../shared/data/labelled

Counts the answers of HaluEval's general set (ChatGPT's answers to Alpaca's instructions; MIT,
https://github.com/RUCAIBox/HaluEval) and keeps the order alone: no text, no counts.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

FILES = (
    "relevance/alpaca_offtopic.jsonl.gz",
    "hallucination_closed_book/halueval_general.jsonl.gz",
)
OUT = Path(__file__).parents[1] / "src/pytest_litmus/evaluators/common_words.json"
SIZE = 6_000
AT_LEAST = 3
"""Answers that a word is in; below that the order is noise."""


def texts(labelled: Path) -> Iterator[str]:
    """Each answer once; a file may hold the same answer to two queries."""
    seen: set[str] = set()
    for name in FILES:
        with gzip.open(labelled / name, "rt", encoding="utf-8") as lines:
            for line in lines:
                text = json.loads(line)["text"]
                if text not in seen:
                    seen.add(text)
                    yield text


def main() -> None:
    """Count in how many answers each word is; write the words, commonest first."""
    found: Counter[str] = Counter()
    for text in texts(Path(sys.argv[1])):
        found.update(set(re.findall(r"[a-z]+", text.lower())))
    kept = sorted((word for word in found if found[word] >= AT_LEAST), key=lambda w: (-found[w], w))
    OUT.write_text(json.dumps({"words": " ".join(kept[:SIZE])}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
