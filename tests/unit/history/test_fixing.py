from __future__ import annotations

from pytest_litmus.history.fixing import fixing
from tests.unit.history import given
from tests.unit.history.given import result, results


def found(letters: str, **changed):
    of_test = results(letters, **changed)
    return fixing([("t", of_test)], [given.run(number) for number in range(len(letters))])


def test_a_spell_is_from_the_first_failing_run_to_the_first_passing_one():
    (spell,) = found("pffp").fixed

    assert (spell.hours, spell.runs) == (48, 2)
    assert (spell.good["id"], spell.began["id"], spell.fixed["id"]) == (
        "run-000",
        "run-001",
        "run-003",
    )


def test_an_open_spell_has_its_age_until_the_last_run():
    open_one = found("ppff").open[0]

    assert (open_one.fixed, open_one.hours, open_one.runs) == (None, 24, 2)
    assert open_one.good["git_revision"] == f"{1:040}"
    assert open_one.began["git_revision"] == f"{2:040}"


def test_the_median_is_of_spells_whose_beginning_was_seen():
    told = found("fffffpfppffp")

    assert [one.is_whole for one in told.fixed] == [False, True, True]
    assert (told.median_hours, told.median_runs) == (36, 1.5)


def test_of_nothing_that_was_fixed_there_is_no_median():
    assert found("ppff").median_hours is None
    assert found("fffp").median_hours is None


def test_a_skipped_or_undecided_run_neither_begins_nor_ends_a_spell():
    told = found("psufusfup")

    (spell,) = told.fixed
    assert (spell.runs, spell.hours) == (2, 5 * 24)
    assert told.open == ()


def test_a_test_that_was_changed_until_it_passed_says_so():
    changed = [result(0, "p"), result(1, "f"), result(2, "p", fingerprint="h2")]

    (spell,) = fixing([("t", changed)], [given.run(number) for number in range(3)]).fixed

    assert spell.changed


def test_of_a_test_that_ran_again_the_last_time_counts():
    again = [result(0, "p"), result(1, "f"), result(1, "p")]

    told = fixing([("t", again)], [given.run(0), given.run(1)])

    assert (told.open, told.fixed) == ((), ())


def test_the_most_severe_and_then_the_latest_open_spells_come_first():
    runs = [given.run(number) for number in range(4)]
    tests = [
        ("long", results("ffff")),
        ("late", results("pppf")),
        ("known", results("ffff", status="known", severity="critical")),
        ("critical", results("pfff", severity="critical")),
    ]

    told = fixing(tests, runs)

    assert [one.nodeid for one in told.open] == ["critical", "late", "long", "known"]
