"""The `llm` fixture, as a test of a user sees it; all runs are live."""

from __future__ import annotations

import pytest

PRICES = """
prices:
  - {model: m, input: 1000, output: 2000}
"""


def test_the_calls_of_a_test_are_in_its_hands_in_order(project):
    project.test("""
        def test_it(llm):
            assert llm.calls == ()
            llm.ask("one")
            llm.ask("two")
            assert [call.input_text for call in llm.calls] == ["one", "two"]
            assert llm.last.output_text == "You said two."
            assert (llm.input_tokens, llm.output_tokens) == (10, 6)
            assert 0 < llm.latency_s < 60
            assert llm.output_tokens_per_s > 0
            assert llm.time_to_first_chunk_s is None
            assert llm.tool_calls == llm.errors == ()
    """)

    project.run("--llm-live").assert_outcomes(passed=1)


def test_a_call_is_priced_by_the_users_file(project):
    project.ini("llm_prices = prices.yaml")
    (project.path / "prices.yaml").write_text(PRICES)
    project.test("""
        from decimal import Decimal

        def test_it(llm):
            llm.ask("one")
            assert llm.cost_usd == Decimal("0.011")
            assert llm.last.cost_source == "price file"
    """)

    project.run("--llm-live").assert_outcomes(passed=1)


def test_a_call_whose_model_has_no_price_costs_none_and_not_zero(project):
    project.test("""
        def test_it(llm):
            llm.ask("one")
            assert llm.cost_usd is None
            assert llm.last.cost_note.startswith("no price for model m of provider 127.0.0.1")
    """)

    project.run("--llm-live").assert_outcomes(passed=1)


def test_a_hook_of_a_conftest_file_prices_calls(project):
    project.conftest("""
        from decimal import Decimal

        def pytest_llm_price(call, at):
            return Decimal("0.5") if call.server_address == "127.0.0.1" else None
    """)
    project.test("""
        def test_it(llm):
            llm.ask("one")
            assert (llm.cost_usd, llm.last.cost_source) == (0.5, "pytest_llm_price")
    """)

    project.run("--llm-live").assert_outcomes(passed=1)


def test_steps_and_tags_are_on_the_calls(project):
    project.test("""
        def test_it(llm):
            llm.tag(user_id="u1", session_id="s1", tenant="acme")
            with llm.step("retrieval"):
                llm.ask("one")
            with llm.step("answer"):
                llm.ask("two")
            llm.ask("three")
            assert list(llm.steps) == ["retrieval", "answer", None]
            assert llm.steps["retrieval"].last.input_text == "one"
            assert {(c.user_id, c.session_id, c.metadata["tenant"]) for c in llm.calls} == {
                ("u1", "s1", "acme")
            }
    """)

    project.run("--llm-live").assert_outcomes(passed=1)


def test_all_soft_checks_that_fail_are_shown_together_and_passing_ones_are_not(project):
    project.test("""
        from pytest_litmus import Limit, Score, Verdict, judge

        def test_it(llm):
            llm.check(Verdict(name="polite", outcome="pass"))
            llm.check(judge(Score(name="similar", value=0.4), Limit(at_least=0.8)))
            llm.check(Verdict(name="grounded", outcome="inconclusive", explanation="judge is out"))
            llm.check(1 > 2, name="order")
    """)

    result = project.run("--llm-live")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines_random(
        [
            "check similar: fail*",
            "check grounded: inconclusive*judge is out",
            "check order: fail*",
        ]
    )
    result.stdout.no_fnmatch_line("*check polite*")


def test_a_hard_failure_shows_the_soft_ones_in_its_block(project):
    project.test("""
        def test_it(llm):
            llm.check(False, name="order")
            assert 1 == 2
    """)

    result = project.run("--llm-live")

    result.stdout.fnmatch_lines(["E *assert 1 == 2", "checks*0 of 1 pass", "  FAIL  order"])


def test_checks_that_hold_let_a_test_pass(project):
    project.test("""
        def test_it(llm):
            assert llm.check(1 < 2) is True
    """)

    project.run("--llm-live").assert_outcomes(passed=1)


def test_what_a_fixture_asks_before_the_test_is_captured(project):
    project.test("""
        import pytest
        import requests

        @pytest.fixture(autouse=True)
        def warm():
            body = {"model": "m", "messages": [{"role": "user", "content": "warm up"}]}
            requests.post(URL + "/v1/chat/completions", json=body)

        def test_it(warm, llm):
            assert [call.input_text for call in llm.calls] == ["warm up"]

        @pytest.mark.llm
        def test_by_mark(request, warm):
            llm = request.getfixturevalue("llm")
            assert [call.input_text for call in llm.calls] == ["warm up"]
    """)

    project.run("--llm-live").assert_outcomes(passed=2)


