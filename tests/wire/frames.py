"""AWS event frames of our own making, as a server sends them."""

from __future__ import annotations

import json
import struct
from base64 import b64encode
from typing import Any
from zlib import crc32

_TEXT = 7


def frame(payload: bytes, **headers: str) -> bytes:
    """A frame with headers that are texts; `event_type` stands for `:event-type`."""
    packed = b"".join(_header(name, value) for name, value in headers.items())
    return frame_of(packed, payload)


def frame_of(headers: bytes, payload: bytes) -> bytes:
    """A frame around headers that are packed already."""
    start = struct.pack(">II", 16 + len(headers) + len(payload), len(headers))
    body = start + struct.pack(">I", crc32(start)) + headers + payload
    return body + struct.pack(">I", crc32(body))


def event(kind: str, said: Any) -> bytes:
    """An event: JSON, or bytes as they are."""
    payload = said if isinstance(said, bytes) else json.dumps(said).encode()
    return frame(payload, event_type=kind, content_type="application/json", message_type="event")


def chunk(said: Any) -> bytes:
    """An event that wraps a model's own, as InvokeModelWithResponseStream sends it."""
    held = said if isinstance(said, bytes) else json.dumps(said).encode()
    return event("chunk", {"bytes": b64encode(held).decode(), "p": "abcdef"})


def exception(kind: str, message: str) -> bytes:
    """A fault that the service's model knows."""
    payload = json.dumps({"message": message}).encode()
    return frame(payload, exception_type=kind, message_type="exception")


def error(code: str, message: str) -> bytes:
    """A fault that it does not."""
    return frame(b"", error_code=code, error_message=message, message_type="error")


def _header(name: str, value: str) -> bytes:
    key = f":{name.replace('_', '-')}".encode()
    return bytes([len(key)]) + key + struct.pack(">BH", _TEXT, len(value)) + value.encode()
