"""Stored reports: one that the example suites really made, one of 100,000 calls, and small ones."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from pytest_litmus.report.build import build
from pytest_litmus.report.run import Run
from pytest_litmus.report.writing import ReportFolder
from tests.unit.report import given

ROOT = Path(__file__).parents[2]
LARGE = 100_000


@pytest.fixture(scope="session")
def demo_report(tmp_path_factory) -> Path:
    """The folder of a replayed run of `example_suites`, with what was said; do not write to it."""
    return _once(tmp_path_factory, "demo", _run_demo)


@pytest.fixture(scope="session")
def large_report(tmp_path_factory) -> Path:
    """The folder of a report of 1,000 tests with 100 calls each; do not write to it."""
    return _once(tmp_path_factory, "large", _write_large)


@pytest.fixture
def demo_copy(demo_report, tmp_path) -> Path:
    """A copy of the demo's report that a test may change."""
    return Path(shutil.copytree(demo_report, tmp_path / "demo"))


@pytest.fixture
def stored(tmp_path):
    """Write a report of records made by hand: `stored("a", record, record, id="run-a")`."""

    def write(name: str, *records, **of_run) -> Path:
        return _write(tmp_path / name, records, given.run(**of_run))

    return write


def _once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that xdist's workers share, made by the first that needs it."""
    base = factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    folder = shared / f"stored-{name}"
    with FileLock(f"{folder}.lock"):
        if not folder.is_dir():
            make(shared / f"making-{name}")
            (shared / f"making-{name}").rename(folder)
    return folder


def _run_demo(folder: Path) -> None:
    pytest.importorskip("openai")
    names = "injection,exfiltration,privacy,unsafe-output"
    attacks = (f"--llm-suite={names}", "--llm-target=support_assistant.under_attack:answer")
    options = ("--llm-report", f"--llm-report-dir={folder}", "--llm-report-content=all")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    done = subprocess.run(
        [*command, "example_suites", *attacks, *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def _write_large(folder: Path) -> None:
    call = given.call()
    records = [
        given.record(
            f"tests/test_{number // 100}.py::test_{number}",
            calls=tuple(replace(call, id=f"c{number}-{place}") for place in range(100)),
            verdicts=(given.similar(0.9 if number % 10 else 0.4),),
            outcome="passed" if number % 10 else "failed",
        )
        for number in range(LARGE // 100)
    ]
    _write(folder, records, given.run(id="large"))


def _write(folder: Path, records, run: Run) -> Path:
    made = ReportFolder(folder)
    made.start()
    made.finish(build(records, run), records, content=lambda _: True)
    return folder
