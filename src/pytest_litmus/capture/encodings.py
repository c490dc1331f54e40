"""Content codings: takes gzip, deflate, br and zstd off a body, piece by piece."""

from __future__ import annotations

import zlib
from codecs import getincrementaldecoder
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from types import ModuleType

BODY_CAP_BYTES = 256 * 1024 * 1024
"""Decoded bytes kept of a body; the rest is dropped, so a small bomb cannot fill the memory."""

_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGICS = (
    b"\x28\xb5\x2f\xfd",
    *(bytes((first,)) + b"\x2a\x4d\x18" for first in range(0x50, 0x60)),  # skippable frames
)
_MAGICS = {"gzip": (_GZIP_MAGIC,), "zstd": _ZSTD_MAGICS}
_ALIASES = {"x-gzip": "gzip"}
_MOST_CODINGS = 5
_TEXT_BYTES = 16
"""So many readable bytes are text, not a compressed stream without a magic number."""
_SLICE_BYTES = 256
"""Fed at once to libraries without an output limit."""


def known(content_encoding: str | None) -> bool:
    """Whether every coding of the header can be taken off here; true without a header."""
    codings = _codings(content_encoding)
    return len(codings) <= _MOST_CODINGS and all(_openers(coding) for coding in codings)


def sniff(data: bytes) -> str | None:
    """The coding that the first bytes show: `gzip`, `zstd`, or None."""
    return next((name for name, magics in _MAGICS.items() if data.startswith(magics)), None)


def decoder(content_encoding: str | None, *, cap_bytes: int = BODY_CAP_BYTES) -> Decoder:
    """A decoder for a body with this header.

    The bytes decide, not the header: plain bytes behind `gzip` pass untouched, and gzip bytes
    without a header are decoded (say `identity` to take them as they are). A body with a coding
    that is not `known` passes untouched too, but for gzip.
    """
    codings = _codings(content_encoding) if known(content_encoding) else []
    if not codings and (content_encoding or "").strip().lower() != "identity":
        codings = ["gzip"]
    return Decoder([_Layer(coding, cap_bytes) for coding in reversed(codings)], cap_bytes)


class Decoder:
    """Decodes one body; never raises.

    `overflow` is true once decoded bytes were dropped at the cap.
    """

    def __init__(self, layers: list[_Layer], cap_bytes: int) -> None:
        self._layers = layers
        self._room = cap_bytes
        self.overflow = False

    def feed(self, data: bytes) -> bytes:
        """What this piece of the body decodes to; empty while a layer needs more bytes."""
        for layer in self._layers:
            data = layer.feed(data)
        return self._capped(data)

    def finish(self) -> bytes:
        """What is left at the end; a truncated body has given all that could be read."""
        data = b""
        for layer in self._layers:
            data = layer.feed(data, last=True)
        return self._capped(data)

    def _capped(self, data: bytes) -> bytes:
        kept = data[: self._room]
        self._room -= len(kept)
        dropped = len(kept) < len(data) or any(layer.overflow for layer in self._layers)
        self.overflow = self.overflow or dropped
        return kept


class _Decompressor(Protocol):
    """What zlib and the zstd modules share; `max_length` is in bytes and above zero."""

    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


_Opener = Callable[[], _Decompressor]


class _Layer:
    """One coding of the stack.

    Holds the bytes until something was decoded from them: bytes that are not what the header says
    can then be tried otherwise, and in the end pass untouched.
    """

    def __init__(self, coding: str, cap_bytes: int) -> None:
        self.overflow = False
        self._coding = coding
        self._untried = _openers(coding)
        self._room = cap_bytes
        self._held = bytearray()
        self._stream: _Stream | None = None
        self._state: Literal["undecided", "unproved", "decoding", "plain", "over"] = "undecided"

    def feed(self, data: bytes, *, last: bool = False) -> bytes:
        if self._state == "plain":
            return data
        if self._state == "decoding":
            return self._decode(data)
        if self._state == "over":
            return b""
        self._held += data
        return self._prove(data) if self._is_decided(last=last) else b""

    def _is_decided(self, *, last: bool) -> bool:
        """Whether the first bytes tell if they are encoded; sets the state when they do."""
        if self._state == "undecided":
            encoded = _is_encoded(self._coding, bytes(self._held))
            if encoded is None and not last:
                return False
            self._state = "unproved"
            self._untried = self._untried if encoded else ()
        return True

    def _prove(self, data: bytes) -> bytes:
        """Decode with the first way that brings no error; without any, the bytes are plain."""
        while self._untried:
            if self._stream is None:
                self._stream, data = _Stream(self._untried[0], self._coding), bytes(self._held)
            try:
                decoded = self._stream.feed(data, self._room + 1)
            except Exception:  # noqa: BLE001 - each library has an error of its own
                self._stream, self._untried = None, self._untried[1:]
                continue
            if decoded:
                self._state, self._held = "decoding", bytearray()
            return self._capped(decoded)
        self._state = "plain"
        return bytes(self._held)

    def _decode(self, data: bytes) -> bytes:
        assert self._stream is not None  # noqa: S101 - set before the state
        try:
            return self._capped(self._stream.feed(data, self._room + 1))
        except Exception:  # noqa: BLE001 - broken in the middle: what came before stays
            self._state = "over"
            return b""

    def _capped(self, decoded: bytes) -> bytes:
        kept = decoded[: self._room]
        self._room -= len(kept)
        if len(kept) < len(decoded):
            self.overflow, self._state = True, "over"
        return kept


