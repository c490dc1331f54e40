"""The table: how often each evaluator is right, as Markdown."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.truth.measured import Measured

HEAD = """\
| evaluator | data set | n | metric | value | 95% interval | precision | recall | texts/s | how |
| --- | --- | --: | --- | --: | --- | --: | --: | --: | --- |"""
METRICS = {"f1": "F1", "auroc": "AUROC", "accuracy": "accuracy"}


def collected(families: Iterable[str] = ()) -> Iterator[Measured]:
    """What every `measure_FAMILY.py` here measures; of the named families alone, if any are."""
    wanted = {f"measure_{family}" for family in families}
    for path in sorted(Path(__file__).parent.glob("measure_*.py")):
        if not wanted or path.stem in wanted:
            yield from importlib.import_module(f"tests.truth.{path.stem}").measurements()


def markdown(measured: Iterable[Measured]) -> Iterator[str]:
    """The table's lines; each as soon as it is known."""
    yield HEAD
    for one in measured:
        yield f"| {' | '.join(_cells(one))} |"


def _cells(one: Measured) -> list[str]:
    low, high = one.interval
    return [
        f"`{one.name}`",
        one.data,
        f"{len(one.labels):,}",
        _metric(one),
        f"{one.value:.3f}",
        f"{low:.3f} to {high:.3f}",
        *([f"{one.precision:.3f}", f"{one.recall:.3f}"] if one.kind == "f1" else ["", ""]),
        f"{one.texts_a_second:,.0f}",
        one.note,
    ]


def _metric(one: Measured) -> str:
    at = "" if one.threshold is None else f" at {one.threshold:g}"
    return METRICS[one.kind] + at
