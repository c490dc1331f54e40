"""The contents of Gemini's messages as parts of the OpenTelemetry schema.

Format: https://ai.google.dev/api/caching#Content; the pieces of streamed arguments and the tools
that the server runs: https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest/v1/Content.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING, Any

from pytest_litmus.wire.calls import Part
from pytest_litmus.wire.formats.proto_json import LANGUAGES, OUTCOMES, field, many, word
from pytest_litmus.wire.loose import items, record, records, text, without_none
from pytest_litmus.wire.parts import blob, modality_of, tool_call

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BESIDE = {"thought", "thoughtSignature", "thought_signature", "partMetadata", "part_metadata"}
"""What stands beside the one field that a part is, or alone."""

_CODE = "code_execution"
_SEARCH = "google_search"


def parts_of(content: Any) -> tuple[Part, ...]:
    """The parts of a content, without those that hold nothing but a signature.

    Args:
        content: The object as sent, request or response.
    """
    pieces = _whole_calls(many(record(content).get("parts")))
    return tuple(part for piece in pieces if (part := _part(piece)))


def joined(pieces: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The parts of a stream as a plain answer holds them: what continues a text is one with it."""
    whole: list[dict[str, Any]] = []
    for kind, group in groupby(pieces, key=_text_kind):
        if kind is None:
            whole += group
        else:
            whole.append({"text": "".join(piece["text"] for piece in group), "thought": kind})
    return whole


def grounding_parts(candidate: dict[str, Any]) -> tuple[Part, ...]:
    """What the server looked up for an answer, and found.

    Older models tell it beside the content only; where the content tells it, there are none.
    """
    if any(field(part, "toolCall") for part in many(record(candidate.get("content")).get("parts"))):
        return ()
    found = record(candidate.get("groundingMetadata"))
    chunks, pages = records(found.get("groundingChunks")), _pages(candidate)
    parts = [*_used(_SEARCH, {"queries": search_queries(candidate)}, _of(chunks, "web"))]
    parts += _used("url_context", {"urls": [page.get("retrievedUrl") for page in pages]}, pages)
    retrieved = _of(chunks, "retrievedContext")
    asked = {"queries": items(found.get("retrievalQueries"))}
    parts += _used("retrieval", asked, retrieved, certain=bool(retrieved))
    places = places_found(candidate)
    return (*parts, *_used("google_maps", {}, places, certain=bool(places)))


def places_found(candidate: dict[str, Any]) -> list[Any]:
    """What Google Maps knew; an answer that rests on it costs more."""
    found = record(candidate.get("groundingMetadata"))
    return _of(records(found.get("groundingChunks")), "maps")


def search_queries(candidate: dict[str, Any]) -> list[str]:
    """What was searched on the web; a query that is empty was not."""
    queries = items(record(candidate.get("groundingMetadata")).get("webSearchQueries"))
    return [query for query in queries if text(query)]


def file_at(uri: str | None, mime_type: str | None) -> Part:
    """A file by its address; its MIME type tells what it is."""
    return Part("uri", uri=uri, mime_type=mime_type, modality=modality_of(mime_type))


def _text_kind(piece: dict[str, Any]) -> bool | None:
    """Whether a text is a thought; None for what is no text."""
    return piece.get("thought") is True if isinstance(piece.get("text"), str) else None


def _part(piece: dict[str, Any]) -> Part | None:
    if isinstance(words := piece.get("text"), str):
        kind = "reasoning" if piece.get("thought") is True else "text"
        return Part(kind, content=words) if words else None
    for name, read in _READERS.items():
        if isinstance(held := field(piece, name), dict):
            return read(held)
    other = next((name for name in piece if name not in _BESIDE), None)
    return Part(other) if other else None


def _function_call(held: dict[str, Any]) -> Part | None:
    """None for the empty object that ends streamed arguments."""
    if not held.get("name") and not held.get("args"):
        return None
    return tool_call(held.get("id"), held.get("name"), held.get("args"))


def _function_response(held: dict[str, Any]) -> Part:
    id_, name = text(held.get("id")), text(held.get("name"))
    return Part("tool_call_response", id=id_, name=name, response=held.get("response"))


