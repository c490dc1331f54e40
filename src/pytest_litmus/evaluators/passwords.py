"""Passwords: where sentences, commands, connections and calls tell one.

What people choose has no form. It is known by the words in front of it, and told from ordinary
words by a digit or a sign within.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pytest_litmus.capture.secret_scan import is_placeholder
from pytest_litmus.evaluators.absence import Place
from pytest_litmus.evaluators.terms import weight_of

LEAST_PASSWORD = 6
LEAST_BARE_PASSWORD = 8

CODE = re.compile(
    r"^[./@$%]|://|^\d{4}-\d\d-\d\d|^[A-Za-z]+(?:[._-][A-Za-z]+){0,9}[._-]?v?\d{0,4}$"
)
"""Paths, addresses, dates, and names that end in a number, which code gives to such names."""


def told_passwords(text: str, lowered: str) -> Iterator[Place]:
    """Passwords that nothing but the words around them tells.

    Args:
        text: The output.
        lowered: The same in lower case.
    """
    if any(word in lowered for word in _WORDS) or _ADDRESS.search(text):
        yield from _connections(text)
        yield from _sentences(text)
        yield from _pairs(text)
    if _BRACKETS.search(text):
        yield from _odd(text)
    if "://" in text:
        yield from _mail_urls(text)
    if "curl" in lowered:
        yield from _curl_users(text)
    if any(word in lowered for word in ("auth", "login", "credential", "directoryentry")):
        yield from _calls(text)
    if "$" in text or "{s" in lowered:
        yield from _hashes(text)


def is_stand_in(value: str) -> bool:
    """Whether a value stands for a password that somebody else is to put in."""
    return is_placeholder(value) or _STAND_IN.search(value) is not None


def is_password(value: str) -> bool:
    """Whether people would choose it: letters with a digit or a sign; words alone are labels."""
    return (
        len(value) >= LEAST_PASSWORD
        and any(map(str.isalpha, value))
        and re.search(r"\d|\w[!@#$%^&*]", value) is not None
        and _PATH.match(value) is None
        and not value.lower().startswith("&lt;")
    )


def is_quoted_password(value: str) -> bool:
    """Likewise in quotes, where letters that are no word and no label are one, too."""
    return is_password(value) or _is_made_up(value)


def _is_made_up(value: str) -> bool:
    if len(value) < LEAST_BARE_PASSWORD or not (value.isascii() and value.isalpha()):
        return False
    if _NO_WORD.search(value):
        return True
    return value.islower() and not _LABEL.search(value) and weight_of(value) == 1


def is_odd(value: str) -> bool:
    """Whether brackets close what they did not open: neither code nor a template does that."""
    if not any(map(str.isalpha, value)) or _SIGN.search(value) is None:
        return False
    opened: list[str] = []
    for char in value:
        if char in "([{":
            opened.append(char)
        elif char in ")]}" and opened and opened.pop() + char not in {"()", "[]", "{}"}:
            return True
    return False


def is_bare_password(value: str) -> bool:
    """Likewise without quotes, where code stands as well: digits within, or a sign."""
    return len(value) >= LEAST_BARE_PASSWORD and is_password(value) and _is_mixed(value)


def _is_mixed(value: str) -> bool:
    return (
        CODE.search(value) is None
        and re.search(r"[A-Za-z]\d{1,4}[A-Za-z]|[A-Za-z\d][!@#$%^&*]", value) is not None
    )


def _connections(text: str) -> Iterator[Place]:
    """Passwords of connection strings, of commands' options and of statements in SQL."""
    for pattern in (_CONNECTION, _OPTION, _SQL, _BARE):
        for match in pattern.finditer(text):
            value = match["v"]
            if is_password(value) and not is_stand_in(value) and CODE.search(value) is None:
                yield "password-assignment", match.start("v"), match.end("v")


def _sentences(text: str) -> Iterator[Place]:
    for match in (*_TOLD.finditer(text), *_TOLD_AFTER.finditer(text)):
        value = match["v"].rstrip(".,;:!?)")
        start = match.start("v")
        quoted = start > 0 and text[start - 1] in "\"'`*"
        compared = "=" in text[match.start() : start] and not quoted
        if compared and not _is_mixed(value):
            continue  # with a variable, in code
        if _is_told(match["v"], value, quoted=quoted):
            yield "password-told", start, start + len(value)


