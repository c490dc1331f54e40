from __future__ import annotations

import re

import pytest

from tests.sdk.loopback import numbered_texts

THREE = "def test_a(llm): assert [llm.ask(q) for q in 'abc'] == [f'You said {q}.' for q in 'abc']"
KILLED = """
import os, signal

def test_a(llm):
    {before}
    llm.ask("one")
    llm.ask("two")
    os.kill(os.getpid(), signal.SIGKILL)
"""
WHOLE = """
def test_a(llm):
    llm.ask("one")
    llm.ask("two")
"""

BROKEN = """
import pytest
@pytest.fixture
def broken(llm):
    {}
    assert False
"""


def files_of(project) -> list[str]:
    """What lies in the cassettes' folder."""
    return sorted(path.name for path in (project.path / "cassettes" / "test_it").iterdir())


def test_nothing_but_the_cassette_is_left(project):
    project.test(THREE)

    project.record()

    assert files_of(project) == ["test_a.yaml"]


# Only a test that passed


@pytest.mark.parametrize(
    "failing",
    [
        "def test_a(llm): llm.ask('new'); assert False",
        "import pytest\ndef test_a(llm): llm.ask('new'); pytest.skip()",
        "import pytest\n@pytest.mark.xfail\ndef test_a(llm): llm.ask('new'); assert False",
        "def test_a(llm): llm.ask('new'); llm.check(False)",
        "import pytest\n@pytest.mark.llm(max_calls=0)\ndef test_a(llm): llm.ask('new')",
        BROKEN.format("yield") + "def test_a(broken, llm): llm.ask('new')",
        BROKEN.format("llm.ask('new')") + "def test_a(broken): pass",
    ],
)
@pytest.mark.parametrize("mode", ["new_episodes", "all"])
def test_a_test_that_did_not_pass_keeps_the_old_cassette(project, failing, mode):
    project.test(THREE)
    old = project.record()
    project.test(failing)

    project.run(f"--llm-record={mode}")

    assert "new" in project.asked
    assert project.cassette.read_text(encoding="utf-8") == old


def test_an_interrupted_run_keeps_the_old_cassette_and_what_it_paid_for(project):
    project.test(THREE)
    old = project.record()
    project.test("def test_a(llm): llm.ask('new'); raise KeyboardInterrupt")
    project.run_apart("--llm-record=new_episodes")
    assert project.cassette.read_text(encoding="utf-8") == old
    project.test("def test_a(llm): llm.ask('new')")

    project.record(mode="new_episodes")

    assert project.asked == [*"abc", "new"]
    assert files_of(project) == ["test_a.yaml"]


@pytest.mark.parametrize("mode", ["once", "all"])
def test_a_failing_test_leaves_nothing_where_there_was_nothing(project, mode):
    project.test("def test_a(llm): llm.ask('new'); assert False")

    project.run(f"--llm-record={mode}").assert_outcomes(failed=1)

    assert files_of(project) == []


def test_a_model_that_fails_keeps_the_old_cassette(project):
    project.test(THREE)
    old = project.record()
    project.provider.is_refusing = True

    project.run("--llm-record=all").assert_outcomes(failed=1)

    assert project.cassette.read_text(encoding="utf-8") == old


def test_a_folder_that_cannot_be_written_fails_the_test_and_says_why(project):
    project.test("def test_a(llm): llm.ask('one')")
    (project.path / "cassettes").write_text("in the way", encoding="utf-8")

    result = project.run("--llm-record=once")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "cassettes" in str(result.stdout)


# Truncated


def test_a_truncated_cassette_is_an_error_that_names_file_line_and_remedy(project):
    project.test(THREE)
    text = project.record()
    project.cassette.write_text(text[: text.index("version: 1")], encoding="utf-8")
    line = text.count("\n")

    result = project.run()

    result.assert_outcomes(errors=1)
    lines = [line.removeprefix("E").strip() for line in result.outlines]
    told = (
        f"CassetteError: {project.cassette}:{line}: the cassette ends here, before its last line "
        "`version: 1`: it was cut off"
    )
    start = lines.index(told)
    assert lines[start + 1] == (
        "mend      restore the file from version control, or delete it and record it anew"
    )
    assert project.asked == list("abc")


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("mode", ["none", "once", "new_episodes"])
def test_a_truncated_cassette_is_never_taken_for_a_shorter_one(project, part, mode):
    project.test(THREE)
    text = project.record()
    cut = text[: int(len(text) * part)]
    project.cassette.write_text(cut, encoding="utf-8")

    result = project.run(f"--llm-record={mode}")

    result.assert_outcomes(errors=1)
    assert re.search(r"CassetteError: .*test_a\.yaml:\d+: ", str(result.stdout))
    assert project.cassette.read_text(encoding="utf-8") == cut
    assert project.asked == list("abc")


def test_a_hostile_cassette_is_refused_and_runs_nothing(project):
    project.test(THREE)
    project.record()
    bomb = "!!python/object/apply:os.system ['touch hacked']"
    project.cassette.write_text(f"interactions:\n- {bomb}\nversion: 1\n", encoding="utf-8")

    result = project.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*test_a.yaml:2: refused, it is no plain data: *"])
    assert not (project.path / "hacked").exists()


# Killed