def test_what_a_modules_fixture_asks_is_in_the_report_of_the_first_test_that_needs_it(project):
    project.test("""
        import pytest
        import requests

        @pytest.fixture(scope="module")
        def index():
            body = {"model": "m", "messages": [{"role": "user", "content": "index"}]}
            requests.post(URL + "/v1/chat/completions", json=body)

        def test_first(index, llm): llm.ask("one")

        def test_second(index, llm): llm.ask("two")
    """)

    project.run("--llm-live", "--llm-report").assert_outcomes(passed=2)

    steps = [[call["step"] for call in test["calls"]] for test in project.report["tests"]]
    assert steps == [["fixture index", None], [None]]


def test_what_a_fixture_asks_after_the_test_is_captured(project):
    project.test("""
        import pytest

        @pytest.fixture
        def closing(llm):
            yield
            llm.ask("goodbye")
            assert [call.input_text for call in llm.calls] == ["hello", "goodbye"]

        def test_it(llm, closing):
            llm.ask("hello")
    """)

    project.run("--llm-live").assert_outcomes(passed=1)


def test_each_case_of_a_parametrised_test_has_its_own_calls(project):
    project.test("""
        import pytest

        @pytest.mark.parametrize("word", ["one", "two"])
        def test_it(llm, word):
            llm.ask(word)
            assert [call.input_text for call in llm.calls] == [word]
    """)

    project.run("--llm-live").assert_outcomes(passed=2)


def test_the_fixture_may_be_asked_for_late(project):
    project.test("""
        def test_it(request):
            llm = request.getfixturevalue("llm")
            llm.ask("one")
            assert len(llm.calls) == 1
    """)

    project.run("--llm-live", "--llm-report").assert_outcomes(passed=1)


def test_a_project_with_a_fixture_named_llm_keeps_it_and_its_order(project):
    project.conftest("""
        import pytest

        ORDER = []

        @pytest.fixture(autouse=True)
        def settings():
            ORDER.append("settings")

        @pytest.fixture
        def llm():
            ORDER.append("llm")
            return "mine"
    """)
    project.test("""
        import conftest

        def test_it(llm):
            assert llm == "mine"
            assert conftest.ORDER == ["settings", "llm"]
    """)

    project.run().assert_outcomes(passed=1)


def test_such_a_project_captures_by_mark_and_by_the_other_fixture(project):
    project.test("""
        import pytest
        import requests

        @pytest.fixture
        def llm():
            body = {"model": "m", "messages": [{"role": "user", "content": "mine"}]}
            return requests.post(URL + "/v1/chat/completions", json=body)

        @pytest.mark.llm(max_calls=0)
        def test_by_mark(llm):
            pass

        def test_by_fixture(llm_recorder, llm):
            assert [call.input_text for call in llm_recorder.calls] == ["mine"]
    """)

    result = project.run("--llm-live")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["budget calls: fail*1 calls were made"])


ASYNC = """
    import asyncio

    import httpx
    import pytest

    pytestmark = pytest.mark.asyncio(loop_scope="session")

    @pytest.fixture(scope="session")
    def clients():
        return {}

    async def ask(word, client):
        body = {"model": "m", "messages": [{"role": "user", "content": word}]}
        await client.post(URL + "/v1/chat/completions", json=body)

    async def worker(client, queue):
        while True:
            word, done = await queue.get()
            await ask(word, client)
            done.set_result(None)

    async def told(clients, word):
        done = asyncio.get_running_loop().create_future()
        await clients["queue"].put((word, done))
        await done

    async def test_first(llm, clients):
        clients["client"] = httpx.AsyncClient()
        clients["queue"] = asyncio.Queue()
        clients["task"] = asyncio.create_task(worker(clients["client"], clients["queue"]))
        await asyncio.gather(*(ask(word, clients["client"]) for word in "ab"))
        await told(clients, "from the task")
        assert sorted(call.input_text for call in llm.calls) == ["a", "b", "from the task"]

    async def test_second(llm, clients):
        with llm.step("again"):
            await ask("c", clients["client"])
        await told(clients, "from the task of the first test")
        said = [(call.input_text, call.step) for call in llm.calls]
        assert said == [("c", "again"), ("from the task of the first test", None)]

    async def test_third(llm, clients):
        assert llm.calls == ()
        clients["task"].cancel()
        await clients["client"].aclose()
"""


def test_tests_of_a_session_loop_never_see_the_capture_of_an_earlier_one(project):
    project.ini("asyncio_default_fixture_loop_scope = session")
    project.test(ASYNC)

    project.run("--llm-live", "-p", "asyncio").assert_outcomes(passed=3)


