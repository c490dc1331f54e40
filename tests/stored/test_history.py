from __future__ import annotations

import json
import re
import shutil
import sqlite3
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from pytest_litmus.cli import main
from tests.unit.report import given

PAGE = (Path(__file__).parents[2] / "docs/history.md").read_text(encoding="utf-8")
COMMIT = "0123456789abcdef"


@pytest.fixture
def history(tmp_path, capsys):
    """`litmus history` on a database of the test; gives the exit code, the output, the errors."""

    def run(*words) -> tuple[int, str, str]:
        code = main(["history", "--db", str(tmp_path / "h.sqlite"), *map(str, words)])
        written = capsys.readouterr()
        return code, written.out, written.err

    return run


@pytest.fixture
def series(stored, tmp_path):
    """A run a day below `reports/`, a letter a run for each test: `series(refund="ppfp")`."""

    def write(*, first: int = 0, cost: str | None = "0.00065", source: str = "live", **tests):
        for number in range(max(map(len, tests.values()))):
            records = [
                record(f"tests/test_a.py::test_{name}", letters[number], cost=cost, source=source)
                for name, letters in tests.items()
                if letters[number : number + 1].strip()
            ]
            day = first + number
            stored(f"reports/{day}", *records, **of_run(day))
        return tmp_path / "reports"

    return write


def record(nodeid, letter, *, cost="0.00065", source="live", **changed):
    words = {"p": "passed", "f": "failed", "s": "skipped", "e": "error"}
    price = None if cost is None else Decimal(cost)
    call = given.call(f"c-{nodeid}-{letter}", cost_usd=price, source=source)
    fields = {
        "outcome": words[letter],
        "calls": (call,),
        "verdicts": (given.similar(0.9 if letter == "p" else 0.4),),
        "fingerprint": "h1",
    }
    return given.record(nodeid, **{**fields, **changed})


def of_run(day: int, **changed):
    fields = {
        "id": f"run-{day:03}",
        "started_at": given.NOON + timedelta(days=day),
        "git": {"revision": f"{day:04}{COMMIT}", "dirty": False},
    }
    return {**fields, **changed}


def told(history, *words):
    code, out, _ = history(*words, "--json")
    assert code == 0
    return json.loads(out)


def tables(tmp_path) -> dict[str, list]:
    with sqlite3.connect(tmp_path / "h.sqlite") as connection:
        names = ("runs", "tests", "scores", "models", "parts", "files")
        found = {name: _all_of(connection, name) for name in names}
    connection.close()
    return found


def _all_of(connection, table: str) -> list:
    return connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - our own names


def test_the_demos_report_is_indexed_as_it_is(history, demo_report, tmp_path):
    report = json.loads((demo_report / "report.json").read_text(encoding="utf-8"))

    code, out, errors = history(demo_report)

    assert code == 0
    assert errors.endswith("h.sqlite: 1 new run, 0 known\n")
    (run,) = told(history)["runs"]
    assert run["id"] == report["run"]["id"]
    assert run["cost_usd"] == report["totals"]["cost"]["cost_usd"]
    assert run["unpriced_calls"] == report["totals"]["cost"]["unpriced_calls"]
    assert run["attack_success_rate"] == report["attacks"]["attack_success"]["rate"]
    assert (run["all_recorded"], run["live_calls"]) == (1, 0)
    assert len(tables(tmp_path)["tests"]) == len(report["tests"])
    scores = sum(len(test["verdicts"]) for test in report["tests"])
    assert len(tables(tmp_path)["scores"]) == scores
    assert "trends      over 1 run with replayed calls" in out
    assert "too few runs to tell (1)" in out
    assert "cost        nothing spent" in out


def test_calls_are_not_needed(history, demo_copy):
    (demo_copy / "calls.jsonl").unlink()

    assert history(demo_copy)[0] == 0


def test_indexing_again_adds_nothing(history, series, tmp_path):
    reports = series(refund="ppf")
    history(reports)
    before = tables(tmp_path)

    code, _, errors = history(reports, reports / "0", reports / "1/report.json")

    assert (code, tables(tmp_path)) == (0, before)
    assert errors.endswith("0 new runs, 3 known\n")


def test_a_copy_of_a_report_is_the_same_run(history, series, tmp_path):
    reports = series(refund="pp")
    shutil.copytree(reports / "1", reports / "copy/of/1")

    errors = history(reports)[2]

    assert errors.endswith("2 new runs, 1 known\n")
    assert len(tables(tmp_path)["runs"]) == 2


def test_a_folder_that_is_written_again_keeps_the_runs_before(history, stored, tmp_path):
    for day in range(3):
        history(stored("llm-report", record("t", "p"), **of_run(day)))

    assert [row[0] for row in tables(tmp_path)["runs"]] == ["run-000", "run-001", "run-002"]


