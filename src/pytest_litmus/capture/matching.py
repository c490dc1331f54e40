"""Matching: which recorded request answers this one, and where the nearest one differs."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest
from itertools import zip_longest
from typing import Any, Literal, TypeGuard

from pytest_litmus.capture.exchange import Request

Part = str | Callable[[Request], object]
"""A part of a request: one of `PARTS`, or a function of the request."""

PARTS = ("method", "scheme", "host", "port", "path", "query", "body")

Kind = Literal["changed", "added", "missing"]
"""Of a value, from the recording to now."""

Step = str | int | None
"""A key of an object, an index of a list, or None for all of either (`*`)."""

_MOST_CANDIDATES = 2_000
_MOST_TEXT_CHARS = 20_000
_MOST_COMPARED = 50
"""Texts compared character by character: each can take 12 ms."""
_MOST_DIFFERENCES = 5
_SHOWN_CHARS = 60
_SHOWN_BEFORE_CHARS = 20


@dataclass(frozen=True)
class Matching:
    """What has to be equal for a recorded request to answer a new one.

    The host counts without its port, the query in any order. A JSON body counts by its values: key
    order, white space and 1 or 1.0 make no difference. Any other body counts by its bytes, a
    multipart one without its boundary, which clients draw at random.

    Raises:
        ValueError: A name in `on` is none of `PARTS`, or a path in `ignore` cannot be read.
    """

    on: tuple[Part, ...] = ("method", "host", "path", "query", "body")
    """Parts that count. A function's result counts as its JSON, or as its repr."""
    ignore: tuple[str, ...] = ()
    """Paths in a JSON body whose values do not count, as in `metadata.run_id`,
    `messages[*].name`, `["a.b"]`. An ignored list item still counts as an item."""

    def __post_init__(self) -> None:
        for name in ("on", "ignore"):
            if isinstance(getattr(self, name), str):
                text = getattr(self, name)
                raise ValueError(f"{name}={text!r} is one text: write {name}=({text!r},)")  # noqa: TRY004 - a mistake of value, as the others
        if not self.on:
            raise ValueError("on is empty: every recorded request would answer every call")
        for part in self.on:
            _check_part(part)
        _ = self._ignored

    def key(self, request: Request) -> str:
        """The hex SHA-256 of the parts that count: requests of one key are answered alike."""
        digest = hashlib.sha256()
        for part in self.on:
            data = self._bytes(part, request)
            digest.update(b"%d:" % len(data) + data)
        return digest.hexdigest()

    def nearest(self, request: Request, recorded: Sequence[Request]) -> Nearest | None:
        """The recorded request most like this one, and how they differ in what counts.

        Those of the same method and path come first. None when nothing is recorded. Looks at the
        first 2,000 candidates, and in each at 20,000 characters of the body.
        """
        from rapidfuzz import fuzz, process

        alike = [i for i, each in enumerate(recorded) if _endpoint(each) == _endpoint(request)]
        candidates = (alike or list(range(len(recorded))))[:_MOST_CANDIDATES]
        wanted = _excerpt(self._text(request))
        texts = _likeliest(wanted, {i: _excerpt(self._text(recorded[i])) for i in candidates})
        if not texts:
            return None
        _, similarity, index = process.extractOne(wanted, texts, scorer=fuzz.ratio)
        found = list(self._differences(recorded[index], request))
        shown, rest = tuple(found[:_MOST_DIFFERENCES]), max(0, len(found) - _MOST_DIFFERENCES)
        return Nearest(index=index, similarity=similarity, differences=shown, more=rest)

    @cached_property
    def _ignored(self) -> tuple[tuple[Step, ...], ...]:
        return tuple(_steps(path) for path in self.ignore)

    def _bytes(self, part: Part, request: Request) -> bytes:
        if part == "body":
            return self._body(request)
        return _dumps(_value(part, request)).encode("utf-8", "surrogatepass")

    def _body(self, request: Request) -> bytes:
        """The body as it counts: canonical JSON, or bytes."""
        boundary = _boundary(request)
        if boundary:
            return request.body.replace(boundary, b"boundary")
        try:
            return _dumps(self._json(request)).encode("utf-8", "surrogatepass")
        except (ValueError, RecursionError):
            return request.body

    def _json(self, request: Request) -> Any:
        """The body's JSON without the ignored values; raises ValueError or RecursionError."""
        document = json.loads(request.body, parse_float=_number)
        for steps in self._ignored:
            _drop(document, steps)
        return document

    def _text(self, request: Request) -> str:
        head = f"{request.method} {request.host}{request.path} "
        return head + self._body(request).decode("utf-8", "replace")

    def _differences(self, old: Request, new: Request) -> Iterator[Difference]:
        for part in self.on:
            if part == "body":
                yield from self._body_differences(old, new)
            elif part == "query":
                yield from _query_differences(old, new)
            else:
                yield from _leaf_differences(_name(part), _value(part, old), _value(part, new))

    def _body_differences(self, old: Request, new: Request) -> Iterator[Difference]:
        try:
            yield from _tree_differences(self._json(old), self._json(new))
        except (ValueError, RecursionError):
            texts = (self._body(each).decode("utf-8", "surrogateescape") for each in (old, new))
            yield from _leaf_differences("body", *texts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One value that is not as it was recorded."""

    path: str
    """`method`, `host`, `path`, `?name` in the query, or a path in the JSON body; `body` is all of
    it."""
    kind: Kind
    old: str | None
    """As recorded, cut to about 60 characters around the first difference; None when added."""
    new: str | None
    """As now, cut alike; None when missing."""

    def __str__(self) -> str:
        if self.kind == "changed":
            return f"{self.path} differs: {self.old} and {self.new}"
        return f"{self.path} is {self.kind}: {self.new if self.kind == 'added' else self.old}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The recorded request most like one that has no answer."""

    index: int
    """Its place in the sequence, from 0."""
    similarity: float
    """0 to 100, of the texts."""
    differences: tuple[Difference, ...]
    """At most 5, in the order of `on` and of the recorded body. None at all means that the request
    was recorded, so that its answers are used up."""
    more: int
    """How many further differences there are."""


def nearest(
    request: Request, recorded: Sequence[Request], *, matching: Matching | None = None
) -> Nearest | None:
    """`Matching.nearest`; None stands for the default matching."""
    return (matching or Matching()).nearest(request, recorded)


def _check_part(part: Part) -> None:
    if callable(part) or part in PARTS:
        return
    raise ValueError(f"on: {part!r} is no part of a request{_did_you_mean(part)}; {_known()}")


def _did_you_mean(word: object) -> str:
    from rapidfuzz import process

    best = process.extractOne(str(word).lower(), PARTS, score_cutoff=60)
    return f", did you mean {best[0]!r}?" if best else ""


def _known() -> str:
    return f"known are {', '.join(PARTS)}, and functions of the request"


_STEP = re.compile(
    r"""
    (?:^|(?<=.)\.) (?P<name> [^.\[\]"'\s]+ )      # name, at the start or behind a dot
    | \[ (?P<index> \d{1,9} | \* ) \]             # [0], [*]
    | \[ (?P<quoted> "(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*" ) \]  # ["a.b"], as JSON
    """,
    re.VERBOSE,
)


def _steps(path: str) -> tuple[Step, ...]:
    """A path's steps; `$` or `$.` in front, as in JSONPath, is allowed."""
    rest = path.removeprefix("$.").removeprefix("$")
    steps: list[Step] = []
    at = 0
    while at < len(rest):
        match = _STEP.match(rest, at)
        if match is None:
            raise ValueError(_unreadable(path, rest[at:]))
        steps.append(_step(match))
        at = match.end()
    if not steps:
        raise ValueError(_unreadable(path, rest))
    return tuple(steps)


def _step(match: re.Match[str]) -> Step:
    if match["quoted"]:
        return str(json.loads(match["quoted"]))
    step = match["name"] or match["index"]
    return None if step == "*" else int(step) if match["index"] else str(step)


def _unreadable(path: str, rest: str) -> str:
    examples = 'metadata.run_id, messages[*].name or tools[0]["x.y"]'
    return f"ignore: {path!r} cannot be read at {rest!r}; a path is written as {examples}"


def _written(steps: Sequence[Step]) -> str:
    """Steps as a path that `ignore` reads; `body` for none at all."""
    text = ""
    for step in steps:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _is_plain(str(step), first=not text):
            text += f".{step}" if text else str(step)
        else:
            text += f"[{json.dumps(step)}]"
    return text or "body"


def _is_plain(name: str, *, first: bool) -> bool:
    """Whether a key can be written bare; a first one must not look like a part of the request."""
    if first and (name in PARTS or name.startswith("$")):
        return False
    return name != "*" and re.fullmatch(r"""[^.\[\]"'\s]+""", name) is not None


def _drop(document: Any, steps: Sequence[Step]) -> None:
    nodes = [document]
    for step in steps[:-1]:
        nodes = [child for node in nodes for child in _children(node, step)]
    for node in nodes:
        _forget(node, steps[-1])


def _children(node: Any, step: Step) -> Iterable[Any]:
    if isinstance(node, dict):
        return node.values() if step is None else [node[step]] if step in node else []
    if isinstance(node, list):
        return node if step is None else [node[step]] if _is_index(step, node) else []
    return []


def _forget(node: Any, step: Step) -> None:
    """Remove an object's value; a list's item becomes null, so that the others keep their place."""
    if isinstance(node, dict):
        for key in list(node) if step is None else [step]:
            node.pop(key, None)
    elif isinstance(node, list):
        for index in range(len(node)) if step is None else [step]:
            if _is_index(index, node):
                node[index] = None


def _is_index(step: Step, node: list[Any]) -> TypeGuard[int]:
    return isinstance(step, int) and step < len(node)


def _value(part: Part, request: Request) -> Any:
    """A part's value as plain JSON; the repr of what is none."""
    value = part(request) if callable(part) else getattr(request, part)
    try:
        return json.loads(json.dumps(value, sort_keys=True, default=_plain), parse_float=_number)
    except (TypeError, ValueError, RecursionError):
        return repr(value)


def _plain(value: object) -> Any:
    """What json cannot write, as the same text in every process."""
    return sorted(map(repr, value)) if isinstance(value, (set, frozenset)) else repr(value)


def _number(text: str) -> int | float:
    """A JSON number with a fraction or an exponent; 1.0 becomes 1."""
    number = float(text)
    return int(number) if number.is_integer() else number


def _dumps(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _name(part: Part) -> str:
    return part if isinstance(part, str) else getattr(part, "__name__", repr(part))


def _boundary(request: Request) -> bytes | None:
    """The boundary of a multipart body, which its client drew at random."""
    content_type = request.header("content-type") or ""
    found = re.match(
        r'\s*multipart/[^;]+;.*?\bboundary="?([^";,\s]+)', content_type, re.IGNORECASE | re.DOTALL
    )
    return found[1].encode("utf-8", "replace") if found else None


def _endpoint(request: Request) -> tuple[str, str]:
    return request.method, request.path


def _excerpt(text: str) -> str:
    """Both ends: long conversations are alike at the beginning and told apart by the end."""
    half = _MOST_TEXT_CHARS // 2
    return text if len(text) <= _MOST_TEXT_CHARS else text[:half] + text[-half:]


def _likeliest(wanted: str, texts: dict[int, str]) -> dict[int, str]:
    """The texts that share most words with the wanted one."""
    if len(texts) <= _MOST_COMPARED:
        return texts
    words = _words(wanted)
    found = {index: _words(text) for index, text in texts.items()}
    shared = {index: len(words & each) / len(words | each) for index, each in found.items()}
    return {
        index: texts[index] for index in nlargest(_MOST_COMPARED, shared, key=shared.__getitem__)
    }


def _words(text: str) -> frozenset[str]:
    return frozenset(text.replace('"', " ").split())


_NOTHING = object()


def _tree_differences(old: Any, new: Any) -> Iterator[Difference]:
    """The leaves of two JSON documents that differ, in the recorded order, without recursion."""
    stack: list[tuple[tuple[Step, ...], Any, Any]] = [((), old, new)]
    while stack:
        steps, old, new = stack.pop()
        if isinstance(old, dict) and isinstance(new, dict):
            pairs = _object_pairs(old, new)
        elif isinstance(old, list) and isinstance(new, list):
            pairs = _list_pairs(old, new)
        else:
            yield from _leaf_differences(_written(steps), old, new)
            continue
        stack.extend(((*steps, step), before, now) for step, before, now in reversed(pairs))


def _object_pairs(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[Step, Any, Any]]:
    return [(key, old.get(key, _NOTHING), new.get(key, _NOTHING)) for key in {**old, **new}]


def _list_pairs(old: list[Any], new: list[Any]) -> list[tuple[Step, Any, Any]]:
    """Items side by side; where items came or went, equal ones at both ends are left out first."""
    start, old_end, new_end = 0, len(old), len(new)
    if old_end != new_end:
        texts, now = [_dumps(item) for item in old], [_dumps(item) for item in new]
        while start < min(old_end, new_end) and texts[start] == now[start]:
            start += 1
        while min(old_end, new_end) > start and texts[old_end - 1] == now[new_end - 1]:
            old_end, new_end = old_end - 1, new_end - 1
    pairs = zip_longest(old[start:old_end], new[start:new_end], fillvalue=_NOTHING)
    return [(index, before, now) for index, (before, now) in enumerate(pairs, start)]


def _query_differences(old: Request, new: Request) -> Iterator[Difference]:
    before, now = _by_name(old.query), _by_name(new.query)
    for name, was, now_is in _object_pairs(before, now):
        yield from _leaf_differences(f"?{name}", was, now_is)


def _by_name(query: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Each name's value, or its values in one text."""
    names = dict.fromkeys(name for name, _ in query)
    return {name: ", ".join(value for key, value in query if key == name) for name in names}


def _leaf_differences(path: str, old: Any, new: Any) -> Iterator[Difference]:
    if old is _NOTHING:
        yield Difference(path=path, kind="added", old=None, new=_shown(new, 0))
    elif new is _NOTHING:
        yield Difference(path=path, kind="missing", old=_shown(old, 0), new=None)
    elif _dumps(old) != _dumps(new):
        both_text = isinstance(old, str) and isinstance(new, str)
        start = max(0, _alike_chars(old, new) - _SHOWN_BEFORE_CHARS) if both_text else 0
        yield Difference(path=path, kind="changed", old=_shown(old, start), new=_shown(new, start))


def _alike_chars(old: str, new: str) -> int:
    """The length of what both begin with."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(old), len(new)))


def _shown(value: Any, start: int) -> str:
    """A value cut to what a line of the terminal holds; text in quotes."""
    text = value if isinstance(value, str) else _dumps(value)
    end = start + _SHOWN_CHARS
    cut = ("…" if start else "") + text[start:end] + ("…" if len(text) > end else "")
    if isinstance(value, str):
        return repr(cut)
    return cut.encode("utf-8", "backslashreplace").decode()
