"""Writing: plain data as YAML that people review: in its order, without anchors."""

from __future__ import annotations

import re
from typing import Any

import yaml  # noqa: TID253 - imported when a file is written

from pytest_litmus.suites.located import is_number

_BREAKS = re.compile("[\r\x85\u2028\u2029]")
_MAPPING, _SEQUENCE = "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"


class _Dumper(yaml.SafeDumper):
    """Writes a list that stands twice twice: an anchor is hard to review, and to edit."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _string(dumper: Any, value: str) -> Any:
    style = "|" if "\n" in value and not value.endswith((" ", "\n\n")) else None
    if _BREAKS.search(value):  # where a line ends is read otherwise than it is written
        style = '"'
    if is_number(value):  # `1e3` and `08` are none by YAML 1.1, which the writer knows
        style = "'"
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


class _Mapping(dict[Any, Any]):
    """Stands in one line."""


class _List(list[Any]):
    """Likewise."""


_Dumper.add_representer(str, _string)
_Dumper.add_representer(
    _Mapping, lambda dumper, value: dumper.represent_mapping(_MAPPING, value, flow_style=True)
)
_Dumper.add_representer(
    _List, lambda dumper, value: dumper.represent_sequence(_SEQUENCE, value, flow_style=True)
)


def in_one_line(value: dict[Any, Any] | list[Any]) -> Any:
    """A mapping or a list that `as_yaml` writes between braces."""
    return _Mapping(value) if isinstance(value, dict) else _List(value)


def as_yaml(document: Any) -> str:
    """The document's text."""
    text: str = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return text
