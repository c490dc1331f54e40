from __future__ import annotations

import json
import shutil
import subprocess
import uuid
from pathlib import Path

import pytest

from pytest_litmus.report import run as runs
from pytest_litmus.report.build import build
from pytest_litmus.report.run import ci_job, git_revision, new_run_id, versions
from pytest_litmus.wire.calls import Usage
from tests.unit.report.given import (
    budget,
    call,
    cassette,
    problems,
    record,
    report_of,
    run,
    schema,
    similar,
)


def test_a_full_report_keeps_the_schema():
    full = record(
        outcome="failed",
        calls=(
            call(source="recorded"),
            call("c2", step="ask", error_type="timeout", cost_usd=None),
        ),
        verdicts=(similar(),),
        budgets=(budget(),),
        cassette=cassette(),
        failure="AssertionError: no",
    )

    report = report_of(
        full,
        versions=versions(),
        git={"revision": "abc", "dirty": None},
        ci={"system": "github", "name": "test", "id": "1", "url": None},
        options={"llm_record": "none", "llm_report": True},
        exit_status=1,
    )

    assert report["schema_version"] == "1.0"
    assert report["tests"][0]["calls"][1]["step"] == "ask"
    assert json.dumps(report, allow_nan=False)


def test_an_empty_report_keeps_the_schema_and_does_not_pass():
    assert report_of()["verdict"]["outcome"] == "no tests"


def test_tests_stand_in_the_order_of_their_node_ids():
    report = report_of(record("b.py::test"), record("a.py::test_2"), record("a.py::test_1"))

    assert [test["nodeid"] for test in report["tests"]] == [
        "a.py::test_1",
        "a.py::test_2",
        "b.py::test",
    ]


@pytest.mark.parametrize(
    ("outcomes", "exit_status", "verdict"),
    [
        (["passed", "skipped"], 0, "passed"),
        (["passed"], None, "passed"),
        (["passed", "failed"], 1, "failed"),
        (["passed", "error"], 1, "failed"),
        # Another test failed, which this report is not about.
        (["passed"], 1, "passed"),
        (["skipped"], 0, "no tests"),
        (["passed"], 2, "failed"),
        (["passed"], 3, "failed"),
    ],
)
def test_the_verdict_is_of_the_tests_in_the_report(outcomes, exit_status, verdict):
    records = [record(f"t.py::test_{n}", outcome=outcome) for n, outcome in enumerate(outcomes)]

    assert report_of(*records, exit_status=exit_status)["verdict"]["outcome"] == verdict


def test_a_run_that_was_interrupted_says_so():
    assert report_of(record(), exit_status=2)["verdict"]["reason"] == "interrupted"


def test_unknown_numbers_of_a_call_are_null_in_the_report():
    silent = call(cost_usd=None, usage=Usage(), duration_s=None, response_model=None)

    test = report_of(record(calls=(silent,)))["tests"][0]

    assert (test["cost_usd"], test["unpriced_calls"], test["model_time_s"]) == (None, 1, None)
    assert test["calls"][0]["input_tokens"] is None
    assert test["calls"][0]["model"] == "gpt-4o"


def test_what_verdicts_and_failures_quote_is_redacted():
    quoting = record(failure="it says 14", verdicts=(similar(),))

    report = build([quoting], run(), redact=lambda text: text.replace("14", "**"))

    assert report["tests"][0]["failure"] == "it says **"
    assert report["tests"][0]["verdicts"][0]["explanation"] == "it says ** days"


def test_every_field_of_the_schema_is_described():
    undescribed = []

    def visit(node: object, path: str) -> None:
        if isinstance(node, list):
            for item in node:
                visit(item, path)
        elif isinstance(node, dict):
            for name, field in (node.get("properties") or {}).items():
                if not field.get("description"):
                    undescribed.append(f"{path}.{name}")
            for key, child in node.items():
                visit(child, f"{path}.{key}")

    visit(schema(), "$")

    assert undescribed == []


def test_the_schema_is_one_and_leaves_room_for_later_fields():
    from jsonschema import Draft202012Validator

    Draft202012Validator.check_schema(schema())
    later = report_of(record()) | {"new_in_1_1": True}
    later["tests"][0]["calls"][0]["new_in_1_1"] = 1

    assert Draft202012Validator(schema()).is_valid(later)
    assert len(problems(later)) == 2


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("totals", "cost", "cost_usd"), 0.5),
        (("verdict", "outcome"), "green"),
        (("schema_version",), "2.0"),
        (("run", "started_at"), None),
    ],
)
def test_the_schema_refuses_what_no_report_says(path, value):
    report = report_of(record())
    place = report
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value

    assert problems(report) != []


def test_run_ids_are_of_version_7_and_sort_by_time():
    first, second = new_run_id(), new_run_id()

    assert uuid.UUID(first).version == 7
    assert uuid.UUID(first).variant == uuid.RFC_4122
    assert first != second
    assert uuid.UUID(first).int >> 80 <= uuid.UUID(second).int >> 80


