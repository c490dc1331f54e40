from __future__ import annotations

import base64

import pytest

KEY = "sk-proj-" + "Qm7x2LpV9rTz4KdW8sYn" * 2
PLAIN = "Vq8rT2mZ5xKp9wLs3nBd"
"""A key of no known kind."""

ASKS = """
import os
import urllib.request

def ask(body=None, query="", **headers):
    body = body or b'{"model": "m", "max_tokens": 4096, "messages": [{"content": "hi"}]}'
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    url = URL + "/v1/chat/completions" + query
    headers = {"content-type": "application/json"} | headers
    request = urllib.request.Request(url, body, headers)
    return urllib.request.urlopen(request).read()

"""
JOURNAL_TOO = """
def files():
    from pathlib import Path
    return b"".join(path.read_bytes() for path in Path.cwd().rglob("*")
                    if path.is_file() and path.suffix in (".journal", ".yaml", ".jsonl"))

"""


def forms_of(secret: str) -> list[bytes]:
    plain = secret.encode()
    return [plain, base64.b64encode(plain).rstrip(b"=")]


def assert_kept_nowhere(project, *secrets: str) -> None:
    written = [
        path
        for path in project.path.rglob("*")
        if path.is_file() and path.suffix not in (".py", ".pyc", ".ini")
    ]
    assert written
    for path in written:
        data = path.read_bytes()
        for secret in secrets:
            assert not any(form in data for form in forms_of(secret)), f"{secret} is in {path}"


SENT = {
    "authorization": f'ask(Authorization="Bearer {KEY}")',
    "authorization_of_no_known_kind": f'ask(Authorization="Bearer {PLAIN}")',
    "api_key_header": f'ask(x_api_key="{PLAIN}")',
    "azure_header": f'ask(api_key="{PLAIN}")',
    "google_header": f'ask(x_goog_api_key="{PLAIN}")',
    "basic": f'ask(Authorization="Basic {base64.b64encode(f"me:{PLAIN}".encode()).decode()}")',
    "query": f'ask(query="?key={PLAIN}")',
    "cookie": f'ask(Cookie="session={PLAIN}")',
    "body_field": f'ask(body=b\'{{"model": "m", "api_key": "{PLAIN}", "messages": []}}\')',
    "header_value_again_in_the_body": (
        f'ask(b\'{{"model": "m", "messages": [{{"content": "my key is {PLAIN}"}}]}}\','
        f' Authorization="Bearer {PLAIN}")'
    ),
}


@pytest.mark.parametrize("place", SENT)
def test_a_secret_of_a_request_reaches_no_file(project, place):
    project.test(ASKS + JOURNAL_TOO + f"def test_a(llm): {SENT[place]}; assert files()")

    project.run("--llm-record=once", "--llm-report", "--llm-report-content=all").assert_outcomes(
        passed=1
    )

    assert_kept_nowhere(project, KEY, PLAIN)
    project.run().assert_outcomes(passed=1)


@pytest.mark.parametrize("place", SENT)
def test_a_secret_is_in_no_file_while_recording_is_under_way(project, place):
    checks = f"""
def test_a(llm):
    {SENT[place]}
    data = files()
    assert data
    assert b"{KEY}" not in data
    assert b"{PLAIN}" not in data
"""
    project.test(ASKS + JOURNAL_TOO + checks)

    project.run("--llm-record=once").assert_outcomes(passed=1)


def test_organisations_reach_no_file(project):
    organisation, number = "org-" + "aB3dE5fG7hJ9kL1mN3pQ5rS7", "proj_" + "zY9xW7vU5tS3rQ1pO9nM"
    project.test(
        ASKS
        + f"def test_a(llm): ask(OpenAI_Organization='{organisation}', OpenAI_Project='{number}')"
    )

    project.record()

    assert_kept_nowhere(project, organisation, number)


