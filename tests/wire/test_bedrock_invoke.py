"""Bedrock's InvokeModel: the bodies of the families, and what Bedrock adds to them."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Flag, Message, Part, Usage
from tests.wire.formats.bedrock_invoke import (
    CHAT,
    CLAUDE_2,
    COMMAND,
    COMMAND_R,
    JURASSIC,
    LLAMA,
    MESSAGES,
    METRICS,
    MISTRAL,
    NOVA,
    NOVA_EMBEDDING,
    NOVA_IMAGE,
    PLAIN,
    STREAMS,
    TITAN,
    inner,
    model,
    streamed,
)
from tests.wire.frames import chunk, exception
from tests.wire.recordings import MESSAGES_SAID, MESSAGES_STREAM, exchange, stream

CLAUDE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
COUNTED = Usage(input_tokens=8, output_tokens=2)


def counts(**named: int) -> tuple[tuple[str, str], ...]:
    """Headers as Bedrock sends them: `input=8` is `X-Amzn-Bedrock-Input-Token-Count: 8`."""
    return tuple(
        (f"X-Amzn-Bedrock-{name.replace('_', '-').title()}-Token-Count", str(value))
        for name, value in named.items()
    )


def decoded(one: Any) -> Call:
    call = decode(one)
    assert call is not None
    return call


def plain(name: str, **fields: Any) -> Call:
    return decoded(exchange(model(name), *PLAIN[model(name)], **fields))


def answered(name: str, asked: Any, said: Any, **fields: Any) -> Call:
    return decoded(exchange(model(name), asked, said, **fields))


def pieces(name: str, asked: Any, *sent: bytes, **fields: Any) -> Call:
    return decoded(stream(streamed(name), asked, *sent, **fields))


OPERATIONS = {
    "anthropic.claude-v2:1": "text_completion",
    "amazon.titan-text-express-v1": "text_completion",
    "meta.llama3-8b-instruct-v1:0": "text_completion",
    "mistral.mistral-7b-instruct-v0:2": "text_completion",
    "cohere.command-light-text-v14": "text_completion",
    "ai21.j2-mid-v1": "text_completion",
    "us.deepseek.r1-v1:0": "text_completion",
    CLAUDE: "chat",
    "amazon.nova-micro-v1:0": "chat",
    "mistral.mistral-large-2402-v1:0": "chat",
    "cohere.command-r-v1:0": "chat",
    "ai21.jamba-1-5-mini-v1:0": "chat",
    "openai.gpt-oss-20b-1:0": "chat",
    "us.twelvelabs.pegasus-1-2-v1:0": "chat",
    "amazon.titan-embed-text-v2:0": "embeddings",
    "amazon.titan-embed-image-v1": "embeddings",
    "cohere.embed-english-v3": "embeddings",
    "cohere.embed-v4:0": "embeddings",
    "amazon.nova-2-multimodal-embeddings-v1:0": "embeddings",
    "cohere.rerank-v3-5:0": "rerank",
    "amazon.nova-canvas-v1:0": "image_generation",
    "stability.stable-image-ultra-v1:1": "image_generation",
    "stability.stable-diffusion-xl-v1": "image_generation",
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_body_tells_what_is_asked_for_also_before_it_is_sent(name: str) -> None:
    unsent, call = decoded(exchange(model(name), PLAIN[model(name)][0])), plain(name)

    assert (unsent.operation_name, call.operation_name) == (OPERATIONS[name],) * 2
    assert (call.wire_format, call.provider_name) == ("bedrock.invoke", "aws.bedrock")
    assert (unsent.request_model, call.request_model) == (name, name)


@pytest.mark.parametrize(
    ("asked", "input_text"),
    [
        (MESSAGES, "Hi"),
        (CLAUDE_2, "\n\nHuman: Hi\n\nAssistant:"),
        (NOVA, "Hi"),
        (TITAN, "Hi"),
        (LLAMA, "Hi"),
        (MISTRAL, "<s>[INST] Hi [/INST]"),
        (COMMAND, "Hi"),
        (COMMAND_R, "Hi"),
        (JURASSIC, "Hi"),
        (CHAT, "Hi"),
        (NOVA_EMBEDDING, "Hi"),
        (NOVA_IMAGE, "A cat"),
        ({"text_prompts": [{"text": "A cat", "weight": 1.0}]}, "A cat"),
        ({"texts": ["Hi", "Ho"], "input_type": "search_query"}, "Ho"),
        ({"query": "Hi", "documents": ["a", {"text": "b"}]}, "Hi"),
        ({"inputs": [{"content": [{"type": "text", "text": "Hi"}]}], "input_type": "x"}, "Hi"),
    ],
)
def test_the_prompt_is_found_in_every_family(asked: Any, input_text: str) -> None:
    assert decoded(exchange(model("a-profile"), asked)).input_text == input_text


@pytest.mark.parametrize(
    ("asked", "parameters"),
    [
        (MESSAGES, {"max_tokens": 64}),
        (CLAUDE_2, {"max_tokens": 64, "stop_sequences": ["\n\nHuman:"]}),
        (NOVA, {"max_tokens": 64, "top_k": 20}),
        (TITAN, {"max_tokens": 64, "top_p": 0.5, "stop_sequences": ["|"]}),
        (LLAMA, {"max_tokens": 64, "temperature": 0.5}),
        (MISTRAL, {"max_tokens": 64, "top_k": 5}),
        (COMMAND, {"max_tokens": 64, "top_p": 0.5, "top_k": 5}),
        (COMMAND_R, {"max_tokens": 64}),
        (JURASSIC, {"max_tokens": 64, "choice_count": 1}),
        (CHAT, {"max_tokens": 64}),
        (NOVA_IMAGE, {"choice_count": 2, "seed": 7}),
    ],
)
def test_parameters_have_their_conventional_names(asked: Any, parameters: Any) -> None:
    assert decoded(exchange(model("a-profile"), asked)).parameters == parameters


@pytest.mark.parametrize(
    ("name", "reason", "response_id"),
    [
        (CLAUDE, "end_turn", "msg_1"),
        ("anthropic.claude-v2:1", "stop_sequence", None),
        ("amazon.nova-micro-v1:0", "end_turn", None),
        ("amazon.titan-text-express-v1", "FINISH", None),
        ("meta.llama3-8b-instruct-v1:0", "stop", None),
        ("mistral.mistral-7b-instruct-v0:2", "stop", None),
        ("mistral.mistral-large-2402-v1:0", "stop", None),
        ("cohere.command-light-text-v14", "COMPLETE", "c1"),
        ("cohere.command-r-v1:0", "COMPLETE", "g1"),
        ("ai21.j2-mid-v1", "endoftext", "1234"),
        ("us.deepseek.r1-v1:0", "stop", None),
    ],
)
def test_the_reason_and_the_id_are_found_in_every_family(
    name: str, reason: str, response_id: str | None
) -> None:
    call = plain(name)

    assert (call.finish_reasons, call.response_id) == ((reason,), response_id)


@pytest.mark.parametrize(
    "name",
    [
        CLAUDE,
        "amazon.nova-micro-v1:0",
        "amazon.titan-text-express-v1",
        "meta.llama3-8b-instruct-v1:0",
        "ai21.j2-mid-v1",
        "openai.gpt-oss-20b-1:0",
    ],
)
def test_tokens_that_the_body_counts_win_over_the_headers(name: str) -> None:
    usage = plain(name, headers=counts(input=99, output=99)).usage

    assert (usage.input_tokens, usage.output_tokens) == (8, 2)


@pytest.mark.parametrize(
    "name",
    [
        "anthropic.claude-v2:1",
        "mistral.mistral-7b-instruct-v0:2",
        "mistral.mistral-large-2402-v1:0",
        "cohere.command-light-text-v14",
        "cohere.command-r-v1:0",
        "us.deepseek.r1-v1:0",
    ],
)
def test_tokens_that_the_body_does_not_count_stand_in_headers(name: str) -> None:
    assert plain(name, headers=counts(input=8, output=2)).usage == COUNTED
    assert plain(name).usage == Usage()


def test_headers_count_the_input_without_the_cache() -> None:
    headers = counts(input=2, output=5, cache_read_input=100, cache_write_input=1000)

    assert plain("cohere.command-r-v1:0", headers=headers).usage == Usage(
        input_tokens=1102,
        output_tokens=5,
        cache_read_input_tokens=100,
        cache_write_input_tokens=1000,
    )


def test_a_guarded_answer_of_nova_is_completed_by_the_headers() -> None:
    name = "amazon.nova-lite-v1:0"
    trace = {
        "amazon-bedrock-trace": {
            "guardrail": {
                "input": {"gr1": {"invocationMetrics": {}}},
                "outputs": [
                    {
                        "gr1": {
                            "sensitiveInformationPolicy": {
                                "regexes": [{"name": "Account", "action": "ANONYMIZED"}]
                            }
                        }
                    }
                ],
            }
        },
        "amazon-bedrock-guardrailAction": "INTERVENED",
    }
    said = {**PLAIN[model("amazon.nova-micro-v1:0")][1], "usage": {"inputTokens": 30}, **trace}

    call = answered(name, NOVA, said, headers=counts(input=30, output=51))

    assert call.usage == Usage(input_tokens=30, output_tokens=51)
    assert call.flags == (Flag(category="Account", subject="output", flagged=True),)


@pytest.mark.parametrize("broken", ["", "many", "-1", "[1]", "1.5"])
def test_a_header_that_is_no_count_is_none(broken: str) -> None:
    headers = (("x-amzn-bedrock-input-token-count", broken),)

    assert plain("anthropic.claude-v2:1", headers=headers).usage == Usage()


def test_times_are_seconds() -> None:
    headers = (("x-amzn-bedrock-invocation-latency", "695"),)

    assert plain(CLAUDE, headers=headers).server_times_s == {"invocationLatency": 0.695}


@pytest.mark.parametrize(
    ("sent", "got", "tier"),
    [
        ((), (), None),
        ((("X-Amzn-Bedrock-Service-Tier", "flex"),), (), "flex"),
        (
            (("X-Amzn-Bedrock-Service-Tier", "flex"),),
            (("x-amzn-bedrock-service-tier", "default"),),
            "default",
        ),
        ((("X-Amzn-Bedrock-PerformanceConfig-Latency", "optimized"),), (), "optimized"),
    ],
)
def test_the_tier_stands_in_headers(sent: Any, got: Any, tier: str | None) -> None:
    one = exchange(model("meta.llama3-8b-instruct-v1:0"), LLAMA, {"generation": "x"}, headers=got)
    object.__setattr__(one.request, "headers", sent)

    assert decoded(one).service_tier == tier


@pytest.mark.parametrize(
    ("name", "count", "dimensions", "input_tokens"),
    [
        ("amazon.titan-embed-text-v2:0", 1, 3, 2),
        ("amazon.titan-embed-image-v1", 1, 2, 2),
        ("cohere.embed-english-v3", 2, 3, 5),
        ("cohere.embed-v4:0", 1, 2, 5),
        ("amazon.nova-2-multimodal-embeddings-v1:0", 1, 3, 5),
    ],
)
def test_vectors_are_counted_and_have_no_output(
    name: str, count: int, dimensions: int, input_tokens: int
) -> None:
    call = plain(name, headers=counts(input=5))

    assert (call.embedding_count, call.embedding_dimensions) == (count, dimensions)
    assert call.usage == Usage(input_tokens=input_tokens, output_tokens=0)
    assert call.output_messages == ()


@pytest.mark.parametrize(
    ("asked", "dimensions"),
    [
        ({"inputText": "Hi", "dimensions": 256}, 256),
        ({"inputText": "Hi", "embeddingConfig": {"outputEmbeddingLength": 384}}, 384),
        ({"texts": ["Hi"], "input_type": "x", "output_dimension": 512}, 512),
        (NOVA_EMBEDDING, 256),
    ],
)
def test_before_it_is_sent_vectors_have_the_dimensions_asked_for(
    asked: Any, dimensions: int
) -> None:
    assert decoded(exchange(model("x.embed"), asked)).embedding_dimensions == dimensions


def test_a_vector_of_bits_has_eight_dimensions_a_number() -> None:
    said = {"id": "e", "embeddings": {"binary": [[1, -2, 3]]}}

    call = answered("cohere.embed-v4:0", {"texts": ["a"], "input_type": "x"}, said)

    assert call.embedding_dimensions == 24


def test_images_are_parts_and_are_counted() -> None:
    call = plain("amazon.nova-canvas-v1:0")

    assert call.output_messages == tuple(
        Message("assistant", (Part("blob", content=data, modality="image"),))
        for data in ("AAAA", "BBBB")
    )
    assert call.usage == Usage(billed_units={"images": 2})


def test_images_that_stability_left_out_have_a_reason() -> None:
    call = answered(
        "stability.sd3-large-v1:0",
        {"prompt": "A cat"},
        {"finish_reasons": ["Filter reason: prompt"]},
    )

    assert (call.finish_reasons, call.error_type) == (("Filter reason: prompt",), None)
    assert call.output_messages == ()


def test_an_image_that_is_to_be_changed_is_a_part() -> None:
    asked = {
        "taskType": "IMAGE_VARIATION",
        "imageVariationParams": {"text": "In blue", "images": ["AAAA"]},
        "image": "BBBB",
    }

    call = decoded(exchange(model("amazon.titan-image-generator-v2:0"), asked))

    assert call.operation_name == "image_generation"
    assert call.input_messages == (
        Message(
            "user",
            (
                Part("blob", content="BBBB", modality="image"),
                Part("text", content="In blue"),
            ),
        ),
    )


def test_choices_are_kept_apart_in_a_plain_answer_and_in_a_stream() -> None:
    generations = [
        {"id": "g1", "text": "a", "finish_reason": "MAX_TOKENS"},
        {"id": "g2", "text": "b", "finish_reason": "COMPLETE"},
    ]
    name, asked = "cohere.command-light-text-v14", {**COMMAND, "num_generations": 2}

    # Command streams several choices as one whole answer, or piece by piece with an index.
    calls = [
        answered(name, asked, {"id": "c1", "generations": generations}),
        pieces(name, asked, chunk({"id": "c1", "generations": generations, **METRICS})),
        pieces(
            name,
            asked,
            chunk({"index": 1, "text": "b", "is_finished": False}),
            chunk({"index": 0, "text": "a", "is_finished": False}),
            chunk({"index": 0, "finish_reason": "MAX_TOKENS", "is_finished": True}),
            chunk({"index": 1, "finish_reason": "COMPLETE", "is_finished": True}),
        ),
    ]

    for call in calls:
        assert [message.text for message in call.output_messages] == ["a", "b"]
        assert call.finish_reasons == ("MAX_TOKENS", "COMPLETE")


def test_command_r_s_conversation_and_tool_calls_are_read() -> None:
    said = {
        "generation_id": "g1",
        "text": "",
        "finish_reason": "COMPLETE",
        "tool_calls": [{"name": "f", "parameters": {"a": 1}}],
    }

    call = answered("cohere.command-r-v1:0", COMMAND_R, said)

    assert [(message.role, message.text) for message in call.input_messages] == [
        ("user", "Who are you?"),
        ("assistant", "A model."),
        ("user", "Hi"),
    ]
    assert call.system_instructions == (Part("text", content="Be brief"),)
    assert call.tool_calls == (Part("tool_call", name="f", arguments={"a": 1}),)


def test_an_imported_model_answers_as_openai_s_completions() -> None:
    url = model("arn:aws:sagemaker:us-east-1:111122223333:endpoint/x")
    said = {
        "object": "text_completion",
        "id": "",
        "model": "/opt/ml/model",
        "choices": [{"index": 0, "text": "Hello!", "finish_reason": "length"}],
        "usage": {"prompt_tokens": 8, "completion_tokens": 2, "total_tokens": 10},
    }

    call = decoded(exchange(url, {"prompt": "Hi"}, said))

    assert call.request_model == "arn:aws:sagemaker:us-east-1:111122223333:endpoint/x"
    assert (call.output_text, call.finish_reasons) == ("Hello!", ("length",))
    assert (call.response_id, call.usage) == (None, COUNTED)


def test_what_claude_counts_in_a_stream_wins_over_the_last_event() -> None:
    told = {"inputTokenCount": 8, "outputTokenCount": 1, "invocationLatency": 1250}
    last = chunk({"type": "message_stop", "amazon-bedrock-invocationMetrics": told})

    call = pieces(CLAUDE, MESSAGES, *inner(MESSAGES_STREAM)[:-1], last)

    assert (call.usage.input_tokens, call.usage.output_tokens) == (8, 2)
    assert call.server_times_s == {"invocationLatency": 1.25}
    assert call.response_model == MESSAGES_SAID["model"]


@pytest.mark.parametrize(
    "name",
    [
        "anthropic.claude-instant-v1",
        "mistral.mistral-7b-instruct-v0:2",
        "cohere.command-light-text-v14",
        "cohere.command-r-v1:0",
        "us.deepseek.r1-v1:0",
    ],
)
def test_a_stream_that_counts_nothing_is_counted_by_its_last_event(name: str) -> None:
    asked, sent = STREAMS[streamed(name)]

    assert pieces(name, asked, *sent).usage == COUNTED
    assert pieces(name, asked, *sent[:-1]).usage == Usage()


def test_times_of_a_stream_are_seconds() -> None:
    last = chunk({"completion": "x", "stop_reason": "stop_sequence", **METRICS})

    assert pieces("anthropic.claude-v2", CLAUDE_2, last).server_times_s == {
        "invocationLatency": 1.25,
        "firstByteLatency": 0.5,
    }


def test_a_guardrail_s_trace_comes_with_a_stream_s_last_event() -> None:
    topic = {"topics": [{"name": "Stocks", "action": "BLOCKED"}]}
    trace = {"guardrail": {"input": {"gr1": {"topicPolicy": topic}}}}
    last = chunk({"outputText": "x", "index": 0, "amazon-bedrock-trace": trace})

    call = pieces("amazon.titan-text-lite-v1", TITAN, chunk({"outputText": "Sorry"}), last)

    assert call.flags == (Flag(category="Stocks", subject="input", flagged=True),)


@pytest.mark.parametrize(
    ("name", "asked", "first"),
    [
        ("amazon.titan-text-lite-v1", TITAN, chunk({"outputText": "Hel", "index": 0})),
        (CLAUDE, MESSAGES, b"".join(inner(MESSAGES_STREAM)[:4])),
        ("openai.gpt-oss-20b-1:0", CHAT, chunk({"choices": [{"delta": {"content": "Hel"}}]})),
        (
            "amazon.nova-micro-v1:0",
            NOVA,
            chunk({"contentBlockDelta": {"delta": {"text": "Hel"}, "contentBlockIndex": 0}}),
        ),
        (
            "cohere.command-r-v1:0",
            COMMAND_R,
            chunk({"event_type": "text-generation", "text": "Hel"}),
        ),
    ],
)
def test_an_exception_inside_a_stream_is_an_error_in_every_family(
    name: str, asked: Any, first: bytes
) -> None:
    call = pieces(name, asked, first, exception("modelTimeoutException", "Too slow"))

    assert (call.error_type, call.error_message) == ("modelTimeoutException", "Too slow")
    assert call.output_text == "Hel"


@pytest.mark.parametrize("asked", [MESSAGES, CHAT, NOVA, LLAMA, COMMAND_R, b""])
def test_an_error_is_named_by_the_header_and_is_no_output(asked: Any) -> None:
    headers = (("x-amzn-ErrorType", "AccessDeniedException:http://internal/"),)

    call = answered("a-model", asked, {"message": "No access"}, status=403, headers=headers)

    assert (call.error_type, call.error_message) == ("AccessDeniedException", "No access")
    assert call.output_messages == ()


@pytest.mark.parametrize("asked", [{}, {"name": "x"}, [], b"<x>"])
def test_on_another_host_a_body_of_another_shape_is_no_invocation(asked: Any) -> None:
    assert decode(exchange("https://shop.example/model/sofa/invoke", asked)) is None


def test_a_frame_without_an_event_of_the_family_is_passed_over() -> None:
    call = pieces(
        "meta.llama3-8b-instruct-v1:0",
        LLAMA,
        chunk(b"no JSON"),
        chunk(b""),
        chunk({"generation": "Hello!"}),
    )

    assert (call.output_text, call.error_type) == ("Hello!", None)


def test_json_with_line_ends_inside_a_frame_is_one_event() -> None:
    call = pieces(
        "meta.llama3-8b-instruct-v1:0", LLAMA, chunk(b'{\r\n  "generation":\n  "Hello!"\n}')
    )

    assert call.output_text == "Hello!"
