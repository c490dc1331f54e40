from __future__ import annotations

import json
import re
import threading
from dataclasses import replace

import httpx
import pytest
import requests
import vcr

from tests.sdk import loopback
from tests.sdk.answers import Reply, reply_to

TALK = """
import json, urllib.request

def post(body, path="/v1/chat/completions"):
    request = urllib.request.Request(
        URL + path, json.dumps(body).encode(), {"content-type": "application/json"})
    return urllib.request.urlopen(request).read()

def user(text):
    return {"role": "user", "content": text}

"""
TOOLS = """
def test_a(llm):
    first = json.loads(post({"model": "m", "messages": [user("a")], "tools": [{"type": "x"}]}))
    said = first["choices"][0]["message"]
    call = said["tool_calls"][0]
    result = {"role": "tool", "tool_call_id": call["id"], "content": "42"}
    post({"model": "m", "messages": [user("a"), said, result]})
"""


@pytest.fixture
def jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider whose ids and times are new with each answer."""
    count = iter(range(1_000_000))

    def fresh(path, body, texts):
        found = reply_to(path, body, texts)
        if found is None:
            return None
        reply, streamed = found
        number = str(next(count))
        whole = json.loads(jittered(json.dumps(reply.whole), number))
        pieces = tuple(jittered(piece.decode(), number).encode() for piece in reply.pieces)
        return replace(reply, whole=whole, pieces=pieces), streamed

    monkeypatch.setattr(loopback, "reply_to", fresh)


def jittered(text: str, number: str) -> str:
    text = re.sub(r'"(chatcmpl|call|msg|resp)[-_]\w+"', rf'"\1_jitter{number}"', text)
    return text.replace("1700000000", f"17{number:0>8}")


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch):
    """Lets a test say the bytes of an answer."""

    def answer(*pieces: bytes, content_type: str = "text/event-stream") -> None:
        reply = Reply(whole={}, pieces=pieces, content_type=content_type)
        monkeypatch.setattr(loopback, "reply_to", lambda *_: (reply, True))

    return answer


# The modes


def test_once_records_what_has_no_cassette_and_no_more(project):
    project.test("def test_a(llm): llm.ask('one')")
    project.record(mode="once")
    project.test("def test_a(llm): llm.ask('one'); llm.ask('two')")

    project.run("--llm-record=once").assert_outcomes(failed=1)

    assert project.asked == ["one"]


def test_new_episodes_adds_what_is_missing(project):
    project.test("def test_a(llm): llm.ask('one')")
    project.record()
    project.test("def test_a(llm): llm.ask('zero'); llm.ask('one')")

    text = project.record(mode="new_episodes")

    assert project.asked == ["one", "zero"]
    assert text.index("zero") < text.index("one")
    project.run().assert_outcomes(passed=1)


def test_new_episodes_drops_what_is_no_longer_asked_for(project):
    project.test("def test_a(llm): llm.ask('one'); llm.ask('two')")
    project.record()
    project.test("def test_a(llm): llm.ask('two')")

    text = project.record(mode="new_episodes")

    assert "one" not in text
    assert project.asked == ["one", "two"]
    project.run().assert_outcomes(passed=1)


def test_new_episodes_keeps_it_where_stale_recordings_are_only_told_of(project):
    project.ini("llm_stale = warn")
    project.test("def test_a(llm): llm.ask('one'); llm.ask('two')")
    project.record()
    project.test("def test_a(llm): llm.ask('two'); llm.ask('three')")

    text = project.record(mode="new_episodes")

    assert all(f'"content": "{word}"' in text for word in ("one", "two", "three"))


def test_new_episodes_without_news_leaves_the_file_alone(project):
    project.test("def test_a(llm): llm.ask('one')")
    project.record()
    before = project.cassette.stat().st_mtime_ns

    project.record(mode="new_episodes")

    assert project.cassette.stat().st_mtime_ns == before


def test_all_asks_everything_anew(project):
    project.test("def test_a(llm): llm.ask('one')")
    project.record()
    project.provider.texts = lambda prompt, number: ("Now ", "else", ".")

    assert "Now else." in project.record(mode="all")


@pytest.mark.parametrize("mode", ["once", "new_episodes", "all"])
def test_a_test_that_makes_no_call_has_no_cassette(project, mode):
    project.test("def test_a(llm): pass")

    project.run(f"--llm-record={mode}").assert_outcomes(passed=1)

    assert project.cassettes == []


# Small in diffs


@pytest.mark.usefixtures("jitter")
@pytest.mark.parametrize(
    "talk",
    [
        "def test_a(llm): post({'model': 'm', 'messages': [user('a')]})",
        "def test_a(llm): post({'model': 'm', 'messages': [user('a')], 'stream': True})",
        "def test_a(llm): post({'model': 'm', 'input': 'a', 'stream': True}, '/v1/responses')",
        "def test_a(llm): post({'model': 'm', 'messages': [user('a')]}, '/v1/messages')",
        TOOLS,
    ],
)
def test_the_same_answers_recorded_again_leave_the_file_as_it_was(project, talk):
    project.test(TALK + talk)
    first = project.record()

    again = project.record()

    assert "jitter" in first
    assert again == first
    project.run().assert_outcomes(passed=1)


@pytest.mark.usefixtures("jitter")
def test_a_conversation_with_one_new_answer_still_plays(project):
    project.test(TALK + TOOLS)
    first = project.record()
    project.provider.texts = lambda prompt, number: ("Now ", prompt)

    again = project.record()

    assert again != first
    project.run().assert_outcomes(passed=1)


def test_a_cassette_holds_no_headers_that_change_from_run_to_run(project):
    project.test(TALK + "def test_a(llm): post({'model': 'm', 'messages': [user('a')]})")

    headers = re.findall(r"^      ([\w-]+): \[", project.record(), re.MULTILINE)

    assert headers == ["content-type", "content-type"]


# In the order in which they were issued


def test_interactions_stand_in_the_order_of_issue_however_they_ended(project):
    words = [f"word{number}" for number in range(6)]
    project.provider.finish_order = loopback.FinishOrder(reversed(words))
    project.test(
        f"""
        import asyncio, httpx

        WORDS = {words}

        async def ask(client, word):
            body = {{"model": "m", "messages": [{{"role": "user", "content": word}}]}}
            answer = await client.post(URL + "/v1/chat/completions", json=body)
            return answer.json()["choices"][0]["message"]["content"]

        async def main():
            async with httpx.AsyncClient() as client:
                return await asyncio.gather(*(ask(client, word) for word in WORDS))

        def test_a(llm):
            assert asyncio.run(main()) == [f"You said {{word}}." for word in WORDS]
            assert [call.input_messages[-1].text for call in llm.calls] == WORDS
        """
    )

    text = project.record()

    assert re.findall(r'"content": "(word\d)"', text) == words
    project.provider.finish_order = None
    project.run().assert_outcomes(passed=1)


def test_threads_get_the_right_answers_in_any_order(project):
    threads = """
        from concurrent.futures import ThreadPoolExecutor

        def test_a(llm):
            with ThreadPoolExecutor(8) as pool:
                said = list(pool.map(llm.ask, {words}))
            assert said == [f"You said {{word}}." for word in {words}]
        """
    words = [f"word{number}" for number in range(24)]
    project.test(threads.format(words=words))
    project.record()
    project.test(threads.format(words=words[::-1]))

    project.run().assert_outcomes(passed=1)


# Played by plain vcrpy


CHAT = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("client", [httpx, requests])
def test_plain_vcrpy_plays_what_was_recorded(project, client, stream):
    project.test(TALK + f"def test_a(llm): post({CHAT | {'stream': stream}})")
    project.record()
    before = project.provider.reached

    with vcr.use_cassette(
        str(project.cassette), record_mode="none", match_on=["method", "uri", "body"]
    ) as cassette:
        said = client.post(
            f"{project.provider.url}/v1/chat/completions", json=CHAT | {"stream": stream}
        )

    assert said.status_code == 200
    assert ("You said " in said.text) if stream else (said.json()["choices"][0]["index"] == 0)
    assert cassette.play_count == 1
    assert project.provider.reached == before


# Bodies of every kind


ODD = "\x85\u2028\u2029\r\n\t\x7f\ufeff\x00😀\U0010ffff é"


def test_unusual_characters_come_back_as_they_were(project):
    project.test(f"def test_a(llm): assert llm.ask({ODD!r}) == 'You said ' + {ODD!r} + '.'")

    project.record()

    project.run().assert_outcomes(passed=1)


def test_a_lone_surrogate_comes_back_as_it_was(project, answers):
    body = b'{"choices": [{"message": {"role": "assistant", "content": "\\ud83d"}}], "a": 1}'
    answers(body, content_type="application/json")
    project.test(
        TALK + f"def test_a(llm): assert post({{'messages': [user('\\ud83d')]}}) == {body!r}"
    )

    project.record()

    project.run().assert_outcomes(passed=1)


def test_the_bytes_of_a_stream_come_back_as_they_were(project, answers):
    pieces = (b'data: {"a": "\xc2\x85"} \r\n\r\n', "data: \u2028😀\n\n".encode(), b"data: \x00\n\n")
    answers(*pieces)
    project.test(
        TALK
        + "def test_a(llm):\n"
        + f"    assert post({{'messages': [user('a')], 'stream': True}}) == {b''.join(pieces)!r}"
    )

    project.record()

    project.run().assert_outcomes(passed=1)


def test_a_binary_answer_comes_back_as_it_was(project, answers):
    sound = bytes(range(256)) * 3
    answers(sound, content_type="audio/mpeg")
    project.test(
        TALK
        + "def test_a(llm):\n"
        + f"    assert post({{'model': 'm', 'input': 'a'}}, '/v1/audio/speech') == {sound!r}"
    )

    text = project.record()

    assert "string: !!binary |" in text
    project.run().assert_outcomes(passed=1)


def test_a_compressed_answer_is_readable_in_the_cassette(project):
    project.provider.is_compressing = True
    project.test(
        TALK.replace('{"content-type"', '{"accept-encoding": "gzip", "content-type"')
        + "import gzip\n"
        + "def test_a(llm): post({'model': 'm', 'messages': [user('a')]})"
    )

    text = project.record()

    assert '"content": "You said a."' in text
    assert "content-encoding" not in text
    project.run().assert_outcomes(passed=1)


# What ends otherwise


ABANDONS = """
import httpx

