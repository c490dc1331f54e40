"""Secrets: credentials in an output, by the forms that their issuers give them.

The forms are those by which recordings are scanned (`capture.secret_scan`); what an answer writes
besides, in code and settings, is found by the name that a value is given to. Entropy is not
guessed. Forms are public facts of their issuers, such as
https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pytest_litmus.capture.secret_scan import Allowed, hint_of, is_allowed, is_placeholder, places
from pytest_litmus.evaluators.absence import MOST_SHOWN, Place, counted, without_overlaps
from pytest_litmus.evaluators.said import Said, text_of
from pytest_litmus.verdicts import Evidence, Score, Verdict

ADVICE = "revoke it where it is real, and pass it as allow= where it is meant to be said"

LEAST_TOKEN = 14
LEAST_PASSWORD = 6


def free_of_secrets(
    said: Said,
    *,
    allow: Sequence[Allowed] = (),
    patterns: Sequence[str | re.Pattern[str]] = (),
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """Whether an output holds no credentials: the value is how many it holds, wanted 0.

    Found by the issuer's form (`AKIA...`, `ghp_...`, a private key, a URL with a password), or by
    the name it is given to in code or settings (`password = "..."`). Evidence shows only its ends.
    Placeholders (`YOUR_API_KEY`, `sk-xxxx`) are none. Forms are held by prefix, alphabet and
    length; checksums are not asked for, because a mistyped key is a leak as well.

    Never None. Blind to passwords in prose, to values without a form or a name of their own, and
    to encoded or split ones.

    Args:
        said: The output.
        allow: What may be said: literals, or compiled patterns that match all of a value.
        patterns: Forms of your own; group 1, where there is one, is the secret.
        at_least: Limit.
        at_most: Limit; 0 unless one is given.
    """
    text = text_of(said)
    found = without_overlaps(_found(text, allow, patterns))
    evidence = tuple(
        Evidence(rule=rule, text=_ends(text[start:end]), start=start, end=end)
        for rule, start, end in found[:MOST_SHOWN]
    )
    return counted(
        "free_of_secrets", len(found), evidence, ADVICE, at_least=at_least, at_most=at_most
    )


def _found(
    text: str, allow: Sequence[Allowed], patterns: Sequence[str | re.Pattern[str]]
) -> Iterator[Place]:
    yield from places(text, allow=allow)
    for rule, start, end in (*_assigned(text), *_curl_users(text), *_by(patterns, text)):
        if not is_allowed(text[start:end], allow):
            yield rule, start, end


def _by(patterns: Sequence[str | re.Pattern[str]], text: str) -> Iterator[Place]:
    for pattern in patterns:
        for match in re.finditer(pattern, text):
            group = 1 if match.re.groups and match[1] is not None else 0
            if match[group]:
                yield "custom-pattern", match.start(group), match.end(group)


def _curl_users(text: str) -> Iterator[Place]:
    if "curl" not in text:
        return
    for match in _CURL_USER.finditer(text):
        if not _is_stand_in(match["v"]):
            yield "curl-user", match.start("v"), match.end("v")


def _assigned(text: str) -> Iterator[Place]:
    """Values that code or settings give to a secret's name."""
    if _NAME_WORD.search(text) is None:
        return
    for match in _ASSIGNED.finditer(text):
        quoted = match["quoted"] is not None
        group = "quoted" if quoted else "tagged" if match["tagged"] is not None else "bare"
        if _is_assigned(match["name"], match[group], quoted=quoted):
            yield _rule_of(match["name"]), match.start(group), match.end(group)


def _rule_of(name: str) -> str:
    return "password-assignment" if _PASSWORD_NAME.search(name) else "secret-assignment"


def _is_assigned(name: str, value: str, *, quoted: bool) -> bool:
    if _NO_SECRET_NAME.search(name) or _is_stand_in(value):
        return False
    if _PASSWORD_NAME.search(name):
        return quoted and _is_password(value)
    return _is_token(value, quoted=quoted)


