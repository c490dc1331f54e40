"""The trace of a Bedrock agent: which models it ran, what it thought, and which tools it used.

Format: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_Trace.html.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_litmus.wire.calls import Part, Usage
from pytest_litmus.wire.loose import count, record, records, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an agent, or of one that it works with."""

    kind: str
    """`orchestrationTrace`, `preProcessingTrace`, `guardrailTrace`, ..."""
    said: dict[str, Any]


def steps_of(trace: Any) -> list[Step]:
    """The steps of a trace event; mostly one."""
    return [Step(kind, said) for kind, held in record(trace).items() if (said := record(held))]


def models_of(steps: Iterable[Step]) -> list[str]:
    """The models that the steps name, each once."""
    inputs = (record(step.said.get("modelInvocationInput")) for step in steps)
    names = (text(one.get("foundationModel")) for one in inputs)
    return list(dict.fromkeys(name for name in names if name))


def usage_of_steps(steps: Iterable[Step]) -> Usage:
    """All runs of a model together: here the counts are of one run each, and add up."""
    steps = list(steps)
    outputs = (record(step.said.get("modelInvocationOutput")) for step in steps)
    counted = [record(record(one.get("metadata")).get("usage")) for one in outputs]
    models = models_of(steps)
    return Usage(
        input_tokens=_sum(one.get("inputTokens") for one in counted),
        output_tokens=_sum(one.get("outputTokens") for one in counted),
        incomplete=f"{', '.join(models)} worked together" if len(models) > 1 else None,
    )


def step_parts(step: Step) -> Iterator[Part]:
    """What a step tells of the agent's thoughts and tools."""
    thought = text(record(step.said.get("rationale")).get("text"))
    if thought:
        yield Part("reasoning", content=thought)
    for kind, held in record(step.said.get("invocationInput")).items():
        # What the program is to run comes as an event of its own.
        if isinstance(held, dict) and held.get("executionType") != "RETURN_CONTROL":
            yield _tool_call(step, kind.removesuffix("Input"), held)
    for kind, held in record(step.said.get("observation")).items():
        if isinstance(held, dict) and kind != "finalResponse":
            yield _tool_response(step, kind.removesuffix("Output"), held)


def _tool_call(step: Step, kind: str, held: dict[str, Any]) -> Part:
    """A use of an action, a knowledge base, the code interpreter or another agent."""
    names = ("function", "apiPath", "agentCollaboratorName")
    given = {
        text(one.get("name")) or "": one.get("value") for one in records(held.get("parameters"))
    }
    return Part(
        "server_tool_call",
        id=text(record(step.said.get("invocationInput")).get("traceId")),
        name=next((name for one in names if (name := text(held.get(one)))), kind),
        arguments=given or {name: value for name, value in held.items() if name not in names},
    )


def _tool_response(step: Step, kind: str, held: dict[str, Any]) -> Part:
    said = {name: value for name, value in held.items() if name != "metadata"}
    words = text(held.get("text")) or text(record(held.get("output")).get("text"))
    return Part(
        "server_tool_call_response",
        id=text(record(step.said.get("observation")).get("traceId")),
        name=kind,
        response=words or said,
    )


def _sum(counts: Iterable[Any]) -> int | None:
    known = [found for one in counts if (found := count(one)) is not None]
    return sum(known) if known else None
