from __future__ import annotations

import json

import pytest

from pytest_litmus.capture.matching import Matching
from tests.sdk.loopback import numbered_texts

CHANGED = """
def test_a(llm):
    llm.ask("hello", temperature={temperature}, metadata={{"run_id": "{run}"}})
"""


def overridden(project, matching: str) -> None:
    project.conftest(
        f"""
        import pytest
        from pytest_litmus import Matching

        @pytest.fixture
        def llm_matching():
            return {matching}
        """
    )


def test_a_changed_field_is_another_request(project):
    project.test(CHANGED.format(temperature=0, run="a"))
    project.record()
    project.test(CHANGED.format(temperature=0.5, run="b"))

    result = project.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*nearest   #0: temperature differs: 0 and 0.5",
            "*metadata.run_id differs: 'a' and 'b'",
        ]
    )


def test_ignored_fields_do_not_count(project):
    overridden(project, 'Matching(ignore=("temperature", "metadata.run_id"))')
    project.test(CHANGED.format(temperature=0, run="a"))
    project.record()
    project.test(CHANGED.format(temperature=0.5, run="b"))

    project.run().assert_outcomes(passed=1)


def test_a_matcher_of_the_users_own_is_a_function_of_the_request(project):
    overridden(project, 'Matching(on=("path", lambda request: request.json["temperature"] < 1))')
    project.test(CHANGED.format(temperature=0, run="a"))
    project.record()
    project.test(CHANGED.format(temperature=0.5, run="b"))
    project.run().assert_outcomes(passed=1)
    project.test(CHANGED.format(temperature=1.5, run="b"))

    project.run().assert_outcomes(failed=1)


def test_a_misspelt_part_is_an_error_that_knows_what_was_meant(project):
    overridden(project, 'Matching(on=("boddy",))')
    project.test("def test_a(llm): llm.ask('hello')")

    result = project.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*'boddy' is no part of a request, did you mean 'body'?*"])


def test_key_order_and_port_do_not_count(project):
    project.test(
        """
        import httpx

        def test_a(llm):
            body = {"messages": [{"role": "user", "content": "hi"}], "model": "m"}
            assert httpx.post(URL + "/v1/chat/completions", json=body).status_code == 200
        """
    )
    text = project.record()
    project.cassette.write_text(text.replace(project.provider.url, "http://127.0.0.1:9"))
    project.test(
        """
        import httpx

        def test_a(llm):
            body = {"model": "m", "messages": [{"content": "hi", "role": "user"}]}
            assert httpx.post(URL + "/v1/chat/completions", json=body).status_code == 200
        """
    )

    project.run().assert_outcomes(passed=1)


def test_answers_to_the_same_request_are_kept_apart_and_served_in_order(project):
    project.provider.texts = numbered_texts
    asks = "def test_a(llm): assert [llm.ask(q) for q in 'xyxx'] == {}"
    expected = ["x #1", "y #2", "x #3", "x #4"]
    project.test(asks.format(expected))
    project.record()

    project.run().assert_outcomes(passed=1)

    assert project.asked == list("xyxx")


@pytest.mark.parametrize("recorded", [5, 5_000])
def test_a_request_costs_one_hash_however_many_are_recorded(project, monkeypatch, recorded):
    project.test("def test_a(llm): llm.ask('0')")
    text = project.record()
    head, item = text.removesuffix("version: 1\n").split("interactions:\n")
    project.cassette.write_text(
        head + "interactions:\n" + many(item, recorded) + "version: 1\n", encoding="utf-8"
    )
    project.ini("llm_stale = warn")
    project.test(
        """
        from pytest_litmus.capture.matching import Matching
        import pytest

        def test_a(llm, monkeypatch):
            hashed, key = [], Matching.key
            monkeypatch.setattr(
                Matching, "key", lambda self, request: hashed.append(1) or key(self, request))
            llm.ask("0")
            assert len(hashed) == 1
            with pytest.raises(BaseException, match="no recorded exchange"):
                llm.ask("another")
            assert len(hashed) == 2
            llm.capture.stops.clear()
        """
    )

    project.run().assert_outcomes(passed=1)


def many(item: str, count: int) -> str:
    """An interaction so many times, each with a prompt of its own, in one line each."""
    import yaml

    (document,) = yaml.safe_load(item)
    items = []
    for number in range(count):
        body = document["request"]["body"].replace('"0"', f'"{number}"')
        request = document["request"] | {"body": body}
        items.append("- " + json.dumps(document | {"request": request}) + "\n")
    return "".join(items)


def test_the_fixtures_default_is_the_default_matching(project):
    project.test(f"def test_a(llm_matching): assert repr(llm_matching) == {repr(Matching())!r}")

    project.run().assert_outcomes(passed=1)