class _Stream:
    """Decodes one stream, or a run of gzip members or zstd frames with a decompressor each."""

    def __init__(self, opener: _Opener, coding: str) -> None:
        self._opener = opener
        self._magics = _MAGICS.get(coding, ())
        self._decompressor = opener()
        self._tail = b""

    def feed(self, data: bytes, room: int) -> bytes:
        """Decode; at most about `room` bytes, and what does not fit is lost."""
        pieces: list[bytes] = []
        while data and room > 0:
            if self._decompressor.eof:
                data = self._next_member(data)
                continue
            pieces.append(self._decompressor.decompress(data, room))
            room -= len(pieces[-1])
            data = self._decompressor.unused_data
        return b"".join(pieces)

    def _next_member(self, data: bytes) -> bytes:
        """What belongs to a next member, now opened; what is no member is padding, and dropped."""
        head = self._tail + data
        if head.startswith(self._magics):
            self._decompressor, self._tail = self._opener(), b""
            return head
        self._tail = head[:4]
        return b""


def _codings(content_encoding: str | None) -> list[str]:
    names = (name.strip().lower() for name in (content_encoding or "").split(","))
    return [_ALIASES.get(name, name) for name in names if name not in ("", "identity")]


def _is_encoded(coding: str, head: bytes) -> bool | None:
    """Whether a body that starts so has the coding; None: more bytes are needed."""
    magics = _MAGICS.get(coding)
    if magics is None:
        if not _is_text(head):
            return True
        return False if len(head) >= _TEXT_BYTES else None
    if head.startswith(magics):
        return True
    return None if any(magic.startswith(head) for magic in magics) else False


def _is_text(head: bytes) -> bool:
    """Whether the bytes read as UTF-8 without control characters; a cut last character counts."""
    try:
        text = getincrementaldecoder("utf-8")().decode(head[:_TEXT_BYTES])
    except UnicodeDecodeError:
        return False
    return all(char >= " " or char in "\t\r\n" for char in text)


def _openers(coding: str) -> tuple[_Opener, ...]:
    """The ways to decode a coding, to be tried in this order; empty for one that cannot be."""
    if coding == "gzip":
        return (lambda: zlib.decompressobj(16 + zlib.MAX_WBITS),)
    if coding == "deflate":  # zlib by RFC 9110 (8.4.1.2), and raw from old servers
        return (zlib.decompressobj, lambda: zlib.decompressobj(-zlib.MAX_WBITS))
    if coding == "br":
        brotli = _first_module("brotli", "brotlicffi")
        return (lambda: _Brotli(brotli),) if brotli else ()
    if coding == "zstd":
        return _zstd_openers()
    return ()


def _zstd_openers() -> tuple[_Opener, ...]:
    if module := _first_module("compression.zstd", "backports.zstd"):
        return (module.ZstdDecompressor,)
    zstandard = _first_module("zstandard")
    return (lambda: _Zstandard(zstandard),) if zstandard else ()


def _first_module(*names: str) -> ModuleType | None:
    for name in names:
        with suppress(ImportError):
            return import_module(name)
    return None


class _Brotli:
    """brotli or brotlicffi behind zlib's names."""

    unused_data = b""

    def __init__(self, module: Any) -> None:
        self._inner = module.Decompressor()

    @property
    def eof(self) -> bool:
        return bool(self._inner.is_finished())

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Decode; releases below 1.2 know no limit."""
        if not hasattr(self._inner, "can_accept_more_data"):
            return _in_slices(self._inner.process, lambda: self.eof, data, max_length)[0]
        decoded = bytearray(self._inner.process(data, output_buffer_limit=max_length))
        while len(decoded) < max_length and not self._inner.can_accept_more_data():
            decoded += self._inner.process(b"", output_buffer_limit=max_length - len(decoded))
        return bytes(decoded)


class _Zstandard:
    """The zstandard package behind zlib's names; it knows no limit."""

    def __init__(self, module: Any) -> None:
        self._inner = module.ZstdDecompressor().decompressobj()
        self.unused_data = b""

    @property
    def eof(self) -> bool:
        return bool(self._inner.eof)

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        """Decode one frame; what follows it is in `unused_data`."""
        decoded, rest = _in_slices(self._inner.decompress, lambda: self.eof, data, max_length)
        self.unused_data = bytes(self._inner.unused_data) + rest
        return decoded


def _in_slices(
    decode: Callable[[bytes], bytes], at_eof: Callable[[], bool], data: bytes, max_length: int
) -> tuple[bytes, bytes]:
    """Decode with a library that knows no limit: the slices are small, so that a bomb stays small.

    Returns what was decoded and what is left of the data at the stream's end.
    """
    decoded = bytearray()
    for start in range(0, len(data), _SLICE_BYTES):
        if at_eof() or len(decoded) >= max_length:
            return bytes(decoded), data[start:]
        decoded += decode(data[start : start + _SLICE_BYTES])
    return bytes(decoded), b""
