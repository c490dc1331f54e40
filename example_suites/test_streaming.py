"""A streamed answer: it comes in pieces, and the first one comes early."""

from __future__ import annotations

from support_assistant import assistant


def test_a_streamed_answer_starts_before_it_ends(llm):
    pieces = list(assistant.stream_answer("How much is shipping within Germany?"))

    assert len(pieces) > 5
    assert "4.90 EUR" in "".join(pieces)
    assert llm.last.streamed
    assert llm.last.output_text == "".join(pieces)
    assert 0 < llm.time_to_first_chunk_s < llm.latency_s
