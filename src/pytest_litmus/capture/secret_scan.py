"""Secret scan: credentials in a text, known by the look of their values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

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
    for kind, needle, pattern in _KINDS:
        for match in pattern.finditer(text) if needle in lowered else ():
            start, end = match.span("v")
            if start in covered or not _is_finding(kind, match, allow):
                continue
            covered.update(range(start, end))
            found[start] = kind, start, end
    return [found[start] for start in sorted(found)]


def is_placeholder(value: str) -> bool:
    """Whether a value is none, by its words or by how few characters it is made of."""
    body = re.sub(r"^[A-Za-z]{1,6}[-_](?:[a-z]{2,7}[-_])?", "", value)
    few = len(body) >= LEAST_SECRET_CHARS and len(set(body)) <= 5
    return few or _PLACEHOLDER.search(_TEST_KEY.sub("", value)) is not None


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
    if not _begins(match) or is_placeholder(value) or is_allowed(value, allow):
        return False
    if kind == "named-secret":
        return looks_random(value) and _is_secret_name(match.string[: match.start()][-80:])
    return kind not in _RANDOM_KINDS or looks_random(value)


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


def _kind(kind: str, needle: str, pattern: str) -> tuple[str, str, re.Pattern[str]]:
    """A kind of secret: a lower-case text that must be there at all, and the pattern."""
    whole = pattern if "(?P<v>" in pattern else f"(?P<v>{pattern})"
    return kind, needle, re.compile(whole)


_KINDS = (
    _kind("anthropic-key", "sk-ant-", r"sk-ant-[\w-]{20,}"),
    _kind("openai-key", "sk-", r"sk-(?:proj|svcacct|admin|None)-[\w-]{20,}"),
    _kind("api-key", "sk-", r"sk-[\w-]{20,}"),
    _kind("google-api-key", "aiza", r"AIza[\w-]{35}(?![\w-])"),
    _kind("google-oauth-token", "ya29.", r"ya29\.[\w-]{20,}"),
    _kind("google-oauth-secret", "gocspx-", r"GOCSPX-[\w-]{20,}"),
    _kind("google-refresh-token", "1//0", r"1//0[\w-]{30,}"),
    _kind("aws-access-key", "a", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Za-z0-9])"),
    _kind(
        "aws-secret-key",
        "secret",
        r"(?i:aws\w{0,20}|secret_?access_?key)[\"'\s:=\\]{1,12}(?P<v>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
    ),
    _kind("bedrock-api-key", "absk", r"ABSK[A-Za-z0-9+/]{100,}={0,2}"),
    _kind(
        "bedrock-api-key",
        "bedrock-api-key-",
        r"bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t[A-Za-z0-9+/=]*",
    ),
    _kind("huggingface-token", "api_org_", r"api_org_[A-Za-z0-9]{34}(?![A-Za-z0-9_])"),
    _kind("huggingface-token", "hf_", r"hf_[A-Za-z0-9]{34}(?![A-Za-z0-9_])"),
    _kind("groq-key", "gsk_", r"gsk_[A-Za-z0-9]{40,}"),
    _kind("xai-key", "xai-", r"xai-[A-Za-z0-9]{40,}"),
    _kind("perplexity-key", "pplx-", r"pplx-[A-Za-z0-9]{32,}"),
    _kind("nvidia-key", "nvapi-", r"nvapi-[\w-]{40,}"),
    _kind("replicate-token", "r8_", r"r8_[A-Za-z0-9]{37}"),
    _kind("fireworks-key", "fw_", r"fw_[A-Za-z0-9]{20,}"),
    _kind("together-key", "tgp_v1_", r"tgp_v1_[\w-]{30,}"),
    _kind("cerebras-key", "csk-", r"csk-[a-z0-9]{40,}"),
    _kind("langsmith-key", "lsv2_", r"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}"),
    _kind("pinecone-key", "pcsk_", r"pcsk_[A-Za-z0-9_]{40,}"),
    _kind("tavily-key", "tvly-", r"tvly-[\w-]{20,}"),
    _kind("github-token", "gh", r"gh[pousr]_[A-Za-z0-9]{36,}"),
    _kind("github-token", "github_pat_", r"github_pat_\w{60,}"),
    _kind(
        "gitlab-token", "gl", r"gl(?:pat|[dfr]t|rtr|ptt|imt|agent|soat|cbt|oas|ffct)-[\w=.-]{20,}"
    ),
    _kind("slack-token", "xox", r"xox[abeoprs](?:\.xox[bp])?-[\w-]{20,}"),
    _kind("slack-token", "xapp-", r"xapp-\d-[\w-]{20,}"),
    _kind(
        "webhook-url",
        "://",
        r"https?://(?:hooks\.slack\.com/(?:services|workflows|triggers)"
        r"|discord(?:app)?\.com/api/webhooks)/(?P<v>[\w/+-]{30,})",
    ),
    _kind("stripe-key", "k_", r"(?:sk|rk)_(?:live|prod|test)_[A-Za-z0-9]{10,}"),
    _kind("stripe-webhook-secret", "whsec_", r"whsec_[A-Za-z0-9+/]{20,}"),
    _kind("npm-token", "npm_", r"npm_[A-Za-z0-9]{36}"),
    _kind("pypi-token", "pypi-ageichlwas5vcmc", r"pypi-AgEIcHlwaS5vcmc[\w-]{40,}"),
    _kind("rubygems-key", "rubygems_", r"rubygems_[0-9a-f]{48}"),
    _kind("sendgrid-key", "sg.", r"SG\.[\w-]{16,32}[\w.-]{20,}"),
    _kind("twilio-key", "sk", r"SK[0-9a-f]{32}(?![A-Za-z0-9])"),
    _kind("databricks-token", "dapi", r"dapi[0-9a-f]{32}(?:-\d)?"),
    _kind("digitalocean-token", "_v1_", r"do[opr]_v1_[0-9a-f]{64}"),
    _kind("shopify-token", "shp", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    _kind("telegram-token", ":aa", r"\d{8,10}:AA[\w-]{33}"),
    _kind("vault-token", "hv", r"hv[sb]\.[\w-]{24,}"),
    _kind("terraform-token", ".atlasv1.", r"\w{14}\.atlasv1\.[\w=-]{60,}"),
    _kind("grafana-token", "gl", r"gl(?:sa|c)_[A-Za-z0-9_+/]{32,}={0,2}"),
    _kind(
        "sentry-token", "sntry", r"sntry(?:s_[A-Za-z0-9_+/=]{40,}|u_[0-9a-f]{64}(?![A-Za-z0-9]))"
    ),
    _kind("linear-key", "lin_api_", r"lin_api_[A-Za-z0-9]{40}"),
    _kind("notion-token", "ntn_", r"ntn_[A-Za-z0-9]{40,}"),
    _kind("airtable-token", "pat", r"pat\w{14}\.[0-9a-f]{64}"),
    _kind("postman-key", "pmak-", r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    _kind("doppler-token", "dp.pt.", r"dp\.pt\.[A-Za-z0-9]{43}"),
    _kind("pulumi-token", "pul-", r"pul-[0-9a-f]{40}"),
    _kind("planetscale-token", "pscale_", r"pscale_\w{2,5}_[\w=.-]{32,}"),
    _kind("atlassian-token", "atatt3", r"ATATT3[\w=-]{60,}"),
    _kind("age-key", "age-secret-key-", r"AGE-SECRET-KEY-1[A-Z0-9]{58}"),
    _kind("azure-secret", "q~", r"[\w.~]{3}\dQ~[\w.~-]{31,34}"),
    _kind("azure-account-key", "accountkey=", r"(?i:AccountKey)=(?P<v>[A-Za-z0-9+/]{40,}={0,2})"),
    _kind("mailgun-key", "key-", r"key-[0-9a-f]{32}(?![0-9A-Za-z])"),
    _kind("mailchimp-key", "-us", r"[0-9a-f]{32}-us\d{1,2}(?![0-9A-Za-z])"),
    _kind("heroku-key", "hrku-", r"HRKU-[\w-]{30,}"),
    _kind("facebook-token", "eaa", r"EAA[MC][A-Za-z0-9]{100,}"),
    _kind("figma-token", "figd_", r"figd_[\w-]{40}"),
    _kind(
        "sourcegraph-token",
        "sgp_",
        r"sgp_(?:(?:[0-9a-fA-F]{16}|local)_)?[0-9a-fA-F]{40}(?![A-Za-z0-9])",
    ),
    _kind("square-token", "eaaa", r"EAAA[\w-]{60}"),
    _kind("alibaba-access-key", "ltai", r"LTAI[A-Za-z0-9]{20}(?![A-Za-z0-9])"),
    _kind(
        "onepassword-key",
        "a3-",
        r"A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}",
    ),
    _kind("onepassword-token", "ops_ey", r"ops_eyJ[A-Za-z0-9+/]{100,}={0,3}"),
    _kind("duffel-token", "duffel_", r"duffel_(?:test|live)_[\w=-]{40,}"),
    _kind("dynatrace-token", "dt0c01.", r"dt0c01\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{64}"),
    _kind("easypost-key", "ez", r"(?<![+/])EZ[AT]K[A-Za-z0-9]{54}(?![A-Za-z0-9])"),
    _kind("flutterwave-key", "flw", r"FLW(?:SEC|PUB)K_TEST-[0-9a-fA-F]{12,32}(?:-X)?"),
    _kind("shippo-token", "shippo_", r"shippo_(?:live|test)_[0-9a-f]{40}"),
    _kind("settlemint-token", "sm_", r"sm_[aps]at_[A-Za-z0-9]{16}"),
    _kind("defined-networking-token", "dnkey-", r"dnkey-[\w=-]{26}-[\w=-]{52}"),
    _kind("intra42-secret", "s-s4t2", r"s-s4t2(?:ud|af)-[0-9a-f]{64}"),
    _kind("openshift-token", "sha256~", r"sha256~[\w-]{43}"),
    _kind(
        "webhook-url",
        "webhook.office.com",
        r"[\w-]{1,40}\.webhook\.office\.com/webhookb2/(?P<v>[\w@-]{30,}/IncomingWebhook/[\w/-]{30,})",
    ),
    _kind("yandex-key", "aqvn", r"AQVN[\w-]{35,38}"),
    _kind("yandex-token", "t1.", r"t1\.[A-Z0-9a-z_-]{20,}={0,2}\.[A-Z0-9a-z_-]{80,}={0,2}"),
    _kind(
        "plaid-token",
        "access-",
        r"access-(?:sandbox|development|production)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    ),
    _kind("newrelic-key", "nr", r"NR(?:AK|II|IQ|JS|RA)-[A-Za-z0-9-]{19,32}"),
    _kind("square-secret", "sq0", r"sq0(?:csp|atp|idp)-[\w^-]{22,43}"),
    _kind("brevo-key", "xkeysib-", r"xkeysib-[0-9a-f]{64}-[A-Za-z0-9]{16}"),
    _kind("prefect-key", "pnu_", r"pnu_[A-Za-z0-9]{36}"),
    _kind("readme-key", "rdme_", r"rdme_[a-z0-9]{70}"),
    _kind("clojars-token", "clojars_", r"(?i:CLOJARS)_[a-zA-Z0-9]{60}"),
    _kind("fly-token", "fm2_", r"fm2_[A-Za-z0-9+/]{100,}={0,3}"),
    _kind("mapbox-token", "k.", r"[ps]k\.[A-Za-z0-9]{60}\.[A-Za-z0-9]{22}"),
    _kind("gitlab-token", "gr1348941", r"GR1348941[\w-]{20}"),
    _kind("scalingo-token", "tk-us-", r"tk-us-[\w-]{48}"),
    _kind("harness-token", "at.", r"[ps]at\.[\w-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}"),
    _kind("frameio-token", "fio-u-", r"fio-u-[\w=-]{64}"),
    _kind("cloudflare-key", "v1.0-", r"v1\.0-[0-9a-f]{24}-[0-9a-f]{146}"),
    _kind("docker-token", "dckr_", r"dckr_(?:pat|oat)_[\w-]{27,}"),
    _kind("supabase-key", "sb", r"sb(?:p_[0-9a-f]{40}|_secret_[\w-]{22,})"),
    _kind("posthog-key", "ph", r"ph[cx]_[A-Za-z0-9]{40,}"),
    _kind("contentful-token", "cfpat-", r"CFPAT-[\w-]{43}"),
    _kind("facebook-app-token", "|", r"\d{15,16}(?:\||%)[\w-]{27,40}"),
    _kind("lob-key", "_", r"(?:test|live)_(?:pub_[0-9a-f]{31}|[0-9a-f]{35})(?![0-9A-Za-z])"),
    _kind(
        "authress-key",
        ".acc_",
        r"(?:sc|ext|scauth|authress)_[A-Za-z0-9]{5,30}\.[A-Za-z0-9]{4,6}\.acc_[\w-]{10,32}\.[\w+/=-]{30,120}",
    ),
    _kind(
        "sidekiq-secret",
        "contribsys",
        r"(?i:BUNDLE_(?:ENTERPRISE|GEMS)__CONTRIBSYS__COM)\w{0,10}[\"'\s:=>?|\`,\\+.]{1,20}(?P<v>[0-9a-f]{8}:[0-9a-f]{8})",
    ),
    _kind("jwt", "eyj", r"eyJ[\w-]{10,2000}+\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    _kind(
        "private-key",
        "private key",
        r"(?P<v>-----BEGIN[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
        r"(?:\\[nr]|\s){0,40}[A-Za-z0-9+/=]{20,})",
    ),
    _kind("session-cookie", "_cf", r"(?:__cf_bm|_cfuvid)=(?P<v>[\w.-]{20,})"),
    _kind(
        "url-password",
        "://",
        r"[A-Za-z][A-Za-z0-9+.-]{1,20}://[^\s:/@\"'<>\\]{0,80}:(?P<v>[^\s:/@\"'<>\\]{3,200})@[\w\[.-]",
    ),
    _kind(
        "authorization",
        "authorization",
        r"(?i:authorization)[\"'\s:=\\\[(]{1,12}"
        r"(?i:bearer|basic|token|api-?token|apikey|key)\s{1,4}(?P<v>[\w.~+/=-]{12,})",
    ),
    _kind("bearer-token", "bearer", r"(?i:\bbearer)\s{1,4}(?P<v>[\w.~+/-]{20,}={0,2})"),
    _kind("named-secret", "", r"[:=]\s{0,4}[\"'\\]{0,2}(?P<v>[\w./+~=-]{16,})(?![\w(\[{])"),
)
"""Kinds of secrets, the special ones first."""

_RANDOM_KINDS = frozenset({"api-key", "bearer-token", "authorization", "slack-token"})
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


_TEST_KEY = re.compile(r"(?i)^(?:[a-z]{2,8}_test[-_]|test_(?:pub_)?(?=[0-9a-f]{31}))")
"""What issuers write in front of the keys of their test systems, which are keys as well."""
_PLACEHOLDER = re.compile(
    r"(?i)example|scrubbed|redacted|placeholder|change.?me|insert|<|\$\{|\.\.\.|\*{3}|x{4}|_here\b"
    r"|(?:^|[^a-z])(?:your|my|dummy|fake|mock|sample|test|none|null|password|passwd|pass|secret)(?![a-z0-9])"
    r"|12345678|abcdefgh"
)
