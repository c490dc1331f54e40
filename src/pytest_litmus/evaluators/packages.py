"""Packages: what generated code imports or installs, held against the packages that are known.

Models invent names, and others register them, https://arxiv.org/abs/2406.10279. Offline: only the
list that is given decides.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterator

from pytest_litmus.evaluators.absence import Place, absence
from pytest_litmus.evaluators.said import Said, text_of
from pytest_litmus.verdicts import Score, Verdict


def only_known_packages(
    said: Said,
    *,
    known: Collection[str],
    at_least: float | None = None,
    at_most: float | None = None,
) -> Score | Verdict:
    """Whether code uses known packages alone: the value is how many others it names, wanted 0.

    Reads Python's imports, JavaScript's `require` and `from`, and what pip, uv, npm, pnpm and yarn
    are told to install. Python's and Node's own modules and relative imports are always known.
    In answers with fenced code, prose is left out. 0 where no package is named. Never None.
    Blind to other languages, and to names that are put together while the code runs.

    Args:
        said: The code, or an answer that holds some.
        known: Names as imported or as installed; case and `-`, `_`, `.` do not matter.
        at_least: Limit.
        at_most: Limit; 0 unless one is given.
    """
    text = text_of(said)
    names = {_plain(name) for name in known}
    unknown = {
        place[1]: place for place in _named(text) if not _is_known(text[place[1] : place[2]], names)
    }
    return absence(
        "only_known_packages",
        text,
        unknown.values(),
        "see whether it exists and is the one that is meant",
        at_least=at_least,
        at_most=at_most,
    )


def _named(text: str) -> Iterator[Place]:
    """Each package that the code names."""
    fences = list(_FENCE.finditer(text))
    for kind, start, end in ((m["kind"].lower(), *m.span("code")) for m in fences):
        yield from _named_between(text, start, end, kind)
    if not fences:
        yield from _named_between(text, 0, len(text), "")


def _named_between(text: str, start: int, end: int, kind: str) -> Iterator[Place]:
    for rule, pattern, languages in _IMPORTS:
        if kind and languages and kind not in languages:
            continue
        for match in pattern.finditer(text, start, end):
            names = _INSTALLED if rule == "install" else _IMPORTED
            for name in names.finditer(text, *match.span("names")):
                yield rule, name.start("name"), name.end("name")


def _is_known(name: str, known: Collection[str]) -> bool:
    root = name if name.startswith("@") else name.split("/", maxsplit=1)[0]
    plain = _plain(root)
    return (
        root in sys.stdlib_module_names
        or plain in _NODE
        or plain in known
        or _plain(_DISTRIBUTIONS.get(root, root)) in known
    )


def _plain(name: str) -> str:
    """A name as registries compare them."""
    return re.sub(r"[-_.]+", "-", name).lower()


_FENCE = re.compile(
    r"(?ms)^ {0,3}```[ \t]{0,9}(?P<kind>\w*)[^\n`]{0,99}\n(?P<code>.*?)(?:^ {0,3}```|\Z)"
)
_PYTHON = frozenset({"python", "py", "python3", "ipython"})
_SCRIPT = frozenset({"javascript", "js", "jsx", "typescript", "ts", "tsx", "node", "mjs"})
_IMPORTS = (
    (
        "import",
        re.compile(
            r"(?m)^[ \t]{0,40}import[ \t]{1,9}"
            r"(?P<names>[A-Za-z_][\w., \t]{0,200})[ \t]{0,9}(?:#[^\n]{0,300})?$"
        ),
        _PYTHON,
    ),
    (
        "import",
        re.compile(
            r"(?m)^[ \t]{0,40}from[ \t]{1,9}"
            r"(?P<names>[A-Za-z_]\w{0,99})[\w.]{0,200}[ \t]{1,9}import\b"
        ),
        _PYTHON,
    ),
    (
        "import",
        re.compile(
            r"(?:\brequire[ \t]{0,9}\(|\bfrom|^import)[ \t]{0,9}[\"'](?:node:)?"
            r"(?P<names>@?[A-Za-z][\w./-]{0,200})[\"']",
            re.MULTILINE,
        ),
        _SCRIPT,
    ),
    (
        "install",
        re.compile(
            r"\b(?:pip3?[ \t]{1,9}install|uv[ \t]{1,9}(?:add|pip[ \t]{1,9}install)"
            r"|poetry[ \t]{1,9}add|npm[ \t]{1,9}(?:install|i|add)|(?:yarn|pnpm)[ \t]{1,9}add)"
            r"(?P<names>(?:[ \t]{1,9}[\w@/.\-\[\],=<>~!\"']{1,100}){1,30})"
        ),
        frozenset[str](),
    ),
)
"""What names packages, and the fences in which it does; any fence where there are none."""
_IMPORTED = re.compile(
    r"(?:^|,[ \t]{0,9}|(?<=import )|(?<=from )|(?<=[\"']))(?P<name>@[\w-]+/[\w.-]+|[A-Za-z_][\w-]*)"
)
_INSTALLED = re.compile(
    r"(?<=[ \t])[\"']?(?P<name>@[\w.-]{1,99}/[\w.-]{1,99}|[A-Za-z][\w.-]{0,99})"
)
_NODE = frozenset(
    (
        "assert",
        "async-hooks",
        "buffer",
        "child-process",
        "cluster",
        "console",
        "constants",
        "crypto",
        "dgram",
        "dns",
        "domain",
        "events",
        "fs",
        "http",
        "http2",
        "https",
        "inspector",
        "module",
        "net",
        "os",
        "path",
        "perf-hooks",
        "process",
        "punycode",
        "querystring",
        "readline",
        "repl",
        "stream",
        "string-decoder",
        "test",
        "timers",
        "tls",
        "tty",
        "url",
        "util",
        "v8",
        "vm",
        "wasi",
        "worker-threads",
        "zlib",
    )
)
"""https://nodejs.org/api/modules.html#built-in-modules"""
_DISTRIBUTIONS = {
    "bs4": "beautifulsoup4",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "PIL": "pillow",
    "sklearn": "scikit-learn",
    "yaml": "pyyaml",
}
"""Import names that their distribution does not bear."""
