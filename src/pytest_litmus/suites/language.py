"""Language: what a suite says, as values; and its cases spread over attacks, rows, targets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from pytest_litmus.errors import SuiteError
from pytest_litmus.rating import Plan
from pytest_litmus.suites.located import Mistake

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_litmus.suites.expecting import Expectation

PLAIN = "plain"
"""The attack that leaves the prompt as it is."""
CANARY = "canary"
"""The name of the canary that every case has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is asked."""

    kind: Literal["function", "conversation", "fixture", "endpoint", "http"]
    place: str
    """`module:function`, the fixture's name, or the URL."""
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A stub of a tool: what it gives was decided beforehand."""

    name: str
    description: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    returns: Any = ""
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A turn of a conversation as it is written."""

    text: str
    role: Literal["user", "assistant"] = "user"
    expect: tuple[Expectation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as it is written, with its suite's defaults."""

    id: str
    line: int
    turns: tuple[Said, ...]
    """The last one is what attacks change, unless there is an injection."""
    system: str = ""
    injection: str | None = None
    documents: tuple[str, ...] = ()
    tools: tuple[Tool, ...] = ()
    attacks: tuple[str, ...] = (PLAIN,)
    expect: tuple[Expectation, ...] = ()
    benign: bool = False
    twin_of: str | None = None
    family: str = ""
    severity: str = "medium"
    tags: tuple[str, ...] = ()
    quarantined: str = ""
    """Why it blocks nothing yet; empty where it does."""
    maps_to: tuple[str, ...] = ()
    plan: Plan = field(default_factory=Plan)
    """How often it runs, and which share of the runs has to be safe."""
    variables: Mapping[str, Any] = field(default_factory=dict)
    canaries: tuple[str, ...] = (CANARY,)
    fixtures: tuple[str, ...] = ()
    max_turns: int = 8
    budget: Mapping[str, float] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    """Of its data file; empty without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a data file."""

    id: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A file."""

    name: str
    path: Path
    cases: tuple[Case, ...]
    targets: Mapping[str, Target]
    """By name; the name is empty where there is one."""
    attacker: Target | None = None
    judge: str | None = None
    state: str | None = None
    description: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A case with one attack, one row and one target: what one item runs."""

    case: Case
    attack: str = PLAIN
    row: Row | None = None
    target: str = ""

    @property
    def name(self) -> str:
        """In the node id: `case`, `case[base64]`, `case[base64-row-target]`."""
        parts = [self.attack if self.attack != PLAIN else "", self.row.id if self.row else ""]
        shown = [part for part in (*parts, self.target) if part]
        if not shown and len(self.case.attacks) > 1:
            shown = [PLAIN]
        return f"{self.case.id}[{'-'.join(shown)}]" if shown else self.case.id

    @property
    def values(self) -> dict[str, Any]:
        """The declared names but for canaries and the injection."""
        return dict(self.case.variables) | dict(self.row.values if self.row else {})


def variants(suite: Suite) -> Iterator[Variant]:
    """All items of a suite, in the order of the file."""
    for case in suite.cases:
        for row in case.rows or (None,):
            for attack in case.attacks:
                for target in suite.targets or ("",):
                    yield Variant(case=case, attack=attack, row=row, target=target)


def error_of(path: Path | str, mistakes: Sequence[Mistake]) -> SuiteError:
    """All mistakes of a file in one error: `file:line: what`."""
    lines = [f"{path}:{one.line or 1}: {one.message}" for one in mistakes]
    return SuiteError("\n".join(lines), line=mistakes[0].line or 1)
