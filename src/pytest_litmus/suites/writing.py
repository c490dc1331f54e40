"""Writing: plain data as YAML that people review: in its order, without anchors."""

from __future__ import annotations

from typing import Any

import yaml  # noqa: TID253 - imported when a file is written


class _Dumper(yaml.SafeDumper):
    """Writes a list that stands twice twice: an anchor is hard to review, and to edit."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _string(dumper: Any, value: str) -> Any:
    style = "|" if "\n" in value and not value.endswith((" ", "\n\n")) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


_Dumper.add_representer(str, _string)


def as_yaml(document: Any) -> str:
    """The document's text."""
    text: str = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100)
    return text