def read(pieces):
    body = {"model": "m", "messages": [{"role": "user", "content": "hi"}], "stream": True}
    with httpx.stream("POST", URL + "/v1/chat/completions", json=body) as answer:
        lines = answer.iter_lines()
        return [next(lines) for _ in range(pieces)]

"""


def test_a_stream_that_its_reader_left_plays_as_far_as_it_was_read(project):
    project.provider.lockstep = loopback.Lockstep()
    project.test(ABANDONS + "def test_a(llm): assert 'You said ' in read(1)[0]")

    text = project.record()

    assert "    ended: closed\n    complete: false\n" in text
    project.run().assert_outcomes(passed=1)


@pytest.mark.parametrize("caught", ["Exception", "BaseException"])
def test_who_reads_past_the_end_of_such_a_recording_is_told_so(project, caught):
    project.provider.lockstep = loopback.Lockstep()
    project.test(ABANDONS + "def test_a(llm): read(1)")
    project.record()
    project.test(ABANDONS + f"def test_a(llm):\n    try: read(9)\n    except {caught}: pass")

    result = project.run()

    result.assert_outcomes(failed=1)
    url = f"{project.provider.url}/v1/chat/completions"
    ends = "ends after * bytes, where its reader left it, and the program reads on"
    result.stdout.fnmatch_lines(
        [
            f"*RecordingEnds: the recorded answer of POST {url} {ends}",
            "*  test      test_it.py::test_a",
            "*  cassette  cassettes/test_it/test_a.yaml",
            "*  record    pytest --llm-record=all test_it.py::test_a",
        ]
    )


REFUSED = """
import openai, pytest

