from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.truth import measure_unsafe

from pytest_litmus.evaluators.packages import only_known_packages
from pytest_litmus.evaluators.secrets import free_of_secrets

PIECES = [
    "![a](http://",
    "//[",
    "?q=",
    "<script",
    "../",
    "{{",
    "token = '",
    "\x1b[",
    "import ",
    "`",
]
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=20), max_size=8).map("".join)
EVALUATORS = [
    *measure_unsafe.EVALUATORS,
    free_of_secrets,
    lambda text: only_known_packages(text, known=()),
]


@pytest.mark.parametrize("evaluator", EVALUATORS)
@given(text=texts)
def test_any_text_gets_a_count_and_printable_evidence_inside_of_it(evaluator, text):
    score = evaluator(text).score
    assert score.value is not None
    for found in score.evidence:
        assert 0 <= found.start < found.end <= len(text)
        assert found.text.replace("\n", "").isprintable()
