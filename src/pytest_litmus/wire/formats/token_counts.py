"""Requests that count tokens or list them: no model works for them, and nothing is billed.

Formats: https://docs.anthropic.com/en/api/messages-count-tokens, https://ai.google.dev/api/tokens,
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html,
https://platform.openai.com/docs/api-reference/responses/input-tokens,
https://docs.cohere.com/reference/tokenize, https://docs.x.ai/docs/api-reference, and the
`/tokenize` of llama.cpp and vLLM.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.hosts import model_host, provider_of
from pytest_litmus.wire.loose import count, items, record, records, text

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Exchange, Request

WIRE_FORMAT = "token_counts"

_GOOGLE_MODEL = r"/(?:models|tunedModels|endpoints)/(?P<model>[^/:]+)"

# Path, what the JSON body has one of on a host that is not known to serve models, operation, and
# where the answer has the count, the tokens or their text.
_ENDPOINTS: tuple[tuple[str, tuple[str, ...], str, tuple[str, ...]], ...] = (
    (r"/messages/count_tokens", ("messages",), "count_tokens", ("input_tokens",)),
    # Anthropic's models on Vertex AI; the one to count for stands in the body.
    (r"/anthropic/models/count-tokens:rawPredict", (), "count_tokens", ("input_tokens",)),
    (rf"{_GOOGLE_MODEL}:countTokens", (), "count_tokens", ("totalTokens",)),
    (rf"{_GOOGLE_MODEL}:computeTokens", (), "tokenize", ("tokensInfo",)),
    (r"/model/(?P<model>[^/]+)/count-tokens", ("input",), "count_tokens", ("inputTokens",)),
    (r"/responses/input_tokens", ("model", "input"), "count_tokens", ("input_tokens",)),
    (r"/tokenize-text", ("model",), "tokenize", ("token_ids",)),
    (r"/tokenize", ("text", "content", "prompt", "messages"), "tokenize", ("count", "tokens")),
    (r"/detokenize", ("tokens",), "detokenize", ("text", "content", "prompt")),
)


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The count that an exchange is, or None."""
    found = _endpoint(exchange.request) if exchange.request.method == "POST" else None
    if found is None:
        return None
    operation_name, model, names = found
    body = read_answer(exchange).json
    answers = [body[name] for name in names if name in record(body)]
    sizes = [size for answer in answers if (size := _size(answer)) is not None]
    fault = fault_of(exchange, body, readable=bool(answers))
    return Call(
        operation_name=operation_name,
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        runs_model=False,
        request_model=model,
        usage=Usage(input_tokens=next(iter(sizes), None)),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _endpoint(request: Request) -> tuple[str, str | None, tuple[str, ...]] | None:
    """Operation, model and the answer's names."""
    path = request.path.rstrip("/")
    for pattern, needed, operation_name, names in _ENDPOINTS:
        if found := re.search(f"{pattern}$", path):
            asked, named = record(request.json), found.groupdict().get("model")
            if needed and not model_host(request) and not any(name in asked for name in needed):
                return None
            return operation_name, unquote(named) if named else text(asked.get("model")), names
    return None


def _size(answer: Any) -> int | None:
    """A count, or how many tokens a list has; Vertex AI lists them by content."""
    if not isinstance(answer, list):
        return count(answer)
    inner = [id_ for content in records(answer) for id_ in items(content.get("tokenIds"))]
    return len(inner or answer)
