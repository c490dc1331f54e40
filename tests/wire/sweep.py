"""A sweep over other projects' cassettes: `python -m tests.wire.sweep ARCHIVE_OR_FOLDER ...`.

Source distributions (`.tar.gz`) of many SDKs and instrumentations hold their test cassettes. Each
distinct exchange in them is decoded. Printed are: how many by format; what could not be read; and
where the token counts of a plain answer differ from those that genai-prices, which has a reader of
its own, finds in the same body.
"""

from __future__ import annotations

import json
import sys
import tarfile
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import genai_prices
import yaml

from pytest_litmus.capture.exchange import Chunk, Exchange, Request
from pytest_litmus.wire import decode
from pytest_litmus.wire.answers import read_answer
from tests.wire.recorded import headers_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_litmus.wire.calls import Call

# By wire format, the reader of genai-prices for the same bodies.
READERS = {
    "openai.chat": ("openai", "chat"),
    "openai.responses": ("openai", "responses"),
    "anthropic.messages": ("anthropic", "default"),
    "gemini.generate_content": ("google", "default"),
    "bedrock.converse": ("aws", "default"),
}
UNREAD = {"undecodable", "unreadable_response"}


def exchanges(path: Path) -> Iterator[tuple[str, Exchange]]:
    """The exchanges of all cassettes below a folder, or in an archive, each with its place."""
    for name, text in _cassettes(path):
        try:
            read = yaml.load(text, Loader=yaml.CSafeLoader)  # noqa: TID251 - the safe loader, in C
        except (yaml.YAMLError, ValueError):
            continue  # some hold Python objects, which a safe loader refuses
        recorded = read.get("interactions") if isinstance(read, dict) else None
        for number, one in enumerate(recorded if isinstance(recorded, list) else ()):
            if isinstance(one, dict) and {"request", "response"} <= one.keys():
                yield f"{name}#{number}", _exchange(one["request"], one["response"])


def _cassettes(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.is_dir():
        for file in sorted(path.rglob("*cassette*/**/*.y*ml")):
            yield str(file), file.read_bytes()
        return
    with tarfile.open(path) as archive:
        for member in archive:
            file = archive.extractfile(member) if _is_cassette(member.name) else None
            if file is not None:
                yield member.name, file.read()


def _is_cassette(name: str) -> bool:
    return "cassette" in name and name.endswith((".yaml", ".yml"))


def _exchange(asked: dict[str, Any], said: dict[str, Any]) -> Exchange:
    status = said.get("status", said.get("status_code"))
    return Exchange(
        request=Request(
            method=asked["method"],
            url=asked.get("uri") or asked.get("url") or "",
            headers=headers_of(asked.get("headers") or {}),
            body=_body(asked),
        ),
        status=status.get("code") if isinstance(status, dict) else status,
        headers=headers_of(said.get("headers") or {}),
        chunks=(Chunk(0.25, _body(said)),),
        duration_s=0.5,
        ended="eof",
        source="recorded",
    )


def _body(side: dict[str, Any]) -> bytes:
    """The body in whichever of the forms that recorders have."""
    body = side.get("body", side.get("content"))
    if isinstance(body, dict):
        body = body.get("string")
    if body is None and "parsed_body" in side:
        body = json.dumps(side["parsed_body"])
    return body if isinstance(body, bytes) else str(body or "").encode()


def miscounted(exchange: Exchange, call: Call) -> str | None:
    """Where the counts of a plain answer differ from those of genai-prices; None where not."""
    body, reader = read_answer(exchange).json, READERS.get(call.wire_format)
    if reader is None or not isinstance(body, dict) or call.error_type:
        return None
    try:
        found = genai_prices.extract_usage(body, provider_id=reader[0], api_flavor=reader[1]).usage
    except Exception:  # it fails on what it does not know, and then there is nothing to compare
        return None
    theirs = (found.input_tokens, found.output_tokens)
    ours = (call.usage.input_tokens, call.usage.output_tokens)
    return None if ours == theirs else f"ours {ours}, genai-prices {theirs}"


def main(paths: list[str]) -> None:
    """Print what was found."""
    formats, seen, odd, counted = Counter[str](), set(), defaultdict[str, list[str]](list), 0
    for path in paths:
        for place, exchange in exchanges(Path(path)):
            key = (exchange.request.url, exchange.request.body, exchange.body)
            if key in seen:
                continue
            seen.add(key)
            call = decode(exchange)
            formats[call.wire_format if call else "no call"] += 1
            if call is not None:
                if call.error_type in UNREAD:
                    odd[f"{call.error_type}, {call.wire_format}: {call.error_message}"].append(
                        place
                    )
                counted += call.wire_format in READERS
                if differs := miscounted(exchange, call):
                    odd[f"{call.wire_format}, {call.provider_name}: {differs}"].append(place)
    print(f"{len(seen)} distinct exchanges")  # noqa: T201
    for name, many in formats.most_common():
        print(f"{many:6} {name}")  # noqa: T201
    for what, places in sorted(odd.items()):
        print(f"{what}\n    {places[0]}{f' and {len(places) - 1} more' if places[1:] else ''}")  # noqa: T201
    print(f"{sum(map(len, odd.values()))} could not be read or are counted differently")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
