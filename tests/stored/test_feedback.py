"""`litmus feedback` and `litmus judge calibrate --report`, on stored reports."""

from __future__ import annotations

import csv
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_litmus.cli import main
from pytest_litmus.verdicts import Limit, Score, judge
from tests.unit.report.given import call, problems, record

# Built at run time, so that no scanner takes this file for a leak.
KEY = "sk-proj-" + "Zq8" * 4 + "aB3dE5fG7hJ9kL2mN4pQ"


@pytest.fixture
def litmus(capsys):
    """Run a command: its exit code, what it printed, and its complaint."""

    def run(*words: object):
        code = main([str(word) for word in words])
        written = capsys.readouterr()
        return code, written.out, written.err

    return run


@pytest.fixture
def table(tmp_path):
    """Write ratings: `table(["call", "rating"], ["c1", "up"])`, or `table({...}, {...})`."""

    def write(*rows, name: str | None = None) -> Path:
        lines = isinstance(rows[0], dict)
        path = tmp_path / (name or ("ratings.jsonl" if lines else "ratings.csv"))
        with path.open("w", encoding="utf-8", newline="") as file:
            if lines:
                file.writelines(json.dumps(row) + "\n" for row in rows)
            else:
                csv.writer(file).writerows(rows)
        return path

    return write


@pytest.fixture
def small(stored):
    """A report of two tests; the second has a judge's call, and calls of one session."""
    session = {"session_id": "s1", "metadata": {"trace_id": "t-7"}}
    calls = (
        replace(call("c2", response_id="resp-2"), **session),
        replace(call("c3", response_id="resp-3"), session_id="s1"),
        replace(call("j1", response_id="resp-j"), purpose="judge"),
    )
    polite = judge(Score(name="polite", value=0.9), Limit(at_least=0.5))
    return stored(
        "r",
        record("tests/test_a.py::one", calls=(call("c1", response_id="resp-1"),)),
        record("tests/test_a.py::two", calls=calls, verdicts=(polite,)),
    )


def report_in(folder: Path):
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def lines_in(folder: Path):
    text = (folder / "feedback.jsonl").read_text(encoding="utf-8")
    return [line for line in map(json.loads, text.splitlines()) if line["kind"] == "rating"]


def files_of(folder: Path):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# On the report of the example suites


def demo_ratings(folder: Path):
    """Two people's ratings of the last call of each test of a real run."""
    rows = [["call_id", "rating", "criterion", "rater", "timestamp", "comment"]]
    for place, test in enumerate(report_in(folder)["tests"]):
        if not test["calls"]:
            continue
        id_, failed = test["calls"][-1]["id"], test["outcome"] != "passed"
        said = "sagte ja: \x1b[31mrot\n##[error]" if failed else ""
        thumb = "👎" if failed else "👍"
        people = ("ann", "bob")[: 1 + (place % 4 == 0)]
        rows += [[id_, thumb, "helpful", who, "2026-11-24", said] for who in people]
    return rows


def test_ratings_of_a_real_runs_calls_join_its_report(litmus, demo_copy, table):
    rows = demo_ratings(demo_copy)

    code, out, err = litmus("feedback", demo_copy, table(*rows))

    section = report_in(demo_copy)["feedback"]
    assert (code, err) == (0, "")
    assert section["measured"]
    assert section["ratings"] == len(rows) - 1 == len(lines_in(demo_copy))
    assert section["raters"] == 2
    assert problems({"feedback": section}, "report") == problems({}, "report")
    shown = out.splitlines()
    assert shown[0].startswith(
        f"feedback   {section['ratings']} ratings of {section['calls']} call"
    )
    assert shown[1] == f"this time  {section['ratings']} added"
    # The tests that people like least come first, with what they say of them.
    assert shown[3].startswith("worst      0% (")
    assert shown[4].lstrip() == r'- ann: "sagte ja: \x1b[31mrot # #[error]"'
    assert "\x1b" not in out
    assert [one["name"] for one in section["agreement"]] == ["helpful"]
    assert {one["evaluator"] for one in section["verdicts"]} >= {"excludes", "not_matches"}


def test_without_ratings_it_prints_what_is_there_and_writes_nothing(litmus, demo_copy, table):
    litmus("feedback", demo_copy, table(*demo_ratings(demo_copy)))
    before = files_of(demo_copy)

    code, out, _ = litmus("feedback", demo_copy)
    as_json = json.loads(litmus("feedback", demo_copy, "--json")[1])

    assert (code, files_of(demo_copy)) == (0, before)
    assert "worst      0%" in out
    assert "this time" not in out
    assert as_json["feedback"] == report_in(demo_copy)["feedback"]


