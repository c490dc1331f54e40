from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

ASKS = """
def test_a(llm):
    assert llm.ask("hello") == "You said hello."
"""


def lines_of(result: pytest.RunResult, first: str) -> list[str]:
    """The lines of the output from one that begins so, to the next that is not indented."""
    lines = [line.removeprefix("E").strip("\n") for line in result.outlines]
    start = next(n for n, line in enumerate(lines) if line.strip().startswith(first))
    block = [lines[start].strip()]
    for line in lines[start + 1 :]:
        if not line.strip().startswith(
            ("test ", "cassette ", "nearest ", "record ", "unasked ", "or ", "found ", "mend ")
        ):
            break
        block.append(line.strip())
    return block


def report_of(project) -> dict:
    return json.loads((project.path / "llm-report" / "report.json").read_text(encoding="utf-8"))


def only_test_of(project) -> dict:
    """The only test of the report."""
    (told,) = report_of(project)["tests"]
    return told


# What nobody asked for does not happen


def test_by_default_no_test_reaches_a_model(project):
    project.test(ASKS)

    project.run().assert_outcomes(failed=1)

    assert project.provider.reached == (0, 0)
    assert project.cassettes == []


def test_a_recorded_test_plays_without_reaching_a_model(project):
    project.test(ASKS)
    project.record()
    before = project.provider.reached

    project.run().assert_outcomes(passed=1)

    assert project.provider.reached == before


def test_with_live_every_call_is_made_and_captured_and_no_cassette_is_touched(project):
    project.test(ASKS)
    text = project.record()
    project.test(ASKS + "    assert llm.last.source == 'live'\n    assert llm.last.usage\n")

    project.run("--llm-live").assert_outcomes(passed=1)

    assert project.asked == ["hello", "hello"]
    assert project.cassette.read_text(encoding="utf-8") == text


def test_with_live_a_missing_cassette_is_not_missed(project):
    project.test(ASKS)

    project.run("--llm-live").assert_outcomes(passed=1)

    assert project.cassettes == []


# A miss


def test_a_miss_names_test_cassette_nearest_request_and_what_to_type(project):
    project.test(ASKS)
    project.record()
    project.test(ASKS.replace("hello", "hullo"))

    result = project.run()

    result.assert_outcomes(failed=1)
    url = f"{project.provider.url}/v1/chat/completions"
    assert lines_of(result, "pytest_litmus.errors.CassetteMiss") == [
        f"pytest_litmus.errors.CassetteMiss: no recorded exchange matches POST {url}",
        "test      test_it.py::test_a",
        "cassette  cassettes/test_it/test_a.yaml (1 recorded, 0 played)",
        "nearest   #0: messages[0].content differs: 'hello' and 'hullo'",
        "record    pytest --llm-record=new_episodes test_it.py::test_a",
    ]


def test_a_miss_without_a_cassette_says_that_there_is_none(project):
    project.test(ASKS)

    told = lines_of(project.run(), "pytest_litmus.errors.CassetteMiss")

    assert told[2:] == [
        "cassette  cassettes/test_it/test_a.yaml (does not exist)",
        "record    pytest --llm-record=once test_it.py::test_a",
    ]


def test_a_request_that_was_recorded_and_is_used_up_says_so(project):
    project.test(ASKS)
    project.record()
    project.test(ASKS + ASKS.splitlines()[-1])

    told = lines_of(project.run(), "pytest_litmus.errors.CassetteMiss")

    assert told[3] == "nearest   #0: the same request, recorded 1 time and played already"


def test_a_test_id_with_odd_characters_is_quoted_for_the_shell(project):
    project.test(
        "import pytest\n@pytest.mark.parametrize('q', ['a b'])\ndef test_a(llm, q): llm.ask(q)"
    )

    told = lines_of(project.run(), "pytest_litmus.errors.CassetteMiss")

    assert told[-1] == "record    pytest --llm-record=once 'test_it.py::test_a[a b]'"