def test_a_report_that_cannot_be_read_is_told_and_left_out_whole(history, series, tmp_path):
    reports = series(refund="pppp")
    paths = [reports / f"{day}/report.json" for day in range(4)]
    paths[0].write_text(paths[0].read_text()[:-50])
    for path, old, new in (
        (paths[1], '"schema_version": "1.0"', '"schema_version": "2.0"'),
        (paths[2], '"outcome": "passed"', '"outcome": 7'),
    ):
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    code, _, errors = history(reports)

    lines = errors.splitlines()
    assert code == 3
    assert "0/report.json is not JSON, or was cut off" in lines[0]
    assert "1/report.json has schema 2.0, and this version reads 1.x" in lines[1]
    assert "2/report.json is not as its schema has it" in lines[2]
    assert lines[3].endswith("1 new run, 0 known, 3 left out because they cannot be read")
    found = tables(tmp_path)
    assert [row[0] for row in found["runs"]] == ["run-003"]
    assert {row[0] for row in found["tests"] + found["scores"] + found["models"]} == {"run-003"}


def test_a_report_that_was_mended_is_indexed_the_next_time(history, series):
    reports = series(refund="pp")
    path = reports / "0/report.json"
    whole = path.read_text()
    path.write_text(whole[:100])
    assert history(reports)[0] == 3
    path.write_text(whole)

    code, _, errors = history(reports)

    assert (code, errors.endswith("1 new run, 1 known\n")) == (0, True)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["nowhere"], "nowhere is not there"),
        ([], "there is no history in"),
        (["--since", "yesterday"], "'yesterday' is no date, as in 2026-11-24"),
        (["--last", "0"], "'0' is no number of runs"),
        (["--by", "year"], "invalid choice: 'year'"),
    ],
)
def test_what_cannot_be_done_is_refused_and_makes_no_file(history, tmp_path, words, complaint):
    code, out, errors = history(*words)

    assert (code, out) == (2, "")
    assert complaint in errors
    assert not (tmp_path / "h.sqlite").exists()


def test_a_folder_without_a_report_is_refused(history, tmp_path):
    (tmp_path / "empty/.hidden").mkdir(parents=True)
    (tmp_path / "empty/.hidden/report.json").write_text("{}")

    code, _, errors = history(tmp_path / "empty")

    assert code == 2
    assert "there is no report.json below" in errors
    assert "pytest --llm-report" in errors


def test_a_history_of_a_newer_layout_is_refused_and_left_as_it_is(history, series, tmp_path):
    reports = series(refund="pp")
    history(reports / "0")
    with sqlite3.connect(tmp_path / "h.sqlite") as connection:
        connection.execute("PRAGMA user_version = 2")
    connection.close()
    before = (tmp_path / "h.sqlite").read_bytes()

    code, out, errors = history(reports)

    assert (code, out) == (2, "")
    assert "has layout 2, and this version knows 1" in errors
    assert (tmp_path / "h.sqlite").read_bytes() == before


def test_a_database_of_something_else_is_refused_and_left_as_it_is(history, series, tmp_path):
    with sqlite3.connect(tmp_path / "h.sqlite") as connection:
        connection.execute("CREATE TABLE runs (id)")
    connection.close()

    code, _, errors = history(series(refund="p"))

    assert (code, "is a database of something else" in errors) == (2, True)
    (tmp_path / "h.sqlite").write_text("no database at all, but long enough to look into" * 30)
    assert "SQLite says: file is not a database" in history()[2]


def test_what_fails_since_when_and_what_was_good_before(history, series):
    code, out, _ = history(series(refund="pppff", tone="pfppp"))

    assert code == 0
    lines = [" ".join(line.split()) for line in out.splitlines()]
    at = lines.index("failing 1 test")
    assert lines[at + 1 : at + 5] == [
        "tests/test_a.py::test_refund",
        "failing since 2026-11-27 12:00 at 000301234 (24 hours, 2 runs)",
        "last good 2026-11-26 12:00 at 000201234",
        (
            "to fix median 24 hours, 1 run, of 1 failure that began and was fixed in these runs; "
            "1 open"
        ),
    ]


def test_flaky_tests_are_told_and_changed_ones_are_not(history, series, stored):
    reports = series(refund="pfpfp", tone="ppppp")
    stored("reports/9", record("tests/test_a.py::test_tone", "f", fingerprint="h2"), **of_run(9))

    found = told(history, reports)["flaky"]

    (flaky,) = found["flaky"]
    assert (flaky["nodeid"], flaky["flips"], flaky["pairs"]) == (
        "tests/test_a.py::test_refund",
        4,
        4,
    )
    assert flaky["kind"] == "live"
    assert (flaky["same_revision_flips"], flaky["same_revision_pairs"]) == (0, 0)


