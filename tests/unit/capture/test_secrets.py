from __future__ import annotations

import base64
import json
import re
from urllib.parse import quote

import pytest

from pytest_litmus.capture.exchange import Request
from pytest_litmus.capture.secret_scan import SCRUBBED, Finding, scan
from pytest_litmus.capture.secrets import Scrubber, Scrubbing

KEY = "sk-proj-aB3dE5fG7hI9jK1lM3nO5"
URL = "https://api.example.com/v1/chat/completions"


def scrubber(environ=None, **scrubbing):
    return Scrubber(Scrubbing(**scrubbing), environ or {})


def post(body=b"", *, url=URL, **headers):
    fields = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Request(method="POST", url=url, headers=fields, body=data)


def learnt(request, **scrubbing):
    under_test = scrubber(**scrubbing)
    under_test.learn_request(request)
    return under_test


def kinds(text, **options):
    return [finding.kind for finding in scan(text, **options)]


# Headers


def test_only_listed_request_headers_are_kept():
    request = post(
        Authorization=f"Bearer {KEY}",
        Cookie="a=b",
        User_Agent="sdk",
        Content_Type="application/json",
        anthropic_version="2023-06-01",
        OpenAI_Organization="org-1",
    )

    assert scrubber().request(request).headers == (
        ("Content-Type", "application/json"),
        ("anthropic-version", "2023-06-01"),
    )


def test_only_listed_response_headers_are_kept():
    headers = (
        ("Content-Type", "text/event-stream"),
        ("Set-Cookie", "__cf_bm=1"),
        ("Date", "today"),
        ("openai-organization", "acme"),
        ("x-request-id", "1"),
        ("Retry-After", "2"),
        ("X-Amzn-Bedrock-Input-Token-Count", "12"),
        ("x-litellm-response-cost", "0.1"),
    )

    kept = [name for name, _ in scrubber().headers(headers)]

    assert kept == [
        "Content-Type",
        "Retry-After",
        "X-Amzn-Bedrock-Input-Token-Count",
        "x-litellm-response-cost",
    ]


def test_a_header_that_the_user_keeps_still_holds_no_secret():
    under_test = scrubber(keep_headers=("X-Tenant", "authorization"))

    headers = under_test.request(post(x_tenant="blue", Authorization="Bearer short")).headers

    assert headers == (("x-tenant", "blue"), ("Authorization", SCRUBBED))


# Learning


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Authorization", f"Bearer {KEY}"),
        ("Authorization", KEY),
        ("Proxy-Authorization", f"Token {KEY}"),
        ("x-api-key", KEY),
        ("api-key", KEY),
        ("x-goog-api-key", KEY),
        ("Ocp-Apim-Subscription-Key", KEY),
        ("X-Amz-Security-Token", KEY),
        ("Cookie", f"theme=dark; session={KEY}"),
        ("Authorization", "Basic " + base64.b64encode(f"user:{KEY}".encode()).decode()),
        ("Authorization", f"AWS4-HMAC-SHA256 Credential={KEY}/20261123/eu/bedrock, Signature=00"),
    ],
)
def test_the_secret_of_a_header_is_learnt(name, value):
    under_test = learnt(Request(method="POST", url=URL, headers=((name, value),)))

    assert under_test.text(f"your key is {KEY}!") == f"your key is {SCRUBBED}!"


@pytest.mark.parametrize(
    "url",
    [
        f"{URL}?key={KEY}",
        f"{URL}?access_token={KEY}",
        f"{URL}?sig={KEY}",
        f"https://me:{KEY}@host/",
    ],
)
def test_the_secret_of_a_url_is_learnt_and_removed(url):
    request = post({"a": KEY}, url=url)

    scrubbed = learnt(request).request(request)

    assert KEY not in scrubbed.url
    assert scrubbed.json == {"a": SCRUBBED}


