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
        # A key is told by the name it is given to, or by its giver's, if only a machine makes it.
        f"AZURE_MAPS_KEY={BODY}",
        "customer.io api key 8363e3ca7e897cae7d76b8f46632e155",
        "deepgram = 12e217f37eb173f0c8f1b7309f4207c7dca20186",
        "ai21: 90cd6930-a9ae-4f15-8da0-dc1bbcd814b9",
        "Unseal Key 2: 0tZn7QQCxphpHwTm7dC3LpP5JGIbYl3PK8Sy81R9P2",
        f'"app_key": "base64:{BODY}="',
        # Passwords without quotes, in settings, connection strings, options and tags.
        "db.password=mY5ecureTr0mb0ne",
        "Server=db1;User Id=sa;Password=Tr0mb0ne!;Database=app",
        "jdbc:postgresql://db1:5432/app?user=admin&password=Tr0mb0ne",
        "psql 'host=db1 user=admin password=Tr0mb0ne dbname=app'",
        "Connect-Server -User admin -Password Tr0mb0ne!",
        "<password>Tr0mb0ne!</password>",
        "New-Object Net.NetworkCredential('admin', 'Tr0mb0ne!')",
        "machine api.internal\n  login robot\n  password Tr0mb0ne9",
        "name: API_KEY\n  value: 8363e3ca7e897cae7d76b8f46632e155",
        '#define WIFI_PASSWORD "Tr0mb0ne9"',
        "get('SECRET_KEY', 'kwf*2#86t64!fgh6yav$aoeuo@u2o@fy&*gg76q')",
        "tool auth acme --key 126d49fb3014bd26457471ebae97c625",
        "admin:$2b$12$R9hxcIPz0giwURNNX3kh2OPST9kPgBkqquzihSs7KIUgO2t0jWMUW",
        f"a token of nobody: acme_live_{BODY}",
        # Passwords that a sentence, a command, a statement or a call tells.
        "The password is hunter2.",
        "Sure! The admin password for db1 is `Tr0mb0ne!9`, do not share it.",
        "The default password is 'blooberry'",
        "- **Username:** admin\n- **Password:** P9xq!2mz",
        "| Password | P9xq!2mz |",
        "I reset your password to Kq93mzPw!",
        "ssh bob@10.0.0.7 (pw:IhqSb1Gg)",
        "ID/PW: master/IhqSb1Gg",
        "비밀번호: IhqSb1Gg",
        "CREATE USER foo WITH ENCRYPTED PASSWORD 'SqLpa5sW0rD'",
        "ALTER USER 'a'@'b' IDENTIFIED WITH mysql_native_password BY 'SqLpa5sW0rD';",
        "gpg --batch --passphrase N1DdkUD3E73 -d file",
        "docker login -u bob -p Gr4nite9x registry.internal",
        "requests.get(url, auth=('bob', 'Gr4nite9x'))",
        'new NetworkCredential("robot@acme.io", "vzihlaquknriqlht")',
        "smtps://robot@acme.io:FnD83JZs@smtp.acme.io:465",
        'apikey := "{{k}w)p${r]ttle(frog[sings>-_$#today}}"',
        "webadmin:{SHA}VBPuJHI7uixaa6LQGWx4s+5GKNE=",
        # Keys that a sentence, a header, Jenkins or Terraform tells.
        f"Here is the API key that you asked for: {BODY}",
        "Cookie: theme=dark; session=9f8e7d6c5b4a39281706f5e4d3c2b1a0",
        f"<id>acme</id><secret>{{acme AQAAABAAA {BODY}}}</secret>",
        'variable "db_password" {\n  default = "Kj82nsLw0q"\n}',
        f'GITHUB_TOKEN_PROD = "{BODY}"',
        'PASSWORD = os.environ.get("PASSWORD") or "at5G6zi!m"',
        f'let api_token: &str = "{BODY}";',
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4ifQ",
        "da2-k3m9x2v7q1w8e5r4t6y0u2i1o3",
        # By what stands around them.
        "https://hooks.slack.com/services/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",
        f"https://{BODY}@repo.fury.io/me",
        "Authorization: Basic cm9ib3Q6dHJvbWJvbmU=",
        f"https://x.blob.core.windows.net/a?sv=2021-06-08&sig={BODY}%3D",
        f"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES,9\n\n{BODY}",
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
        "sk-1234567890abcdef",
        "export OPENAI_API_KEY=sk-...",
        "Authorization: Bearer <token>",
        "https://user:password@host/",
        "id 90cd6930-a9ae-4f15-8da0-dc1bbcd814b9",
        "commit 12e217f37eb173f0c8f1b7309f4207c7dca20186",
        'github_sha = "12e217f37eb173f0c8f1b7309f4207c7dca20186"',
        f"data:image/png;base64,{BODY * 4}",
        "sha256:" + "12e217f37eb173f0" * 4,
        'primary_key = "12e217f37eb173f0c8f1b7309f4207c7"',
        "from openai import AsyncOpenAI, DefaultAsyncHttpx2Client",
        "curves = [ec.EllipticCurvePrivateKey, ed25519.Ed25519PrivateKey]",
        "msg_01XFDUDYJgAACzvnptvVoYEL and toolu_01A09q90qw90lq917835lq9",
        "password = hash_password(p1)",
        "The password must have 8 characters, such as a digit.",
        "The bcrypt cost of $2b$12$ is 12.",
        "The password is incorrect.",
        "Your password is case-sensitive and must be 8-64 characters.",
        "The password is SHA-256 hashed, the token is OAuth2.",
        "The default password is 'password'",
        "password: string",
        '"password": "Passwort"',
        'password = "changepassword"',
        "pass rate: 97.5%, fail rate: 2.5%",
        "if password == confirm_password2:",
        "PrivateKeyInfo = rfc5958.PrivateKeyInfo",
        "join(pwd, './data/set-1.csv')",
        f'csrf_token = "{BODY}"',
        "Password reset is at https://acme.io/reset2",
        "| Password | min. 8 characters |",
        "login('admin', 'password')",
        'apikey = fn(a[0], {"b": 1}) + "$x"',
        "sandbox_mode and live_reload_of_the_token_list",
        "docker pull postgres:16.2-alpine3.19",
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
        "key key ",
        "key=a1",
        "user=;password=",
        "--password ",
        "Aa1-",
        "-----BEGIN A PRIVATE KEY-----\nAaa: ",
        "hooks.slack.com/services/",
        "$krb5tgs$23$",
        "$1$a$",
        "_live_a1B",
        "name=key value=",
        "identified by '",
        "PuTTY-User-Key-File-2",
        "password for a b c d e ",
        "pw:",
        "token_a1.b2.",
        "password -----",
        "login('a',",
        "1.1.1.1(a/",
        "secret{a)$",
        "<secret>a",
        "cookie: asess=",
        'variable "key" {',
        "the key for a b ",
        "docker login x ",
    ],
)
def test_hostile_text_is_read_in_under_a_second(piece):
    text = (piece * 100_000)[:100_000]
    start = time.process_time()
    free_of_secrets(text)
    assert time.process_time() - start < 3
