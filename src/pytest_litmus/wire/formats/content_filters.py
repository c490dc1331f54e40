"""What Azure's content filters and OpenAI's moderation found, as flags.

Formats: https://learn.microsoft.com/azure/ai-foundry/openai/concepts/content-filter-annotations and
https://platform.openai.com/docs/api-reference/moderations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pytest_litmus.wire.calls import Flag
from pytest_litmus.wire.loose import record, records, share, text

if TYPE_CHECKING:
    from collections.abc import Iterator

_Subject = Literal["input", "output"]
_FOUND = ("filtered", "detected")
_SEVERITIES = ("safe", "low", "medium", "high")


def flags_of(said: dict[str, Any]) -> tuple[Flag, ...]:
    """What is flagged anywhere in a response of chat, completions, Responses or images.

    Args:
        said: The body, also that of an error; a stream's events folded into one.
    """
    error = record(said.get("error"))
    refused = record(error.get("innererror")) or record(error.get("inner_error"))
    prompts = (
        *records(said.get("prompt_filter_results")),
        *records(said.get("prompt_annotations")),
    )
    choices, pictures = records(said.get("choices")), records(said.get("data"))
    moderated = record(said.get("moderation"))
    return (
        *_filtered(refused.get("content_filter_result"), "input"),
        *_filtered(refused.get("content_filter_results"), "input"),
        *(flag for one in prompts for flag in _filtered(one.get(_RESULTS), "input")),
        *(
            flag
            for one in pictures
            for flag in _filtered(one.get("prompt_filter_results"), "input")
        ),
        *(flag for one in (*choices, *pictures) for flag in _filtered(one.get(_RESULTS), "output")),
        *_of_responses(said),
        *_of_responses(error),
        *moderation_flags(moderated.get("input"), "input"),
        *moderation_flags(moderated.get("output"), "output"),
    )


_RESULTS = "content_filter_results"


def moderation_flags(found: Any, subject: _Subject) -> Iterator[Flag]:
    """One flag a category of a moderation result, or of the several `results` that it holds."""
    for result in records(record(found).get("results")) or [record(found)]:
        scores = record(result.get("category_scores"))
        for category, flagged in record(result.get("categories")).items():
            score = share(scores.get(category))
            yield Flag(category=category, subject=subject, flagged=flagged is True, score=score)


def worst(results: dict[str, Any], more: Any) -> dict[str, Any]:
    """Azure's results by category, of each the worse: every chunk of a stream has its own."""
    worse = {
        category: found
        for category, found in record(more).items()
        if _weight(found) >= _weight(results.get(category))
    }
    return results | worse


def _weight(found: Any) -> tuple[bool, int]:
    severity = record(found).get("severity")
    rank = _SEVERITIES.index(severity) if severity in _SEVERITIES else -1
    return _is_found(record(found)), rank


def _filtered(results: Any, subject: _Subject) -> Iterator[Flag]:
    for category, found in record(results).items():
        # An `error` stands where the filters themselves failed.
        if any(name in record(found) for name in _FOUND):
            yield Flag(
                category=category,
                subject=subject,
                flagged=_is_found(found),
                severity=text(found.get("severity")),
            )


def _is_found(found: dict[str, Any]) -> bool:
    return any(found.get(name) is True for name in _FOUND)


def _of_responses(said: dict[str, Any]) -> Iterator[Flag]:
    """Azure's Responses API lists what it filtered, prompts and completions alike."""
    for one in records(said.get("content_filters")):
        subject: _Subject = "output" if one.get("source_type") == "completion" else "input"
        yield from _filtered(one.get(_RESULTS), subject)
