"""Cassette files: interactions to YAML that vcrpy plays, and back."""

from __future__ import annotations

import json
import os
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml  # noqa: TID253 - imported when a cassette is read or written
from vcr.request import Request as VcrRequest  # noqa: TID253
from vcr.serializers import compat, yamlserializer  # noqa: TID253

from pytest_litmus.capture.encodings import decoder
from pytest_litmus.capture.exchange import Chunk, Exchange, Request, header
from pytest_litmus.capture.tape import Recording
from pytest_litmus.errors import CassetteError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

HEAD = "# Recorded by pytest-litmus; vcrpy plays it too. Edit tests, not this file.\n"
_ENDS = re.compile(r"^version: 1\s*\n\Z", re.MULTILINE)
_MEND = "  mend      restore the file from version control, or delete it and record it anew"
_DIGITS = 4
_UNWRITTEN = re.compile(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\U0010ffff]")
"""What YAML cannot hold in a block of text as it is; JSON has escapes for it."""
_BREAKS = re.compile(r"[\r\x85\u2028\u2029]")
"""What YAML takes for the end of a line, and would give back as another one."""
_ONE_LINE = re.compile(r"\[\s+((?:-?[\d.eE+-]+,\s+)*-?[\d.eE+-]+)\s+\]")


@dataclass(frozen=True, slots=True)
class Loaded:
    """A cassette read: vcrpy's pairs, and ours."""

    pairs: list[tuple[Any, dict[str, Any]]]
    recordings: list[Recording]
    notes: dict[str, str]
    """What else a replay has to know; plain vcrpy does not look at it."""


def read(path: Path, *, key: Callable[[Request], str]) -> Loaded:
    """Read a cassette of ours, of vcrpy or of pytest-recording.

    Raises:
        CassetteError: The file is no cassette, or was cut off; names the line.
    """
    return parse(path, _text(path), key=key)


def parse(path: Path, text: str, *, key: Callable[[Request], str]) -> Loaded:
    """As `read`, of a text that stands in `path`."""
    document = _parse(path, text)
    pairs, recordings = [], []
    for number, item in enumerate(document["interactions"]):
        try:
            request = _vcr_request(item["request"])
            response = compat.convert_to_bytes(item["response"])
            recording = _recording(request, response, item.get("litmus"), key)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise CassetteError(
                f"{path}: interaction {number} cannot be read: {type(error).__name__}: {error}"
            ) from error
        pairs.append((request, response))
        recordings.append(recording)
    return Loaded(pairs, recordings, _notes(document))


def _notes(document: dict[str, Any]) -> dict[str, str]:
    notes = document.get("litmus")
    given = notes.items() if isinstance(notes, dict) else ()
    return {str(name): str(value) for name, value in given}


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise CassetteError(f"{path}:{line}: not UTF-8: {error.reason}") from error


def _parse(path: Path, text: str) -> dict[str, Any]:
    last = text.count("\n") + 1
    try:
        document = yamlserializer.deserialize(text)
    except yaml.MarkedYAMLError as error:
        raise _unreadable(path, last, error) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise CassetteError(f"{path}: cannot be read: {error}\n{_MEND}") from error
    # Some projects' cassettes have no version; ours always end with it.
    if text.startswith(HEAD.rstrip()) and not _ENDS.search(text):
        raise _cut_off(path, last)
    if not isinstance(document, dict) or not isinstance(document.get("interactions"), list):
        raise CassetteError(
            f"{path}:{last}: no list of `interactions`: not a cassette, or cut off\n{_MEND}"
        )
    if document.get("version", 1) != 1:
        raise _cut_off(path, last)
    return document


def _unreadable(path: Path, last: int, error: yaml.MarkedYAMLError) -> CassetteError:
    line = error.problem_mark.line + 1 if error.problem_mark else last
    if isinstance(error, yaml.constructor.ConstructorError):
        return CassetteError(f"{path}:{line}: refused, it is no plain data: {error.problem}")
    if line >= last - 1:
        return _cut_off(path, last)
    return CassetteError(f"{path}:{line}: not YAML: {error.problem}\n{_MEND}")


