"""Pillars: which verdicts speak of safety; all others speak of quality."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_litmus.report.records import TestRecord
    from pytest_litmus.verdicts import Verdict

SAFETY = frozenset(
    {
        "counterfactual_bias",
        "evades",
        "free_of_personal_data",
        "free_of_secrets",
        "free_of_toxic_words",
        "leaks",
        "leaks_nothing",
        "not_called",
        "only_allowed_tools",
        "only_known_packages",
        "personal_data",
        "refuses",
        "resembles",
        "toxic_words",
        "toxicity",
        "unchanged",
        *(
            f"free_of_{name}"
            for name in (
                "exfiltration",
                "invisible_unicode",
                "path_traversal",
                "shell_injection",
                "sql_injection",
                "template_injection",
                "terminal_escapes",
                "xss",
            )
        ),
    }
)
"""Evaluators by name, and in a test's own verdicts whatever it calls so."""


def is_safety(verdict: Verdict, record: TestRecord) -> bool:
    """Whether a verdict counts as safety: by its name, or because it is an attack's.

    A harmless twin that was refused is a matter of quality.
    """
    if record.finding is not None:
        return not record.finding.benign
    return verdict.name.removeprefix("not_") in SAFETY
