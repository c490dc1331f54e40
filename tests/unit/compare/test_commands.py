"""`litmus compare` and `litmus baseline bless`, on reports that are stored."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pytest_litmus.cli import main
from tests.unit.report.given import record, report_of


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """Stores a report of tests by name, each passed or not."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def store(name: str, *, exit_status: int = 0, **tests: str) -> str:
        records = [
            record(f"t.py::test_{test}", outcome=outcome, fingerprint="h1")
            for test, outcome in tests.items()
        ]
        report = report_of(*records, id=name, exit_status=exit_status)
        folder = tmp_path / name
        folder.mkdir()
        (folder / "report.json").write_text(json.dumps(report))
        return name

    return store


def test_two_reports_that_are_alike_end_with_0(stored, capsys):
    code = main(["compare", stored("one", a="passed"), stored("two", a="passed")])

    assert code == 0
    assert capsys.readouterr().out.splitlines() == [
        "compared   one -> two",
        "outcome    no change",
        "tests      1 compared",
        "quality    no change: 1.000 before, 1.000 now: 0 worse and 0 better of 1",
        (
            "latency    no change: median 0.8 s before, 0.8 s now (1 and 1 calls); typically +0%, "
            "where 10% matters; p 1.000"
        ),
        "cost       no change: $0.00065 before, $0.00065 now, the mean of 1 case",
        "tokens     no change: 140 before, 140 now, the mean of 1 case",
    ]


def test_a_lost_test_ends_with_1_and_a_new_failure_with_3(stored):
    whole = stored("one", a="passed", b="passed")

    assert main(["compare", whole, stored("two", a="passed")]) == 1
    assert main(["compare", whole, stored("three", a="passed", b="failed")]) == 3


def test_json_has_all_numbers(stored, capsys):
    code = main(["compare", stored("one", a="passed"), stored("two", a="failed"), "--json"])

    told = json.loads(capsys.readouterr().out)
    assert (code, told["outcome"]) == (3, "inconclusive")
    assert told["tests"]["compared"] == ["t.py::test_a"]
    assert [one["metric"] for one in told["findings"]] == ["pass rate", "pass rate"]
    assert told["changes"][0]["cases"] == 1


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["one"], "give two reports"),
        (["one", "one", "--target-b", "b"], "give two reports"),
        (["one", "--target-b", "b"], "there are no two targets with 'b': this run's are none"),
        (["none", "one"], "none cannot be read: No such file or directory"),
        (["one", "none.yaml"], "none.yaml cannot be read: No such file or directory"),
        (["one", "cut"], "is not JSON, or was cut off"),
        (["one", "newer"], "has schema 2.0, and this version reads 1.x"),
        (["one", "breaches.yaml"], "breaches.yaml has no `tests:`: write them with `litmus"),
    ],
)
def test_what_cannot_be_compared_ends_with_2(stored, tmp_path, words, told, capsys):
    stored("one", a="passed")
    (tmp_path / "breaches.yaml").write_text("breaches: []\n")
    for name, text in (("cut", '{"sch'), ("newer", '{"schema_version": "2.0", "tests": []}')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "report.json").write_text(text)

    code = main(["compare", *words])

    written = capsys.readouterr()
    assert (code, written.out) == (2, "")
    assert written.err.startswith("litmus compare: error: ")
    assert told in written.err


@pytest.mark.parametrize("word", ["0", "1", "often"])
def test_a_confidence_is_a_share(stored, word, capsys):
    assert main(["compare", stored("one"), stored("two"), "--confidence", word]) == 2
    assert f"{word!r} is no number between 0 and 1" in capsys.readouterr().err


def test_bless_says_what_it_changes_and_keeps_what_is_not_in_the_report(stored, capsys):
    assert main(["baseline", "bless", stored("one", a="passed", b="passed")]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "+ t.py::test_a passed",
        "+ t.py::test_b passed",
        "llm-baseline.yaml: 2 tests, 0 of them do not pass; 0 breaches known",
    ]

    part = stored("two", a="failed", exit_status=1)
    assert main(["baseline", "bless", part]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "~ t.py::test_a passed -> failed",
        "1 tests that are not in the report were kept; --drop-missing takes them out",
        "llm-baseline.yaml: 2 tests, 1 of them do not pass; 0 breaches known",
    ]

    assert main(["baseline", "bless", part, "--drop-missing"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "- t.py::test_b",
        "llm-baseline.yaml: 1 tests, 1 of them do not pass; 0 breaches known",
    ]


def test_bless_can_take_some_tests_only(stored, capsys):
    main(["baseline", "bless", stored("one", a="passed", b="passed")])
    capsys.readouterr()

    main(["baseline", "bless", stored("two", a="failed", b="failed"), "--only", "test_b"])

    assert capsys.readouterr().out.splitlines()[0] == "~ t.py::test_b passed -> failed"


def test_bless_refuses_a_run_that_was_broken_off(stored, tmp_path, capsys):
    assert main(["baseline", "bless", stored("one", a="passed", exit_status=2)]) == 2

    assert "the run was broken off (interrupted)" in capsys.readouterr().err
    assert not (tmp_path / "llm-baseline.yaml").exists()


def test_bless_keeps_the_breaches_that_are_known(stored, tmp_path):
    path = tmp_path / "llm-baseline.yaml"
    path.write_text("breaches:\n- id: s.llm.yaml::ask\n  reason: ticket 12\n")

    assert main(["baseline", "bless", stored("one", a="passed")]) == 0

    from pytest_litmus.suites.known import KnownBreaches

    assert list(KnownBreaches.read(path).entries) == ["s.llm.yaml::ask"]
    assert "t.py::test_a:" in path.read_text()


def test_bless_leaves_a_file_that_it_cannot_read_as_it_is(stored, tmp_path, capsys):
    path = tmp_path / "llm-baseline.yaml"
    path.write_text("tests:\n  a: 1\n")

    assert main(["baseline", "bless", stored("one", a="passed")]) == 2

    assert path.read_text() == "tests:\n  a: 1\n"
    assert "llm-baseline.yaml:2: a test is a mapping" in capsys.readouterr().err


def test_a_report_and_the_baseline_made_of_it_are_alike(stored):
    one = stored("one", a="passed", b="failed", exit_status=1)
    main(["baseline", "bless", one])

    assert main(["compare", "llm-baseline.yaml", one]) == 0


def test_a_record_without_a_fingerprint_is_written_without_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    report = report_of(replace(record("t.py::test_a"), fingerprint=None))
    (tmp_path / "report.json").write_text(json.dumps(report))

    main(["baseline", "bless", "report.json"])

    assert "fingerprint" not in (tmp_path / "llm-baseline.yaml").read_text()
