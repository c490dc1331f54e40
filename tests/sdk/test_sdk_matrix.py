from __future__ import annotations

import pytest

from tests.sdk import proofs
from tests.sdk.matrix import ROWS
from tests.sdk.rows import each_row

STREAMS = [row for row in ROWS if row.is_streamed]

# google-genai subclasses aiohttp's session, which aiohttp advises against.
pytestmark = pytest.mark.filterwarnings("ignore:Inheritance class:DeprecationWarning")


@each_row(ROWS)
def test_a_live_call_is_captured(row, provider):
    proofs.a_live_call_is_captured(row, provider)


@each_row(ROWS)
def test_a_recording_holds_one_call_and_leaves_the_answer(row, provider, tmp_path):
    proofs.a_recording_holds_one_call_and_leaves_the_answer(row, provider, tmp_path / "c.yaml")


@each_row(STREAMS)
def test_a_chunk_reaches_the_program_before_the_server_sends_the_next(row, provider, tmp_path):
    proofs.a_chunk_reaches_the_program_before_the_server_sends_the_next(
        row, provider, tmp_path / "c.yaml"
    )


@each_row(ROWS)
def test_a_replay_is_the_recording_and_never_reaches_the_provider(row, provider, tmp_path):
    proofs.a_replay_is_the_recording_and_never_reaches_the_provider(
        row, provider, tmp_path / "c.yaml"
    )
