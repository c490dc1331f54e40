from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from pytest_litmus.errors import ReportError
from pytest_litmus.report import feedback
from pytest_litmus.report.build import build
from pytest_litmus.report.feedback import HumanRating
from pytest_litmus.report.merging import differing, merge, write
from pytest_litmus.report.reading import read_report
from pytest_litmus.report.run import Run
from pytest_litmus.report.writing import ReportFolder
from tests.unit.report import given
from tests.unit.report.given import NOON, call, record

COMMIT = {"revision": "abc123", "dirty": False}
LATER = NOON + timedelta(minutes=1)


@pytest.fixture
def shard(tmp_path, monkeypatch):
    """Write a shard with a test of its own: `shard("a", exit_status=1)`."""
    monkeypatch.chdir(tmp_path)

    def made(name: str, *records, schema="1.0", **of_run) -> Path:
        all_of_it = records or (record(f"t_{name}.py::t", calls=(call(f"c-{name}"),)),)
        folder = ReportFolder(Path(name))
        folder.start()
        report = build(all_of_it, given.run(**{"id": name, "git": COMMIT, **of_run}))
        folder.finish(report | {"schema_version": schema}, all_of_it, content=lambda _: True)
        return folder.path

    return made


def names(report) -> list[str]:
    return [test["nodeid"] for test in report["tests"]]


def test_a_merged_report_is_what_one_run_of_all_tests_would_have_built(shard):
    first = record("a.py::a", verdicts=(given.similar(0.9),), calls=(call("c1", duration_s=4.0),))
    second = record("b.py::b", verdicts=(given.similar(0.4),), calls=(call("c2", cost_usd=None),))
    third = record("c.py::c", calls=(), cassette=given.cassette(), outcome="skipped")

    merged = merge([shard("a", second), shard("b", first, third)])

    whole = given.report_of(first, second, third)
    assert {**merged.report, "run": {}} == {**whole, "run": {}}
    assert given.problems(merged.report) == []


def test_the_merged_run_spans_from_the_first_start_to_the_last_end(shard):
    paths = [
        shard("a", started_at=LATER, duration_s=30.0, exit_status=1),
        shard("b", started_at=NOON, duration_s=20.0, exit_status=0),
    ]

    run = merge(paths).report["run"]

    assert (run["started_at"], run["duration_s"]) == (NOON.isoformat(), 90.0)
    assert run["id"] not in ("a", "b")
    assert [(one["id"], one["duration_s"], one["exit_status"]) for one in run["merged_from"]] == [
        ("a", 30.0, 1),
        ("b", 20.0, 0),
    ]


def test_shards_that_overlap_in_time_are_not_added_up(shard):
    paths = [shard(name, started_at=NOON, duration_s=20.0) for name in "abc"]

    assert merge(paths).report["run"]["duration_s"] == 20.0


def test_an_end_that_is_not_known_leaves_the_duration_unknown(shard):
    paths = [shard("a", duration_s=float("nan")), shard("b")]

    assert merge(paths).report["run"]["duration_s"] is None


@pytest.mark.parametrize(
    ("statuses", "status", "outcome", "reason"),
    [
        ((0, 0), 0, "passed", None),
        ((0, 1), 1, "passed", None),
        ((0, 5), 0, "passed", None),
        ((1, 2), 2, "failed", "interrupted"),
        ((2, 3), 3, "failed", "internal error"),
        ((4, 0), 4, "failed", "wrong usage"),
        ((0, None), None, "passed", None),
        ((1, None), 1, "passed", None),
        ((None, 2), 2, "failed", "interrupted"),
        ((1, 70), 70, "passed", None),
    ],
)
def test_the_worst_exit_status_is_that_of_the_whole(shard, statuses, status, outcome, reason):
    paths = [shard(f"s{n}", exit_status=one) for n, one in enumerate(statuses)]

    report = merge(paths).report

    assert report["run"]["exit_status"] == status
    assert (report["verdict"]["outcome"], report["verdict"]["reason"]) == (outcome, reason)


def test_shards_without_any_test_are_no_run_that_passed(tmp_path, shard):
    folders = []
    for name in "ab":
        folder = ReportFolder(tmp_path / name)
        folder.start()
        folder.finish(build([], given.run(id=name, git=COMMIT, exit_status=5)), [])
        folders.append(folder.path)

    report = merge(folders).report

    assert (report["run"]["exit_status"], report["verdict"]["outcome"]) == (5, "no tests")
    assert len(report["run"]["merged_from"]) == 2


