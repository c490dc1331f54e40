from __future__ import annotations

import asyncio
import os
from pathlib import Path

import aiohttp
import httpx
import pytest
import requests
import vcr
import yaml

from pytest_litmus.capture import cassette_file
from pytest_litmus.capture.matching import Matching

SELECTION = Path(__file__).parents[3] / "shared" / "data" / "wire" / "selection_vcr"
BODY = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
KEY = "sk-proj-" + "Qm7x2LpV9rTz4KdW8sYn" * 2


def by_httpx(url: str, **more) -> None:
    httpx.post(url, json=BODY | more)


def by_requests(url: str, **more) -> None:
    requests.post(url, json=BODY | more, timeout=5)


def by_aiohttp(url: str, **more) -> None:
    async def main() -> None:
        async with aiohttp.ClientSession() as session, session.post(url, json=BODY | more) as said:
            await said.read()

    asyncio.run(main())


CLIENTS = {"httpx": by_httpx, "requests": by_requests, "aiohttp": by_aiohttp}


@pytest.fixture
def record(project):
    """Records a call with stock vcrpy, where the plugin looks for the cassette of `test_a`."""

    def record(client: str, *, path: str = "/v1/chat/completions", **more) -> dict:
        cassette = project.path / "cassettes" / "test_it" / "test_a.yaml"
        with vcr.use_cassette(str(cassette), record_mode="new_episodes"):
            CLIENTS[client](project.provider.url + path, **more)
        return yaml.safe_load(cassette.read_text(encoding="utf-8"))

    return record


ASKS = {
    "httpx": """
        import httpx
        def test_a(llm):
            said = httpx.post(URL + "/v1/chat/completions", json=BODY)
            assert said.json()["choices"][0]["message"]["content"] == "You said hi."
            assert llm.last.output_text == "You said hi."
        """,
    "requests": """
        import requests
        def test_a(llm):
            said = requests.post(URL + "/v1/chat/completions", json=BODY)
            assert said.json()["choices"][0]["message"]["content"] == "You said hi."
            assert llm.last.output_text == "You said hi."
        """,
    "aiohttp": """
        import aiohttp, asyncio
        async def main():
            async with aiohttp.ClientSession() as session:
                async with session.post(URL + "/v1/chat/completions", json=BODY) as said:
                    return await said.json()
        def test_a(llm):
            assert asyncio.run(main())["choices"][0]["message"]["content"] == "You said hi."
            assert llm.last.output_text == "You said hi."
        """,
}


@pytest.mark.parametrize("is_compressing", [False, True])
@pytest.mark.parametrize("player", CLIENTS)
@pytest.mark.parametrize("recorder", CLIENTS)
def test_what_vcrpy_recorded_plays(project, record, recorder, player, is_compressing):
    project.provider.is_compressing = is_compressing
    record(recorder)
    before = project.provider.reached
    project.test(ASKS[player].replace("BODY", repr(BODY)))

    project.run().assert_outcomes(passed=1)

    assert project.provider.reached == before


def test_the_header_of_a_foreign_cassette_is_not_trusted(project, record):
    project.provider.is_compressing = True
    kept = [item["response"] for item in record("requests")["interactions"]]
    assert kept[0]["headers"]["Content-Encoding"] == ["gzip"]
    text = project.cassette.read_text(encoding="utf-8")
    plain = '{"choices": [{"message": {"role": "assistant", "content": "You said hi."}}]}'
    document = yaml.safe_load(text)
    document["interactions"][0]["response"]["body"]["string"] = plain
    project.cassette.write_text(yaml.safe_dump(document), encoding="utf-8")
    project.test(ASKS["requests"].replace("BODY", repr(BODY)))

    project.run().assert_outcomes(passed=1)


def test_a_stream_that_vcrpy_recorded_plays(project, record):
    record("httpx", stream=True)
    project.test(
        f"""
        import openai
        def test_a(llm):
            client = openai.OpenAI(base_url=URL + "/v1", api_key="k")
            said = client.chat.completions.create(**{BODY}, stream=True)
            text = "".join(c.choices[0].delta.content or "" for c in said if c.choices)
            assert text == "You said hi."
        """
    )

    project.run().assert_outcomes(passed=1)


@pytest.mark.parametrize("stream", [False, True])
def test_how_long_a_foreign_recording_took_is_not_known_and_not_zero(project, record, stream):
    record("requests", stream=stream)
    body = BODY | {"stream": stream}
    project.test(
        f"""
        import requests
        def test_a(llm):
            requests.post(URL + "/v1/chat/completions", json={body})
            assert llm.last.time_to_first_chunk_s is None
            assert llm.last.duration_s is None
            assert llm.latency_s is None
        """
    )

    project.run().assert_outcomes(passed=1)


def test_a_cassette_without_a_version_plays(project, record):
    document = record("httpx")
    del document["version"]
    project.cassette.write_text(yaml.safe_dump(document), encoding="utf-8")
    project.test(ASKS["httpx"].replace("BODY", repr(BODY)))

    project.run().assert_outcomes(passed=1)


def test_a_cassette_of_pytest_recording_plays_where_it_lies(project, record):
    record("httpx")
    project.test(ASKS["httpx"].replace("BODY", repr(BODY)))

    project.run().assert_outcomes(passed=1)

    # pytest-recording's layout is ours: cassettes/MODULE/TEST.yaml
    relative = project.cassette.relative_to(project.path)
    assert relative == Path("cassettes", "test_it", "test_a.yaml")


def test_a_foreign_recording_that_is_kept_is_scrubbed(project, record):
    cassette = project.path / "cassettes" / "test_it" / "test_a.yaml"
    with vcr.use_cassette(str(cassette)):
        url = f"{project.provider.url}/v1/chat/completions"
        httpx.post(url, json=BODY, headers={"Authorization": f"Bearer {KEY}"})
    assert KEY in cassette.read_text(encoding="utf-8")
    project.test(
        "import httpx\ndef test_a(llm):\n"
        f"    httpx.post(URL + '/v1/chat/completions', json={BODY})\n"
        "    llm.ask('more')"
    )

    text = project.record(mode="new_episodes")

    assert KEY not in text
    assert "authorization" not in text
    project.run().assert_outcomes(passed=1)
    assert project.asked == ["hi", "more"]


def test_a_truncated_foreign_cassette_is_an_error(project, record):
    record("httpx")
    text = project.cassette.read_text(encoding="utf-8")
    project.cassette.write_text(text[: text.index("    status:")], encoding="utf-8")
    project.test(ASKS["httpx"].replace("BODY", repr(BODY)))

    result = project.run()

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*CassetteError: *test_a.yaml*"])


@pytest.mark.skipif(not SELECTION.is_dir(), reason=f"{os.fspath(SELECTION)} is not there")
def test_every_cassette_of_other_projects_loads():
    paths = sorted(SELECTION.rglob("*.yaml"))

    loaded = [cassette_file.read(path, key=Matching().key).recordings for path in paths]

    assert len(loaded) > 200
    assert all(loaded)
    assert all(one.request.url and one.key for recordings in loaded for one in recordings)
