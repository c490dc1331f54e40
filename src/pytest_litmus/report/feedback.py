"""Feedback: what people said of a run's calls and tests, kept beside its report and added up.

`feedback.jsonl` in the report's folder has a line for the run, one for each rating, and a line at
the end; `report.json` has the sums under `feedback`. Comments stand in `feedback.jsonl` alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from statistics import fmean
from types import NoneType
from typing import TYPE_CHECKING, Any

from pytest_litmus.errors import ReportError
from pytest_litmus.report.build import SCHEMA_VERSION
from pytest_litmus.report.human_labels import pairs
from pytest_litmus.report.json_ready import json_ready, one_line
from pytest_litmus.report.reading import lines_of
from pytest_litmus.report.writing import FEEDBACK, write_new
from pytest_litmus.stats.agreement import krippendorff_alpha
from pytest_litmus.stats.rates import wilson

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import TypeAlias

    from pytest_litmus.report.reading import StoredReport
    from pytest_litmus.report.records import TestRecord

USUAL_NAME = "rating"
"""The criterion of a rating that names none."""

Test: TypeAlias = "Mapping[str, Any]"
"""As the report has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HumanRating:
    """What one person said of one call, or of a whole test, by one criterion."""

    test: str
    """Its node id."""
    call: str | None = None
    """The call's id; None where the whole test was rated."""
    name: str = USUAL_NAME
    """The criterion: `helpful`, `correct`, ..."""
    value: float
    """1 of up and 0 of down; on a scale, the number that was given."""
    scale: tuple[float, float] | None = None
    """The lowest and the highest number; None of up and down."""
    up: bool | None
    """Whether it approves; None on a scale of which nobody said from which number on it does."""
    by: str | None = None
    """Who rated; None where it is not known."""
    at: str | None = None
    """When, by ISO 8601; None where it is not known."""
    comment: str | None = None

    @property
    def item(self) -> tuple[str, str, str]:
        """What was rated: several people may rate one."""
        return self.test, self.call or "", self.name

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What was rated and by whom: one may be there."""
        return *self.item, self.by or ""

    @property
    def share(self) -> float:
        """The value by its place on its scale, in [0, 1]."""
        low, high = self.scale or (0.0, 1.0)
        return (self.value - low) / (high - low)

    @property
    def says(self) -> tuple[float, tuple[float, float] | None, bool | None]:
        """What another rating of the same key may not contradict."""
        return self.value, self.scale, self.up

    def as_json(self) -> dict[str, Any]:
        """The rating as a line of `feedback.jsonl` holds it."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        ready: dict[str, Any] = json_ready({"kind": "rating", **fields})
        return ready

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> HumanRating:
        """What `as_json` wrote; fields of later versions are left out.

        Raises:
            KeyError, TypeError, ValueError: It wrote something else.
        """
        fields = {name: line[name] for name in cls.__slots__}
        low, high = map(float, fields["scale"] or (0, 1))
        value, up = float(fields["value"]), fields["up"]
        texts = (fields[name] for name in ("test", "call", "name", "by", "at", "comment"))
        if not low <= value <= high or low == high or not isinstance(up, (bool, NoneType)):
            raise ValueError(f"the value {value} from {low} to {high}, up: {up}")
        if not all(isinstance(text, (str, NoneType)) for text in texts):
            raise TypeError("what should be a text is none")
        scale = (low, high) if fields["scale"] else None
        return cls(**{**fields, "scale": scale, "value": value})


def read(stored: StoredReport) -> tuple[HumanRating, ...]:
    """The ratings in a report's folder, in the file's order; none where there is no file.

    Raises:
        ReportError: The file cannot be read, is of another run, of a newer schema, or was cut off;
            or it is lost: `report.json` tells of ratings.
    """
    path = stored.path.with_name(FEEDBACK)
    if not path.exists():
        _refuse_lost(stored, path)
        return ()
    ratings: list[HumanRating] = []
    end = None
    for number, line in enumerate(lines_of(path, stored.report["run"]["id"]), 1):
        kind = line.get("kind")
        if (number == 1) != (kind == "header"):
            raise ReportError(f"{path}:{number}: a header is the first line, and no other")
        _refuse_newer(line, f"{path}:{number}")
        end = line if kind == "end" else end
        if kind == "rating":
            ratings.append(_rating_of(line, f"{path}:{number}"))
    if end is None or end.get("ratings") != len(ratings):
        told = "it has no end" if end is None else f"its end tells of {end.get('ratings')}"
        raise ReportError(f"{path} was cut off: {len(ratings)} ratings, and {told}")
    return tuple(ratings)


def text_of(ratings: Iterable[HumanRating], run_id: str) -> str:
    """The text of `feedback.jsonl`, the same for the same ratings in any order."""
    ordered = sorted((one.key, one_line(one.as_json())) for one in ratings)
    header = {"kind": "header", "schema_version": SCHEMA_VERSION, "run_id": run_id}
    end = {"kind": "end", "run_id": run_id, "ratings": len(ordered)}
    lines = [one_line(header), *(line for _, line in ordered), one_line(end)]
    return "".join(f"{line}\n" for line in lines)


def write(stored: StoredReport, ratings: Sequence[HumanRating]) -> dict[str, Any]:
    """Replace a report's ratings and the section that adds them up; gives the section.

    Each file is replaced at once. The ratings come first, of which the section can be made again.

    Raises:
        ReportError: The report holds what JSON cannot, or its folder cannot be written.
    """
    from pytest_litmus.capture.cassette_file import write as put

    section = summary(ratings, stored.tests)
    try:
        report = json.dumps({**stored.report, "feedback": section}, allow_nan=False, indent=1)
        put(stored.path.with_name(FEEDBACK), text_of(ratings, stored.report["run"]["id"]))
        put(stored.path, f"{report}\n")
    except OSError as error:
        raise ReportError(f"{stored.path.parent} cannot be written: {error.strerror}") from error
    except ValueError as error:
        raise ReportError(f"{stored.path} is not as its schema has it: {error}") from error
    return section


