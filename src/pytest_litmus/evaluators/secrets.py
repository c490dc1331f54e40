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
from pytest_litmus.evaluators.services import SERVICES
from pytest_litmus.verdicts import Evidence, Score, Verdict

ADVICE = "revoke it where it is real, and pass it as allow= where it is meant to be said"

LEAST_TOKEN = 14
LEAST_SIGNED = 32
"""Characters of a token that has other signs than those of base64."""
LEAST_PASSWORD = 6
LEAST_BARE_PASSWORD = 8


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
    the name it is given to in code or settings: a password's (`password = "..."`), a key's, or a
    service's that gives keys out (`deepgram = 12e2...`), where only a machine makes such a value.
    Evidence shows only its ends. Placeholders (`YOUR_API_KEY`, `sk-xxxx`, `sk-1234567890abcdef`)
    are none. Forms are held by prefix, alphabet and length; checksums are not asked for, because a
    mistyped key is a leak as well. Whether a machine made a value is told by its digits (hex, a
    UUID, letters and digits mixed), behind a name only.

    Never None. Blind to passwords in prose and to those of letters alone, to values without a form
    or a name of their own, to keys of digits alone, and to encoded or split ones.

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


def secret_places(text: str) -> list[Place]:
    """Every place that `free_of_secrets` would count; some overlap."""
    return list(_found(text, (), ()))


def _found(
    text: str, allow: Sequence[Allowed], patterns: Sequence[str | re.Pattern[str]]
) -> Iterator[Place]:
    yield from places(text, allow=allow)
    written = (*_assigned(text), *_connections(text), *_curl_users(text))
    apart = (*_signatures(text), *_hashes(text))
    made = (*_named(text), *_prefixed(text)) if _LONG_WORD.search(text) else ()
    for rule, start, end in (*written, *apart, *made, *_by(patterns, text)):
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
        group = "v" if match["v"] is not None else "key"
        if not _is_stand_in(match[group]) and (group == "v" or _looks_made(match[group])):
            yield "curl-user", match.start(group), match.end(group)


def _signatures(text: str) -> Iterator[Place]:
    """Signatures in addresses, which let in whoever has the address.

    Recordings are not refused for them: addresses of generated images have one, for an hour.
    """
    for match in _SIGNATURE.finditer(text) if "sig=" in text else ():
        if not is_placeholder(match["v"]):
            yield "azure-signature", match.start("v"), match.end("v")


def _hashes(text: str) -> Iterator[Place]:
    """Hashes of passwords as `crypt` writes them, which can be guessed from."""
    for match in _HASH.finditer(text) if "$" in text else ():
        yield "password-hash", match.start(), match.end()


def _assigned(text: str) -> Iterator[Place]:
    """Values that code or settings give to a secret's name."""
    lowered = text.lower()
    if not any(word in lowered for word in _NAME_WORDS):
        return
    for match in (*_ASSIGNED.finditer(text), *_PAIR.finditer(text)):
        group = next(name for name in ("quoted", "tagged", "bare") if match[name] is not None)
        if _is_assigned(match["name"], match[group], quoted=group != "bare"):
            yield _rule_of(match["name"]), match.start(group), match.end(group)


def _rule_of(name: str) -> str:
    return "password-assignment" if _PASSWORD_NAME.search(name) else "secret-assignment"


def _is_assigned(name: str, value: str, *, quoted: bool) -> bool:
    if _NO_SECRET_NAME.search(name) or _is_stand_in(value):
        return False
    if _PASSWORD_NAME.search(name):
        return _is_password(value) if quoted else _is_bare_password(value)
    return _is_token(value, quoted=quoted)


def _connections(text: str) -> Iterator[Place]:
    """Passwords of connection strings and of commands' options, which nothing quotes."""
    lowered = text.lower()
    if not any(word in lowered for word in ("pass", "pwd", "securestring", "credential", "ident")):
        return
    for match in (*_CONNECTION.finditer(text), *_OPTION.finditer(text)):
        value = match["v"]
        if _is_password(value) and not _is_stand_in(value) and _CODE.search(value) is None:
            yield "password-assignment", match.start("v"), match.end("v")


def _named(text: str) -> Iterator[Place]:
    """Values that only a machine makes, behind the name of a key or of its giver."""
    for match in _MADE.finditer(text):
        start = match.start()
        if not _looks_made(match[0]) or is_placeholder(match[0]):
            continue
        before = _WORDS_BEFORE.search(text, max(0, start - _MOST_BEFORE), start)
        if before and _is_credential_name(before["words"], before["sign"]):
            yield "secret-assignment", start, match.end()


