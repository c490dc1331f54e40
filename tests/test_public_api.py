from __future__ import annotations

import inspect
import pkgutil

import pytest

import pytest_litmus

PUBLIC = [
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


def test_the_public_names_are_these_and_no_others():
    assert pytest_litmus.__all__ == PUBLIC
    assert dir(pytest_litmus) == sorted([*PUBLIC, "__version__"])


def test_no_module_takes_the_place_of_a_public_name_once_it_is_imported():
    modules = {module.name for module in pkgutil.iter_modules(pytest_litmus.__path__)}

    assert modules.isdisjoint(PUBLIC)


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_can_be_imported_and_is_documented(name: str):
    thing = getattr(pytest_litmus, name)

    assert thing.__name__ == name
    assert thing.__module__.startswith("pytest_litmus.")
    assert inspect.getdoc(thing)


@pytest.mark.parametrize("name", PUBLIC)
def test_what_a_public_name_offers_is_documented(name: str):
    thing = getattr(pytest_litmus, name)
    offered = [
        member
        for key, member in vars(thing).items()
        if not key.startswith("_") and (inspect.isfunction(member) or isinstance(member, property))
    ]

    assert [member for member in offered if not inspect.getdoc(member)] == []


def test_the_version_is_that_of_the_distribution():
    from importlib.metadata import version

    assert pytest_litmus.__version__ == version("pytest-litmus")


def test_another_name_is_an_attribute_error_that_says_so():
    with pytest.raises(AttributeError) as refused:
        _ = pytest_litmus.Recoder

    assert str(refused.value) == "module 'pytest_litmus' has no attribute 'Recoder'"
