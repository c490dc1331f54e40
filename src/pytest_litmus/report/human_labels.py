"""Human labels: what people say of a test, beside the automatic verdicts of the same test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_litmus.stats.agreement import cohen_kappa

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_litmus.report.feedback import HumanRating

    _Labels = dict[tuple[int, str], bool | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """An evaluator's verdicts and people's labels by one criterion, test by test."""

    evaluator: str
    name: str
    """The criterion."""
    labels: tuple[int, ...]
    """1 where people approve; one for each of `verdicts`."""
    verdicts: tuple[Mapping[str, Any], ...]
    """As the report has them: each is a pass or a fail."""
    undecided: tuple[str, ...]
    """Node ids whose verdict is inconclusive, or an error."""
    several: tuple[str, ...]
    """Node ids with several verdicts of this name: nothing says which one people rated."""
    split: tuple[str, ...]
    """Node ids of which people say as often yes as no, or of one call yes and of another no."""

    @property
    def passed(self) -> tuple[int, ...]:
        """1 where the verdict is a pass."""
        return tuple(int(one["outcome"] == "pass") for one in self.verdicts)

    @property
    def kappa(self) -> float | None:
        """Cohen's; None of no tests, and where both always say the same one thing."""
        return cohen_kappa(self.labels, self.passed) if self.labels else None

    def as_json(self) -> dict[str, Any]:
        """How far they agree, as the report writes it."""
        return {
            "evaluator": self.evaluator,
            "name": self.name,
            "tests": len(self.labels),
            "agreed": sum(map(int.__eq__, self.labels, self.passed)),
            "kappa": self.kappa,
            "undecided": len(self.undecided),
            "several": len(self.several),
            "split": len(self.split),
        }


def pairs(ratings: Sequence[HumanRating], tests: Sequence[Mapping[str, Any]]) -> list[Paired]:
    """Labels beside verdicts, for each evaluator and criterion that meet in a test.

    A rating of a whole test outranks those of its calls; of several people more than half decide.
    Ratings on a scale that say neither yes nor no are left out. Of a test that ran again, a rating
    of a call is of the time that made it, and one of the test of the last time.
    """
    found: dict[tuple[str, str], _Meeting] = {}
    for (place, name), label in sorted(_labels(ratings, tests).items()):
        for evaluator, verdicts in _by_name(tests[place]):
            meeting = found.setdefault((evaluator, name), _Meeting([], [], [], [], []))
            meeting.add(tests[place]["nodeid"], label, verdicts)
    return [meeting.paired(*key) for key, meeting in sorted(found.items())]


@dataclass(slots=True)
class _Meeting:
    labels: list[int]
    verdicts: list[Mapping[str, Any]]
    undecided: list[str]
    several: list[str]
    split: list[str]

    def add(self, nodeid: str, label: bool | None, verdicts: Sequence[Mapping[str, Any]]) -> None:
        if label is None:
            self.split.append(nodeid)
        elif len(verdicts) > 1:
            self.several.append(nodeid)
        elif verdicts[0]["outcome"] not in ("pass", "fail"):
            self.undecided.append(nodeid)
        else:
            self.labels.append(int(label))
            self.verdicts.append(verdicts[0])

    def paired(self, evaluator: str, name: str) -> Paired:
        return Paired(
            evaluator=evaluator,
            name=name,
            labels=tuple(self.labels),
            verdicts=tuple(self.verdicts),
            undecided=tuple(self.undecided),
            several=tuple(self.several),
            split=tuple(self.split),
        )


def _labels(ratings: Sequence[HumanRating], tests: Sequence[Mapping[str, Any]]) -> _Labels:
    """By a test's place and the criterion; None where people are split."""
    places = {test["nodeid"]: place for place, test in enumerate(tests)}
    owners = {call["id"]: place for place, test in enumerate(tests) for call in test["calls"]}
    votes: dict[tuple[int, str], dict[str | None, list[bool]]] = {}
    for one in ratings:
        place = places.get(one.test) if one.call is None else owners.get(one.call)
        if place is not None and one.up is not None:
            items = votes.setdefault((place, one.name), {})
            items.setdefault(one.call, []).append(one.up)
    return {key: _label(items) for key, items in votes.items()}


def _label(items: Mapping[str | None, list[bool]]) -> bool | None:
    said = [items[None]] if None in items else list(items.values())
    labels = {_most(votes) for votes in said}
    return labels.pop() if len(labels) == 1 else None


def _most(votes: Sequence[bool]) -> bool | None:
    balance = 2 * sum(votes) - len(votes)
    return balance > 0 if balance else None


def _by_name(test: Mapping[str, Any]) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for verdict in test["verdicts"]:
        found.setdefault(verdict["name"], []).append(verdict)
    yield from found.items()
