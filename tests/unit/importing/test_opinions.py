from __future__ import annotations

import pytest

from pytest_litmus.errors import ReportError
from pytest_litmus.importing.opinions import Opinion, Scale, by_id, opinion_of, opinions_in


@pytest.mark.parametrize(
    "value", ["down", "thumbs-down", "Thumbs_Down", "👎", 0, "0", -1, "-1", False, "false", "bad"]
)
def test_thumbs_down_is_known_however_it_is_written(value):
    assert Scale().up(opinion_of(value)) is False


@pytest.mark.parametrize("value", ["up", "thumbs-up", "👍", 1, 1.0, "1", "+1", True, "good"])
def test_thumbs_up_is_known_however_it_is_written(value):
    assert Scale().up(opinion_of(value)) is True


@pytest.mark.parametrize("value", [None, "", float("nan")])
def test_nothing_is_no_opinion(value):
    assert Scale().up(opinion_of(value)) is None


def test_a_word_that_says_neither_is_told():
    scale = Scale()

    assert scale.up(opinion_of("meh")) is None
    assert scale.unknown == {"meh"}


@pytest.mark.parametrize("value", [2, 5, "4", 0.5])
def test_a_scale_is_asked_for_its_thumbs_down(value):
    with pytest.raises(ReportError, match="neither 0 nor 1: say which are thumbs-down"):
        Scale().up(opinion_of(value))

    assert Scale(down_at_most=2).up(opinion_of(value)) is (float(value) > 2)


def test_what_judges_and_programs_found_is_no_opinion_of_people():
    scale = Scale()

    assert scale.up(opinion_of({"name": "toxicity", "value": 0, "source": "EVAL"})) is None
    assert scale.up(opinion_of({"name": "correctness", "value": 0})) is None
    assert scale.up(opinion_of({"name": "x", "value": 0, "source": "ANNOTATION"})) is False
    assert scale.up(opinion_of({"name": "user-feedback", "value": 0, "source": "API"})) is False
    assert scale.ignored == {"toxicity", "correctness"}
    assert Scale(names=["correctness"]).up(Opinion(name="correctness", value=0)) is False


def test_scores_of_langfuse_and_annotations_of_phoenix_are_found_by_call_and_by_trace():
    langfuse = {
        "id": "s1", "trace_id": "t1", "observation_id": "o1", "name": "user-feedback",
        "value": 0, "data_type": "BOOLEAN", "string_value": "False", "comment": "wrong",
    }  # fmt: skip
    of_trace = {key: value for key, value in langfuse.items() if key != "observation_id"}
    phoenix = {
        "span_id": "p1", "name": "thumb", "annotator_kind": "HUMAN",
        "result": {"label": "thumbs-down", "score": 0, "explanation": "no"},
    }  # fmt: skip
    frame = {"span_id": "p2", "annotation_name": "thumb", "result.label": "thumbs-up"}

    found = by_id([langfuse, of_trace, phoenix, frame, {"id": "c1", "rating": "up"}, 3])

    scale = Scale()
    ups = {key: [(scale.up(one), one.of_trace) for one in ones] for key, ones in found.items()}
    assert ups == {
        "o1": [(False, False)],
        "t1": [(False, True)],
        "p1": [(False, False)],
        "p2": [(True, False)],
        "c1": [(True, False)],
    }
    assert [one.comment for one in (*found["o1"], *found["p1"])] == ["wrong", "no"]


def test_opinions_within_a_record_are_read_as_a_list_and_by_name():
    by_name = list(opinions_in({"user-feedback": [0], "toxicity": 0.3}))
    listed = list(opinions_in('[{"name": "user-feedback", "value": 0}]'))

    assert [one.name for one in by_name] == ["user-feedback", "toxicity"]
    assert Scale().up(by_name[0]) is Scale().up(listed[0]) is False
    assert list(opinions_in(None)) == list(opinions_in(7)) == []
