"""Secret scan: credentials in a text, known by the look of their values."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pytest_litmus.capture.token_forms import token_forms

SCRUBBED = "[scrubbed]"
"""What stands for a secret."""


LEAST_SECRET_CHARS = 12
"""Shorter values are dropped or replaced where their name tells them, but not searched for:
`test` or `ollama` as a key must not blot out the word."""


Allowed = str | re.Pattern[str]
"""A literal, or a compiled pattern that has to match all of a value."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A secret in a text; never its value."""

    kind: str
    """`openai-key`, `jwt`, `private-key`, ..."""
    line: int
    """From 1."""
    hint: str
    """Its first three characters and its length."""


def scan(text: str, *, allow: Sequence[Allowed] = ()) -> list[Finding]:
    """The credentials that a text holds, by the look of their values.

    Placeholders (`sk-xxxx`, `[scrubbed]`, `AKIAIOSFODNN7EXAMPLE`) and what `allow` names are none.
    Passwords without a form of their own are found only in URLs and behind a name.
    """
    return [
        Finding(kind, line_of(text, start), hint_of(text[start:end]))
        for kind, start, end in places(text, allow=allow)
    ]


def places(text: str, *, allow: Sequence[Allowed] = ()) -> list[tuple[str, int, int]]:
    """Likewise as kinds with their first character and the one after their last."""
    lowered = text.lower()
    found: dict[int, tuple[str, int, int]] = {}
    covered: set[int] = set()
    for kind, needle, pattern in (*(_TOKENS if _LONG_WORD.search(text) else ()), *_KINDS):
        for match in _compiled(pattern).finditer(text) if needle in lowered else ():
            start, end = match.span("v")
            if start in covered or not _is_finding(kind, match, allow):
                continue
            covered.update(range(start, end))
            found[start] = kind, start, end
    return [found[start] for start in sorted(found)]


def is_placeholder(value: str, *, counted: bool = True) -> bool:
    """Whether a value is none, by its words or by how few characters it is made of.

    Who makes one up counts, as in `1234567890abcdef`; where the form is an issuer's own, so do
    keys of test systems, and whether that is seen as made up is told by `counted`.
    """
    body = re.sub(r"^[A-Za-z]{1,6}[-_](?:[a-z]{2,7}[-_])?", "", value)
    few = len(body) >= LEAST_SECRET_CHARS and len(set(body)) <= 5
    if few or _PLACEHOLDER.search(_TEST_KEY.sub("", value)):
        return True
    return counted and len(value) < _LEAST_COUNTED and _COUNTING.search(value) is not None


def looks_random(value: str) -> bool:
    """Whether a value may be a credential: long, in one word, with letters and several digits."""
    return (
        len(value) >= LEAST_SECRET_CHARS
        and not any(char.isspace() for char in value)
        and any(char.isalpha() for char in value)
        and len({char for char in value if char.isdigit()}) > 1
    )


def is_allowed(value: str, allow: Sequence[Allowed]) -> bool:
    """Whether a value is said to be no secret; a long enough part of such a text is none either."""
    return any(
        value == item or (len(value) >= LEAST_SECRET_CHARS and value in item)
        if isinstance(item, str)
        else item.fullmatch(value) is not None
        for item in allow
    )


def hint_of(value: str) -> str:
    """What may be shown of a secret: its first three characters and its length."""
    return f"{value[:3]}…, {len(value)} characters"


def line_of(text: str, at: int) -> int:
    """The line of a place in a text, from 1."""
    return text.count("\n", 0, at) + 1


def _is_finding(kind: str, match: re.Match[str], allow: Sequence[Allowed]) -> bool:
    value = match["v"]
    if not _begins(match) or is_allowed(value, allow):
        return False
    if is_placeholder(value, counted=kind in _NO_FORM):
        return False
    if kind == "named-secret":
        return looks_random(value) and _is_secret_name(match.string[: match.start()][-80:])
    return kind not in _RANDOM_KINDS or looks_random(value) or _is_basic(value)


def _is_basic(value: str) -> bool:
    """Whether a value is the base64 of a user and a password."""
    try:
        user, colon, password = (
            base64.b64decode(value, validate=True).decode("ascii").partition(":")
        )
    except ValueError:
        return False
    return bool(colon) and len(password) >= 4 and (user + password).isprintable()


def _begins(match: re.Match[str]) -> bool:
    """Whether a value begins a word, which it does behind a JSON or URL escape, too."""
    if match.start() < match.start("v"):
        return True  # the pattern itself says what is in front
    before = match.string[max(0, match.start() - 3) : match.start()]
    return re.search(r"[A-Za-z0-9_-]$", before) is None or _ESCAPE.search(before) is not None