def test_userinfo_is_removed_and_the_rest_of_a_url_stays_as_sent():
    url = "https://user:pw@host:8443//a%2Fb?v=1&key=x&empty=&z=%20#stream"

    scrubbed = scrubber().request(post(url=url)).url

    assert scrubbed == f"https://host:8443//a%2Fb?v=1&key={SCRUBBED}&empty=&z=%20#stream"


@pytest.mark.parametrize(
    "write",
    [
        str,
        lambda secret: quote(secret, safe=""),
        lambda secret: re.sub("%..", lambda escape: escape[0].lower(), quote(secret, safe="")),
        json.dumps,
        lambda secret: json.dumps(secret).replace("/", "\\/"),
        lambda secret: base64.b64encode(secret.encode()).decode(),
        lambda secret: base64.urlsafe_b64encode(secret.encode()).decode(),
    ],
)
def test_a_learnt_secret_is_found_however_it_is_written(write):
    secret = "aB3/dE5+fG7&hI9ÿé"
    under_test = learnt(post(x_api_key=secret))

    scrubbed = under_test.text(f"<{write(secret)}>")

    assert scrubbed.strip('<>"') == SCRUBBED


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_a_learnt_secret_is_found_within_a_longer_base64_text(before):
    coded = base64.b64encode(f"{before}{KEY}:more".encode()).decode()

    scrubbed = learnt(post(x_api_key=KEY)).text(coded)

    assert SCRUBBED in scrubbed
    assert len(scrubbed.replace(SCRUBBED, "")) < 16


def test_a_json_escape_in_front_of_a_secret_is_not_cut_in_two():
    secret = "nvapi-0123aBcD4567"
    body = json.dumps({"a": f"\n{secret}\\{secret[1:]}", "b": "\n" + secret[1:]})
    under_test = learnt(post(x_api_key=secret))

    assert SCRUBBED in json.loads(under_test.text(body))["a"]
    escaped = body.replace("\\n" + secret[1:], "\\" + secret)
    assert json.loads(under_test.text(escaped))["b"] == SCRUBBED


@pytest.mark.parametrize(
    "key", ["test", "ollama", "not-needed", "EMPTY", "123456789012345", "true"]
)
def test_a_key_that_is_none_blots_out_no_words(key):
    text = f'{{"text": "{key} it", "number": {key if key.isdigit() else 1}}}'

    assert learnt(post(Authorization=f"Bearer {key}")).text(text) == text


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("OPENAI_API_KEY", KEY, True),
        ("MY_TOKEN", KEY, True),
        ("DB_PASSWORD", "correct-horse-7", True),
        ("AWS_SECRET_ACCESS_KEY", "/" + "aB3dE5fG7h" * 3 + "aB3dE5fG7", True),
        ("GOOGLE_CREDENTIALS", KEY, True),
        ("TOKENIZERS_PARALLELISM", "something-long-9", False),
        ("KEYBOARD_LAYOUT", "something-long-9", False),
        ("SSH_KEY", "/home/me/.ssh/id_ed25519", False),
        ("SSH_KEY", "C:\\Users\\me\\id_ed25519", False),
        ("TOKEN_URL", "https://login.example.com/token", False),
        ("MAX_TOKEN", "1234567890123", False),
        ("USE_KEY", "true", False),
        ("PATH", "something-long-9", False),
    ],
)
def test_environment_variables_are_secrets_by_name_and_look(name, value, secret):
    text = f"it is {value}."

    assert (scrubber({name: value}).text(text) != text) is secret


def test_a_variable_that_another_thread_takes_away_meanwhile_is_no_error():
    class Fleeting(dict):
        def __getitem__(self, name):
            raise KeyError(name)

        def get(self, _name, default=None):
            return default

    assert scrubber(Fleeting(API_KEY=KEY)).text(KEY) == KEY


