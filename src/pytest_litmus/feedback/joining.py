"""Joining: rows of ratings to the calls and tests of a report, and to the ratings it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pytest_litmus.errors import ReportError
from pytest_litmus.feedback.files import rows_of
from pytest_litmus.feedback.saying import TOLD, is_blank
from pytest_litmus.report.feedback import HumanRating
from pytest_litmus.report.plain import ascii_line, counted
from pytest_litmus.report.writing import FEEDBACK
from pytest_litmus.wire.otel import RESPONSE_ID

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pytest_litmus.feedback.files import Row
    from pytest_litmus.feedback.saying import Manner
    from pytest_litmus.report.json_ready import Redact
    from pytest_litmus.report.reading import StoredReport

_METADATA = "metadata."
IDS: Mapping[str, tuple[str, ...]] = {
    "call": ("call", "call_id"),
    "response": ("response_id",),
    "session": ("session", "session_id", "conversation_id"),
    "test": ("test", "nodeid", "node_id"),
}
"""By what a rating is of, the names under which its id may stand, the most exact first."""
FIELDS = (*IDS, *TOLD)
"""What `--map` takes beside `metadata.KEY`."""

_Target = tuple[str, str | None]
"""A test's node id, and a call's id or None."""
_LongIds = dict[tuple[str, str], dict[str | None, str]]
"""By the kind and the id: the calls that have it, each with its test's node id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A report's ratings, and what became of the rows."""

    ratings: tuple[HumanRating, ...]
    """All that the report now has."""
    added: int = 0
    known: int = 0
    """Rows that say again what was known."""
    replaced: int = 0
    unknown: int = 0
    """Rows of what the report does not know, left out."""
    blank: int = 0
    """Rows without a rating, left out."""


def is_field(name: str) -> bool:
    """Whether `--map` takes it."""
    return name in FIELDS or (name.startswith(_METADATA) and name != _METADATA)


@dataclass(frozen=True, slots=True)
class _Given:
    """A row that has a rating."""

    row: Row
    kind: str
    id: str


@dataclass(slots=True)
class _Sifted:
    given: list[_Given] = field(default_factory=list)
    blank: int = 0


def join(
    stored: StoredReport,
    paths: Sequence[Path],
    manner: Manner,
    *,
    earlier: Sequence[HumanRating] = (),
    skip_unknown: bool = False,
    replace_earlier: bool = False,
    redact: Redact,
) -> Joined:
    """The ratings of files joined to a report's calls and tests.

    Args:
        stored: The report. Its `calls.jsonl` is read where ids are other than those of its calls.
        paths: CSV or JSONL.
        manner: How rows are understood.
        earlier: The ratings that the report has, in the order of its `feedback.jsonl`.
        skip_unknown: Whether rows of what it does not know are left out, and not refused.
        replace_earlier: Whether a new rating takes the place of an earlier one that it contradicts.
        redact: Applied to criteria, raters and comments.

    Raises:
        ReportError: A file cannot be read, a row is no rating or of what the report does not know,
            or contradicts another; names the line.
    """
    sifted = _sifted(paths, manner)
    targets = _Targets.of(stored, sifted.given)
    found, unknown = [], []
    for one in sifted.given:
        target = targets.find(one)
        if isinstance(target, str):
            unknown.append(f"{one.row.place}: {target}")
        else:
            _refuse_shifted(one, target, manner, targets.tests)
            found.append((one.row.place, _rating(one.row, target, manner, redact)))
    _refuse_unknown(unknown, of=len(sifted.given), skip=skip_unknown, stored=stored)
    places = [f"{stored.path.with_name(FEEDBACK)}:{line}" for line in range(2, len(earlier) + 2)]
    added, known, replaced, ratings = _together(
        list(zip(places, earlier, strict=True)), found, replace_earlier=replace_earlier
    )
    return Joined(
        ratings=ratings,
        added=added,
        known=known,
        replaced=replaced,
        unknown=len(unknown),
        blank=sifted.blank,
    )


def _sifted(paths: Iterable[Path], manner: Manner) -> _Sifted:
    sifted = _Sifted()
    for path in paths:
        before = len(sifted.given)
        row = None
        for row in rows_of(path):
            if manner.told(row, "rating") is None:
                sifted.blank += 1
            else:
                sifted.given.append(_given(row, manner))
        if len(sifted.given) == before:
            keys = ascii_line(", ".join(row.fields)) if row else "no rows"
            told = "no row has a rating; say which column has it: --map rating=COLUMN"
            raise ReportError(f"{path}: {told} (there are: {keys})")
    return sifted


def _given(row: Row, manner: Manner) -> _Given:
    for kind, keys in _id_keys(row, manner):
        for key in keys:
            value = row.get(key)
            if is_blank(value):
                continue
            if isinstance(value, bool) or not isinstance(value, (str, int)):
                raise ReportError(f"{row.place}: {key} is {value!r:.60}, and no id")
            return _Given(row, kind, str(value).strip())
    there = ascii_line(", ".join(row.fields))
    told = "no id of a call or a test; say which column has it: --map call=COLUMN"
    raise ReportError(f"{row.place}: {told} (there are: {there})")


def _id_keys(row: Row, manner: Manner) -> Iterator[tuple[str, tuple[str, ...]]]:
    mapping = manner.mapping.items()
    mapped: list[tuple[str, tuple[str, ...]]] = [
        (kind, (key,)) for kind, key in mapping if kind not in TOLD
    ]
    if mapped:
        yield from mapped
        return
    yield from IDS.items()
    # Many tables number their rows by `id`: anything that is surer comes before it.
    yield "call", ("id",)


# What a rating is of


@dataclass(frozen=True, slots=True)
class _Targets:
    tests: set[str]
    calls: Mapping[str, tuple[str, str]]
    """By id: the test's node id, and the purpose."""
    others: _LongIds

    @classmethod
    def of(cls, stored: StoredReport, given: Iterable[_Given]) -> _Targets:
        calls = {
            call["id"]: (test["nodeid"], call["purpose"])
            for test in stored.tests
            for call in test["calls"]
        }
        wanted = {(one.kind, one.id) for one in given if one.kind not in ("call", "test")}
        others = _long_ids(stored, wanted) if wanted else {}
        return cls({test["nodeid"] for test in stored.tests}, calls, others)

    def find(self, given: _Given) -> _Target | str:
        """What is rated, or why that is not known."""
        shown = f"{given.kind} {ascii_line(given.id)!r:.200}"
        if given.kind == "test":
            return (given.id, None) if given.id in self.tests else f"{shown} {self._near(given.id)}"
        if given.kind == "call":
            return self._call(given.id, shown)
        found = self.others.get((given.kind, given.id), {})
        tests = set(found.values())
        if len(tests) > 1:
            return f"{shown} has calls in {len(tests)} tests: it names none of them"
        if not found:
            return f"{shown} is of no call of the program in this report"
        return (tests.pop(), next(iter(found)) if len(found) == 1 else None)

    def _call(self, id_: str, shown: str) -> _Target | str:
        if id_ not in self.calls:
            return f"{shown} is not in this report"
        nodeid, purpose = self.calls[id_]
        return (nodeid, id_) if purpose == "subject" else f"{shown} is a call of the {purpose}"

    def _near(self, nodeid: str) -> str:
        from rapidfuzz.process import extractOne

        near = extractOne(nodeid, self.tests, score_cutoff=80)
        return f"is not in this report{f'; did you mean {ascii_line(near[0])}?' if near else ''}"


