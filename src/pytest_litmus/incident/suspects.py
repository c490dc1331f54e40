"""Suspects: what changed at the same time as the tests that fail now; none of it a proven cause.

A change is told with how many of the tests that fail now have it, and how many of those that pass
as before. It ranks by the difference of the two shares. One that all tests share cannot be told
apart by tests, and stands after those that can.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from pytest_litmus.incident.snapshot import Calls
from pytest_litmus.stats.paired import benjamini_hochberg
from pytest_litmus.stats.tables import fisher

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from pytest_litmus.incident.outcomes import Outcomes
    from pytest_litmus.incident.snapshot import Place, Snapshot

_MOST_TRANSITIONS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspect:
    """One thing that changed in some tests."""

    what: str
    failing_with: int
    """Tests that fail now and did not before, and have the change."""
    failing_of: int
    """Of so many in which it is known."""
    well_with: int
    """Tests that pass as before, and have the change."""
    well_of: int
    unknown: int
    """Tests, failing or well, of which it is not known."""
    may_be_effect: bool
    """Whether it may as well follow from what went wrong."""
    transitions: tuple[tuple[str, str, int], ...]
    """Before, after, and in how many of the failing tests; the commonest first."""
    further_transitions: int
    calls_with: int | None
    """Of a model: calls of failing tests whose model answered none of that test's calls before."""
    calls_of: int | None
    """Of so many that were answered."""
    without: tuple[str, ...]
    """Failing tests that do not have the change: it does not explain them."""
    p_value: float | None = None
    """Fisher's, one-sided and adjusted for the number of suspects; None where all tests have it, or
    there are none to compare with."""

    @property
    def lead(self) -> float | None:
        """How much oftener failing tests have it than others, in [-1, 1]."""
        if not self.failing_of or not self.well_of:
            return None
        return self.failing_with / self.failing_of - self.well_with / self.well_of


class _Pair(NamedTuple):
    """One test in both runs."""

    nodeid: str
    before: Calls
    after: Calls
    runs: tuple[Snapshot, Snapshot]


class _Seen(NamedTuple):
    """What became of a trait in one test."""

    changed: bool
    before: str = ""
    after: str = ""


_Trait = Callable[[_Pair], _Seen | None]


def suspects_of(before: Snapshot, after: Snapshot, outcomes: Outcomes) -> tuple[Suspect, ...]:
    """What changed in the tests that fail now, ranked; then what changed in others alone."""
    failing, well = outcomes.suffering, outcomes.well
    found = []
    for what, (trait, is_effect) in _TRAITS.items():
        one = _weighed(what, trait, is_effect, before, after, (failing, well))
        found += [one] if one.failing_with or one.well_with else []
    return tuple(sorted(_adjusted(found), key=_rank))


def _rank(one: Suspect) -> tuple[bool, float, float, bool, str]:
    covered = one.failing_with / one.failing_of if one.failing_of else 0.0
    return not one.failing_with, -(one.lead or 0.0), -covered, one.may_be_effect, one.what


def _weighed(
    what: str, trait: _Trait, is_effect: bool, before: Snapshot, after: Snapshot,
    tests: tuple[Sequence[str], Sequence[str]],
) -> Suspect:  # fmt: skip
    failing, well = ({name: trait(_pair(name, before, after)) for name in names} for names in tests)
    known, known_well = (
        {name: seen for name, seen in side.items() if seen is not None} for side in (failing, well)
    )
    having = {name: seen for name, seen in known.items() if seen.changed}
    moves = Counter((seen.before, seen.after) for seen in having.values() if seen.before)
    calls = _calls_newly_answered(known, before, after) if what in _MODELS else (None, None)
    return Suspect(
        what=what,
        failing_with=len(having),
        failing_of=len(known),
        well_with=sum(seen.changed for seen in known_well.values()),
        well_of=len(known_well),
        unknown=len(failing) + len(well) - len(known) - len(known_well),
        may_be_effect=is_effect,
        transitions=tuple((*move, n) for move, n in moves.most_common(_MOST_TRANSITIONS)),
        further_transitions=max(0, len(moves) - _MOST_TRANSITIONS),
        calls_with=calls[0],
        calls_of=calls[1],
        without=tuple(name for name, seen in known.items() if not seen.changed),
    )


def _adjusted(suspects: Sequence[Suspect]) -> list[Suspect]:
    values = [
        fisher(one.failing_with, one.failing_of, one.well_with, one.well_of) for one in suspects
    ]
    adjusted = iter(benjamini_hochberg([value for value in values if value is not None]))
    return [
        one if value is None else replace(one, p_value=next(adjusted))
        for one, value in zip(suspects, values, strict=True)
    ]


def _pair(name: str, before: Snapshot, after: Snapshot) -> _Pair:
    old, new = (run.calls.get(name) or Calls() for run in (before, after))
    return _Pair(name, old, new, (before, after))


