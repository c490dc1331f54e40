"""Fixtures that outlive a test: their model calls have cassettes of their own."""

from __future__ import annotations

import pytest

INDEX = """
import pytest, urllib.request, json

def ask(prompt):
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": prompt}]}).encode()
    request = urllib.request.Request(
        URL + "/v1/chat/completions", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request) as response:
        return json.load(response)["choices"][0]["message"]["content"]

@pytest.fixture(scope="session")
def index():
    return ask("build the index")
"""
TESTS = """
def test_first(index, llm):
    assert index == "You said build the index."
    assert llm.ask("first") == "You said first."
    assert len(llm.calls) == 1

def test_second(llm, index):
    assert index == "You said build the index."
    assert llm.ask("second") == "You said second."
"""


@pytest.fixture
def recorded(project):
    project.conftest(INDEX.replace("URL", repr(project.provider.url)))
    project.test(TESTS)
    project.run("--llm-record=once").assert_outcomes(passed=2)
    return project


def test_each_test_replays_alone_and_in_any_order(recorded):
    asked = list(recorded.asked)

    for order in (["test_it.py::test_second"], ["test_it.py::test_first"], []):
        recorded.run(*order).assert_outcomes(passed=len(order) or 2)

    assert recorded.asked == asked


def test_the_fixtures_cassette_is_beside_the_file_that_defines_it(recorded):
    found = sorted(
        path.relative_to(recorded.path).as_posix() for path in recorded.path.rglob("*.yaml")
    )

    assert found == [
        "cassettes/fixture-index.yaml",
        "cassettes/test_it/test_first.yaml",
        "cassettes/test_it/test_second.yaml",
    ]


def test_the_report_tells_the_fixtures_calls_with_the_test_that_needed_it_first(recorded):
    recorded.run("--llm-report").assert_outcomes(passed=2)

    first, second = recorded.report["tests"]
    assert [call["step"] for call in first["calls"]] == ["fixture index", None]
    assert [call["step"] for call in second["calls"]] == [None]


def test_a_miss_in_a_fixture_names_the_fixture_and_records_with_its_test(recorded):
    recorded.conftest(
        INDEX.replace("URL", repr(recorded.provider.url)).replace("build the", "build another")
    )

    result = recorded.run("test_it.py::test_second")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        [
            "*CassetteMiss: no recorded exchange matches POST *",
            "*test      index (session fixture)",
            "*cassette  cassettes/fixture-index.yaml (1 recorded, 0 played)",
            "*nearest   #0: messages[[]0[]].content differs: *",
            "*record    pytest --llm-record=new_episodes test_it.py::test_second",
        ]
    )


def test_a_fixture_that_swallows_its_miss_fails_all_the_same(recorded):
    swallowing = INDEX.replace('return ask("build the index")', "return quietly()") + (
        "\ndef quietly():\n    try:\n        return ask('other')\n"
        "    except BaseException:\n        return 'You said build the index.'\n"
    )
    recorded.conftest(swallowing.replace("URL", repr(recorded.provider.url)))

    recorded.run("test_it.py::test_second").assert_outcomes(errors=1)


def test_each_parameter_of_a_fixture_has_a_cassette(project):
    project.conftest(
        INDEX.replace("URL", repr(project.provider.url))
        .replace('scope="session"', 'scope="module", params=["a/b", "a:b"]')
        .replace("def index():", "def index(request):")
        .replace('"build the index"', "request.param")
    )
    project.test('def test_it(index, llm): assert index.startswith("You said a")')
    project.run("--llm-record=once").assert_outcomes(passed=2)

    project.run().assert_outcomes(passed=2)

    assert len(list(project.path.glob("cassettes/fixture-index*.yaml"))) == 2


def test_a_fixture_that_asks_no_model_leaves_no_cassette(project):
    project.conftest("import pytest\n@pytest.fixture(scope='session')\ndef index(): return 1")
    project.test("def test_it(index, llm): assert llm.ask('x')")

    project.run("--llm-record=once").assert_outcomes(passed=1)

    assert not list(project.path.rglob("fixture-*"))
