"""Exchange: one HTTP request and its response, as bytes and times."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import SplitResult, parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

Headers = tuple[tuple[str, str], ...]
"""Header fields in the order of the wire; names as sent, compared without case."""

Ended = Literal["eof", "closed", "open", "failed"]
"""How a response body ended: read to its end, closed by its reader before that, still open when it
was looked at, or broken off by a transport error."""

Source = Literal["live", "recorded"]


def header(headers: Iterable[tuple[str, str]], name: str) -> str | None:
    """The first value of a header, or None; `name` in lower case."""
    return next((value for key, value in headers if key.lower() == name), None)


@dataclass(frozen=True, kw_only=True)
class Request:
    """An HTTP request as the program sent it."""

    method: str
    """Upper case, however it was given: some libraries record `post`."""
    url: str
    """Absolute, as sent."""
    headers: Headers = ()
    body: bytes = b""

    def __post_init__(self) -> None:
        object.__setattr__(self, "method", self.method.upper())

    @cached_property
    def parts(self) -> SplitResult:
        """The URL split; an unparsable one has empty parts."""
        try:
            return urlsplit(self.url)
        except ValueError:
            return SplitResult("", "", "", "", "")

    @cached_property
    def host(self) -> str:
        """Host name in lower case, without the port; empty when there is none."""
        return (self.parts.hostname or "").lower()

    @cached_property
    def is_loopback(self) -> bool:
        """Whether the request stays on this machine."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost" or self.host.endswith(".localhost")

    @cached_property
    def port(self) -> int | None:
        """Port number, the scheme's own where none is written; None for other schemes."""
        try:
            port = self.parts.port
        except ValueError:
            return None
        return port or {"http": 80, "https": 443}.get(self.parts.scheme)

    @cached_property
    def path(self) -> str:
        """Path as sent: percent-encoding and double slashes kept."""
        return self.parts.path

    @cached_property
    def query(self) -> tuple[tuple[str, str], ...]:
        """Query parameters, sorted."""
        return tuple(sorted(parse_qsl(self.parts.query, keep_blank_values=True)))

    @cached_property
    def json(self) -> Any:
        """The body as JSON, or None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def header(self, name: str) -> str | None:
        """The first value of a header, or None; `name` in lower case."""
        return header(self.headers, name)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of the response body as one read from the transport delivered it."""

    offset_s: float
    """Seconds from sending the request to this piece."""
    data: bytes


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One HTTP request and what came back."""

    request: Request
    status: int | None = None
    """None when no response came."""
    reason: str = ""
    headers: Headers = ()
    """The response's; without content-encoding where the chunks are decoded."""
    chunks: tuple[Chunk, ...] = ()
    """The body, content-decoded (gzip, deflate, br, zstd removed), in the transport's pieces."""
    started_at: datetime | None = None
    """UTC, at sending; for a recorded answer, when it was recorded."""
    headers_s: float | None = None
    """Seconds from sending to the response's headers."""
    duration_s: float | None = None
    """Seconds from sending to the last byte, the close or the error; None while open."""
    ended: Ended = "open"
    source: Source = "live"
    error_type: str | None = None
    """Class name of the transport's exception (`ReadTimeout`), when one ended the exchange."""
    error_message: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    """Free notes of the capture, e.g. the cassette it came from."""

    @cached_property
    def body(self) -> bytes:
        """The whole body, content-decoded."""
        return b"".join(chunk.data for chunk in self.chunks)

    def header(self, name: str) -> str | None:
        """The first value of a response header, or None; `name` in lower case."""
        return header(self.headers, name)
