"""Agreement of the decoders with recorded traffic: `python -m tests.wire.agreement`."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from pytest_litmus.capture.exchange import Chunk, Exchange, Request
from pytest_litmus.wire import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_litmus.wire.calls import Call

WIRE = Path(__file__).parents[3] / "shared" / "data" / "wire"
FAMILIES = ("openai-chat", "openai-responses", "openai-embed", "anthropic")

# The truth names hosts in words of its own; a gateway or local server is named by its address here.
PROVIDERS = {
    "azure": "azure.ai.openai",
    "aws-bedrock-mantle": "aws.bedrock",
    "google-gemini": "gcp.gemini",
    "mistral": "mistral_ai",
    "fake:openai-compat": "demo-endpoints.pydantic.workers.dev",
    "gateway:mirascope": "localhost:3000",
    "gateway:pydantic": "localhost:8787",
    "local:openai-compat": "localhost:8000",
    "proxy:litellm": "0.0.0.0:4000",
}
OPERATIONS = {"responses": "chat"}

USAGE = {
    "input": "input_tokens",
    "output": "output_tokens",
    "cache_read": "cache_read_input_tokens",
    "cache_write": "cache_write_input_tokens",
    "reasoning": "reasoning_output_tokens",
}

# Differences in which the truth is held to be wrong: the end of the file, the field, why.
TRUTH_ERRS = {
    ("test_compatible_api_with_tool_calls_without_id.yaml", "usage.output"): (
        "Google bills the thoughts that only total_tokens shows; the truth's own convention counts"
        " them as output"
    ),
    ("test_compatible_api_with_tool_calls_without_id.yaml", "usage.reasoning"): (
        "the hidden thoughts are reasoning; the truth leaves them out"
    ),
    ("test_background_mode_reasoning_vcr.yaml", "finish"): (
        "queued is the status of a run that has not finished, not a reason why it did"
    ),
    ("completion_proxy.yaml", "reported_cost"): (
        "LiteLLM reports the cost in a header, x-litellm-response-cost; the truth reads bodies only"
    ),
    ("test_chat_stream.yaml", "usage.cache_read"): (
        "Together writes cached_tokens beside the counts; the truth looks into the details only"
    ),
    ("test_text_response.yaml", "error"): (
        "the body is a line of text: no SDK can read it, so the call did not succeed"
    ),
}


def is_missing() -> bool:
    return not (WIRE / "selection" / "truth.jsonl").exists()


def truths(families: tuple[str, ...] = FAMILIES) -> list[dict[str, Any]]:
    lines = (WIRE / "selection" / "truth.jsonl").read_text("utf-8").splitlines()
    return [truth for line in lines if (truth := json.loads(line))["family"] in families]


def exchange_of(truth: dict[str, Any]) -> Exchange | None:
    """The recorded exchange; None where ../shared does not hold it as a cassette."""
    recorded = _interactions(WIRE / "selection_vcr" / truth["repo"] / truth["file"])
    if truth["index"] >= len(recorded):
        return None
    asked, said = recorded[truth["index"]]["request"], recorded[truth["index"]]["response"]
    return Exchange(
        request=Request(
            method=asked["method"],
            url=asked["uri"],
            headers=_headers(asked["headers"]),
            body=_bytes(asked["body"]),
        ),
        status=said["status"]["code"],
        headers=_headers(said["headers"]),
        chunks=(Chunk(0.25, _bytes(said["body"].get("string"))),),
        duration_s=0.5,
        ended="eof",
        source="recorded",
    )


def unsent(exchange: Exchange) -> Exchange:
    """The exchange as it was before it was sent."""
    return Exchange(request=exchange.request)


def differences(
    truth: dict[str, Any], call: Call | None, *, excused: Iterable[tuple[str, str]] = TRUTH_ERRS
) -> Iterator[tuple[str, Any, Any]]:
    """Field, expected and found value, where they differ and are not excused."""
    if truth["operation"] == "responses.retrieve":
        # A poll of a run that was counted when it was started.
        if call is not None:
            yield "call", None, call
        return
    if call is None:
        yield "call", truth["operation"], None
        return
    found = _found(call)
    for name, expected in _expected(truth).items():
        errs = any(truth["file"].endswith(end) and name == field for end, field in excused)
        if found[name] != expected and not errs:
            yield name, expected, found[name]


def _expected(truth: dict[str, Any]) -> dict[str, Any]:
    usage = truth["usage"] or {}
    return {
        "provider": PROVIDERS.get(truth["provider"], truth["provider"]),
        "operation": OPERATIONS.get(truth["operation"], truth["operation"]),
        "request_model": truth["request_model"],
        "response_model": truth["response_model"],
        "response_id": truth["response_id"] or None,
        "text": truth["output_text"] or "",
        "outputs": truth["n_outputs"] or 0,
        "tool_calls": [_expected_tool(tool) for tool in truth["tool_calls"] or []],
        "finish": [reason for reason in truth["finish"] or [] if reason],
        "error": _expected_error(truth),
        "reported_cost": usage.get("reported_cost"),
        "dimensions": (truth["embeddings"] or {}).get("dims"),
        **{f"usage.{name}": usage.get(name) for name in USAGE},
        # That an embedding has no output is left out by most providers, and by the truth.
        **({"usage.output": 0} if usage and truth["family"] == "openai-embed" else {}),
    }


def _expected_tool(tool: dict[str, Any]) -> tuple[str | None, str, Any]:
    """The truth keeps the arguments of some formats as text; a call always has them parsed."""
    arguments = tool["arguments"]
    spelled = json.loads(arguments) if isinstance(arguments, str) else arguments
    return tool["id"] or None, tool["name"], spelled


def _expected_error(truth: dict[str, Any]) -> str | None:
    error = truth["error"] or truth["stream_error"]
    if not error:
        return None
    names = (error.get("code"), error.get("type"), truth["status"])
    return next(str(name) for name in names if name)


def _found(call: Call) -> dict[str, Any]:
    usage = {f"usage.{name}": getattr(call.usage, field) for name, field in USAGE.items()}
    embeds = call.operation_name == "embeddings"
    return {
        "provider": call.provider_name,
        "operation": call.operation_name,
        "request_model": call.request_model,
        "response_model": call.response_model,
        "response_id": call.response_id,
        "text": call.output_text,
        "outputs": len(call.output_messages),
        "tool_calls": [(part.id, part.name, part.arguments) for part in call.tool_calls],
        "finish": list(call.finish_reasons),
        "error": call.error_type,
        "reported_cost": None if call.reported_cost_usd is None else float(call.reported_cost_usd),
        "dimensions": call.embedding_dimensions if embeds and not call.error_type else None,
        **usage,
    }


@cache
def _interactions(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["interactions"]  # noqa: TID251 - the safe loader, in C


def _headers(headers: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    pairs = ((key, value) for key, value in headers.items())
    return tuple(
        (key, str(one))
        for key, value in pairs
        for one in (value if isinstance(value, list) else [value])
    )


def _bytes(body: Any) -> bytes:
    if isinstance(body, bytes):
        return body
    return (body or "").encode()


def main() -> None:
    """Print a table: family, field, how many agree, and each difference below it."""
    if is_missing():
        print(f"no recordings at {WIRE}")  # noqa: T201
        return
    records, agreeing, seen = Counter[str](), Counter[str](), []
    for truth in truths():
        exchange = exchange_of(truth)
        if exchange is None:
            records[f"{truth['family']} (no cassette)"] += 1
            continue
        differing = list(differences(truth, decode(exchange)))
        records[truth["family"]] += 1
        agreeing[truth["family"]] += not differing
        seen += [(truth["family"], truth["file"], truth["index"], *one) for one in differing]
    for family, total in sorted(records.items()):
        print(f"{family:35} {agreeing[family]:4} of {total:4} agree")  # noqa: T201
    for one in seen:
        print(*one, sep="\n    ")  # noqa: T201
    for (file, field), why in TRUTH_ERRS.items():
        print(f"held against the truth: {file}, {field}: {why}")  # noqa: T201


if __name__ == "__main__":
    main()