def _is_secret_name(before: str) -> bool:
    """Whether the text in front of a colon or an equals sign ends in the name of a secret."""
    name = _NAME_BEFORE.search(before)
    return (
        name is not None
        and _SECRET_NAME.search(name[1]) is not None
        and _NO_SECRET_NAME.search(name[1]) is None
    )


def _kind(kind: str, needle: str, pattern: str) -> tuple[str, str, str]:
    """A kind of secret: a lower-case text that must be there at all, and the pattern."""
    return kind, needle, pattern if "(?P<v>" in pattern else f"(?P<v>{pattern})"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """There are hundreds, most of which no text of a session needs."""
    return re.compile(pattern)


_LONG_WORD = re.compile(r"[^\s\"'`]{18}")
"""What every token has and most answers have not."""
_TOKENS = tuple(_kind(*form) for form in token_forms())
_KINDS = (
    _kind("stripe-key", "k_", r"[sr]k_(?:live|prod|test)_[A-Za-z0-9]{10,}"),
    _kind("api-key", "sk-", r"sk-[\w-]{20,}"),
    _kind(
        "aws-access-key",
        "a",
        r"(?:AKIA|ASIA|ABIA|ACCA|LSIA|A3T[A-Z0-9])[A-Z2-7]{16}(?![A-Za-z0-9])",
    ),
    _kind(
        "aws-secret-key",
        "secret",
        r"(?i:aws\w{0,20}|secret_?access_?key)[\"'\s:=\\]{1,12}(?P<v>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
    ),
    _kind(
        "webhook-url",
        "/",
        r"(?:https?://)?(?:hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)"
        r"|(?:ptb\.|canary\.)?discord(?:app)?\.com/api(?:/v\d\d?)?/webhooks"
        r"|hooks\.zapier\.com/hooks/catch|chat\.googleapis\.com/v1/spaces"
        r"|open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/v2/hook"
        r"|[\w-]{1,40}\.webhook\.office\.com/webhookb2|outlook\.office(?:365)?\.com/webhook"
        r")/(?P<v>[\w/@?&=%+-]{16,})",
    ),
    _kind("telegram-token", ":aa", r"\d{8,10}:AA[\w-]{33}"),
    _kind("terraform-token", ".atlasv1.", r"\w{14}\.atlasv1\.[\w=-]{60,}"),
    _kind("discord-token", ".", r"[MNO][A-Za-z0-9_-]{23,27}\.[\w-]{6}\.[\w-]{27,40}(?![\w-])"),
    _kind("azure-secret", "q~", r"[\w.~]{3}\dQ~[\w.~-]{31,34}"),
    _kind(
        "azure-account-key",
        "key=",
        r"(?i:(?:Account|Shared)?(?:Access)?Key)=(?P<v>[A-Za-z0-9+/]{40,}={0,2})",
    ),
    _kind(
        "azure-function-key",
        "code=",
        r"azurewebsites\.net/[^\s?]{0,200}\?code=(?P<v>[\w%+/=-]{20,})",
    ),
    _kind("mailchimp-key", "-us", r"[0-9a-f]{32}-us\d{1,2}(?![0-9A-Za-z])"),
    _kind(
        "plaid-token",
        "access-",
        r"access-(?:sandbox|development|production)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    ),
    _kind("mapbox-token", "k.", r"[ps]k\.[A-Za-z0-9]{60}\.[A-Za-z0-9]{22}"),
    _kind("facebook-app-token", "|", r"\d{15,16}(?:\||%)[\w-]{27,40}"),
    _kind("lob-key", "_", r"(?:test|live)_(?:pub_[0-9a-f]{31}|[0-9a-f]{35})(?![0-9A-Za-z])"),
    _kind(
        "authress-key",
        ".acc",
        r"(?:sc|ext|scauth|authress)_[A-Za-z0-9]{5,30}\.[A-Za-z0-9]{4,6}\.acc[_-][\w-]{10,32}\.[\w+/=-]{30,120}",
    ),
    _kind(
        "sidekiq-secret",
        "contribsys",
        r"(?i:BUNDLE_(?:ENTERPRISE|GEMS)__CONTRIBSYS__COM)\w{0,10}[\"'\s:=>?|\`,\\+.]{1,20}(?P<v>[0-9a-f]{8}:[0-9a-f]{8})",
    ),
    _kind(
        "endpoint-key",
        "/v",
        r"(?:infura\.io|alchemy(?:api)?\.(?:io|com))/v\d/(?P<v>[\w-]{32,})",
    ),
    _kind("kerberos-ticket", "$krb5", r"\$krb5(?:asrep|tgs)\$\d\d\$[^\s\"'`]{32,}"),
    _kind("jwt", "eyj", r"eyJ[\w-]{10,2000}+\.eyJ(?:[\w-]{10,}\.[\w-]{10,}|[\w-]{20,})"),
    _kind(
        "private-key",
        "private key",
        r"(?P<v>-----BEGIN[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
        r"(?:(?:\\[nr]|\s){0,9}(?:[A-Z][A-Za-z-]{2,20}: [^\n\\]{1,200})){0,5}"
        r"(?:\\[nr]|[\s\"'+,;]){0,40}[A-Za-z0-9+/=]{20,})",
    ),
    _kind(
        "private-key",
        "putty-user-key-file",
        r"(?s)PuTTY-User-Key-File-\d.{1,4000}?"
        r"(?P<v>Private-Lines: \d{1,4}\s{1,4}[A-Za-z0-9+/=]{20,})",
    ),
    _kind("private-key", '"kty"', r'"d"\s{0,4}:\s{0,4}"(?P<v>[\w-]{40,})"'),
    _kind(
        "session-cookie",
        "=",
        r"(?:__cf_bm|_cfuvid|_gitlab_session|PHPSESSID|JSESSIONID|sessionid|connect\.sid)"
        r"=(?P<v>[\w.%-]{20,})",
    ),
    _kind(
        "url-password",
        "://",
        r"[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s:/@\"'<>\\]{0,80}:(?P<v>[^\s:/@\"'<>\\]{3,200})@[\w\[.-]",
    ),
    _kind("url-token", "://", r"https?://(?P<v>[\w-]{20,200}):?(?:x-oauth-basic)?@[\w.-]"),
    _kind(
        "authorization",
        "authorization",
        r"(?i:authorization)[\"'\s:=\\\[(\]]{1,12}"
        r"(?i:bearer|basic|token|api-?token|apikey(?:-v\d)?|key|sso-key|oauth|ssws)\s{1,4}(?P<v>[\w.~+/=:-]{12,})",
    ),
    _kind("bearer-token", "bearer", r"(?i:\bbearer)\s{1,4}(?P<v>[\w.~+/-]{20,}={0,2})"),
    _kind("named-secret", "", r"[:=]\s{0,4}[\"'\\]{0,2}(?P<v>[\w./+~=-]{16,})(?![\w(\[{])"),
)
"""Kinds that more than a prefix tells, the special ones first."""

_NO_FORM = frozenset(
    {"api-key", "bearer-token", "authorization", "url-password", "url-token", "named-secret"}
)
"""Kinds that are told by what stands in front of them."""
_RANDOM_NAMES = """
api-key authorization beamer-key bearer-token devcycle-key modal-token slack-token url-token
voyage-key
"""
_RANDOM_KINDS = frozenset(_RANDOM_NAMES.split())
"""Kinds whose pattern words and names can match, too: the value must look random besides."""

_NAME_BEFORE = re.compile(r"([\w.-]{1,64})[\"'\\]{0,3}[\s:]{0,4}$")
_SECRET_NAME = re.compile(
    r"(?i)(?:(?:api|access|secret|private|auth)[_-]?key|secret|token|password|passwd)$"
)
_ESCAPE = re.compile(r"(?:\\[nrtbf]|%[0-9A-Fa-f]{2})$")
_NO_SECRET_NAME = re.compile(
    r"(?i)page|next|continu|sync|cursor|stop|eos|bos|pad|mask|cache|partition|idempotency|public|csrf"
)
"""Names of values that are as random as a secret, and none."""


_TEST_KEY = re.compile(
    r"(?i)^(?!my|your)(?:[a-z]{2,8}[-_]){0,2}(?:test|secret|none)[-_](?:(?:pub|auth)_)?"
    r"(?=[\w-]{0,8}\d|\w{20})"
)
"""What issuers write in front of keys, those of their test systems as well."""
_PLACEHOLDER = re.compile(
    r"(?i)example|scrubbed|redacted|placeholder|change.?me|insert|<|\$\{|\.\.\.|\*{3}|x{4}|_here\b"
    r"|(?:^|[^a-z0-9])(?:your|my|dummy|fake|mock|sample|test|none|null|password|passwd|pass|secret)(?![a-z0-9])"
)
_COUNTING = re.compile(r"(?i)12345678|abcdefgh")
_LEAST_COUNTED = 24
"""Characters from which on a value that counts is a test's key rather than a stand-in."""
