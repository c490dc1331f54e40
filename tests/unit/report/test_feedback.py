from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pytest_litmus.errors import ReportError
from pytest_litmus.report.feedback import HumanRating, read, summary, text_of, write
from pytest_litmus.report.reading import read_report
from pytest_litmus.report.writing import ReportFolder, write_new
from pytest_litmus.verdicts import Limit, Score, Verdict, judge
from tests.unit.report.given import call, problems, record, report_of, run

TEST = "tests/test_refund.py::test_answer"
UP = HumanRating(test=TEST, call="c1", value=1.0, up=True)
DOWN = HumanRating(test=TEST, call="c1", value=0.0, up=False)


def stars(value: float, *, up: bool | None = None, **changed) -> HumanRating:
    return HumanRating(test=TEST, call="c1", value=value, scale=(1.0, 5.0), up=up, **changed)


def verdict(value: float, name: str = "polite") -> Verdict:
    return judge(Score(name=name, value=value), Limit(at_least=0.5))


@pytest.fixture
def folder(tmp_path):
    """A report of one test with the calls c1 and c2."""
    records = [record(TEST, calls=(call("c1"), call("c2")))]
    write_new(tmp_path / "r", report_of(*records), records)
    return tmp_path / "r"


def test_what_was_written_is_read_back(folder):
    ratings = [replace(UP, by="ann", comment="short \u2028 ü", at="2026-11-24T12:00:00"), stars(3)]

    write(read_report(folder), ratings)

    assert set(read(read_report(folder))) == set(ratings)
    assert problems(json.loads((folder / "report.json").read_text())) == []


def test_the_file_is_the_same_for_the_same_ratings_in_any_order():
    ratings = [replace(UP, by=who) for who in "abc"]

    assert text_of(ratings, "r") == text_of(reversed(ratings), "r")


def test_a_report_keeps_all_else_when_it_gets_its_ratings(folder):
    path = folder / "report.json"
    before = json.loads(path.read_text()) | {"of_a_later_version": {"kept": 1}}
    path.write_text(json.dumps(before))

    section = write(read_report(folder), [UP])

    assert json.loads(path.read_text()) == before | {"feedback": section}


def test_a_report_without_ratings_has_none(folder):
    assert read(read_report(folder)) == ()
    assert summary([], read_report(folder).tests)["measured"] is False


def test_nothing_is_measured_where_nobody_rated_and_no_rate_is_zero():
    section = summary([], report_of(record()).get("tests", []))

    assert (section["ratings"], section["up_rate"], section["low"]) == (0, None, None)
    assert problems(report_of(record()) | {"feedback": section}) == []


def test_ratings_add_up_with_wilsons_interval():
    ratings = [replace(UP, by=str(n)) for n in range(8)] + [replace(DOWN, by=who) for who in "xy"]

    section = summary(ratings, report_of(record())["tests"])

    assert (section["up"], section["down"], section["up_rate"]) == (8, 2, 0.8)
    # Checked with statsmodels: proportion_confint(8, 10, method="wilson").
    assert (section["low"], section["high"]) == pytest.approx((0.4901625, 0.9433178), abs=1e-6)
    assert (section["calls"], section["tests"], section["raters"]) == (1, 1, 10)


def test_a_number_of_a_scale_is_a_mean_and_neither_up_nor_down_unless_somebody_said_so():
    section = summary([stars(2, by="a"), stars(5, by="b")], report_of(record())["tests"])

    assert (section["ratings"], section["up"], section["down"]) == (2, 0, 0)
    assert section["up_rate"] is None
    assert section["means"] == [{"scale": [1.0, 5.0], "ratings": 2, "mean": 3.5}]


def test_scales_are_never_mixed_in_a_mean():
    percent = HumanRating(test=TEST, call="c1", value=80, scale=(0, 100), up=None)

    section = summary([stars(2), percent], report_of(record())["tests"])

    assert [one["mean"] for one in section["means"]] == [80, 2]


def test_ratings_are_told_by_criterion_test_and_model():
    records = [record("a::t", calls=(call("c1"), call("c2", response_model="gpt-5")))]
    ratings = [
        HumanRating(test="a::t", call="c1", name="helpful", value=1, up=True),
        HumanRating(test="a::t", call="c2", name="helpful", value=0, up=False),
        HumanRating(test="a::t", name="short", value=1, up=True),
    ]

    section = summary(ratings, report_of(*records)["tests"])

    assert {name: one["up_rate"] for name, one in section["by_name"].items()} == {
        "helpful": 0.5,
        "short": 1.0,
    }
    assert [(one["test"], one["name"], one["up"]) for one in section["by_test"]] == [
        ("a::t", "helpful", 1),
        ("a::t", "short", 1),
    ]
    # The test's calls are of two models: that of the rating of the whole test is not known.
    assert [(one["model"], one["up"], one["down"]) for one in section["by_model"]] == [
        (None, 1, 0),
        ("gpt-4o-2024-08-06", 1, 0),
        ("gpt-5", 0, 1),
    ]
    assert problems(report_of(*records) | {"feedback": section}) == []


