"""Multipart forms, in which requests send files: https://datatracker.ietf.org/doc/html/rfc7578."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_litmus.wire.loose import parsed, record
from pytest_litmus.wire.parts import blob

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_litmus.capture.exchange import Request
    from pytest_litmus.wire.calls import Part

_NUMBERS = {"n", "stream", "temperature"}
"""Fields that are no text; a form has nothing but text."""


class _Field(NamedTuple):
    name: str
    filename: str | None
    mime_type: str | None
    data: bytes


def asked_of(request: Request) -> dict[str, Any]:
    """What a request asks, in JSON or in a form; a form's files are left out."""
    if not request.body.startswith(b"--"):
        return record(request.json)
    texts = ((field.name, field.data) for field in _fields(request) if field.filename is None)
    return {
        name: parsed(data) if name in _NUMBERS else data.decode("utf-8", "replace")
        for name, data in texts
    }


def file_parts(request: Request, modality: str) -> tuple[Part, ...]:
    """The files of a form, base64, by their names.

    Args:
        request: With a body of any kind.
        modality: What the endpoint takes files for, whatever MIME type the program gives them.
    """
    return tuple(
        replace(
            blob(base64.b64encode(field.data).decode(), field.mime_type, modality=modality),
            name=field.filename,
        )
        for field in _fields(request)
        if field.filename is not None
    )


def _fields(request: Request) -> Iterator[_Field]:
    """The fields in order. The first line is the boundary: recordings may lack the header."""
    body = request.body
    boundary, found, _ = body.partition(b"\r\n")
    if not found or not boundary.startswith(b"--") or len(boundary) == len(b"--"):
        return
    for piece in (b"\r\n" + body).split(b"\r\n" + boundary)[1:]:
        head, found, data = piece.partition(b"\r\n\r\n")
        headers = head.decode("utf-8", "replace")
        if found and (name := re.search(r'[ ;]name="([^"]*)"', headers)):
            yield _Field(
                name=name[1].removesuffix("[]"),
                filename=_first(r'filename="([^"]*)"', headers),
                mime_type=_first(r"(?i)content-type: *([^\s;]+)", headers),
                data=data,
            )


def _first(pattern: str, headers: str) -> str | None:
    found = re.search(pattern, headers)
    return found[1] if found else None
