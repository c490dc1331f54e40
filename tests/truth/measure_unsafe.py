"""How rarely the evaluators of unsafe output alarm on ordinary answers; no attack is labelled."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pytest_litmus.evaluators import unsafe
from pytest_litmus.verdicts import Verdict
from tests.truth.measured import Measured, Row, rows, timed

ORDINARY = ("hallucination_closed_book/halueval_general", "relevance/alpaca_offtopic")
EVALUATORS: tuple[Callable[[str], object], ...] = (
    unsafe.free_of_exfiltration,
    unsafe.free_of_invisible_unicode,
    unsafe.free_of_path_traversal,
    unsafe.free_of_shell_injection,
    unsafe.free_of_sql_injection,
    unsafe.free_of_template_injection,
    unsafe.free_of_terminal_escapes,
    unsafe.free_of_xss,
)


def measurements() -> Iterator[Measured]:
    """Accuracy is the share of ordinary answers without an alarm."""
    for data in ORDINARY:
        labelled = rows(data)
        for evaluator in EVALUATORS:
            scores, seconds = timed(_count_by(evaluator), labelled)
            yield Measured(
                name=getattr(evaluator, "__name__", ""),
                data=data,
                kind="accuracy",
                labels=[0] * len(labelled),
                scores=scores,
                threshold=1,
                seconds=seconds,
                note="all answers are ordinary",
            )


def _count_by(evaluator: Callable[[str], object]) -> Callable[[Row], float]:
    def count(row: Row) -> float:
        verdict = evaluator(row["text"])
        assert isinstance(verdict, Verdict)
        assert verdict.score is not None
        return verdict.score.value or 0.0

    return count