def test_costs_are_exact_and_an_unknown_one_is_never_zero(history, series):
    series(refund="ppp", cost="0.1")
    unknown = told(history, series(first=10, refund="pp", cost=None), "--by", "day")["spending"]
    unpriced = unknown["periods"][-1]

    assert (unknown["total"]["live_cost_usd"], unknown["total"]["known"]) == ("0.3", "at least")
    assert (unpriced["begins"], unpriced["live_cost_usd"], unpriced["known"]) == (
        "2026-12-05",
        None,
        "unknown",
    )
    assert [one["runs"] for one in unknown["periods"]] == [1, 1, 1, 1, 1]
    assert list(unknown["by_model"]) == ["openai gpt-4o"]


def test_replayed_runs_cost_nothing(history, series):
    found = told(history, series(refund="pp", source="recorded"))["spending"]["total"]

    assert (found["known"], found["live_cost_usd"], found["cost_usd"]) == (
        "nothing",
        None,
        "0.0013",
    )


def test_the_history_of_one_test(history, series):
    history(series(refund="ppf", tone="ppp"))

    code, out, _ = history("--test", "refund")

    assert code == 0
    assert out.splitlines() == [
        "test        tests/test_a.py::test_refund",
        "failing     failing since 2026-11-26 12:00 at 000201234 (the last run)",
        "            last good 2026-11-25 12:00 at 000101234",
        (
            "flaky       live: flipped 1 of 2 times, 50.0% (9.5% to 90.5%); "
            "2 passed, 1 failed, last failed"
        ),
        "            no two runs in a row were of the same revision: the program may have changed",
        "",
        "started (UTC)     revision   result  calls  time    cost      scores",
        "2026-11-24 12:00  000001234  passed  live   1.50 s  $0.00065  similar 0.9",
        "2026-11-25 12:00  000101234  passed  live   1.50 s  $0.00065  similar 0.9",
        "2026-11-26 12:00  000201234  failed  live   1.50 s  $0.00065  similar 0.4 (fail)",
    ]


def test_a_changed_test_says_so_in_its_history(history, stored, tmp_path):
    stored("reports/0", record("t", "p"), **of_run(0))
    stored("reports/1", record("t", "p", fingerprint="h2"), **of_run(1))

    found = told(history, tmp_path / "reports", "--test", "t")

    assert [one["fingerprint_changed"] for one in found["results"]] == [False, True]


def test_a_text_that_names_no_test_or_several_is_refused(history, series):
    history(series(refund="p", refused="p"))

    assert (
        "2 tests have 'ref' in their node ids:\n  tests/test_a.py::" in history("--test", "ref")[2]
    )
    code, _, errors = history("--test", "tests/test_a.py::test_refnd")
    assert (code, "did you mean tests/test_a.py::test_refund?" in errors) == (2, True)


def test_runs_are_chosen_by_date_and_by_live_calls_and_by_branch(history, series, stored):
    reports = series(refund="ppp")
    stored("reports/7", record("t", "p", source="recorded"), **of_run(7))
    git = {"revision": COMMIT, "dirty": False, "branch": "main"}
    stored("reports/8", record("t", "p"), **of_run(8, git=git))
    history(reports)

    def chosen(*words):
        return [run["id"] for run in told(history, *words)["runs"]]

    assert chosen("--since", "2026-11-26") == ["run-002", "run-007", "run-008"]
    assert chosen("--live") == ["run-000", "run-001", "run-002", "run-008"]
    assert chosen("--branch", "main") == ["run-008"]
    assert chosen("--branch", "other") == []
    assert history("--branch", "other")[1].splitlines() == [
        "runs        none",
        "            and 5 reports that were not asked for",
    ]


def test_shards_of_a_merged_run_are_not_counted_twice(history, stored, tmp_path):
    stored("reports/a", record("a", "p"), **of_run(0, id="shard-a"))
    stored("reports/b", record("b", "p"), **of_run(0, id="shard-b"))
    whole = stored("reports/whole", record("a", "p"), record("b", "p"), **of_run(1))
    _say_of(whole, merged_from=[{"id": "shard-a"}, {"id": "shard-b"}])

    found = told(history, tmp_path / "reports")

    assert [run["id"] for run in found["runs"]] == ["run-001"]
    assert found["left_out"]["shards"] == 2
    assert found["spending"]["total"]["calls"] == 2