def _is_told(written: str, value: str, *, quoted: bool) -> bool:
    if (
        not (is_password(value) or (quoted and _is_made_up(value)))
        or is_stand_in(value)
        or is_stand_in(written)
    ):
        return False
    if _NO_PASSWORD.search(value) is not None or value.endswith(("=", "(", "{")):
        return False
    return quoted or any(map(str.isdigit, value)) or _is_mixed(value)


def _mail_urls(text: str) -> Iterator[Place]:
    """Passwords in addresses whose user has an `@` of its own."""
    for match in _MAIL_URL.finditer(text):
        if not is_stand_in(match["v"]):
            yield "url-password", match.start("v"), match.end("v")


def _odd(text: str) -> Iterator[Place]:
    """Values of signs, behind the name of any secret."""
    for match in _ODD.finditer(text):
        if is_odd(match["v"]):
            yield "secret-assignment", match.start("v"), match.end("v")


def _pairs(text: str) -> Iterator[Place]:
    """A name and a password with one sign between them, behind a host or behind `ID/PW`."""
    for match in _USER_AND.finditer(text):
        value = match["v"]
        if is_bare_password(value) and not is_stand_in(value):
            yield "password-told", match.start("v"), match.end("v")


def _calls(text: str) -> Iterator[Place]:
    """A name and a password as the arguments of what logs in."""
    for match in _CALL.finditer(text):
        value = match["v"]
        if is_quoted_password(value) and not is_stand_in(value) and not _PATH.match(value):
            yield "password-argument", match.start("v"), match.end("v")


def _curl_users(text: str) -> Iterator[Place]:
    for match in _CURL_USER.finditer(text):
        if match["v"] is not None:
            if not is_stand_in(match["v"]):
                yield "curl-user", match.start("v"), match.end("v")
        elif is_bare_password(match["key"]) and not is_stand_in(match["key"]):
            yield "curl-user", match.start("key"), match.end("key")


def _hashes(text: str) -> Iterator[Place]:
    """Hashes of passwords as `crypt` and LDAP write them, which can be guessed from."""
    for match in _HASH.finditer(text):
        yield "password-hash", match.start(), match.end()


