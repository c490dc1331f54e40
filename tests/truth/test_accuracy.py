from __future__ import annotations

from importlib import resources

import pytest

from tests.truth.measured import LABELLED, NOT_HERE

pytestmark = pytest.mark.skipif(not LABELLED.is_dir(), reason=NOT_HERE)


def test_the_errors_that_suites_correct_for_are_those_that_are_measured():
    from tests.truth.accuracy import accuracy_text

    shipped = resources.files("pytest_litmus.suites").joinpath("accuracy.json").read_text("utf-8")
    assert shipped == accuracy_text(), "python -m tests.truth --accuracy prints it anew"
