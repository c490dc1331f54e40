"""Given: logged calls, and imports of them as the command makes them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pytest_litmus.cli import main
from pytest_litmus.suites.attacks import pytest_llm_attacks
from pytest_litmus.suites.reading import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pytest_litmus.suites.language import Suite


def reader() -> Reader:
    return Reader({one.name: one.family for one in pytest_llm_attacks()})


def read(path: Path) -> Suite:
    return reader().read(path, shown=path.name, root=path.parent)


def written(path: Path, records: Iterable[Any]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in records), encoding="utf-8")
    return path


def complaint(text: str = "Where is my parcel?", **more: Any) -> dict[str, Any]:
    return {"id": "c-1", "input": text, "output": "No idea.", "rating": "down", **more}


def imports(log: Path, into: Path, *words: str) -> int:
    return main(["import", str(log), "--into", str(into), *words])
