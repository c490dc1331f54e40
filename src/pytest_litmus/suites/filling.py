"""Filling: declared `{names}` of a text replaced, everything else left as it is written.

An attack's text is a payload: `{{ 7*7 }}`, `{% raw %}`, `${jndi:...}` and the braces of JSON have
to arrive as they were written, so that no template engine runs over it, and a name that nobody
declared is no name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_NAME = re.compile(r"(?<![{$])\{([A-Za-z_][A-Za-z0-9_.-]{0,63})\}")


def filled(text: str, values: Mapping[str, Any]) -> str:
    """The text with each declared `{name}` replaced, once: what comes in is not looked at again."""
    if "{" not in text:
        return text
    return _NAME.sub(lambda found: _text(values, found), text)


def filled_in(value: Any, values: Mapping[str, Any]) -> Any:
    """As `filled`, of all texts in a JSON-like value; keys are left alone.

    A text that is a declared `{name}` and nothing else becomes that value with its type.
    """
    if isinstance(value, str):
        whole = _NAME.fullmatch(value)
        return values[whole[1]] if whole and whole[1] in values else filled(value, values)
    if isinstance(value, list):
        return [filled_in(item, values) for item in value]
    if isinstance(value, dict):
        return {key: filled_in(item, values) for key, item in value.items()}
    return value


def names_in(value: Any) -> set[str]:
    """All that could be names in a JSON-like value's texts, declared or not."""
    if isinstance(value, str):
        return set(_NAME.findall(value)) if "{" in value else set()
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {name for item in items for name in names_in(item)}


def _text(values: Mapping[str, Any], found: re.Match[str]) -> str:
    if found[1] not in values:
        return found[0]
    value = values[found[1]]
    return value if isinstance(value, str) else "" if value is None else str(value)
