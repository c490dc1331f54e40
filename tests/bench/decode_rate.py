"""How fast exchanges are decoded: `python -m tests.bench.decode_rate`.

Responses a second of CPU time through the public `wire.decode`: chats of 20 messages and 500
tokens, plain and streamed, requests that are no model's, and the small recordings of every format.
The bar is 2,000 plain chats a second.
"""

from __future__ import annotations

import platform
import sys
import time
from typing import TYPE_CHECKING, Any

from pytest_litmus.wire import FORMATS, decode
from tests.wire.formats import PLAIN, STREAMS
from tests.wire.recordings import CHAT, MESSAGES, RESPONSES, exchange, sse, stream

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange

ROUNDS = 5
ROUND_S = 0.1
BAR = 2_000
PLAIN_CHAT = "a plain chat"

QUESTION = "Can I return a laptop that I have opened, and if so, until when? " * 4
ANSWER = "Opened laptops can be returned within thirty days, with the receipt. " * 36
"""Some 500 tokens."""
PIECES = [ANSWER[start : start + 13] for start in range(0, len(ANSWER), 13)][:200]
MESSAGES_ASKED = [
    {"role": ("user", "assistant")[number % 2], "content": QUESTION} for number in range(19)
]
CHAT_ASKED = {
    "model": "gpt-4o",
    "temperature": 0.2,
    "messages": [{"role": "system", "content": QUESTION}, *MESSAGES_ASKED],
}
USAGE = {
    "prompt_tokens": 1300,
    "completion_tokens": 500,
    "total_tokens": 1800,
    "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 0, "audio_tokens": 0},
}
NAMES = {
    "id": "chatcmpl-9fK2mQwe7RzT1",
    "object": "chat.completion",
    "created": 1793000000,
    "model": "gpt-4o-2024-08-06",
    "system_fingerprint": "fp_44709d6fcb",
    "service_tier": "default",
}


def main() -> None:
    """Print the rates."""
    say(f"Python {platform.python_version()}, {platform.machine()}, {len(FORMATS)} formats")
    say(f"{'a second':44}{'answered':>12}{'unsent':>12}")
    for name, ones in (SIZED | OTHER | by_format()).items():
        reached = rate(ones)
        missed = f"  below the bar of {BAR:,}" if name == PLAIN_CHAT and reached <= BAR else ""
        say(f"{name:44}{reached:12,.0f}{rate(unsent(ones)):12,.0f}{missed}")


def rate(ones: list[Exchange]) -> float:
    """Exchanges that are decoded in a second of CPU time, in the best of some rounds.

    Each is made anew, because an exchange remembers its own body and JSON; making it is not timed.
    """
    rates = []
    for _ in range(ROUNDS):
        spent, count = 0.0, 0
        while spent < ROUND_S:
            batch = [fresh(one) for one in ones * (20 // len(ones) + 1)]
            began = time.process_time()
            for one in batch:
                decode(one)
            spent += time.process_time() - began
            count += len(batch)
        rates.append(count / spent)
    return max(rates)


def unsent(ones: list[Exchange]) -> list[Exchange]:
    """The same, as they are looked at before they are sent."""
    return [type(one)(request=one.request) for one in ones]


def fresh(one: Exchange) -> Exchange:
    """The same exchange, of which nothing is read yet."""
    asked = one.request
    request = type(asked)(
        method=asked.method, url=asked.url, headers=asked.headers, body=asked.body
    )
    return type(one)(
        request=request,
        status=one.status,
        headers=one.headers,
        chunks=one.chunks,
        duration_s=one.duration_s,
        ended=one.ended,
    )


def by_format() -> dict[str, list[Exchange]]:
    """The recordings of our own making by wire format, plain ones and streams apart."""
    plain = [exchange(url, *both) for url, both in PLAIN.items()]
    streams = [stream(url, asked, *said) for url, (asked, said) in STREAMS.items()]
    grouped: dict[str, list[Exchange]] = {}
    for one in plain + streams:
        call = decode(one)
        form = call.wire_format if call else "none"
        kind = "stream" if one in streams else "plain"
        grouped.setdefault(f"{form}, {kind}", []).append(one)
    return dict(sorted(grouped.items()))


def chat_said() -> dict[str, Any]:
    message = {"role": "assistant", "content": ANSWER, "refusal": None, "annotations": []}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    return {**NAMES, "choices": [choice], "usage": USAGE}


def chat_pieces() -> list[bytes]:
    def chunk(delta: dict[str, Any], finish_reason: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return {**NAMES, "object": "chat.completion.chunk", "choices": [choice], "usage": None}

    deltas = [chunk({"content": piece}) for piece in PIECES]
    first = chunk({"role": "assistant", "content": "", "refusal": None})
    last = {**NAMES, "choices": [], "usage": USAGE}
    return sse(first, *deltas, chunk({}, "stop"), last, "[DONE]")


def messages_pieces() -> list[bytes]:
    message = {"id": "msg_1", "type": "message", "role": "assistant", "content": []}
    start = {**message, "model": "claude-sonnet-4-5-20250929", "usage": {"input_tokens": 1300}}
    text = {"type": "text", "text": ""}
    deltas = [{"type": "text_delta", "text": piece} for piece in PIECES]
    events: list[dict[str, Any]] = [
        {"type": "message_start", "message": start},
        {"type": "content_block_start", "index": 0, "content_block": text},
        *({"type": "content_block_delta", "index": 0, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn"},
            "usage": {"output_tokens": 500},
        },
        {"type": "message_stop"},
    ]
    return sse(*((event["type"], event) for event in events))


def responses_pieces() -> list[bytes]:
    part = {"type": "output_text", "text": ANSWER, "annotations": []}
    item = {"type": "message", "id": "msg_1", "role": "assistant", "content": [part]}
    response = {"id": "resp_1", "model": "gpt-4o-2024-08-06", "status": "completed"}
    usage = {"input_tokens": 1300, "output_tokens": 500, "total_tokens": 1800}
    place = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
    events: list[dict[str, Any]] = [
        {"type": "response.created", "response": {**response, "status": "in_progress"}},
        {
            "type": "response.output_item.added",
            "output_index": 0,
            "item": {**item, "content": []},
        },
        *({"type": "response.output_text.delta", **place, "delta": piece} for piece in PIECES),
        {"type": "response.completed", "response": {**response, "output": [item], "usage": usage}},
    ]
    return sse(*((event["type"], event) for event in events))


SIZED = {
    PLAIN_CHAT: [exchange(CHAT, CHAT_ASKED, chat_said())],
    "a streamed chat of 200 pieces": [stream(CHAT, CHAT_ASKED, *chat_pieces())],
    "a streamed message of 200 pieces": [
        stream(
            MESSAGES,
            {"model": "claude-sonnet-4-5", "max_tokens": 900, "messages": MESSAGES_ASKED},
            *messages_pieces(),
        )
    ],
    "a streamed response of 200 pieces": [
        stream(RESPONSES, {"model": "gpt-4o", "input": MESSAGES_ASKED}, *responses_pieces())
    ],
}
OTHER = {
    "a page of a shop": [exchange("https://shop.example/items", b"", {"n": 1}, method="GET")],
    "a vector search": [
        exchange("https://vectors.example/points/search", {"vector": [0.25] * 1536}, {"n": 1})
    ],
}


def say(line: str) -> None:
    """Print a line."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
