"""Bedrock's guardrails: asked by themselves, and what they found in a call to a model.

Formats: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ApplyGuardrail.html and
https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeGuardrailChecks.html.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from pytest_litmus.builtin import builtin
from pytest_litmus.wire.answers import read_answer
from pytest_litmus.wire.calls import Call, Flag, Message, Usage
from pytest_litmus.wire.faults import fault_of
from pytest_litmus.wire.formats.aws_faults import with_aws_fault
from pytest_litmus.wire.formats.bedrock_parts import guarded_parts, message_of
from pytest_litmus.wire.hosts import provider_of
from pytest_litmus.wire.loose import record, records, share, text
from pytest_litmus.wire.parts import content_parts
from pytest_litmus.wire.tokens import units

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_litmus.capture.exchange import Exchange, Request

WIRE_FORMAT = "bedrock.guardrails"

_APPLY = re.compile(r"/guardrail/[^/]+/version/[^/]+/apply/?$")
_CHECKS = re.compile(r"/guardrail-checks/invoke/?$")

Subject = Literal["input", "output"]


@builtin
def pytest_llm_decode(exchange: Exchange) -> Call | None:
    """The moderation that an exchange is, or None."""
    request = exchange.request
    if _is_ours(request, _APPLY, "content"):
        return with_aws_fault(_applied(exchange), exchange)
    if _is_ours(request, _CHECKS, "checks"):
        return with_aws_fault(_checked(exchange), exchange)
    return None


def assessment_flags(assessment: dict[str, Any], subject: Subject) -> Iterator[Flag]:
    """What the policies of a guardrail found: each has lists of findings, each with an action."""
    for policy in assessment.values():
        for kind, findings in record(policy).items():
            for finding in records(findings):
                if "action" in finding:
                    yield _flag(finding, kind, subject)


def trace_flags(trace: Any) -> tuple[Flag, ...]:
    """What a guardrail's trace says, as Converse, InvokeModel or an agent writes it."""
    said = record(trace)
    sides: tuple[tuple[Subject, tuple[str, ...]], ...] = (
        ("input", ("inputAssessment", "input", "inputAssessments")),
        ("output", ("outputAssessments", "outputs")),
    )
    return tuple(
        flag
        for subject, names in sides
        for name in names
        for assessment in _assessments(said.get(name))
        for flag in assessment_flags(assessment, subject)
    )


def _is_ours(request: Request, path: re.Pattern[str], needed: str) -> bool:
    if request.method != "POST" or not path.search(request.path):
        return False
    return provider_of(request) == "aws.bedrock" or needed in record(request.json)


def _applied(exchange: Exchange) -> Call:
    asked, body = record(exchange.request.json), read_answer(exchange).json
    said = record(body)
    is_output = asked.get("source") == "OUTPUT"
    subject: Subject = "output" if is_output else "input"
    assessments, action = records(said.get("assessments")), text(said.get("action"))
    words = [text(output.get("text")) for output in records(said.get("outputs"))]
    fault = fault_of(exchange, body, readable="action" in said)
    return Call(
        operation_name="moderation",
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        input_messages=(
            Message("assistant" if is_output else "user", guarded_parts(asked.get("content"))),
        ),
        # What the user gets to see instead: the refusal, or the text with its secrets masked.
        output_messages=tuple(Message("assistant", content_parts(one)) for one in words),
        finish_reasons=(action,) if action else (),
        flags=tuple(flag for one in assessments for flag in assessment_flags(one, subject)),
        usage=Usage(billed_units=units(**_snake_case(record(said.get("usage"))))),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _checked(exchange: Exchange) -> Call:
    asked, body = record(exchange.request.json), read_answer(exchange).json
    said = record(body)
    fault = fault_of(exchange, body, readable="results" in said)
    counts = {check: record(used).get("textUnits") for check, used in _checks(said, "usage")}
    return Call(
        operation_name="moderation",
        provider_name=provider_of(exchange.request),
        wire_format=WIRE_FORMAT,
        input_messages=tuple(message_of(one, "user") for one in records(asked.get("messages"))),
        flags=tuple(
            _score(result)
            for _, found in _checks(said, "results")
            for result in records(record(found).get("results"))
        ),
        usage=Usage(billed_units=units(**_snake_case(counts, end="_units"))),
        error_type=fault.error_type,
        error_message=fault.error_message,
    )


def _checks(said: dict[str, Any], name: str) -> list[tuple[str, Any]]:
    return list(record(said.get(name)).items())


def _assessments(held: Any) -> Iterator[dict[str, Any]]:
    """The assessments in a list or an object, which may have a level for the guardrail's id."""
    for item in records(held) or [record(held)]:
        for one in (item, *item.values()):
            yield from records(one) or [record(one)]


def _flag(finding: dict[str, Any], kind: str, subject: Subject) -> Flag:
    """One finding; custom words have neither a name nor a type.

    Older answers lack `detected`, and list only what the guardrail acted upon.
    """
    detected = finding.get("detected")
    acted = text(finding.get("action")) not in {None, "NONE"}
    return Flag(
        category=text(finding.get("name")) or text(finding.get("type")) or kind,
        subject=subject,
        flagged=detected if isinstance(detected, bool) else acted,
        severity=text(finding.get("confidence")),
        score=share(finding.get("score")),
    )


def _score(result: dict[str, Any]) -> Flag:
    """A check's result; it blocks nothing, and its lowest score means benign."""
    severity, confidence = share(result.get("severityScore")), result.get("confidenceScore")
    return Flag(
        category=text(result.get("category")) or text(result.get("type")) or "unknown",
        subject="input",
        flagged=severity != 0,
        score=share(confidence) if severity is None else severity,
    )


def _snake_case(counts: dict[str, Any], *, end: str = "") -> dict[str, Any]:
    return {re.sub(r"(?=[A-Z])", "_", name).lower() + end: n for name, n in counts.items()}