def test_a_secret_of_the_environment_reaches_no_file(project, monkeypatch):
    monkeypatch.setenv("MY_SERVICE_TOKEN", PLAIN)
    project.provider.texts = lambda prompt, number: ("I know ", PLAIN, ".")
    project.test(
        """
        import os
        def test_a(llm):
            llm.ask("Say " + os.environ["MY_SERVICE_TOKEN"])
        """
    )

    project.run("--llm-record=once", "--llm-report", "--llm-report-content=all").assert_outcomes(
        passed=1
    )

    assert_kept_nowhere(project, PLAIN)


def test_a_secret_in_the_answer_is_found_and_nothing_is_written(project):
    project.provider.texts = lambda prompt, number: ("the key is ", KEY, "")
    project.test("def test_a(llm): llm.ask('hello')")

    result = project.run("--llm-record=once")

    result.assert_outcomes(passed=1, errors=1)
    assert project.cassettes == []
    assert_no_journal(project)
    lines = [line.strip() for line in result.outlines]
    start = lines.index(
        "SecretFound: cassettes/test_it/test_a.yaml was not written: it would hold a secret"
    )
    assert lines[start + 1 : start + 5] == [
        "test      test_it.py::test_a",
        "found     interaction 0, response body, line 12: openai-key",
        "mend      override the `llm_scrubbing` fixture: Scrubbing(keys=[...]) names the",
        "field, Scrubbing(allow=[...]) says that a value is no secret",
    ]


def test_a_secret_in_a_prompt_that_no_header_tells_of_is_found_by_its_look(project):
    project.test(f"def test_a(llm): llm.ask('my key is {KEY}')")

    result = project.run("--llm-record=once")

    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*found     interaction 0, request body, line 6: openai-key"])
    assert project.cassettes == []
    assert_no_journal(project)


def assert_no_journal(project) -> None:
    assert [path for path in project.path.rglob("*") if path.suffix == ".journal"] == []


def test_the_old_cassette_stays_when_a_secret_is_found(project):
    project.test("def test_a(llm): llm.ask('hello')")
    old = project.record()
    project.provider.texts = lambda prompt, number: (KEY,)

    project.run("--llm-record=all").assert_outcomes(passed=1, errors=1)

    assert project.cassette.read_text(encoding="utf-8") == old


def test_what_the_user_allows_is_no_secret(project):
    project.conftest(
        f"""
        import pytest
        from pytest_litmus import Scrubbing

        @pytest.fixture
        def llm_scrubbing():
            return Scrubbing(allow=["{KEY}"])
        """
    )
    project.test(f"def test_a(llm): llm.ask('the canary is {KEY}')")

    assert KEY in project.record()


def test_what_the_user_names_is_a_secret(project):
    project.conftest(
        """
        import pytest
        from pytest_litmus import Scrubbing

        @pytest.fixture
        def llm_scrubbing():
            return Scrubbing(keys=["tenant"], patterns=["CUST-[0-9]+"])
        """
    )
    project.test("def test_a(llm): llm.ask('I am CUST-4711', tenant='northwind')")

    text = project.record()

    assert "CUST-4711" not in text
    assert "northwind" not in text
    project.run().assert_outcomes(passed=1)


def test_numbers_survive(project):
    project.test(
        "def test_a(llm):\n"
        "    llm.ask('hi', max_tokens=123456789012, token=1, secret=0.25, api_key=None, seed=42)"
    )

    text = project.record()

    for line in ('"max_tokens": 123456789012', '"token": 1', '"secret": 0.25', '"api_key": null'):
        assert line in text


def test_a_recording_plays_with_another_key(project, monkeypatch):
    project.ini("llm_api_key_env = MODEL_KEY")
    project.test("def test_a(llm): llm.ask('hi')")
    monkeypatch.setenv("MODEL_KEY", KEY)
    project.record()
    assert project.provider.seen[0].headers["authorization"] == f"Bearer {KEY}"
    monkeypatch.setenv("MODEL_KEY", "other")

    project.run().assert_outcomes(passed=1)

    assert_kept_nowhere(project, KEY)
