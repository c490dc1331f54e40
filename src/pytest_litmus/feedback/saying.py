"""Saying: a row's rating as a value, up or down, or a number on a scale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pytest_litmus.errors import ReportError
from pytest_litmus.report.feedback import USUAL_NAME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_litmus.feedback.files import Row

TOLD: Mapping[str, tuple[str, ...]] = {
    "rating": ("rating", "thumbs", "thumb", "vote", "score", "value", "label"),
    "name": ("name", "criterion", "key"),
    "by": ("by", "rater", "annotator", "user", "user_id"),
    "at": ("at", "timestamp", "created_at", "time"),
    "comment": ("comment", "note", "explanation", "reason"),
}
"""By what a rating says, the names under which it may stand: the first that the row has."""

_UP = """
up yes y true pass passed positive good like liked correct thumbsup
"""
_DOWN = """
down no n false fail failed negative bad dislike disliked incorrect wrong thumbsdown
"""
_WORDS = {
    **dict.fromkeys((*_UP.split(), "thumbs up", "👍"), True),
    **dict.fromkeys((*_DOWN.split(), "thumbs down", "👎"), False),
}
_SKIN = "\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
"""What may stand behind a thumb: that it is shown as a picture, and colours of skin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How the rows of a file are to be understood."""

    mapping: Mapping[str, str]
    """By what it says, the name or path that holds it; nothing else is then looked at."""
    scale: tuple[float, float] | None = None
    up_from: float | None = None
    """The lowest number of the scale that approves; None: none does, and none does not."""
    name: str = USUAL_NAME
    """The criterion where the row names none."""

    def told(self, row: Row, field: str) -> Any:
        """What a row says; None of nothing."""
        keys = (self.mapping[field],) if field in self.mapping else TOLD[field]
        found = (row.get(key) for key in keys)
        return next((value for value in found if not is_blank(value)), None)

    def text(self, row: Row, field: str) -> str | None:
        """Likewise as a text."""
        value = self.told(row, field)
        if value is None or isinstance(value, (str, int, float)):
            return None if value is None else str(value).strip()
        told = f"and no text: say where it stands, as in --map {field}=KEY.PATH"
        raise ReportError(f"{row.place}: {field} is {value!r:.60}, {told}")

    def value(self, row: Row) -> tuple[float, tuple[float, float] | None, bool | None] | None:
        """The rating: its value, its scale, and whether it approves; None where there is none.

        Raises:
            ReportError: What stands there is no rating.
        """
        given = self.told(row, "rating")
        if given is None:
            return None
        number, up = _number(given), _word(given)
        if up is None and number in (0, 1) and self.scale is None:
            up = bool(number)
        if up is not None:
            return float(up), None, up
        low, high = self.scale or (0.0, -1.0)
        if number is not None and low <= number <= high:
            return number, self.scale, None if self.up_from is None else number >= self.up_from
        raise ReportError(f"{row.place}: the rating {given!r:.60} is none{self._remedy(number)}")

    def moment(self, row: Row) -> str | None:
        """When it was given, by ISO 8601; None where the row does not say.

        Raises:
            ReportError: What stands there is no time.
        """
        given = self.text(row, "at")
        if given is None:
            return None
        try:
            return datetime.fromisoformat(given).isoformat()
        except ValueError:
            told = "is no ISO time such as 2026-11-24T12:00:00Z"
            raise ReportError(f"{row.place}: {given!r:.60} {told}") from None

    def _remedy(self, number: float | None) -> str:
        known = "up/down, yes/no, pass/fail, true/false, 1/0"
        if self.scale:
            low, high = self.scale
            return f": type a number from {low:g} to {high:g}, or {known}"
        if number is None:
            return f": known are {known}, or numbers of a --scale"
        ends = "=-1..1 --up-from 1" if number == -1 else "=MIN..MAX, such as --scale=1..5"
        return f" of {known}: name the scale of numbers, --scale{ends}"


def is_blank(value: Any) -> bool:
    """Whether nothing stands there: a cell that nobody filled in."""
    return value is None or (isinstance(value, str) and not value.strip())


def _word(given: Any) -> bool | None:
    if isinstance(given, bool):
        return given
    if not isinstance(given, str):
        return None
    word = given.strip().strip(":").rstrip(_SKIN)
    return _WORDS.get(" ".join(word.lower().replace("_", " ").replace("-", " ").split()))


def _number(given: Any) -> float | None:
    if isinstance(given, bool) or not isinstance(given, (int, float, str)):
        return None
    try:
        return float(given)
    except (ValueError, OverflowError):
        return None
