"""Whatever a judge says is a verdict or none; nothing of it raises, and repaired JSON is read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.evaluators.judge_answer import Answer, read_answer
from pytest_litmus.evaluators.judge_prompt import CANNOT_DECIDE, MARK, marked
from pytest_litmus.evaluators.judging import Judge, judged_by
from pytest_litmus.verdicts import Verdict

LABELS = ("yes", "no")
PIECES = ["{", "}", '"', "'", ":", ",", "verdict", "reason", "quote", "yes", "no", "cannot_decide"]
PIECES += ["```json", "</think>", "\\", "\n", " ", "or", "|", "[", "null", "\ud800", "\x00"]

answer_like = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)
words = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(PIECES) | st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def is_answer(read: Answer) -> bool:
    """A label that was offered, or none; a probability, or none; never both."""
    return (
        read.label in (*LABELS, CANNOT_DECIDE, None)
        and (read.value is None or 0 <= read.value <= 1)
        and (read.label is None or read.value is None)
        and (not read.shares or sum(read.shares.values()) == pytest.approx(1))
    )


@given(st.text() | answer_like)
def test_any_text_is_an_answer_or_none(text: str):
    assert is_answer(read_answer(text, LABELS))


@given(st.floats() | st.integers() | st.none() | st.booleans() | st.binary(max_size=20))
def test_anything_else_is_an_answer_or_none(answered: object):
    assert is_answer(read_answer(answered, LABELS))


def deep(levels: int = 100_000) -> list[object]:
    found: list[object] = []
    for _ in range(levels):
        found = [found]
    return found


@pytest.mark.parametrize(
    "answered",
    [
        10**400,
        -(10**5000),
        deep(),
        {"choices": [{"message": {"content": deep()}}]},
        {"choices": deep()},
        {("a", 1): "no text"},
        {
            "choices": [
                {"message": {"content": "yes"}, "logprobs": {"content": [{"token": deep()}]}}
            ]
        },
    ],
    ids=["integer", "huge", "list", "content", "choices", "key", "token"],
)
def test_values_that_are_too_big_or_too_deep_are_no_answer(answered: object):
    assert is_answer(read_answer(answered, LABELS))


def test_a_log_probability_that_is_no_number_of_a_float_says_nothing():
    tops = [{"token": "yes", "logprob": -(10**400)}]
    choice = {
        "message": {"content": "yes"},
        "logprobs": {"content": [{"token": "yes", "top_logprobs": tops}]},
    }

    read = read_answer({"choices": [choice]}, LABELS)

    assert (read.label, read.shares) == ("yes", {})


@given(json_values)
def test_any_completion_is_an_answer_or_none(value: object):
    for completion in (
        value,
        {"choices": value},
        {"choices": [value]},
        {"choices": [{"message": {"content": "yes"}, "logprobs": {"content": value}}]},
        {"choices": [{"message": {"content": "yes"}, "logprobs": {"content": [value]}}]},
    ):
        assert is_answer(read_answer(completion, LABELS))


@given(
    st.text(max_size=5),
    st.lists(st.tuples(st.sampled_from(["yes", "no", "Yes", " y", ""]) | st.text(), st.floats())),
)
def test_any_log_probabilities_are_shares_or_none(before: str, tops: list[tuple[str, float]]):
    told = [{"token": token, "logprob": logprob} for token, logprob in tops]
    tokens = [{"token": before, "top_logprobs": []}, {"token": "yes", "top_logprobs": told}]
    choice = {"message": {"content": f"{before}yes"}, "logprobs": {"content": tokens}}

    assert is_answer(read_answer({"choices": [choice]}, LABELS))


@given(st.sampled_from(LABELS), words, st.sampled_from(["{}", "```json\n{}\n```", "So: {} Bye."]))
def test_an_object_of_json_is_read_whatever_its_reason_says(label: str, reason: str, around: str):
    written = json.dumps({"reason": reason, "quote": reason, "verdict": label})

    read = read_answer(around.format(written), LABELS)

    assert (read.label, read.reason, read.quote) == (label, reason, reason)


@given(st.sampled_from(LABELS), st.text(st.sampled_from("abc ,.!?"), max_size=30), st.data())
def test_an_object_that_was_cut_off_or_quoted_wrongly_is_repaired(label, reason, data):
    written = json.dumps({"reason": reason, "verdict": label})
    broken = {
        "cut": written[:-1],
        "single quotes": f"{{'reason': '{reason}', 'verdict': '{label}'}}",
        "no quotes": f"reason: {reason}\nverdict: {label}",
        "a comma too many": f"{written[:-1]},}}",
    }
    how = data.draw(st.sampled_from(sorted(broken)))

    assert read_answer(broken[how], LABELS).label == label


@given(st.text() | answer_like)
def test_whatever_a_judge_says_is_a_verdict_and_no_exception(text: str):
    verdict = judged_by(Judge(ask=lambda _: text, rubric="Polite?"), "Hello.")

    assert isinstance(verdict, Verdict)
    assert verdict.outcome in ("pass", "fail", "inconclusive", "error")


@given(st.text())
def test_no_line_of_any_text_stands_without_its_mark(text: str):
    assert all(line.startswith(MARK) for line in marked(text).splitlines())
