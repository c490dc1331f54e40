from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.suites import located
from pytest_litmus.suites.writing import as_yaml


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_any_text_is_read_as_it_was_written(text):
    document = [{"prompt": text, "turns": [{"user": text}]}]

    assert located.parse(as_yaml(document)).value == document


@pytest.mark.parametrize("text", ["1e3", "08", "1.", "-7", "no", "null", "~", "a\nb\x85", "a\r\n"])
def test_text_that_looks_like_something_else_stays_text(text):
    assert located.parse(as_yaml([text])).value == [text]
