"""Telling: ratings as lines of a terminal, the tests that people like least first."""

from __future__ import annotations

from statistics import fmean
from typing import TYPE_CHECKING, Any

from pytest_litmus.report.plain import ascii_line, counted, harmless, keep_end, keep_start

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_litmus.report.feedback import HumanRating

_COLUMN = 11
_SHOWN = 10
"""Tests that are named."""
_COMMENTS = 3
"""Of a test."""
_LONGEST = 300
"""Characters of a comment."""
_LEFT_OUT = {
    "undecided": "undecided",
    "several": "with several such verdicts",
    "split": "that people are split on",
}


def told(section: Mapping[str, Any], ratings: Sequence[HumanRating], *, width: int) -> list[str]:
    """A report's ratings.

    Args:
        section: As `summary` gives it.
        ratings: What it adds up.
        width: Columns of the terminal; names of tests are cut to it at their beginning.
    """
    if not section["measured"]:
        return [_line("feedback", "none: `litmus feedback REPORT RATINGS.csv` adds some")]
    return [
        _line("feedback", _counts(section)),
        _line("all", _tally(section, interval=True)),
        *_worst(ratings, width=width),
        *(_line("by name", f"{n}: {_tally(one)}") for n, one in section["by_name"].items()),
        *(_line("by model", f"{_model(one)}: {_tally(one)}") for one in section["by_model"]),
        *(_line("people", _agreed(one)) for one in section["agreement"]),
        *(_line("verdicts", _beside(one)) for one in section["verdicts"]),
    ]


def _line(label: str, text: str) -> str:
    return f"{label:<{_COLUMN - 1}} {_plain(text)}"


def _plain(text: str) -> str:
    """Hostile text as one line, in the letters of those who wrote it."""
    return " ".join(harmless(text).split())


def _counts(section: Mapping[str, Any]) -> str:
    people = "1 person" if section["raters"] == 1 else f"{section['raters']:,} people"
    unnamed = f"{section['anonymous']:,} without a name"
    by = f"by {people}" if section["raters"] else unnamed
    more = f", {unnamed}" if section["raters"] and section["anonymous"] else ""
    of = f"{counted(section['calls'], 'call')} in " if section["calls"] else ""
    tests = counted(section["tests"], "test")
    return f"{counted(section['ratings'], 'rating')} of {of}{tests}, {by}{more}"


def _tally(tally: Mapping[str, Any], *, interval: bool = False) -> str:
    """`5 of 7 up (0.71), mean 3.5 of 1..5 (2 ratings)`."""
    parts = []
    if tally["up_rate"] is not None:
        bounds = f", 95% interval {tally['low']:.2f} to {tally['high']:.2f}, Wilson"
        rate = f"{tally['up_rate']:.2f}{bounds if interval else ''}"
        parts.append(f"{tally['up']:,} of {tally['up'] + tally['down']:,} up ({rate})")
    for one in tally["means"]:
        low, high = one["scale"]
        given = counted(one["ratings"], "rating")
        parts.append(f"mean {one['mean']:.3g} of {low:g}..{high:g} ({given})")
    return ", ".join(parts)


def _worst(ratings: Sequence[HumanRating], *, width: int) -> Iterator[str]:
    by_test: dict[str, list[HumanRating]] = {}
    for one in ratings:
        by_test.setdefault(one.test, []).append(one)
    means = {test: fmean(one.share for one in own) for test, own in by_test.items()}
    silent = {test: not any(one.comment for one in own) for test, own in by_test.items()}
    disliked = sorted(
        (test for test, mean in means.items() if mean < 1),
        key=lambda test: (means[test], silent[test], -len(by_test[test]), test),
    )
    for test in disliked[:_SHOWN]:
        yield from _test(test, by_test[test], means[test], width=width)
    if len(disliked) > _SHOWN:
        yield _line("", f"and {counted(len(disliked) - _SHOWN, 'more test')}")


def _test(test: str, own: Sequence[HumanRating], mean: float, *, width: int) -> Iterator[str]:
    label = f"{mean:.0%} ({counted(len(own), 'rating')})"
    room = max(width - _COLUMN - len(label) - 2, 20)
    yield _line("worst", f"{label}: {keep_end(ascii_line(test), longest=room)}")
    commented = sorted((one for one in own if one.comment), key=lambda one: (one.share, one.key))
    for one in commented[:_COMMENTS]:
        who = f"{one.by}: " if one.by else ""
        said = keep_start(_plain(one.comment or ""), longest=_LONGEST)
        yield _line("", f'- {who}"{said}"')
    if len(commented) > _COMMENTS:
        yield _line("", f"- and {counted(len(commented) - _COMMENTS, 'more comment')}")


def _model(one: Mapping[str, Any]) -> str:
    return one["model"] or "model not known, or several"


def _agreed(one: Mapping[str, Any]) -> str:
    low_high = one["scale"]
    scale = f" on {low_high[0]:g}..{low_high[1]:g}" if low_high else ""
    alpha = "not known" if one["alpha"] is None else f"{one['alpha']:.2f}"
    return (
        f"{one['name']}{scale}: {one['alike']:,} of {one['items']:,} that several rated are rated "
        f"alike, alpha {alpha} (Krippendorff's)"
    )


def _beside(one: Mapping[str, Any]) -> str:
    kappa = "not known" if one["kappa"] is None else f"{one['kappa']:.2f}"
    told = f"{one['evaluator']} and {one['name']}: alike in {one['agreed']:,} of "
    told += f"{counted(one['tests'], 'test')}, kappa {kappa}"
    left = [f"{one[key]:,} {word}" for key, word in _LEFT_OUT.items() if one[key]]
    return f"{told}; left out: {', '.join(left)}" if left else told