def test_versions_name_python_and_pytest():
    assert {"python", "pytest", "pytest-litmus", "vcrpy"} <= versions().keys()


def test_a_package_that_is_not_installed_has_no_version(monkeypatch):
    monkeypatch.setattr(runs, "_PACKAGES", ("pytest", "no-such-package-here"))

    assert list(versions()) == ["python", "pytest"]


GIT = shutil.which("git")


def committed(folder: Path) -> None:
    identity = (
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.invalid",
        "-c",
        "commit.gpgsign=false",
    )
    for words in (("init", "-q"), ("add", "."), (*identity, "commit", "-q", "-m", "Begin")):
        subprocess.run([GIT or "", "-C", str(folder), *words], check=True, capture_output=True)


@pytest.mark.skipif(GIT is None, reason="needs git")
def test_the_revision_and_a_change_to_it_are_told(tmp_path):
    (tmp_path / "a.txt").write_text("one")
    committed(tmp_path)

    clean = git_revision(tmp_path)
    (tmp_path / "a.txt").write_text("two")
    changed = git_revision(tmp_path)

    assert clean is not None
    assert changed is not None
    assert len(clean["revision"]) == 40
    assert (clean["dirty"], changed["dirty"]) == (False, True)


@pytest.mark.skipif(GIT is None, reason="needs git")
@pytest.mark.parametrize(
    ("environ", "branch"),
    [
        ({"GITHUB_HEAD_REF": "fix", "GITHUB_REF_NAME": "12/merge"}, "fix"),
        ({"GITHUB_REF_NAME": "v1", "GITHUB_REF_TYPE": "tag"}, None),
        ({"CI_COMMIT_BRANCH": "release/2"}, "release/2"),
        ({"BUILD_SOURCEBRANCH": "refs/heads/fix/3"}, "fix/3"),
        ({}, None),
    ],
)
def test_the_branch_is_the_one_that_is_checked_out_or_the_ci_systems(tmp_path, environ, branch):
    (tmp_path / "a.txt").write_text("one")
    committed(tmp_path)
    for words in (("checkout", "-q", "-b", "feature"), ("checkout", "-q", "--detach")):
        subprocess.run([GIT or "", "-C", str(tmp_path), *words], check=True)
        told = git_revision(tmp_path, environ)
        assert told is not None
        assert told["branch"] == ("feature" if "-b" in words else branch)


def test_a_folder_without_a_repository_has_no_revision(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    assert git_revision(tmp_path) is None


def test_a_machine_without_git_has_no_revision(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert git_revision(tmp_path) is None


def test_a_git_that_hangs_is_given_up(tmp_path, monkeypatch):
    slow = tmp_path / "git"
    slow.write_text("#!/bin/sh\nexec /bin/sleep 30\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(runs, "GIT_TIMEOUT_S", 0.05)

    assert git_revision(tmp_path) is None


@pytest.mark.parametrize(
    ("environ", "job"),
    [
        (
            {
                "CI": "true",
                "GITHUB_ACTIONS": "true",
                "GITHUB_JOB": "test",
                "GITHUB_RUN_ID": "7",
                "GITHUB_SERVER_URL": "https://github.com",
                "GITHUB_REPOSITORY": "o/r",
            },
            ("github", "test", "7", "https://github.com/o/r/actions/runs/7"),
        ),
        (
            {
                "CI": "true",
                "GITLAB_CI": "true",
                "CI_JOB_NAME": "test",
                "CI_JOB_ID": "8",
                "CI_JOB_URL": "https://gitlab.example/o/r/-/jobs/8",
            },
            ("gitlab", "test", "8", "https://gitlab.example/o/r/-/jobs/8"),
        ),
        (
            {
                "JENKINS_URL": "https://ci.example/",
                "JOB_NAME": "app/main",
                "BUILD_ID": "9",
                "BUILD_URL": "https://user:secret@ci.example/job/9/",
            },
            ("jenkins", "app/main", "9", "https://ci.example/job/9/"),
        ),
        (
            {"CI": "true", "CIRCLECI": "true", "CIRCLE_JOB": "t", "CIRCLE_BUILD_NUM": "3"},
            ("circleci", "t", "3", None),
        ),
        (
            {
                "TF_BUILD": "True",
                "SYSTEM_JOBDISPLAYNAME": "Tests",
                "BUILD_BUILDID": "4",
                "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI": "https://dev.azure.com/o/",
                "SYSTEM_TEAMPROJECT": "p",
            },
            ("azure", "Tests", "4", "https://dev.azure.com/o/p/_build/results?buildId=4"),
        ),
        ({"TF_BUILD": "True"}, ("azure", None, None, None)),
        ({"CI": "true", "BUILD_URL": "https://[broken"}, ("other", None, None, None)),
    ],
)
def test_a_ci_job_is_known_by_its_variables(environ, job):
    told = ci_job(environ)

    assert told is not None
    assert (told["system"], told["name"], told["id"], told["url"]) == job


def test_outside_of_ci_there_is_no_job():
    assert ci_job({"HOME": "/root", "CI": ""}) is None
