"""Small recordings of our own making, one file a wire format.

A file has `PLAIN`, by address what is asked and the answer, and `STREAMS`, by address what is
asked and the pieces of the answer. Where a model speaks, it says "Hello!"; a stream says "Hel" in
one piece and "lo!" in a later one. Two recordings of one address differ in a `#fragment`. `BINARY`
are the addresses whose answers are no JSON.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from tests.wire import recordings

_MODULES = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]

PLAIN: dict[str, tuple[Any, Any]] = dict(recordings.PLAIN)
STREAMS: dict[str, tuple[Any, list[bytes]]] = dict(recordings.STREAMS)
BINARY: set[str] = set()
for _module in _MODULES:
    PLAIN |= getattr(_module, "PLAIN", {})
    STREAMS |= getattr(_module, "STREAMS", {})
    BINARY |= set(getattr(_module, "BINARY", ()))