def test_a_judge_is_calibrated_by_the_ratings_in_a_report(litmus, demo_copy, table):
    litmus("feedback", demo_copy, table(*demo_ratings(demo_copy)))

    code, out, _ = litmus("judge", "calibrate", "--report", demo_copy, "--name", "not_matches")

    found = next(
        one
        for one in report_in(demo_copy)["feedback"]["verdicts"]
        if one["evaluator"] == "not_matches"
    )
    assert code == 0
    assert out.splitlines()[:2] == ["judge      not_matches", "people     helpful"]
    assert f"items      {found['tests']}: people say yes to " in out
    assert f"kappa      {found['kappa']:.2f}" in out
    assert "threshold  that of each verdict" in out


# What is joined


def test_a_report_that_nobody_rated_says_so(litmus, small):
    before = files_of(small)

    code, out, _ = litmus("feedback", small)

    assert (code, files_of(small)) == (0, before)
    assert out == "feedback   none: `litmus feedback REPORT RATINGS.csv` adds some\n"
    assert json.loads(litmus("feedback", small, "--json")[1])["feedback"]["measured"] is False


@pytest.mark.parametrize(
    ("row", "words", "joined"),
    [
        ({"call": "c2"}, (), ("two", "c2")),
        ({"id": "c2"}, (), ("two", "c2")),
        ({"Call_ID": "c2"}, (), ("two", "c2")),
        ({"test": "tests/test_a.py::two"}, (), ("two", None)),
        ({"id": 1, "test": "tests/test_a.py::two"}, (), ("two", None)),
        ({"response_id": "resp-2"}, (), ("two", "c2")),
        ({"x": {"y": "resp-2"}}, ("--map", "response=x.y"), ("two", "c2")),
        ({"call": "no", "x": "c2"}, ("--map", "call=x"), ("two", "c2")),
        ({"session_id": "s1"}, (), ("two", None)),
        ({"trace": "t-7"}, ("--map", "metadata.trace_id=trace"), ("two", "c2")),
    ],
)
def test_a_rating_names_its_call_or_test_in_one_of_several_ways(
    litmus, small, table, row, words, joined
):
    code, _, err = litmus("feedback", small, table(row | {"rating": "up"}), *words)

    (line,) = lines_in(small)
    assert (code, err) == (0, "")
    assert (line["test"].partition("::")[2], line["call"]) == joined


def test_call_ids_are_joined_where_the_calls_themselves_were_not_kept(litmus, small, table):
    (small / "calls.jsonl").unlink()

    assert litmus("feedback", small, table(["call", "rating"], ["c1", "up"]))[0] == 0
    code, _, err = litmus("feedback", small, table(["response_id", "rating"], ["resp-1", "up"]))

    assert code == 2
    assert "calls.jsonl cannot be read" in err


def test_ratings_are_added_to_those_that_are_there(litmus, small, table):
    litmus("feedback", small, table(["call", "rating", "by"], ["c1", "up", "ann"]))

    code, out, _ = litmus(
        "feedback", small, table({"call": "c1", "rating": 4, "by": "bob"}), "--scale", "1..5"
    )

    assert code == 0
    assert "this time  1 added" in out
    assert [line["by"] for line in lines_in(small)] == ["ann", "bob"]
    assert report_in(small)["feedback"]["ratings"] == 2


def test_the_same_ratings_again_change_nothing(litmus, small, table):
    rows = (["call", "rating", "by"], ["c1", "up", "ann"], ["c1", "1", "ann"], ["c2", "no", ""])
    litmus("feedback", small, table(*rows))
    before = files_of(small)

    code, out, _ = litmus("feedback", small, table(*rows))

    assert (code, files_of(small)) == (0, before)
    assert "this time  3 known already" in out


def test_the_comment_that_was_read_last_stays_with_a_rating_that_is_said_again(
    litmus, small, table
):
    rows = (["call", "rating", "comment"], ["c1", "up", "a"], ["c1", "up", "b"], ["c1", "up", ""])

    litmus("feedback", small, table(*rows))

    assert [line["comment"] for line in lines_in(small)] == ["b"]


def test_rows_without_a_rating_are_told_and_are_no_zeros(litmus, small, table):
    rows = (["call", "rating"], ["c1", "up"], ["c2", ""], ["c3", " "])

    code, out, _ = litmus("feedback", small, table(*rows))

    assert code == 0
    assert "this time  1 added, 2 without a rating" in out
    assert report_in(small)["feedback"]["down"] == 0


