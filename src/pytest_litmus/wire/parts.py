"""The contents of messages as parts of the OpenTelemetry schema, as OpenAI's formats write them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from pytest_litmus.wire.calls import Message, Part
from pytest_litmus.wire.loose import as_text, items, json_or_text, record, records, text

_TEXT = {"text", "input_text", "output_text", "summary_text"}
_REASONING = {"thinking", "reasoning", "reasoning_text"}
_MODALITIES = {
    "image_url": "image",
    "image_file": "image",
    "input_image": "image",
    "video_url": "video",
    "audio_url": "audio",
    "document_url": "document",
    "file": "document",
    "input_file": "document",
}


def content_parts(content: Any) -> tuple[Part, ...]:
    """The parts of a message's content: a text, or a list of typed objects."""
    if isinstance(content, str):
        return (Part("text", content=content),) if content else ()
    return tuple(_part(item) for item in items(content) if isinstance(item, dict | str))


def reference(url: str, modality: str | None) -> Part:
    """A URL as a part; a `data:` URL is the blob that it holds."""
    head, comma, data = url.partition(",")
    if not head.startswith("data:") or not comma:
        return Part("uri", uri=url, modality=modality)
    return blob(data, head.removeprefix("data:").partition(";")[0], modality=modality)


def blob(data: str | None, mime_type: str | None, *, modality: str | None = None) -> Part:
    """Data that stands in the request itself, base64; its MIME type tells what it is."""
    mime_type = mime_type or None
    return Part(
        "blob",
        content=data or None,
        mime_type=mime_type,
        modality=modality or modality_of(mime_type),
    )


def modality_of(mime_type: str | None) -> str | None:
    """What data of a MIME type is: `image`, `video`, `audio` or `document`; None where unknown."""
    kind = (mime_type or "").partition("/")[0]
    if kind in {"image", "video", "audio"}:
        return kind
    return "document" if kind in {"application", "text"} else None


def prompt_messages(given: Any) -> tuple[Message, ...]:
    """One message a text of a prompt that may be several; an array of numbers is one, in tokens."""
    many = items(given)
    texts = many if many and not isinstance(many[0], int) else [given]
    return tuple(Message("user", (_prompt_part(one),)) for one in texts if one)


def _prompt_part(given: Any) -> Part:
    if isinstance(given, str):
        return Part("text", content=given)
    if isinstance(given, dict):
        # Jina takes pictures too, each text or picture in an object.
        picture = text(given.get("image"))
        return (
            reference(picture, "image")
            if picture
            else Part("text", content=text(given.get("text")))
        )
    return Part("token_ids", content=json.dumps(given, separators=(",", ":")))


def citation_parts(annotations: Any) -> tuple[Part, ...]:
    """The sources that a text names, by the provider's types: `url_citation`, `file_citation`..."""
    return tuple(_citation(one) for one in items(annotations) if isinstance(one, dict | str))


def _citation(one: dict[str, Any] | str) -> Part:
    """A source: an object, which chat nests under its type, or a bare URL."""
    if isinstance(one, str):
        return Part("citation", uri=one)
    kind = text(one.get("type")) or "citation"
    cited = record(one.get(kind)) or one
    return Part(
        kind,
        content=text(cited.get("content")),
        name=text(cited.get("title")) or text(cited.get("filename")),
        uri=text(cited.get("url")),
        file_id=text(cited.get("file_id")),
    )


def tool_call(id_: Any, name: Any, arguments: Any) -> Part:
    """A tool call that the program is to answer."""
    return Part("tool_call", id=text(id_), name=text(name), arguments=json_or_text(arguments))


def tool_response(id_: Any, content: Any, *, is_error: Any = None) -> Part:
    """The program's answer to a tool call; a list of text parts is the text it spells."""
    parts = records(content)
    if parts and all(text(part.get("type")) in _TEXT for part in parts):
        content = "".join(part["text"] for part in parts if text(part.get("text")))
    failed = is_error if isinstance(is_error, bool) else None
    return Part("tool_call_response", id=text(id_), response=json_or_text(content), is_error=failed)


def _part(item: dict[str, Any] | str) -> Part:
    if isinstance(item, str):
        return Part("text", content=item)
    kind = text(item.get("type")) or "unknown"
    if kind in _TEXT:
        # The Assistants API puts the words into an object of their own.
        words = record(item.get("text")).get("value") or item.get("text")
        return Part("text", content=as_text(words))
    if kind in _REASONING:
        return Part("reasoning", content=_reasoning_text(item))
    if kind == "refusal":
        return Part("refusal", content=as_text(item.get("refusal")))
    return _medium(kind, item)


def _reasoning_text(item: dict[str, Any]) -> str | None:
    """Mistral nests a list of texts in `thinking`."""
    thought = item.get("thinking") or item.get("text") or item.get("reasoning")
    texts = [text(part.get("text")) or "" for part in records(thought)]
    return "".join(texts) if texts else as_text(thought)


def _medium(kind: str, item: dict[str, Any]) -> Part:
    modality = _MODALITIES.get(kind)
    inner = item.get("image_url") if kind == "input_image" else item.get(kind)
    url = text(record(inner).get("url")) or text(inner)
    if modality and url:
        return reference(url, modality)
    if kind == "input_audio":
        return _audio(inner)
    if kind in {"file", "input_file", "input_image", "image_file"}:
        return _file(record(item.get(kind)) or item, modality)
    return Part(kind, content=text(item.get("text")))


def _audio(inner: Any) -> Part:
    """An object with the data and its format; Mistral writes a URL or the data itself."""
    spelled = text(inner)
    if spelled and spelled.startswith(("http://", "https://", "data:")):
        return reference(spelled, "audio")
    data, form = spelled or text(record(inner).get("data")), text(record(inner).get("format"))
    return blob(data, f"audio/{form}" if form else None, modality="audio")


def _file(item: dict[str, Any], modality: str | None) -> Part:
    name = text(item.get("filename"))
    if url := text(item.get("file_url")):
        return Part("uri", uri=url, name=name, modality=modality)
    data = text(item.get("file_data"))
    if data and data.startswith("data:"):
        return replace(reference(data, None), name=name)
    if data:
        return Part("blob", content=data, name=name, modality=modality)
    return Part("file", file_id=text(item.get("file_id")), name=name, modality=modality)
