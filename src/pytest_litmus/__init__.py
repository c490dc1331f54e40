"""pytest-litmus: test how an LLM application behaves, and decide whether to deploy it.

One way through the house::

    program under test -- HTTP --> capture --> call --> score --> verdict --> report
                                      |
                                   cassette

`capture/` takes the HTTP traffic that the program makes anyway, or a cassette, and gives exchanges;
`wire/` turns an exchange into a call, whatever the provider; `pricing` says what it cost;
`verdicts` and `budgets` hold scores against limits; `report/` writes what a run did. `plugin` wires
all of it into pytest, `recorder` is what the `llm` fixture gives.

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
