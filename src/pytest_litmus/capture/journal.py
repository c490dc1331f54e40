"""Journals: what a recording has got so far, so that a killed run loses nothing it paid for."""

from __future__ import annotations

import threading
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_litmus.capture import cassette_file
from pytest_litmus.capture.locks import lock_of
from pytest_litmus.errors import CassetteError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from filelock import BaseFileLock

    from pytest_litmus.capture.exchange import Request
    from pytest_litmus.capture.tape import Recording


class Journal:
    """A file beside the cassette, one finished interaction after the other, gone with the run.

    Its run holds a lock on it, which the system takes away when the run is killed: a process id
    would not tell, because containers give the same one to each run.
    """

    def __init__(self, cassette: Path) -> None:
        self._folder, self._stem = cassette.parent, f".{cassette.name}."
        self._path = self._folder / f"{self._stem}{uuid.uuid4().hex[:12]}.journal"
        self._held: dict[Path, BaseFileLock] = {}
        self._mutex = threading.Lock()

    def append(self, text: str) -> None:
        """Add one interaction, given as a cassette of its own."""
        with self._mutex:
            self._folder.mkdir(parents=True, exist_ok=True)
            if self._path not in self._held:
                self._hold(self._path)
            with self._path.open("a", encoding="utf-8", newline="\n") as file:
                file.write(text)

    def left_behind(self, *, key: Callable[[Request], str]) -> list[Recording]:
        """The interactions of runs that were killed; one that was cut off is left out.

        Their journals are this run's from now on: no other run takes them up, and `remove` deletes
        them.
        """
        taken = [path for path in self._beside() if self._hold(path) and path.is_file()]
        taken.sort(key=lambda path: path.stat().st_mtime_ns)
        return [recording for path in taken for recording in _read(path, key)]

    def _beside(self) -> list[Path]:
        """All journals of this cassette."""
        paths = self._folder.iterdir() if self._folder.is_dir() else ()
        return [p for p in paths if p.name.startswith(self._stem) and p.suffix == ".journal"]

    def _hold(self, path: Path) -> bool:
        """Whether nobody else holds this journal."""
        from filelock import Timeout

        lock = lock_of(path)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return False
        self._held[path] = lock
        return True

    def remove(self) -> None:
        """Delete this run's journal and those it took up."""
        for path, lock in self._held.items():
            path.unlink(missing_ok=True)
            lock.release()
            Path(lock.lock_file).unlink(missing_ok=True)  # nobody else asks for this name again
        self._held.clear()


def _read(path: Path, key: Callable[[Request], str]) -> Iterator[Recording]:
    head = cassette_file.HEAD
    text = "\n" + path.read_text(encoding="utf-8", errors="replace")
    for part in text.split("\n" + head)[1:]:  # within an interaction every line is indented
        try:
            yield from cassette_file.parse(path, f"{head}{part}\n", key=key).recordings
        except CassetteError:
            continue  # what was being written when the run was killed
