"""The decoders agree with the recorded traffic of real providers."""

from __future__ import annotations

from collections import Counter

import pytest

from pytest_litmus.wire import decode
from tests.wire import agreement

pytestmark = pytest.mark.skipif(
    agreement.is_missing(), reason="the recordings of ../shared are not here"
)

# The truth also counts one record whose recording is in another form than a cassette.
CASSETTES = {"anthropic": 27, "openai-chat": 61, "openai-embed": 9, "openai-responses": 27}


def test_every_recorded_call_is_decoded_as_the_truth_says() -> None:
    compared, differing = Counter[str](), []
    for truth in agreement.truths():
        exchange = agreement.exchange_of(truth)
        if exchange is not None:
            compared[truth["family"]] += 1
            found = agreement.differences(truth, decode(exchange))
            differing += [(truth["file"], truth["index"], *one) for one in found]

    assert differing == []
    assert compared == CASSETTES


def test_every_error_held_against_the_truth_is_still_one() -> None:
    found = {
        (end, field)
        for end, field in agreement.TRUTH_ERRS
        for truth in agreement.truths()
        if truth["file"].endswith(end) and (exchange := agreement.exchange_of(truth))
        for name, _, _ in agreement.differences(truth, decode(exchange), excused=())
        if name == field
    }

    assert found == set(agreement.TRUTH_ERRS)


def test_every_recorded_request_is_known_before_it_is_sent() -> None:
    for truth in agreement.truths():
        exchange = agreement.exchange_of(truth)
        if exchange is None or truth["method"] != "POST":
            continue
        call = decode(agreement.unsent(exchange))
        assert call is not None
        assert call.request_model == truth["request_model"]
        assert call.error_type is None
