from __future__ import annotations

from collections import deque

import pytest

from pytest_litmus.recorder import capturing
from tests.sdk.loopback import Failure
from tests.sdk.matrix import ROWS
from tests.sdk.rows import each_row

WAIT_MS = 60

RETRYING = [row for row in ROWS if row.sdk.startswith(("openai", "AzureOpenAI", "anthropic"))]


@each_row(RETRYING)
def test_an_sdks_retries_are_attempts_of_one_call(row, provider):
    provider.failures = deque([Failure(status=429), Failure(status=500)])

    with capturing(mode="live") as recorder:
        texts = row.run(provider.url, "hello")

    (call,) = recorder.calls
    assert [attempt.status for attempt in call.attempts] == [429, 500, 200]
    assert call.status == 200
    assert call.error_type is None
    assert call.output_text in {"".join(texts), ""}
    assert len(provider.seen) == len(recorder.exchanges) == 3


@each_row(RETRYING)
def test_replayed_retries_are_the_recorded_ones(row, provider, tmp_path):
    cassette = tmp_path / "c.yaml"
    provider.failures = deque([Failure(status=429), Failure(status=500)])
    with capturing(cassette=cassette, mode="once") as recorder:
        texts = row.run(provider.url, "hello")
    with capturing(cassette=cassette, mode="none") as first:
        row.run(provider.url, "hello")

    with capturing(cassette=cassette, mode="none") as second:
        assert row.run(provider.url, "hello") == texts

    (call,) = second.calls
    assert [attempt.status for attempt in call.attempts] == [429, 500, 200]
    assert call.duration_s == first.calls[0].duration_s
    assert call.duration_s == pytest.approx(recorder.calls[0].duration_s, abs=0.003)
    assert len(provider.seen) == 3


def test_the_duration_of_a_call_is_without_the_waits_between_its_attempts(provider):
    (row,) = (row for row in RETRYING if row.name == "openai-chat-sync-plain")
    provider.failures = deque([Failure(status=429, retry_after_ms=WAIT_MS)])

    with capturing(mode="live") as recorder:
        row.run(provider.url, "hello")

    (call,) = recorder.calls
    first, last = call.attempts
    assert call.duration_s == pytest.approx(first.duration_s + last.duration_s)
    from_first_to_last_s = (last.started_at - first.started_at).total_seconds()
    # The SDK sleeps no less than it was told to, however slow the machine.
    assert from_first_to_last_s - first.duration_s >= WAIT_MS / 1000 * 0.9


def test_a_call_whose_attempts_all_fail_is_one_failed_call(provider):
    import openai

    (row,) = (row for row in RETRYING if row.name == "openai-chat-sync-plain")
    provider.failures = deque([Failure(status=500)] * 3)

    with capturing(mode="live") as recorder, pytest.raises(openai.InternalServerError):
        row.run(provider.url, "hello")

    (call,) = recorder.calls
    assert len(call.attempts) == 3
    assert call.error_type == "server_error"
    assert call.status == 500


def test_a_programs_second_question_is_no_retry_of_the_first(provider):
    (row,) = (row for row in RETRYING if row.name == "openai-chat-sync-plain")

    with capturing(mode="live") as recorder:
        row.run(provider.url, "hello")
        row.run(provider.url, "hello")

    assert [len(call.attempts) for call in recorder.calls] == [1, 1]
