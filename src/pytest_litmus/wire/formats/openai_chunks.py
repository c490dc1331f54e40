"""The chunks of a streamed chat, and of a streamed completion, as the answer that they add up to.

Format: https://platform.openai.com/docs/api-reference/chat-streaming.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_litmus.wire.formats.content_filters import worst
from pytest_litmus.wire.loose import as_text, count, items, record, records, text, without_none
from pytest_litmus.wire.parts import content_parts

if TYPE_CHECKING:
    from collections.abc import Iterable


def usage_in(said: dict[str, Any]) -> Any:
    """The usage object of an answer or a chunk, or None.

    Groq's streams report it under a name of their own, Moonshot's in a choice.
    """
    places = (said, record(said.get("x_groq")), *records(said.get("choices")))
    return next((usage for place in places if (usage := place.get("usage"))), None)


_CONTENTS = (
    "content",
    "reasoning_content",
    "reasoning",
    "refusal",
    "tool_calls",
    "images",
    "executed_tools",
)


def has_content(said: dict[str, Any]) -> bool:
    """Whether a chunk says something: words, thoughts, a tool call, audio, an image."""
    return any(
        choice.get("text")
        or any(_delta(choice).get(name) for name in _CONTENTS)
        or _tool_deltas(_delta(choice))
        or record(_delta(choice).get("audio"))
        for choice in _choices(said)
    )


def _choices(chunk: dict[str, Any]) -> list[dict[str, Any]]:
    """Writer streams a completion as bare values."""
    value = chunk.get("value")
    return [{"text": value}] if isinstance(value, str) else records(chunk.get("choices"))


def _delta(choice: dict[str, Any]) -> dict[str, Any]:
    return record(choice.get("delta")) or record(choice.get("message"))


_LISTS = ("reasoning_details", "images", "annotations")


@dataclass
class _Pieces:
    """A choice of a stream as it grows."""

    role: str | None = None
    finish_reason: str | None = None
    parts: list[Any] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    thoughts: list[str] = field(default_factory=list)
    refusal: list[str] = field(default_factory=list)
    tools: list[_Tool] = field(default_factory=list)
    audio: dict[str, str] = field(default_factory=dict)
    lists: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in _LISTS})
    context: dict[str, Any] = field(default_factory=dict)
    served: dict[int, dict[str, Any]] = field(default_factory=dict)
    filters: dict[str, Any] = field(default_factory=dict)

    def as_choice(self) -> dict[str, Any]:
        """The choice as a plain response holds it."""
        words = "".join(self.words)
        content: Any = words
        if self.parts:
            content = [*self.parts, *([{"type": "text", "text": words}] if words else [])]
        message = {
            "role": self.role,
            "content": content,
            "reasoning": "".join(self.thoughts),
            "refusal": "".join(self.refusal),
            "tool_calls": [tool.as_call() for tool in self.tools],
            "audio": self.audio,
            "context": self.context,
            "executed_tools": list(self.served.values()),
            **self.lists,
        }
        return {
            "message": message,
            "finish_reason": self.finish_reason,
            "content_filter_results": self.filters,
        }


@dataclass
class _Tool:
    """A tool call of a stream as it grows."""

    index: int | None
    id: str | None = None
    name: str | None = None
    arguments: list[str] = field(default_factory=list)

    def as_call(self) -> dict[str, Any]:
        function = {"name": self.name, "arguments": "".join(self.arguments)}
        return {"id": self.id, "function": function}


_NAMES = ("id", "model", "provider", "system_fingerprint", "service_tier")
_LAST = (
    "error",
    "prompt_filter_results",
    "prompt_annotations",
    "moderation",
    "citations",
    "search_results",
    "time_info",
    "timings",
)
"""Fields of a chunk of which the last that came counts."""


def folded(chunks: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The chunks of a stream as the plain response that they add up to.

    Usage overwrites: some servers send it in every chunk, cumulative. Names keep the first that is
    not empty: Azure's first chunk has an empty model.
    """
    said: dict[str, Any] = {}
    choices: dict[int, _Pieces] = {}
    for chunk in chunks:
        said = {name: chunk[name] for name in _NAMES if text(chunk.get(name))} | said
        said |= {name: chunk[name] for name in _LAST if chunk.get(name)}
        said |= without_none(usage=usage_in(chunk))
        for choice in _choices(chunk):
            pieces = choices.setdefault(count(choice.get("index")) or 0, _Pieces())
            _add(pieces, choice)
        if "choices" in chunk or choices:
            said["choices"] = ()
    if "choices" in said:
        said["choices"] = [choices[index].as_choice() for index in sorted(choices)]
    return said


