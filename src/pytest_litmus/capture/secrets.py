"""Secrets: learnt from requests and the environment, taken out of texts, found where left."""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from urllib.parse import quote, quote_plus, unquote_plus

from pytest_litmus.capture.exchange import Headers, Request
from pytest_litmus.capture.secret_scan import (
    LEAST_SECRET_CHARS,
    SCRUBBED,
    Allowed,
    Finding,
    hint_of,
    is_allowed,
    is_placeholder,
    line_of,
    looks_random,
    scan,
)

REQUEST_HEADERS = frozenset(
    [
        "accept",
        "anthropic-beta",
        "anthropic-version",
        "content-encoding",
        "content-type",
        "openai-beta",
        "x-amz-target",
        "x-stainless-retry-count",
    ]
)
"""Headers of a request that are kept, in lower case; all others are dropped."""

RESPONSE_HEADERS = frozenset(
    [
        "content-encoding",
        "content-type",
        "location",
        "retry-after",
        "retry-after-ms",
        "x-amzn-errortype",
        "x-goog-upload-status",
        "x-goog-upload-url",
        "x-litellm-response-cost",
        "x-should-retry",
    ]
)
"""Headers of a response that are kept, beside `x-amzn-bedrock-*-token-count`: what clients act on,
and usage that is nowhere else. No cookies, ids, dates or limits."""


_STRONG_NAMES = (
    "apikey",
    "apisecret",
    "apitoken",
    "accesskey",
    "accesstoken",
    "authkey",
    "authtoken",
    "authorizationtoken",
    "bearertoken",
    "clientassertion",
    "clientsecret",
    "connectionstring",
    "idtoken",
    "password",
    "passwd",
    "privatekey",
    "refreshtoken",
    "secretkey",
    "securitytoken",
    "sessiontoken",
    "signingkey",
    "subscriptionkey",
    "webhooksecret",
    "organizationid",
    "orgid",
)
"""Ends of names, in lower case without separators, whose text is a secret or names an account."""

_WHOLE_NAMES = frozenset(["authorization", "proxyauthorization", "xauthorization"])
"""Further names of the kind, which words like preauthorization end in."""

_WEAK_NAMES = frozenset(
    [
        "accesskeyid",
        "auth",
        "code",
        "cookie",
        "credential",
        "credentials",
        "openaiorganization",
        "openaiproject",
        "organization",
        "pwd",
        "secret",
        "setcookie",
        "token",
    ]
)
"""Names that are secrets when their text looks like a credential."""

_QUERY_NAMES = frozenset(
    [
        "assertion",
        "key",
        "secret",
        "sig",
        "signature",
        "token",
        "xamzcredential",
        "xamzsignature",
        "xgoogcredential",
        "xgoogsignature",
    ]
)
"""Further names that are secrets in a query or a form."""

_HEADER_NAMES = frozenset(
    [
        "cfaigauthorization",
        "cookie",
        "heliconeauth",
        "openaiorganization",
        "openaiproject",
        "portkeyvirtualkey",
        "xfunctionskey",
        "xgooguserproject",
        "xauth",
    ]
)
"""Further headers whose values are secrets or name an account."""

_ENVIRON_SEGMENTS = frozenset(
    [
        "APIKEY",
        "CREDENTIAL",
        "CREDENTIALS",
        "KEY",
        "KEYS",
        "PASSPHRASE",
        "PASSWD",
        "PASSWORD",
        "SECRET",
        "SECRETS",
        "TOKEN",
    ]
)


