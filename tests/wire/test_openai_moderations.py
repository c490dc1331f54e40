"""Moderation by OpenAI and Mistral."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from pytest_litmus.wire.calls import Call, Flag, Message, Part, Usage
from tests.wire.formats.openai_moderations import MODERATIONS, PLAIN, RESULT, SAID
from tests.wire.recordings import exchange

MISTRAL = "https://api.mistral.ai/v1/chat/moderations"


def asked(given: Any) -> Call:
    call = decode(exchange(MODERATIONS, {"model": "omni-moderation-latest", "input": given}))
    assert call is not None
    return call


def said(**fields: Any) -> Call:
    given, _ = PLAIN[MODERATIONS]
    call = decode(exchange(MODERATIONS, given, {**SAID, **fields}))
    assert call is not None
    return call


def test_each_category_is_a_flag_with_its_score() -> None:
    call = said()

    assert (call.operation_name, call.response_id) == ("moderation", "modr-1")
    assert call.flags == (
        Flag(category="hate", subject="input", flagged=False, score=0.0004),
        Flag(category="violence", subject="input", flagged=True, score=0.99),
    )
    assert (call.output_messages, call.usage) == ((), Usage())


def test_several_texts_have_flags_each() -> None:
    assert [flag.flagged for flag in said(results=[RESULT, RESULT]).flags] == [False, True] * 2


def test_mistral_moderates_chats() -> None:
    call = decode(exchange(MISTRAL, *PLAIN[MISTRAL]))

    assert call is not None
    assert call.provider_name == "mistral_ai"
    assert call.input_text == "My number is 1"
    assert call.flags[0] == Flag(category="pii", subject="input", flagged=True, score=0.97)


PICTURE = {"type": "image_url", "image_url": {"url": "https://x.example/a.png"}}


@pytest.mark.parametrize(
    ("given", "messages"),
    [
        ("a", [("user", [Part("text", content="a")])]),
        (["a", "b"], [("user", [Part("text", content=one)]) for one in "ab"]),
        (
            [{"type": "text", "text": "a"}, PICTURE],
            [
                (
                    "user",
                    [
                        Part("text", content="a"),
                        Part("uri", uri="https://x.example/a.png", modality="image"),
                    ],
                )
            ],
        ),
        (
            [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}],
            [("user", [Part("text", content="a")]), ("assistant", [Part("text", content="b")])],
        ),
    ],
)
def test_every_kind_of_input_is_kept(given: Any, messages: list[Any]) -> None:
    expected = tuple(Message(role, tuple(parts)) for role, parts in messages)

    assert asked(given).input_messages == expected


def test_a_forum_s_own_moderations_are_no_call() -> None:
    assert decode(exchange("https://forum.example/moderations", {"input": "x"})) is None
