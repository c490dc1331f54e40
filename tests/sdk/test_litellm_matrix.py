from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from tests.sdk import proofs
from tests.sdk.matrix import LITELLM_ROWS
from tests.sdk.rows import each_row

pytest.importorskip("litellm", reason="litellm holds openai below 3: it is tested on its own")

# It leaves sockets and event loops open, and warns at its own import.
pytestmark = pytest.mark.filterwarnings("ignore")

STREAMS = [row for row in LITELLM_ROWS if row.is_streamed]


@pytest.fixture(autouse=True)
def _leave_nothing_to_later_tests() -> Iterator[None]:
    """What it leaves open is collected here, where warnings about it are ignored."""
    import litellm

    yield
    litellm.in_memory_llm_clients_cache.flush_cache()
    gc.collect()


@each_row(LITELLM_ROWS)
def test_a_live_call_is_captured(row, provider):
    proofs.a_live_call_is_captured(row, provider)


@each_row(LITELLM_ROWS)
def test_a_recording_holds_one_call_and_leaves_the_answer(row, provider, tmp_path):
    proofs.a_recording_holds_one_call_and_leaves_the_answer(row, provider, tmp_path / "c.yaml")


@each_row(STREAMS)
def test_a_chunk_reaches_the_program_before_the_server_sends_the_next(row, provider, tmp_path):
    proofs.a_chunk_reaches_the_program_before_the_server_sends_the_next(
        row, provider, tmp_path / "c.yaml"
    )


@each_row(LITELLM_ROWS)
def test_a_replay_is_the_recording_and_never_reaches_the_provider(row, provider, tmp_path):
    proofs.a_replay_is_the_recording_and_never_reaches_the_provider(
        row, provider, tmp_path / "c.yaml"
    )


@each_row(LITELLM_ROWS)
def test_a_miss_is_one_try_and_comes_through_the_sdk_as_itself(row, provider, tmp_path):
    proofs.a_miss_is_one_try_and_comes_through_the_sdk_as_itself(row, provider, tmp_path / "c.yaml")