def test_a_file_may_be_of_one_criterion_that_is_named_outside_of_it(litmus, small, table):
    wide = table(["call", "helpful", "short"], ["c1", "yes", "no"])

    for name in ("helpful", "short"):
        litmus("feedback", small, wide, "--map", f"rating={name}", "--name", name)

    assert [(line["name"], line["up"]) for line in lines_in(small)] == [
        ("helpful", True),
        ("short", False),
    ]


def test_secrets_in_comments_are_not_written(litmus, small, table, monkeypatch):
    password = "hunter2-" + "correct-horse-77"
    monkeypatch.setenv("DB_PASSWORD", password)
    said = f"it printed {KEY} and {password}"

    litmus("feedback", small, table(["call", "rating", "comment"], ["c1", "down", said]))

    assert lines_in(small)[0]["comment"] == "it printed [scrubbed] and [scrubbed]"


def test_comments_stay_out_of_the_report_itself(litmus, small, table):
    litmus("feedback", small, table(["call", "rating", "comment"], ["c1", "down", "so rude"]))

    assert "so rude" not in (small / "report.json").read_text()


def test_a_terminal_without_the_letters_of_a_comment_gets_their_escapes(small, table, monkeypatch):
    import io
    import sys

    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    code = main(["feedback", str(small), str(table({"call": "c1", "rating": 0, "comment": "ü"}))])
    sys.stdout.flush()

    assert code == 0
    assert rb'"\xfc"' in raw.getvalue()


# What is refused


def refused(litmus, folder: Path, *words: object) -> str:
    """The complaint of a command that must write nothing."""
    before = files_of(folder)
    code, out, err = litmus("feedback", folder, *words)
    assert (code, out) == (2, "")
    assert err.startswith("litmus feedback: error: ")
    assert files_of(folder) == before
    return err


def test_a_rating_of_an_unknown_call_is_refused_with_its_line_and_the_count_of_others(
    litmus, small, table
):
    path = table(["call", "rating"], ["c1", "up"], ["x1", "up"], ["x2", "up"], ["j1", "up"])

    err = refused(litmus, small, path)

    assert f"{path}:3: call 'x1' is not in this report (and 2 more of 4 ratings)" in err
    assert "--skip-unknown" in err


def test_unknown_calls_can_be_left_out_and_are_counted(litmus, small, table):
    path = table(["call", "rating"], ["c1", "up"], ["x1", "up"], ["x2", "up"])

    code, out, _ = litmus("feedback", small, path, "--skip-unknown")

    assert code == 0
    assert "this time  1 added, 2 left out as unknown" in out


def test_ratings_of_which_none_is_of_the_report_are_refused_whatever_is_skipped(
    litmus, small, table
):
    path = table(["call", "rating"], ["x1", "up"], ["x2", "up"])

    assert "none is of run run-1" in refused(litmus, small, path, "--skip-unknown")


def test_a_judges_call_is_nothing_that_people_rate(litmus, small, table):
    path = table(["call", "rating"], ["j1", "up"])

    assert f"{path}:2: call 'j1' is a call of the judge" in refused(litmus, small, path)


def test_a_row_whose_call_is_of_another_test_than_it_says_is_refused(litmus, small, table):
    one, two = ("tests/test_a.py::one", "tests/test_a.py::two")
    path = table(["call", "test", "rating"], ["c1", one, "up"], ["c2", one, "down"])

    err = refused(litmus, small, path)

    assert f"{path}:3: call 'c2' is of {two}, and the row says {one}" in err


def test_a_misspelt_test_gets_the_nearest_one(litmus, small, table):
    path = table(["test", "rating"], ["tests/test_a.py::on", "up"])

    assert "did you mean tests/test_a.py::one?" in refused(litmus, small, path)


def test_a_session_of_several_tests_names_none_of_them(litmus, stored, table):
    spoken = [replace(call(f"c{n}"), session_id="s1") for n in range(2)]
    folder = stored("r", *(record(f"t.py::{n}", calls=(one,)) for n, one in enumerate(spoken)))

    err = refused(litmus, folder, table(["session_id", "rating"], ["s1", "up"]))

    assert "session 's1' has calls in 2 tests: it names none of them" in err


