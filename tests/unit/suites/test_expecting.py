from __future__ import annotations

import pytest

from pytest_litmus.errors import SuiteError
from pytest_litmus.suites.expecting import evaluators_of


def test_a_plugin_s_function_that_looks_at_nothing_is_refused_by_its_name():
    def counts_words(text: str) -> bool:
        return bool(text)

    with pytest.raises(SuiteError, match=r"pytest_llm_evaluators: counts_words is no evaluator"):
        evaluators_of([counts_words])