def _long_ids(stored: StoredReport, wanted: set[tuple[str, str]]) -> _LongIds:
    kinds = {kind for kind, _ in wanted}
    found: _LongIds = {}
    for line in stored.whole_lines():
        if not (line.get("runs_model") and line.get("purpose") == "subject"):
            continue
        try:
            for kind in kinds:
                key = (kind, str(_id_of(line, kind)))
                if key in wanted:
                    found.setdefault(key, {})[line["id"]] = line["test"]
        except (KeyError, TypeError, AttributeError) as error:
            told = f"call {line.get('id')} is not as its schema has it: {error!r}"
            raise ReportError(f"{stored.calls_path}: {told}") from error
    return found


def _id_of(line: Mapping[str, Any], kind: str) -> Any:
    if kind == "response":
        return line["attributes"].get(RESPONSE_ID)
    if kind == "session":
        return line["session_id"]
    return line["metadata"].get(kind.removeprefix(_METADATA))


def _refuse_shifted(
    given: _Given, target: _Target, manner: Manner, tests: AbstractSet[str]
) -> None:
    """Refuse a row that names a call and another call's test: a column was sorted by itself."""
    mapped = manner.mapping.get("test")
    named = [str(given.row.get(key)) for key in ((mapped,) if mapped else IDS["test"])]
    other = next((name for name in named if name in tests and name != target[0]), None)
    if other is not None:
        raise ReportError(
            f"{given.row.place}: {given.kind} {ascii_line(given.id)!r:.200} is of "
            f"{ascii_line(target[0])}, and the row says {ascii_line(other)}: were its columns "
            "sorted apart?"
        )