_WORDS = (
    *(
        "pass",
        "pwd",
        "pw",
        "securestring",
        "credential",
        "ident",
        " -a ",
        " -w ",
        "net use",
        "psexec",
        "login",
    ),
    *(
        "p/w",
        "contrase",
        "kennwort",
        "senha",
        "비번",
        "비밀번호",
        "패스워드",
        "암호",
        "密码",
        "パスワード",
    ),
)
"""One of these is in each text that the patterns below can match."""
_ADDRESS = re.compile(r"\d\.\d{1,3}(?::\d{2,5})?[\t ]?(?:\(|-->)")
"""Of a host, with something in brackets behind."""
_STAND_IN = re.compile(
    r"(?i)^(?:pass(?:word|wd|phrase)?|secret|p[a@]ssw[o0]rd|admin|user|root|string|hello|foo|bar)"
    r"[\W_]?\d{0,4}!?$|^your\w"
    r"|^(?:my|the|some|replace|enter|new|old|strong|secure|super)(?-i:[A-Z_-])"
    r"|^<|[_-](?:key|token|secret|password)$|^[$%][\w({]|^\{\{|process\.env|os\.environ|getenv"
)
_NO_WORD = re.compile(r"(?i)[bcdfghjklmnpqrstvwxz]{5}|q(?!u)[a-z]")
_LABEL = re.compile(
    r"^(?:your|my|the|a|new|old|user|admin|root|secret|super|test|example|some|db|confirm|current"
    r"|wrong|enter|reset|hashed|encrypted|plain|raw|forgot|change|update|verify|invalid|bad|strong"
    r"|weak|temp|default|fake|dummy|login|show|hide|toggle|set|get|is|has|no|repeat|retype|valid"
    r"|incorrect|correct|empty|missing|short|long|initial|account){0,3}"
    r"(?:pass(?:word|wd|phrase|code)?|pwd|pw|secret|token|key|name|text|field|input|hash|value)s?"
    r"(?:here|field|input|hash|reset|confirm|confirmation|again|repeat|text|label|hint|error)?$"
    r"|passwort|kennwort|contrase|senha|wachtwoord|parola|heslo|l[oö]senord|^x+$|^(.)\1+$"
)
"""What forms and settings call a password, and what examples put for one."""
_SIGN = re.compile(r"[$#@!%^&*]")
_PATH = re.compile(
    r"^(?:\.{0,2}/|[A-Za-z]:\\|~/)[\w./\\@:%?=&#+-]{0,200}$|^[a-z_-]+(?:/[a-z_#-]+)+$"
)
_NO_PASSWORD = re.compile(
    r"(?i)^(?:sha|md|base|utf|aes|rsa|oauth|bcrypt|scrypt|argon|pbkdf|hmac|ntlm|x|rfc|iso|v|http"
    r"|tls|ssl|wpa|ipv|oauth\d?|python|windows|section|step|chapter|page|line)[-_]?\d[\w./-]{0,20}$"
    r"|^\d{1,4}(?:[-\u2013+/x]|\w{0,2}$)|://|^[\w.+-]+@[\w-]+\.|^\d{1,2}[-/.]\d|^[(\[{<$%#]|[({]$"
    r"|^\w{1,30}[.(]\w{0,30}[(\[]|n't$|'s$|^(?:[A-Za-z]{2,}-)+[A-Za-z]{2,}$|\w/\w+/|^&|[|]"
)
"""What a sentence about passwords says of them: `SHA-256`, `8-character`, an address, a call."""
_VALUE = r"[^\s\"'`<>]{6,64}"
_NAME = (
    r"(?:passwords?|paa?s{1,2}wor?s?d|passcode|passphrase|passwd|contrase\u00f1a|kennwort|passwort|senha"
    r"|비밀번호|비번|패스워드|암호|密码|パスワード)"
)
_TOLD = re.compile(
    rf"(?i)(?:(?<![\w-]){_NAME}[\"'*`]{{0,3}}"
    r"(?:[\t ](?:for|of|in|to|on|at|you|that|we|i|which|will)(?:[\t ][\w.@'-]{1,40}){0,5}?)?"
    r"(?:[\t ]{0,20}(?:={1,3}|=>|!==?|:|-{1,6}>?|\(|[|]|(?:</?\w[^<>\n]{0,80}>\s{0,20}){2,4})"
    r"|[\t ](?:is|was|be|are)(?:[\t ](?:now|currently|set to|still)\b)?"
    r"|[\t ](?:(?:has[\t ]been|was|is)[\t ])?(?:set|reset|changed|updated)[\t ]to)[\t ]{0,20}[:=]?"
    r"|(?:(?<![A-Za-z-])p/?w|(?<![\w-])(?:pwd|pass)|(?<=[_/])(?:pwd|pw))"
    r"[\"'*`)]{0,3}[\t ]?[:=(][\t ]{0,3}|(?<![\w-])pwd[\t ](?:of|for)[\t ]\S{1,30}[\t ]is[\t ]"
    r"|(?<!\w)(?:re)?set[\t ](?:your|the|my|his|her)[\t ]password[\t ]to[\t ]"
    r"|(?<!\w)(?:user|login|id|username)[\t :=]{1,3}\S{2,60}[\t ,/]{1,4}pass(?:word|wd)?[\t ])"
    rf"[\t ]{{0,20}}[*(\[]{{0,3}}[\t ]{{0,2}}[\"'`*]?(?:[\w.@-]{{2,30}}/)?(?P<v>{_VALUE})"
)
"""`the admin password for db1 is Tr0mb0ne!`, `(pw:Tr0mb0ne)`, `user bob, password Tr0mb0ne`."""
_TOLD_AFTER = re.compile(
    rf"(?i)(?<![\w/.@-])(?P<v>{_VALUE})[\"'`*]{{0,3}}[\t ]is[\t ](?:the|your|my|our|his|her)[\t ]"
    rf"(?:\w{{2,20}}[\t ])?{_NAME}\b"
)
_USER_AND = re.compile(
    r"(?i)(?:\b(?:id|ip|user(?:name)?|login|account)[\t ]?[/&,][\t ]?(?:pw|pwd|pass(?:word|wd)?)\)?"
    r"(?:[\t ]for[\t ][\w.]{1,30})?[\t :=-]{1,4}\(?[\w.@-]{1,40}[\t ]?[/:(,]"
    r"|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{2,5})?[\t ]?(?:\([\t ]?|-->)[\w.-]{1,30}[/:,])"
    r"[\t ]?(?P<v>[^\s()/,\"'<>]{8,40})"
)
_CALL = re.compile(
    r"(?i)(?:\bauth[\t ]?=[\t ]?[(\[]|BasicAuth\(|\blog_?in\(|Credentials?\(|\bsign_?in\("
    r"|NetworkCredential\(|DirectoryEntry\(\s{0,40}[\"'][^\"'\n]{3,100}[\"'],"
    r"|set_?auth\w{0,8}\()\s{0,40}[\"'][^\"'\n]{1,80}[\"'],\s{0,40}"
    r"[\"'](?P<v>[^\s\"']{6,64})[\"'][\t ]?[),\]]"
)
_BARE = re.compile(
    rf"(?i)(?<![\w-])(?:{_NAME}|pw|p/w)[\t ]{{1,3}}"
    r"(?-i:(?=[^\s]{0,40}[a-z])(?=[^\s]{0,40}[A-Z])(?=[^\s]{0,40}\d[^\s]{0,40}[$#@!%^&*]))"
    r"(?P<v>[A-Za-z\d][^\s\"'`<>(){}.,]{7,40})(?=[\s,;)]|$)"
)
"""Without any sign between, where a value has letters of both cases, a digit and a sign."""
_MAIL_URL = re.compile(
    r"://[\w.+-]{1,60}@[\w-]{1,60}\.[\w.]{2,20}:(?P<v>[^\s:/@\"'<>]{3,80})@[\w\[]"
)
_CONNECTION = re.compile(
    r"(?i)(?:uid|user ?(?:id|name)?|host|server|data ?(?:base|source)|dbname|catalog)\s{0,2}="
    r"[^\n<>]{0,200}?[;&?,\s\"'](?:password|passwd|pwd)\s{0,2}=\s{0,2}"
    r"(?P<v>[^\s;&\"'`<>{}()\[\]]{4,64})(?=[;&\"'\s\\]|$)"
)
_OPTION = re.compile(
    r"(?i)(?:(?<![\w-])--?(?:[a-z]{1,12}-?)?(?:password|passwd|passphrase|pwd|pass|storepass|keypass)"
    r"(?:[= ]|[\"'], ?)(?:pass:)?"
    r"|\bsshpass -p ?|/pass(?:word)?:|\brequirepass |\bredis-cli [^\n]{0,80}?-a "
    r"|\bConvertTo-SecureString (?:-(?:String|AsPlainText|Force) ){0,3}|\benable password "
    r"|\bldap\w{2,10} [^\n]{0,160}? -w ?|\bdocker login [^\n]{0,100}?-p "
    r"|\bnet use [^\n]{0,100}?/user:\S{1,60} "
    r"|\bmysql\w{0,8} [^\n]{0,80}? -p|\blogin\s{1,4}\S{1,80}\s{1,4}password\s"
    r"|\bpsexec[^\n]{0,100}? -u \S{1,60} -p )"
    r"[\"']?(?P<v>[^\s\"'`$<>{}()]{6,64})"
)
"""Of commands, and of `.netrc`."""
_SQL = re.compile(
    r"(?i)(?:\bidentified (?:with [\w'\"]{1,40} )?(?:by|as)|\b(?:login|encrypted|with|role \w{1,60}"
    r"|user \w{1,60}) password ?=?|= ?password ?\(|\bvalues ?\(password ?\() ?"
    r"[\"'`]?(?P<v>[^\s\"'`$<>{}();]{6,64})"
)
_BRACKETS = re.compile(r"[({\[][^\s\"'(){}\[\]]{0,60}[)\]}][^\s\"'<>]{0,60}[$#@!%^&*]")
_ODD = re.compile(
    r"(?i)(?:api_?key|secret|password|passwd|pwd|private_?key|token)\w{0,12}[\"'\]\[]{0,4}"
    r"[\t ]{0,8}(?:[:?]?=>?|:|(?<=[\t ])|(?=[\"']))[\t ]{0,8}@?[\"'`]?(?P<v>[^\s\"'`]{12,200})"
)
_HASH = re.compile(
    r"(?<![\w$])\$(?:[1568]|apr1)\$(?:rounds=\d{1,9}\$)?[\w./]{1,16}\$[\w./]{22,88}(?![\w./])"
    r"|(?<![\w$])\$2[abxy]?\$\d\d\$[\w./]{53}(?![\w./])"
    r"|(?<![\w$])\$argon2(?:id|i|d)\$v=\d{1,3}\$[\w=,]{5,60}\$[\w+/]{8,90}\$[\w+/]{20,180}"
    r"|\{S?SHA(?:256|512)?\}[A-Za-z0-9+/]{27,100}={0,2}"
)
_CURL_USER = re.compile(
    r"\bcurl\b(?:[^\n\\]|\\\n?){0,300}?\s(?:-u|--user)[\s=]{0,3}"
    r"[\"']?(?:[^\s:\"']{1,80}:(?P<v>[^\s\"'$<{][^\s\"'<{]{5,200})|(?P<key>[\w.-]{16,200}):)"
)
