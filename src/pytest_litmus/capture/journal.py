"""Journals: what a recording has got so far, so that a killed run loses nothing it paid for."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_litmus.capture import cassette_file
from pytest_litmus.errors import CassetteError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_litmus.capture.exchange import Request
    from pytest_litmus.capture.tape import Recording


class Journal:
    """A file beside the cassette, one finished interaction after the other, gone with the run."""

    def __init__(self, cassette: Path) -> None:
        self._folder, self._stem = cassette.parent, f".{cassette.name}."
        self._path = self._folder / f"{self._stem}{os.getpid()}.journal"
        self._taken: list[Path] = []
        self._lock = threading.Lock()

    def append(self, text: str) -> None:
        """Add one interaction, given as a cassette of its own."""
        with self._lock:
            self._folder.mkdir(parents=True, exist_ok=True)
            with self._path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(text)

    def left_behind(self, *, key: Callable[[Request], str]) -> list[Recording]:
        """The interactions of runs that were killed; one that was cut off is left out."""
        if not self._folder.is_dir():
            return []
        found: list[Recording] = []
        for path in sorted(self._folder.glob("*.journal")) + sorted(
            self._folder.glob(".*.journal")
        ):
            if path not in self._taken and self._is_abandoned(path):
                self._taken.append(path)
                found += self._read(path, key)
        return found

    def _is_abandoned(self, path: Path) -> bool:
        owner = path.name.removeprefix(self._stem).removesuffix(".journal")
        return path.name.startswith(self._stem) and owner.isdigit() and not _runs(int(owner))

    @staticmethod
    def _read(path: Path, key: Callable[[Request], str]) -> Iterator[Recording]:
        head = cassette_file.HEAD
        for part in path.read_text(encoding="utf-8", errors="replace").split(head)[1:]:
            try:
                yield from cassette_file.parse(path, head + part, key=key).recordings
            except CassetteError:
                continue  # the line that was in flight

    def remove(self) -> None:
        """Delete this run's journal and those it took up."""
        for path in (self._path, *self._taken):
            path.unlink(missing_ok=True)


def _runs(pid: int) -> bool:
    if pid == os.getpid() or os.name == "nt":  # there, signal 0 is not a question
        return pid == os.getpid()
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