def test_a_killed_recording_loses_nothing(project):
    project.test(KILLED.format(before=""))
    project.run_apart("--llm-record=once")
    (journal,) = files_of(project)
    assert journal.startswith(".test_a.yaml.")
    project.test(WHOLE)

    project.record(mode="once")

    assert project.asked == ["one", "two"]
    assert files_of(project) == ["test_a.yaml"]
    project.run().assert_outcomes(passed=1)


def test_a_recording_that_was_killed_twice_loses_nothing(project):
    project.test(KILLED.format(before=""))
    project.run_apart("--llm-record=once")
    project.test(KILLED.format(before="llm.ask('zero')"))
    project.run_apart("--llm-record=once")
    project.test("def test_a(llm): [llm.ask(word) for word in ('zero', 'one', 'two', 'three')]")

    text = project.record(mode="once")

    assert project.asked == ["one", "two", "zero", "three"]
    assert re.findall(r'"content": "(\w+)"', text) == ["zero", "one", "two", "three"]
    project.run().assert_outcomes(passed=1)


def test_what_a_killed_run_recorded_and_nobody_asks_for_is_dropped(project):
    project.test(KILLED.format(before=""))
    project.run_apart("--llm-record=once")
    project.test("def test_a(llm): llm.ask('two')")

    text = project.record(mode="once")

    assert '"one"' not in text
    project.run().assert_outcomes(passed=1)


def test_a_killed_addition_leaves_the_cassette_and_loses_nothing(project):
    project.test("def test_a(llm): llm.ask('zero')")
    old = project.record()
    project.test(KILLED.format(before="llm.ask('zero')"))
    project.run_apart("--llm-record=new_episodes")
    assert project.cassette.read_text(encoding="utf-8") == old
    project.test("def test_a(llm): [llm.ask(word) for word in ('zero', 'one', 'two')]")

    project.record(mode="new_episodes")

    assert project.asked == ["zero", "one", "two"]
    assert files_of(project) == ["test_a.yaml"]


def test_all_asks_anew_and_clears_away_what_a_killed_run_left(project):
    project.test(KILLED.format(before=""))
    project.run_apart("--llm-record=all")
    project.test(WHOLE)

    project.record(mode="all")

    assert project.asked == ["one", "two", "one", "two"]
    assert files_of(project) == ["test_a.yaml"]


def test_a_replay_leaves_the_journal_of_a_killed_run_alone(project):
    project.test(KILLED.format(before=""))
    project.run_apart("--llm-record=once")
    left = files_of(project)
    project.test(WHOLE)

    project.run().assert_outcomes(failed=1)

    assert files_of(project) == left


# Many at once


def test_xdist_workers_record_and_play_each_its_own(project):
    project.test(
        """
        import pytest

        @pytest.mark.parametrize("word", [f"word{number}" for number in range(12)])
        def test_a(llm, word):
            assert [llm.ask(f"{word} {q}") for q in "ab"] == [
                f"You said {word} {q}." for q in "ab"]
        """
    )

    project.run_apart("-n2", "--llm-record=once").assert_outcomes(passed=12)
    project.run_apart("-n2").assert_outcomes(passed=12)

    assert len(project.asked) == 24
    assert len(project.cassettes) == 12


SHARED = """
import pytest

@pytest.fixture
def llm_cassette_name():
    return "shared"

@pytest.mark.parametrize("word", ["one", "two", "three", "four"])
def test_a(llm, word):
    assert llm.ask("both") == "You said both."
    assert llm.ask(word) == f"You said {word}."
"""
BOTH = ["both", "four", "one", "three", "two"]


def kept(project) -> list[str]:
    text = project.cassette.read_text(encoding="utf-8")
    return sorted(set(re.findall(r'"content": "(\w+)"', text)))


@pytest.mark.parametrize("mode", ["once", "new_episodes", "all"])
def test_a_cassette_shared_by_tests_keeps_what_each_of_them_recorded(project, mode):
    project.ini("llm_stale = warn")
    project.test(SHARED)

    project.run(f"--llm-record={mode}").assert_outcomes(passed=4)

    assert kept(project) == BOTH
    project.run().assert_outcomes(passed=4)


@pytest.mark.parametrize("mode", ["once", "all"])
def test_a_cassette_shared_by_tests_on_two_workers_keeps_what_each_recorded(project, mode):
    project.ini("llm_stale = warn")
    project.test(SHARED)

    project.run_apart("-n2", f"--llm-record={mode}").assert_outcomes(passed=4)

    assert kept(project) == BOTH
    project.run().assert_outcomes(passed=4)


def test_a_shared_cassette_recorded_anew_holds_nothing_old(project):
    project.ini("llm_stale = warn")
    project.test(SHARED)
    project.run("--llm-record=all").assert_outcomes(passed=4)
    project.test(SHARED.replace('"three", "four"', ""))

    project.run("--llm-record=all").assert_outcomes(passed=2)

    assert kept(project) == ["both", "one", "two"]


def test_a_test_that_asks_less_often_leaves_another_its_second_answer(project):
    project.provider.texts = numbered_texts
    project.ini("llm_stale = warn")
    project.test(
        SHARED.partition("@pytest.mark")[0]
        + "def test_a(llm): assert llm.ask('x') != llm.ask('x')\n"
        + "def test_b(llm): llm.ask('x')\n"
    )
    project.run("--llm-record=all").assert_outcomes(passed=2)

    project.run().assert_outcomes(passed=2)

    assert project.cassette.read_text(encoding="utf-8").count('"content": "x #') == 2