def test_the_private_key_in_a_json_variable_is_learnt():
    account = json.dumps({"type": "service_account", "private_key": KEY, "client_email": "a@b.c"})

    under_test = scrubber({"GCP_CREDENTIALS": account})

    assert under_test.text(f"{KEY} service_account a@b.c") == f"{SCRUBBED} service_account a@b.c"


def test_the_password_in_a_url_variable_is_learnt():
    under_test = scrubber({"DB_SECRET": f"postgres://me:{KEY}@db/x"})

    assert under_test.text(f"{KEY} postgres") == f"{SCRUBBED} postgres"


def test_the_tokens_of_an_oauth_answer_are_learnt():
    under_test = scrubber()
    under_test.learn_response(json.dumps({"access_token": KEY, "expires_in": 3600}).encode())

    assert under_test.data(KEY.encode()) == SCRUBBED.encode()


@pytest.mark.parametrize("body", [b"access_token", b'["access_token"]', b'{"access_token": 1}'])
def test_an_answer_that_is_no_oauth_answer_teaches_nothing(body):
    under_test = scrubber()
    under_test.learn_response(body)

    assert under_test.data(body) == body


# Bodies


def test_secret_fields_of_a_body_are_replaced_and_all_else_stays_byte_for_byte():
    body = (
        b'{ "api_key":"a", "apiKey" : "b","nested": [{"client_secret": "c\\"d", "x": 1.0}],\n'
        b'"password": ["e", "f"], "headers": {"Authorization": "Bearer g"}, '
        b'"token": "h1j2k3l4m5n6" }'
    )

    assert scrubber().request(post(body)).body == (
        b'{ "api_key":"[scrubbed]", "apiKey" : "[scrubbed]","nested": '
        b'[{"client_secret": "[scrubbed]", "x": 1.0}],\n'
        b'"password": ["[scrubbed]", "[scrubbed]"], "headers": {"Authorization": "[scrubbed]"}, '
        b'"token": "[scrubbed]" }'
    )


def test_fields_that_only_sound_like_secrets_survive():
    body = {
        "max_tokens": 5,
        "max_completion_tokens": "5",
        "prompt_tokens": 1e22,
        "tokens": ["a", "b"],
        "token": "hello",
        "logit_bias": {"50256": -100},
        "prompt_cache_key": "user-1234567890",
        "key": "reports/2026/summary.txt",
        "stop_token": "</s>",
        "password": 12345678901234567890,
        "api_key": True,
        "secret": None,
        "organization": "Acme Trading",
        "properties": {"password": {"type": "string"}},
        "preauthorization": "yes",
    }
    request = post(body)

    assert scrubber().request(request) == scrubber().request(scrubber().request(request))
    assert scrubber().request(request).body == request.body


def test_account_ids_are_replaced():
    text = '{"organization": "org-abcdefghij0123456789abcd", "project": "proj_abcdefghij012345"}'

    scrubbed = scrubber().data(text.encode())

    assert json.loads(scrubbed) == {"organization": SCRUBBED, "project": SCRUBBED}
    assert scrubber().text("an org-chart of proj_x") == "an org-chart of proj_x"


def test_a_form_is_scrubbed_by_its_names():
    form = b"grant_type=refresh_token&client_secret=abc&refresh_token=1%2F%2F0x&scope=a+b"

    scrubbed = scrubber().request(post(form, content_type="application/x-www-form-urlencoded"))

    assert scrubbed.body == (
        b"grant_type=refresh_token&client_secret=[scrubbed]&refresh_token=[scrubbed]&scope=a+b"
    )


def test_bytes_that_are_no_text_pass_untouched():
    data = bytes(range(256)) * 3

    assert scrubber({"A_KEY": KEY}).data(data) == data


def test_what_the_model_said_is_not_changed_unless_it_was_learnt():
    said = f'{{"content": "try {KEY}", "password": "hunter2-hunter2"}}'

    assert scrubber().text(said) == said


# The user's own


