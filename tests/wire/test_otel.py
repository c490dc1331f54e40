"""What a call says of itself keeps OpenTelemetry's names and shapes, in every format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import pytest_litmus
from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Message, Part, Usage
from tests.wire.formats import PLAIN, STREAMS
from tests.wire.otel import problems, registry
from tests.wire.recorded import exchange_of, is_missing, truths
from tests.wire.recordings import exchange, stream

TRUTHS = truths() if not is_missing() else ()


def call(**fields: Any) -> Call:
    named = {"operation_name": "chat", "provider_name": "openai", "wire_format": "openai.chat"}
    return Call(**{**named, **fields})


def said(part: Part) -> Call:
    return call(output_messages=(Message("assistant", (part,)),))


@pytest.mark.parametrize("url", list(PLAIN))
def test_a_plain_answer_keeps_the_conventions(url: str) -> None:
    decoded = decode(exchange(url, *PLAIN[url]))

    assert decoded is not None
    assert problems(decoded) == []


@pytest.mark.parametrize("url", list(STREAMS))
def test_a_stream_keeps_the_conventions_wherever_it_stops(url: str) -> None:
    asked, pieces = STREAMS[url]

    for end in range(len(pieces) + 1):
        decoded = decode(stream(url, asked, *pieces[:end], ended="closed"))
        assert decoded is not None
        assert problems(decoded) == []


@pytest.mark.skipif(is_missing(), reason="the recordings of ../shared are not here")
def test_the_recorded_calls_of_all_providers_keep_the_conventions() -> None:
    decoded = ((truth, decode(exchange_of(truth))) for truth in TRUTHS)

    broken = {f"{truth['file']} {truth['index']}": problems(one) for truth, one in decoded if one}

    assert {name: found for name, found in broken.items() if found} == {}


@pytest.mark.parametrize(
    "part",
    [
        Part("text"),
        Part("reasoning"),
        Part("tool_call"),
        Part("tool_call_response"),
        Part("server_tool_call"),
        Part("server_tool_call_response"),
        Part("blob"),
        Part("file"),
        Part("uri"),
        Part("compaction"),
        Part("hologram"),
    ],
)
def test_a_part_that_says_nothing_keeps_the_schema(part: Part) -> None:
    assert problems(said(part)) == []


@pytest.mark.parametrize(
    "part",
    [
        Part("text", content=""),
        Part("reasoning", content=""),
        Part("text", content="a", mime_type="text/plain"),
        Part("tool_call"),
        Part("tool_call", id="c1", name="f", arguments={}),
        Part("tool_call_response", id="c1"),
        Part("tool_call_response", id="c1", response=[]),
        Part("server_tool_call", id="s1", name="web_search", arguments={"query": "x"}),
        Part("server_tool_call"),
        Part("server_tool_call_response", id="s1", response=[{"url": "https://x.example"}]),
        Part("server_tool_call_response"),
        Part("blob", content="AAAA", mime_type="image/png", modality="image"),
        Part("blob"),
        Part("file", file_id="file-1"),
        Part("uri", uri="gs://b/a.png", modality="image"),
        Part("refusal", content="no"),
        Part("hologram"),
    ],
)
def test_a_part_is_read_back_as_it_was(part: Part) -> None:
    assert Part.from_dict(json.loads(json.dumps(part.as_dict()))) == part


def test_what_a_provider_s_tool_was_asked_stands_in_an_object_with_a_type() -> None:
    part = Part("server_tool_call", id="s1", name="web_search", arguments={"query": "x"})

    assert part.as_dict() == {
        "type": "server_tool_call",
        "id": "s1",
        "name": "web_search",
        "server_tool_call": {"type": "web_search", "arguments": {"query": "x"}},
    }


@pytest.mark.parametrize(
    ("fields", "reasons"),
    [
        ({"finish_reasons": ("stop", "length")}, ["stop", "length"]),
        ({"finish_reasons": ()}, ["unknown", "unknown"]),
        ({"finish_reasons": ("stop",)}, ["unknown", "unknown"]),
        ({"finish_reasons": (), "error_type": "ReadTimeout"}, ["error", "error"]),
        ({"finish_reasons": (), "ended": "closed"}, ["error", "error"]),
    ],
)
def test_every_choice_has_a_finish_reason(fields: dict[str, Any], reasons: list[str]) -> None:
    choices = (Message("assistant"), Message("assistant"))

    written = call(output_messages=choices, **fields).content_attributes()

    assert [one["finish_reason"] for one in written["gen_ai.output.messages"]] == reasons


def test_tokens_of_a_medium_have_their_names() -> None:
    units = {
        "input_audio_tokens": 1,
        "output_image_tokens": 2,
        "cache_text_read_tokens": 3,
        "web_searches": 4,
        "input_video_tokens": 5,
    }

    attributes = call(usage=Usage(billed_units=units)).attributes()

    assert {name: n for name, n in attributes.items() if name.startswith("gen_ai.usage")} == {
        "gen_ai.usage.audio.input_tokens": 1,
        "gen_ai.usage.image.output_tokens": 2,
        "gen_ai.usage.text.cache_read.input_tokens": 3,
    }


def test_a_conversation_is_the_test_s_own_before_the_provider_s() -> None:
    remembered = {"parameters": {"conversation.id": "conv_1"}}

    theirs, ours = call(**remembered), call(session_id="s1", **remembered)

    assert theirs.attributes()["gen_ai.conversation.id"] == "conv_1"
    assert ours.attributes()["gen_ai.conversation.id"] == "s1"


def test_a_parameter_without_a_name_in_the_conventions_is_no_attribute() -> None:
    assert "gen_ai.request.min_p" not in call(parameters={"min_p": 0.1}).attributes()


def test_openai_s_attributes_are_of_openai_s_formats_only() -> None:
    tiered = {"service_tier": "standard", "system_fingerprint": "fp"}

    theirs, others = call(**tiered), call(wire_format="anthropic.messages", **tiered)

    assert theirs.attributes()["openai.response.service_tier"] == "standard"
    assert not any(name.startswith("openai.") for name in others.attributes())


def test_the_registry_holds_what_a_full_call_says() -> None:
    full = call(
        parameters={
            "temperature": 0.1,
            "top_p": 0.1,
            "top_k": 1,
            "max_tokens": 1,
            "frequency_penalty": 0.1,
            "presence_penalty": 0.1,
            "seed": 1,
            "stop_sequences": ["x"],
            "choice_count": 2,
            "encoding_formats": ["float"],
            "reasoning.level": "low",
            "previous_response.id": "resp_1",
        },
        thread="MainThread",
        error_type="429",
    )

    assert problems(full) == []
    assert "gen_ai.request.temperature" in registry()


def test_one_file_spells_the_names() -> None:
    """One writes them; the reader of others' logs also knows those of earlier conventions."""
    root = Path(pytest_litmus.__file__).parent

    files = {path for path in root.rglob("*.py") if "gen_ai." in path.read_text("utf-8")}

    names = {path.relative_to(root).as_posix() for path in files}
    assert names == {"wire/otel.py", "drift/readers/otlp.py"}
