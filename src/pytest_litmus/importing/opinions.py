"""Opinions: what people thought of a call, by whatever tool asked them.

Langfuse calls them scores, Phoenix annotations, OpenTelemetry evaluation results, and plain records
have a column for them. All three tools keep verdicts of judges and programs in the same place,
where 0 may be good (`toxicity: 0`): those are left out unless they are asked for by name.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_litmus.drift.seen import unpacked, word
from pytest_litmus.errors import ReportError
from pytest_litmus.wire.otel import (
    EVALUATION_EXPLANATION,
    EVALUATION_LABEL,
    EVALUATION_NAME,
    EVALUATION_VALUE,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_litmus.report.feedback import HumanRating

_UP = """
up|thumb up|thumbs up|thumbsup|positive|good|great|like|liked|upvote|yes|true|helpful|correct|
accepted|+1|\N{THUMBS UP SIGN}
"""
_DOWN = """
down|thumb down|thumbs down|thumbsdown|negative|bad|poor|dislike|disliked|downvote|no|false|
unhelpful|not helpful|incorrect|wrong|rejected|\N{THUMBS DOWN SIGN}
"""
_WORDS = {one.strip(): True for one in _UP.split("|")} | {
    one.strip(): False for one in _DOWN.split("|")
}
_OF_PEOPLE = re.compile(r"(?i)feedback|thumb|rating|vote|csat|user|human|helpful|like")
"""Names under which programs store what their users said."""
_PEOPLE = frozenset({"ANNOTATION", "HUMAN"})
_MACHINES = frozenset({"EVAL", "LLM", "CODE"})
_NAME = ("name", "annotation_name", EVALUATION_NAME)
_SOURCE = ("source", "annotator_kind")
_LABEL = ("string_value", "stringValue", "result.label", "label", EVALUATION_LABEL)
_VALUE = ("value", "result.score", "score", "rating", "thumbs", "feedback", "up")
_VALUES = (*_VALUE, EVALUATION_VALUE)
_COMMENT = ("comment", "result.explanation", "explanation", EVALUATION_EXPLANATION)
_CALL_IDS = (
    *("span_id", "spanId", "context.span_id", "observation_id", "observationId"),
    *("call_id", "call"),
)
_TRACE_IDS = ("trace_id", "traceId", "context.trace_id", "trace", "test")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """What somebody thought."""

    name: str = ""
    """The criterion; empty where there is but one."""
    value: Any = None
    """A number, a word, or True and False; None where nothing is told."""
    comment: str = ""
    source: str = ""
    """Who it is of, as Langfuse and Phoenix say: `HUMAN`, `LLM`, `EVAL`, ..."""
    of_trace: bool = False
    """Whether it is of a whole trace, of which the last call gave the answer."""


@dataclass(slots=True)
class Scale:
    """How opinions are read, and what was met that could not be.

    Args:
        names: The criteria that count; none: those of people.
        down_at_most: The highest number that is a thumbs-down; None: 0 and below, and 1 is up.
    """

    names: Sequence[str] = ()
    down_at_most: float | None = None
    unknown: set[str] = field(default_factory=set)
    """Words that say neither."""
    ignored: set[str] = field(default_factory=set)
    """Criteria that are not of people."""

    def up(self, opinion: Opinion) -> bool | None:
        """True of thumbs-up, False of thumbs-down, None where neither is said.

        Raises:
            ReportError: A number on a scale, and nobody said which are down.
        """
        if not self._counts(opinion):
            self.ignored.add(opinion.name)
            return None
        value = _read(opinion.value)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            self.unknown.add(value[:40])
            return None
        if self.down_at_most is not None:
            return value > self.down_at_most
        if value in (-1, 0, 1):
            return value > 0
        raise ReportError(
            f"a rating is {value:g}, which is neither 0 nor 1: say which are thumbs-down, as in "
            "--down-at-most 2"
        )

    def _counts(self, opinion: Opinion) -> bool:
        if self.names:
            return opinion.name in self.names
        if opinion.source.upper() in _MACHINES:
            return False
        of_people = opinion.source.upper() in _PEOPLE or not opinion.name
        return of_people or _OF_PEOPLE.search(opinion.name) is not None


def opinion_of(record: Any, *, of_trace: bool = False) -> Opinion:
    """An opinion as a record of one, or a bare value, tells it."""
    if not isinstance(record, Mapping):
        return Opinion(value=record, of_trace=of_trace)
    label, value = _told(record, _LABEL), _told(record, _VALUES)
    if isinstance(value, Mapping):
        return opinion_of(value, of_trace=of_trace)
    return Opinion(
        name=str(_told(record, _NAME) or ""),
        # A label says what a number may only hint at.
        value=value if label is None or _read(label) not in (True, False) else label,
        comment=word(_told(record, _COMMENT)) or "",
        source=str(_told(record, _SOURCE) or ""),
        of_trace=of_trace,
    )


def opinions_in(packed: Any) -> Iterator[Opinion]:
    """Those that stand within a call's record: a list of them, or values by name."""
    packed = unpacked(packed)
    if isinstance(packed, list):
        yield from (opinion_of(one) for one in packed if one is not None)
    elif isinstance(packed, Mapping):
        for name, values in packed.items():
            for one in values if isinstance(values, list) else [values]:
                made = opinion_of(one)
                yield Opinion(name=name, value=made.value, comment=made.comment, source=made.source)


def of_rating(rating: HumanRating) -> Opinion:
    """What `litmus feedback` has stored beside a report, by its own reading of up and down."""
    comment, of_trace = rating.comment or "", rating.call is None
    return Opinion(value=rating.up, comment=comment, source="HUMAN", of_trace=of_trace)


def by_id(records: Iterable[Any]) -> dict[str, list[Opinion]]:
    """The opinions of a file of their own, by the id of the call or the trace that they are of."""
    found: dict[str, list[Opinion]] = defaultdict(list)
    for record in records:
        if not isinstance(record, Mapping):
            continue
        call, trace = _told(record, _CALL_IDS), _told(record, _TRACE_IDS)
        of_trace = call is None and trace is not None
        # An opinion's own id is that of the call only where nothing else says which one it is of.
        rated = trace if of_trace else record.get("id") if call is None else call
        if rated is not None:
            found[str(rated)].append(opinion_of(record, of_trace=of_trace))
    return found


def _told(record: Mapping[str, Any], keys: Iterable[str]) -> Any:
    """The first value that is there; a key with points may be a path."""
    for key in keys:
        value: Any = record.get(key)
        if value is None and "." in key:
            outer, _, inner = key.partition(".")
            part = unpacked(record.get(outer))
            value = part.get(inner) if isinstance(part, Mapping) else None
        if value is not None and value != "":
            return value
    return None


def _read(value: Any) -> bool | float | str | None:
    """A value as up or down, as a number, or as a word that is neither."""
    if value is None or isinstance(value, bool | float):
        return None if isinstance(value, float) and math.isnan(value) else value
    if isinstance(value, int):
        return float(value)
    text = " ".join(re.sub(r"[_-]+(?=[a-z])", " ", str(value).casefold()).split())
    if text in _WORDS:
        return _WORDS[text]
    try:
        return float(text)
    except ValueError:
        return text or None
