"""SageMaker's endpoints: the containers' formats, whole and cut into frames."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Usage
from tests.wire.formats.sagemaker import INVOKE, LLAMA, PLAIN, STREAM, STREAMS, TGI, parts, token
from tests.wire.frames import event, exception
from tests.wire.recordings import CHAT_ASKED, CHAT_STREAM, exchange, sse, stream


def decoded(one: Any) -> Call:
    call = decode(one)
    assert call is not None
    return call


def plain(fragment: str = "") -> Call:
    return decoded(exchange(INVOKE, *PLAIN[f"{INVOKE}{fragment}"]))


def streamed(*pieces: bytes, asked: Any = TGI) -> Call:
    return decoded(stream(STREAM, asked, *pieces))


def test_the_endpoint_s_name_names_no_model() -> None:
    call = plain()

    assert (call.provider_name, call.wire_format) == ("aws.sagemaker", "sagemaker")
    assert (call.request_model, call.response_model, call.usage) == (None, None, Usage())


@pytest.mark.parametrize(
    ("fragment", "operation_name", "input_text"),
    [
        ("", "text_completion", "Hi"),
        ("#object", "text_completion", "Hi"),
        ("#llama-text", "text_completion", "Hi"),
        ("#completion", "text_completion", "Hi"),
        ("#llama", "chat", "Hi"),
        ("#chat", "chat", "Hi"),
    ],
)
def test_every_container_s_format_is_read(
    fragment: str, operation_name: str, input_text: str
) -> None:
    call = plain(fragment)

    assert (call.operation_name, call.input_text) == (operation_name, input_text)
    assert call.output_text == "Hello!"


def test_a_conversation_among_the_inputs_has_its_roles() -> None:
    call = decoded(exchange(INVOKE, LLAMA))

    assert [(message.role, message.text) for message in call.input_messages] == [
        ("system", "Be brief"),
        ("user", "Hi"),
    ]
    assert call.parameters == {"max_tokens": 64}


@pytest.mark.parametrize("url", STREAMS)
@pytest.mark.parametrize("size", [1, 5, 64])
def test_frames_that_end_anywhere_change_nothing(url: str, size: int) -> None:
    asked, sent = STREAMS[url]
    whole = decoded(stream(url, asked, *sent))
    body = b"".join(event_payloads(sent))
    cut = parts(*(body[at : at + size] for at in range(0, len(body), size)))

    call = decoded(stream(url, asked, *cut))

    assert call.output_messages == whole.output_messages
    assert (call.usage, call.error_type) == (whole.usage, None)


def event_payloads(sent: list[bytes]) -> list[bytes]:
    """What the frames of `parts` hold."""
    empty = len(event("PayloadPart", b""))
    return [one[empty - 4 : -4] for one in sent]


def test_a_character_that_two_frames_share_is_whole() -> None:
    body = f"data: {json.dumps(token('1 €'), ensure_ascii=False)}\n\n".encode()
    middle = body.index("€".encode()) + 1

    assert streamed(*parts(body[:middle], body[middle:])).output_text == "1 €"


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        (TGI, b"".join(sse(token("Hel")))),
        (TGI, json.dumps(token("Hel")).encode() + b"\n"),
        (CHAT_ASKED, b"".join(CHAT_STREAM[:2])),
    ],
)
def test_an_exception_inside_a_stream_is_an_error(asked: Any, first: bytes) -> None:
    call = streamed(*parts(first), exception("ModelStreamError", "Gone"), asked=asked)

    assert (call.error_type, call.error_message) == ("ModelStreamError", "Gone")
    assert call.output_text == "Hel"


def test_a_container_may_answer_a_stream_with_one_piece_of_json() -> None:
    assert streamed(*parts(b'[{"generated_text":', b' "Hello!"}]')).output_text == "Hello!"


def test_an_error_of_the_container_is_named_by_the_header() -> None:
    said = {"Message": "Received client error (400)", "OriginalStatusCode": 400}
    headers = (("x-amzn-errortype", "ModelError:http://internal/"),)

    call = decoded(exchange(INVOKE, TGI, said, status=424, headers=headers))

    assert (call.error_type, call.error_message) == ("ModelError", "Received client error (400)")


def test_a_model_of_another_kind_is_not_read() -> None:
    call = decode(exchange(INVOKE, b"1.5,2.5,3.5", b"0.93"))

    assert call is None or not call.wire_format.startswith("sagemaker")


def test_an_endpoint_of_another_host_needs_a_body_of_the_shape() -> None:
    url = "https://shop.example/endpoints/sofa/invocations"

    assert decode(exchange(url, {"name": "x"})) is None
