from __future__ import annotations

import ast
from pathlib import Path

import pytest

import pytest_litmus

ROOT = Path(pytest_litmus.__file__).parent

# From what knows nothing of the others to what knows all of them. A name covers its package.
ORDER = (
    # Said of anything: exceptions, words, names, tracebacks.
    (
        *(
            "errors",
            "words",
            "naming",
            "tracebacks",
            "waiting",
            "builtin",
            "purpose",
            "stats",
            "calibration",
        ),
        "posting",
    ),
    ("capture",),
    ("wire",),
    ("price_file", "pricing"),
    ("verdicts", "rating", "call_totals", "budgets", "tool_results", "trace"),
    ("evaluators",),
    ("endpoint", "grouping", "recorder"),
    ("suites", "fingerprint"),
    ("report",),
    ("compare",),
    ("drift",),
    ("gate",),
    ("feedback",),
    ("history",),
    ("incident",),
    ("rescoring",),
    ("importing",),
    ("cli",),
    # pytest's side, which wires the stages together.
    (
        "hookspecs",
        "declared",
        "misspelt",
        "options",
        "case",
        "wide",
        "suite_ahead",
        "suite_run",
        "suite_items",
        "repeated",
        "run_compared",
        "running",
        "gating",
        "plugin",
    ),
    # The public names of all of them.
    ("__init__",),
)
KNOW_PYTEST = {
    "hookspecs", "declared", "misspelt", "options", "case", "wide", "suite_run", "suite_items",
    "repeated", "run_compared", "running", "gating", "plugin",
}  # fmt: skip
MODULES = sorted(ROOT.rglob("*.py"))


def stage_of(module: str) -> int:
    """The place of a module, named without the package: `wire.calls`."""
    first = module.partition(".")[0] or "__init__"
    (place,) = (number for number, names in enumerate(ORDER) if first in names)
    return place


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def imported(path: Path) -> set[str]:
    """All modules that a file names, in functions and for the type checker as well."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "pytest_litmus":
            names |= {f"pytest_litmus.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def ours(path: Path) -> set[str]:
    prefix = "pytest_litmus."
    return {name.removeprefix(prefix) for name in imported(path) if name.startswith(prefix)}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_stage_imports_only_from_stages_before_it(path: Path):
    """The order is that of the way through the house, with three additions.

    `budgets` stand beside `verdicts`, before the recorder, because they are verdicts on sums over
    calls (`call_totals`) and need no test; `endpoint` stands beside the recorder, whose `ask` it
    is; `declared` and `misspelt` are parts of `options` that know pytest but none of the stages.

    Imports inside functions and under TYPE_CHECKING count too: both tie a stage to a later one
    just as well.
    """
    own = stage_of(name_of(path))

    later = {name for name in ours(path) if stage_of(name) > own}

    assert later == set()


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_pytests_side_knows_pytest(path: Path):
    knows = {name.partition(".")[0] for name in imported(path)} & {"pytest", "_pytest"}

    assert knows <= ({"pytest"} if name_of(path) in KNOW_PYTEST else set())


def test_every_module_has_its_place_in_the_order():
    first = {name_of(path).partition(".")[0] for path in MODULES}

    assert first == {name for names in ORDER for name in names}