SWALLOWED = {
    "except_exception": """
        def test_a(llm):
            try:
                llm.ask("hello")
            except Exception:
                pass
        """,
    "the_sdk": """
        import openai
        def test_a(llm):
            client = openai.OpenAI(base_url=URL + "/v1", api_key="k", max_retries=5)
            try:
                client.chat.completions.create(
                    model="m", messages=[{"role": "user", "content": "hello"}])
            except openai.OpenAIError:
                pass
        """,
    "gather": """
        import asyncio, openai
        async def main():
            client = openai.AsyncOpenAI(base_url=URL + "/v1", api_key="k")
            call = client.chat.completions.create(
                model="m", messages=[{"role": "user", "content": "hello"}])
            await asyncio.gather(call, return_exceptions=True)
        def test_a(llm):
            asyncio.run(main())
        """,
    "bare_except": """
        def test_a(llm):
            try:
                llm.ask("hello")
            except:
                pass
        """,
    "a_thread": """
        import threading
        def test_a(llm):
            threading.excepthook = lambda _: None
            thread = threading.Thread(target=llm.ask, args=("hello",))
            thread.start()
            thread.join()
        """,
}


@pytest.mark.parametrize("swallower", SWALLOWED)
def test_a_miss_is_tried_once_and_fails_the_test_whoever_swallows_it(project, swallower):
    project.test(SWALLOWED[swallower])

    result = project.run("-p", "no:threadexception")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*CassetteMiss: no recorded exchange matches POST *"])
    assert str(result.stdout).count("CassetteMiss: no recorded") <= 3  # longrepr and summary
    assert project.provider.reached == (0, 0)


def test_a_miss_that_is_swallowed_in_the_tear_down_is_an_error(project):
    project.test(
        """
        import pytest

        @pytest.fixture
        def app(llm):
            yield
            try:
                llm.ask("bye")
            except BaseException:
                pass

        def test_a(app):
            pass
        """
    )

    result = project.run()

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*CassetteMiss: no recorded exchange matches POST *"])


# Where a cassette lies


def test_each_test_has_a_cassette_of_its_own_beside_its_module(project):
    project.test(
        """
        import pytest

        class TestShop:
            def test_a(self, llm): llm.ask("one")

        @pytest.mark.parametrize("q", ["x", "X", "x/y"])
        def test_a(llm, q): llm.ask(q)
        """
    )

    project.run("--llm-record=once").assert_outcomes(passed=4)

    names = [path.relative_to(project.path).as_posix() for path in project.cassettes]
    assert len({name.lower() for name in names}) == 4
    assert "cassettes/test_it/TestShop.test_a.yaml" in names
    assert "cassettes/test_it/test_a[x].yaml" in names
    project.run().assert_outcomes(passed=4)


def test_folder_and_name_are_fixtures_to_override(project):
    project.conftest(
        """
        import pytest

        @pytest.fixture
        def llm_cassette_dir(tmp_path_factory, request):
            return request.config.rootpath / "elsewhere"

        @pytest.fixture
        def llm_cassette_name(request):
            return "mine-" + request.node.name
        """
    )
    project.test(ASKS)

    project.record()

    assert project.cassette == project.path / "elsewhere" / "mine-test_a.yaml"
    project.run().assert_outcomes(passed=1)


# What a replayed call tells


def test_a_replayed_call_keeps_its_recorded_times_and_cost_and_is_labelled(project):
    project.ini("llm_prices = prices.yaml")
    prices = "prices:\n- {model: m, input: 1, output: 2}\n"
    (project.path / "prices.yaml").write_text(prices, encoding="utf-8")
    tells = """
        import openai

        def test_a(llm):
            client = openai.OpenAI(base_url=URL + "/v1", api_key="k")
            said = client.chat.completions.create(
                model="m", messages=[{"role": "user", "content": "hi"}], stream=True,
                stream_options={"include_usage": True})
            assert [c.choices[0].delta.content for c in said if c.choices][0] == "You said "
            call = llm.last
            print("SEEN", call.source, round(call.duration_s, 4),
                  round(call.time_to_first_chunk_s, 4), call.cost_usd)
        """
    project.test(tells)
    recorded = project.run("--llm-record=once", "-s")
    replayed = project.run("-s")

    def seen(result):
        return next(line.split("SEEN ")[1].split() for line in result.outlines if "SEEN" in line)

    source, duration_s, first_chunk_s, cost_usd = seen(recorded)
    assert (source, cost_usd) == ("live", "0.000011")
    assert seen(replayed) == ["recorded", duration_s, first_chunk_s, cost_usd]


def test_the_report_tells_the_cassettes_age_and_the_model_that_answered(project):
    project.test(ASKS)
    text = project.record()
    set_age(project, text, days=3)

    project.run("--llm-report").assert_outcomes(passed=1)

    told = only_test_of(project)["cassette"]
    assert told["path"] == "cassettes/test_it/test_a.yaml"
    assert (told["played"], told["recorded"], told["stale"]) == (1, 0, 0)
    assert told["models"] == ["m"]
    assert 2.9 < told["age_days"] < 3.1


