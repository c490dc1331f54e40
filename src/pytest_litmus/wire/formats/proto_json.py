"""Google's protocol buffers as JSON: fields in two spellings, enums as words or as numbers.

Format: https://protobuf.dev/programming-guides/json/. The numbers, which REST clients ask for with
`$alt=json;enum-encoding=int`, are those of `google.ai.generativelanguage.v1beta` and
`google.cloud.aiplatform.v1` in https://github.com/googleapis/googleapis; the two differ.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from pytest_litmus.wire.loose import count, records, text

if TYPE_CHECKING:
    from collections.abc import Mapping

Words = dict[int, str]
"""The words of an enum by their numbers, without 0: that one means unspecified."""


def _numbered(words: str) -> Words:
    return dict(enumerate(words.split(), start=1))


MODALITIES = _numbered("TEXT IMAGE VIDEO AUDIO DOCUMENT")
PROBABILITIES = _numbered("NEGLIGIBLE LOW MEDIUM HIGH")
TRAFFIC_TYPES = _numbered("ON_DEMAND PROVISIONED_THROUGHPUT ON_DEMAND_PRIORITY ON_DEMAND_FLEX")
LANGUAGES = _numbered("PYTHON")
OUTCOMES = _numbered("OUTCOME_OK OUTCOME_FAILED OUTCOME_DEADLINE_EXCEEDED")

FINISH_REASONS = _numbered(
    "STOP MAX_TOKENS SAFETY RECITATION OTHER LANGUAGE BLOCKLIST PROHIBITED_CONTENT SPII"
    " MALFORMED_FUNCTION_CALL IMAGE_SAFETY UNEXPECTED_TOOL_CALL TOO_MANY_TOOL_CALLS"
    " IMAGE_PROHIBITED_CONTENT IMAGE_OTHER NO_IMAGE IMAGE_RECITATION"
)
BLOCK_REASONS = _numbered("SAFETY OTHER BLOCKLIST PROHIBITED_CONTENT IMAGE_SAFETY")
HARM_CATEGORIES = _numbered(
    "HARM_CATEGORY_DEROGATORY HARM_CATEGORY_TOXICITY HARM_CATEGORY_VIOLENCE HARM_CATEGORY_SEXUAL"
    " HARM_CATEGORY_MEDICAL HARM_CATEGORY_DANGEROUS HARM_CATEGORY_HARASSMENT"
    " HARM_CATEGORY_HATE_SPEECH HARM_CATEGORY_SEXUALLY_EXPLICIT HARM_CATEGORY_DANGEROUS_CONTENT"
    " HARM_CATEGORY_CIVIC_INTEGRITY"
)

VERTEX_FINISH_REASONS = _numbered(
    "STOP MAX_TOKENS SAFETY RECITATION OTHER BLOCKLIST PROHIBITED_CONTENT SPII"
    " MALFORMED_FUNCTION_CALL MODEL_ARMOR IMAGE_SAFETY IMAGE_PROHIBITED_CONTENT IMAGE_RECITATION"
    " IMAGE_OTHER UNEXPECTED_TOOL_CALL NO_IMAGE"
)
VERTEX_BLOCK_REASONS = _numbered("SAFETY OTHER BLOCKLIST PROHIBITED_CONTENT MODEL_ARMOR JAILBREAK")
VERTEX_HARM_CATEGORIES = _numbered(
    "HARM_CATEGORY_HATE_SPEECH HARM_CATEGORY_DANGEROUS_CONTENT HARM_CATEGORY_HARASSMENT"
    " HARM_CATEGORY_SEXUALLY_EXPLICIT HARM_CATEGORY_CIVIC_INTEGRITY HARM_CATEGORY_JAILBREAK"
)


def field(message: Mapping[str, Any], name: str) -> Any:
    """A field of a message; None where it is not set.

    Args:
        message: As sent: the servers take camelCase and snake_case.
        name: In camelCase.
    """
    value = message.get(name)
    return message.get(_snake(name)) if value is None else value


def many(value: Any) -> list[dict[str, Any]]:
    """The messages of a repeated field: an array, or one message without its brackets."""
    return [value] if isinstance(value, dict) else records(value)


def word(value: Any, words: Words) -> str | None:
    """An enum's value as its word; a number that is not known as text, None where it is not set."""
    number = count(value)
    if number is None:
        return text(value)
    return words.get(number, str(number)) if number else None


@cache
def _snake(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)