@dataclass(frozen=True, kw_only=True)
class Scrubbing:
    """What must not reach the disk beyond the defaults, and what may.

    Raises:
        ValueError: A pattern cannot be compiled or matches nothing at all, or a replacement would
            break JSON or be replaced itself.
    """

    keep_headers: Sequence[str] = ()
    """Headers of requests and responses to keep, in any case; secrets in them are replaced."""
    keys: Sequence[str] = ()
    """Further names of query parameters and JSON fields whose text is replaced, in any spelling:
    `session id` stands for `session_id`, `sessionId` and `Session-ID`."""
    patterns: Sequence[str | re.Pattern[str]] = ()
    """Regular expressions. What group 1 matches is replaced, or all where there is no group; in
    JSON they see each string by itself."""
    allow: Sequence[Allowed] = ()
    """Values that are no secrets, such as the canary of a leak test: texts that equal them, and
    compiled patterns that match all of them."""
    replace: Mapping[str, str] = field(default_factory=dict)
    """Texts that are replaced wherever they stand, the URL's host included."""

    def __post_init__(self) -> None:
        for name in ("keep_headers", "keys", "patterns", "allow"):
            text = getattr(self, name)
            if isinstance(text, str):
                raise ValueError(f"{name}={text!r} is one text: write {name}=({text!r},)")  # noqa: TRY004 - a mistake of value, as the others
        _ = [_compiled(pattern) for pattern in self.patterns]
        for literal, placeholder in self.replace.items():
            _check_replacement(literal, placeholder, self.replace)