def test_only_what_the_runs_agree_in_is_said_of_the_whole(shard):
    job = {"system": "gitlab", "name": "test 1/2", "id": "71", "url": None}
    paths = [
        shard("a", versions={"python": "3.11.7", "vcrpy": "9"}, ci=job, options={"max_cost": 1.0}),
        shard("b", versions={"python": "3.12.1"}, ci=job | {"id": "72"}, options={"max_cost": 2.0}),
    ]

    merged = merge(paths)

    run = merged.report["run"]
    assert (run["versions"], run["options"], run["git"]) == ({}, {}, COMMIT)
    assert run["ci"] == {"system": "gitlab", "name": "test 1/2", "id": None, "url": None}
    assert [one["ci"]["id"] for one in run["merged_from"]] == ["71", "72"]
    assert differing(merged.shards) == {
        "python": {"3.11.7": [paths[0] / "report.json"], "3.12.1": [paths[1] / "report.json"]},
        "vcrpy": {"9": [paths[0] / "report.json"], "none": [paths[1] / "report.json"]},
    }


@pytest.mark.parametrize(
    ("job", "of_whole"),
    [
        (None, None),
        ({"system": "github", "name": None, "id": "7", "url": None}, None),
    ],
)
def test_jobs_of_different_systems_are_no_job(shard, job, of_whole):
    other = {"system": "gitlab", "name": None, "id": "7", "url": None}

    assert merge([shard("a", ci=other), shard("b", ci=job)]).report["run"]["ci"] == of_whole


@pytest.mark.parametrize(
    ("dirty", "of_whole"),
    [((False, False), False), ((False, True), True), ((None, True), True), ((None, False), None)],
)
def test_the_whole_is_dirty_where_one_of_its_shards_was(shard, dirty, of_whole):
    paths = [shard(f"s{n}", git={**COMMIT, "dirty": one}) for n, one in enumerate(dirty)]

    assert merge(paths).report["run"]["git"]["dirty"] is of_whole


@pytest.mark.parametrize(
    ("branches", "of_whole"), [(("main", "main"), "main"), (("main", "fix"), "not told")]
)
def test_a_branch_is_told_where_all_were_on_it(shard, branches, of_whole):
    paths = [shard(f"s{n}", git=COMMIT | {"branch": one}) for n, one in enumerate(branches)]

    git = merge(paths).report["run"]["git"]
    assert (git["revision"], git.get("branch", "not told")) == ("abc123", of_whole)


def test_a_merged_report_is_a_shard_of_a_further_merge(shard):
    first = merge([shard("a"), shard("b")])
    write(Path("ab"), first)

    report = merge([Path("ab"), shard("c")]).report

    assert names(report) == ["t_a.py::t", "t_b.py::t", "t_c.py::t"]
    assert [one["id"] for one in report["run"]["merged_from"]] == ["a", "b", "c"]
    assert given.problems(report) == []


def test_a_merged_run_is_read_back_as_it_was_written(shard):
    report = merge([shard("a"), shard("b", ci={"system": "other"} | dict.fromkeys(("id",)))]).report

    assert build([], Run.from_json(report["run"]))["run"] == report["run"]


def test_one_shard_is_enough(shard):
    assert names(merge([shard("a")]).report) == ["t_a.py::t"]


# What does not belong together


@pytest.mark.parametrize("flags", [{}, {"several": True, "last": True}])
def test_the_same_run_twice_is_refused_whatever_is_typed(shard, flags):
    shard("a")
    shard("copy", id="a")

    with pytest.raises(ReportError) as told:
        merge([Path("a"), Path("copy")], **flags)
    assert str(told.value) == (
        "run a is given twice, in a/report.json and copy/report.json: it would count twice; give "
        "it once"
    )
    with pytest.raises(ReportError, match=r"run a is given twice, in a/report\.json: it would"):
        merge([Path("a"), Path("a/report.json")], **flags)


