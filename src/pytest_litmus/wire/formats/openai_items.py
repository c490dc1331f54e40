"""The items of OpenAI's Responses API, some thirty types, as messages and their parts.

Format: https://platform.openai.com/docs/api-reference/responses/object.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_litmus.wire.calls import Message, Part
from pytest_litmus.wire.loose import json_or_text, record, records, text, without_none
from pytest_litmus.wire.parts import blob, citation_parts, content_parts, tool_call, tool_response

_PROGRAM_RUNS = {"computer_call", "local_shell_call", "apply_patch_call"}
"""Calls of built-in tools that the program answers, as opposed to those that the server runs."""
_ASKED = {
    # What a tool of the server was asked, where it is no `arguments` and no `action`.
    "file_search_call": ("queries",),
    "code_interpreter_call": ("code",),
    "image_generation_call": ("revised_prompt", "action", "background", "quality", "size"),
    "program": ("code",),
}
_GAVE = ("output", "outputs", "results", "result", "tools")
"""Where items have what a tool gave."""


def input_messages(given: Any) -> tuple[Message, ...]:
    """What a request puts in: a text, or items."""
    if isinstance(given, str):
        return (Message("user", content_parts(given)),)
    return tuple(_input_message(item) for item in records(given))


def _input_message(item: dict[str, Any]) -> Message:
    kind = _kind(item)
    if kind == "message" or "role" in item:
        return Message(text(item.get("role")) or "user", content_parts(item.get("content")))
    if kind.endswith("_output"):
        return Message("tool", (tool_response(_id(item), _given(item)),))
    return Message("user" if kind == "mcp_approval_response" else "assistant", item_parts(item))


def output_parts(output: Any) -> tuple[Part, ...]:
    """What a response holds, without the messages of others that a compaction keeps."""
    said = (one for one in records(output) if text(one.get("role")) in {None, "assistant"})
    return tuple(part for item in said for part in item_parts(item))


def item_parts(item: dict[str, Any]) -> tuple[Part, ...]:
    """The parts of an item that the model or the server made."""
    kind, id_ = _kind(item), text(item.get("id"))
    if kind == "message":
        return _message_parts(item)
    if kind == "reasoning":
        return _reasoning(item)
    if kind in {"function_call", "custom_tool_call"}:
        asked = item.get("arguments" if kind == "function_call" else "input")
        return (tool_call(item.get("call_id"), item.get("name"), asked),)
    if kind.endswith("_output"):
        return (_served(item, _given(item)),)
    if kind.endswith("_call") or kind == "program":
        return _tool_parts(item)
    if kind == "compaction":
        return (Part(kind, id=id_, content=text(item.get("encrypted_content"))),)
    return (_mcp_part(item) if kind.startswith("mcp_") else Part(kind, id=id_),)


def _kind(item: dict[str, Any]) -> str:
    return text(item.get("type")) or "message"


def _id(item: dict[str, Any]) -> str | None:
    """What a call and its output have in common."""
    return text(item.get("call_id")) or text(item.get("id"))


def _name(item: dict[str, Any]) -> str:
    """An MCP server's tool has a name of its own, one of OpenAI's that of its type."""
    return text(item.get("name")) or _kind(item).removesuffix("_output").removesuffix("_call")


def _given(item: dict[str, Any]) -> Any:
    given = next((item[name] for name in _GAVE if item.get(name) is not None), None)
    if given is None and item.get("error") is not None:
        return {"error": item["error"]}
    # A patch was applied or was not, and often there is no more to say.
    return item.get("status") if given is None and _name(item) == "apply_patch" else given


def _message_parts(item: dict[str, Any]) -> tuple[Part, ...]:
    """The text with the sources that it cites."""
    content = item.get("content")
    sources = (part for one in records(content) for part in citation_parts(one.get("annotations")))
    return (*content_parts(content), *sources)


def _reasoning(item: dict[str, Any]) -> tuple[Part, ...]:
    """The thoughts, summed up or in full; one part without words where OpenAI keeps them."""
    thoughts = (*records(item.get("summary")), *records(item.get("content")))
    words = [word for thought in thoughts if (word := text(thought.get("text")))]
    return tuple(Part("reasoning", content=word) for word in words or [""])


def _tool_parts(item: dict[str, Any]) -> tuple[Part, ...]:
    """A call of a built-in tool, and what it gave where the server ran it."""
    call = tool_call(_id(item), _name(item), _asked(item))
    if _is_program_s(item):
        return (call,)
    call = replace(call, type="server_tool_call")
    if _kind(item) == "image_generation_call":
        return (call, *_image(item))
    sources = record(item.get("action")).get("sources")
    gave = _given(item) if sources is None else sources
    return (call,) if gave is None else (call, _served(item, gave))


def _asked(item: dict[str, Any]) -> Any:
    if names := _ASKED.get(_kind(item)):
        return without_none(**{name: item.get(name) for name in names})
    places = ("arguments", "action", "actions", "operation")
    return next((item[name] for name in places if item.get(name) is not None), None)


def _is_program_s(item: dict[str, Any]) -> bool:
    """A shell runs in a container of OpenAI's or beside the program, a search for tools too."""
    kind = _kind(item)
    if kind == "shell_call":
        return record(item.get("environment")).get("type") != "container_reference"
    if kind == "tool_search_call":
        return item.get("execution") == "client"
    return kind in _PROGRAM_RUNS


def _served(item: dict[str, Any], gave: Any) -> Part:
    answered = tool_response(_id(item), gave)
    return replace(answered, type="server_tool_call_response", name=_name(item))


def _image(item: dict[str, Any]) -> tuple[Part, ...]:
    data, form = text(item.get("result")), text(item.get("output_format")) or "png"
    if data:
        return (blob(data, f"image/{form}", modality="image"),)
    return (_served(item, _given(item)),) if item.get("error") else ()


def _mcp_part(item: dict[str, Any]) -> Part:
    """What an MCP server offers, and whether the program lets it work."""
    kind, id_ = _kind(item), text(item.get("id"))
    if kind == "mcp_list_tools":
        return Part(kind, id=id_, name=text(item.get("server_label")), response=_given(item))
    if kind == "mcp_approval_response":
        said = without_none(approve=item.get("approve"), reason=item.get("reason"))
        return Part(kind, id=text(item.get("approval_request_id")), response=said)
    return Part(kind, id=id_, name=_name(item), arguments=json_or_text(item.get("arguments")))
