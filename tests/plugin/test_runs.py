"""Runs: a test that runs several times, until its pass rate is decided."""

from __future__ import annotations

import pytest

FLAKY = """
    import pytest

    COUNT = iter(range(1000))
    WIDE = []

    @pytest.fixture(scope="module")
    def wide():
        WIDE.append(1)
        yield len(WIDE)
        WIDE.append("gone")

    @pytest.fixture
    def fresh():
        return []

    @pytest.mark.llm({mark})
    def test_it(llm, wide, fresh):
        number = next(COUNT)
        fresh.append(llm.ask(f"hello {{number}}"))
        assert len(fresh) == 1 and wide == 1 and len(llm.calls) == 1
        assert {holds}

    def test_after(wide):
        assert WIDE == [1]
"""


@pytest.fixture
def flaky(project):
    """Writes a test that asks the model once a run and passes as `holds` says."""

    def write(mark: str, holds: str = "True") -> None:
        project.test(FLAKY.format(mark=mark, holds=holds))

    return write


def runs_of(project) -> dict:
    (record,) = [one["runs"] for one in project.report["tests"] if one["runs"]]
    return record


def outcomes(result) -> dict[str, int]:
    return {name: count for name, count in result.parseoutcomes().items() if "warn" not in name}


def test_it_ends_as_soon_as_it_is_decided_and_is_told_as_one_test(project, flaky):
    flaky("runs=50, min_pass_rate=0.5")

    result = project.run("--llm-live", "--llm-report")

    assert outcomes(result) == {"passed": 2}
    ran = runs_of(project)
    assert (ran["outcome"], ran["passed"], ran["failed"]) == ("pass", ran["of"], 0)
    assert 5 <= ran["of"] <= 12
    assert len(project.asked) == ran["of"]


def test_a_rate_below_the_bar_fails_with_a_failing_run_and_the_numbers(project, flaky):
    flaky("runs=60, min_pass_rate=0.9", "number % 2 == 0")

    result = project.run("--llm-live", "--llm-report")

    assert outcomes(result) == {"failed": 1, "passed": 1}
    result.stdout.fnmatch_lines(
        ["E       assert (1 % 2) == 0", "*llm runs*", "fail: * of * passed; 95% interval *"]
    )
    assert runs_of(project)["outcome"] == "fail"


def test_too_few_runs_are_inconclusive_and_not_green(project, flaky):
    flaky("runs=3, min_pass_rate=0.9")

    result = project.run("--llm-live")

    assert outcomes(result) == {"failed": 1, "passed": 1}
    result.stdout.fnmatch_lines(["inconclusive: 3 of 3 passed; *about * runs would decide"])


def test_without_a_rate_every_run_has_to_pass(project, flaky):
    flaky("runs=4", "number != 1")

    result = project.run("--llm-live", "--llm-report")

    assert outcomes(result) == {"failed": 1, "passed": 1}
    assert (runs_of(project)["passed"], runs_of(project)["failed"]) == (1, 1)


def test_the_option_runs_every_test_that_uses_llm(project, flaky):
    flaky("max_calls=1")

    result = project.run("--llm-live", "--llm-runs=3", "--llm-report")

    assert outcomes(result) == {"passed": 2}
    assert runs_of(project)["of"] == 3


def test_each_run_has_a_cassette_and_a_failing_one_is_kept(project, flaky):
    flaky("runs=60, min_pass_rate=0.3", "number % 3 != 1")
    assert outcomes(project.run("--llm-record=once")) == {"passed": 2}
    names = sorted(path.name for path in project.cassettes)
    assert {"test_it.run2.yaml", "test_it.run3.yaml"} < set(names)
    assert "test_it.yaml" in names

    project.provider.is_refusing = True
    result = project.run()

    assert outcomes(result) == {"passed": 2}
    result.stdout.no_fnmatch_line("*cassette without a test*")


def test_a_worker_of_xdist_runs_them_and_the_controller_tells(project, flaky):
    flaky("runs=5")

    result = project.run_apart("-n", "1", "--llm-live", "--llm-report")

    assert outcomes(result) == {"passed": 2}
    assert runs_of(project)["of"] == 5


def test_methods_and_parameters_keep_their_instance_and_values(project):
    project.test(
        """
        import pytest

        class TestIt:
            @pytest.mark.llm(runs=3)
            @pytest.mark.parametrize("word", ["a", "b"])
            def test_it(self, llm, word):
                assert not hasattr(self, "seen")
                self.seen = True
                assert llm.ask(word) == f"You said {word}."
        """
    )

    assert outcomes(project.run("--llm-live")) == {"passed": 2}
    assert project.asked == ["a"] * 3 + ["b"] * 3


def test_a_test_that_is_skipped_or_expected_to_fail_is_told_as_ever(project):
    project.test(
        """
        import pytest

        @pytest.mark.llm(runs=3)
        def test_skips(llm):
            pytest.skip("no")

        @pytest.mark.xfail
        @pytest.mark.llm(runs=3)
        def test_fails(llm):
            assert False
        """
    )

    assert outcomes(project.run()) == {"skipped": 1, "xfailed": 1}


def test_a_set_up_that_fails_is_an_error(project):
    project.test(
        """
        import pytest

        @pytest.fixture
        def broken():
            raise ValueError("no database")

        @pytest.mark.llm(runs=3)
        def test_it(llm, broken): ...
        """
    )

    result = project.run("--llm-report")

    assert outcomes(result) == {"errors": 1}
    assert runs_of(project)["outcome"] == "inconclusive"


@pytest.mark.parametrize(
    ("mark", "told"),
    [
        ("min_pass_rate=0.9", "@pytest.mark.llm(min_pass_rate=) needs runs=: type runs=20, or so"),
        ("runs=0", "runs=0 is no whole number of 1 or more"),
        ("runs='many'", "runs='many' is no whole number of 1 or more"),
        ("runs=2, min_pass_rate=90", "min_pass_rate=90 is not between 0 and 1"),
        ("runs=2, confidence=1", "confidence=1 is not between 0.5 and 0.9999"),
    ],
)
def test_a_misused_mark_ends_the_run_and_says_what_is_right(project, flaky, mark, told):
    flaky(mark)

    result = project.run()

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: *{told}"])
