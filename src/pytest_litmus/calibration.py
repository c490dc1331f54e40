"""Calibration: how far a judge's verdicts are those of people, on texts that people labelled."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_litmus.errors import LitmusError
from pytest_litmus.stats.agreement import cohen_kappa, krippendorff_alpha
from pytest_litmus.stats.rates import wilson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

TOO_WIDE = 0.2
"""An interval of a rate, from its lower to its upper end, that leaves too much open."""

_WORDS = {"yes": 1, "no": 0, "pass": 1, "fail": 0, "true": 1, "false": 0, "1": 1, "0": 0}


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """People's labels beside a judge's values, item by item."""

    labels: Sequence[int]
    """1 where people say that the text passes."""
    values: Sequence[float]
    threshold: float = 0.5
    undecided: int = 0
    """Items that the judge gave no value."""
    alpha: float | None = None
    """Krippendorff's, between several judges of the same items."""
    by_limit: bool = False
    """Whether the values are verdicts, 1 of a pass and 0 of a fail, each by its own limit: then no
    other threshold can be tried."""

    def rates(self, threshold: float) -> tuple[int, int, int, int]:
        """True positives, false negatives, false positives, true negatives."""
        pairs = [
            (label, value >= threshold)
            for label, value in zip(self.labels, self.values, strict=True)
        ]
        cells = [pairs.count(cell) for cell in ((1, True), (1, False), (0, True), (0, False))]
        return cells[0], cells[1], cells[2], cells[3]

    @property
    def balanced_threshold(self) -> float:
        """The value at which TPR and TNR are highest together (Youden's J).

        Of several, the one nearest to the threshold in use. Found on these labels, it flatters the
        judge on them: check it on others.
        """
        tried = sorted({*self.values, self.threshold}, key=lambda at: abs(at - self.threshold))
        return max(tried, key=self._balance)

    def _balance(self, threshold: float) -> float:
        hit, missed, wrong, right = self.rates(threshold)
        return hit / max(1, hit + missed) + right / max(1, wrong + right)


def read(labels: Path, judged: Path | None, *, threshold: float) -> Calibration:
    """Read people's labels and a judge's values, paired by `id`.

    Args:
        labels: Lines of JSON with `id` and `label` (1, 0, yes, no, pass, fail, true, false).
        judged: Lines with `id` and `value`, null where the judge could not decide; of several
            judges, the mean counts. None: `value` stands beside the label.
        threshold: From which value on the judge says yes.

    Raises:
        LitmusError: A line cannot be read, or no item is labelled and judged; says which.
    """
    people = {str(row["id"]): _label(row["label"], labels) for row in _rows(labels, "label")}
    values: dict[str, list[float]] = {item: [] for item in people}
    seen: set[str] = set()
    source = judged or labels
    for row in _rows(source, "value"):
        item = str(row["id"])
        if item in people:
            seen.add(item)
            values[item] += [] if row["value"] is None else [_value(row["value"], source)]
    decided = [item for item in people if values[item]]
    if not decided:
        raise LitmusError(f"{source}: no value for any id of the {len(people)} in {labels}")
    verdicts = [[float(value >= threshold) for value in of] for of in values.values()]
    return Calibration(
        labels=[people[item] for item in decided],
        values=[sum(values[item]) / len(values[item]) for item in decided],
        threshold=threshold,
        undecided=len(seen) - len(decided),
        alpha=krippendorff_alpha(verdicts),
    )


def of_verdicts(
    labels: Sequence[int],
    verdicts: Sequence[Mapping[str, Any]],
    *,
    undecided: int = 0,
    threshold: float | None = None,
) -> Calibration:
    """People's labels beside the verdicts of a report.

    Args:
        labels: 1 where people approve.
        verdicts: As the report has them, one a label, each a pass or a fail. Where all have a value
            in [0, 1] and the same `at_least`, the values are compared, else the outcomes.
        undecided: Verdicts more that are neither.
        threshold: From which value on the judge says yes; None takes the verdicts' own limit.

    Raises:
        LitmusError: There is a threshold, and the verdicts have no values that it could divide.
    """
    values = [_value_of(verdict) for verdict in verdicts]
    known = [value for value in values if value is not None]
    limits = {(verdict["limit"] or {}).get("at_least") for verdict in verdicts}
    has_values = len(known) == len(values)
    if threshold is not None and not has_values:
        raise LitmusError("--at-least needs values from 0 to 1 of which the higher ones pass")
    own = next(iter(limits)) if len(limits) == 1 else None
    bar = own if threshold is None else threshold
    if has_values and bar is not None:
        return Calibration(labels=labels, values=known, threshold=bar, undecided=undecided)
    passed = [float(verdict["outcome"] == "pass") for verdict in verdicts]
    return Calibration(labels=labels, values=passed, undecided=undecided, by_limit=True)


