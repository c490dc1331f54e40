"""Folders: where stored reports lie below a directory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_litmus.errors import ReportError
from pytest_litmus.report.writing import REPORT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def reports_below(directories: Iterable[Path]) -> list[Path]:
    """Each `report.json` below the directories once, in the order of their paths.

    Hidden folders are passed over: a report that is being written lies in one. Links to folders are
    not followed. A directory that is a report's folder, or its `report.json`, stands for itself.

    Raises:
        ReportError: A directory is not there, cannot be listed, or has no report below it.
    """
    found: dict[Path, None] = {}
    for directory in directories:
        here = [directory] if directory.is_file() else sorted(_walked(directory))
        if not here:
            raise ReportError(
                f"there is no {REPORT} below {directory}: make one with pytest --llm-report, or "
                "name the folder that holds the reports"
            )
        found |= dict.fromkeys(path.resolve() for path in here)
    return list(found)


def _walked(directory: Path) -> Iterator[Path]:
    if not directory.exists():
        raise ReportError(f"{directory} is not there")
    for folder, below, files in os.walk(directory, onerror=_refuse):
        below[:] = [name for name in below if not name.startswith(".")]
        if REPORT in files:
            yield Path(folder) / REPORT


def _refuse(error: OSError) -> None:
    raise ReportError(f"{error.filename} cannot be listed: {error.strerror}") from error