def _cut_off(path: Path, line: int) -> CassetteError:
    return CassetteError(
        f"{path}:{line}: the cassette ends here, before its last line `version: 1`: it was cut off"
        f"\n{_MEND}"
    )


def _vcr_request(stored: dict[str, Any]) -> Any:
    known = {name: stored.get(name) for name in ("method", "uri", "body", "headers")}
    if known["body"] is None and "parsed_body" in stored:  # pydantic-ai's serializer
        known["body"] = json.dumps(stored["parsed_body"])
    known["headers"] = known["headers"] or {}
    if not isinstance(known["method"], str) or not isinstance(known["uri"], str):
        raise TypeError("a request needs a method and a uri")
    return VcrRequest(**known)


def _recording(
    request: Any,
    response: dict[str, Any],
    ours: dict[str, Any] | None,
    key: Callable[[Request], str],
) -> Recording:
    sent = Request(
        method=request.method,
        url=request.uri,
        headers=tuple((str(name), str(value)) for name, value in request.headers.items()),
        body=_request_body(request.body),
    )
    exchange = _exchange(sent, response, ours or {})
    return Recording(
        request=sent,
        key=key(sent),
        exchange=exchange,
        complete=bool((ours or {}).get("complete", True)),
        foreign=ours is None,
    )


def _request_body(body: Any) -> bytes:
    """Vcrpy keeps aiohttp's `json=` as a mapping, files and iterators as such."""
    if body is None:
        return b""
    if isinstance(body, (dict, list)):
        return json.dumps(body).encode()
    if hasattr(body, "read"):
        return bytes(body.read())
    if not isinstance(body, (bytes, bytearray)):
        return b"".join(part.encode() if isinstance(part, str) else bytes(part) for part in body)
    return bytes(body)


def _exchange(request: Request, response: dict[str, Any], ours: dict[str, Any]) -> Exchange:
    headers = tuple(
        (str(name), str(value))
        for name, values in (response.get("headers") or {}).items()
        for value in (values if isinstance(values, list) else [values])
    )
    status, body = _status(response), _response_body(response)
    body = _plain(body, headers)
    return Exchange(
        request=request,
        status=None if "error" in ours and "headers_s" not in ours else status[0],
        reason=status[1],
        headers=tuple(pair for pair in headers if pair[0].lower() != "content-encoding"),
        chunks=_chunks(body, ours),
        started_at=_instant(ours.get("recorded_at")),
        headers_s=ours.get("headers_s"),
        duration_s=ours.get("duration_s"),
        ended=ours.get("ended", "eof"),
        source="recorded",
        error_type=(ours.get("error") or {}).get("type"),
        error_message=(ours.get("error") or {}).get("message"),
    )


def _status(response: dict[str, Any]) -> tuple[int, str]:
    if "status" in response:
        status = response["status"]
        return int(status["code"]), str(status.get("message") or "")
    return int(response["status_code"]), ""  # vcrpy's old httpx form


def _response_body(response: dict[str, Any]) -> bytes:
    body = response.get("body")
    if isinstance(body, dict):
        body = body.get("string")
    if body is None and "parsed_body" in response:
        body = json.dumps(response["parsed_body"])
    if body is None:
        body = response.get("content")
    return body.encode() if isinstance(body, str) else bytes(body or b"")


def _plain(body: bytes, headers: Sequence[tuple[str, str]]) -> bytes:
    """Whether the body is compressed is asked of the body: in foreign cassettes the header lies."""
    coding = decoder(header(headers, "content-encoding"))
    return coding.feed(body) + coding.finish()


def _instant(value: Any) -> datetime | None:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _chunks(body: bytes, ours: dict[str, Any]) -> tuple[Chunk, ...]:
    """The body cut where the wire cut it; one piece where nobody knows."""
    if not body:
        return ()
    cuts = ours.get("chunks")
    if not cuts:
        return (Chunk(float(ours.get("duration_s") or 0.0), body),)
    pieces, at = [], 0
    for offset_s, size in cuts:
        pieces.append(Chunk(float(offset_s), body[at : at + int(size)]))
        at += int(size)
    if at != len(body):
        raise ValueError(f"the chunks hold {at} bytes and the body {len(body)}: edited by hand?")
    return tuple(pieces)


# Writing


