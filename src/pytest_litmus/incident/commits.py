"""Commits: what git knows to lie between two revisions, if it knows them; read, never written."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SHOWN = 30
_TIMEOUT_S = 10.0
_REVISION = re.compile(r"[0-9a-f]{7,64}\Z")


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit. Its author is left out: a post-mortem asks for causes, and blames nobody."""

    revision: str
    at: str
    """When it was committed, by ISO 8601."""
    subject: str


@dataclass(frozen=True, slots=True)
class Commits:
    """What lies between."""

    count: int
    shown: tuple[Commit, ...]
    """The newest."""
    gone: int
    """Commits of the earlier revision that the later one does not have."""


def commits_between(folder: Path, before: str | None, after: str | None) -> Commits | None:
    """The commits of one revision that another does not have.

    Returns:
        None where there is no git or no repository, or it does not know both revisions.
    """
    if not all(one and _REVISION.match(one) for one in (before, after)):
        return None
    count = _git(folder, "rev-list", "--count", f"{before}..{after}", "--")
    gone = _git(folder, "rev-list", "--count", f"{after}..{before}", "--")
    form = "--format=%h%x00%cI%x00%s"
    log = _git(folder, "log", form, f"--max-count={SHOWN}", f"{before}..{after}", "--")
    if count is None or gone is None or log is None:
        return None
    rows = (line.split("\0", 2) for line in log.split("\n") if line.count("\0") >= 2)
    return Commits(int(count), tuple(Commit(*row) for row in rows), int(gone))


def _git(folder: Path, *arguments: str) -> str | None:
    program = shutil.which("git")
    if program is None:
        return None
    # A repository's settings may name programs to run: for signatures, and for a pager.
    quiet = ("--no-optional-locks", "--no-pager", "-c", "log.showSignature=false")
    try:
        done = subprocess.run(  # noqa: S603 - our own words, checked revisions, and no shell
            [program, *quiet, "-C", str(folder), *arguments],
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip("\n") if done.returncode == 0 else None