def _inline_data(held: dict[str, Any]) -> Part:
    return blob(text(held.get("data")), text(field(held, "mimeType")))


def _file_data(held: dict[str, Any]) -> Part:
    return file_at(text(field(held, "fileUri")), text(field(held, "mimeType")))


def _executable_code(held: dict[str, Any]) -> Part:
    asked = {"language": word(held.get("language"), LANGUAGES), "code": held.get("code")}
    return Part("server_tool_call", id=text(held.get("id")), name=_CODE, arguments=asked)


def _code_execution_result(held: dict[str, Any]) -> Part:
    said = {"outcome": word(held.get("outcome"), OUTCOMES), "output": held.get("output")}
    return Part("server_tool_call_response", id=text(held.get("id")), name=_CODE, response=said)


def _server_call(held: dict[str, Any]) -> Part:
    id_, name = text(held.get("id")), text(field(held, "toolType"))
    return Part("server_tool_call", id=id_, name=name, arguments=held.get("args"))


def _server_response(held: dict[str, Any]) -> Part:
    id_, name = text(held.get("id")), text(field(held, "toolType"))
    return Part("server_tool_call_response", id=id_, name=name, response=held.get("response"))


_READERS = {
    "functionCall": _function_call,
    "functionResponse": _function_response,
    "inlineData": _inline_data,
    "fileData": _file_data,
    "executableCode": _executable_code,
    "codeExecutionResult": _code_execution_result,
    "toolCall": _server_call,
    "toolResponse": _server_response,
}


def _pages(candidate: dict[str, Any]) -> list[dict[str, Any]]:
    return records(record(candidate.get("urlContextMetadata")).get("urlMetadata"))


def _of(chunks: list[dict[str, Any]], kind: str) -> list[Any]:
    return [chunk[kind] for chunk in chunks if kind in chunk]


def _used(
    name: str, asked: dict[str, Any], found: list[Any], *, certain: bool = False
) -> list[Part]:
    """A tool of the server and what it found; none when it was asked nothing."""
    if not certain and not any(asked.values()):
        return []
    return [
        Part("server_tool_call", name=name, arguments=asked),
        Part("server_tool_call_response", name=name, response=found),
    ]


def _whole_calls(pieces: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The parts with each function call whole: Vertex AI can stream its arguments in pieces."""
    grown: dict[str, Any] = {}
    for piece in pieces:
        call = field(piece, "functionCall")
        if not isinstance(call, dict):
            yield piece
            continue
        grown = _continued(grown, call)
        if field(call, "willContinue") is not True:
            yield {"functionCall": grown}
            grown = {}
    if grown:
        yield {"functionCall": grown}


def _continued(grown: dict[str, Any], call: dict[str, Any]) -> dict[str, Any]:
    args = call.get("args")
    args = grown.get("args", {}) if args is None else args
    for partial in many(field(call, "partialArgs")):
        args = _placed(args, _path(partial), _value(partial))
    names = without_none(id=text(call.get("id")), name=text(call.get("name")))
    return {**grown, **names, "args": args}


_STEP = re.compile(r"\.([^.\[]+)|\[(\d{1,9})\]|\[['\"](.*?)['\"]\]")
_DEEPEST = 64


def _path(partial: dict[str, Any]) -> list[str | int]:
    """The steps of a JSON path, `$.places[0].name`."""
    steps = _STEP.findall(text(field(partial, "jsonPath")) or "")[:_DEEPEST]
    return [int(index) if index else name or quoted for name, index, quoted in steps]


def _value(partial: dict[str, Any]) -> Any:
    names = ("stringValue", "numberValue", "boolValue")
    values = (field(partial, name) for name in names)
    return next((value for value in values if value is not None), None)


def _placed(held: Any, path: list[str | int], value: Any) -> Any:
    """What is held, with a value put at a path in it; a text continues the text there."""
    if not path:
        return held + value if isinstance(held, str) and isinstance(value, str) else value
    step, *rest = path
    if isinstance(step, str):
        return {**record(held), step: _placed(record(held).get(step), rest, value)}
    places = [*items(held)]
    if step < len(places):
        places[step] = _placed(places[step], rest, value)
    else:
        places.append(_placed(None, rest, value))
    return places
