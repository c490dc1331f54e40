"""Names: from a test's id to the file name of its cassette."""

from __future__ import annotations

import hashlib
import re

_UNSAFE = re.compile(r"[^\w\-.\[\],=+@]", re.ASCII)
_LONGEST = 120


def cassette_name(nodeid: str) -> str:
    """Class, test and parameters of a node id, as a file name without an ending.

    Ids that differ get names that differ: a hash of the id ends the name where characters had to
    be replaced, where it is too long for some file system, and where another id could have the
    same name, also on file systems that do not tell `A` from `a`.
    """
    inside = nodeid.partition("::")[2] or nodeid.rpartition("/")[2]
    test, bracket, parameters = inside.partition("[")
    readable = test.replace("::", ".") + bracket + parameters
    name = _UNSAFE.sub("-", readable).strip(".")
    alike = "." in test or parameters != parameters.lower()
    if name == readable and not alike and len(name) <= _LONGEST:
        return name
    digest = hashlib.sha256(nodeid.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{name[:_LONGEST]}-{digest}"


def of_run(name: str, number: int) -> str:
    """The name of a cassette for a test's nth run: `test_tone`, `test_tone.run2`, ..."""
    return name if number == 1 else f"{name}.run{number}"
