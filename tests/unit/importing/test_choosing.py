"""The logs of other tools are those of `tests/unit/drift/test_readers.py`."""

from __future__ import annotations

import json

import pytest

from pytest_litmus.errors import ReportError
from pytest_litmus.importing.choosing import Wanted, choose
from pytest_litmus.importing.conversation import Message
from tests.unit.drift.test_readers import (
    ATTRIBUTES,
    LANGFUSE,
    MESSAGES,
    PHOENIX,
    exported,
    packed,
)
from tests.unit.importing.given import complaint, written

__all__ = ["exported"]
STRANGE_SPAN = {
    "events": [{"name": 1}, {"name": "gen_ai.evaluation.result", "attributes": 3}],
    "spanId": {},
    "startTimeUnixNano": "x",
    "attributes": [{"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}}],
}
TALK = (
    Message("user", "Old question?"),
    Message("assistant", "Old answer."),
    Message("user", "Where is it?"),
)


def chosen(path, *only, **wanted):
    return [(one.call.id, one.why) for one in choose(path, Wanted(only=only, **wanted)).chosen]


@pytest.fixture
def plain(tmp_path):
    records = [
        complaint(id="bad", comment="no!"),
        complaint(id="good", rating="up"),
        complaint(id="broken", rating=None, error="timeout"),
        complaint(id="other", rating=None, output="About INVOICES."),
    ]
    return written(tmp_path / "log.jsonl", records)


def test_complaints_and_failures_are_chosen_and_others_where_they_are_asked_for(plain):
    assert chosen(plain) == [("bad", "thumbs-down"), ("broken", "failed")]
    assert chosen(plain, "thumbs-up") == [("good", "thumbs-up")]
    assert chosen(plain, "all") == [
        ("bad", "thumbs-down"),
        ("good", "thumbs-up"),
        ("broken", "failed"),
        ("other", "all"),
    ]
    assert chosen(plain, "all", match="invoices") == [("other", "all")]
    assert choose(plain, Wanted()).chosen[0].comment == "no!"


def test_a_log_that_tells_of_neither_asks_to_choose(tmp_path):
    log = written(tmp_path / "log.jsonl", [{"input": "a", "output": "b"}])

    with pytest.raises(ReportError, match=r"--map rating=KEY, .*--feedback FILE, or .*--only all"):
        choose(log, Wanted())
    assert chosen(log, "all") == [("", "all")]


def test_a_rating_and_an_id_stand_under_the_keys_that_are_mapped(tmp_path):
    log = written(
        tmp_path / "log.jsonl",
        [{"ask": "a", "say": "b", "user": {"vote": "down"}, "nr": 7}, {"ask": "c", "say": "d"}],
    )
    mapping = {"input": "ask", "output": "say", "rating": "user.vote", "id": "nr"}

    assert chosen(log, mapping=mapping) == [("7", "thumbs-down")]


def test_ratings_of_a_file_of_their_own_are_joined_by_call_and_by_trace(tmp_path):
    calls = [
        {"id": f"c{n}", "trace_id": f"t{n // 2}", "input": f"{n}", "output": "x"} for n in range(6)
    ]
    log = written(tmp_path / "log.jsonl", calls)
    ratings = [{"call_id": "c0", "rating": "down"}, {"trace_id": "t1", "rating": "down"}]
    feedback = written(tmp_path / "ratings.jsonl", ratings)

    # Of a trace, the last call gave the answer that was rated.
    assert chosen(log, feedback=feedback) == [("c0", "thumbs-down"), ("c3", "thumbs-down")]

    other = written(tmp_path / "other.jsonl", [{"call_id": "x", "rating": "down"}])
    with pytest.raises(ReportError, match=r"other\.jsonl has 1 ids .* none is in .*log\.jsonl"):
        choose(log, Wanted(feedback=other))


def test_otlp_tells_ids_time_conversation_and_evaluation_results(exported):
    span, path = exported
    bad = {"gen_ai.evaluation.name": "user_feedback", "gen_ai.evaluation.score.value": 0.0}
    judge = {"gen_ai.evaluation.name": "toxicity", "gen_ai.evaluation.score.value": 0.0}
    span(ATTRIBUTES | packed(MESSAGES), events=[("gen_ai.evaluation.result", bad)])
    span(ATTRIBUTES | packed(MESSAGES), events=[("gen_ai.evaluation.result", judge)])
    span(ATTRIBUTES, error="timeout")

    (first, second) = choose(path, Wanted()).chosen
    assert (first.why, second.why) == ("thumbs-down", "failed")
    assert first.call.messages == TALK
    assert first.call.at == "1970-01-01T00:00:01+00:00"
    assert len(first.call.id) == 16
    assert len(first.call.trace) == 32


@pytest.mark.parametrize("scores", ["inside", "apart"])
def test_langfuses_scores_are_read_within_observations_and_apart(tmp_path, scores):
    score = {"id": "s", "traceId": "t1", "observationId": "o1", "name": "user-feedback", "value": 0}
    inside = {"scores": [score]} if scores == "inside" else {}
    log = written(tmp_path / "o.jsonl", [LANGFUSE | inside, LANGFUSE | {"id": "o2"}])
    apart = tmp_path / "scores.json"
    apart.write_text(json.dumps({"data": [score]}, indent=1))

    choice = choose(log, Wanted(feedback=apart if scores == "apart" else None))

    (one,) = choice.chosen
    assert (one.call.id, one.call.trace, one.why) == ("o1", "t1", "thumbs-down")
    assert one.call.at == "2026-11-24T13:46:19+00:00"
    assert one.call.messages == (Message("user", "Where is it?"),)


def test_phoenixs_annotations_are_read_and_its_system_prompt(tmp_path):
    note = {"name": "thumb", "annotator_kind": "HUMAN", "result": {"label": "thumbs-down"}}
    log = written(tmp_path / "p.jsonl", [PHOENIX | {"annotations": [note]}])

    (one,) = choose(log, Wanted()).chosen

    assert (one.call.id, one.why) == ("s1", "thumbs-down")
    assert one.call.messages == (Message("system", "Be brief."), Message("user", "Where is it?"))


@pytest.mark.parametrize(
    "record",
    [
        {"input": [[[]]], "rating": {"a": []}, "id": [], "time": "x"},
        {"messages": [None, {"role": 3, "content": {"a": 1}}], "rating": [1, 2], "time": 1e300},
        {"traceId": "1", "type": "GENERATION", "input": {"messages": 4}, "scores": "{{"},
        {"span_kind": "LLM", "start_time": "", "context": 3, "annotations": [3, None, {}]},
        {"resourceSpans": [{"scopeSpans": [{"spans": [STRANGE_SPAN]}]}]},
    ],
)
def test_records_of_strange_shapes_break_nothing(tmp_path, record):
    log = written(tmp_path / "log.jsonl", [record])

    assert len(choose(log, Wanted(only=("all",), down_at_most=0.0)).chosen) <= 1


def test_a_log_without_calls_is_told_from_one_without_complaints(tmp_path):
    log = written(tmp_path / "o.jsonl", [LANGFUSE | {"type": "SPAN"}])

    with pytest.raises(ReportError, match=r"o\.jsonl has no call of a model"):
        choose(log, Wanted())
