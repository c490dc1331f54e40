from __future__ import annotations

import json
import string

from hypothesis import given
from hypothesis import strategies as st

from pytest_litmus.capture.exchange import Request
from pytest_litmus.capture.secret_scan import scan
from pytest_litmus.capture.secrets import Scrubber, Scrubbing

secrets = st.text(string.ascii_letters + string.digits + "-_+/=.~", min_size=12, max_size=60)
names = st.sampled_from(["api_key", "token", "password", "max_tokens", "x", "messages"])
texts = st.text(max_size=30)


def documents(secret: str):
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | texts
    leaves |= st.builds(lambda before, after: before + secret + after, texts, texts)
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(names | texts, inner, max_size=4)
        ),
        max_leaves=15,
    )


@st.composite
def requests(draw):
    secret = draw(secrets)
    body = json.dumps(draw(documents(secret)), ensure_ascii=draw(st.booleans()))
    query = draw(st.sampled_from(["", "?key=1&a=2", f"?x={secret}", "?api_key=&b"]))
    return Request(
        method="POST",
        url=f"https://api.example.com/v1{query}",
        headers=(("Authorization", f"Bearer {secret}"), ("Content-Type", "application/json")),
        body=body.encode("utf-8", "surrogatepass"),
    )


def scrubber_for(request: Request) -> Scrubber:
    scrubber = Scrubber(Scrubbing(patterns=(r"\d{4}",), replace={"acme": "example"}), {})
    scrubber.learn_request(request)
    return scrubber


def numbers(value):
    if isinstance(value, dict):
        return [found for item in value.values() for found in numbers(item)]
    if isinstance(value, list):
        return [found for item in value for found in numbers(item)]
    return [] if isinstance(value, str) else [repr(value)]


@given(requests())
def test_scrubbing_what_was_scrubbed_changes_nothing(request):
    scrubber = scrubber_for(request)

    once = scrubber.request(request)

    assert scrubber.request(once) == once
    assert scrubber.data(once.body) == once.body


@given(requests())
def test_json_stays_json_and_numbers_stay_as_they_are(request):
    scrubber = Scrubber(Scrubbing(), {})
    scrubber.learn_request(request)

    scrubbed = scrubber.request(request)

    assert numbers(json.loads(scrubbed.body)) == numbers(json.loads(request.body))


@given(secrets, texts, texts)
def test_a_learnt_secret_is_nowhere_in_what_is_stored(secret, before, after):
    body = json.dumps({"a": before + secret + after}).encode()
    request = Request(
        method="POST",
        url=f"https://api.example.com/v1/{secret}",
        headers=(("x-api-key", secret), ("accept", secret)),
        body=body,
    )
    scrubber = Scrubber(Scrubbing(), {})
    scrubber.learn_request(request)

    stored = scrubber.request(request)

    if scrubber.text(secret) != secret:  # numbers and placeholders are not learnt
        assert secret.encode() not in stored.body
        assert secret not in stored.url + str(stored.headers)


@given(st.binary(max_size=300))
def test_any_bytes_can_be_scrubbed(data):
    scrubber = Scrubber(Scrubbing(patterns=("secret",)), {"A_KEY": "abcdefgh-1x2y3z"})
    request = Request(method="POST", url="https://[bad", body=data)

    scrubber.learn_request(request)
    scrubber.learn_response(data)

    assert scrubber.request(request).body == scrubber.data(data)


@given(st.text())
def test_any_text_can_be_scanned(text):
    for finding in scan(text):
        assert 1 <= finding.line <= text.count("\n") + 1
