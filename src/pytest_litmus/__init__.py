"""pytest-litmus: test how an LLM application behaves, and decide whether to deploy it.

One way through the house::

    program under test -- HTTP --> capture --> call --> score --> verdict --> report
                                      |
                                   cassette

`capture/` takes the HTTP traffic that the program makes anyway, or a cassette, and gives exchanges;
`wire/` turns an exchange into a call, whatever the provider; `pricing` says what it cost;
`evaluators/` measure what was said and done; `verdicts` and `budgets` hold scores against limits;
`report/` writes what a run did. `plugin` wires all of it into pytest, `recorder` is what the `llm`
fixture gives.

The names below are the public ones. They are imported when they are first used: a pytest run that
does not test models pays for none of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_litmus.capture.exchange import Chunk, Exchange, Request
    from pytest_litmus.capture.matching import Matching
    from pytest_litmus.capture.secrets import Scrubbing
    from pytest_litmus.errors import (
        BudgetRefusal,
        CaptureStop,
        CassetteError,
        CassetteMiss,
        LitmusError,
        OrphanCall,
        PriceFileError,
        RecordingEnds,
        SecretFound,
        UnguardedConnection,
    )
    from pytest_litmus.evaluators.agents import (
        called,
        called_in_order,
        called_with,
        free_of_tool_loops,
        no_tool_before,
        not_called,
        only_allowed_tools,
        steps_within,
        tool_f1,
        tools_succeeded,
    )
    from pytest_litmus.evaluators.bias import counterfactual_bias, swapped
    from pytest_litmus.evaluators.composition import all_of, any_of, negate
    from pytest_litmus.evaluators.consistency import consistent
    from pytest_litmus.evaluators.correctness import correct, exact_match, token_f1
    from pytest_litmus.evaluators.embedding import semantically_similar
    from pytest_litmus.evaluators.evading import evades, off_topic
    from pytest_litmus.evaluators.garbling import free_of_garbling
    from pytest_litmus.evaluators.grounding import grounded
    from pytest_litmus.evaluators.judge_self_test import judge_resists_injection
    from pytest_litmus.evaluators.judging import Judge, Jury, judged_by
    from pytest_litmus.evaluators.language import in_language, language
    from pytest_litmus.evaluators.leaks import leaks, leaks_nothing
    from pytest_litmus.evaluators.lecturing import lectures
    from pytest_litmus.evaluators.packages import only_known_packages
    from pytest_litmus.evaluators.privacy import free_of_personal_data, personal_data
    from pytest_litmus.evaluators.readability import readability
    from pytest_litmus.evaluators.refusal import complies, refusal_kind, refuses
    from pytest_litmus.evaluators.relevance import relevant
    from pytest_litmus.evaluators.repetition import distinct_n, free_of_loops, repeats
    from pytest_litmus.evaluators.resembling import resembles
    from pytest_litmus.evaluators.secrets import free_of_secrets
    from pytest_litmus.evaluators.sentiment import sentiment
    from pytest_litmus.evaluators.side_effects import changed, unchanged
    from pytest_litmus.evaluators.similarity import bleu, chrf, rouge_l, rouge_n, similar
    from pytest_litmus.evaluators.structure import (
        json_schema,
        valid_json,
        valid_markdown,
        valid_python,
        valid_sql,
        valid_xml,
    )
    from pytest_litmus.evaluators.text import (
        cites,
        contains,
        date_within,
        ends_with,
        equals,
        excludes,
        length,
        matches,
        number_within,
        sentence_count,
        starts_with,
        word_count,
    )
    from pytest_litmus.evaluators.toxicity import free_of_toxic_words, toxic_words, toxicity
    from pytest_litmus.evaluators.unsafe import (
        free_of_exfiltration,
        free_of_invisible_unicode,
        free_of_path_traversal,
        free_of_shell_injection,
        free_of_sql_injection,
        free_of_template_injection,
        free_of_terminal_escapes,
        free_of_xss,
    )
    from pytest_litmus.recorder import Recorder, capturing
    from pytest_litmus.trace import Span
    from pytest_litmus.verdicts import Evidence, Limit, Score, Verdict, judge
    from pytest_litmus.wire.calls import Attempt, Call, Flag, Message, Part, ToolUse, Usage

__all__ = [
    "Attempt",
    "BudgetRefusal",
    "Call",
    "CaptureStop",
    "CassetteError",
    "CassetteMiss",
    "Chunk",
    "Evidence",
    "Exchange",
    "Flag",
    "Judge",
    "Jury",
    "Limit",
    "LitmusError",
    "Matching",
    "Message",
    "OrphanCall",
    "Part",
    "PriceFileError",
    "Recorder",
    "RecordingEnds",
    "Request",
    "Score",
    "Scrubbing",
    "SecretFound",
    "Span",
    "ToolUse",
    "UnguardedConnection",
    "Usage",
    "Verdict",
    "all_of",
    "any_of",
    "bleu",
    "called",
    "called_in_order",
    "called_with",
    "capturing",
    "changed",
    "chrf",
    "cites",
    "complies",
    "consistent",
    "contains",
    "correct",
    "counterfactual_bias",
    "date_within",
    "distinct_n",
    "ends_with",
    "equals",
    "evades",
    "exact_match",
    "excludes",
    "free_of_exfiltration",
    "free_of_garbling",
    "free_of_invisible_unicode",
    "free_of_loops",
    "free_of_path_traversal",
    "free_of_personal_data",
    "free_of_secrets",
    "free_of_shell_injection",
    "free_of_sql_injection",
    "free_of_template_injection",
    "free_of_terminal_escapes",
    "free_of_tool_loops",
    "free_of_toxic_words",
    "free_of_xss",
    "grounded",
    "in_language",
    "json_schema",
    "judge",
    "judge_resists_injection",
    "judged_by",
    "language",
    "leaks",
    "leaks_nothing",
    "lectures",
    "length",
    "matches",
    "negate",
    "no_tool_before",
    "not_called",
    "number_within",
    "off_topic",
    "only_allowed_tools",
    "only_known_packages",
    "personal_data",
    "readability",
    "refusal_kind",
    "refuses",
    "relevant",
    "repeats",
    "resembles",
    "rouge_l",
    "rouge_n",
    "semantically_similar",
    "sentence_count",
    "sentiment",
    "similar",
    "starts_with",
    "steps_within",
    "swapped",
    "token_f1",
    "tool_f1",
    "tools_succeeded",
    "toxic_words",
    "toxicity",
    "unchanged",
    "valid_json",
    "valid_markdown",
    "valid_python",
    "valid_sql",
    "valid_xml",
    "word_count",
]

_HOMES = {
    "capture.exchange": ("Chunk", "Exchange", "Request"),
    "capture.matching": ("Matching",),
    "capture.secrets": ("Scrubbing",),
    "errors": (
        "BudgetRefusal",
        "CaptureStop",
        "CassetteError",
        "CassetteMiss",
        "LitmusError",
        "OrphanCall",
        "PriceFileError",
        "RecordingEnds",
        "SecretFound",
        "UnguardedConnection",
    ),
    "evaluators.agents": (
        "called",
        "called_in_order",
        "called_with",
        "free_of_tool_loops",
        "no_tool_before",
        "not_called",
        "only_allowed_tools",
        "steps_within",
        "tool_f1",
        "tools_succeeded",
    ),
    "evaluators.composition": (
        "all_of",
        "any_of",
        "negate",
    ),
    "evaluators.language": (
        "in_language",
        "language",
    ),
    "evaluators.lecturing": ("lectures",),
    "evaluators.packages": ("only_known_packages",),
    "evaluators.refusal": ("complies", "refusal_kind", "refuses"),
    "evaluators.relevance": ("relevant",),
    "evaluators.repetition": (
        "distinct_n",
        "free_of_loops",
        "repeats",
    ),
    "evaluators.resembling": ("resembles",),
    "evaluators.bias": ("counterfactual_bias", "swapped"),
    "evaluators.consistency": ("consistent",),
    "evaluators.readability": ("readability",),
    "evaluators.sentiment": ("sentiment",),
    "evaluators.secrets": ("free_of_secrets",),
    "evaluators.side_effects": (
        "changed",
        "unchanged",
    ),
    "evaluators.similarity": (
        "bleu",
        "chrf",
        "rouge_l",
        "rouge_n",
        "similar",
    ),
    "evaluators.structure": (
        "json_schema",
        "valid_json",
        "valid_markdown",
        "valid_python",
        "valid_sql",
        "valid_xml",
    ),
    "evaluators.text": (
        "cites",
        "contains",
        "date_within",
        "ends_with",
        "equals",
        "excludes",
        "length",
        "matches",
        "number_within",
        "sentence_count",
        "starts_with",
        "word_count",
    ),
    "evaluators.toxicity": (
        "free_of_toxic_words",
        "toxic_words",
        "toxicity",
    ),
    "evaluators.unsafe": (
        "free_of_exfiltration",
        "free_of_invisible_unicode",
        "free_of_path_traversal",
        "free_of_shell_injection",
        "free_of_sql_injection",
        "free_of_template_injection",
        "free_of_terminal_escapes",
        "free_of_xss",
    ),
    "evaluators.correctness": (
        "correct",
        "exact_match",
        "token_f1",
    ),
    "evaluators.embedding": ("semantically_similar",),
    "evaluators.evading": ("evades", "off_topic"),
    "evaluators.garbling": ("free_of_garbling",),
    "evaluators.grounding": ("grounded",),
    "evaluators.judge_self_test": ("judge_resists_injection",),
    "evaluators.judging": (
        "Judge",
        "Jury",
        "judged_by",
    ),
    "evaluators.leaks": (
        "leaks",
        "leaks_nothing",
    ),
    "evaluators.privacy": (
        "free_of_personal_data",
        "personal_data",
    ),
    "recorder": ("Recorder", "capturing"),
    "trace": ("Span",),
    "verdicts": ("Evidence", "Limit", "Score", "Verdict", "judge"),
    "wire.calls": ("Attempt", "Call", "Flag", "Message", "Part", "ToolUse", "Usage"),
}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "__version__":
        from importlib.metadata import version

        return version("pytest-litmus")
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"pytest_litmus.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
