"""What the loopback provider says: one function a wire format, texts in, reply out."""

from __future__ import annotations

import binascii
import json
import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

INPUT_TOKENS = 5


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer, both as one body and as the pieces of a stream."""

    whole: Mapping[str, Any]
    pieces: tuple[bytes, ...]
    """One piece a text, then one with all that ends the stream."""
    content_type: str = "text/event-stream"


def reply_to(path: str, body: Mapping[str, Any], texts: Sequence[str]) -> tuple[Reply, bool] | None:
    """The reply of the wire format that owns `path`, and whether the request asks for a stream."""
    for pattern, speak, is_streamed in ROUTES:
        if re.search(pattern, path):
            return speak(body, texts), is_streamed(body)
    return None


def prompt_of(body: Mapping[str, Any]) -> str:
    """The last text that the user said, in any of the formats."""
    return _last_text(body.get("input") or body.get("messages") or body.get("contents") or "")


def _last_text(node: Any) -> str:
    if isinstance(node, str):
        return node
    if isinstance(node, list):
        return _last_text(node[-1])
    return _last_text(node.get("content") or node.get("parts") or node.get("text") or "")


def openai_chat(body: Mapping[str, Any], texts: Sequence[str]) -> Reply:
    base = {"id": "chatcmpl-1", "created": 1700000000, "model": body.get("model", "m")}
    usage = {
        "prompt_tokens": INPUT_TOKENS,
        "completion_tokens": len(texts),
        "total_tokens": INPUT_TOKENS + len(texts),
    }

    def chunk(delta: Mapping[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _sse(base | {"object": "chat.completion.chunk", "choices": [choice]})

    message, finish = {"role": "assistant", "content": "".join(texts)}, "stop"
    said = [chunk({"role": "assistant", "content": text}) for text in texts]
    if body.get("tools"):
        message, finish = _openai_tool_call("".join(texts)), "tool_calls"
        said = [chunk(delta) for delta in _openai_tool_deltas(texts)]
    tail = chunk({}, finish) + _usage_chunk(base, usage, body) + b"data: [DONE]\n\n"
    choice = {"index": 0, "finish_reason": finish, "message": message}
    whole = base | {"object": "chat.completion", "choices": [choice], "usage": usage}
    return Reply(whole=whole, pieces=(*said, tail))


def _usage_chunk(base: dict[str, Any], usage: dict[str, int], body: Mapping[str, Any]) -> bytes:
    """A stream tells its usage only when asked to, as OpenAI does it."""
    if not (body.get("stream_options") or {}).get("include_usage"):
        return b""
    return _sse(base | {"object": "chat.completion.chunk", "choices": [], "usage": usage})


def _openai_tool_call(query: str) -> dict[str, Any]:
    function = {"name": "look_up", "arguments": json.dumps({"query": query})}
    call = {"id": "call_1", "type": "function", "function": function}
    return {"role": "assistant", "content": None, "tool_calls": [call]}


def _openai_tool_deltas(texts: Sequence[str]) -> list[dict[str, Any]]:
    arguments = json.dumps({"query": "".join(texts)})
    cuts = [arguments[:4], *[arguments[4:]]]
    first = {"index": 0, "id": "call_1", "type": "function"}
    named = first | {"function": {"name": "look_up", "arguments": cuts[0]}}
    more = {"index": 0, "function": {"arguments": cuts[1]}}
    return [{"role": "assistant", "tool_calls": [named]}, {"tool_calls": [more]}]


def openai_responses(body: Mapping[str, Any], texts: Sequence[str]) -> Reply:
    content = {"type": "output_text", "text": "".join(texts), "annotations": []}
    item = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed"}
    whole = {
        "id": "resp_1",
        "object": "response",
        "created_at": 1700000000,
        "model": body.get("model", "m"),
        "status": "completed",
        "output": [item | {"content": [content]}],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": INPUT_TOKENS,
            "output_tokens": len(texts),
            "total_tokens": INPUT_TOKENS + len(texts),
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens_details": {"reasoning_tokens": 0},
        },
    }
    said = [_responses_delta(number, text) for number, text in enumerate(texts)]
    done = {"type": "response.completed", "sequence_number": len(texts), "response": whole}
    return Reply(whole=whole, pieces=(*said, _sse(done, event="response.completed")))


def _responses_delta(number: int, text: str) -> bytes:
    event = {
        "type": "response.output_text.delta",
        "sequence_number": number,
        "item_id": "msg_1",
        "output_index": 0,
        "content_index": 0,
        "delta": text,
        "logprobs": [],
    }
    return _sse(event, event="response.output_text.delta")


def openai_embeddings(body: Mapping[str, Any], texts: Sequence[str]) -> Reply:
    vector = [len("".join(texts)) / 1000, 0.5, -0.25]
    datum = {"object": "embedding", "index": 0, "embedding": vector}
    usage = {"prompt_tokens": INPUT_TOKENS, "total_tokens": INPUT_TOKENS}
    whole = {"object": "list", "model": body.get("model", "m"), "data": [datum], "usage": usage}
    return Reply(whole=whole, pieces=())


def anthropic_messages(body: Mapping[str, Any], texts: Sequence[str]) -> Reply:
    usage = {"input_tokens": INPUT_TOKENS, "output_tokens": len(texts)}
    whole = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": body.get("model", "m"),
        "content": [{"type": "text", "text": "".join(texts)}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": usage,
    }
    empty = whole | {"content": [], "stop_reason": None, "usage": usage | {"output_tokens": 1}}
    block = {"type": "content_block_start", "index": 0}
    head = _typed({"type": "message_start", "message": empty}) + _typed(
        block | {"content_block": {"type": "text", "text": ""}}
    )
    delta = {"type": "content_block_delta", "index": 0}
    said = [_typed(delta | {"delta": {"type": "text_delta", "text": text}}) for text in texts]
    stop = {"stop_reason": "end_turn", "stop_sequence": None}
    tail = _typed({"type": "content_block_stop", "index": 0}) + _typed(
        {"type": "message_delta", "delta": stop, "usage": {"output_tokens": len(texts)}}
    )
    return Reply(whole=whole, pieces=_pieces(head, said, tail + _typed({"type": "message_stop"})))


def gemini(body: Mapping[str, Any], texts: Sequence[str]) -> Reply:
    usage = {
        "promptTokenCount": INPUT_TOKENS,
        "candidatesTokenCount": len(texts),
        "totalTokenCount": INPUT_TOKENS + len(texts),
    }

    def answer(text: str, finish: str | None = None) -> dict[str, Any]:
        candidate = {"content": {"parts": [{"text": text}], "role": "model"}, "index": 0}
        ended = {"finishReason": finish} if finish else {}
        return {"candidates": [candidate | ended], "usageMetadata": usage, "modelVersion": "gemini"}

    pieces = (*(_sse(answer(text)) for text in texts), _sse(answer("", "STOP")))
    return Reply(whole=answer("".join(texts), "STOP"), pieces=pieces)


def cohere(body: Mapping[str, Any], texts: Sequence[str]) -> Reply:
    usage = {"tokens": {"input_tokens": INPUT_TOKENS, "output_tokens": len(texts)}}
    message = {"role": "assistant", "content": [{"type": "text", "text": "".join(texts)}]}
    whole = {"id": "c1", "finish_reason": "COMPLETE", "message": message, "usage": usage}
    opened = {"role": "assistant", "content": [], "tool_plan": "", "tool_calls": []}
    head = _typed({"type": "message-start", "id": "c1", "delta": {"message": opened}})
    said = [
        _typed(
            {"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": t}}}}
        )
        for t in texts
    ]
    end = {"finish_reason": "COMPLETE", "usage": usage}
    tail = _typed({"type": "message-end", "delta": end}) + b"data: [DONE]\n\n"
    return Reply(whole=whole, pieces=_pieces(head, said, tail))


def ollama(body: Mapping[str, Any], texts: Sequence[str]) -> Reply:
    def line(text: str) -> dict[str, Any]:
        said = {"role": "assistant", "content": text}
        return {"model": "m", "created_at": "2026-01-01T00:00:00Z", "message": said, "done": False}

    end = {"done": True, "done_reason": "stop", "eval_count": len(texts), "prompt_eval_count": 5}
    whole = line("".join(texts)) | end
    pieces = (*(_json(line(text)) + b"\n" for text in texts), _json(line("") | end) + b"\n")
    return Reply(whole=whole, pieces=pieces, content_type="application/x-ndjson")


def bedrock(body: Mapping[str, Any], texts: Sequence[str]) -> Reply:
    usage = {
        "inputTokens": INPUT_TOKENS,
        "outputTokens": len(texts),
        "totalTokens": INPUT_TOKENS + len(texts),
    }
    message = {"role": "assistant", "content": [{"text": "".join(texts)}]}
    ended = {"usage": usage, "metrics": {"latencyMs": 10}}
    whole = {"output": {"message": message}, "stopReason": "end_turn"} | ended
    head = _frame("messageStart", {"role": "assistant"})
    said = [
        _frame("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": text}})
        for text in texts
    ]
    tail = _frame("contentBlockStop", {"contentBlockIndex": 0}) + _frame(
        "messageStop", {"stopReason": "end_turn"}
    )
    return Reply(
        whole=whole,
        pieces=_pieces(head, said, tail + _frame("metadata", ended)),
        content_type="application/vnd.amazon.eventstream",
    )


def _pieces(head: bytes, said: Sequence[bytes], tail: bytes) -> tuple[bytes, ...]:
    """The head travels with the first text, so that each piece brings something to the user."""
    return (head + said[0], *said[1:], tail)


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _sse(value: object, *, event: str = "") -> bytes:
    named = f"event: {event}\n".encode() if event else b""
    return named + b"data: " + _json(value) + b"\n\n"


def _typed(value: Mapping[str, Any]) -> bytes:
    return _sse(value, event=value["type"])


def _frame(event: str, payload: object) -> bytes:
    """One event of Amazon's binary event stream: prelude, headers, payload, both checksums."""
    names = {":event-type": event, ":content-type": "application/json", ":message-type": "event"}
    headers = b"".join(
        struct.pack(">B", len(name)) + name.encode() + b"\x07" + _short(value.encode())
        for name, value in names.items()
    )
    data = _json(payload)
    prelude = struct.pack(">II", 16 + len(headers) + len(data), len(headers))
    prelude += struct.pack(">I", binascii.crc32(prelude))
    message = prelude + headers + data
    return message + struct.pack(">I", binascii.crc32(message))


def _short(value: bytes) -> bytes:
    return struct.pack(">H", len(value)) + value


def _asked(body: Mapping[str, Any]) -> bool:
    return body.get("stream") is True


def _unless_declined(body: Mapping[str, Any]) -> bool:
    return body.get("stream", True) is True


def _always(_: Mapping[str, Any]) -> bool:
    return True


def _never(_: Mapping[str, Any]) -> bool:
    return False


ROUTES: tuple[tuple[str, Callable[..., Reply], Callable[[Mapping[str, Any]], bool]], ...] = (
    (r"/chat/completions$", openai_chat, _asked),
    (r"/responses$", openai_responses, _asked),
    (r"/embeddings$", openai_embeddings, _never),
    (r"/v1/messages$", anthropic_messages, _asked),
    (r":generateContent$", gemini, _never),
    (r":streamGenerateContent$", gemini, _always),
    (r"/v2/chat$", cohere, _asked),
    (r"/api/chat$", ollama, _unless_declined),
    (r"/converse$", bedrock, _never),
    (r"/converse-stream$", bedrock, _always),
)
