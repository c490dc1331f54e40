"""Locks: one writer a file, among processes."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import BaseFileLock


def lock_of(path: Path) -> BaseFileLock:
    """The lock of a file, for `with` or `acquire`; threads may hand it on.

    It lies in the user's temporary folder: a lock file cannot be deleted safely while others wait
    for it, and people commit the folders of their cassettes.
    """
    from filelock import FileLock

    folder = Path(tempfile.gettempdir()) / f"pytest-litmus-{_user()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    name = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:32]
    return FileLock(folder / f"{name}.lock", thread_local=False)


def _user() -> str:
    return str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
