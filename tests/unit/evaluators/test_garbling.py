from __future__ import annotations

import time

import pytest

from pytest_litmus.evaluators.garbling import free_of_garbling
from pytest_litmus.verdicts import Score, Verdict

GARBLED = {
    "ChatML": ("Oslo.<|im_end|>", "template-token", "<|im_end|>"),
    "Llama": ("[/INST] Oslo.", "template-token", "[/INST]"),
    "Gemma": ("Oslo.<end_of_turn>", "template-token", "<end_of_turn>"),
    "DeepSeek": ("Oslo.<\uff5cend\uff5c>", "template-token", "<\uff5cend\uff5c>"),
    "an end of text": ("Oslo.</s>\n", "template-token", "</s>\n"),
    "bytes": ("Oslo<0x0A>Bergen", "token-bytes", "<0x0A>"),
    "a tokenizer's spaces": ("Osloandbig".replace("and", "\u0120and"), "token-bytes", "\u0120"),
    "an apostrophe in three": ("I\u00e2\u20ac\u2122m", "wrong-decoding", "\u00e2\u20ac\u2122"),
    "an accent in two": ("caf\u00c3\u00a9", "wrong-decoding", "\u00c3\u00a9"),
    "a lost character": ("caf\ufffd\ufffd", "replacement-character", "\ufffd\ufffd"),
    "private use": ("so \ue200cite\ue201", "unprintable", "\ue200"),
    "two alphabets": ("a \u043f\u0440\u0438mer", "mixed-alphabets", "\u0440\u0438me"),
}
WHOLE = (
    "Caf\u00e9s of S\u00e3o Paulo, \u00c3ngela's, costs \u00a320 \u2013 it\u2019s 5\u00a0\u20ac.",
    "<p>HTML and <s>struck</s> text, x <| y |> z, a[INSTANCE], C:\\x00</p>",
    "\u0120or\u0121 lives on Malta; \u0394x is 5 \u03bcm",
    "Python\uc740, \u4f7f\u7528Python\u7f16\u7a0b, \u0438 IT-\u043e\u0442\u0434\u0435\u043b",
    "tabs\tand\r\nlines, an emoji \U0001f468\u200d\U0001f469\u200d\U0001f467",
)


def score_of(text: str) -> Score:
    verdict = free_of_garbling(text)
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    return verdict.score


@pytest.mark.parametrize(("text", "rule", "part"), GARBLED.values(), ids=GARBLED)
def test_a_garbled_place_is_found_where_it_stands(text, rule, part):
    assert not free_of_garbling(text)
    evidence = score_of(text).evidence[0]
    assert evidence.rule == rule
    assert text[evidence.start : evidence.end] == part


@pytest.mark.parametrize("text", WHOLE)
def test_a_whole_text_is_free_of_garbling(text):
    assert score_of(text).value == 0
    assert free_of_garbling(text)


def test_what_cannot_be_printed_is_escaped_in_the_explanation():
    explanation = score_of("Oslo\x00\x08").explanation
    assert "found unprintable at character 4" in explanation
    assert explanation.isprintable()


def test_nothing_said_is_undecided():
    verdict = free_of_garbling(" \n")
    assert isinstance(verdict, Verdict)
    assert verdict.outcome == "error"


def test_a_limit_of_ones_own_is_kept():
    assert free_of_garbling("Oslo<|im_end|>", at_most=1)
    assert free_of_garbling("Oslo<|im_end|>", at_least=1)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "<|",
        "<|a",
        "<\uff5ca",
        "</s>",
        "</s> ",
        "\u2581a",
        "\ufffd",
        "\x00",
        "\u00c3",
        "ab\u0430",
    ],
)
def test_100_kb_of_one_piece_take_less_than_a_second(piece):
    text = piece * (100_000 // len(piece))
    start = time.process_time()
    free_of_garbling(text)
    assert time.process_time() - start < 3