def _add(pieces: _Pieces, choice: dict[str, Any]) -> None:
    delta = _delta(choice)
    pieces.role = pieces.role or text(delta.get("role"))
    pieces.finish_reason = text(choice.get("finish_reason")) or pieces.finish_reason
    pieces.filters = worst(pieces.filters, choice.get("content_filter_results"))
    _add_content(pieces, delta.get("content") or choice.get("text"))
    pieces.thoughts.append(
        text(delta.get("reasoning_content")) or text(delta.get("reasoning")) or ""
    )
    pieces.refusal.append(text(delta.get("refusal")) or "")
    for call in _tool_deltas(delta):
        _add_tool(pieces.tools, call)
    _add_audio(pieces.audio, record(delta.get("audio")))
    for name, grown in pieces.lists.items():
        grown.extend(records(delta.get(name)))
    pieces.context = record(delta.get("context")) or pieces.context
    for tool in records(delta.get("executed_tools")):
        served = pieces.served.setdefault(count(tool.get("index")) or 0, {})
        served |= without_none(**tool)


def _add_audio(grown: dict[str, str], audio: dict[str, Any]) -> None:
    if id_ := text(audio.get("id")):
        grown["id"] = id_
    for name in ("data", "transcript"):
        grown[name] = grown.get(name, "") + (text(audio.get(name)) or "")


def _add_content(pieces: _Pieces, content: Any) -> None:
    """Mistral sends lists of parts inside deltas."""
    if isinstance(content, str):
        pieces.words.append(content)
        return
    for part, item in zip(content_parts(content), _typed(content), strict=True):
        if part.type == "text":
            pieces.words.append(part.content or "")
        elif part.type == "reasoning":
            pieces.thoughts.append(part.content or "")
        else:
            pieces.parts.append(item)


def _typed(content: Any) -> list[Any]:
    return [item for item in items(content) if isinstance(item, dict | str)]


def _tool_deltas(delta: dict[str, Any]) -> Iterable[dict[str, Any]]:
    legacy = record(delta.get("function_call"))
    if text(legacy.get("name")) or text(legacy.get("arguments")):
        return [{"index": 0, "function": legacy}]
    return records(delta.get("tool_calls"))


def _add_tool(tools: list[_Tool], call: dict[str, Any]) -> None:
    function = record(call.get("function")) or record(call.get("custom"))
    id_, name = text(call.get("id")), text(function.get("name"))
    tool = _grown(tools, index=count(call.get("index")), id_=id_, name=name)
    tool.id, tool.name = tool.id or id_, tool.name or name
    tool.arguments.append(as_text(function.get("arguments") or function.get("input")) or "")


def _grown(tools: list[_Tool], *, index: int | None, id_: str | None, name: str | None) -> _Tool:
    """The call that a delta continues, else a new one.

    Some servers leave the index out; Google's gives several whole calls the index 0, each with an
    id and a name of its own; OpenRouter repeats id and name in every delta.
    """
    same = [tool for tool in tools if index is None or tool.index == index]
    if same and not (id_ and name and same[-1].id not in {None, id_}):
        return same[-1]
    tools.append(_Tool(index))
    return tools[-1]
