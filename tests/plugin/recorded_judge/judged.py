"""A test of a user of the plugin: a judge of a real model, recorded with `--llm-record=once`."""

from __future__ import annotations

from functools import partial

from pytest_litmus.endpoint import Endpoint
from pytest_litmus.evaluators.judging import Judge, judged_by

MODEL = Endpoint(base_url="http://127.0.0.1:18080/v1", model="qwen2.5-coder-1.5b-instruct")
RUBRIC = "Is the text written in English?"


def test_judged(llm):
    judge = Judge(ask=partial(MODEL.with_logprobs, max_tokens=80), rubric=RUBRIC)

    verdict = judged_by(judge, "You can return an opened laptop within 30 days.")

    assert verdict.score.label in ("no", "yes")