def test_a(llm):
    client = openai.OpenAI(base_url=ADDRESS, api_key="k", max_retries=0, timeout=TIMEOUT)
    with pytest.raises(openai.ERROR) as caught:
        client.chat.completions.create(model="m", messages=[{"role": "user", "content": "hi"}])
    print("CAUSE", repr(caught.value.__cause__))
    assert llm.last.error_type
    assert llm.last.source == "SOURCE"
"""


def test_a_refused_connection_is_recorded_and_replayed_as_the_sdks_own_error(project):
    source = REFUSED.replace("ERROR", "APIConnectionError").replace("TIMEOUT", "5")
    source = source.replace("ADDRESS", "'http://127.0.0.1:9/v1'")
    project.test(source.replace("SOURCE", "live"))
    text = project.record()
    project.test(source.replace("SOURCE", "recorded"))

    result = project.run("-s")

    result.assert_outcomes(passed=1)
    assert "      type: ConnectError\n" in text
    result.stdout.fnmatch_lines(["*CAUSE ConnectError(*"])


def test_a_timeout_is_recorded_and_replayed_as_the_sdks_own_error(project):
    over = threading.Event()
    project.provider.texts = lambda *_: (str(over.wait(10)),)
    source = REFUSED.replace("ERROR", "APITimeoutError").replace("TIMEOUT", "0.05")
    source = source.replace("ADDRESS", "URL + '/v1'")
    project.test(source.replace("SOURCE", "live"))
    text = project.record()
    over.set()
    project.test(source.replace("SOURCE", "recorded"))

    result = project.run("-s")

    result.assert_outcomes(passed=1)
    assert "      type: ReadTimeout\n" in text
    result.stdout.fnmatch_lines(["*CAUSE ReadTimeout(*"])


def test_a_models_error_is_recorded_and_replayed(project):
    project.provider.failures.append(loopback.Failure(status=429))
    project.test(
        """
        import openai, pytest

        def test_a(llm):
            client = openai.OpenAI(base_url=URL + "/v1", api_key="k", max_retries=0)
            with pytest.raises(openai.RateLimitError, match="not now"):
                client.chat.completions.create(
                    model="m", messages=[{"role": "user", "content": "hi"}])
        """
    )

    project.record()

    project.run().assert_outcomes(passed=1)
