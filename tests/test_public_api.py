from __future__ import annotations

import inspect

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
    "capturing",
    "judge",
]


def test_the_public_names_are_these_and_no_others():
    assert pytest_litmus.__all__ == PUBLIC
    assert dir(pytest_litmus) == sorted([*PUBLIC, "__version__"])


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
