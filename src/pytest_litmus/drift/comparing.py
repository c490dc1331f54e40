"""Comparing: all features of a log against those of its baseline."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_litmus.drift.deciding import Found, of_identity, of_labels, of_numbers, of_rate
from pytest_litmus.drift.profile import FIELDS, Rate
from pytest_litmus.drift.topics import topics

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pytest_litmus.drift.deciding import Decision
    from pytest_litmus.drift.profile import Profile
    from pytest_litmus.drift.seen import Seen
    from pytest_litmus.verdicts import Score, Verdict

_HEAD = 2_000
"""Characters of a text that are read: what it is about and how it sounds shows by then."""
_FENCE = 3
"""Quartile ranges beyond the quartiles, behind which a value is far out: J. W. Tukey, Exploratory
Data Analysis (1977), 2E."""
_FIELDS = {name.removesuffix("_s").replace("_", " "): name for name in FIELDS}
_NUMBERS = {
    "latency": "latency_s",
    "input tokens": "input_tokens",
    "output tokens": "output_tokens",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was found of every feature that a side tells."""

    before: Profile
    after: Profile
    found: list[Found]
    untold: list[str]
    """The features that neither side tells."""

    @property
    def verdict(self) -> Decision:
        """Drift where one feature has drifted, else inconclusive where one is."""
        verdicts = {one.verdict for one in self.found}
        if "drift" in verdicts:
            return "drift"
        return "inconclusive" if "inconclusive" in verdicts or not verdicts else "no drift"


def compared(before: Profile, after: Profile, only: Sequence[str] = ()) -> Comparison:
    """A log against its baseline.

    Args:
        before: The baseline.
        after: The log.
        only: The features to look at; none for all. One that neither side tells is inconclusive.
    """
    found, untold = [], []
    for name, find in _features().items():
        if only and name not in only:
            continue
        one = find(name, before, after)
        if one is None and only:
            one = Found(name, "inconclusive", "neither side tells it")
        if one is None:
            # What is not told has neither gaps nor outliers.
            if not name.startswith(("missing", "outliers")):
                untold.append(name)
        else:
            found.append(one)
    return Comparison(before, after, found, untold)


def features() -> list[str]:
    """The names of all features, in the order in which they are told."""
    return list(_features())


def _features() -> dict[str, Callable[[str, Profile, Profile], Found | None]]:
    return {
        "model": lambda n, a, b: of_identity(n, a.counts.model, b.counts.model),
        "fingerprint": lambda n, a, b: of_identity(n, a.counts.fingerprint, b.counts.fingerprint),
        "input length": _lengths("input"),
        "input language": _by_text("input", _language),
        "input topics": _topics("input"),
        "output length": _lengths("output"),
        "output language": _by_text("output", _language),
        "output topics": _topics("output"),
        "sentiment": _by_text("output", _sentiment),
        "refusals": _by_text("output", _refusal),
        "toxic words": _by_text("output", _toxic),
        "finish reasons": lambda n, a, b: of_labels(n, a.counts.finish, b.counts.finish),
        "tools": lambda n, a, b: of_labels(n, a.counts.tools, b.counts.tools),
        **{name: _values(field) for name, field in _NUMBERS.items()},
        **{
            name: _of_rates(name)
            for name in ("errors", "empty answers", "truncated answers", "duplicates", "not UTF-8")
        },
        **{f"missing {name}": _missing(field) for name, field in _FIELDS.items()},
        **{f"outliers of {name}": _outliers(field) for name, field in _NUMBERS.items()},
    }


def _lengths(field: str) -> Any:
    return lambda name, a, b: of_numbers(name, a.lengths(field), b.lengths(field))


def _values(field: str) -> Any:
    return lambda name, a, b: of_numbers(name, a.numbers(field), b.numbers(field))


def _of_rates(rate: str) -> Any:
    return lambda name, a, b: of_rate(name, a.rates[rate], b.rates[rate])


def _missing(field: str) -> Any:
    def find(name: str, before: Profile, after: Profile) -> Found | None:
        rates = [Rate(one.counts.missing[field], one.counts.calls) for one in (before, after)]
        # What a side never tells is said of the feature itself: its log has no such field.
        if any(rate.hits == rate.of for rate in rates):
            return None
        return of_rate(name, *rates)

    return find


def _outliers(field: str) -> Any:
    def find(name: str, before: Profile, after: Profile) -> Found | None:
        there, here = before.numbers(field), after.numbers(field)
        if not there or not here:
            return None
        ordered = sorted(there)
        low, high = ordered[len(ordered) // 4], ordered[len(ordered) * 3 // 4]
        reach = _FENCE * (high - low)
        return of_rate(name, *(_beyond(side, low - reach, high + reach) for side in (there, here)))

    return find


def _beyond(values: Sequence[float], low: float, high: float) -> Rate:
    return Rate(sum(not low <= value <= high for value in values), len(values))


def _said(seen: Sequence[Seen], field: str) -> Iterator[str]:
    for one in seen:
        text = getattr(one, field)
        if text is not None and text.strip():
            yield text[:_HEAD]


def _by_text(field: str, label: Callable[[str], str | bool | None]) -> Any:
    """A feature that is read from each text: a rate where it is told by yes and no."""

    def find(name: str, before: Profile, after: Profile) -> Found | None:
        sides = [
            Counter(told for text in _said(one.texts, field) if (told := label(text)) is not None)
            for one in (before, after)
        ]
        if label in (_refusal, _toxic):
            return of_rate(name, *(Rate(side[True], side.total()) for side in sides))
        return of_labels(name, *({str(k): n for k, n in side.items()} for side in sides))

    return find


def _topics(field: str) -> Any:
    def find(name: str, before: Profile, after: Profile) -> Found | None:
        there, here = (list(_said(one.texts, field)) for one in (before, after))
        if not there or not here:
            return of_labels(name, {"": len(there)}, {"": len(here)})
        sides = topics(there, here)
        if sides is None:
            few = f"{len(there):,} and {len(here):,} texts are too few to find topics in"
            return Found(name, "inconclusive", few, {"calls": (len(there), len(here))})
        return of_labels(name, *sides)

    return find


def _language(text: str) -> str:
    from pytest_litmus.evaluators.language import language

    return _score(language(text)).label or "unclear"


def _sentiment(text: str) -> str | None:
    from pytest_litmus.evaluators.sentiment import sentiment

    # None for what is not English: the share of that is told by the language.
    return _score(sentiment(text)).label


def _refusal(text: str) -> bool | None:
    from pytest_litmus.evaluators.refusal import refuses

    value = _score(refuses(text)).value
    return None if value is None else value >= 0.5


def _toxic(text: str) -> bool | None:
    from pytest_litmus.evaluators.toxicity import toxic_words

    value = _score(toxic_words(text)).value
    return None if value is None else value > 0


def _score(result: Score | Verdict) -> Score:
    """What was measured, whether the evaluator has a limit of its own or none."""
    from pytest_litmus.verdicts import Score

    score = result if isinstance(result, Score) else result.score
    return Score(name="unknown", explanation="nothing was measured") if score is None else score
