"""Replaying: other traffic, and time."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from pytest_litmus.capture import tape

STORE = """
import json, urllib.request

def search(text):
    body = json.dumps({"query": text}).encode()
    request = urllib.request.Request(URL + "/v1/search", body, {"content-type": "application/json"})
    try:
        return urllib.request.urlopen(request).status
    except urllib.error.HTTPError as error:
        return error.code

def test_it(llm):
    assert search("tents") == 404
    assert llm.ask("hi") == "You said hi."
    assert len(llm.calls) == 1
"""


def test_other_traffic_passes_and_is_not_recorded(project):
    project.test(STORE)
    recorded = project.record(mode="once")

    project.run().assert_outcomes(passed=1)

    assert "/v1/search" not in recorded
    assert [seen.path for seen in project.provider.seen].count("/v1/search") == 2


def test_other_traffic_of_a_named_host_is_recorded_and_replayed(project):
    project.ini(f"llm_record_hosts = {urlsplit(project.provider.url).hostname}")
    project.test(STORE)
    recorded = project.record(mode="once")

    project.run().assert_outcomes(passed=1)

    assert "/v1/search" in recorded
    assert [seen.path for seen in project.provider.seen].count("/v1/search") == 1


@pytest.mark.parametrize("asked", [True, False])
def test_a_replay_sleeps_as_long_as_the_model_took_only_when_asked_to(project, monkeypatch, asked):
    project.test("def test_it(llm): assert llm.ask('hi') == 'You said hi.'")
    text = project.record(mode="once")
    (line,) = [line for line in text.splitlines() if "duration_s:" in line]
    slow = text.replace(line, "    duration_s: 30.0")
    project.cassette.write_text(slow, encoding="utf-8")
    slept: list[float] = []
    monkeypatch.setattr(tape.time, "sleep", slept.append)

    project.run(*["--llm-replay-real-time"] * asked).assert_outcomes(passed=1)

    assert [seconds > 25 for seconds in slept] == [True] * asked