@pytest.mark.parametrize(
    ("by", "remedy"), [("ann", "take one of them out"), ("", "name who rated")]
)
def test_ratings_that_contradict_each_other_are_refused_with_both_lines(
    litmus, small, table, by, remedy
):
    path = table(["call", "rating", "by"], ["c1", "up", by], ["c2", "up", by], ["c1", "no", by])

    err = refused(litmus, small, path)

    assert f"{path}:4: " in err
    assert f"says down of call c1 (rating), and up in {path}:2: {remedy}" in err


def test_a_rating_that_contradicts_a_stored_one_is_refused_or_takes_its_place(litmus, small, table):
    litmus("feedback", small, table(["call", "rating"], ["c1", "up"]))
    path = table(["call", "rating"], ["c1", "down"])

    err = refused(litmus, small, path)
    code, out, _ = litmus("feedback", small, path, "--replace")

    assert f"and up in {small / 'feedback.jsonl'}:2: type --replace" in err
    assert code == 0
    assert "this time  1 replaced" in out
    assert [line["up"] for line in lines_in(small)] == [False]


@pytest.mark.parametrize(
    ("rows", "words", "complaint"),
    [
        ([["call", "rating"], ["c1", "4"]], (), ":2: the rating '4' is none of up/down"),
        ([["call", "rating"], ["c1", "6"]], ("--scale", "1..5"), "type a number from 1 to 5"),
        ([["call", "opinion"], ["c1", "up"]], (), "--map rating=COLUMN (there are: call, opinion)"),
        ([["row", "rating"], ["c1", "up"]], (), ":2: no id of a call or a test; say which column"),
        ([{"call": ["c1"], "rating": 1}], (), ":1: call is ['c1'], and no id"),
        ([{"call": "c1", "rating": 1, "at": "noon"}], (), ":1: 'noon' is no ISO time"),
        ([["call", "rating"], ["c1", "up"]], ("--up-from", "4"), "of a --scale, and there is none"),
        (
            [["call", "rating"], ["c1", "5"]],
            ("--scale", "1..5", "--up-from", "6"),
            "--up-from 6 is no number from 1 to 5",
        ),
    ],
)
def test_what_is_no_rating_is_refused(litmus, small, table, rows, words, complaint):
    assert complaint in refused(litmus, small, table(*rows), *words)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--scale", "5..1"), "'5..1' is no scale: type MIN..MAX, such as 1..5"),
        (("--scale", "1-5"), "'1-5' is no scale"),
        (("--map", "ratng=x"), "unknown field 'ratng'; did you mean rating?"),
        (("--map", "rating"), "'rating' names no key, as in rating=KEY"),
    ],
)
def test_a_wrong_option_is_refused(litmus, small, words, complaint):
    code, _, err = litmus("feedback", small, "r.csv", *words)

    assert code == 2
    assert complaint in err


def test_a_good_file_beside_a_bad_one_is_not_written_either(litmus, small, table):
    good = table(["call", "rating"], ["c1", "up"], name="good.csv")
    bad = table(["call", "rating"], ["c2", "meh"], name="bad.csv")

    assert f"{bad}:2: the rating 'meh'" in refused(litmus, small, good, bad)


@pytest.mark.parametrize("name", ["report.json", "feedback.jsonl", "calls.jsonl"])
def test_a_report_that_was_cut_off_is_refused(litmus, small, table, name):
    litmus("feedback", small, table(["call", "rating"], ["c1", "up"]))
    path = small / name
    path.write_bytes(path.read_bytes()[:-40])

    assert str(path) in refused(litmus, small, table(["response_id", "rating"], ["resp-2", "up"]))


def test_a_report_of_a_newer_schema_is_refused(litmus, small, table):
    path = small / "report.json"
    path.write_text(path.read_text().replace('"schema_version": "1.0"', '"schema_version": "2.0"'))

    err = refused(litmus, small, table(["call", "rating"], ["c1", "up"]))

    assert "has schema 2.0, and this version reads 1.x" in err


def test_ratings_of_another_run_in_the_folder_are_refused(litmus, small, stored, table):
    other = stored("other", record("tests/test_a.py::one"), id="run-9")
    litmus("feedback", other, table(["call", "rating"], ["c1", "up"]))
    (other / "feedback.jsonl").rename(small / "feedback.jsonl")

    err = refused(litmus, small, table(["call", "rating"], ["c1", "up"]))

    assert "feedback.jsonl:1: of run run-9, not of run-1" in err


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_says_so(litmus, small, table):
    path = table(["call", "rating"], ["c1", "up"])
    small.chmod(0o500)
    try:
        assert "cannot be written: Permission denied" in refused(litmus, small, path)
    finally:
        small.chmod(0o700)


