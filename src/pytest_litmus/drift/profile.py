"""Profile: what a log's calls are like, counted over all of them, or measured on a sample."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from pytest_litmus.drift.sampling import SEED, sampled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_litmus.drift.logs import Log
    from pytest_litmus.drift.seen import Seen

NUMBERS_FROM = 10_000
"""Calls of which numbers are compared: a distance of shares is then right to about 0.01."""
TEXTS_FROM = 1_000
"""Calls whose texts are read, a millisecond each: of so many, half a dozen labels that are a small
effect apart (V = 0.1) are so by chance once in a thousand times."""
TRUNCATED = frozenset(
    {"length", "max_tokens", "MAX_TOKENS", "max_output_tokens", "model_length", "incomplete"}
)
"""What providers call an answer that met the limit of tokens."""
FIELDS = ("input", "output", "finish", "model", "latency_s", "input_tokens", "output_tokens")
"""Those whose absence is counted."""


class Rate(NamedTuple):
    """How many of those that tell."""

    hits: int
    of: int


@dataclass(slots=True)
class Counts:
    """What is counted over all calls."""

    calls: int = 0
    finish: Counter[str] = field(default_factory=Counter)
    tools: Counter[str] = field(default_factory=Counter)
    model: Counter[str] = field(default_factory=Counter)
    fingerprint: Counter[str] = field(default_factory=Counter)
    failed: Counter[bool] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    answers: int = 0
    """Calls of which the answer is told."""
    empty: int = 0
    """Of these, those with nothing in it, and without a call of a tool."""
    pairs: int = 0
    """Calls of which both input and answer are told."""
    repeated: int = 0
    """Of these, those that an earlier one had alike."""

    def add(self, seen: Seen, earlier: set[int]) -> None:
        """Count one more call; `earlier` holds what tells a repeated one."""
        self.calls += 1
        for name in ("finish", "tools", "model", "fingerprint", "failed"):
            value = getattr(seen, name)
            if value is not None:
                getattr(self, name)[value] += 1
        for name in FIELDS:
            if getattr(seen, name) is None:
                self.missing[name] += 1
        if seen.output is not None:
            self.answers += 1
            self.empty += not seen.output.strip() and seen.tools in (None, "none")
            if seen.input is not None:
                self.pairs += 1
                key = hash((seen.input, seen.output))
                self.repeated += key in earlier
                earlier.add(key)


@dataclass(slots=True)
class Profile:
    """A log, as far as it is compared."""

    name: str
    format: str
    counts: Counts
    sample: list[Seen]
    texts: list[Seen]
    unknown: int
    first_unknown: int | None
    not_utf8: Rate
    by: str
    """What counted."""

    @property
    def rates(self) -> dict[str, Rate]:
        """What is wrong with the data, of all calls."""
        counts = self.counts
        finished = sum(counts.finish.values())
        cut = sum(times for reason, times in counts.finish.items() if reason in TRUNCATED)
        return {
            "errors": Rate(counts.failed[True], sum(counts.failed.values())),
            "empty answers": Rate(counts.empty, counts.answers),
            "truncated answers": Rate(cut, finished),
            "duplicates": Rate(counts.repeated, counts.pairs),
            "not UTF-8": self.not_utf8,
        }

    def numbers(self, name: str) -> list[float]:
        """The values of a field that the sampled calls tell."""
        values = (getattr(seen, name) for seen in self.sample)
        return [value for value in values if value is not None]

    def lengths(self, name: str) -> list[float]:
        """The lengths of a text, in characters."""
        texts = (getattr(seen, name) for seen in self.sample)
        return [float(len(text)) for text in texts if text is not None]


def profiled(log: Log, *, fast: bool = True) -> Profile:
    """The profile of a log.

    Args:
        log: The log.
        fast: Whether DuckDB counts, where it is installed and knows the format.

    Raises:
        ReportError: The log cannot be read, was cut off, or has no call of a model.
    """
    from pytest_litmus.drift.fast import counted_by_duckdb
    from pytest_litmus.errors import ReportError

    quick = counted_by_duckdb(log) if fast else None
    if quick is not None:
        (counts, sample), by = quick, "DuckDB"
    else:
        counts, by = Counts(), "standard library"
        sample = sampled(_counted(log.seen(), counts), NUMBERS_FROM)
    if not counts.calls:
        raise ReportError(
            f"{log.path} has no call of a model that its reader ({log.reader.name}) knows: "
            f"{log.unknown} of {log.records} records are unknown"
        )
    return Profile(
        name=str(log.path),
        format=log.reader.name,
        counts=counts,
        sample=sample,
        texts=_some(sample),
        unknown=log.unknown,
        first_unknown=log.first_unknown,
        not_utf8=Rate(log.not_utf8, log.records),
        by=by,
    )


def _counted(calls: Iterable[Seen], counts: Counts) -> Iterator[Seen]:
    earlier: set[int] = set()
    for seen in calls:
        counts.add(seen, earlier)
        yield seen


def _some(sample: list[Seen]) -> list[Seen]:
    random = Random(SEED)  # noqa: S311 - a sample, no secret
    return random.sample(sample, min(TEXTS_FROM, len(sample)))