def told(calibration: Calibration) -> str:
    """What was found, for people to read."""
    hit, missed, wrong, right = calibration.rates(calibration.threshold)
    n, yes, no = len(calibration.labels), hit + missed, wrong + right
    judged = [int(value >= calibration.threshold) for value in calibration.values]
    kappa = cohen_kappa(calibration.labels, judged)
    lines = [
        f"items      {n}: people say yes to {yes}, no to {no}{_undecided(calibration)}",
        _rate("accuracy", hit + right, n),
        _rate("TPR", hit, yes),
        _rate("TNR", right, no),
        f"kappa      {_number(kappa)} (Cohen's; 0 is chance, 1 full agreement)",
        *_between_judges(calibration),
        f"{'':<14}judge yes  judge no",
        f"{'people yes':<14}{hit:>9}{missed:>10}",
        f"{'people no':<14}{wrong:>9}{right:>10}",
        _threshold(calibration),
        *_too_small(hit, yes, right, no),
    ]
    return "\n".join(lines) + "\n"


def _rows(path: Path, field: str) -> list[Mapping[str, Any]]:
    rows = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise LitmusError(f"{path} cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            _ = row["id"], row[field]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            said = f'a line is JSON such as {{"id": "a1", "{field}": 1}}'
            raise LitmusError(f"{path}:{number}: {said}; this is {line[:80]!r}") from error
        rows.append(row)
    return rows


def _label(given: Any, path: Path) -> int:
    try:
        return _WORDS[str(given).lower()]
    except KeyError:
        known = ", ".join(_WORDS)
        raise LitmusError(f"{path}: the label {given!r} is none of {known}") from None


def _value(given: Any, path: Path) -> float:
    if isinstance(given, (int, float)) and 0 <= given <= 1:
        return float(given)
    raise LitmusError(f"{path}: the value {given!r} is no number from 0 to 1, and not null")


def _value_of(verdict: Mapping[str, Any]) -> float | None:
    """The value of a verdict, where it is from 0 to 1 and a higher one is better."""
    value = (verdict["score"] or {}).get("value")
    more_is_better = (verdict["limit"] or {}).get("at_most", 0) is None
    return float(value) if more_is_better and value is not None and 0 <= value <= 1 else None


def _undecided(calibration: Calibration) -> str:
    count = calibration.undecided
    return f"; {count} more that the judge could not decide" if count else ""


def _rate(name: str, hits: int, of: int) -> str:
    interval = wilson(hits, of)
    if interval is None:
        return f"{name:<10} not known: people gave no such label"
    low, high = interval
    return (
        f"{name:<10} {hits / of:.2f}, 95% interval {low:.2f} to {high:.2f} (Wilson; {hits} of {of})"
    )


def _number(value: float | None) -> str:
    return "not known" if value is None else f"{value:.2f}"


def _between_judges(calibration: Calibration) -> list[str]:
    alpha = calibration.alpha
    return [] if alpha is None else [f"alpha      {alpha:.2f} (Krippendorff's, between the judges)"]


def _threshold(calibration: Calibration) -> str:
    if calibration.by_limit:
        return "threshold  that of each verdict"
    best = calibration.balanced_threshold
    if best == calibration.threshold:
        return f"threshold  {best:g}; no other balances TPR and TNR better"
    hit, missed, wrong, right = calibration.rates(best)
    tpr, tnr = _number(hit / max(1, hit + missed)), _number(right / max(1, wrong + right))
    return (
        f"threshold  {calibration.threshold:g}; {best:.3g} balances better: TPR {tpr}, TNR {tnr} "
        "on these labels"
    )


def _too_small(hit: int, yes: int, right: int, no: int) -> list[str]:
    """A warning for each rate that so few labels leave open."""
    said = []
    for name, label, hits, of in (("TPR", "yes", hit, yes), ("TNR", "no", right, no)):
        low, high = wilson(hits, of) or (0.0, 1.0)
        if high - low > TOO_WIDE:
            said.append(
                f"too few    {of} labels {label!r} leave {name} open between {low:.2f} and "
                f"{high:.2f}: label about 100"
            )
    return said