# Calibrating


def calibrated(litmus, *words: object):
    return litmus("judge", "calibrate", "--report", *words)


@pytest.fixture
def judged(stored, litmus, table):
    """A report whose judge `polite` people mostly agree with, and their ratings of its calls."""
    values = [0.9, 0.8, 0.6, 0.4, 0.2, 0.1, None, 0.7]
    people = ["up", "up", "down", "down", "down", "up", "down", "up"]
    bar = Limit(at_least=0.5)
    verdicts = [(judge(Score(name="polite", value=value), bar),) for value in values]
    verdicts[7] *= 2
    folder = stored(
        "judged",
        *(
            record(f"t.py::{n}", calls=(call(f"c{n}"),), verdicts=one)
            for n, one in enumerate(verdicts)
        ),
    )
    rows = [["call", "rating"], *([f"c{n}", said] for n, said in enumerate(people))]
    litmus("feedback", folder, table(*rows))
    return folder


def test_a_judges_values_stand_beside_the_ratings_of_its_tests_calls(litmus, judged):
    code, out, _ = calibrated(litmus, judged)

    *lines, left_out = out.splitlines()
    assert code == 0
    assert left_out.startswith("left out   1 test with several verdicts of this name: ")
    assert left_out.endswith(": t.py::7")
    assert lines == [
        "judge      polite",
        "people     rating",
        "items      6: people say yes to 3, no to 3; 1 more that the judge could not decide",
        "accuracy   0.67, 95% interval 0.30 to 0.90 (Wilson; 4 of 6)",
        "TPR        0.67, 95% interval 0.21 to 0.94 (Wilson; 2 of 3)",
        "TNR        0.67, 95% interval 0.21 to 0.94 (Wilson; 2 of 3)",
        "kappa      0.33 (Cohen's; 0 is chance, 1 full agreement)",
        "              judge yes  judge no",
        "people yes            2         1",
        "people no             1         2",
        "threshold  0.5; 0.8 balances better: TPR 0.67, TNR 1.00 on these labels",
        "too few    3 labels 'yes' leave TPR open between 0.21 and 0.94: label about 100",
        "too few    3 labels 'no' leave TNR open between 0.21 and 0.94: label about 100",
    ]


def test_another_threshold_can_be_tried_on_a_report(litmus, judged):
    code, out, _ = calibrated(litmus, judged, "--at-least", "0.8")

    assert code == 0
    assert "accuracy   0.83" in out


def test_a_report_that_nobody_rated_calibrates_nothing(litmus, small):
    code, out, err = calibrated(litmus, small)

    assert (code, out) == (2, "")
    assert f"has no ratings: litmus feedback {small} RATINGS.csv adds some" in err


def test_numbers_that_say_neither_yes_nor_no_calibrate_nothing(litmus, small, table):
    litmus("feedback", small, table({"call": "c2", "rating": 4}), "--scale", "1..5")

    code, out, err = calibrated(litmus, small)

    assert (code, out) == (2, "")
    assert "litmus feedback --up-from NUMBER" in err


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (
            ("--name", "polit"),
            "--name 'polit': no test that was rated has it; did you mean polite?",
        ),
        (("--criterion", "x"), "--criterion 'x': no test that was rated has it; known are rating"),
        (("labels.jsonl",), "type LABELS.jsonl with --judged or without, or --report REPORT"),
        (("--judged", "j.jsonl"), "or --report REPORT, and not both"),
    ],
)
def test_a_wrong_word_to_calibrate_is_refused(litmus, judged, words, complaint):
    code, out, err = calibrated(litmus, judged, *words)

    assert (code, out) == (2, "")
    assert complaint in err


# At scale


def test_ratings_of_a_hundred_thousand_calls_join_their_report(litmus, large_report, tmp_path):
    from shutil import copytree

    folder = Path(copytree(large_report, tmp_path / "large"))
    rows = [f"c{n}-{place},{int(n % 10 != 0)}" for n in range(1000) for place in range(100)]
    path = tmp_path / "ratings.csv"
    path.write_text("\n".join(["call,rating", *rows, ""]))

    code, _, err = litmus("feedback", folder, path)

    section = report_in(folder)["feedback"]
    assert (code, err) == (0, "")
    assert (section["up"], section["down"]) == (90_000, 10_000)
    (similar,) = section["verdicts"]
    assert (similar["tests"], similar["agreed"], similar["kappa"]) == (1000, 1000, 1.0)
