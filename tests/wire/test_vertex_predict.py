"""Vertex AI's predict: PaLM, Imagen, and other publishers' models."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Flag, Message, Part, Usage
from tests.wire.formats.gemini import VERTEX
from tests.wire.formats.vertex_predict import (
    CHAT,
    ENDPOINT,
    IMAGEN,
    MISTRAL,
    PLAIN,
    PUBLISHERS,
    TEXT,
)
from tests.wire.recordings import CHAT_ASKED, CHAT_SAID, exchange


def decoded(url: str, asked: Any = None, said: Any = None, **fields: Any) -> Call:
    recorded = PLAIN.get(url, (None, None))
    call = decode(exchange(url, asked or recorded[0], said or recorded[1], **fields))
    assert call is not None
    return call


def test_a_text_is_completed() -> None:
    call = decoded(TEXT)

    assert (call.operation_name, call.wire_format) == ("text_completion", "vertex.predict")
    assert (call.provider_name, call.request_model) == ("gcp.vertex_ai", "text-bison")
    assert (call.input_text, call.output_text) == ("Hi", "Hello!")
    assert call.parameters == {"temperature": 0.2, "top_k": 40}
    assert call.usage == Usage(
        input_tokens=1, output_tokens=2, billed_units={"input_characters": 2}
    )
    assert call.flags == (Flag(category="Insult", subject="output", flagged=False, score=0.1),)


def test_counts_are_read_in_both_spellings() -> None:
    counts = {
        "token_metadata": {
            "input_token_count": {"total_tokens": 1},
            "output_token_count": {"total_tokens": 2},
        }
    }

    usage = decoded(TEXT, said={"predictions": [{"content": "x"}], "metadata": counts}).usage

    assert (usage.input_tokens, usage.output_tokens) == (1, 2)


def test_a_chat_has_a_context_examples_and_authors() -> None:
    turns = [
        {"author": "Ann", "content": "Hi"},
        {"author": "Bob", "content": "Ho"},
        {"author": "Ann", "content": "Hm"},
    ]
    asked, _ = PLAIN[CHAT]
    instance = {**asked["instances"][0], "messages": turns}

    call = decoded(CHAT, {"instances": [instance]})

    assert (call.operation_name, call.request_model) == ("chat", "chat-bison@002")
    assert call.system_instructions == (Part("text", content="Be brief."),)
    assert [(one.role, one.text) for one in call.input_messages] == [
        ("user", "Ho"),
        ("assistant", "Ho!"),
        ("user", "Hi"),
        ("assistant", "Ho"),
        ("user", "Hm"),
    ]
    assert call.output_messages == (Message("assistant", (Part("text", content="Hello!"),)),)


def test_code_around_a_gap_is_completed() -> None:
    url = f"{PUBLISHERS}/google/models/code-gecko:predict"

    call = decoded(url, {"instances": [{"prefix": "def f(", "suffix": "): ..."}]}, {})

    assert (call.operation_name, call.input_text) == ("text_completion", "def f(): ...")


def test_an_answer_that_was_blocked_is_flagged() -> None:
    rated = {"blocked": True, "categories": ["Violent", "Toxic"], "scores": [0.75]}

    call = decoded(TEXT, said={"predictions": [{"content": "", "safetyAttributes": rated}]})

    assert call.flags == (Flag(category="Violent", subject="output", flagged=True, score=0.75),)
    assert call.output_messages == (Message("assistant"),)


def test_pictures_are_billed_by_number() -> None:
    call = decoded(IMAGEN)

    assert (call.operation_name, call.provider_name) == ("image_generation", "gcp.gemini")
    assert call.parameters == {"choice_count": 2}
    assert call.usage == Usage(billed_units={"images": 2})
    assert [message.parts for message in call.output_messages] == [
        (Part("blob", content="AAAA", mime_type="image/png", modality="image"),)
    ] * 2


def test_a_picture_that_was_filtered_is_flagged_and_not_billed() -> None:
    rated = {"categories": ["Violence"], "scores": [0.5]}

    call = decoded(
        IMAGEN,
        said={
            "predictions": [
                {"raiFilteredReason": "Person Generation."},
                {"contentType": "Positive Prompt", "safetyAttributes": rated},
            ]
        },
    )

    assert call.flags == (
        Flag(category="Person Generation.", subject="output", flagged=True),
        Flag(category="Violence", subject="input", flagged=False, score=0.5),
    )
    assert (call.output_messages, call.usage) == ((Message("assistant"),), Usage())


def test_that_all_pictures_were_filtered_is_an_empty_answer_and_no_error() -> None:
    call = decode(exchange(IMAGEN, PLAIN[IMAGEN][0], {}))

    assert call is not None
    assert (call.error_type, call.output_messages) == (None, ())


def test_a_picture_to_edit_is_input() -> None:
    picture = {"bytesBase64Encoded": "AAAA", "mimeType": "image/png"}

    call = decoded(IMAGEN, {"instances": [{"prompt": "A hat", "image": picture}]})

    assert [part.type for part in call.input_messages[0].parts] == ["text", "blob"]


def test_what_stands_behind_an_endpoint_predicts() -> None:
    call = decoded(ENDPOINT)

    assert (call.operation_name, call.request_model) == ("prediction", "456")
    assert (call.output_text, call.usage) == ("0.5", Usage())


def test_a_chat_from_the_model_garden_answers_as_openai_does() -> None:
    asked = {"@requestFormat": "chatCompletions", "messages": CHAT_ASKED["messages"]}

    call = decoded(ENDPOINT, {"instances": [asked]}, {"predictions": CHAT_SAID})

    assert (call.operation_name, call.input_text, call.output_text) == ("chat", "Hi", "Hello!")
    assert (call.response_id, call.finish_reasons) == ("chatcmpl-1", ("stop",))
    assert (call.usage.input_tokens, call.usage.output_tokens) == (8, 2)


def test_another_publisher_s_chat_is_read_by_its_own_format() -> None:
    call = decoded(f"{MISTRAL}:rawPredict", CHAT_ASKED, CHAT_SAID)

    assert (call.operation_name, call.wire_format) == ("chat", "vertex.predict")
    assert (call.provider_name, call.output_text) == ("gcp.vertex_ai", "Hello!")


def test_a_model_that_only_the_path_names_is_known() -> None:
    call = decoded(f"{MISTRAL}:streamRawPredict", {"messages": []})

    assert (call.request_model, call.streamed) == ("mistral-small-2503", True)


def test_claude_on_vertex_keeps_its_own_format() -> None:
    url = f"{PUBLISHERS}/anthropic/models/claude-sonnet-4-5:rawPredict"

    assert decoded(url, {"messages": []}).wire_format == "anthropic.messages"


@pytest.mark.parametrize(
    ("method", "url", "asked"),
    [
        ("POST", "http://localhost:8501/v1/models/half_plus_two:predict", {"instances": [1.0]}),
        ("POST", "http://localhost:8501/v1/models/x:predict", {"instances": [{"pixels": [1]}]}),
        ("POST", f"{VERTEX}/endpoints/456:explain", {"instances": [[1]]}),
        ("GET", f"{VERTEX}/endpoints/456", b""),
    ],
)
def test_what_asks_no_language_model_is_no_call(method: str, url: str, asked: Any) -> None:
    assert decode(exchange(url, asked, {"predictions": [2.5]}, method=method)) is None


def test_a_gateway_s_text_model_is_known_by_its_instances() -> None:
    url = "https://gateway.example/models/text-bison:predict"

    assert decoded(url, {"instances": [{"prompt": "Hi"}]}).operation_name == "text_completion"