def _calls_newly_answered(
    tests: Iterable[str], before: Snapshot, after: Snapshot
) -> tuple[int, int]:
    """Calls whose model answered none of its test's calls before, of all of those tests."""
    new, every = 0, 0
    for name in tests:
        pair = _pair(name, before, after)
        for who, count in pair.after.answerers.items():
            if who.purpose == "subject":
                every += count
                new += count if who not in pair.before.answerers else 0
    return new, every


# What may have changed in a test


def _answered_by(purpose: str) -> _Trait:
    def trait(pair: _Pair) -> _Seen | None:
        sides = [
            {f"{who.provider} {who.model}" for who in calls.answerers if who.purpose == purpose}
            for calls in (pair.before, pair.after)
        ]
        return _sets(*sides)

    return trait


def _asked_model(pair: _Pair) -> _Seen | None:
    return _sets(pair.before.asked_models, pair.after.asked_models)


def _fingerprint(pair: _Pair) -> _Seen | None:
    return _sets(pair.before.fingerprints, pair.after.fingerprints)


def _source(pair: _Pair) -> _Seen | None:
    return _sets(pair.before.sources, pair.after.sources)


def _by_place(name: str) -> _Trait:
    """Whether calls at the same place in the test asked otherwise."""

    def trait(pair: _Pair) -> _Seen | None:
        both = zip(pair.before.places, pair.after.places, strict=False)
        told = [(getattr(a, name), getattr(b, name)) for a, b in both]
        known = [(a, b) for a, b in told if a is not None and b is not None]
        return _Seen(any(a != b for a, b in known)) if known else None

    return trait


def _parameters(pair: _Pair) -> _Seen | None:
    seen = _by_place("parameters")(pair)
    if seen is None or not seen.changed:
        return seen
    old, new = (
        {one.parameters for one in calls.places if one.parameters}
        for calls in (pair.before, pair.after)
    )
    texts = [
        ", ".join(run.texts.get(key, "(not kept)") for key in sorted(keys))
        for run, keys in zip(pair.runs, (old - new, new - old), strict=True)
    ]
    return _Seen(True, *(text or "(other places)" for text in texts))


def _first_asked(pair: _Pair) -> _Seen | None:
    old, new = pair.before.first_asked, pair.after.first_asked
    return None if old is None or new is None else _Seen(old != new)


def _first_size(pair: _Pair) -> _Seen | None:
    """Only where the text itself is not known: then more tokens tell of another prompt."""
    sizes = pair.before.first_tokens, pair.after.first_tokens
    if None in sizes or _is_fresh_in_each_run(pair) or _text_is_known(pair):
        return None
    told = (f"{size} tokens" for size in sizes)
    return _Seen(sizes[0] != sizes[1], *told)


def _text_is_known(pair: _Pair) -> bool:
    first: list[Place] = [*pair.before.places[:1], *pair.after.places[:1]]
    return len(first) == 2 and all(place.system is not None for place in first)


def _is_fresh_in_each_run(pair: _Pair) -> bool:
    """An item of a suite has other canaries in each run, and may have other tokens by that."""
    tests = (run.tests.get(pair.nodeid) for run in pair.runs)
    return any(test is not None and test.finding is not None for test in tests)


def _the_test(pair: _Pair) -> _Seen | None:
    old, new = (run.side.entries[pair.nodeid].fingerprint for run in pair.runs)
    return None if old is None or new is None else _Seen(old != new)


def _recording(pair: _Pair) -> _Seen | None:
    old, new = (run.tests.get(pair.nodeid) for run in pair.runs)
    if old is None or new is None or not old.recorded_at or not new.recorded_at:
        return None
    return _Seen(old.recorded_at != new.recorded_at)


def _errors(pair: _Pair) -> _Seen | None:
    if not pair.before.made or not pair.after.made:
        return None
    new = pair.after.errors.keys() - pair.before.errors.keys()
    return _Seen(bool(new), _listed(pair.before.errors, "none"), _listed(pair.after.errors, "none"))


def _finish(pair: _Pair) -> _Seen | None:
    return _sets(pair.before.finish.keys(), pair.after.finish.keys())


def _sets(before: AbstractSet[str], after: AbstractSet[str]) -> _Seen | None:
    if not before or not after:
        return None
    return _Seen(before != after, _listed(before), _listed(after))


def _listed(names: Iterable[str] | Mapping[str, int], otherwise: str = "") -> str:
    return ", ".join(sorted(names)) or otherwise


_MODEL = "the model that answered"
_MODELS = (_MODEL,)
# Each with whether it may as well be an effect.
_TRAITS: dict[str, tuple[_Trait, bool]] = {
    _MODEL: (_answered_by("subject"), False),
    "the model that was asked for": (_asked_model, False),
    "the judge that answered": (_answered_by("judge"), False),
    "the provider's system fingerprint": (_fingerprint, False),
    "the system prompt": (_by_place("system"), False),
    "the tool definitions": (_by_place("tools"), False),
    "the parameters": (_parameters, False),
    "what the first call asks": (_first_asked, False),
    "how many tokens the first call sends": (_first_size, False),
    "the test itself": (_the_test, False),
    "live or replayed": (_source, False),
    "the recording": (_recording, False),
    "errors of calls": (_errors, True),
    "finish reasons": (_finish, True),
}
