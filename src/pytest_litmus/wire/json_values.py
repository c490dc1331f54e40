"""Streams of JSON values: one a line (Ollama, Cohere v1), or the elements of an array (Gemini)."""

from __future__ import annotations

import codecs
import json
import re
from bisect import bisect_left
from itertools import accumulate
from typing import TYPE_CHECKING

from pytest_litmus.wire.sse import Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_litmus.capture.exchange import Chunk

_BETWEEN = re.compile(r"[\s,\x1e]+")
"""What may stand between values: line ends, an array's commas, and RFC 7464's separator."""


def read_values(chunks: Iterable[Chunk]) -> Iterator[Event]:
    """The complete JSON values of a body, each an event without a name.

    Ends at the first that is cut off or is no JSON.

    Args:
        chunks: The body in the transport's pieces. Where it begins with `[`, its values are the
            elements of that array.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    pieces = [(chunk.offset_s, decoder.decode(chunk.data)) for chunk in chunks]
    text, ends = "".join(piece for _, piece in pieces), list(accumulate(len(p) for _, p in pieces))
    read, at = json.JSONDecoder(), len(text) - len(text.lstrip())
    at += text.startswith("[", at)
    while True:
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
        try:
            _, end = read.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield Event(pieces[bisect_left(ends, end)][0], "", text[at:end])
        at = end