def _prefixed(text: str) -> Iterator[Place]:
    """Tokens of issuers that no list names: a prefix that says what it is, and a made rest."""
    for match in _PREFIXED.finditer(text):
        if _looks_made(match["rest"]) and not is_placeholder(match[0]):
            yield "prefixed-token", match.start(), match.end()


def _looks_made(value: str) -> bool:
    """Whether a value is a UUID, hexadecimal, or letters and digits mixed in one long piece."""
    if _UUID.match(value) or _HEX.fullmatch(value):
        return True
    piece = max(re.split(r"[./:_-]", value), key=len)
    if _CODE.search(value) or len(piece) < LEAST_TOKEN or piece.isdigit():
        return False
    runs = len(_DIGIT_RUN.findall(piece))
    if piece.islower() or piece.isupper():
        return runs > 2
    return runs > 1 or (runs > 0 and len(piece) < 3 * len(_PART.findall(piece)))


def _is_credential_name(words: str, sign: str) -> bool:
    """Whether words in front of a value name a credential, or a service and nothing else."""
    parts = [part.lower() for part in _PART.findall(words)]
    if not _NO_CREDENTIAL.isdisjoint(parts):
        return False
    named = parts[-1] in _CREDENTIALS or parts[-1].endswith(("key", "token", "secret"))
    if named and (len(parts) > 1 or words[0] in "_-" or parts[-1] not in {"key", "token"}):
        return True
    services = {*parts, *re.split(r"[\s_.-]", words.lower())} & SERVICES
    return bool(services) and _GIVES.search(sign) is not None


def _is_bare_password(value: str) -> bool:
    """Likewise without quotes, where code stands as well: digits within, or a sign."""
    return (
        len(value) >= LEAST_BARE_PASSWORD
        and _is_password(value)
        and _CODE.search(value) is None
        and re.search(r"[A-Za-z]\d{1,4}[A-Za-z]|[A-Za-z\d][!@#$%^&*]", value) is not None
    )


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
    if len(value) < LEAST_TOKEN or _CODE.search(value):
        return False
    if _TOKEN.fullmatch(value) is None:  # such as Django makes them
        return quoted and len(value) >= LEAST_SIGNED and digits > 2
    return digits > 0 if quoted else 1 < digits < len(value)


def _is_stand_in(value: str) -> bool:
    return is_placeholder(value) or _STAND_IN.search(value) is not None


def _ends(value: str) -> str:
    """A secret as it may be shown: its first three characters and its length."""
    return hint_of(value.encode("unicode_escape").decode() if not value.isprintable() else value)


