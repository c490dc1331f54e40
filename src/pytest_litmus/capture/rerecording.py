"""Re-recording: what only jitters stays as it was, so that a diff shows what changed."""

from __future__ import annotations

import json
import re
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytest_litmus.capture.tape import Recording

_NOISE = frozenset(
    {"id", "created", "created_at", "system_fingerprint", "request_id", "x_groq", "timings"}
    | {"completed_at", "tool_call_id", "call_id", "item_id", "tool_use_id", "obfuscation"}
    | {"queue_time", "prompt_time", "completion_time", "total_time", "response_id"}
    | {"total_duration", "load_duration", "prompt_eval_duration", "eval_duration"}
    | {"responseId", "createTime", "latencyMs", "generation_id"}
)
"""Fields of answers that are new each time."""

_DATA = re.compile(rb"^data: ?(.*)$", re.MULTILINE)


def keep_noise(old: Sequence[Recording], new: Sequence[Recording]) -> list[Recording]:
    """The new recordings, with an old one in the place of each that differs only in noise.

    All of the old ones when the whole conversation is the same but for ids: a tool call's id comes
    back in the next request, so that half of it must not be old and half of it new. Otherwise an
    old recording is kept where it answers the same request and no later request repeats an id of
    the new answer.
    """
    if _is_same_conversation(old, new):
        return list(old)
    by_key: dict[str, deque[Recording]] = defaultdict(deque)
    for recording in old:
        by_key[recording.key].append(recording)
    kept = []
    for number, recording in enumerate(new):
        before = by_key[recording.key].popleft() if by_key[recording.key] else None
        later = [one.request.body for one in new[number + 1 :]]
        if before is None or not _is_same_answer(before, recording) or _is_quoted(recording, later):
            kept.append(recording)
        else:
            kept.append(before)
    return kept


def _is_same_conversation(old: Sequence[Recording], new: Sequence[Recording]) -> bool:
    """Whether old and new differ in noise, and in what requests repeat of it."""
    if len(old) != len(new):
        return False
    renamed: dict[str, str] = {}
    for before, now in zip(old, new, strict=True):
        if not (_is_same_request(before, now, renamed) and _is_same_answer(before, now)):
            return False
        renamed |= _renamed_ids(before.exchange.body, now.exchange.body)
    return True


def _is_same_request(old: Recording, new: Recording, renamed: dict[str, str]) -> bool:
    if old.key == new.key:
        return True
    was, now = old.request, new.request
    return (
        (was.method, was.host, was.path) == (now.method, now.host, now.path)
        and was.json is not None
        and _with_names(was.json, renamed) == now.json
    )


def _is_same_answer(old: Recording, new: Recording) -> bool:
    was, now = old.exchange, new.exchange
    return (was.status, was.ended, was.error_type) == (
        now.status,
        now.ended,
        now.error_type,
    ) and _without_noise(_documents(was.body)) == _without_noise(_documents(now.body))


def _documents(body: bytes) -> list[Any]:
    """What a body says: one JSON document, or a stream's; bytes where it is no JSON."""
    whole = _json(body)
    parts = [body] if whole is not None else _DATA.findall(body) or body.split(b"\n")
    return [part if (document := _json(part)) is None else document for part in parts]


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def _without_noise(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_noise(part) for name, part in value.items() if name not in _NOISE}
    if isinstance(value, list):
        return [_without_noise(part) for part in value]
    return value


def _renamed_ids(old: bytes, new: bytes) -> dict[str, str]:
    """An old answer's ids to the ids in their places now; none where the places differ."""
    was, now = list(_ids(_documents(old))), list(_ids(_documents(new)))
    return dict(zip(was, now, strict=True)) if len(was) == len(now) else {}


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (each for name, each in value.items() if name in _NOISE and type(each) is str)
    for part in value.values() if isinstance(value, dict) else value:
        if isinstance(part, (dict, list)):
            yield from _ids(part)


def _with_names(value: Any, renamed: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _with_names(part, renamed) for name, part in value.items()}
    if isinstance(value, list):
        return [_with_names(part, renamed) for part in value]
    return renamed.get(value, value) if isinstance(value, str) else value


def _is_quoted(recording: Recording, later: Sequence[bytes]) -> bool:
    ids = (each.encode() for each in _ids(_documents(recording.exchange.body)) if len(each) > 3)
    return any(one in body for one in ids for body in later)