def rated(report: dict[str, Any], ratings: Sequence[HumanRating]) -> dict[str, Any]:
    """A report with what people said of it; itself where nobody said anything."""
    return report | {"feedback": summary(ratings, report["tests"])} if ratings else report


def write_rated(
    path: Path,
    report: Mapping[str, Any],
    records: Sequence[TestRecord],
    ratings: Sequence[HumanRating],
) -> None:
    """Write a report that was made of stored ones, and the ratings of its tests beside it.

    Raises:
        ReportError: As of `write_new`.
    """
    said = {FEEDBACK: text_of(ratings, report["run"]["id"])} if ratings else {}
    write_new(path, report, records, further=said)


def summary(ratings: Sequence[HumanRating], tests: Sequence[Test]) -> dict[str, Any]:
    """The section `feedback` of a report, as `report.schema.json` describes it.

    Args:
        ratings: Those of the report, in any order.
        tests: The report's.
    """
    models = _models(tests)
    by_name = _groups(ratings, lambda one: one.name)
    by_model = _groups(ratings, lambda one: models.get(one.call or one.test, ("", "")))
    by_test = _groups(ratings, lambda one: (one.test, one.name))
    return {
        "measured": bool(ratings),
        **_tally(ratings),
        "calls": len({one.call for one in ratings if one.call}),
        "tests": len({one.test for one in ratings}),
        "raters": len({one.by for one in ratings if one.by}),
        "anonymous": sum(one.by is None for one in ratings),
        "by_name": {name: _tally(group) for name, group in by_name},
        "by_model": [
            {"provider": provider or None, "model": model or None, **_tally(group)}
            for (provider, model), group in by_model
        ],
        "by_test": [
            {"test": test, "name": name, **_tally(group)} for (test, name), group in by_test
        ],
        "agreement": _agreement(ratings),
        "verdicts": [pair.as_json() for pair in pairs(ratings, tests)],
    }


def _refuse_lost(stored: StoredReport, path: Path) -> None:
    told = stored.report.get("feedback")
    if told and told["measured"]:
        raise ReportError(
            f"{stored.path} tells of {told['ratings']} ratings, and {path} is missing"
        )


def _refuse_newer(line: Mapping[str, Any], place: str) -> None:
    if line.get("kind") != "header":
        return
    version, ours = str(line.get("schema_version")), SCHEMA_VERSION.partition(".")[0]
    if version.partition(".")[0] != ours:
        raise ReportError(
            f"{place}: schema {version}, and this version reads {ours}.x: use the pytest-litmus "
            "that wrote it"
        )


def _rating_of(line: Mapping[str, Any], place: str) -> HumanRating:
    try:
        return HumanRating.from_json(line)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ReportError(f"{place}: no rating that litmus feedback wrote: {error!r}") from error


def _tally(ratings: Sequence[HumanRating]) -> dict[str, Any]:
    """Ratings counted. Wilson's interval takes each for one that no other is like."""
    up = sum(one.up is True for one in ratings)
    down = sum(one.up is False for one in ratings)
    bounds = wilson(up, up + down)
    scales = _groups([one for one in ratings if one.scale], lambda one: one.scale or (0.0, 1.0))
    return {
        "ratings": len(ratings),
        "up": up,
        "down": down,
        "up_rate": up / (up + down) if bounds else None,
        "low": bounds.low if bounds else None,
        "high": bounds.high if bounds else None,
        "means": [
            {"scale": list(scale), "ratings": len(group), "mean": fmean(one.value for one in group)}
            for scale, group in scales
        ],
    }


def _agreement(ratings: Sequence[HumanRating]) -> list[dict[str, Any]]:
    """Of each criterion how far people agree, where several rated the same call or test."""
    found = []
    for (name, *scale), group in _groups(ratings, lambda one: (one.name, *(one.scale or ()))):
        items = [[one.value for one in item] for _, item in _groups(group, lambda one: one.item)]
        shared = [item for item in items if len(item) > 1]
        if shared:
            alpha = krippendorff_alpha(shared, level="interval" if scale else "nominal")
            found.append(
                {
                    "name": name,
                    "scale": scale or None,
                    "items": len(shared),
                    "alike": sum(len(set(item)) == 1 for item in shared),
                    "alpha": alpha,
                }
            )
    return found


def _models(tests: Sequence[Test]) -> dict[str, tuple[str, str]]:
    """Provider and model, by id of a call; by node id of a test whose calls are all of one."""
    found: dict[str, tuple[str, str]] = {}
    for test in tests:
        calls = [call for call in test["calls"] if call["purpose"] == "subject"]
        own = {call["id"]: (call["provider"] or "", call["model"] or "") for call in calls}
        found |= own
        if len(set(own.values())) == 1:
            found[test["nodeid"]] = next(iter(own.values()))
        else:
            found.pop(test["nodeid"], None)
    return found


def _groups(
    ratings: Iterable[HumanRating], key: Callable[[HumanRating], Any]
) -> list[tuple[Any, list[HumanRating]]]:
    """The ratings by a key, in the keys' order."""
    groups: dict[Hashable, list[HumanRating]] = {}
    for one in ratings:
        groups.setdefault(key(one), []).append(one)
    return sorted(groups.items(), key=lambda pair: pair[0])
