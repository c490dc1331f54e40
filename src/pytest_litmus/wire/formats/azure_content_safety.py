"""Azure AI Content Safety: harmful content and prompt attacks in texts and images.

Format: https://learn.microsoft.com/en-us/rest/api/contentsafety (`text:analyze`, `image:analyze`,
`text:shieldPrompt`, `text:detectProtectedMaterial`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Flag, Message
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import as_text, count, items, record, records, text
from pytest_litmus.wire.parts import blob, content_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_litmus.capture.exchange import Exchange

WIRE_FORMAT = "azure.content_safety"

_PATH = re.compile(r"/contentsafety/(text|image):\w+$")
_FOUND = (
    # Where it stands, what says that it is there, category.
    ("userPromptAnalysis", "attackDetected", "prompt_attack"),
    ("documentsAnalysis", "attackDetected", "document_attack"),
    ("protectedMaterialAnalysis", "detected", "protected_material"),
)


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The moderation that an exchange is, or None. The path is like no other's."""
    if exchange.request.method != "POST" or not _PATH.search(exchange.request.path):
        return None
    body = read_answer(exchange).json
    said = record(body)
    readable = any(name.endswith("Analysis") for name in said)
    fault = fault_of(exchange, body, readable=readable)
    return Call(
        operation_name="moderation",
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        input_messages=_input_messages(record(exchange.request.json)),
        flags=tuple(_flags(said)),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _input_messages(asked: dict[str, Any]) -> tuple[Message, ...]:
    texts = (asked.get("text"), asked.get("userPrompt"), *items(asked.get("documents")))
    image = text(record(asked.get("image")).get("content"))
    given = [parts for one in texts if (parts := content_parts(one))]
    given += [(blob(image, None, modality="image"),)] if image else []
    return tuple(Message("user", parts) for parts in given)


def _flags(said: dict[str, Any]) -> Iterator[Flag]:
    """A severity of 0 is safe; the service draws no line above it."""
    for one in records(said.get("categoriesAnalysis")):
        severity = count(one.get("severity"))
        yield Flag(
            category=text(one.get("category")) or "unknown",
            subject="input",
            flagged=bool(severity),
            severity=as_text(severity),
        )
    for match in records(said.get("blocklistsMatch")):
        category = text(match.get("blocklistName")) or "blocklist"
        yield Flag(category=category, subject="input", flagged=True)
    for name, detects, category in _FOUND:
        for one in records(said.get(name)) or ([said[name]] if record(said.get(name)) else []):
            yield Flag(category=category, subject="input", flagged=one.get(detects) is True)
