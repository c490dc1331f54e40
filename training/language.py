"""The profiles of `language`, for `evaluators/language.json`.

    python training/language.py

Takes how often runs of one to three letters stand in Wikipedia's articles of each language, as
counted for langdetect 1.0.9 (https://github.com/Mimino666/langdetect; the counts are Nakatani
Shuyo's, https://github.com/shuyo/language-detection, Apache-2.0), for languages that share their
script with another. Needs langdetect installed. Takes a few seconds.
"""

from __future__ import annotations

import json
from collections import Counter
from importlib.util import find_spec
from math import log2
from pathlib import Path

OUT = Path(__file__).parents[1] / "src/pytest_litmus/evaluators/language.json"
GROUPS = {
    "latin": "af ca cs cy da de en es et fi fr hr hu id it lt lv nl no pl pt ro sk sl so sq sv sw"
    " tl tr vi",
    "cyrillic": "bg mk ru uk",
    "arabic": "ar fa ur",
    "devanagari": "hi mr ne",
}
KEPT = 900
"""The most frequent runs of each language; the last of them are seldom seen in a sentence."""


def counts(language: str) -> tuple[Counter[str], list[int]]:
    """How often each run stands in a language, in small letters, and the sums by length."""
    spec = find_spec("langdetect")
    if spec is None or spec.origin is None:
        raise SystemExit("install langdetect==1.0.9 first")
    path = Path(spec.origin).parent / "profiles" / language
    told = json.loads(path.read_text(encoding="utf-8"))
    found: Counter[str] = Counter()
    for run, count in told["freq"].items():
        found[run.lower()] += count
    return found, told["n_words"]


def profile(language: str) -> dict[str, str]:
    """The runs by their rarity: the fifths of bits that one costs, and the runs, by length."""
    found, sums = counts(language)
    rarity: dict[str, list[str]] = {}
    for run, count in found.most_common(KEPT):
        if len(run) <= len(sums):
            bits = round(-5 * log2(count / sums[len(run) - 1]))
            rarity.setdefault(str(bits), []).append(run)
    return {bits: "\n".join(sorted(runs)) for bits, runs in sorted(rarity.items())}


def main() -> None:
    """Write the file."""
    profiles = {
        group: {language: profile(language) for language in languages.split()}
        for group, languages in GROUPS.items()
    }
    told = json.dumps(profiles, ensure_ascii=False, separators=(",", ":"))
    OUT.write_text(told + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
