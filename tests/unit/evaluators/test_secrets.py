from __future__ import annotations

import re
import time

import pytest

from pytest_litmus.evaluators.secrets import free_of_secrets

BODY = "q7Rz2LmX9vTb4KdW8sHn3PcY6gJf1AeU5oQi"


@pytest.mark.parametrize(
    "text",
    [
        f"the token is ghp_{BODY}",
        f'var gameToken string = "{BODY}"',
        f"gameToken := `{BODY}`",
        f'System.setProperty("GAME_TOKEN", "{BODY}")',
        f"<gameToken>\n  {BODY}\n</gameToken>",
        f'"gameToken" => "{BODY}"',
        f"GAME_TOKEN ?= {BODY}",
        'password = "Tr0mb0ne!"',
        "postgres://app:Tr0mb0ne9@db.internal/main",
        "curl -s \\\n  -u robot:Tr0mb0ne9 https://api.internal",
    ],
)
def test_a_credential_is_found(text):
    assert not free_of_secrets(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Use the API key that the console gives you.",
        'api_key = "YOUR_API_KEY"',
        "token = request.headers.get('X-Token-1234')",
        'password = "password123"',
        'password: "Enter your password"',
        "api_key = os.environ['MODEL_API_KEY_2024']",
        'next_page_token = "' + BODY + '"',
        'access_token = "access_token_v2"',
        "sk-xxxxxxxxxxxxxxxxxxxxxxxx",
    ],
)
def test_a_placeholder_or_ordinary_code_is_none(text):
    assert free_of_secrets(text)


def test_evidence_shows_only_the_beginning_of_a_secret_and_where_it_stands():
    text = f"here: ghp_{BODY}."
    verdict = free_of_secrets(text)
    (found,) = verdict.score.evidence
    assert text[found.start : found.end] == f"ghp_{BODY}"
    assert found.rule == "github-token"
    assert found.text == "ghp…, 40 characters"
    assert BODY not in repr(verdict)


def test_what_is_allowed_may_be_said():
    assert free_of_secrets(f"ghp_{BODY}", allow=[f"ghp_{BODY}"])
    assert free_of_secrets(f'game_token = "{BODY}"', allow=[re.compile("q7R.*")])


def test_own_patterns_are_looked_for_and_their_group_is_the_secret():
    (found,) = free_of_secrets("badge ACME-4711", patterns=[r"ACME-(\d+)"]).score.evidence
    assert (found.rule, found.start, found.end) == ("custom-pattern", 11, 15)


def test_a_limit_may_let_some_through():
    assert free_of_secrets(f"ghp_{BODY}", at_most=1)


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        " ",
        "eyJ",
        "token=",
        "token_",
        "key",
        '"secret" : ',
        "curl -u a:",
        "a://",
        "x_",
        "://a:",
    ],
)
def test_hostile_text_is_read_in_under_a_second(piece):
    text = (piece * 100_000)[:100_000]
    start = time.process_time()
    free_of_secrets(text)
    assert time.process_time() - start < 3
