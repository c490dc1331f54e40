"""watsonx.ai: text generation, chat, embeddings, rerank, tokenization."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Flag
from tests.wire.formats.watsonx import (
    ASKED,
    BETA,
    CHAT,
    CHAT_ASKED,
    CHAT_STREAM,
    DEPLOYED,
    EMBEDDINGS,
    GENERATION,
    GENERATION_STREAM,
    ON_PREMISES,
    PLAIN,
    RERANK,
    SAID,
    STREAM,
    TOKENS,
    numbered,
    result,
)
from tests.wire.recordings import exchange, stream


def plain(url: str, said: Any = None, **fields: Any) -> Call:
    asked, recorded = PLAIN[url]
    call = decode(exchange(url, asked, recorded if said is None else said, **fields))
    assert call is not None
    return call


def streamed(*pieces: bytes, url: str = GENERATION_STREAM, **fields: Any) -> Call:
    call = decode(stream(url, ASKED, *pieces, **fields))
    assert call is not None
    return call


@pytest.mark.parametrize(
    ("url", "operation_name", "wire_format"),
    [
        (GENERATION, "text_completion", "watsonx.generation"),
        (BETA, "text_completion", "watsonx.generation"),
        (CHAT, "chat", "watsonx.chat"),
        (EMBEDDINGS, "embeddings", "watsonx.embeddings"),
        (RERANK, "rerank", "watsonx.rerank"),
        (TOKENS, "tokenize", "watsonx.tokenization"),
    ],
)
def test_the_path_tells_what_is_done(url: str, operation_name: str, wire_format: str) -> None:
    call = plain(url)

    assert (call.operation_name, call.wire_format) == (operation_name, wire_format)
    assert call.provider_name == "ibm.watsonx.ai"


def test_a_result_has_text_counts_and_the_reason_of_its_end() -> None:
    call = plain(GENERATION)

    assert (call.output_text, call.finish_reasons) == ("Hello!", ("eos_token",))
    assert (call.usage.input_tokens, call.usage.output_tokens) == (8, 2)
    assert call.response_model == "ibm/granite-3-8b-instruct"


def test_parameters_have_the_names_of_the_conventions() -> None:
    assert plain(GENERATION).parameters == {
        "max_tokens": 64,
        "temperature": 0.5,
        "seed": 7,
        "stop_sequences": ["\n"],
    }


def test_a_deployment_stands_for_the_model_that_the_body_leaves_out() -> None:
    assert plain(DEPLOYED).request_model == "my-granite"
    assert plain(GENERATION).request_model == "ibm/granite-3-8b-instruct"


def test_a_server_of_one_s_own_is_known_by_the_path() -> None:
    assert plain(ON_PREMISES).provider_name == "cpd.example"


def test_a_stream_counts_its_input_in_the_first_event_only() -> None:
    call = streamed(*STREAM)

    assert (call.usage.input_tokens, call.usage.output_tokens) == (8, 2)
    assert (call.output_text, call.finish_reasons) == ("Hello!", ("eos_token",))
    assert call.time_to_first_chunk_s == 1.0


def test_a_stream_that_is_not_finished_has_no_reason() -> None:
    assert streamed(*STREAM[:2], ended="closed").finish_reasons == ()


@pytest.mark.parametrize("url", [GENERATION_STREAM, CHAT_STREAM])
def test_a_stream_s_path_says_that_it_is_one(url: str) -> None:
    call = decode(exchange(url, CHAT_ASKED))

    assert call is not None
    assert call.streamed


def test_moderations_are_flags_of_the_input_or_the_output() -> None:
    hits = {
        "hap": [{"entity": "has_HAP", "input": True, "score": 0.75, "word": "x"}],
        "pii": [{"entity": "EmailAddress", "input": False, "score": 0.5}],
    }
    flags = (
        Flag(category="hap", subject="input", flagged=True, score=0.75),
        Flag(category="pii", subject="output", flagged=True, score=0.5),
    )
    moderated = {**SAID, "results": [{**SAID["results"][0], "moderations": hits}]}
    first, last = result("Hel", 1, 8), result("lo!", 2)
    first["results"][0]["moderations"] = {"hap": hits["hap"]}
    last["results"][0]["moderations"] = {"pii": hits["pii"]}

    assert plain(GENERATION, moderated).flags == flags
    assert streamed(*numbered(first, last)).flags == flags


@pytest.mark.parametrize("url", [GENERATION, CHAT])
def test_the_first_of_the_errors_says_what_was_wrong(url: str) -> None:
    errors = [{"code": "model_not_supported", "message": "No such model"}, {"code": "x"}]

    call = plain(url, {"errors": errors, "trace": "t", "status_code": 404}, status=404)

    assert (call.error_type, call.error_message) == ("model_not_supported", "No such model")


@pytest.mark.parametrize("url", [GENERATION_STREAM, CHAT_STREAM])
def test_an_error_may_come_in_the_stream(url: str) -> None:
    broken = {"errors": [{"code": "token_quota_reached", "message": "m"}], "status_code": 403}

    assert streamed(*numbered(broken), url=url).error_type == "token_quota_reached"


def test_embeddings_and_rankings_have_no_output() -> None:
    embedded, ranked = plain(EMBEDDINGS), plain(RERANK)

    assert (embedded.usage.input_tokens, embedded.usage.output_tokens) == (4, 0)
    assert (embedded.embedding_dimensions, embedded.embedding_count) == (3, 2)
    assert (ranked.usage.input_tokens, ranked.usage.output_tokens) == (6, 0)


def test_texts_to_embed_and_documents_to_rank_are_what_was_asked() -> None:
    assert [one.text for one in plain(EMBEDDINGS).input_messages] == ["Hi", "Ho"]
    assert [one.text for one in plain(RERANK).input_messages] == ["Hello", "Bye", "Hi"]


def test_counting_tokens_runs_no_model() -> None:
    call = plain(TOKENS)

    assert (call.runs_model, call.usage.input_tokens) == (False, 3)
    assert call.usage.output_tokens is None


def test_chat_has_the_model_s_name_under_another_key() -> None:
    call = plain(CHAT)

    assert (call.request_model, call.response_model) == ("ibm/granite-3-8b-instruct",) * 2
    assert (call.response_id, call.usage.input_tokens) == ("chat-1", 8)


def test_what_else_is_asked_there_is_no_text() -> None:
    url = "https://cpd.example/ml/v4/deployments?version=2025-02-11"

    assert decode(exchange(url, {"name": "d"}, {})) is None