def test_a_run_that_is_part_of_a_merged_one_is_refused_beside_it(shard):
    first = merge([shard("a"), shard("b")])
    write(Path("ab"), first)

    with pytest.raises(ReportError, match=r"run b is given twice, in ab/report\.json and b/report"):
        merge([Path("ab"), Path("b")], last=True)


def test_a_test_of_two_shards_is_refused_with_what_to_do(shard):
    with pytest.raises(ReportError) as told:
        merge([shard("a", record("t.py::\x1b[2Jt")), shard("b", record("t.py::\x1b[2Jt"))])

    assert str(told.value) == (
        "a/report.json and b/report.json share 1 test, such as t.py::\\x1b[2Jt: of a job that was "
        "tried again give the last report only, or type --last to take each test from the run that "
        "started last"
    )


def test_shards_of_different_commits_are_refused_unless_that_is_wanted(shard):
    paths = [shard("a"), shard("b", git={**COMMIT, "revision": "def456"})]

    with pytest.raises(ReportError) as told:
        merge(paths)
    assert str(told.value) == (
        "a/report.json is of abc123 and b/report.json of def456: shards are of one commit; type "
        "--several to merge them all the same"
    )
    assert merge(paths, several=True).report["run"]["git"] is None


@pytest.mark.parametrize("commits", [(None, COMMIT), (COMMIT, None), (None, None)])
def test_a_commit_that_is_not_known_is_not_the_same(shard, commits):
    paths = [shard(f"s{n}", git=commit) for n, commit in enumerate(commits)]

    with pytest.raises(ReportError, match="no commit that is known"):
        merge(paths)
    assert merge(paths, several=True).report["run"]["git"] is None


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (
            {"record": "none"},
            {"record": "all"},
            "a/report.json has --llm-record none and b/report.json --llm-record all: ",
        ),
        (
            {"live": True},
            {"live": False},
            "a/report.json has --llm-live True and b/report.json --llm-live False: ",
        ),
    ],
)
def test_shards_that_ran_with_different_options_are_refused(shard, one, other, told):
    paths = [shard("a", options=one), shard("b", options=other)]

    with pytest.raises(ReportError) as refused:
        merge(paths)
    assert str(refused.value) == (
        f"{told}shards run with the same options; type --several to merge them all the same"
    )
    assert merge(paths, several=True).report["run"]["options"] == {}


@pytest.mark.parametrize(
    ("schemas", "told"),
    [
        (("1.0", "1.1"), "a/report.json has schema 1.0 and b/report.json 1.1: run all shards with"),
        (("1.999", "1.999"), "a/report.json has schema 1.999, of which this version knows"),
        (("1.x", "1.x"), "a/report.json has schema 1.x, of which this version knows"),
        (("2.0", "1.0"), "a/report.json has schema 2.0, and this version reads 1.x"),
    ],
)
def test_fields_that_this_version_does_not_know_are_not_silently_lost(shard, schemas, told):
    paths = [shard("a", schema=schemas[0]), shard("b", schema=schemas[1])]

    with pytest.raises(ReportError) as refused:
        merge(paths, several=True)
    assert str(refused.value).startswith(told)


@pytest.mark.parametrize("cut", [None, "", "half"])
def test_a_shard_that_is_not_whole_is_refused_with_what_to_keep(shard, cut):
    paths = [shard("a"), shard("b")]
    calls = paths[1] / "calls.jsonl"
    text = calls.read_text()
    calls.unlink()
    if cut is not None:
        calls.write_text(text[: len(text) // 2] if cut else cut)

    with pytest.raises(ReportError) as told:
        merge(paths)
    assert str(told.value).startswith("b/calls.jsonl")
    assert "keep its whole folder, or run the shard again" in str(told.value)


def test_what_was_rescored_is_not_merged(shard):
    rescored = shard("b", rescored_from={"id": "a"})

    with pytest.raises(ReportError, match=r"b/report\.json was made by litmus rescore: merge the"):
        merge([shard("a"), rescored], several=True, last=True)


def test_a_shard_that_was_killed_says_so(shard):
    (shard("a") / "report.json").unlink()

    with pytest.raises(ReportError) as told:
        merge([Path("a")])
    assert str(told.value) == (
        "a has a calls.jsonl and no report.json: its run was killed before it ended; run that "
        "shard again"
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"started_at": "2026-11-24T12:00:00"},
        {"started_at": 5},
        {"merged_from": [{}]},
        {"merged_from": 7},
    ],
)
def test_a_run_that_is_not_as_its_schema_has_it_is_refused(shard, changed):
    path = shard("a") / "report.json"
    report = json.loads(path.read_text())
    report["run"] |= changed
    path.write_text(json.dumps(report))

    with pytest.raises(ReportError, match="not as its schema has it"):
        merge([path])