def test_further_field_names_are_scrubbed_in_any_spelling():
    request = post({"session_id": "a", "x": 1}, url=f"{URL}?Session-ID=b")

    scrubbed = scrubber(keys=("session id",)).request(request)

    assert scrubbed.json == {"session_id": SCRUBBED, "x": 1}
    assert scrubbed.url == f"{URL}?Session-ID={SCRUBBED}"


def test_patterns_see_each_string_of_a_json_text_and_leave_its_numbers():
    text = '{"id": 1234567890, "said": "\\nnumber 1234567890", "n1234567890": null}'

    scrubbed = scrubber(patterns=(r"n?\d{10}",)).text(text)

    assert json.loads(scrubbed) == {
        "id": 1234567890,
        "said": f"\nnumber {SCRUBBED}",
        SCRUBBED: None,
    }


def test_patterns_see_each_event_of_a_stream():
    stream = 'event: x\ndata: {"n": 1234567890, "t": "1234567890"}\n\ndata: 1234567890\n'

    assert scrubber(patterns=(r"\d{10}",)).text(stream) == (
        f'event: x\ndata: {{"n": 1234567890, "t": "{SCRUBBED}"}}\n\ndata: {SCRUBBED}\n'
    )


def test_a_pattern_with_a_group_replaces_the_group():
    assert (
        scrubber(patterns=(r"account (\w+)",)).text("account ab12 ok") == f"account {SCRUBBED} ok"
    )


def test_a_text_can_be_replaced_by_another_everywhere():
    under_test = scrubber(replace={"acme-prod": "resource"})
    request = post({"a": "acme-prod"}, url="https://acme-prod.openai.azure.com/x?acme-prod=1")

    scrubbed = under_test.request(request)

    assert scrubbed.url == "https://resource.openai.azure.com/x?resource=1"
    assert scrubbed.json == {"a": "resource"}


