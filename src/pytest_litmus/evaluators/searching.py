"""Searching: regular expressions of others on texts of others, ended where they take too long.

Python's `re` can backtrack without end and holds the interpreter while it does
(https://docs.python.org/3/library/re.html), so what may take long runs in a process beside this
one, which is kept for the next search: starting one costs some 20 ms, asking it well under one.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from threading import Lock, Timer

SEARCH_S = 0.5
"""How long a search may take."""
_STEPS = 10_000_000
"""How many steps of Python's `re` are done at once: about a tenth of a second."""
_ATOM = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_SEARCHER = """\
import json, re, signal, sys
# Ctrl-C is for the one that asks; the alarm is for when that one is killed meanwhile.
signal.signal(signal.SIGINT, signal.SIG_IGN)
alarm = getattr(signal, "alarm", lambda seconds: None)
print("ready", flush=True)
for line in sys.stdin:
    pattern, flags, text = json.loads(line)
    alarm(5)
    found = re.compile(pattern, flags).search(text)
    alarm(0)
    print(json.dumps(found and found.span()), flush=True)
"""


class Searcher:
    """A process that searches; it is started by the first search, and anew after one too long."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._alone = Lock()

    def search(self, pattern: re.Pattern[str], text: str) -> tuple[int, int] | None:
        """Where a pattern is found first.

        Raises:
            TimeoutError: It was not decided in time.
        """
        asked = json.dumps([pattern.pattern, pattern.flags, text])
        with self._alone:
            try:
                told = self._asked(asked)
            except BaseException:
                # Whatever came between, even Ctrl-C: its answer must not be taken for the next one.
                self._end()
                raise
            if not told:
                self._end()
                raise TimeoutError(f"not decided within {SEARCH_S:g} s")
        span = json.loads(told)
        return (span[0], span[1]) if span else None

    def close(self) -> None:
        """End the process; the next search starts another."""
        with self._alone:
            self._end()

    def forget(self) -> None:
        """Leave the process to the one that started it: two must not ask the same one."""
        self._alone = Lock()
        if self._process:
            self._process.returncode, self._process = 0, None

    def _asked(self, asked: str) -> str:
        """The answer; empty where it was ended over it."""
        process = self._started()
        assert process.stdin is not None  # noqa: S101
        assert process.stdout is not None  # noqa: S101
        late = Timer(SEARCH_S, process.kill)
        late.daemon = True
        late.start()
        try:
            process.stdin.write(asked + "\n")
            process.stdin.flush()
            return process.stdout.readline()
        except BrokenPipeError:
            return ""
        finally:
            late.cancel()
            late.join()

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(  # noqa: S603 - our own program, texts as its input
                [sys.executable, "-I", "-S", "-c", _SEARCHER],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="ascii",
            )
            assert self._process.stdout is not None  # noqa: S101
            self._process.stdout.readline()
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                # What could not be written is flushed once more here.
                pipe.close()  # type: ignore[union-attr]


_SEARCHER_OF_ALL = Searcher()
atexit.register(_SEARCHER_OF_ALL.close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_SEARCHER_OF_ALL.forget)


def searched(pattern: re.Pattern[str], text: str) -> tuple[int, int] | None:
    """Where a pattern is found first in a text; None where it is nowhere.

    Raises:
        TimeoutError: It was not decided within `SEARCH_S`.
    """
    if not _cheap(pattern, len(text)):
        return _SEARCHER_OF_ALL.search(pattern, text)
    found = pattern.search(text)
    return found.span() if found else None


def _cheap(pattern: re.Pattern[str], size: int) -> bool:
    """Whether a search ends soon for sure: no group is repeated, and little else is."""
    if pattern.flags & re.VERBOSE or re.search(r"\(\?[aiLmsu]*x", pattern.pattern):
        return False
    bare = _ATOM.sub("x", pattern.pattern)
    repeats = len(re.findall(r"[*+{]", bare))
    if re.search(r"\)[*+{]", bare) or repeats > 4:
        return False
    choices = bare.replace("(?", "(").count("?") + bare.count("|")
    power = repeats + 1 if repeats else 1
    steps: int = (size + 1) ** power << min(choices, 30)
    return steps <= _STEPS
