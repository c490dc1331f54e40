"""Plain records: one object a call, under names that are usual or that the user maps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_litmus.drift.seen import Reader, Seen, number, text_in, tools_named, unpacked, word

NAMES: dict[str, tuple[str, ...]] = {
    "input": ("input", "prompt", "question", "query", "messages"),
    "output": ("output", "response", "answer", "completion"),
    "finish": ("finish_reason", "finish_reasons", "stop_reason"),
    "tools": ("tools", "tool_calls"),
    "failed": ("error", "error_type"),
    "latency_s": ("latency_s", "duration_s", "latency"),
    "input_tokens": ("input_tokens", "prompt_tokens"),
    "output_tokens": ("output_tokens", "completion_tokens"),
    "model": ("model", "response_model"),
    "fingerprint": ("system_fingerprint", "fingerprint"),
}
"""By field of a call, the keys that may hold it: the first that stands in the record."""


def reader(mapping: Mapping[str, str] | None = None) -> Reader:
    """The reader for records under these names; those of the mapping alone, where it has any.

    A key of the mapping may be a path: `usage.input`.
    """
    names = NAMES | {field: (key,) for field, key in (mapping or {}).items()}

    def knows(record: Mapping[str, Any]) -> bool:
        return found_in(record, names["output"]) is not NOTHING or (
            found_in(record, names["input"]) is not NOTHING
        )

    def calls(record: Mapping[str, Any]) -> list[Seen] | None:
        return [_seen(record, names)] if knows(record) else None

    return Reader("plain JSONL", knows, calls)


NOTHING = object()


def found_in(record: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    """What stands under the first of the keys that is there; `NOTHING` where none is."""
    for key in keys:
        if key in record:
            return record[key]
        if "." in key:
            value: Any = record
            for step in key.split("."):
                value = value.get(step, NOTHING) if isinstance(value, Mapping) else NOTHING
            if value is not NOTHING:
                return value
    return NOTHING


def _seen(record: Mapping[str, Any], names: Mapping[str, tuple[str, ...]]) -> Seen:
    told = {field: found_in(record, keys) for field, keys in names.items()}
    known = {field: None if value is NOTHING else value for field, value in told.items()}
    return Seen(
        input=text_in(known["input"], ("user",)),
        output=text_in(known["output"]),
        finish=_first(known["finish"]),
        tools=None if known["tools"] is None else tools_named(_names(known["tools"])),
        failed=None if told["failed"] is NOTHING else bool(known["failed"]),
        latency_s=number(known["latency_s"]),
        input_tokens=number(known["input_tokens"]),
        output_tokens=number(known["output_tokens"]),
        model=word(known["model"]),
        fingerprint=word(known["fingerprint"]),
    )


def _first(value: Any) -> str | None:
    return word(value[0] if isinstance(value, list) and value else value)


def _names(value: Any) -> list[Any]:
    calls = unpacked(value)
    return [_name(call) for call in (calls if isinstance(calls, list) else [calls])]


def _name(call: Any) -> Any:
    if not isinstance(call, Mapping):
        return call
    function = call.get("function")
    return function.get("name") if isinstance(function, Mapping) else call.get("name")