def test_an_allowed_value_is_no_secret():
    allow = (KEY, re.compile("canary-.*"))
    request = post({"password": "canary-1", "api_key": KEY}, x_api_key=KEY)

    scrubbed = learnt(request, allow=allow).request(request)

    assert scrubbed.json == {"password": "canary-1", "api_key": KEY}
    assert kinds(f"{KEY} {KEY}x", allow=allow) == ["openai-key"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"patterns": ("(",)}, "patterns: '(' is no regular expression"),
        ({"patterns": ("a*",)}, "patterns: 'a*' matches the empty text or"),
        ({"keys": "session"}, "keys='session' is one text: write keys=('session',)"),
        ({"replace": {"": "x"}}, "replace: '' stands in every text"),
        ({"replace": {"a": 'x"'}}, "would break JSON"),
        ({"replace": {"a": "ba"}}, "holds a text that is replaced itself"),
    ],
)
def test_a_mistake_in_the_settings_is_named(arguments, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Scrubbing(**arguments)


# The scan


def letters(count):
    return ("aB3dE5fG7hI9jK1lM3nO5pQ7rS9tU1vW3xY5zA7bC9" * 5)[:count]


SECRETS = {
    "openai-key": f"sk-proj-{letters(48)}",
    "api-key": f"sk-{letters(48)}",
    "anthropic-key": f"sk-ant-api03-{letters(60)}",
    "google-api-key": f"AIza{letters(35)}",
    "google-oauth-token": f"ya29.{letters(60)}",
    "aws-access-key": "AKIAQ3EGUTJ5LMWZ7RXB",
    "aws-secret-key": f'aws_secret_access_key = "{letters(40)}"',
    "github-token": f"ghp_{letters(36)}",
    "gitlab-token": f"glpat-{letters(20)}",
    "slack-token": f"xoxb-{letters(40)}",
    "huggingface-token": f"hf_{letters(34)}",
    "groq-key": f"gsk_{letters(52)}",
    "jwt": f"eyJ{letters(30)}.eyJ{letters(60)}.{letters(40)}",
    "private-key": f"-----BEGIN RSA PRIVATE KEY-----\\n{letters(64)}",
    "webhook-url": f"https://hooks.slack.com/services/T01/B02/{letters(30)}",
    "stripe-key": f"sk_live_{letters(24)}",
    "npm-token": f"npm_{letters(36)}",
    "pypi-token": f"pypi-AgEIcHlwaS5vcmc{letters(60)}",
    "sendgrid-key": f"SG.{letters(22)}.{letters(43)}",
    "twilio-key": "SK0123f567a9abcde80123f567a9abcde8",
    "url-password": "postgresql://admin:s3cr9t-pw@db.internal:5432/app",
    "authorization": f'"Authorization": "Bearer {letters(24)}"',
    "bearer-token": f"-H 'X: Bearer {letters(24)}'",
    "named-secret": f'"client_secret": "{letters(20)}"',
    "session-cookie": f"__cf_bm={letters(30)}",
}


@pytest.mark.parametrize("kind", SECRETS)
def test_a_secret_is_found_with_its_kind_and_line(kind):
    (finding,) = scan(f"one\ntwo: x {SECRETS[kind]} \n")

    assert (finding.kind, finding.line) == (kind, 2)


@pytest.mark.parametrize("kind", SECRETS)
def test_a_finding_does_not_show_the_value(kind):
    (finding,) = scan(f" {SECRETS[kind]} ")

    shown = {finding.hint[at : at + 6] for at in range(len(finding.hint) - 6)}
    assert not any(piece in SECRETS[kind] for piece in shown)


@pytest.mark.parametrize("before", ["\\n", "%3D", "'", '\\"', "=", "("])
def test_a_secret_behind_an_escape_is_found(before):
    assert kinds(f"x{before}{KEY}") == ["openai-key"]


@pytest.mark.parametrize(
    "text",
    [
        "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "sk-...",
        "OPENAI_API_KEY=sk-your-api-key-goes-here-1234",
        "api_key: '[scrubbed]'",
        "AKIAIOSFODNN7EXAMPLE",
        'aws_secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"',
        '"api_key": "your-api-key"',
        "password: changeme-changeme-1",
        "sk-proj-11111111111111111111111111",
        "Bearer <your token of 2026>",
        "Authorization: Bearer YOUR_ACCESS_TOKEN_2026",
        "postgres://user:password@localhost/db",
        "https://example.com:8080/path@version",
        "-----BEGIN PRIVATE KEY-----\n...",
        '"max_tokens": 4096, "next_page_token": "CAUQAA12345678901234567"',
        '"prompt_cache_key": "conversation-0123456789abcdef"',
        "scikit-learn and task-force-alpha-2026-planning-notes",
        "sk-learn-contrib-projects-overview",
        "the bearer of good news is internationalization",
        '"id": "chatcmpl-aB3dE5fG7hI9jK1lM3nO5", "signature": "aB3dE5fG7hI9jK1lM3nO5aB3dE5fG7"',
    ],
)
def test_placeholders_and_look_alikes_are_no_findings(text):
    assert scan(text) == []


def test_a_learnt_value_that_is_left_is_found():
    under_test = learnt(post(x_api_key="no-form-of-its-own-7"))

    assert under_test.scan("a\nno-form-of-its-own-7") == [
        Finding("learnt-secret", 2, "no-…, 20 characters")
    ]
    assert under_test.scan(under_test.text("a\nno-form-of-its-own-7")) == []


def test_a_value_that_was_made_up_is_spared_and_its_neighbour_is_not():
    scrubber = Scrubber(Scrubbing())
    scrubber.spare("kerino-davimi-4401")

    assert scrubber.scan("login ok token=kerino-davimi-4401.") == []
    assert [one.line for one in scrubber.scan("\ntoken=kerimo-davimi-4402")] == [2]