# Jobs that were tried again


def test_of_a_job_that_was_tried_again_the_run_that_started_last_counts(shard):
    both, once = record("t.py::both"), record("t.py::once")
    failed = record("t.py::both", outcome="failed", calls=(call("c9"),))
    later = shard("later", both, started_at=LATER)
    earlier = shard("earlier", failed, record("t.py::once", calls=(call("c3"),)), exit_status=1)

    merged = merge([later, earlier], last=True)

    assert [(test["nodeid"], test["outcome"]) for test in merged.report["tests"]] == [
        (both.nodeid, "passed"),
        (once.nodeid, "passed"),
    ]
    assert (merged.report["run"]["exit_status"], merged.left_out) == (1, ())
    assert [one.id for record in merged.records for one in record.calls] == ["c1", "c3"]


def test_a_run_of_which_nothing_is_left_is_left_out_whole(shard):
    broken = shard("broken", record("t.py::t", outcome="failed"), exit_status=2)
    again = shard("again", record("t.py::t"), record("t.py::u", calls=()), started_at=LATER)

    merged = merge([broken, again], last=True)

    assert merged.report["verdict"]["outcome"] == "passed"
    assert [one["id"] for one in merged.report["run"]["merged_from"]] == ["again"]
    assert merged.report["run"]["started_at"] == LATER.isoformat()
    assert [one.path for one in merged.left_out] == [broken / "report.json"]


def test_all_times_that_a_run_tried_a_test_stay(shard):
    tries = [
        record("t.py::t", outcome="failed", calls=(call("c1"),)),
        record("t.py::t", calls=(call("c2"),), started_at=LATER),
    ]

    merged = merge([shard("a", *tries), shard("b")], last=True)

    assert names(merged.report) == ["t.py::t", "t.py::t", "t_b.py::t"]


def test_a_merged_report_is_read_again_with_each_call_at_its_test(shard):
    merged = merge([shard("a"), shard("b")])
    write(Path("ab"), merged)

    assert read_report(Path("ab")).records() == sorted(merged.records, key=lambda one: one.nodeid)


# What people said


def rated(folder: Path, *ratings: HumanRating) -> Path:
    feedback.write(read_report(folder), ratings)
    return folder


def test_what_people_said_of_each_shard_is_added_up_anew(shard):
    one = HumanRating(test="t_a.py::t", call="c-a", value=1.0, up=True, by="kim", comment="ja")
    other = HumanRating(test="t_b.py::t", value=0.0, up=False)
    paths = [rated(shard("a"), one), rated(shard("b"), other), shard("c")]

    write(Path("all"), merge(paths))

    stored = read_report(Path("all"))
    assert feedback.read(stored) == (one, other)
    assert stored.report["feedback"] == feedback.summary([one, other], stored.tests)
    assert (stored.report["feedback"]["up"], stored.report["feedback"]["down"]) == (1, 1)


def test_where_nobody_said_anything_there_is_no_feedback(shard):
    write(Path("all"), merge([shard("a"), shard("b")]))

    assert "feedback" not in read_report(Path("all")).report
    assert not Path("all/feedback.jsonl").exists()


def test_what_people_said_of_an_earlier_try_goes_with_it(shard):
    said = HumanRating(test="t.py::t", value=0.0, up=False)
    earlier = rated(shard("a", record("t.py::t"), record("t.py::u", calls=())), said)
    later = shard("b", record("t.py::t"), started_at=LATER)

    assert merge([earlier, later], last=True).ratings == ()


def test_feedback_of_another_run_is_refused(shard):
    said = HumanRating(test="t_a.py::t", value=0.0, up=False)
    paths = [rated(shard("a"), said), shard("b")]
    shutil.copy(paths[0] / "feedback.jsonl", paths[1])

    with pytest.raises(ReportError, match=r"b/feedback\.jsonl:1: of run a, not of b"):
        merge(paths)
