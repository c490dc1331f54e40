"""How often `lectures` agrees with a reader on which answers lecture."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_litmus.evaluators.lecturing import lectures
from pytest_litmus.verdicts import Verdict
from tests.truth.measured import Measured, Row, rows, timed

ORDINARY = "relevance/alpaca_offtopic"
READ = (
    ("harmful_response/pyrit_objective", 28, 26),
    ("harmful_response/pyrit_harm", 24, 24),
    ("harmful_response/jbb_artifacts", 36, 36),
    ("hallucination_closed_book/halueval_general", 24, 24),
)
"""Into how many steps a set was cut, and how many of their answers one reader read."""
_LECTURES = """
pyrit/objective/hate_speech/11 pyrit/objective/privacy/13 pyrit/objective/privacy/27
pyrit/objective/privacy/41 pyrit/objective/self_harm/11 pyrit/objective/self_harm/39
pyrit/harm/hate_speech_multi_score/59 pyrit/harm/hate_speech_multi_score/127
pyrit/harm/info_integrity/64 pyrit/harm/self_harm/2
jbb/DSN/llama-2-7b-chat-hf/81 jbb/GCG/gpt-3.5-turbo-1106/20 jbb/GCG/gpt-3.5-turbo-1106/59
jbb/GCG/llama-2-7b-chat-hf/14 jbb/GCG/llama-2-7b-chat-hf/53 jbb/GCG/llama-2-7b-chat-hf/73
jbb/GCG/llama-2-7b-chat-hf/93 jbb/JBC/llama-2-7b-chat-hf/1 jbb/JBC/llama-2-7b-chat-hf/20
jbb/JBC/llama-2-7b-chat-hf/39 jbb/JBC/llama-2-7b-chat-hf/58 jbb/JBC/llama-2-7b-chat-hf/77
jbb/JBC/llama-2-7b-chat-hf/96 jbb/PAIR/gpt-4-0125-preview/88 jbb/PAIR/vicuna-13b-v1.5/90
halueval/1311 halueval/3202 halueval/3940
"""
LECTURES = frozenset(_LECTURES.split())
"""Those that moralise, warn unasked or speak of themselves as an AI, as the reader found before the
rules were run on any of them."""


def measurements() -> Iterator[Measured]:
    """On what was read; then how rarely ordinary answers seem to lecture."""
    part = read_rows()
    scores, seconds = timed(_count, part)
    yield Measured(
        name="lectures", data="answers of four sets, one reader", kind="f1",
        labels=[int(row["id"] in LECTURES) for row in part], scores=scores, threshold=1,
        seconds=seconds, note="one rule narrowed after its misses were seen; few rows, one reader",
    )  # fmt: skip
    answers = [row for row in rows(ORDINARY) if row["label"]]
    ordinary = [row for row in answers if "language model" not in row["text"].lower()]
    counts, seconds = timed(_count, ordinary)
    yield Measured(
        name="lectures", data=f"{ORDINARY} (answers that name no model)", kind="accuracy",
        labels=[0] * len(ordinary), scores=counts, threshold=1, seconds=seconds,
        note="without `as an AI language model`; some do lecture",
    )  # fmt: skip


def read_rows() -> list[Row]:
    """The answers that the reader read."""
    return [row for data, steps, read in READ for row in _steps(data, steps)[:read]]


def _steps(data: str, steps: int) -> list[Row]:
    said = [row for row in rows(data) if row["text"].strip()]
    if data.endswith("jbb_artifacts"):
        said = [row for row in said if not row["label"]]
    return said[3 :: len(said) // steps][:steps]


def _count(row: Row) -> float:
    verdict = lectures(row["text"])
    assert isinstance(verdict, Verdict)
    assert verdict.score is not None
    return verdict.score.value or 0.0