# Stale recordings


TWICE = """
def test_a(llm):
    llm.ask("one")
    llm.ask("two")
"""
ONCE = """
def test_a(llm):
    llm.ask("one")
"""


def test_a_recorded_call_that_is_no_longer_made_fails_the_test(project):
    project.test(TWICE)
    project.record()
    project.test(ONCE)

    result = project.run()

    result.assert_outcomes(passed=1, errors=1)
    url = f"{project.provider.url}/v1/chat/completions"
    assert lines_of(result, "stale recording") == [
        "stale recording: 1 of 2 recorded exchanges were not asked for",
        "test      test_it.py::test_a",
        "cassette  cassettes/test_it/test_a.yaml",
        f"unasked   #1 POST {url}",
        "record    pytest --llm-record=all test_it.py::test_a",
        "or        llm_stale = warn in the ini file",
    ]


def test_with_warn_a_stale_recording_is_told_in_the_terminal_section(project):
    project.ini("llm_stale = warn")
    project.test(TWICE)
    project.record()
    project.test(ONCE)

    result = project.run()

    result.assert_outcomes(passed=1)
    section = str(result.stdout).split("= llm =")[1]
    assert "stale recording: 1 of 2 recorded exchanges were not asked for" in section


def test_what_the_stale_message_says_to_type_mends_it(project):
    project.test(TWICE)
    project.record()
    project.test(ONCE)

    project.record(mode="all")

    project.run().assert_outcomes(passed=1)


def test_a_test_that_asks_no_more_at_all_is_mended_alike(project):
    project.test(TWICE)
    project.record()
    project.test("def test_a(llm): pass")
    project.run().assert_outcomes(passed=1, errors=1)

    project.run("--llm-record=all").assert_outcomes(passed=1)

    assert project.cassettes == []
    project.run().assert_outcomes(passed=1)


@pytest.mark.parametrize("body", ["assert not llm.ask('one')", "import pytest; pytest.skip()"])
def test_a_test_that_did_not_pass_is_not_told_of_stale_recordings(project, body):
    project.test(TWICE)
    project.record()
    project.test(f"def test_a(llm): {body}")

    assert "stale recording" not in str(project.run().stdout)


# Cassettes without a test


def test_a_cassette_without_a_test_is_told_in_the_terminal_section(project):
    project.test(ASKS + "\ndef test_b(llm): llm.ask('b')\n")
    project.run("--llm-record=once").assert_outcomes(passed=2)
    project.test(ASKS)

    result = project.run()

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["cassette without a test: cassettes/test_it/test_b.yaml"])


@pytest.mark.parametrize("narrowed", [("-k", "test_a"), ("test_it.py::test_a",)])
def test_a_narrowed_run_knows_nothing_of_cassettes_without_a_test(project, narrowed):
    project.test(ASKS + "\ndef test_b(llm): llm.ask('b')\n")
    project.run("--llm-record=once").assert_outcomes(passed=2)

    result = project.run(*narrowed)

    assert "without a test" not in str(result.stdout)


# Age


def set_age(project, text: str, *, days: float) -> None:
    then = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    lines = [
        f"    recorded_at: '{then}'" if line.startswith("    recorded_at:") else line
        for line in text.splitlines()
    ]
    project.cassette.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize(("days", "outcome"), [(29, "passed"), (31, "failed")])
def test_a_recording_older_than_the_limit_fails_its_test(project, days, outcome):
    project.ini("llm_max_age_days = 30")
    project.test(ASKS)
    set_age(project, project.record(), days=days)

    result = project.run()

    result.assert_outcomes(**{outcome: 1})
    told = "the oldest recording that was played is 31.0 days old"
    assert (told in str(result.stdout)) == (outcome == "failed")


def test_a_recording_without_a_date_is_no_young_one(project):
    project.ini("llm_max_age_days = 30")
    project.test(ASKS)
    text = project.record()
    kept = [
        line for line in text.splitlines() if not line.startswith(("  litmus:", "    recorded_at:"))
    ]
    kept = [line for line in kept if not line.startswith(("    headers_s:", "    duration_s:"))]
    foreign = "\n".join(line for line in kept if not line.startswith("#")) + "\n"
    project.cassette.write_text(foreign, encoding="utf-8")

    result = project.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*recording_age: error; *; the cassette does not say when it was recorded"]
    )
