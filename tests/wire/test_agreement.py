"""The decoders agree with the recorded traffic of real providers."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_litmus.wire import decode
from tests.wire import agreement
from tests.wire.recorded import exchange_of, is_missing, truths, unsent
from tests.wire.truth_errs import TRUTH_ERRS

pytestmark = pytest.mark.skipif(is_missing(), reason="the recordings of ../shared are not here")

TRUTHS = truths() if not is_missing() else ()


def named(truth: dict[str, Any]) -> str:
    return f"{truth['family']}-{truth['file'].rpartition('/')[2]}-{truth['index']}"


def test_all_recordings_are_compared() -> None:
    assert len(TRUTHS) == 287


@pytest.mark.parametrize("truth", TRUTHS, ids=named)
def test_a_recorded_call_is_decoded_as_the_truth_says(truth: dict[str, Any]) -> None:
    assert list(agreement.differences(truth, decode(exchange_of(truth)))) == []


@pytest.mark.parametrize("truth", TRUTHS, ids=named)
def test_a_recorded_request_is_known_before_it_is_sent(truth: dict[str, Any]) -> None:
    call = decode(unsent(exchange_of(truth)))

    assert call is not None
    assert call.error_type is None
    if "request_model" not in agreement.unread(truth):
        assert call.request_model == truth["request_model"]


def test_every_error_held_against_the_truth_is_still_one() -> None:
    found = {
        (end, field)
        for end, field in TRUTH_ERRS
        for truth in TRUTHS
        if truth["file"].endswith(end)
        for name, _, _ in agreement.differences(truth, decode(exchange_of(truth)), excused=())
        if name == field
    }

    assert found == set(TRUTH_ERRS)
