"""Agreement of the decoders with recorded traffic: `python -m tests.wire.agreement`.

Prints a table by family: how many agree in all fields. Then each difference, and each field in
which the truth itself is held to be wrong, with the reason. `python -m tests.wire.agreement FAMILY`
does it for one family.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_litmus.pricing import price
from pytest_litmus.wire import decode
from tests.wire.recorded import exchange_of, is_missing, truths
from tests.wire.truth_errs import TRUTH_ERRS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pytest_litmus.wire.calls import Call

# The truth names hosts in words of its own; a gateway or local server is named by its address here.
PROVIDERS = {
    "azure": "azure.ai.openai",
    "aws-bedrock": "aws.bedrock",
    "aws-bedrock-agent": "aws.bedrock",
    "aws-bedrock-mantle": "aws.bedrock",
    "aws-sagemaker": "aws.sagemaker",
    "google-gemini": "gcp.gemini",
    "google-vertex": "gcp.vertex_ai",
    "mistral": "mistral_ai",
    "fake:openai-compat": "demo-endpoints.pydantic.workers.dev",
    "gateway:mirascope": "localhost:3000",
    "gateway:pydantic": "localhost:8787",
    "local:openai-compat": "localhost:8000",
    "proxy:litellm": "0.0.0.0:4000",
}
# The operations by OpenTelemetry's names, which tell more apart than the truth does, or less.
OPERATIONS = {
    "chat": {"chat", "generate_content"},
    "responses": {"chat"},
    "responses.retrieve": {"chat"},
    "completions": {"text_completion"},
    "invoke": {"chat", "text_completion", "embeddings", "rerank", "image_generation"},
    "agent": {"invoke_agent", "retrieval"},
    "assistants": {"invoke_agent", "create_agent", "assistants"},
    "predictions": {"prediction"},
    "images": {"image_generation"},
    "audio.transcription": {"audio_transcription"},
    "audio.speech": {"speech"},
}

# Families in which the truth counts tools that the provider ran among those the program had to.
SERVED = {"bedrock-converse", "bedrock-converse-stream"}

USAGE = {
    "input": "input_tokens",
    "output": "output_tokens",
    "cache_read": "cache_read_input_tokens",
    "cache_write": "cache_write_input_tokens",
    "reasoning": "reasoning_output_tokens",
}
# States of a run that works still, and no reasons why it ended.
UNFINISHED = {"queued", "in_progress", "starting", "processing"}

# When the truth priced the recordings: lists change, and DeepSeek's prices by the hour.
PRICED_AT = datetime(2026, 8, 22, 18, tzinfo=UTC)
# Nobody knows what these charge, whatever the model is called; the truth takes its maker's price.
RESELLERS = ("gateway:", "local:", "fake:", "proxy:", "portkey")


class Unread(NamedTuple):
    """Fields of some recordings that the truth leaves empty."""

    holds: Callable[[dict[str, Any]], bool]
    fields: tuple[str, ...]
    why: str


UNREAD = (
    Unread(
        lambda truth: truth["invoke_family"] == "nova",
        ("usage.cache_read", "usage.cache_write"),
        "Nova on invoke spells them ...TokenCount, which the truth does not read",
    ),
    Unread(
        lambda truth: truth["family"] == "bedrock-agent",
        ("request_model", "response_model"),
        "an agent's model stands in its configuration or its trace",
    ),
    Unread(
        lambda truth: truth["family"] == "openai-stt",
        ("request_model",),
        "the request is a form, and the truth reads JSON only",
    ),
    Unread(
        lambda truth: truth["family"] == "replicate", ("request_model",), "the path names the model"
    ),
    Unread(
        lambda truth: truth["family"] == "hf-tgi",
        ("usage.input", "usage.output", "finish"),
        "they stand in the details of the answer and in headers",
    ),
    Unread(
        lambda truth: truth["family"] == "openai-assistants",
        ("usage.cache_read",),
        "Assistants spell it prompt_token_details",
    ),
    Unread(
        lambda truth: "assistants-stream" in (truth["notes"] or ()),
        ("response_id",),
        "the events of a run name it",
    ),
    Unread(
        lambda truth: "assistants-resource" in (truth["notes"] or ()),
        ("text", "outputs"),
        "the messages of a thread are what its runs said",
    ),
)


def differences(
    truth: dict[str, Any], call: Call | None, *, excused: Iterable[tuple[str, str]] = TRUTH_ERRS
) -> Iterator[tuple[str, Any, Any]]:
    """Field, expected and found value, where they differ and are not excused."""
    if call is None:
        yield "call", truth["operation"], None
        return
    if call.operation_name not in OPERATIONS.get(truth["operation"], {truth["operation"]}):
        yield "operation", truth["operation"], call.operation_name
    found = _found(call, served=truth["family"] in SERVED)
    for name, expected in _expected(truth).items():
        if name in unread(truth) and not expected:
            continue
        errs = any(truth["file"].endswith(end) and name == field for end, field in excused)
        if found[name] != expected and not errs:
            yield name, expected, found[name]


def unread(truth: dict[str, Any]) -> set[str]:
    """The fields that the truth leaves empty because it does not look where they stand."""
    rules = (rule for rule in UNREAD if rule.holds(truth))
    return {field for rule in rules for field in rule.fields}


def _expected(truth: dict[str, Any]) -> dict[str, Any]:
    usage, embeds = truth["usage"] or {}, truth["invoke_family"] == "embedding"
    wordless = embeds or truth["operation"] in {"embeddings", "rerank"}
    return {
        "provider": PROVIDERS.get(truth["provider"], truth["provider"]),
        "request_model": truth["request_model"],
        "response_model": truth["response_model"],
        "response_id": str(truth["response_id"] or "") or None,
        "text": truth["output_text"] or "",
        "outputs": truth["n_outputs"] or _media(truth),
        "tool_calls": [_expected_tool(tool) for tool in truth["tool_calls"] or []],
        "finish": [one for one in truth["finish"] or [] if one and one not in UNFINISHED],
        "error": _expected_error(truth),
        "reported_cost": usage.get("reported_cost"),
        **{f"usage.{name}": usage.get(name) for name in USAGE},
        # That vectors and scores have no output is left out by most providers, and by the truth.
        **({"usage.output": 0} if wordless and "input" in usage else {}),
        **({"dimensions": truth["embeddings"]["dims"]} if truth["embeddings"] else {}),
        **_expected_price(truth),
    }


def _expected_price(truth: dict[str, Any]) -> dict[str, Decimal | None]:
    """What genai-prices makes of the raw usage; unknown where that cannot be right."""
    priced = truth.get("genai_prices") or {}
    if "total_price" not in priced:
        return {}
    unknowable = truth["provider"].startswith(RESELLERS) or "usage_caveat" in truth
    return {"price": None if unknowable else Decimal(priced["total_price"])}


def _media(truth: dict[str, Any]) -> int:
    """How many images or pieces of audio came back; the truth has a note of them only."""
    kinds = dict(note.partition(":")[::2] for note in truth["notes"] or ())
    return int(kinds.get("images", 0)) + ("binary-audio" in kinds)


def _expected_tool(tool: dict[str, Any]) -> tuple[str | None, str, Any]:
    """The truth keeps the arguments of some formats as text; a call always has them parsed."""
    arguments = tool["arguments"]
    spelled = json.loads(arguments or '""') if isinstance(arguments, str) else arguments
    return tool["id"] or None, tool["name"], spelled


def _expected_error(truth: dict[str, Any]) -> str | None:
    error = truth["error"] or truth["stream_error"]
    if not error:
        return None
    names = [str(name) for name in (error.get("code"), error.get("type")) if name]
    telling = next((name for name in names if not name.isdigit()), None)
    return telling or next(iter(names), str(truth["status"]))


def _found(call: Call, *, served: bool) -> dict[str, Any]:
    parts = [part for message in call.output_messages for part in message.parts]
    kinds = {"tool_call", "server_tool_call"} if served else {"tool_call"}
    usage = {f"usage.{name}": getattr(call.usage, field) for name, field in USAGE.items()}
    return {
        "provider": call.provider_name,
        "request_model": call.request_model,
        "response_model": call.response_model,
        "response_id": call.response_id,
        "text": call.output_text,
        "outputs": len(call.output_messages),
        "tool_calls": [
            (part.id, part.name, part.arguments) for part in parts if part.type in kinds
        ],
        "finish": list(call.finish_reasons),
        "error": call.error_type,
        "reported_cost": None if call.reported_cost_usd is None else float(call.reported_cost_usd),
        "dimensions": call.embedding_dimensions,
        "price": _price(call),
        **usage,
    }


def _price(call: Call) -> Decimal | None:
    """The cost by the public list, whatever the provider reports itself."""
    counted = replace(call, reported_cost_usd=None, started_at=PRICED_AT)
    return price(counted, prices=None, at=PRICED_AT.date()).cost_usd


def main(families: Iterable[str] = ()) -> None:
    """Print the table."""
    if is_missing():
        print("the recordings of ../shared are not here")  # noqa: T201
        return
    records, agreeing, seen = Counter[str](), Counter[str](), []
    for truth in truths():
        if families and truth["family"] not in families:
            continue
        differing = list(differences(truth, decode(exchange_of(truth))))
        records[truth["family"]] += 1
        agreeing[truth["family"]] += not differing
        seen += [(truth["family"], truth["file"], truth["index"], *one) for one in differing]
    for family, total in sorted(records.items()):
        print(f"{family:35} {agreeing[family]:4} of {total:4} agree")  # noqa: T201
    print(f"{'all':35} {agreeing.total():4} of {records.total():4} agree")  # noqa: T201
    for one in seen:
        print(*one, sep="\n    ")  # noqa: T201
    for (file, field), why in TRUTH_ERRS.items():
        print(f"held against the truth: {file}, {field}: {why}")  # noqa: T201
    for rule in UNREAD:
        families = {truth["family"] for truth in truths() if rule.holds(truth)}
        told = f"{', '.join(sorted(families))}, {', '.join(rule.fields)}: {rule.why}"
        print(f"left empty by the truth: {told}")  # noqa: T201
    states = f"{', '.join(sorted(UNFINISHED))} are states of a run that works still"
    print(f"left out of finish: {states}, and no reasons why it ended")  # noqa: T201
    print("left out of price: gateways, and what has a usage_caveat: unknown here")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