_NAME_WORDS = ("token", "secret", "pass", "pwd", "key", "credential")
_NAME_END = (
    r"(?:token|secret|password|passwd|passphrase|pwd|[._-]pass|credentials?"
    r"|(?:api|access|secret|private|auth|account|encryption|signing|master|service)[_-]?key(?:_base)?)\d?"
)
_ASSIGNED = re.compile(
    rf"(?i)(?<![\w])(?P<name>[\w.-]{{0,48}}{_NAME_END})"
    r"(?:[\"'\]\\]{0,3}[\t ]{0,8}(?:(?::[\t ]?)?string[\t ]{1,4})?"
    r"(?:(?:[:?.+|]?=>?|:{1,2}|\|\|:|,|->)[\t ]{0,20}\\{0,2}|[\t ](?=[\"']))"
    r"(?:[brfu]{0,2}[\"'`](?P<quoted>[^\s\"'`\\]{6,300})(?=\\{0,2}[\"'`])"
    r"|(?P<bare>[^\s\"'`,;<>(){}\[\]\\]{8,300})(?=[\s,;\"'`}\\]|$))"
    r"|>\s{0,20}(?P<tagged>[^\s<>\"'`]{6,300})\s{0,20}</)"
)
_PAIR = re.compile(
    rf"(?i)(?:name|key|id)[\"']?\s{{0,3}}[:=]\s{{0,3}}[\"']?(?P<name>[\w.-]{{0,48}}{_NAME_END})"
    r"[\"']?,?\s{1,12}[\"']?value[\"']?\s{0,3}[:=]\s{0,3}"
    r"(?:[\"'](?P<quoted>[^\s\"'<>]{6,300})[\"']|(?P<bare>[^\s\"'<>]{8,300}))(?P<tagged>(?!))?"
)
"""A name and a value side by side, as lists of settings write them."""
_TOKEN = re.compile(r"[\w./+~=:|@^%-]+")
_CODE = re.compile(
    r"^[./@$%]|://|^\d{4}-\d\d-\d\d|^[A-Za-z]+(?:[._-][A-Za-z]+){0,9}[._-]?v?\d{0,4}$"
)
"""Paths, addresses, dates, and names that end in a number, which code gives to such names."""
_PASSWORD_NAME = re.compile(r"(?i)(?:pass(?:word|wd|phrase)?|pwd)\d?$")
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
_MOST_BEFORE = 90
_MADE = re.compile(
    r"(?<![\w./+-])[A-Za-z0-9](?=[\w+/.~-]{0,60}?\d)[\w+/.~-]{15,299}={0,2}(?![\w/+])"
)
_HEX = re.compile(r"(?=\d*[a-f])(?=[a-f]*\d)[\da-f]{20,}|(?=\d*[A-F])(?=[A-F]*\d)[\dA-F]{20,}")
_LONG_WORD = re.compile(r"\w{14}|\w{8}-\w{4}-")
_PREFIXED = re.compile(
    r"(?<![\w./:-])(?:[a-z][a-z0-9]{1,14}[_-]){0,3}"
    r"(?:live|prod|production|sandbox|sk|pat|key|apikey|token|secret|oat)(?:[_-][a-z0-9]{1,4})?"
    r"[_-](?P<rest>[A-Za-z0-9_-]{20,200})(?![\w.-])"
)
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?![\w-])")
_DIGIT_RUN = re.compile(r"\d+")
_WORDS_BEFORE = re.compile(
    r"(?<![\w.])(?P<words>--?[A-Za-z][\w-]{0,40}"
    r"|(?:[A-Za-z][\w.-]{0,40}[ \t]){0,2}[A-Za-z_][\w.-]{0,40})"
    r"(?:[ \t]\d{1,2}(?!\w))?"
    r"(?P<sign>[\"'`\]\\)]{0,3}(?:\n|[ \t:=>,|?.+(\\]{1,20})"
    r"(?:\\?[\"'`])?(?:base64:)?)$"
)
_GIVES = re.compile(r"[:=>]|[,|] ?\\?[\"'`]")
_PART = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_CREDENTIAL_NAMES = "key token secret pat auth login license licence apikey psk pass unseal hec"
_CREDENTIALS = frozenset(_CREDENTIAL_NAMES.split())
_OTHER_NAMES = """
public primary foreign partition sort object row cache idempotency site issue publishable
commit sha md hash digest checksum integrity etag revision rev fingerprint version ref
trace span request session nonce salt image file path url uri host name username email
thread message asset order transaction tx address contract block page next cursor
"""
_NO_CREDENTIAL = frozenset(_OTHER_NAMES.split())
"""Parts of names whose values are as random as a secret, and none."""
_CONNECTION = re.compile(
    r"(?i)(?:uid|user ?(?:id|name)?|host|server|data ?(?:base|source)|dbname|catalog)\s{0,2}="
    r"[^\n<>]{0,200}?[;&?,\s\"'](?:password|passwd|pwd)\s{0,2}=\s{0,2}"
    r"(?P<v>[^\s;&\"'`<>{}()\[\]]{4,64})(?=[;&\"'\s\\]|$)"
)
_OPTION = re.compile(
    r"(?i)(?:(?<![\w-])--?(?:password|passwd|pwd|pass)[= ]|\bsshpass -p ?|/pass(?:word)?:"
    r"|\bConvertTo-SecureString |\bidentified by |\benable password "
    r"|NetworkCredential[^(\n]{0,10}\([\"'][^\"'\n]{1,80}[\"'], ?"
    r"|\bmysql\w{0,8} [^\n]{0,80}?-p|\blogin\s{1,4}\S{1,80}\s{1,4}password\s)"
    r"[\"']?(?P<v>[^\s\"'`$<>{}()]{6,64})"
)
"""Of commands, and of `.netrc`."""
_HASH = re.compile(
    r"(?<![\w$])\$(?:[1568]|apr1)\$(?:rounds=\d{1,9}\$)?[\w./]{1,16}\$[\w./]{22,86}(?![\w./])"
    r"|(?<![\w$])\$2[abxy]?\$\d\d\$[\w./]{53}(?![\w./])"
)
_SIGNATURE = re.compile(r"[?&]sig=(?P<v>[\w%+/=-]{20,300})")
_CURL_USER = re.compile(
    r"\bcurl\b(?:[^\n\\]|\\\n?){0,300}?\s(?:-u|--user)[\s=]{0,3}"
    r"[\"']?(?:[^\s:\"']{1,80}:(?P<v>[^\s\"'$<{][^\s\"'<{]{5,200})|(?P<key>[\w.-]{16,200}):)"
)
