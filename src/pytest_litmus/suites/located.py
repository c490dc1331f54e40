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

from pytest_litmus.words import hint

if TYPE_CHECKING:
    from collections.abc import Sequence
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
_RESOLVED = "tag:yaml.org,2002:"
_TAGS = {
    yaml.ScalarNode: _RESOLVED + "str",
    yaml.SequenceNode: _RESOLVED + "seq",
    yaml.MappingNode: _RESOLVED + "map",
}


class Mistake(ValueError):  # noqa: N818 - it names what is wrong with a file
    """What is wrong with a file, and where."""

    def __init__(self, message: str, *, line: int | None = None, place: Place = ()) -> None:
        super().__init__(message)
        self.message, self.line, self.place = message, line, place


@dataclass(frozen=True, slots=True)
class Document:
    """A file read."""

    value: Any
    _node: Any = field(repr=False)
    """What the YAML parser made of it, which knows the lines; None of an empty file."""

    def line_of(self, place: Place) -> int:
        """The line of a value, or of the nearest one around it; of a mapping's, that of its key."""
        line, node = (1, None) if self._node is None else (_line(self._node), self._node)
        for part in place:
            key, node = _within(node, part)
            if key is None:
                break
            line = _line(key)
        return line

    def refuse_unknown(self, place: Place, known: Sequence[str]) -> None:
        """Refuse a key that nobody reads.

        Raises:
            Mistake: The key that a place ends with is none of those known; names the nearest.
        """
        key = str(place[-1])
        if key not in known:
            raise Mistake(f"unknown key `{key}`: {hint(key, known)}", line=self.line_of(place))


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
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        told = " ".join(part for part in (error.context, error.problem) if part)
        raise Mistake(f"not YAML: {told}", line=mark.line + 1 if mark else None) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise Mistake(f"not YAML: {error}") from error
    return Document(None if node is None else _Reading().value(node, 0), node)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Leaves it to us what a scalar is: to guess by YAML 1.1 takes half of the time."""

    def resolve(self, kind: Any, _value: Any, _implicit: Any) -> str:
        """The tag of a node that has none."""
        return _TAGS[kind]

    def descend_resolver(self, *_: Any) -> None:
        """Nothing depends on where a node stands."""

    def ascend_resolver(self) -> None:
        """As above."""


class _Reading:
    def __init__(self) -> None:
        self._left = _LARGEST

    def value(self, node: Any, depth: int) -> Any:
        self._left -= 1
        if self._left < 0:
            raise Mistake("it has more values than a suite can need", line=_line(node))
        if depth > _DEEPEST:
            raise Mistake("it is nested too deep, or an anchor holds itself", line=_line(node))
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if node.tag not in (_RESOLVED + "map", _RESOLVED + "seq"):
            raise _refused(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        return self._mapping(node, depth + 1)

    def _mapping(self, node: Any, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
            if key is None:
                raise Mistake("a key has to be a text", line=_line(key_node))
            if key in found:
                raise Mistake(f"the key `{key}` stands here twice", line=_line(key_node))
            found[key] = self.value(value_node, depth)
        return found


def is_number(text: str) -> bool:
    """Whether a text without quotes would be read as a number."""
    return bool(_INTEGER.fullmatch(text) or _NUMBER.fullmatch(text))


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1


def _within(node: Any, part: str | int) -> tuple[Any, Any]:
    """What stands where a part of a node begins, and the part; None where it has no such part."""
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    if isinstance(node, yaml.MappingNode):
        return next((pair for pair in node.value if pair[0].value == part), (None, None))
    return None, None


def _refused(node: Any) -> Mistake:
    return Mistake(f"the tag {node.tag} is refused: a suite is plain data", line=_line(node))


def _scalar(node: Any) -> Any:
    if not node.tag.startswith(_RESOLVED) or node.tag == _RESOLVED + "binary":
        raise _refused(node)
    text = node.value
    if node.style in _QUOTED or len(text) > _LONGEST_NUMBER:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text