def interaction(recording: Recording, *, streamed: bool) -> dict[str, Any]:
    """An interaction as the file has it. `streamed`: its chunks are the model's, keep them."""
    if recording.foreign:
        return _foreign(recording)
    exchange = recording.exchange
    body, chunks = exchange.body, exchange.chunks
    pretty = None if streamed else pretty_json(body)
    if pretty is not None:
        body, chunks = pretty.encode(), ()
    ours: dict[str, Any] = {"recorded_at": _stamp(exchange.started_at)}
    if exchange.headers_s is not None:
        ours["headers_s"] = round(exchange.headers_s, _DIGITS)
    if exchange.duration_s is not None:
        ours["duration_s"] = round(exchange.duration_s, _DIGITS)
    if exchange.ended != "eof":
        ours |= {"ended": exchange.ended, "complete": recording.complete}
    if exchange.error_type:
        ours["error"] = {"type": exchange.error_type, "message": exchange.error_message or ""}
    if chunks:
        ours["chunks"] = [[round(c.offset_s, _DIGITS), len(c.data)] for c in chunks]
    return {
        "request": _written_request(exchange.request),
        "response": _written_response(exchange, body),
        "litmus": ours,
    }


def _foreign(recording: Recording) -> dict[str, Any]:
    """An interaction of plain vcrpy that is kept: nothing is known of its times."""
    exchange = recording.exchange
    return {
        "request": _written_request(exchange.request),
        "response": _written_response(exchange, exchange.body),
    }


def _stamp(instant: datetime | None) -> str:
    utc = (instant or datetime.now(UTC)).astimezone(UTC)
    return utc.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _written_request(request: Request) -> dict[str, Any]:
    return {
        "method": request.method,
        "uri": request.url,
        "headers": _written_headers(request.headers),
        "body": _readable(pretty_json(request.body) or request.body) if request.body else None,
    }


def _written_response(exchange: Exchange, body: bytes) -> dict[str, Any]:
    return {
        # Plain vcrpy has no transport errors: there it is a server that failed.
        "status": {"code": exchange.status or 599, "message": exchange.reason},
        "headers": _written_headers(exchange.headers),
        "body": {"string": _readable(body)},
    }


def _written_headers(headers: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    written: dict[str, list[str]] = {}
    for name, value in headers:
        written.setdefault(name.lower(), []).append(value)
    return dict(sorted(written.items()))


def _readable(body: bytes | str) -> bytes | str:
    if isinstance(body, str):
        return body
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body


def pretty_json(body: bytes) -> str | None:
    """The body as indented JSON that means the same, rows of numbers on one line; else None."""
    if body[:1] not in b"{[" or not body:
        return None
    try:
        value = json.loads(body)
        text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
        text = _UNWRITTEN.sub(lambda char: json.dumps(char[0])[1:-1], text)
        text = _ONE_LINE.sub(lambda row: "[" + " ".join(row[1].split()) + "]", text)
        same = json.dumps(json.loads(text)) == json.dumps(value)
        text.encode()
    except (ValueError, RecursionError):
        return None
    return text if same else None


class _Dumper(yaml.SafeDumper):
    """The pure Python dumper: libyaml's escapes every character outside the basic plane."""


def _string(dumper: Any, value: str) -> Any:
    style = '"' if _BREAKS.search(value) else "|" if "\n" in value else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)


def _list(dumper: Any, value: list[Any]) -> Any:
    flow = all(not isinstance(item, (dict, list)) or _is_row(item) for item in value)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=flow)


def _is_row(item: Any) -> bool:
    return isinstance(item, list) and all(isinstance(number, (int, float)) for number in item)


_Dumper.add_representer(str, _string)
_Dumper.add_representer(list, _list)


def dump(interactions: list[dict[str, Any]], notes: Mapping[str, str] | None = None) -> str:
    """The text of a cassette: small in diffs, readable, and complete only with its last line."""
    noted = {"litmus": dict(notes)} if notes else {}
    document = {"interactions": interactions, **noted, "version": 1}
    body = yaml.dump(
        document,
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=100,
        default_flow_style=False,
    )
    return HEAD + body


def write(path: Path, text: str) -> None:
    """Put the text in place at once: whoever reads sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem[:40]}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