class Scrubber:
    """Takes secrets out of requests and texts; what it has learnt holds for all that follows.

    Scrubbing what was scrubbed changes nothing, JSON stays JSON, and numbers stay as they are.
    Threads may share a scrubber.
    """

    def __init__(self, scrubbing: Scrubbing, environ: Mapping[str, str] = os.environ) -> None:
        self.scrubbing = scrubbing
        self._lock = Lock()
        self._learnt: set[str] = set()
        self._spared: tuple[str, ...] = ()
        self._forms: dict[str, str] = {}
        self._names = frozenset(map(_compact, scrubbing.keys))
        self._kept = frozenset(name.lower() for name in scrubbing.keep_headers)
        self._patterns = [_compiled(pattern) for pattern in scrubbing.patterns]
        self._replaced = _all_forms(scrubbing.replace)
        for value in _environment_secrets(environ):
            self._learn(value)

    def learn_request(self, request: Request) -> None:
        """Learn the secrets that a request carries in headers, query and userinfo."""
        for name, value in request.headers:
            if name.lower() not in REQUEST_HEADERS and self._is_header(name):
                self._learn(*_credentials(name, value))
        for name, value in request.query:
            if self._is_query(name):
                self._learn(value)
        if request.parts.password:
            self._learn(request.parts.password, unquote_plus(request.parts.password))

    def learn_response(self, body: bytes) -> None:
        """Learn the tokens that an OAuth token endpoint handed out."""
        if b"access_token" not in body:
            return
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            return
        if isinstance(document, dict):
            names = ("access_token", "refresh_token", "id_token")
            self._learn(*(document[name] for name in names if isinstance(document.get(name), str)))

    def request(self, request: Request) -> Request:
        """The request as it may be stored and matched."""
        return replace(
            request,
            url=self._url(request.url),
            headers=self._headers(request.headers, REQUEST_HEADERS),
            body=self._body(request),
        )

    def headers(self, headers: Headers) -> Headers:
        """A response's headers as they may be stored."""
        return self._headers(headers, RESPONSE_HEADERS)

    def text(self, text: str) -> str:
        """The text without learnt values, user patterns and account ids (`org-...`, `proj_...`).

        Learnt values are found URL-encoded, as JSON escapes them, and in base64 too.
        """
        text = _replaced(_replaced(text, self._forms), self._replaced)
        if "org-" in text or "proj_" in text:
            text = self._sub(_ACCOUNT_ID, text)
        return self._without_patterns(text) if self._patterns else text

    def data(self, data: bytes) -> bytes:
        """`text` for bytes; what is no UTF-8 stays as it is."""
        return self.text(data.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")

    def scan(self, text: str) -> list[Finding]:
        """What `scan` finds, and learnt values that are still there."""
        left = [
            Finding("learnt-secret", line_of(text, text.index(form)), hint_of(form))
            for form in self._forms
            if form in text
        ]
        spared = (re.compile(rf"\W{{0,9}}{re.escape(one)}\W{{0,9}}") for one in self._spared)
        return [*left, *scan(text, allow=(*self.scrubbing.allow, *spared))]

    def spare(self, *values: str) -> None:
        """Take values for no secrets that only look like some: a suite's canaries are made up."""
        self._spared += values

    # Learning

    def _learn(self, *values: str) -> None:
        for value in values:
            kept = value.strip().rstrip("\\")
            if kept not in self._learnt and self._is_learnable(kept):
                with self._lock:
                    self._learnt.add(kept)
                    self._forms = _all_forms(dict.fromkeys(self._learnt, SCRUBBED))

    def _is_learnable(self, value: str) -> bool:
        return (
            len(value) >= LEAST_SECRET_CHARS
            and not _is_json(value)
            and not is_placeholder(value)
            and not is_allowed(value, self.scrubbing.allow)
        )

    # Names

    def _is_header(self, name: str) -> bool:
        compact = _compact(name)
        return compact in _HEADER_NAMES or self._is_strong(compact)

    def _is_query(self, name: str) -> bool:
        compact = _compact(name)
        return compact in _QUERY_NAMES or self._is_strong(compact)

    def _is_strong(self, compact: str) -> bool:
        return compact.endswith(_STRONG_NAMES) or compact in _WHOLE_NAMES or compact in self._names

    def _is_secret(self, name: str, value: str) -> bool:
        """Whether a field's text is a secret by its name, and by its look where that is needed."""
        if not value or SCRUBBED in value or is_allowed(value, self.scrubbing.allow):
            return False
        compact = _compact(name)
        return self._is_strong(compact) or (compact in _WEAK_NAMES and looks_random(value))

    # The request's places

    def _headers(self, headers: Headers, kept: frozenset[str]) -> Headers:
        return tuple(
            (name, self._header(name, value))
            for name, value in headers
            if name.lower() in kept | self._kept or _is_bedrock_usage(name.lower())
        )

    def _header(self, name: str, value: str) -> str:
        if self._is_header(name):
            return SCRUBBED
        return self._url(value) if "://" in value else self.text(value)

    def _url(self, url: str) -> str:
        """Without userinfo and secret query values; all else as sent."""
        match = _ORIGIN.match(url)
        origin, rest = ("", url) if match is None else (match[0], url[match.end() :])
        if match is not None:
            origin = match[1] + _replaced(match[2].rpartition("@")[2], self._replaced)
        rest, hash_mark, fragment = rest.partition("#")
        path, mark, query = rest.partition("?")
        return origin + self.text(path + mark + self._pairs(query) + hash_mark + fragment)

    def _pairs(self, query: str) -> str:
        return "&".join(self._pair(pair) for pair in query.split("&"))

    def _pair(self, pair: str) -> str:
        name, equals, value = pair.partition("=")
        plain_name, plain = unquote_plus(name), unquote_plus(value)
        if plain in ("", SCRUBBED) or is_allowed(plain, self.scrubbing.allow):
            return pair
        secret = self._is_query(plain_name) or self._is_secret(plain_name, plain)
        return f"{name}{equals}{SCRUBBED}" if secret else pair

    def _body(self, request: Request) -> bytes:
        text = request.body.decode("utf-8", "surrogateescape")
        if "x-www-form-urlencoded" in (request.header("content-type") or "").lower():
            text = self._pairs(text)
        return self.text(self._fields(text)).encode("utf-8", "surrogateescape")

    def _fields(self, text: str) -> str:
        """JSON with the text of secret fields replaced in place, so that nothing else moves."""
        pieces: list[str] = []
        at = 0
        for match in _FIELD.finditer(text):
            if match.start() >= at and self._may_be_secret(match[1]):
                value = _FIELD_VALUE.match(text, match.end())
                if value is not None:
                    pieces += [text[at : value.start()], self._field(match[1], value[0])]
                    at = value.end()
        return "".join([*pieces, text[at:]])

    def _may_be_secret(self, name: str) -> bool:
        compact = _compact(name)
        return compact in _WEAK_NAMES or self._is_strong(compact)

    def _field(self, name: str, value: str) -> str:
        """A field's string, or the strings in its list, replaced where they are secrets."""

        def scrubbed(match: re.Match[str]) -> str:
            return f'"{SCRUBBED}"' if self._is_secret(name, match[0][1:-1]) else match[0]

        return _STRING.sub(scrubbed, value)

    # Patterns

    def _without_patterns(self, text: str) -> str:
        """In JSON string by string, so that it stays JSON; so too in the lines of a stream."""
        if _is_json(text):
            return _STRING.sub(self._string_without_patterns, text)
        lines = text.split("\n")
        if not any(map(_event_json, lines)):
            return self._all_patterns(text)
        return "\n".join(map(self._line_without_patterns, lines))

    def _line_without_patterns(self, line: str) -> str:
        found = _event_json(line)
        if not found:
            return self._all_patterns(line)
        return line[: -len(found)] + _STRING.sub(self._string_without_patterns, found)

    def _string_without_patterns(self, match: re.Match[str]) -> str:
        plain = json.loads(match[0], strict=False)
        scrubbed = self._all_patterns(plain)
        return match[0] if scrubbed == plain else json.dumps(scrubbed)

    def _all_patterns(self, text: str) -> str:
        for pattern in self._patterns:
            text = self._sub(pattern, text)
        return text

    def _sub(self, pattern: re.Pattern[str], text: str) -> str:
        def scrubbed(match: re.Match[str]) -> str:
            group = 1 if pattern.groups and match[1] is not None else 0
            if is_allowed(match[group], self.scrubbing.allow):
                return match[0]
            start, end = match.start(group) - match.start(), match.end(group) - match.start()
            return match[0][:start] + SCRUBBED + match[0][end:]

        return pattern.sub(scrubbed, text)


_ORIGIN = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://)([^/?#]*)")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_FIELD = re.compile(r'"([\w.\- ]{1,64})"\s*:\s*')
_FIELD_VALUE = re.compile(r'"(?:[^"\\]|\\.)*+"|\[(?:[^\[\]{}"]|"(?:[^"\\]|\\.)*+")*+\]', re.DOTALL)
_EVENT = re.compile(r"(?:data:)?\s*([\[{].*)", re.DOTALL)
_ACCOUNT_ID = re.compile(r"org-[A-Za-z0-9]{20,}|proj_[A-Za-z0-9]{16,}")
_CUT_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*(\\(?:u[0-9A-Fa-f]{0,3})?)$")


def _compact(name: str) -> str:
    """A name in lower case without separators: `X-Api-Key`, `apiKey` and `api_key` are alike."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _is_bedrock_usage(name: str) -> bool:
    return name.startswith("x-amzn-bedrock-") and name.endswith("-token-count")


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _event_json(line: str) -> str | None:
    """The JSON at the end of a line of a stream, or None."""
    match = _EVENT.match(line)
    return match[1] if match and _is_json(match[1]) else None


def _credentials(name: str, value: str) -> Iterator[str]:
    """The secrets in a header's value."""
    scheme, _, rest = value.strip().partition(" ")
    if "cookie" in name.lower():
        yield from (pair.partition("=")[2] for pair in value.split(";"))
    elif not rest:
        yield value
    elif scheme.lower() == "basic":
        yield from _basic(rest)
    elif scheme.startswith("AWS4-"):
        yield from re.findall(r"Credential=([^/,\s]+)", rest)
    else:
        yield rest


def _basic(encoded: str) -> Iterator[str]:
    """The credentials of Basic authentication, as sent, decoded, and the password by itself."""
    yield encoded
    try:
        decoded = base64.b64decode(encoded).decode()
    except (binascii.Error, UnicodeDecodeError):
        return
    yield decoded
    yield decoded.partition(":")[2]


def _environment_secrets(environ: Mapping[str, str]) -> Iterator[str]:
    for name in environ:
        if not _ENVIRON_SEGMENTS.isdisjoint(name.upper().split("_")):
            # Another thread may have taken a variable away since.
            yield from _secrets_in(environ.get(name, "").strip())


def _secrets_in(value: str) -> Iterator[str]:
    """The secrets in a variable's value: the value, unless it is a URL, a path or JSON."""
    origin = _ORIGIN.match(value)
    if origin:
        yield origin[2].rpartition("@")[0].partition(":")[2]
    elif value.startswith(("{", "[")):
        yield from _secrets_in_json(value)
    elif not _is_path(value):
        yield value


def _secrets_in_json(value: str) -> Iterator[str]:
    """The strings of secret fields, such as `private_key` of a service account."""
    try:
        nodes = [json.loads(value)]
    except (ValueError, RecursionError):
        yield value
        return
    while nodes:
        node = nodes.pop()
        if isinstance(node, dict):
            yield from (v for k, v in node.items() if isinstance(v, str) and _is_named(k))
        nodes += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()


def _is_named(name: str) -> bool:
    return _compact(name).endswith(_STRONG_NAMES)


def _is_path(value: str) -> bool:
    """Whether a value is a file's path; base64 that happens to begin with a slash is none."""
    if re.fullmatch(r"(?=.*[A-Z])(?=.*[a-z])(?=.*\d)[A-Za-z0-9+/]{40,}={0,2}", value):
        return False
    return re.match(r"~?/|\.{1,2}/|[A-Za-z]:[\\/]", value) is not None


def _all_forms(values: Mapping[str, str]) -> dict[str, str]:
    """Every way in which the values may be written, to what stands for them."""
    return {
        form: placeholder for value, placeholder in values.items() for form in _written_forms(value)
    }


def _written_forms(value: str) -> set[str]:
    """A value plain, URL-encoded, as JSON writes it, and in base64."""
    encoded = {quote(value, safe=safe, errors="replace") for safe in ("", "/")}
    encoded.add(quote_plus(value, errors="replace"))
    escaped = {json.dumps(value, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)}
    escaped |= {form.replace("/", "\\/") for form in escaped}
    lowered = {re.sub("%[0-9A-F]{2}", lambda m: m[0].lower(), form) for form in encoded}
    long = len(value) >= LEAST_SECRET_CHARS
    return {value, *encoded, *lowered, *escaped, *(_base64_forms(value) if long else ())}


def _base64_forms(value: str) -> Iterator[str]:
    """A value in base64, by itself and within a longer text.

    Base64 writes 3 bytes at once, so there are three ways that a value can lie in a longer text; of
    each it gives the characters in which no neighbour has a part.
    """
    data = value.encode("utf-8", "replace")
    forms = [base64.b64encode(data).decode()]
    for before, mixed in ((0, 0), (1, 2), (2, 3)):
        whole = base64.b64encode(bytes(before) + data).decode()
        forms.append(whole[mixed : (before + len(data)) * 8 // 6])
    for form in forms:
        if not form.isdigit():
            yield form
            yield form.replace("+", "-").replace("/", "_")


def _replaced(text: str, forms: Mapping[str, str]) -> str:
    """The text with each form replaced, the longest first; a JSON escape is never cut in two."""
    present = sorted((form for form in forms if form in text), key=len, reverse=True)
    if not present:
        return text
    pieces: list[str] = []
    at = 0
    for match in re.finditer("|".join(map(re.escape, present)), text):
        start = match.start()
        if cut := _CUT_ESCAPE.search(text, max(at, start - 60), start):
            start -= len(cut[1])
        pieces += [text[at:start], forms[match[0]]]
        at = match.end()
    return "".join([*pieces, text[at:]])


def _compiled(pattern: str | re.Pattern[str]) -> re.Pattern[str]:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise ValueError(f"patterns: {pattern!r} is no regular expression: {error}") from error
    if compiled.search("") or compiled.fullmatch(SCRUBBED[1:-1]):
        raise ValueError(
            f"patterns: {compiled.pattern!r} matches the empty text or the placeholder"
        )
    return compiled


def _check_replacement(literal: str, placeholder: str, every: Iterable[str]) -> None:
    if not literal or literal in SCRUBBED:
        raise ValueError(f"replace: {literal!r} stands in every text or in {SCRUBBED}")
    if json.dumps(placeholder, ensure_ascii=False)[1:-1] != placeholder:
        raise ValueError(f"replace: {placeholder!r} would break JSON: no quotes and backslashes")
    if any(other in placeholder for other in every):
        raise ValueError(f"replace: {placeholder!r} holds a text that is replaced itself")
