"""Baseline: the file of a project that says what its tests came to when somebody approved of it.

It holds the breaches that are known (`suites/known.py`) and, under `tests:`, an entry a test: for
people to review in a diff, so that it is small, sorted, and changed by `litmus baseline bless`
alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, get_args

from pytest_litmus.compare.entries import Came, Entry, Side, side_of
from pytest_litmus.errors import ReportError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_KEPT_TIMES = 40
"""Latencies of a test that are kept; of more, so many quantiles stand for all."""
_HEAD = """\
# What the tests came to when they were last approved of: later runs are compared with it.
# Written by `litmus baseline bless`, and by nothing else.
"""
_KEYS = (
    "fingerprint", "outcome", "passed", "of", "severity", "pillar", "scores", "latency_s",
    "cost_usd", "tokens",
)  # fmt: skip
_PILLARS = ("quality", "safety")


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """The part of the file that is about tests."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    """By node id."""
    blessed: Mapping[str, str] = field(default_factory=dict)
    """Of the run: `run`, `started_at`, `revision`, `version`, `models`."""

    def side(self, *, name: str) -> Side:
        """As one side of a comparison."""
        models = [one for one in self.blessed.get("models", "").split(", ") if one]
        return Side(
            name=name,
            entries=self.entries,
            models=tuple(models),
            version=self.blessed.get("version"),
        )


def read(path: Path) -> Baseline | None:
    """What a file says of tests; None where it has no `tests:`.

    Raises:
        ReportError: It cannot be read, or an entry is wrong; names its line.
    """
    from pytest_litmus.suites import located

    try:
        document = located.read(path)
        if not _has_tests(document.value):
            return None
        return Baseline(entries=_entries(document), blessed=_blessed(document))
    except located.Mistake as mistake:
        raise ReportError(f"{path}:{mistake.line or 1}: {mistake.message}") from mistake
    except OSError as error:
        raise ReportError(f"{path} cannot be read: {error.strerror}") from error


def side_at(path: Path) -> Side:
    """A side of a comparison: a stored report, or the `tests:` of a baseline's file.

    Raises:
        ReportError: It cannot be read, or a baseline's file has no `tests:`.
    """
    from pytest_litmus.report.reading import read_report

    if path.suffix not in (".yaml", ".yml"):
        return side_of(read_report(path).report, name=str(path))
    found = read(path)
    if found is None:
        raise ReportError(
            f"{path} has no `tests:`: write them with `litmus baseline bless llm-report --file "
            f"{path}`"
        )
    return found.side(name=str(path))


def written(baseline: Baseline) -> str:
    """The text of that part: a test a paragraph, sorted by node id."""
    from pytest_litmus.suites.writing import as_yaml

    tests = {nodeid: _as_plain(one) for nodeid, one in sorted(baseline.entries.items())}
    return _HEAD + as_yaml({"blessed": dict(baseline.blessed), "tests": tests})


def blessed_of(report: Mapping[str, Any], side: Side) -> dict[str, str]:
    """What is kept of a run: where the numbers are from."""
    run = report["run"]
    told = {
        "run": run["id"],
        "started_at": run["started_at"],
        "revision": (run["git"] or {}).get("revision"),
        "version": side.version,
        "models": ", ".join(side.models),
    }
    return {name: str(value) for name, value in told.items() if value}


def _as_plain(entry: Entry) -> dict[str, Any]:
    from pytest_litmus.suites.writing import in_one_line

    several = entry.of > 1
    told = {
        "fingerprint": entry.fingerprint,
        "outcome": entry.outcome,
        "passed": entry.passed if several else None,
        "of": entry.of if several else None,
        "severity": entry.severity,
        "pillar": entry.pillar if entry.pillar != "quality" else None,
        "scores": in_one_line({name: _short(one) for name, one in sorted(entry.scores.items())}),
        "latency_s": in_one_line([_short(one) for one in _thinned(sorted(entry.latency_s))]),
        "cost_usd": None if entry.cost_usd is None else _short_price(entry.cost_usd),
        "tokens": _short(entry.tokens) if entry.tokens is not None else None,
    }
    return {name: value for name, value in told.items() if value not in (None, {}, [])}


def _short(value: float) -> float:
    """Four digits: more would make each diff long and say nothing."""
    short = float(f"{value:.4g}")
    return int(short) if short.is_integer() else short


def _short_price(value: Decimal) -> str:
    return f"{Decimal(f'{value:.4g}'):f}"


def _thinned(values: Sequence[float]) -> Sequence[float]:
    n = len(values)
    if n <= _KEPT_TIMES:
        return values
    return [values[(2 * i + 1) * n // (2 * _KEPT_TIMES)] for i in range(_KEPT_TIMES)]


def _has_tests(value: Any) -> bool:
    from pytest_litmus.suites.located import Mistake

    if not isinstance(value, dict):
        raise Mistake("a baseline is a mapping with `tests:` or `breaches:`", line=1)
    return "tests" in value


def _entries(document: Any) -> dict[str, Entry]:
    from pytest_litmus.suites.located import Mistake

    listed = document.value["tests"]
    if not isinstance(listed, dict):
        raise Mistake("`tests:` is a mapping of node ids", line=document.line_of(("tests",)))
    found = {}
    for nodeid, given in listed.items():
        place = ("tests", nodeid)
        if not isinstance(given, dict):
            raise Mistake(
                "a test is a mapping with `outcome` and `fingerprint`",
                line=document.line_of(place),
            )
        for key in given:
            document.refuse_unknown((*place, key), _KEYS)
        try:
            found[nodeid] = _entry(given)
        except _Wrong as wrong:
            key, value, wanted = wrong.args
            raise Mistake(
                f"{key}: {value!r} is no {wanted}", line=document.line_of((*place, key))
            ) from wrong
    return found


class _Wrong(ValueError):  # noqa: N818 - it carries what the mistake is made of
    """Key, value, and what it should have been."""


def _entry(given: Mapping[str, Any]) -> Entry:
    outcome = _one_of(given, "outcome", get_args(Came), None)
    once = outcome in ("passed", "failed")
    scores, times = given.get("scores", {}), given.get("latency_s", [])
    if not isinstance(scores, dict) or not all(map(_is_number, scores.values())):
        raise _Wrong("scores", scores, "mapping of numbers")
    if not isinstance(times, list) or not all(map(_is_number, times)):
        raise _Wrong("latency_s", times, "list of numbers")
    passed, of = (_count(given, name) for name in ("passed", "of"))
    return Entry(
        outcome=outcome,
        fingerprint=_text(given, "fingerprint"),
        passed=int(outcome == "passed") if passed is None else passed,
        of=int(once) if of is None else of,
        severity=_text(given, "severity"),
        pillar=_one_of(given, "pillar", _PILLARS, "quality"),
        scores={str(name): float(value) for name, value in scores.items()},
        latency_s=tuple(map(float, times)),
        cost_usd=_decimal(given),
        tokens=_number(given, "tokens"),
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _one_of(given: Mapping[str, Any], key: str, known: Sequence[str], otherwise: Any) -> Any:
    value = given.get(key, otherwise)
    if value not in known:
        raise _Wrong(key, value, f"word of {', '.join(known)}")
    return value


def _text(given: Mapping[str, Any], key: str) -> str | None:
    """A text; a fingerprint of digits alone is one too, if it was quoted."""
    value = given.get(key)
    if value is not None and not isinstance(value, str):
        raise _Wrong(key, value, "text (quote it)")
    return value


def _number(given: Mapping[str, Any], key: str) -> float | None:
    value = given.get(key)
    if value is not None and not (_is_number(value) and value >= 0):
        raise _Wrong(key, value, "number of 0 or more")
    return value


def _count(given: Mapping[str, Any], key: str) -> int | None:
    value = _number(given, key)
    if value is not None and int(value) != value:
        raise _Wrong(key, value, "whole number")
    return None if value is None else int(value)


def _decimal(given: Mapping[str, Any]) -> Decimal | None:
    value = given.get("cost_usd")
    try:
        cost = None if value is None else Decimal(str(value))
    except InvalidOperation as error:
        raise _Wrong("cost_usd", value, "number") from error
    if cost is not None and not cost.is_finite():
        raise _Wrong("cost_usd", value, "number")
    return cost


def _blessed(document: Any) -> dict[str, str]:
    from pytest_litmus.suites.located import Mistake

    given = document.value.get("blessed", {})
    if not isinstance(given, dict) or any(isinstance(one, (dict, list)) for one in given.values()):
        raise Mistake("`blessed:` is a mapping of texts", line=document.line_of(("blessed",)))
    return {str(name): str(value) for name, value in given.items()}
