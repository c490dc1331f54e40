"""Located: YAML as plain data, with the line of every key and value, for messages that name it.

Scalars are read by YAML 1.2's core schema, as editors do (https://yaml.org/spec/1.2.2/#103-core-schema):
`no` and `on` are texts, and dates stay as they are written. A file is hostile input: no tags, no
anchor that grows beyond bounds, no key twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml  # noqa: TID253 - imported when a suite is read

if TYPE_CHECKING:
    from pathlib import Path

Place: TypeAlias = "tuple[str | int, ...]"
"""Where a value stands: keys and numbers of items, from the outside in."""

_LARGEST = 2_000_000
"""Values of a file with its anchors written out: beyond, they are there to exhaust memory."""
_DEEPEST = 100
_QUOTED = ("'", '"', "|", ">")
"""Styles in which a scalar is a text, whatever it looks like."""
_LONGEST_NUMBER = 400
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]{1,300}")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_STRING = "tag:yaml.org,2002:str"
_RESOLVED = "tag:yaml.org,2002:"


class Mistake(ValueError):  # noqa: N818 - it names what is wrong with a file
    """What is wrong with a file, and where."""

    def __init__(self, message: str, *, line: int | None = None, place: Place = ()) -> None:
        super().__init__(message)
        self.message, self.line, self.place = message, line, place


@dataclass(frozen=True, slots=True)
class Document:
    """A file read."""

    value: Any
    lines: dict[Place, int] = field(repr=False)
    """Of each value, and of a mapping's value the line of its key; counted from 1."""

    def line_of(self, place: Place) -> int:
        """The line of a value, or of the nearest one around it."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def read(path: Path) -> Document:
    """Read a file.

    Raises:
        Mistake: It is no UTF-8, no YAML, or no plain data; names the line.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Mistake(f"not UTF-8: {error.reason}", line=line) from error
    return parse(text)


def parse(text: str) -> Document:
    """As `read`, of a text.

    Raises:
        Mistake: It is no YAML, or no plain data; names the line.
    """
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        told = " ".join(part for part in (error.context, error.problem) if part)
        raise Mistake(f"not YAML: {told}", line=mark.line + 1 if mark else None) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise Mistake(f"not YAML: {error}") from error
    reading = _Reading()
    value = None if node is None else reading.value(node, ())
    return Document(value, reading.lines)


class _Reading:
    def __init__(self) -> None:
        self.lines: dict[Place, int] = {}
        self._left = _LARGEST

    def value(self, node: Any, place: Place) -> Any:
        self._left -= 1
        line = node.start_mark.line + 1
        if self._left < 0:
            raise Mistake("it has more values than a suite can need", line=line)
        if len(place) > _DEEPEST:
            raise Mistake("it is nested too deep, or an anchor holds itself", line=line)
        self.lines.setdefault(place, line)
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node, line)
        if isinstance(node, yaml.SequenceNode):
            _refuse_tag(node, line)
            return [self.value(item, (*place, number)) for number, item in enumerate(node.value)]
        return self._mapping(node, place, line)

    def _mapping(self, node: Any, place: Place, line: int) -> dict[str, Any]:
        _refuse_tag(node, line)
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key_line = key_node.start_mark.line + 1
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is None:
                raise Mistake("a key has to be a text", line=key_line)
            if key in found:
                raise Mistake(f"the key `{key}` stands here twice", line=key_line)
            self.lines[(*place, key)] = key_line
            found[key] = self.value(value_node, (*place, key))
        return found


def _refuse_tag(node: Any, line: int) -> None:
    if node.tag not in (_RESOLVED + "map", _RESOLVED + "seq"):
        raise Mistake(f"the tag {node.tag} is refused: a suite is plain data", line=line)


def _scalar(node: Any, line: int) -> Any:
    if not node.tag.startswith(_RESOLVED) or node.tag == _RESOLVED + "binary":
        raise Mistake(f"the tag {node.tag} is refused: a suite is plain data", line=line)
    text = node.value
    if node.style in _QUOTED or len(text) > _LONGEST_NUMBER:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text