def _refuse_unknown(unknown: Sequence[str], *, of: int, skip: bool, stored: StoredReport) -> None:
    if not unknown or (skip and len(unknown) < of):
        return
    others = len(unknown) - 1
    more = f" (and {others:,} more of {counted(of, 'rating')})" if others else ""
    run = ascii_line(str(stored.report["run"]["id"]))
    if skip:
        raise ReportError(f"{unknown[0]}{more}: none is of run {run}: is this its report?")
    raise ReportError(
        f"{unknown[0]}{more}\n"
        f"  report    {stored.path} of run {run}: is it the run that was rated?\n"
        "  mend      say what the ids are of (--map response=COLUMN, or session=, test=, "
        "metadata.KEY=), or leave those out with --skip-unknown"
    )


# Ratings


def _rating(row: Row, target: _Target, manner: Manner, redact: Redact) -> HumanRating:
    says = manner.value(row)
    assert says is not None  # noqa: S101 - blank rows were sifted out
    value, scale, up = says
    texts = {name: manner.text(row, name) for name in ("name", "by", "comment")}
    told = {name: text if text is None else redact(text) for name, text in texts.items()}
    return HumanRating(
        test=target[0],
        call=target[1],
        name=told["name"] or manner.name,
        value=value,
        scale=scale,
        up=up,
        by=told["by"],
        at=manner.moment(row),
        comment=told["comment"],
    )


_Placed = tuple[str, HumanRating]


def _together(
    earlier: Sequence[_Placed], found: Sequence[_Placed], *, replace_earlier: bool
) -> tuple[int, int, int, tuple[HumanRating, ...]]:
    """How many were added, known and replaced, and all ratings."""
    kept = {rating.key: (place, rating) for place, rating in earlier}
    old = set(kept)
    count, known, replaced = len(kept), 0, 0
    for place, rating in found:
        place_before, before = kept.get(rating.key, (place, rating))
        if before.says != rating.says:
            if not (replace_earlier and rating.key in old):
                raise ReportError(_contradiction(place, rating, place_before, before, old))
            replaced += 1
            old.discard(rating.key)
            kept[rating.key] = (place, rating)
        else:
            known += rating.key in kept
            kept[rating.key] = (place, _newer(before, rating))
    return len(kept) - count, known, replaced, tuple(rating for _, rating in kept.values())


def _newer(before: HumanRating, rating: HumanRating) -> HumanRating:
    """The same rating again, with what was said last."""
    comment, at = rating.comment or before.comment, rating.at or before.at
    return replace(rating, comment=comment, at=at)


def _contradiction(
    place: str, rating: HumanRating, place_before: str, before: HumanRating, old: set[Any]
) -> str:
    who = ascii_line(rating.by) if rating.by else "somebody without a name"
    what = ascii_line(f"call {rating.call}" if rating.call else f"test {rating.test}")
    if rating.key in old:
        remedy = "type --replace to take the new one"
    elif rating.by:
        remedy = "take one of them out"
    else:
        remedy = "name who rated, where it was two people: a column `by`, or --map by=COLUMN"
    return (
        f"{place}: {who} says {_said(rating)} of {what} ({ascii_line(rating.name)}), and "
        f"{_said(before)} in {place_before}: {remedy}"
    )


def _said(rating: HumanRating) -> str:
    word = {True: "up", False: "down", None: ""}[rating.up]
    if rating.scale is None:
        return word
    low, high = rating.scale
    return f"{rating.value:g} of {low:g}..{high:g}{word and f' ({word})'}"