def test_an_async_fixture_may_hold_a_step_open(project):
    project.ini("asyncio_default_fixture_loop_scope = function")
    project.test("""
        import pytest
        import pytest_asyncio

        @pytest_asyncio.fixture
        async def searching(llm):
            with llm.step("search"):
                yield

        @pytest.mark.asyncio
        async def test_it(llm, searching):
            llm.ask("one")
            assert llm.last.step == "search"
    """)

    project.run("--llm-live", "-p", "asyncio").assert_outcomes(passed=1)


def test_nothing_is_captured_under_opentelemetrys_suppress_flag(project):
    project.test("""
        import pytest
        from opentelemetry import context

        KEYS = ("suppress_instrumentation", context._SUPPRESS_INSTRUMENTATION_KEY)

        @pytest.mark.parametrize("key", KEYS)
        def test_it(llm, key):
            token = context.attach(context.set_value(key, True))
            llm.ask("suppressed")
            context.detach(token)
            assert llm.calls == ()
            llm.ask("seen")
            assert [call.input_text for call in llm.calls] == ["seen"]
    """)

    project.run("--llm-live").assert_outcomes(passed=2)

    assert project.asked == ["suppressed", "seen"] * 2


def test_a_stream_is_timed_to_its_first_content(project):
    project.test("""
        import openai

        def test_it(llm):
            client = openai.OpenAI(base_url=URL + "/v1", api_key="k")
            messages = [{"role": "user", "content": "one"}]
            for _ in client.chat.completions.create(model="m", messages=messages, stream=True):
                pass
            client.close()
            assert llm.last.streamed
            assert 0 < llm.time_to_first_chunk_s <= llm.latency_s
    """)

    project.run("--llm-live").assert_outcomes(passed=1)


def test_tool_calls_and_errors_are_told(project):
    from tests.sdk.loopback import Failure

    project.provider.failures += [Failure(status=429), Failure(status=400)]
    project.test("""
        import openai
        import pytest

        def test_it(llm):
            client = openai.OpenAI(base_url=URL + "/v1", api_key="k", max_retries=1)
            tool = {"type": "function", "function": {"name": "look_up", "parameters": {}}}
            messages = [{"role": "user", "content": "one"}]
            with pytest.raises(openai.BadRequestError):
                client.chat.completions.create(model="m", messages=messages)
            client.chat.completions.create(model="m", messages=messages, tools=[tool])
            client.close()
            assert [part.name for part in llm.tool_calls] == ["look_up"]
            assert [len(call.attempts) for call in llm.calls] == [2, 1]
            assert llm.errors == llm.calls[:1]
    """)

    project.run("--llm-live").assert_outcomes(passed=1)


LATE = """
import importlib, json, sys

BODY = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}

def by_httpx(library, url):
    return library.post(url, json=BODY).json()

def by_urllib3(library, url):
    return json.loads(library.request("POST", url, json=BODY).data)

def by_aiohttp(library, url):
    import asyncio

    async def ask():
        async with library.ClientSession() as session, session.post(url, json=BODY) as response:
            return await response.json()

    return asyncio.run(ask())

def test_it(llm):
    assert "NAME" not in sys.modules
    library = importlib.import_module("NAME")
    answer = by_NAME(library, URL + "/v1/chat/completions")
    assert answer["choices"][0]["message"]["content"] == "You said hi."
    assert len(llm.calls) == 1
"""


@pytest.mark.parametrize("name", ["httpx", "urllib3", "aiohttp"])
def test_a_library_that_the_test_imports_is_captured_from_then_on(project, monkeypatch, name):
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    project.test(LATE.replace("NAME", name))

    done = project.pytester.runpytest_subprocess("-p", "litmus", "--llm-live")

    done.assert_outcomes(passed=1)


def test_nothing_is_held_of_a_test_that_is_told(project):
    project.pytester.makeconftest(
        """
        import gc

        def pytest_sessionfinish(session):
            from pytest_litmus.recorder import Recorder
            gc.collect()
            held = [one for one in gc.get_objects() if type(one) is Recorder]
            print(f"held: {len(held)} of {len(session.items)}")
        """
    )
    project.test(
        "import pytest\n"
        "@pytest.mark.parametrize('n', range(20))\n"
        "def test_it(llm, n): assert llm.ask(f'hi {n}')"
    )

    done = project.pytester.runpytest_subprocess("-s", "--llm-live")

    (line,) = [line for line in done.outlines if "held: " in line]
    assert int(line.split("held: ")[1].split()[0]) < 4
