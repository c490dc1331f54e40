"""What `litmus import` costs: `python -m tests.bench.importing` prints the CPU time of 100,000.

Half of the complaints ask what another does, with other letters; of the second log all are made of
the same ten words, which is the worst that the search for what is alike can meet.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from resource import RUSAGE_CHILDREN, getrusage

COMPLAINTS = 100_000
LONGEST = 14
WORDS = 5_000
RUN = "import sys; from pytest_litmus.cli import main; sys.exit(main())"


def main() -> None:
    """Print both."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        say("half of them copies", took(folder, copies(Random(1))))
        say("of the same ten words", took(folder, shuffled(Random(2))))


def copies(random: Random) -> Iterator[str]:
    """Questions of words that are rare to common, each asked once more with a slip."""
    words = [
        f"{random.choice('bdfgklmnprst')}{number:x}{'aeiou'[number % 5]}" for number in range(WORDS)
    ]
    for _ in range(COMPLAINTS // 2):
        asked = random.choices(
            words, weights=[1 / (place + 1) for place in range(WORDS)], k=LONGEST
        )
        yield " ".join(asked)
        yield " ".join(asked).upper().replace("A", "e", 1)


def shuffled(random: Random) -> Iterator[str]:
    """The same words in another order each time."""
    words = [
        "my",
        "parcel",
        "did",
        "not",
        "come",
        "and",
        "nobody",
        "answers",
        "mails",
        "what",
        "now",
        "please",
    ]
    for number in range(COMPLAINTS):
        random.shuffle(words)
        yield f"{' '.join(words)} {number}"


def took(folder: Path, asked: Iterator[str]) -> float:
    """The CPU seconds of an import."""
    log, suite = folder / "log.jsonl", folder / "quarantine.llm.yaml"
    lines = (json.dumps({"input": text, "output": "No idea.", "rating": "down"}) for text in asked)
    log.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    suite.unlink(missing_ok=True)
    words = ["import", str(log), "--into", str(suite), "--target", "app:answer", "--sample", "1000"]
    before = getrusage(RUSAGE_CHILDREN)
    command = [sys.executable, "-c", RUN, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    sys.stdout.write("".join(f"  {line}\n" for line in done.stdout.splitlines()[:4]))
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def say(what: str, seconds: float) -> None:
    """Print a line."""
    sys.stdout.write(f"{COMPLAINTS:,} complaints, {what}: {seconds:.0f} s of CPU\n")


if __name__ == "__main__":
    main()