def test_the_agreement_of_people_is_krippendorffs_alpha_of_what_several_rated():
    # Two of three items alike; worked by hand from the coincidence matrix: 1 - 5 * 2 / 18.
    marks = {"c1": (1, 1), "c2": (0, 0), "c3": (1, 0), "c4": (1,)}
    ratings = [
        HumanRating(test=TEST, call=id_, value=value, up=bool(value), by=who)
        for id_, values in marks.items()
        for who, value in zip("ab", values, strict=False)
    ]

    (found,) = summary(ratings, report_of(record())["tests"])["agreement"]

    assert found == {
        "name": "rating",
        "scale": None,
        "items": 3,
        "alike": 2,
        "alpha": pytest.approx(1 - 5 * 2 / 18),
    }


def test_a_scale_weighs_how_far_people_are_apart():
    near = [stars(4, by="a"), stars(5, by="b"), stars(1, by="a", name="x")]
    far = [stars(1, by="a"), stars(5, by="b")]
    other = [replace(one, call="c2") for one in (stars(1, by="a"), stars(2, by="b"))]

    alphas = [
        summary([*marks, *other], report_of(record())["tests"])["agreement"][0]["alpha"]
        for marks in (near, far)
    ]

    assert alphas[0] > alphas[1]


def test_a_single_rater_says_nothing_of_agreement():
    assert summary([replace(UP, by="a")], report_of(record())["tests"])["agreement"] == []


def test_people_and_verdicts_of_the_same_tests_have_a_kappa():
    marks = [(1, 0.9), (1, 0.8), (0, 0.2), (0, 0.7)]
    records = [
        record(f"t::{n}", calls=(call(f"c{n}"),), verdicts=(verdict(value),))
        for n, (_, value) in enumerate(marks)
    ]
    ratings = [
        HumanRating(test=f"t::{n}", call=f"c{n}", value=up, up=bool(up))
        for n, (up, _) in enumerate(marks)
    ]

    (found,) = summary(ratings, report_of(*records)["tests"])["verdicts"]

    # Cohen: observed 3/4, by chance (2 * 3 + 2 * 1) / 16.
    assert (found["tests"], found["agreed"], found["kappa"]) == (4, 3, 0.5)


def test_a_rating_of_what_the_tests_do_not_have_is_counted_and_joins_nothing():
    stray = HumanRating(test="gone::t", call="gone", value=1, up=True)

    section = summary([stray], report_of(record(verdicts=(verdict(1),)))["tests"])

    assert (section["ratings"], section["verdicts"]) == (1, [])
    assert section["by_model"][0]["model"] is None


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda text: text.replace("run-1", "run-2"), ":1: of run run-2, not of run-1"),
        (lambda text: text.replace('"1.0"', '"2.0"'), ":1: schema 2.0, and this version reads 1.x"),
        (lambda text: text[:-10], ":3: the file ends within this line"),
        (
            lambda text: text[: text.rindex('{"kind":"end"')],
            "was cut off: 1 ratings, and it has no",
        ),
        (lambda text: text.replace('"ratings":1', '"ratings":3'), "and its end tells of 3"),
        (lambda text: text[text.index("\n") + 1 :], ":1: a header is the first line"),
        (lambda text: text.replace('"up":true', '"up":"yes"'), ":2: no rating that litmus"),
        (lambda text: text.replace('"value":1.0', '"value":7'), ":2: no rating that litmus"),
        (lambda text: text.replace('"value":1.0', '"value":NaN'), ":2: no rating that litmus"),
        (lambda text: text.replace('"scale":null', '"scale":[1]'), ":2: no rating that litmus"),
        (lambda text: text.replace('"scale":null', '"scale":[1,1]'), ":2: no rating that litmus"),
        (lambda text: text.replace('"name":"rating"', '"name":[]'), ":2: no rating that litmus"),
        (lambda text: text.replace('"name":"rating",', ""), ":2: no rating that litmus"),
        (lambda text: "", "is empty"),
    ],
)
def test_ratings_that_cannot_be_believed_are_refused(folder, change, complaint):
    write(read_report(folder), [UP])
    path = folder / "feedback.jsonl"
    path.write_text(change(path.read_text()))

    with pytest.raises(ReportError) as refusal:
        read(read_report(folder))

    assert complaint in str(refusal.value)
    assert str(path) in str(refusal.value)


def test_fields_of_a_later_version_are_left_out(folder):
    write(read_report(folder), [UP])
    path = folder / "feedback.jsonl"
    path.write_text(path.read_text().replace('"up":true', '"up":true,"mood":"good"'))

    assert read(read_report(folder)) == (UP,)


def test_ratings_that_are_lost_are_not_taken_for_none(folder):
    write(read_report(folder), [UP])
    (folder / "feedback.jsonl").unlink()

    with pytest.raises(ReportError, match=r"tells of 1 ratings, and .* is missing"):
        read(read_report(folder))


def test_a_run_that_starts_takes_the_ratings_of_the_run_before_it_away(folder):
    write(read_report(folder), [UP])

    ReportFolder(folder).start()

    assert list(folder.iterdir()) == []


def test_a_report_that_is_written_anew_takes_its_ratings_along(tmp_path):
    records = [record()]
    said = {"feedback.jsonl": text_of([UP], run().id)}

    write_new(tmp_path / "new", report_of(*records), records, further=said)

    assert read(read_report(tmp_path / "new")) == (UP,)
