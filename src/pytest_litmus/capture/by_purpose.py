"""By purpose: a test's cassettes, one for the program's calls and one for each purpose beside it.

So the program can be recorded anew while its judge's verdicts stay, and the other way round.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from pytest_litmus.purpose import PURPOSES, SUBJECT, Purpose, purpose_now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from pytest_litmus.capture.cassette import Cassette, Settings
    from pytest_litmus.capture.exchange import Request
    from pytest_litmus.capture.tape import Recording, Tape


def path_for(path: Path, purpose: Purpose) -> Path:
    """The file for a purpose: `test_it.yaml` for the program, `test_it.judge.yaml` for a judge."""
    return path if purpose == SUBJECT else path.with_name(f"{path.stem}.{purpose}{path.suffix}")


def without_purpose(stem: str) -> str:
    """The name of the test's own cassette, of any of its cassettes' names without `.yaml`."""
    name, _, purpose = stem.rpartition(".")
    return name if purpose in PURPOSES and purpose != SUBJECT else stem


class Cassettes:
    """The cassettes of one test: what its capture plays from and records to.

    Raises, as it is made:
        CassetteError: One of them cannot be read.
    """

    def __init__(self, settings: Callable[[Purpose], Settings]) -> None:
        self._settings = settings
        self._opened: dict[Purpose, Cassette] = {}
        self._mutex = threading.RLock()
        for purpose in PURPOSES:
            # Recordings that nothing asks for any more are found in a file that was opened.
            if purpose == SUBJECT or settings(purpose).path.is_file():
                self._of(purpose)

    @property
    def opened(self) -> Mapping[Purpose, Cassette]:
        """Those that were there, or were asked for, by purpose."""
        return dict(self._opened)

    @property
    def notes(self) -> dict[str, str]:
        """What a replay has to know beside the program's recordings."""
        return self._of(SUBJECT).notes

    # What a capture asks of them

    @property
    def replaying(self) -> bool:
        """Whether a request of this moment's purpose would be a miss without a recording."""
        return self._of(purpose_now()).replaying

    def claim(self, request: Request, key: str) -> Recording | None:
        """The next recording for a key, from the cassette of this moment's purpose.

        Raises:
            CassetteMiss: There is none, and none may be made.
        """
        return self._of(purpose_now()).claim(request, key)

    def note_end(self, tape: Tape) -> None:
        """A live exchange of this capture has ended."""
        self._of(_purpose_of(tape)).note_end(tape)

    def knows_host(self, host: str, port: int | None) -> bool:
        """Whether a recording was made against this host and port."""
        return any(one.knows_host(host, port) for one in self.opened.values())

    # What became of them

    @property
    def played(self) -> int:
        """How many recordings were played."""
        return sum(one.played for one in self.opened.values())

    @property
    def recorded_at(self) -> datetime | None:
        """When the oldest recording that was played was made; None when one does not say."""
        instants = [one.recorded_at for one in self.opened.values() if one.played]
        known = [instant for instant in instants if instant is not None]
        return min(known) if known and len(known) == len(instants) else None

    def save(self, tapes: Sequence[Tape]) -> None:
        """Write what this capture recorded.

        Raises:
            SecretFound: A text holds a secret; its file is as it was.
        """
        for purpose, one in self.opened.items():
            one.save(tapes_for(purpose, tapes))

    def close(self) -> None:
        """The run came to its end."""
        for one in self.opened.values():
            one.close()

    # Inside

    def _of(self, purpose: Purpose) -> Cassette:
        from pytest_litmus.capture.cassette import Cassette

        with self._mutex:
            if purpose not in self._opened:
                why_missed = partial(self._elsewhere, purpose)
                settings = replace(self._settings(purpose), why_missed=why_missed)
                self._opened[purpose] = Cassette.load(settings=settings)
            return self._opened[purpose]

    def _elsewhere(self, purpose: Purpose, key: str) -> Sequence[str]:
        """Where a recording is that the right cassette lacks: once all of a test were in one."""
        holders = [one for name, one in self.opened.items() if name != purpose and one.knows(key)]
        return [
            line
            for one in holders
            for line in (
                f"  why       {one.shown_path} holds it, which is not the file for a {purpose}'s",
                "            calls: move it, or record with new_episodes, which asks again",
            )
        ]


def tapes_for(purpose: Purpose, tapes: Iterable[Tape]) -> list[Tape]:
    """The exchanges that were made for a purpose."""
    return [tape for tape in tapes if _purpose_of(tape) == purpose]


def _purpose_of(tape: Tape) -> Purpose:
    purpose: Purpose = tape.notes["purpose"]
    return purpose