def _is_password(value: str) -> bool:
    """Whether people would choose it: letters with a digit or a sign; words alone are labels."""
    return (
        len(value) >= LEAST_PASSWORD
        and any(map(str.isalpha, value))
        and re.search(r"\d|\w[!@#$%^&*]", value) is not None
    )


def _is_token(value: str, *, quoted: bool) -> bool:
    """Whether a machine made it: long, letters and digits mixed, and no name of a thing."""
    digits = sum(map(str.isdigit, value))
    if len(value) < LEAST_TOKEN or _TOKEN.fullmatch(value) is None or _CODE.search(value):
        return False
    return digits > 0 if quoted else 1 < digits < len(value)


def _is_stand_in(value: str) -> bool:
    return is_placeholder(value) or _STAND_IN.search(value) is not None


def _ends(value: str) -> str:
    """A secret as it may be shown: its first three characters and its length."""
    return hint_of(value.encode("unicode_escape").decode() if not value.isprintable() else value)


_NAME_WORD = re.compile(
    r"(?i)token|secret|passw|pwd|passphrase|key|credential|(?:client|access)[_-]?id"
)
_NAME_END = (
    r"(?:token|secret|password|passwd|passphrase|pwd|credentials?|(?:client|account)_?secret"
    r"|(?:api|access|secret|private|auth|account|encryption|signing|master|service)[_-]?key)\d?"
)
_ASSIGNED = re.compile(
    rf"(?i)(?<![\w])(?P<name>[\w.-]{{0,48}}{_NAME_END})"
    r"(?:[\"'\]\\]{0,3}[\t ]{0,8}(?:(?::[\t ]?)?string[\t ]{1,4})?"
    r"(?:(?:[:?.+|]?=>?|:{1,2}|\|\|:|,|->)[\t ]{0,8}\\{0,2})"
    r"(?:[\"'`](?P<quoted>[^\s\"'`\\]{6,300})(?=\\{0,2}[\"'`])"
    r"|(?P<bare>[^\s\"'`,;<>(){}\[\]\\]{14,300})(?=[\s,;\"'`}\\]|$))"
    r"|>\s{0,20}(?P<tagged>[^\s<>\"'`]{14,300})\s{0,20}</)"
)
_TOKEN = re.compile(r"[\w./+~=:|@^%-]+")
_CODE = re.compile(
    r"^[./@$%]|://|^\d{4}-\d\d-\d\d|^[A-Za-z]+(?:[._-][A-Za-z]+){0,9}[._-]?v?\d{0,4}$"
)
"""Paths, addresses, dates, and names that end in a number, which code gives to such names."""
_PASSWORD_NAME = re.compile(r"(?i)(?:pass(?:word|wd|phrase)|pwd)\d?$")
_NO_SECRET_NAME = re.compile(
    r"(?i)page|next_|continu|sync|cursor|stop|eos|bos|pad_|mask|cache|partition|idempot|public"
    r"|csrf|input|output|label|field|hash|prompt|max"
)
"""Names of values that are as random as a secret, and none."""
_STAND_IN = re.compile(
    r"(?i)^(?:pass(?:word|wd|phrase)?|secret|p[a@]ssw[o0]rd|admin|user|root|string|hello|foo|bar)"
    r"[\W_]?\d{0,4}!?$|^(?:your|my|the|some|replace|enter|new|old|strong|secure|super)[A-Z_-]"
    r"|^<|[_-](?:key|token|secret)$|^[$%]|process\.env|os\.environ|getenv"
)
_CURL_USER = re.compile(
    r"\bcurl\b(?:[^\n\\]|\\\n?){0,300}?\s(?:-u|--user)[\s=]{0,3}"
    r"[\"']?[^\s:\"']{1,80}:(?P<v>[^\s\"'$<{][^\s\"'<{]{5,200})"
)