def test_a_rescored_report_stands_for_its_run_only_where_that_is_asked_for(
    history, stored, tmp_path
):
    stored("reports/0", record("t", "p"), **of_run(0))
    stored("reports/1", record("t", "p"), **of_run(1))
    again = stored("reports/again", record("t", "f"), **of_run(1, id="run-100"))
    _say_of(again, rescored_from={"id": "run-001", "at": "2026-11-26T12:00:00+00:00"})

    found = told(history, tmp_path / "reports")
    instead = told(history, "--rescored")

    assert [run["id"] for run in found["runs"]] == ["run-000", "run-001"]
    assert (found["left_out"]["rescored"], found["flaky"]["flaky"]) == (1, [])
    assert [run["id"] for run in instead["runs"]] == ["run-000", "run-100"]
    assert instead["spending"]["total"]["live_calls"] == 2


def _say_of(folder: Path, **fields) -> None:
    """Add to a report's `run`."""
    path = folder / "report.json"
    report = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**report, "run": {**report["run"], **fields}}), encoding="utf-8")


def test_hostile_names_reach_neither_the_terminal_nor_other_folders(history, stored, tmp_path):
    pytest.importorskip("duckdb", reason="--parquet needs the extra [history]")
    nodeid = "t.py::t[\x1b[2J'; DROP TABLE runs; --\ud800]"
    for day, letter in enumerate("pf"):
        run = of_run(day, id=f"../../out{day}'", git={"revision": "\x1b]0;x\x07", "dirty": False})
        stored(f"reports/{day}", record(nodeid, letter), **run)

    code, out, errors = history(tmp_path / "reports", "--parquet", tmp_path / "it's")

    assert code == 0
    assert "\x1b" not in out + errors
    assert "\\x1b[2J'; DROP TABLE runs; --" in out
    assert len(tables(tmp_path)["runs"]) == 2
    written = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.parquet"))
    assert len(written) == 10
    assert {path.parts[0] for path in written} == {"it's"}


def test_parquet_is_written_once_and_holds_what_the_history_does(history, series, tmp_path):
    duckdb = pytest.importorskip("duckdb", reason="--parquet needs the extra [history]")
    reports = series(refund="pfp", tone="ppp")
    folder = tmp_path / "history"

    first = history(reports, "--parquet", folder)[2]
    times = {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")}
    second = history("--parquet", folder)[2]

    assert first.endswith("history: 3 runs written, 0 there already\n")
    assert second.endswith("history: 0 runs written, 3 there already\n")
    assert times == {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}
    for name, rows in tables(tmp_path).items():
        if name != "files" and rows:
            glob = f"{folder}/{name}/month=2026-11/*.parquet"
            read = duckdb.read_parquet(glob).project("* EXCLUDE (month)").fetchall()
            assert sorted(read) == sorted(rows)


def test_the_queries_of_the_docs_answer_as_the_command_does(history, series, stored, tmp_path):
    duckdb = pytest.importorskip("duckdb", reason="--parquet needs the extra [history]")
    reports = series(refund="pfpfp", tone="ppfpp", cost="0.1")
    whole = stored("reports/whole", record("tests/test_a.py::test_tone", "p"), **of_run(50))
    _say_of(whole, merged_from=[{"id": "run-004"}])
    history(reports, "--parquet", tmp_path / "history")
    found = told(history)

    page = PAGE.replace("'history/", f"'{(tmp_path / 'history').as_posix()}/")
    blocks = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
    with duckdb.connect() as connection:
        _, costs, rates, flips = (connection.execute(block).fetchall() for block in blocks)

    assert sum(row[4] for row in costs) == Decimal(found["spending"]["total"]["live_cost_usd"])
    assert [row[0] for row in costs] == ["2026-11", "2027-01"]
    assert sum(row[2] for row in rates) == len(found["runs"]) == 5
    assert flips == [
        (one["nodeid"], one["kind"] == "live", one["flips"], one["pairs"])
        for one in found["flaky"]["flaky"]
    ]
    assert len(flips) == 2


def test_parquet_goes_into_a_folder_and_not_to_an_address(history, series):
    history(series(refund="p"))

    code, _, errors = history("--parquet", "s3://our-bucket/history")

    assert (code, "aws s3 sync FOLDER s3://our-bucket/history" in errors) == (2, True)


def test_the_options_of_the_docs_are_there(capsys):
    assert main(["history", "--help"]) == 0
    told_by_help = capsys.readouterr().out

    assert all(name in told_by_help for name in re.findall(r"`(--[a-z]+)", PAGE))


def test_a_run_of_a_hundred_thousand_calls_is_indexed_without_reading_them(
    history, large_report, tmp_path
):
    folder = tmp_path / "large"
    folder.mkdir()
    shutil.copyfile(large_report / "report.json", folder / "report.json")

    code, out, _ = history(folder)

    found = tables(tmp_path)
    assert code == 0
    assert (len(found["tests"]), len(found["scores"])) == (1_000, 1_000)
    assert "900 of 1000 (90.0%)" in out
